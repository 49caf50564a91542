"""Hints come, lost ones are noticed, and a watch starts and ends quickly."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from watchdog.observers.inotify import InotifyObserver

from syncd.errors import Unreachable
from syncd.tree.mounts import is_remote
from syncd.tree.openness import lease_works
from syncd.tree.watch import EventWatch, PollWatch, self_test, watch


class Heard:
    """What a watch said."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.overflows = 0
        self._news = threading.Condition()

    def hint(self, path: str) -> None:
        with self._news:
            self.paths.append(path)
            self._news.notify_all()

    def overflow(self) -> None:
        with self._news:
            self.overflows += 1
            self._news.notify_all()

    def wait(self, until: Callable[[], bool], seconds: float = 5.0) -> bool:
        with self._news:
            return self._news.wait_for(until, seconds)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root" / "001_ひまわり" / "inbox").mkdir(parents=True)
    (tmp_path / "root" / ".syncd" / "tmp").mkdir(parents=True)
    (tmp_path / "root" / ".syncd" / "marker").write_text('{"id": "0f3c"}')
    return tmp_path / "root"


def threads() -> set[str]:
    return {each.name for each in threading.enumerate()}


def test_what_people_do_is_hinted_at_and_what_syncd_does_in_its_own_folder_is_not(root: Path) -> None:
    before = threads()
    heard = Heard()
    watching = EventWatch(root, heard.hint, heard.overflow)
    watching.start()
    try:
        assert watching.whole()
        (root / ".syncd" / "tmp" / "new-1").write_bytes(b"")
        (root / "001_ひまわり" / "inbox" / "a.pdf").write_bytes(b"a")
        assert heard.wait(lambda: "001_ひまわり/inbox/a.pdf" in heard.paths)
        (root / "001_ひまわり" / "new").mkdir()
        os.rename(root / "001_ひまわり" / "inbox" / "a.pdf", root / "001_ひまわり" / "new" / "b.pdf")
        assert heard.wait(lambda: "001_ひまわり/new/b.pdf" in heard.paths)
        os.unlink(root / "001_ひまわり" / "new" / "b.pdf")
        assert heard.wait(lambda: heard.paths.count("001_ひまわり/new/b.pdf") >= 2)
        assert not [path for path in heard.paths if path.startswith(".syncd")]
        assert watching.whole()
    finally:
        began = time.monotonic()
        watching.stop()
    assert time.monotonic() - began < 2
    assert threads() == before
    assert not watching.whole()
    watching.stop()


def test_reading_a_file_is_no_news(root: Path) -> None:
    file = root / "001_ひまわり" / "inbox" / "a.pdf"
    file.write_bytes(b"a")
    heard = Heard()
    watching = EventWatch(root, heard.hint, heard.overflow)
    watching.start()
    try:
        file.read_bytes()
        os.listdir(file.parent)
        assert not heard.wait(lambda: bool(heard.paths), 0.3)
    finally:
        watching.stop()


def test_the_move_of_a_folder_with_5000_folders_is_hinted_at_and_still_watched_whole(root: Path) -> None:
    for number in range(5000):
        (root / "001_ひまわり" / "inbox" / f"{number}").mkdir()
    heard = Heard()
    watching = EventWatch(root, heard.hint, heard.overflow)
    watching.start()
    try:
        assert watching.whole()
        os.rename(root / "001_ひまわり" / "inbox", root / "001_ひまわり" / "review")
        assert heard.wait(lambda: "001_ひまわり/review" in heard.paths)
        (root / "001_ひまわり" / "review" / "4999" / "a.pdf").write_bytes(b"a")
        assert heard.wait(lambda: "001_ひまわり/review/4999/a.pdf" in heard.paths)
        assert watching.whole()
    finally:
        watching.stop()


def test_folders_that_are_not_watched_are_noticed(root: Path) -> None:
    """As when the kernel's limit of watches is reached: watchdog says nothing of it."""
    heard = Heard()
    watching = EventWatch(root, heard.hint, heard.overflow)
    watching.start()
    os.rename(root, root.with_name("away"))
    root.mkdir()
    for number in range(10):
        (root / str(number)).mkdir()
    try:
        assert not watching.whole()
    finally:
        watching.stop()


def test_lost_events_ask_for_a_look_at_everything(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A queue of the kernel that really overflows, because nobody empties it meanwhile."""
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if limit > 20_000:
        pytest.skip("this kernel's queue is too long to fill in a test")
    heard = Heard()
    watching = EventWatch(root, heard.hint, heard.overflow)
    watching.start()
    try:
        observer = watching._observer
        assert isinstance(observer, InotifyObserver)
        with observer._inotify_fd._lock:
            folder = os.open(root / "001_ひまわり" / "inbox", os.O_RDONLY)
            os.close(os.open("a", os.O_WRONLY | os.O_CREAT, dir_fd=folder))
            for _ in range(limit // 4 + 1000):
                os.rename("a", "b", src_dir_fd=folder, dst_dir_fd=folder)
                os.rename("b", "a", src_dir_fd=folder, dst_dir_fd=folder)
            os.close(folder)
        assert heard.wait(lambda: heard.overflows > 0, 120)
    finally:
        watching.stop()
    logging.getLogger("watchdog.observers.inotify_c").warning("queue overflow")
    assert heard.overflows < 3


def test_polling_names_the_folders_that_changed(root: Path) -> None:
    before = threads()
    (root / "002").mkdir()
    heard = Heard()
    watching = PollWatch(root, heard.hint, every=0.05)
    watching.start()
    try:
        assert watching.whole()
        (root / "001_ひまわり" / "inbox" / "a.pdf").write_bytes(b"a")
        assert heard.wait(lambda: heard.paths == ["001_ひまわり"])
        (root / "003").mkdir()
        os.rmdir(root / "002")
        assert heard.wait(lambda: set(heard.paths) == {"001_ひまわり", "002", "003"})
        heard.paths.clear()
        os.rename(root, root.with_name("away"))
        time.sleep(0.2)
        os.rename(root.with_name("away"), root)
        time.sleep(0.2)
        assert heard.paths == []
        assert watching.whole()
    finally:
        watching.stop()
    assert threads() == before


def test_a_tree_that_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    before = threads()
    heard = Heard()
    for watching in (EventWatch(tmp_path / "x", heard.hint, heard.overflow), PollWatch(tmp_path / "x", heard.hint)):
        with pytest.raises(Unreachable):
            watching.start()
        watching.stop()
    assert threads() == before
    assert not self_test(tmp_path / "x")


def test_the_self_test_finds_out_whether_events_come(root: Path) -> None:
    before = threads()
    assert self_test(root)
    assert threads() == before
    assert os.listdir(root / ".syncd" / "tmp") == []
    if Path("/proc/self/mountinfo").exists():
        assert not self_test(Path("/proc/self"), 0.2)


def test_nothing_is_made_below_an_empty_mount_point(tmp_path: Path) -> None:
    heard = Heard()
    assert not self_test(tmp_path)
    assert watch("auto", tmp_path, heard.hint, heard.overflow).mode == "poll"
    with pytest.raises(Unreachable):
        lease_works(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_mode_is_chosen_by_configuration_or_by_trying(root: Path) -> None:
    heard = Heard()
    assert watch("auto", root, heard.hint, heard.overflow).mode == "events"
    assert watch("events", root, heard.hint, heard.overflow).mode == "events"
    assert watch("poll", root, heard.hint, heard.overflow).mode == "poll"
    assert watch("auto", root / "nothing", heard.hint, heard.overflow).mode == "poll"
    assert not is_remote(root)
