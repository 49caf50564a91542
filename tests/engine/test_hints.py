"""What an event is worth: whose it is, and whether it tells anything new."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.hints import Hints, place_of, root_of
from syncd.model import Place, Side, Stage
from syncd.world import World
from tests.stories.ward import ENROLMENT, ChatServer, Ward

FOLDER = "ひまわり保育園"


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    chat = ChatServer()
    ward = Ward(tmp_path, chat)
    ward.put(ward.cloud(f"inbox/10月/{ENROLMENT}"), "v1")
    ward.put(ward.intranet("review/職員のメモ.txt"), "own")
    assert ward.run() == 0
    yield ward
    chat.close()


@pytest.fixture
def world(ward: Ward) -> Iterator[World]:
    with ward.world() as world:
        yield world


@pytest.mark.parametrize("side", list(Side))
def test_what_was_recorded_tells_nothing_new(world: World, side: Side) -> None:
    hints, root = Hints(world), root_of(world.config, side)
    assert root is not None
    paths = [path.relative_to(root).as_posix() for path in root.rglob("*")]
    own = [path for path in paths if path.startswith(FOLDER)]
    assert len(own) >= 7
    for path in own:
        assert hints.operator_of(side, path) == "himawari"
        assert hints.agrees(side, "himawari", path), path


def test_whatever_people_change_is_news(ward: Ward, world: World) -> None:
    hints = Hints(world)

    def news(side: Side, path: str) -> bool:
        return not hints.agrees(side, "himawari", f"{FOLDER}/{path}")

    ward.put(ward.cloud("inbox/new.pdf"), "new")
    assert news(Side.CLOUD, "inbox/new.pdf")
    ward.put(ward.cloud(f"review/10月/{ENROLMENT}"), "v2")
    assert news(Side.CLOUD, f"review/10月/{ENROLMENT}")
    ward.drag(ward.intranet(f"review/10月/{ENROLMENT}"), ward.intranet("confirmed"))
    assert news(Side.INTRANET, f"review/10月/{ENROLMENT}") and news(Side.INTRANET, f"confirmed/{ENROLMENT}")
    ward.intranet("review/職員のメモ.txt").unlink()
    assert news(Side.INTRANET, "review/職員のメモ.txt")
    ward.intranet("review/10月").rename(ward.intranet("review/11月"))
    assert news(Side.INTRANET, "review/10月"), "what was remembered below it is gone"
    ward.intranet("corrections").rename(ward.intranet("corrections2"))
    assert news(Side.INTRANET, "corrections") and news(Side.INTRANET, "corrections2")


def test_a_stage_folder_made_anew_is_news(ward: Ward, world: World) -> None:
    made = ward.folder / "made anew"
    made.mkdir()  # while the old one is there, so that it can't have its inode number
    ward.intranet("corrections").rmdir()
    made.rename(ward.intranet("corrections"))
    assert not Hints(world).agrees(Side.INTRANET, "himawari", f"{FOLDER}/corrections")


def test_what_came_and_went_unseen_is_no_news_but_an_owner_file_is(world: World) -> None:
    hints = Hints(world)
    assert hints.agrees(Side.CLOUD, "himawari", f"{FOLDER}/inbox/never seen.pdf")
    assert not hints.agrees(Side.INTRANET, "himawari", f"{FOLDER}/review/~${ENROLMENT}")


def test_whose_a_path_is(world: World) -> None:
    hints = Hints(world)
    assert hints.operator_of(Side.CLOUD, FOLDER) == "himawari"
    assert hints.operator_of(Side.CLOUD, "さくら保育園/inbox/x") == "sakura"
    assert hints.operator_of(Side.CLOUD, f"{FOLDER}2/inbox/x") is None
    assert hints.concerns_all(f"{FOLDER}2"), "a folder that had another name"
    assert not hints.concerns_all("進捗状況.html") and not hints.concerns_all(".syncd/tmp/x")
    assert place_of(world.config, "review/10月/x.pdf") == Place(Stage.REVIEW, "10月/x.pdf")
    assert place_of(world.config, "x.pdf") == Place(None, "x.pdf")
