"""What everything costs in calls: held to the least that Box's API allows."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from syncd.clouds.box.listening import Listener
from syncd.model import Layout, Place, Prepared, Sighting, Stage
from tests.boxsim import Simulator
from tests.clouds.box_world import BoxWorld, Moment, layout

BIG = 20_000_000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BoxWorld]:
    world = BoxWorld(tmp_path, Simulator(), layout("001_ひまわり保育園"), Moment())
    world.cloud.mark("0f3c")
    world.cloud.ensure(world.layout, {})
    world.cloud.look(world.layout, {})
    world.cloud.catch_up()
    world.sim.calls.clear()
    yield world
    world.stop()


def spent(world: BoxWorld) -> dict[str, int]:
    """The calls since this was last asked, without those for news and their bytes."""
    found = {kind: count for kind, count in world.calls.items() if kind not in ("GET /events", "DOWNLOAD")}
    world.sim.calls.clear()
    return found


def sighted(world: BoxWorld, path: str) -> Sighting:
    world.cloud.catch_up()
    seen = world.cloud.look(world.layout, {}).sightings
    return next(each for each in seen if each.place.path == path)


def prepared(world: BoxWorld, content: bytes) -> Prepared:
    return world.cloud.prepare(world.keep(content), hashlib.sha1(content).hexdigest(), len(content))


@pytest.mark.parametrize("items", [0, 7, 1000, 1001, 2500])
def test_the_first_listing_costs_a_page_for_a_thousand_items(tmp_path: Path, items: int) -> None:
    sim = Simulator()
    hands = sim.hands()
    for stage in Stage:
        hands.make_folder(f"001_ひまわり保育園/{stage}")
    for number in range(items):
        hands.put(f"001_ひまわり保育園/inbox/{number:05}.pdf", b"x")
    world = BoxWorld(tmp_path, sim, layout("001_ひまわり保育園"), Moment())
    try:
        assert len(world.cloud.look(world.layout, {}).sightings) == items
        assert world.calls["GET /folders/:id/items"] == 1 + 1 + 3 + max(1, -(-items // 1000))
    finally:
        world.stop()


def test_a_look_costs_nothing(world: BoxWorld) -> None:
    world.put("inbox/a.pdf", b"a")
    sighted(world, "a.pdf")
    assert spent(world) == {}
    for _ in range(100):
        world.cloud.reach()
        world.cloud.ensure(world.layout, {})
        world.cloud.look(world.layout, {})
    assert world.calls == {}


def test_news_cost_two_calls_however_many_they_are(world: BoxWorld) -> None:
    for number in range(300):
        world.put(f"inbox/{number}.pdf", b"%d" % number)
    world.cloud.catch_up()
    assert world.calls == {"GET /events": 2}
    world.cloud.catch_up(within=60)
    assert world.calls == {"GET /events": 2}


def test_a_file_down_costs_one_call(world: BoxWorld) -> None:
    world.put("inbox/a.pdf", b"a" * 300_000)
    world.cloud.read(world.layout, sighted(world, "a.pdf"), io.BytesIO())
    assert spent(world) == {"GET /files/:id/content": 1}


def test_a_file_up_a_version_a_move_a_rename_and_a_deletion_cost_one_call_each(world: BoxWorld) -> None:
    place = Place(Stage.CORRECTIONS, "a.pdf")
    put = world.cloud.place(world.layout, place, prepared(world, b"one"))
    assert spent(world) == {"POST /files/content": 1}
    new = world.cloud.replace(world.layout, place, put.identity, put.etag, prepared(world, b"two"))
    assert spent(world) == {"POST /files/:id/content": 1}
    moved = world.cloud.move(world.layout, place, Place(Stage.REVIEW, "a.pdf"), new.identity, new.etag)
    assert spent(world) == {"PUT /files/:id": 1}
    named = world.cloud.move(world.layout, moved.place, Place(Stage.REVIEW, "b.pdf"), new.identity, new.etag)
    assert spent(world) == {"PUT /files/:id": 1}
    world.cloud.remove(world.layout, named.place, named.identity, named.etag, purge=False)
    assert spent(world) == {"DELETE /files/:id": 1}


def test_syncds_own_doings_are_no_news(world: BoxWorld) -> None:
    told: list[str] = []
    world.cloud.watch("auto", told.append, lambda: told.append("anything"))
    put = world.cloud.place(world.layout, Place(Stage.INBOX, "a.pdf"), prepared(world, b"one"))
    world.cloud.move(world.layout, put.place, Place(Stage.REVIEW, "sub/b.pdf"), put.identity, put.etag)
    world.cloud.catch_up()
    assert told == []
    world.put("inbox/theirs.pdf", b"x")
    world.cloud.catch_up()
    assert told == [world.layout.folder]
    assert set(spent(world)) == {"POST /files/content", "PUT /files/:id", "POST /folders"}


@pytest.mark.parametrize("size", [BIG, BIG + 1, 3 * 8 * 1024 * 1024])
def test_a_big_file_up_costs_its_parts_and_two(world: BoxWorld, size: int) -> None:
    content = b"\0" * size
    world.cloud.place(world.layout, Place(Stage.INBOX, "big.pdf"), prepared(world, content))
    assert world.content("inbox/big.pdf") == content
    calls = spent(world)
    assert calls.pop("PUT /files/upload_sessions/:id") == -(-size // (8 * 1024 * 1024))
    assert calls == {"POST /files/upload_sessions": 1, "POST /files/upload_sessions/:id/commit": 1}


def test_bytes_that_are_known_are_not_fetched_again(world: BoxWorld) -> None:
    world.put("inbox/a.pdf", b"a")
    seen = sighted(world, "a.pdf")
    assert world.cloud.content(world.layout, seen) == hashlib.sha1(b"a").hexdigest()
    assert spent(world) == {}


def test_a_restart_costs_a_token_and_a_question(world: BoxWorld) -> None:
    world.stop()
    world.sim.calls.clear()
    world.start()
    world.cloud.reach()
    world.cloud.ensure(world.layout, {})
    world.cloud.look(world.layout, {})
    assert world.calls == {"POST /oauth2/token": 1, "GET /events": 1}


def test_a_new_folder_costs_one_listing_and_a_moved_one_none(world: BoxWorld) -> None:
    for number in range(20):
        world.put(f"inbox/10月/{number}.pdf", b"x")
    sighted(world, "10月/3.pdf")
    assert spent(world) == {"GET /folders/:id/items": 1}
    world.rename("inbox/10月", "review/10月")
    assert sighted(world, "10月/3.pdf").place.stage is Stage.REVIEW
    assert spent(world) == {}


def test_the_night_costs_the_listing_once(world: BoxWorld) -> None:
    world.moment.ahead += 86_400
    for _ in range(3):
        world.cloud.catch_up()
        world.cloud.look(world.layout, {})
    calls = spent(world)
    assert calls.pop("POST /oauth2/token") == 1
    assert calls == {"GET /folders/:id/items": 1 + 1 + 4}  # the root, the operator, its stages


@contextmanager
def listening(world: BoxWorld) -> Iterator[Listener]:
    """Somebody waits for news as the daemon does; the polls are short."""
    hint: list[str] = []
    watch = world.cloud.watch("auto", hint.append, lambda: hint.append("anything"))
    assert isinstance(watch, Listener)
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)


def test_an_idle_hour_costs_eight_calls(world: BoxWorld) -> None:
    """Six long polls of ten minutes end with `reconnect`, each leads to a new address; one question, and the root."""
    world.sim.long_poll_seconds = 1.1
    with listening(world):
        until(lambda: world.calls.get("REALTIME", 0) == 7)
    calls = world.calls
    assert calls["OPTIONS /events"] in (6, 7)  # the next one may have begun
    assert calls["GET /events"] == 1
    world.sim.calls.clear()
    world.moment.ahead += 3600
    world.cloud.catch_up()
    assert sum(world.calls.values()) <= 2, "the question, and whether the root is there"


def test_syncds_own_doings_are_not_asked_for_but_others_news_are(world: BoxWorld) -> None:
    world.cloud.catch_up()
    with listening(world):
        until(lambda: world.calls.get("REALTIME", 0) == 1)
        asked = world.calls.get("GET /events", 0)
        for number in range(3):
            polls = world.calls["REALTIME"]
            staged = prepared(world, str(number).encode())
            world.cloud.place(world.layout, Place(Stage.REVIEW, f"own {number}.txt"), staged)
            until(lambda polls=polls: world.calls["REALTIME"] > polls)  # type: ignore[misc]
        assert world.calls.get("GET /events", 0) == asked
        time.sleep(0.3)  # the poll that waits for what is new from now on has begun
        world.put("inbox/theirs.txt", b"theirs")
        until(lambda: world.calls.get("GET /events", 0) == asked + 1)
    until(lambda: "theirs.txt" in {each.place.path for each in world.cloud.look(world.layout, {}).sightings})


def layout_of(operator: str) -> Layout:
    return layout(f"{operator}の園", operator)


def test_a_hundred_operators_share_one_question(tmp_path: Path) -> None:
    world = BoxWorld(tmp_path, Simulator(), layout_of("0"), Moment())
    try:
        world.cloud.mark("0f3c")
        layouts = [layout_of(str(number)) for number in range(100)]
        for each in layouts:
            world.cloud.ensure(each, {})
            world.cloud.look(each, {})
        world.cloud.catch_up()
        world.sim.calls.clear()
        for each in layouts:
            world.cloud.reach()
            world.cloud.look(each, {})
            assert world.cloud.as_looked(each)
        assert world.calls == {}
    finally:
        world.stop()
