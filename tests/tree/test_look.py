"""What a look shows, what it waits for, and when it must not be believed."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from syncd.clouds.folder import FolderCloud
from syncd.intranet import IntranetTree, lease_works
from syncd.model import Look, Place, Side, Stage
from syncd.tree.openness import written
from tests.tree.yard import HandClock, Yard


def waits(look: Look) -> dict[str, str | None]:
    return {each.place.path: each.waits for each in look.sightings}


@contextmanager
def as_nobody() -> Iterator[None]:
    """Permissions mean nothing to root."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)


# --- what is seen ----------------------------------------------------------------------------------------------------


def test_files_are_sighted_with_stage_path_size_and_owner(yard: Yard) -> None:
    yard.put("inbox/a.pdf", b"12")
    yard.put("confirmed/2026/10/b.pdf", b"345")
    yard.put("staff/own.txt", b"6")
    yard.put("loose.txt", b"7")
    look = yard.look()
    assert look.complete
    assert look.side is Side.INTRANET
    assert {(each.place, each.size) for each in look.sightings} == {
        (Place(Stage.INBOX, "a.pdf"), 2),
        (Place(Stage.CONFIRMED, "2026/10/b.pdf"), 3),
        (Place(None, "staff/own.txt"), 1),
        (Place(None, "loose.txt"), 1),
    }
    assert {each.actor for each in look.sightings} == {(yard.home / "loose.txt").owner()}


@pytest.mark.parametrize(
    "name", ["~$a.xlsx", ".~lock.a.ods#", "Thumbs.db", "desktop.ini", ".DS_Store", "x.tmp", "a.pdf.crdownload"]
)
def test_what_programs_keep_for_themselves_is_not_sighted(yard: Yard, name: str) -> None:
    yard.put(f"inbox/{name}")
    yard.put(".hidden/a.pdf")
    yard.put("inbox/$RECYCLE.BIN/a.pdf")
    assert yard.look().sightings == ()


def test_links_pipes_and_devices_are_neither_sighted_nor_waited_for(either: Yard) -> None:
    outside = either.base / "secret.pdf"
    outside.write_bytes(b"secret")
    os.symlink(outside, either.home / "inbox" / "link.pdf")
    os.symlink(either.base, either.home / "inbox" / "folder")
    os.symlink(either.base, either.home / "loose")
    os.mkfifo(either.home / "inbox" / "pipe.pdf")
    either.put("inbox/a.pdf")
    look = either.look()
    assert look.complete
    assert waits(look) == {"a.pdf": None}


def test_a_file_with_two_names_can_be_used_by_one_of_them_only(yard: Yard) -> None:
    known = yard.read_all_of("inbox/b.pdf")
    os.link(yard.home / "inbox" / "b.pdf", yard.home / "confirmed" / "a.pdf")
    assert waits(yard.look(known)) == {"b.pdf": None, "a.pdf": "unsafe"}
    assert sorted(waits(yard.look()).items()) == [("a.pdf", None), ("b.pdf", "unsafe")]


def test_a_file_that_moves_during_the_look_is_sighted_once(yard: Yard, before: Callable[..., None]) -> None:
    yard.put("inbox/a.pdf")
    before("open", "review", lambda: (yard.home / "inbox/a.pdf").rename(yard.home / "review/a.pdf"))
    look = yard.look()
    assert [each.place for each in look.sightings] in ([Place(Stage.REVIEW, "a.pdf")], [Place(Stage.INBOX, "a.pdf")])


def test_a_path_that_is_too_long_to_work_with_is_sighted_as_such(yard: Yard) -> None:
    folder = os.open(yard.home / "inbox", os.O_RDONLY)
    for _ in range(15):
        os.mkdir("f" * 250, dir_fd=folder)
        deeper = os.open("f" * 250, os.O_RDONLY, dir_fd=folder)
        with open(os.open("a.pdf", os.O_WRONLY | os.O_CREAT, dir_fd=deeper), "wb") as file:
            file.write(b"a")
        os.close(folder)
        folder = deeper
    os.close(folder)
    look = yard.look()
    assert look.complete
    assert {None, "unsafe"} >= {each.waits for each in look.sightings}
    assert len(look.sightings) >= 13


# --- when it is not to be believed -----------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_listed_makes_the_look_incomplete(tmp_path: Path) -> None:
    base = Path("/tmp") / f"syncd-unreadable-{os.getpid()}"
    base.mkdir(mode=0o777)
    base.chmod(0o777)
    try:
        with as_nobody():
            tree = IntranetTree(base / "root", 0)
            yard = Yard(base, tree, HandClock())
            tree.mark("0f3c")
            tree.ensure(yard.layout, {})
            yard.put("inbox/folder/a.pdf")
            yard.put("review/b.pdf").chmod(0)
            assert yard.look().complete
            assert waits(yard.look()) == {"folder/a.pdf": None, "b.pdf": "unreadable"}
            (yard.home / "inbox" / "folder").chmod(0)
            assert not yard.look().complete
            (yard.home / "inbox" / "folder").chmod(0o700)
    finally:
        shutil.rmtree(base)


