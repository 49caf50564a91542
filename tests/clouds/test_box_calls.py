"""Single calls: what is repeated and what isn't, how long is waited, how many go out, and with which token."""

from __future__ import annotations

import hashlib
import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

import pytest

from syncd.clouds.box.calls import LONGEST_REST, Call, Refused, Uncertain, retry_after
from syncd.clouds.box.pace import CALLS, UPLOADS, Pace
from syncd.errors import ItemTrouble, NeedsPerson, Unreachable
from syncd.model import Place, Stage
from syncd.reports.troubles import KINDS
from tests.clouds.box_world import BoxWorld

A = Place(Stage.INBOX, "a.pdf")


def me(world: BoxWorld, *, harmless: bool = True) -> Call:
    return Call("other", "asks who syncd is", "GET", world.cloud.calls.at("/users/me"), harmless=harmless, expects="id")


# ── what is repeated ──


LOST = ("500", "502", "503-before", "503-after", "drop-before", "drop-after", "truncate", "garbage")
"""After these nobody knows whether the call took effect."""


@pytest.mark.parametrize("fault", ["429", "429-date", *LOST])
def test_a_question_is_asked_again_until_there_is_an_answer(world: BoxWorld, fault: str) -> None:
    world.sim.faults.add(fault)
    world.sim.faults.add(fault, at=2)
    assert world.cloud.calls.send(me(world)).body["id"] == world.sim.account.user_id
    assert world.calls["GET /users/me"] == 3
    assert 0.0 < world.moment.waited < 60.0


@pytest.mark.parametrize("fault", LOST)
def test_what_may_have_happened_is_not_done_again_blindly(world: BoxWorld, fault: str) -> None:
    world.sim.faults.add(fault)
    with pytest.raises(Uncertain):
        world.cloud.calls.send(me(world, harmless=False))
    assert world.calls["GET /users/me"] == 1


@pytest.mark.parametrize("fault", ["429", "429-date", "token-expired"])
def test_what_box_certainly_did_not_do_is_done_again(world: BoxWorld, fault: str) -> None:
    world.sim.faults.add(fault, match="GET /users/me")
    world.cloud.calls.send(me(world, harmless=False))
    assert world.calls["GET /users/me"] == 2


def test_box_that_stays_away_is_unreachable_and_asked_a_few_times_only(world: BoxWorld) -> None:
    world.sim.faults.seeded(1, 1.0, ["502"])
    with pytest.raises(Unreachable, match="asks who syncd is"):
        world.cloud.calls.send(me(world))
    assert world.calls["GET /users/me"] == 5


def test_a_no_is_a_no(world: BoxWorld) -> None:
    call = Call("item", "looks at a file", "GET", world.cloud.calls.at("/files/999"), expects="id")
    with pytest.raises(Refused) as refused:
        world.cloud.calls.send(call)
    assert (refused.value.status, world.calls["GET /files/:id"]) == (404, 1)


# ── lost answers ──


@pytest.mark.parametrize("fault", ["503-after", "drop-after", "truncate", "garbage"])
@pytest.mark.parametrize("moved_on", [False, True])
def test_an_upload_whose_answer_is_lost_is_not_made_twice(world: BoxWorld, fault: str, moved_on: bool) -> None:
    content = b"once"
    staged = world.cloud.prepare(world.keep(content), hashlib.sha1(content).hexdigest(), len(content))
    world.cloud.look(world.layout, {})
    world.sim.faults.add(fault, match="POST /files/content")
    if moved_on:  # a person is quicker than the second look

        def wait(seconds: float) -> None:
            world.moment.wait(seconds)

        original = world.cloud.calls.send

        def send(call: Call):  # type: ignore[no-untyped-def]  # a person acts between two calls
            try:
                return original(call)
            except Uncertain:
                if world.content("inbox/a.pdf") is not None:
                    world.rename("inbox/a.pdf", "review/b.pdf")
                raise

        world.cloud.calls.send = send  # type: ignore[method-assign]
        world.cloud.calls.wait = wait
    put = world.cloud.place(world.layout, A, staged)
    world.cloud.catch_up()
    seen = world.cloud.look(world.layout, {}).sightings
    assert [one.identity for one in seen] == [put.identity]
    expected = 1 if fault != "garbage" else world.calls["POST /files/content"]
    assert world.calls["POST /files/content"] == expected


@pytest.mark.parametrize("fault", ["503-after", "drop-after"])
def test_a_version_whose_answer_is_lost_is_not_made_twice(world: BoxWorld, fault: str) -> None:
    world.put("inbox/a.pdf", b"old")
    world.cloud.catch_up()
    (old,) = world.cloud.look(world.layout, {}).sightings
    staged = world.cloud.prepare(world.keep(b"new"), hashlib.sha1(b"new").hexdigest(), 3)
    world.sim.faults.add(fault, match="POST /files/:id/content")
    world.cloud.replace(world.layout, old.place, old.identity, old.etag, staged)
    assert world.content("inbox/a.pdf") == b"new"
    assert world.calls["POST /files/:id/content"] == 1


# ── how long is waited ──


def test_retry_after_is_a_number_or_a_date_and_believed_within_reason() -> None:
    now = 1_760_000_000.0
    assert retry_after({"retry-after": "7"}, now) == 7.0
    assert retry_after({"retry-after": formatdate(now + 30, usegmt=True)}, now) == 30.0
    assert retry_after({"retry-after": formatdate(now - 30, usegmt=True)}, now) == 0.0
    assert retry_after({"retry-after": "1e30"}, now) == 3600.0
    for nonsense in ("", "soon", "nan", "-5x", "Mon, 99 Foo 2026"):
        assert retry_after({"retry-after": nonsense}, now) is None
    assert retry_after({}, now) is None


