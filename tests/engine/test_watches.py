"""Watches that die or have gaps are started anew; what is wrong is said once."""

from __future__ import annotations

import logging
import queue
import shutil
from collections.abc import Iterator

import pytest

from syncd.config import load
from syncd.model import Side
from syncd.watches import Hinted, Watches
from tests.stories.daemons import until
from tests.stories.ward import ChatServer, Ward


@pytest.fixture
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    chat = ChatServer()
    yield Ward(tmp_path_factory.mktemp("ward"), chat)
    chat.close()


@pytest.fixture
def hinted() -> Hinted:
    return queue.Queue()


@pytest.fixture
def watches(ward: Ward, hinted: Hinted) -> Iterator[Watches]:
    world = ward.world()
    trees = world.trees
    watches = Watches(lambda: trees, "auto", hinted)
    watches.start()
    yield watches
    watches.stop()
    world.close()


def heard(hinted: Hinted, side: Side, name: str) -> bool:
    """Whether a hint about that name came; forgets all that came so far."""
    found = False
    while not hinted.empty():
        where, path = hinted.get()
        found |= where is side and path is not None and path.endswith(name)
    return found


def test_both_sides_are_watched_by_events_here(ward: Ward, watches: Watches, hinted: Hinted) -> None:
    assert not any(watches.polls(side) for side in Side)
    ward.put(ward.cloud("inbox/a.pdf"), "a")
    until(lambda: heard(hinted, Side.CLOUD, "inbox/a.pdf"))
    ward.put(ward.intranet("review/b.pdf"), "b")
    until(lambda: heard(hinted, Side.INTRANET, "review/b.pdf"))


def test_a_watch_that_is_whole_is_left_alone(watches: Watches) -> None:
    before = dict(watches._running)
    watches.mend()
    assert watches._running == before


def test_a_watch_that_died_is_started_anew(ward: Ward, watches: Watches, hinted: Hinted) -> None:
    watches._running[Side.CLOUD].stop()
    watches.mend()
    ward.put(ward.cloud("inbox/a.pdf"), "a")
    until(lambda: heard(hinted, Side.CLOUD, "inbox/a.pdf"))


def test_a_root_that_was_away_or_is_another_now_is_watched_again(
    ward: Ward, watches: Watches, hinted: Hinted, caplog: pytest.LogCaptureFixture
) -> None:
    root = ward.folder / "cloud"
    shutil.move(root, ward.folder / "away")
    shutil.copytree(ward.folder / "away", root)  # another mount under the same name
    shutil.rmtree(ward.folder / "away")
    watches.mend()
    ward.put(ward.cloud("inbox/a.pdf"), "a")
    until(lambda: heard(hinted, Side.CLOUD, "inbox/a.pdf"))
    shutil.move(root, ward.folder / "away")
    with caplog.at_level(logging.ERROR, "syncd"):
        for _ in range(3):
            watches.mend()
    assert len([record for record in caplog.records if "cloud" in record.getMessage()]) == 1
    shutil.move(ward.folder / "away", root)
    watches.mend()
    ward.put(ward.cloud("inbox/b.pdf"), "b")
    until(lambda: heard(hinted, Side.CLOUD, "inbox/b.pdf"))


def test_a_side_that_was_opened_anew_is_watched_for_its_new_tree(ward: Ward, hinted: Hinted) -> None:
    """So that closings, which a tree remembers, reach the one that is looked at from then on."""
    with ward.world() as world:
        watches = Watches(lambda: world.trees, "auto", hinted)
        watches.start()
        before = dict(watches._running)
        text = ward.config_path.read_text(encoding="utf-8").replace("settle_seconds: 0.05", "settle_seconds: 0.06")
        ward.config_path.write_text(text, encoding="utf-8")
        world.adopt(load(ward.config_path))
        watches.mend()
        assert all(watches._running[side] is not before[side] for side in Side)
        ward.put(ward.intranet("review/b.pdf"), "b")
        until(lambda: heard(hinted, Side.INTRANET, "review/b.pdf"))
        watches.stop()