def test_a_root_without_its_marker_or_with_another_is_not_believed(yard: Yard, before: Callable[..., None]) -> None:
    marker = yard.root / ".syncd" / "marker"
    yard.put("inbox/a.pdf")

    def swap() -> None:
        yard.root.rename(yard.base / "unmounted")
        other = IntranetTree(yard.root, 0)
        other.mark("another")
        other.ensure(yard.layout, {})

    before("open", "corrections", swap)
    assert not yard.look().complete
    marker.unlink()
    assert not yard.look().complete
    shutil.rmtree(yard.root)
    assert not yard.look().complete


def test_a_stage_folder_that_is_not_there_is_named(yard: Yard) -> None:
    os.rmdir(yard.home / "review")
    look = yard.look()
    assert look.complete
    assert look.missing_stages == {Stage.REVIEW}
    os.symlink(yard.home / "inbox", yard.home / "review")
    assert not yard.look().complete


# --- what is waited for ----------------------------------------------------------------------------------------------


def test_a_file_must_be_quiet_first(yard: Yard) -> None:
    file = yard.put("inbox/a.pdf")
    changed = file.stat().st_ctime
    yard.clock.wall = changed + 1.9
    assert waits(yard.look()) == {"a.pdf": "not quiet"}
    yard.clock.wall = changed + 2.1
    assert waits(yard.look()) == {"a.pdf": None}
    os.utime(file, (1, 1))  # as Explorer does at the end of a copy
    yard.clock.wall = file.stat().st_ctime + 1.9
    assert waits(yard.look()) == {"a.pdf": "not quiet"}


def test_a_file_from_the_future_must_be_quiet_before_our_eyes(yard: Yard) -> None:
    file = yard.put("inbox/a.pdf")
    yard.clock.wall = 1e9
    assert waits(yard.look()) == {"a.pdf": "not quiet"}
    yard.clock.ticks = 1.9
    assert waits(yard.look()) == {"a.pdf": "not quiet"}
    file.write_bytes(b"changed")
    yard.clock.ticks = 2.1
    assert waits(yard.look()) == {"a.pdf": "not quiet"}
    yard.clock.ticks = 4.2
    assert waits(yard.look()) == {"a.pdf": None}


def test_a_drag_shows_at_once_but_its_hash_is_not_taken_over(yard: Yard) -> None:
    known = yard.read_all_of("inbox/a.pdf", b"")
    yard.clock.wall = time.time()
    (yard.home / "inbox/a.pdf").rename(yard.home / "review/新しい.pdf")
    seen = yard.sighted("review/新しい.pdf", known)
    assert (seen.waits, seen.sha1) == (None, None)


def test_what_is_known_is_neither_opened_nor_waited_for(yard: Yard) -> None:
    known = yard.read_all_of("inbox/a.pdf")
    yard.clock.wall = time.time()
    opens = yard.tree.counts.opens
    with open(yard.home / "inbox/a.pdf", "ab"):
        again = yard.look(known)
    assert again == known
    assert yard.tree.counts.opens == opens


@pytest.mark.parametrize("owner", ["~$a.xlsx", ".~lock.a.xlsx#"])
def test_an_owner_file_beside_it_says_that_a_file_is_open_even_a_known_one(yard: Yard, owner: str) -> None:
    known = yard.read_all_of("inbox/a.xlsx")
    yard.put(f"inbox/{owner}")
    yard.put("inbox/b.xlsx")
    yard.put("review/a.xlsx")
    open_one, *others = yard.look(known).sightings
    assert (open_one.waits, open_one.sha1) == ("open", known.sightings[0].sha1)
    assert [each.waits for each in others] == [None, None]


def test_a_file_that_is_open_for_writing_is_waited_for(yard: Yard) -> None:
    with open(yard.put("inbox/a.pdf"), "ab"):
        assert waits(yard.look()) == {"a.pdf": "open"}
    with open(yard.home / "inbox/a.pdf", "rb"):
        assert waits(yard.look()) == {"a.pdf": None}


def test_what_staff_are_still_making_is_waited_for_but_not_in_the_cloud(yard: Yard) -> None:
    yard.put("inbox/新規 Microsoft Excel ワークシート.xlsx")
    yard.put("inbox/empty.txt", b"")
    assert waits(yard.look()) == {"新規 Microsoft Excel ワークシート.xlsx": "default name", "empty.txt": "empty"}
    cloud = FolderCloud(yard.root, 2.0, yard.clock)
    assert {each.waits for each in cloud.look(yard.layout, {}).sightings} == {None}


# --- openness --------------------------------------------------------------------------------------------------------


def test_doctor_learns_that_open_files_can_be_told(yard: Yard) -> None:
    assert lease_works(yard.root)
    assert yard.own() == []


def test_asking_whether_a_file_is_open_never_harms_this_process_nor_who_opens_it(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"a")
    code = f"while True: open({os.fspath(file)!r}, 'ab').close()"
    opening = subprocess.Popen([sys.executable, "-c", code])
    try:
        until = time.monotonic() + 0.7
        answers = set()
        while time.monotonic() < until:
            with open(file, "rb") as reading:
                answers.add(written(reading.fileno()))
        assert False in answers
        assert opening.poll() is None
    finally:
        opening.send_signal(signal.SIGKILL)
        opening.wait()


def test_a_lease_of_somebody_else_counts_as_open(yard: Yard) -> None:
    file = yard.put("inbox/a.pdf")
    with open(file, "r+b") as writing:
        fcntl.fcntl(writing, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(writing, fcntl.F_SETLEASE, fcntl.F_WRLCK)  # as smbd with kernel oplocks
        assert waits(yard.look()) == {"a.pdf": "open"}
