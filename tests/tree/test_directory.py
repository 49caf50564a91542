"""The root and its marker, what is asked of the disk, and what its errors mean."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from syncd.contract import Tree
from syncd.errors import Busy, Changed, NameTaken, SyncdError, Unreachable
from syncd.intranet import IntranetTree
from syncd.model import Place, Stage
from syncd.tree.trouble import meaning
from tests.tree.yard import Yard


def test_a_root_that_was_never_marked_has_no_marker_but_is_reached(tmp_path: Path) -> None:
    tree: Tree = IntranetTree(tmp_path, 2.0)
    assert tree.reach() is None
    tree.mark("0f3c")
    tree.mark("0f3c")
    assert tree.reach() == "0f3c"
    with pytest.raises(NameTaken, match="another syncd state"):
        tree.mark("another")


def test_marking_makes_the_root(tmp_path: Path) -> None:
    tree = IntranetTree(tmp_path / "share" / "intranet", 2.0)
    with pytest.raises(Unreachable):
        tree.reach()
    tree.mark("0f3c")
    assert tree.reach() == "0f3c"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"id": ""}', b'{"id": 3}', b"\xff\xfe", b'{"id": "0f3c'])
def test_a_damaged_marker_is_not_a_missing_one(yard: Yard, content: bytes) -> None:
    (yard.root / ".syncd" / "marker").write_bytes(content)
    with pytest.raises(Unreachable, match="damaged"):
        yard.tree.reach()
    with pytest.raises(SyncdError):
        yard.tree.mark("0f3c")


def test_a_marker_behind_a_link_is_not_believed(yard: Yard) -> None:
    (yard.root / ".syncd" / "marker").rename(yard.base / "marker")
    (yard.root / ".syncd" / "marker").symlink_to(yard.base / "marker")
    with pytest.raises(Unreachable):
        yard.tree.reach()


def test_a_root_that_is_no_folder_is_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unreachable):
        IntranetTree(tmp_path / "file", 2.0).reach()


def test_a_second_look_at_known_files_only_lists(yard: Yard) -> None:
    known = yard.read_all_of("inbox/a.pdf")
    before = yard.tree.counts
    scans, stats, opens, reads, writes = before.scans, before.stats, before.opens, before.reads, before.writes
    assert yard.look(known) == known
    after = yard.tree.counts
    assert (after.scans - scans, after.stats - stats) == (5, 1)
    assert (after.opens, after.reads, after.writes) == (opens, reads, writes)


def test_reads_and_writes_are_counted(yard: Yard) -> None:
    yard.put("inbox/a.pdf")
    yard.tree.read(yard.layout, yard.sighted("inbox/a.pdf"), io.BytesIO())
    yard.tree.place(yard.layout, Place(Stage.REVIEW, "b.pdf"), yard.prepared())
    assert (yard.tree.counts.reads, yard.tree.counts.writes) == (1, 2)


def test_a_strayed_file_is_found_anywhere_in_the_operators_folder(yard: Yard) -> None:
    for path, place in [
        ("inbox/a.pdf", Place(Stage.INBOX, "a.pdf")),
        ("confirmed/2026/a.pdf", Place(Stage.CONFIRMED, "2026/a.pdf")),
        ("own folder/a.pdf", Place(None, "own folder/a.pdf")),
        ("inbox.pdf", Place(None, "inbox.pdf")),
    ]:
        inode = str(yard.put(path).stat().st_ino)
        found = yard.tree.find(yard.layout, inode)
        assert found is not None
        assert found.place == place
        os.unlink(yard.home / path)
    assert yard.tree.find(yard.layout, "1") is None


@pytest.mark.parametrize(
    ("number", "kind", "word"),
    [
        (errno.ENOENT, Changed, "no longer there"),
        (errno.EEXIST, NameTaken, "something else"),
        (errno.ENOSPC, Unreachable, "disk is full"),
        (errno.EDQUOT, Unreachable, "quota"),
        (errno.EAGAIN, Busy, "open"),
        (errno.EXDEV, Unreachable, "one file system"),
        (errno.EACCES, Unreachable, "account"),
        (errno.EROFS, Unreachable, "account"),
        (errno.ENAMETOOLONG, SyncdError, "too long"),
        (errno.ESTALE, Unreachable, "mounted"),
        (errno.EIO, Unreachable, "mounted"),
    ],
)
def test_what_an_error_of_the_system_means(number: int, kind: type[SyncdError], word: str) -> None:
    found = meaning(OSError(number, os.strerror(number)), "intranet /srv/a.pdf")
    assert type(found) is kind
    assert word in str(found)
    assert "/srv/a.pdf" in str(found)
    assert "\n" not in str(found)
