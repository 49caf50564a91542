"""What is rare and would be dear: Box that answers halfway, people who act between two requests, faults that stay."""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from syncd.clouds.box.calls import BARRED
from syncd.errors import Changed, ItemTrouble, NeedsPerson, Unreachable
from syncd.model import Place, Prepared, Sighting, Stage
from syncd.reports.troubles import KINDS
from tests.boxsim import Refused, Request, Response, Simulator
from tests.boxsim.wire import answer, refusal
from tests.clouds.box_world import BoxWorld, Moment, layout

DAY = 86_400.0


def seen(world: BoxWorld) -> set[str]:
    return {each.place.path for each in world.cloud.look(world.layout, {}).sightings}


def sighted(world: BoxWorld, path: str) -> Sighting:
    world.cloud.catch_up()
    return next(each for each in world.cloud.look(world.layout, {}).sightings if each.place.path == path)


def prepared(world: BoxWorld, content: bytes = b"x") -> Prepared:
    return world.cloud.prepare(world.keep(content), hashlib.sha1(content).hexdigest(), len(content))


def answering(sim: Simulator, otherwise: Callable[[Request], Response | None]) -> None:
    """Lets something else answer first; None: the simulator does."""
    usual = sim.handle

    def handle(request: Request) -> Response:
        return otherwise(request) or usual(request)

    sim.handle = handle  # type: ignore[method-assign]


def test_a_page_of_events_that_fails_halfway_comes_again(world: BoxWorld) -> None:
    world.put("inbox/old.txt", b"old")
    world.cloud.catch_up()
    assert seen(world) == {"old.txt"}
    world.put("inbox/new.txt", b"new")
    world.delete("inbox/old.txt")  # has to be asked for
    for _ in range(5):
        world.sim.faults.add("503-before", match="GET /files/:id")
    with pytest.raises(Unreachable):
        world.cloud.catch_up()
    world.moment.ahead += 120
    world.cloud.catch_up()
    assert seen(world) == {"new.txt"}


def test_what_comes_while_its_folder_is_listed_is_not_taken_for_gone(world: BoxWorld) -> None:
    folder = world.cloud.ensure(world.layout, {}).identities[Stage.INBOX]
    world.cloud.look(world.layout, {})
    world.moment.ahead += DAY
    world.cloud.catch_up()
    usual, done = world.sim.handle, threading.Event()

    def handle(request: Request) -> Response:
        answer = usual(request)
        if request.path.endswith(f"/folders/{folder}/items") and not done.is_set():
            done.set()
            for number in range(30):
                world.put(f"inbox/{number:02}.pdf", b"%d" % number)
            listener = threading.Thread(target=world.cloud.catch_up)
            listener.start()
            listener.join()
        return answer

    world.sim.handle = handle  # type: ignore[method-assign]
    world.cloud.look(world.layout, {})
    world.cloud.catch_up()
    assert len(seen(world)) == 30


def test_a_folder_that_is_there_but_cannot_be_listed_costs_little_and_hides_nothing(world: BoxWorld) -> None:
    world.put("inbox/sub/a.txt", b"a")
    world.put("inbox/b.txt", b"b")
    folder = world.sim.hands().identity(f"{world.layout.folder}/inbox/sub")
    body = json.dumps({"type": "error", "status": 404, "code": "not_found", "message": "Not Found"}).encode()
    refused = Response(404, {"Content-Type": "application/json"}, body)
    answering(world.sim, lambda request: refused if request.path.endswith(f"/folders/{folder}/items") else None)
    world.cloud.catch_up()
    world.sim.calls.clear()
    assert not world.cloud.look(world.layout, {}).complete
    assert sum(world.calls.values()) <= 2


def test_bytes_never_go_into_a_folder_that_only_has_the_operators_name(world: BoxWorld) -> None:
    other = layout("認可/002_さくら保育園", "sakura")
    world.cloud.ensure(other, {})
    own = world.sim.hands().identity(world.layout.folder)
    assert own is not None
    hands = world.sim.hands()
    hands.rename(world.layout.folder, "認可/exchanged")
    hands.rename(other.folder, world.layout.folder)
    hands.rename("認可/exchanged", other.folder)
    world.cloud.catch_up()
    staged = prepared(world)
    world.cloud.place(world.layout, Place(Stage.CORRECTIONS, "secret.pdf"), staged)
    assert world.sim.hands(own).content("corrections/secret.pdf") == b"x"


