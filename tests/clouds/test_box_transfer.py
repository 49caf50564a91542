"""Bytes on their way: taken up again where they broke off, and never called whole before they were hashed."""

from __future__ import annotations

import hashlib
import io

import pytest

from syncd.errors import Changed, ItemTrouble, SyncdError, Unreachable
from syncd.model import Place, Sighting, Stage
from tests.boxsim import Refused, Request, Response
from tests.boxsim.wire import refusal
from tests.clouds.box_world import BoxWorld

CONTENT = bytes(range(256)) * 12_000
BIG = b"\1" * 30_000_000
PART = "PUT /files/upload_sessions/:id"


def sent(world: BoxWorld, content: bytes = CONTENT) -> Sighting:
    world.put("inbox/a.pdf", content)
    world.cloud.catch_up()
    (seen,) = world.cloud.look(world.layout, {}).sightings
    world.sim.calls.clear()
    return seen


def read(world: BoxWorld, seen: Sighting) -> bytes:
    sink = io.BytesIO()
    world.cloud.read(world.layout, seen, sink)
    return sink.getvalue()


# ── down ──


@pytest.mark.parametrize("fault", ["drop-before", "drop-after", "500", "503-before", "truncate"])
def test_a_download_that_breaks_off_goes_on(world: BoxWorld, fault: str) -> None:
    seen = sent(world)
    world.sim.faults.add(fault, match="DOWNLOAD")
    assert read(world, seen) == CONTENT


def test_what_has_come_is_not_fetched_again(world: BoxWorld) -> None:
    seen = sent(world)
    world.sim.faults.add("truncate", match="DOWNLOAD")
    world.sim.faults.add("truncate", match="DOWNLOAD", at=2)
    sizes: list[int] = []
    fetch = world.cloud.calls.session.get

    def counted(url, **options):  # type: ignore[no-untyped-def]  # what requests takes
        sizes.append(int(options["headers"].get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-")))
        return fetch(url, **options)

    world.cloud.calls.session.get = counted  # type: ignore[method-assign]
    assert read(world, seen) == CONTENT
    assert sizes == sorted(sizes)
    assert sizes[-1] > 0


def test_a_download_that_never_ends_is_given_up(world: BoxWorld) -> None:
    seen = sent(world)
    world.sim.faults.seeded(1, 1.0, ["truncate"])
    with pytest.raises(Unreachable):
        read(world, seen)


def test_altered_bytes_are_never_taken(world: BoxWorld) -> None:
    seen = sent(world)
    world.sim.faults.add("wrong-sha1")
    with pytest.raises(ItemTrouble) as damaged:
        read(world, seen)
    assert damaged.value.kind == "damaged"
    assert read(world, seen) == CONTENT


def test_a_fresh_upload_that_is_not_ready_is_waited_for(world: BoxWorld) -> None:
    seen = sent(world)
    world.sim.faults.add("202")
    world.sim.faults.add("202", at=2)
    assert read(world, seen) == CONTENT
    assert world.moment.waited > 0


def test_a_version_that_came_meanwhile_is_noticed(world: BoxWorld) -> None:
    seen = sent(world)
    for content in (b"longer" * len(CONTENT), b"shorter", CONTENT[::-1], b""):
        world.put("inbox/a.pdf", content)
        with pytest.raises(Changed):
            read(world, seen)


def test_a_sink_that_is_full_is_no_fault_of_box(world: BoxWorld) -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(SyncdError, match="state folder") as full:
        world.cloud.read(world.layout, sent(world), Full())
    assert not isinstance(full.value, Unreachable | Changed)


# ── up, in parts ──


def place_big(world: BoxWorld) -> Sighting:
    staged = world.cloud.prepare(world.keep(BIG), hashlib.sha1(BIG).hexdigest(), len(BIG))
    return world.cloud.place(world.layout, Place(Stage.INBOX, "big.pdf"), staged)


@pytest.mark.parametrize("fault", ["500", "503-after", "drop-before", "drop-after", "429", "token-expired"])
@pytest.mark.parametrize("where", ["POST /files/upload_sessions", PART, "commit"])
def test_parts_arrive_whatever_happens_to_a_request(world: BoxWorld, fault: str, where: str) -> None:
    world.sim.faults.add(fault, match=where)
    put = place_big(world)
    assert world.content("inbox/big.pdf") == BIG
    world.cloud.catch_up()
    assert [each.identity for each in world.cloud.look(world.layout, {}).sightings] == [put.identity]


def test_a_commit_that_takes_its_time_is_waited_for(world: BoxWorld) -> None:
    world.sim.faults.add("202", match="commit")
    place_big(world)
    assert world.content("inbox/big.pdf") == BIG


@pytest.mark.parametrize("times", [2, 12])
@pytest.mark.parametrize("answer", ["parts_mismatch", "202"])
def test_a_commit_that_takes_minutes_is_waited_for_without_a_listing(world: BoxWorld, answer: str, times: int) -> None:
    usual, left = world.sim.handle, times

    def handle(request: Request) -> Response:
        nonlocal left
        if request.path.endswith("/commit") and left:
            left -= 1
            request.body.read()
            if answer == "202":
                return Response(202, {"Retry-After": "5"})
            return refusal(Refused(400, "parts_mismatch", "No matching part found on server"), "1")
        return usual(request)

    world.sim.handle = handle  # type: ignore[method-assign]
    world.sim.calls.clear()
    place_big(world)
    assert world.content("inbox/big.pdf") == BIG and left == 0
    assert not [call for call in world.calls if "items" in call or "parts" in call]


def test_an_upload_goes_on_after_a_restart_with_the_parts_that_are_missing(world: BoxWorld) -> None:
    world.sim.faults.add("drop-before", match=PART, at=3)
    world.sim.faults.seeded(1, 0.0)
    for later in range(4, 9):
        world.sim.faults.add("drop-before", match=PART, at=later)
    with pytest.raises(ItemTrouble):
        place_big(world)
    world.sim.faults.clear()
    world.stop()
    world.sim.calls.clear()
    world.start()
    world.cloud.reach()
    place_big(world)
    assert world.content("inbox/big.pdf") == BIG
    assert world.calls[PART] == 2  # of four
    assert "POST /files/upload_sessions" not in world.calls


def test_a_session_that_box_has_forgotten_is_begun_anew(world: BoxWorld) -> None:
    for later in range(2, 8):
        world.sim.faults.add("drop-before", match=PART, at=later)
    with pytest.raises(ItemTrouble):
        place_big(world)
    world.sim.faults.clear()
    world.moment.ahead += 8 * 86_400
    place_big(world)
    assert world.content("inbox/big.pdf") == BIG


def test_a_name_that_is_taken_meanwhile_ends_the_session(world: BoxWorld) -> None:
    world.put("inbox/big.pdf", b"theirs")
    with pytest.raises(SyncdError):
        place_big(world)
    assert world.content("inbox/big.pdf") == b"theirs"
