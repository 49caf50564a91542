"""Operator and stage folders are known by identity, found again, never guessed at and never deleted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest

from syncd.errors import FolderConflict, SyncdError, Unreachable
from syncd.model import Layout, Stage
from syncd.tree.folders import same_folder
from tests.tree.yard import Yard

STAGES = {stage: stage.value for stage in Stage}


def test_what_exists_is_taken_as_it_is(yard: Yard) -> None:
    other = Layout("tanpopo", "002_たんぽぽ", STAGES)
    (yard.root / "002_たんぽぽ" / "inbox").mkdir(parents=True)
    (yard.root / "002_たんぽぽ" / "inbox" / "a.pdf").write_bytes(b"a")
    found = yard.tree.ensure(other, {})
    assert sorted(os.listdir(yard.root / "002_たんぽぽ")) == sorted(STAGES.values())
    assert found == yard.tree.ensure(other, found.identities)
    assert (yard.root / "002_たんぽぽ" / "inbox" / "a.pdf").read_bytes() == b"a"


@pytest.mark.parametrize(
    ("what", "strayed"),
    [
        ("", "renamed"),
        ("", "002_たんぽぽ/inside"),
        ("", "002_たんぽぽ/inbox/deep/deeper"),
        ("review", "renamed"),
        ("review", "002_たんぽぽ/inbox/deep/deeper"),
        ("review", "001_ひまわり/inbox/own"),
    ],
)
def test_a_strayed_folder_is_found_and_put_back(either: Yard, what: str, strayed: str) -> None:
    known = either.tree.ensure(either.layout, {}).identities
    either.put("review/sub/a.pdf", b"a")
    (either.root / strayed).parent.mkdir(parents=True, exist_ok=True)
    (either.home / what).rename(either.root / strayed)
    found = either.tree.ensure(either.layout, known)
    assert [each.split(" → ")[0] for each in found.put_back] == [strayed]
    assert found.identities == known
    assert not found.deleted
    assert either.contents()["review/sub/a.pdf"] == b"a"
    assert not (either.root / strayed).exists()


def test_a_new_name_in_the_configuration_is_followed(either: Yard) -> None:
    known = either.tree.ensure(either.layout, {}).identities
    either.put("review/a.pdf", b"a")
    renamed = Layout("himawari", "認可/012_新ひまわり", {**STAGES, Stage.REVIEW: "2_確認中", Stage.INBOX: "review"})
    found = either.tree.ensure(renamed, known)
    assert len(found.put_back) == 3
    assert found.identities == known
    assert (either.root / "認可/012_新ひまわり/2_確認中/a.pdf").read_bytes() == b"a"
    assert os.listdir(either.root / "認可/012_新ひまわり/review") == []


def test_folders_that_are_nowhere_are_made_anew_and_said_to_have_been(yard: Yard) -> None:
    known = yard.tree.ensure(yard.layout, {}).identities
    shutil.rmtree(yard.home)
    found = yard.tree.ensure(yard.layout, known)
    assert found.deleted == frozenset(Stage)
    assert not yard.tree.ensure(yard.layout, found.identities).deleted


def test_a_folder_that_was_made_again_by_hand_is_taken(yard: Yard) -> None:
    known = yard.tree.ensure(yard.layout, {}).identities
    os.rmdir(yard.home / "review")
    (yard.home / "review").mkdir()
    found = yard.tree.ensure(yard.layout, known)
    assert not found.deleted
    assert not found.put_back
    assert found.identities[Stage.REVIEW] != known[Stage.REVIEW]


def test_two_folders_for_one_place_are_for_a_person_to_judge(either: Yard) -> None:
    known = either.tree.ensure(either.layout, {}).identities
    (either.home / "review").rename(either.home / "review_old")
    (either.home / "review").mkdir()
    either.put("review_old/a.pdf")
    with pytest.raises(FolderConflict, match="review_old"):
        either.tree.ensure(either.layout, known)
    assert list(either.contents()) == ["review_old/a.pdf"]


@pytest.mark.parametrize("make", [lambda path: path.write_bytes(b""), lambda path: path.symlink_to("inbox")])
def test_what_is_no_folder_is_left_for_a_person(either: Yard, make: Callable[[object], None]) -> None:
    known = either.tree.ensure(either.layout, {}).identities
    os.rmdir(either.home / "review")
    make(either.home / "review")
    for identities in (known, {}):
        with pytest.raises(FolderConflict, match="no folder"):
            either.tree.ensure(either.layout, identities)


def test_a_folder_is_not_mistaken_for_one_whose_inode_it_was_given(yard: Yard) -> None:
    known = yard.tree.ensure(yard.layout, {}).identities
    os.rmdir(yard.home / "review")
    (yard.home / "stranger").mkdir()
    inode = (yard.home / "stranger").stat().st_ino
    found = yard.tree.ensure(yard.layout, {**known, Stage.REVIEW: f"{inode}.1"})  # born at another time
    assert found.deleted == {Stage.REVIEW}
    assert (yard.home / "stranger").exists()
    assert same_folder(f"{inode}.1", f"{inode}")


def test_nothing_is_made_in_an_empty_mount_point(yard: Yard) -> None:
    known = yard.tree.ensure(yard.layout, {}).identities
    yard.root.rename(yard.base / "unmounted")
    with pytest.raises(Unreachable):
        yard.tree.ensure(yard.layout, known)
    yard.root.mkdir()
    with pytest.raises(Unreachable, match="marker"):
        yard.tree.ensure(yard.layout, known)
    assert os.listdir(yard.root) == []


@pytest.mark.parametrize("folder", ["", "..", "../x", "/etc", "a/../b", ".syncd", ".syncd/tmp", "a//b", "a/", "a\0b"])
def test_a_configured_folder_outside_the_root_is_refused(yard: Yard, folder: str) -> None:
    for layout in (
        Layout("x", folder, STAGES),
        *([replace(yard.layout, stages={**STAGES, Stage.INBOX: folder})] if "syncd" not in folder else []),
    ):
        with pytest.raises(SyncdError) as caught:
            yard.tree.ensure(layout, {})
        assert not isinstance(caught.value, Unreachable)
        with pytest.raises(SyncdError):
            yard.tree.look(layout, {})


def test_new_folders_are_open_to_those_to_whom_the_root_is(yard: Yard) -> None:
    os.chmod(yard.root, 0o2775)
    yard.tree.ensure(Layout("tanpopo", "認可/002", STAGES), {})
    assert (yard.root / "認可/002/inbox").stat().st_mode & 0o7777 == 0o2775
    assert (yard.root / ".syncd").stat().st_mode & 0o777 == 0o700