def test_without_access_nothing_counts_as_withdrawn(tmp_path: Path) -> None:
    sim = Simulator()
    owner = sim.add_user("ward")
    folder = sim.hands("0", owner).make_folder("001_ひまわり保育園")
    invitation = sim.collaborate(folder, sim.account.user_id, "editor")
    world = BoxWorld(tmp_path, sim, layout(folder), Moment())
    world.cloud.mark("0f3c")
    world.cloud.ensure(world.layout, {})
    sim.hands(folder, owner).put("corrections/note.txt", b"note")
    note = sighted(world, "note.txt")
    sim.events_faults(lose=1.0)
    sim.revoke(invitation)
    with pytest.raises(NeedsPerson, match="was deleted, or syncd's user may no longer see it"):
        world.cloud.remove(world.layout, note.place, note.identity, note.etag, purge=True)
    world.stop()


def test_a_file_that_a_person_moved_on_is_left_there(world: BoxWorld) -> None:
    world.put("corrections/a.pdf", b"a")
    file = sighted(world, "a.pdf")
    world.rename("corrections/a.pdf", "confirmed/a.pdf")
    world.cloud.catch_up()
    world.cloud.remove(world.layout, file.place, file.identity, file.etag, purge=True)
    assert world.content("confirmed/a.pdf") == b"a"


def test_a_folder_above_the_operators_that_got_another_name_is_noticed_in_the_night(world: BoxWorld) -> None:
    known = world.cloud.ensure(world.layout, {}).identities
    world.sim.events_faults(lose=1.0)
    world.sim.hands().rename("認可/001_ひまわり保育園", "認可/1_ひまわり")
    world.cloud.catch_up()
    world.sim.events_faults()
    assert not world.cloud.ensure(world.layout, known).put_back
    world.moment.ahead += DAY
    world.cloud.catch_up()
    assert world.cloud.ensure(world.layout, known).put_back
    assert world.sim.hands().identity(world.layout.folder) == known[""]


def test_box_that_stays_away_is_asked_less_and_less(world: BoxWorld) -> None:
    world.sim.faults.seeded(1, 1.0, ["error"])
    with pytest.raises(Unreachable):
        world.cloud.catch_up()
    for _ in range(3600):
        world.moment.ahead += 1
        with pytest.raises(Unreachable):
            world.cloud.reach()
    assert sum(world.calls.values()) < 60


def test_what_arrived_damaged_is_sent_again(world: BoxWorld) -> None:
    world.sim.faults.add("error", match="POST /files/content", status=400, code="bad_digest")
    world.cloud.place(world.layout, Place(Stage.INBOX, "a.pdf"), prepared(world))
    assert world.content("inbox/a.pdf") == b"x"


def test_a_version_whose_event_is_lost_is_noticed_when_it_is_fetched(world: BoxWorld) -> None:
    world.put("inbox/a.pdf", b"old")
    old = sighted(world, "a.pdf")
    world.sim.events_faults(lose=1.0)
    world.put("inbox/a.pdf", b"longer than before")
    with pytest.raises(Changed):
        world.cloud.read(world.layout, old, io.BytesIO())
    (new,) = world.cloud.look(world.layout, {}).sightings
    sink = io.BytesIO()
    world.cloud.read(world.layout, new, sink)
    assert sink.getvalue() == b"longer than before"


def test_a_way_that_cuts_every_download_brings_it_all_the_same(world: BoxWorld) -> None:
    content = bytes(range(256)) * 40_000
    world.put("inbox/a.pdf", content)
    file = sighted(world, "a.pdf")
    for _ in range(15):
        world.sim.faults.add("truncate", match="DOWNLOAD")
    sink = io.BytesIO()
    world.cloud.read(world.layout, file, sink)
    assert sink.getvalue() == content