def test_a_pause_that_box_asks_for_holds_for_all_threads(world: BoxWorld) -> None:
    world.sim.faults.add("429", match="GET /users/me", seconds=20)
    world.cloud.calls.send(me(world))
    assert world.moment.waited >= 19
    assert world.cloud.calls.pace.resting < 2


def test_a_long_pause_is_left_to_a_later_round_without_asking_again(world: BoxWorld) -> None:
    world.cloud.calls.pace.rest(LONGEST_REST + 100)
    for _ in range(3):
        with pytest.raises(Unreachable, match="wait"):
            world.cloud.calls.send(me(world))
    assert world.calls == {}
    world.moment.ahead += LONGEST_REST + 101
    world.cloud.calls.send(me(world))


@pytest.mark.parametrize(("upload", "limit"), [(False, 1000), (True, 240)])
def test_no_minute_has_more_calls_than_box_takes(upload: bool, limit: int) -> None:
    now = 0.0
    pace = Pace(lambda: now)
    sent = []
    while now < 600:
        now += pace.take(upload)
        sent.append(now)
    for begin in range(0, 540, 5):
        assert sum(begin <= at < begin + 60 for at in sent) < limit
    assert len(sent) / 600 > (UPLOADS if upload else CALLS)[1] * 0.95


def test_stopping_ends_every_wait(world: BoxWorld) -> None:
    world.cloud.calls.wait = world.cloud.calls.stopped.wait
    world.sim.faults.seeded(1, 1.0, ["503-before"])
    threading.Timer(0.1, world.cloud.calls.close).start()
    began = time.monotonic()
    with pytest.raises(Unreachable, match="stopping"):
        world.cloud.calls.send(me(world))
    assert time.monotonic() - began < 5


# ── tokens ──


def test_many_threads_with_an_old_token_fetch_one(world: BoxWorld) -> None:
    world.moment.ahead += 3500  # Box would still take it, but not for long
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: world.cloud.calls.send(me(world)), range(16)))
    assert world.calls["POST /oauth2/token"] == 1


def test_many_threads_whose_token_is_refused_fetch_one(world: BoxWorld) -> None:
    world.sim.expire_tokens()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: world.cloud.calls.send(me(world)), range(16)))
    assert world.calls["POST /oauth2/token"] == 1


def test_a_wrong_secret_is_said_once_and_never_shown(world: BoxWorld) -> None:
    world.sim.expire_tokens()
    world.sim.faults.add("error", match="POST /oauth2/token", status=400, code="invalid_client")
    with pytest.raises(Unreachable, match="let syncd in") as trouble:
        world.cloud.calls.send(me(world))
    assert world.sim.account.client_secret not in f"{trouble.value!r} {trouble.value}"


# ── what needs a person ──


def test_a_full_quota_needs_a_person(world: BoxWorld) -> None:
    staged = world.cloud.prepare(world.keep(b"x"), hashlib.sha1(b"x").hexdigest(), 1)
    world.sim.faults.add("error", match="POST /files/content", status=403, code="storage_limit_exceeded")
    with pytest.raises(NeedsPerson) as trouble:
        world.cloud.place(world.layout, A, staged)
    assert "quota" in trouble.value.remedy


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("access_denied_insufficient_permissions", 403, "refused"),  # though syncd may upload to the folder
        ("forbidden_by_policy", 403, "policy"),
        ("access_denied_item_locked", 403, "locked"),
        ("file_size_limit_exceeded", 403, "too_large"),
        ("item_name_invalid", 400, "name_refused"),
        ("bad_request", 400, "refused"),
        ("item_name_in_use", 409, "name_reserved"),
        ("", 409, "name_reserved"),
        ("teapot", 418, "refused"),
    ],
)
def test_what_box_refuses_of_one_file_is_that_files_trouble(world: BoxWorld, code: str, status: int, kind: str) -> None:
    staged = world.cloud.prepare(world.keep(b"x"), hashlib.sha1(b"x").hexdigest(), 1)
    world.sim.faults.add("error", match="POST /files/content", status=status, code=code)
    with pytest.raises(ItemTrouble) as trouble:
        world.cloud.place(world.layout, A, staged)
    assert (trouble.value.kind, trouble.value.uncertain) == (kind, False)
    assert kind in KINDS


@pytest.mark.parametrize("fault", ["500", "502", "503-after", "drop-before", "drop-after", "202", "garbage", "429"])
def test_what_fails_for_one_file_only_is_its_trouble_and_what_fails_for_all_is_boxs(
    world: BoxWorld, fault: str
) -> None:
    """A second try asks once."""
    world.put("inbox/a.pdf", b"content")
    world.cloud.catch_up()
    (seen,) = world.cloud.look(world.layout, {}).sightings
    content = "GET /files/:id/content"
    for most in (5, 1):
        for _ in range(30):
            world.sim.faults.add(fault, match=content)
        world.sim.calls.clear()
        with pytest.raises(Unreachable if fault == "429" else ItemTrouble):
            world.cloud.read(world.layout, seen, io.BytesIO())
        world.sim.faults.clear()
        assert world.calls[content] <= (5 if fault == "429" else most), world.calls
        world.moment.ahead += 60
    if fault != "202":  # which nothing but content answers
        world.sim.faults.seeded(1, 1.0, [fault])
        with pytest.raises(Unreachable):
            world.cloud.read(world.layout, seen, io.BytesIO())
        world.sim.faults.clear()
    world.moment.ahead += 3600
    taken = io.BytesIO()
    world.cloud.read(world.layout, seen, taken)
    assert taken.getvalue() == b"content"