@pytest.mark.parametrize("alternate", [False, True])
def test_a_stream_that_repeats_itself_ends(world: BoxWorld, alternate: bool) -> None:
    """Box gives the same events again and again, under positions that go on."""
    world.put("inbox/a.txt", b"a")
    usual, told = world.sim.handle, 0

    def handle(request: Request) -> Response:
        nonlocal told
        response = usual(request)
        if request.method == "GET" and request.path.endswith("/events") and request.query["stream_position"] != "now":
            told += 1
            body = json.loads(response.body)
            position = int(request.query["stream_position"])
            body["entries"] = body["entries"] or remembered[:]
            remembered[:] = body["entries"]
            body["next_stream_position"] = position + (1 if alternate or told % 2 else 2)
            response.body = json.dumps(body).encode()
        return response

    remembered: list[object] = []
    world.sim.handle = handle  # type: ignore[method-assign]
    world.cloud.catch_up()
    assert told <= 4
    assert seen(world) == {"a.txt"}


def test_a_long_rest_that_box_asks_for_alarms_nobody(world: BoxWorld) -> None:
    world.cloud.catch_up()
    world.sim.faults.add("429", match="GET /events", seconds=50)
    with pytest.raises(Unreachable, match="asks to wait 50 s") as raised:
        world.cloud.catch_up()
    assert not raised.value.alarming
    world.moment.ahead += 51
    world.cloud.catch_up()


@pytest.mark.parametrize("code", sorted(BARRED))
def test_an_address_that_is_not_allowed_is_told_as_one_and_nothing_is_gone(world: BoxWorld, code: str) -> None:
    world.put("inbox/a.txt", b"a")
    known = sighted(world, "a.txt")
    usual = world.sim.handle
    answering(world.sim, lambda _: refusal(Refused(403, code, "IP not allowed"), "1"))
    with pytest.raises(Unreachable, match="the address of this network may not use Box") as raised:
        world.cloud.catch_up()
    assert "allowed addresses" in raised.value.remedy
    with pytest.raises(Unreachable, match="the address of this network"):
        world.cloud.gone(world.layout, frozenset({known.identity}))
    world.sim.handle = usual  # type: ignore[method-assign]
    world.moment.ahead += 3600
    assert sighted(world, "a.txt") == known


def test_a_bookmark_is_seen_as_what_it_is(world: BoxWorld) -> None:
    """A web link lies in a folder like a file, has a name there that nothing else can have, and no content."""
    world.put("inbox/a.txt", b"a")
    (inbox,) = (each for each in world.cloud.tree.children(top(world)) if each.name == "inbox")
    link = {
        "type": "web_link", "id": "900", "sequence_id": "1", "etag": "1", "name": "国のページ", "url": "https://example.jp/",
        "parent": {"type": "folder", "id": inbox.id, "sequence_id": "1", "etag": "1", "name": "inbox"},
        "item_status": "active",
    }  # fmt: skip
    usual = world.sim.handle

    def handle(request: Request) -> Response:
        if request.path.endswith("/web_links/900"):
            return answer(link)
        response = usual(request)
        if request.path.endswith(f"/folders/{inbox.id}/items"):
            body = json.loads(response.body)
            body["entries"].append(link)
            response.body = json.dumps(body).encode()
        return response

    world.sim.handle = handle  # type: ignore[method-assign]
    world.cloud.tree.unlist()
    found = sighted(world, "国のページ")
    assert sighted(world, "a.txt").place.stage is Stage.INBOX
    with pytest.raises(ItemTrouble, match="a bookmark, no file") as raised:
        world.cloud.content(world.layout, found)
    assert KINDS[raised.value.kind].reason["ja"].startswith("ブックマーク")
    world.cloud.tree.unlist()
    assert sighted(world, "国のページ").identity == found.identity


def test_an_invitation_that_nobody_accepted_is_named(tmp_path: Path) -> None:
    sim = Simulator()
    office = sim.add_user("office", login="office@ward.example")
    folder = sim.hands("0", office).make_folder("001_ひまわり保育園")
    sim.invite(folder, sim.account.user_id, "editor")
    world = BoxWorld(tmp_path, sim, layout(folder), Moment())
    world.cloud.mark("0f3c")
    with pytest.raises(
        NeedsPerson, match=r"1 invitation not accepted yet \(from office@ward.example as editor\)"
    ) as raised:
        world.cloud.ensure(world.layout, {})
    assert "accept it as syncd's user" in raised.value.remedy
    world.stop()


def top(world: BoxWorld) -> str:
    found = world.cloud.tree.top(world.layout)
    assert found is not None
    return found.id
