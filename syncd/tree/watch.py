"""Hints that something happened in a tree: from the kernel where it tells, else from looking again and again.

Owns what is told and how lost events are noticed. A hint is only a reason to look; nothing is ever concluded from one.
Refuses to report syncd's own folder, and to trust a file system that shows only this computer's changes.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from syncd.contract import Hint, Watch
from syncd.errors import SyncdError, Unreachable
from syncd.tree import marker
from syncd.tree.closings import Closings
from syncd.tree.confine import Beneath
from syncd.tree.digest import UNSEEN, digest
from syncd.tree.listing import Counts
from syncd.tree.mounts import is_remote
from syncd.tree.spelling import spell

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver

_OVERFLOW_LOGGER: Final = "watchdog.observers.inotify_c"
_STOP_SECONDS: Final = 5.0
_starting = threading.Lock()


def watch(
    mode: Literal["auto", "events", "poll"],
    root: Path,
    hint: Hint,
    overflow: Callable[[], None],
    closings: Closings | None = None,
) -> Watch:
    """A tree's watch, not yet started; `auto` tries whether events come.

    Args:
        overflow: called when anything may have changed.
        closings: hears which files were closed after writing, where the kernel tells.
    """
    events = mode == "events" or (mode == "auto" and not is_remote(root) and self_test(root))
    return EventWatch(root, hint, overflow, closings) if events else PollWatch(root, hint)


# --- events ----------------------------------------------------------------------------------------------------------


class EventWatch:
    """One recursive inotify watch at the root (with one a folder, a move would come as deleted and created)."""

    mode: Literal["events", "poll"] = "events"

    def __init__(self, root: Path, hint: Hint, overflow: Callable[[], None], closings: Closings | None = None) -> None:
        self._root = root
        self._closings = closings or Closings()
        self._prefix = os.fspath(root).rstrip("/") + "/"
        self._hint = hint
        self._overflow = _Overflow(overflow, self._closings)
        self._observer: BaseObserver | None = None
        self._inotify: int | None = None

    def start(self) -> None:
        logging.getLogger(_OVERFLOW_LOGGER).addHandler(self._overflow)
        try:
            with _starting:
                before = set(_inotify_descriptors())
                self._observer = _observer(self._root, self._saw)
                self._inotify = next(iter(set(_inotify_descriptors()) - before), None)
        except OSError as error:
            self.stop()
            raise Unreachable(
                f"{self._root}: can't be watched ({error.strerror})", "raise fs.inotify.max_user_watches, or use poll"
            ) from error
        self._closings.begin()

    def whole(self) -> bool:
        observer = self._observer
        if observer is None or self._inotify is None or not any(each.is_alive() for each in observer.emitters):
            return False
        try:
            lines = Path(f"/proc/self/fdinfo/{self._inotify}").read_text(encoding="ascii").splitlines()
        except OSError:
            return False
        folders = sum(1 for _ in os.walk(self._root))
        return sum(line.startswith("inotify wd") for line in lines) >= folders

    def stop(self) -> None:
        self._closings.end()
        logging.getLogger(_OVERFLOW_LOGGER).removeHandler(self._overflow)
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(_STOP_SECONDS)
            self._observer = None

    def _saw(self, event: FileSystemEvent) -> None:
        source, target = self._below(event.src_path), self._below(event.dest_path)
        if not event.is_directory:
            if event.event_type == "closed":
                self._closings.closed(source, os.fsdecode(event.src_path))
            elif event.event_type == "moved":
                self._closings.moved(source, target)
            else:
                self._closings.other(source)
        for below in (source, target):
            if below and below.partition("/")[0] != marker.OWN:
                self._hint(below)

    def _below(self, path: bytes | str) -> str:
        """The path below the root; '' for one that isn't."""
        full = os.fsdecode(path)
        return spell(full.removeprefix(self._prefix)) if full.startswith(self._prefix) else ""


class _Overflow(logging.Handler):
    """watchdog tells of lost events only in its log."""

    def __init__(self, overflow: Callable[[], None], closings: Closings) -> None:
        super().__init__(logging.WARNING)
        self._call = overflow
        self._closings = closings

    def emit(self, record: logging.LogRecord) -> None:
        if "overflow" in record.getMessage():
            self._closings.missed()
            self._call()


def _observer(root: Path, saw: Callable[[FileSystemEvent], None], recursive: bool = True) -> BaseObserver:
    """A started observer of what changes names or ends a writing; everything else would drown these."""
    from watchdog import events
    from watchdog.observers import Observer

    # Where folders are made quickly, watchdog meets one both by its event and by its walk, watches it once, and says so
    # in many kilobytes with every folder's name.
    warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)

    class Handler(events.FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            saw(event)

    observer = Observer()
    wanted: list[type[FileSystemEvent]] = [
        events.FileCreatedEvent,
        events.FileMovedEvent,
        events.FileDeletedEvent,
        events.FileClosedEvent,
        events.DirCreatedEvent,
        events.DirMovedEvent,
        events.DirDeletedEvent,
    ]
    try:
        observer.schedule(Handler(), os.fspath(root), recursive=recursive, event_filter=wanted)
        observer.start()
    except OSError:
        observer.stop()
        raise
    return observer


def _inotify_descriptors() -> Iterator[int]:
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            if os.readlink(f"/proc/self/fd/{name}") == "anon_inode:inotify":
                yield int(name)


# --- polling ---------------------------------------------------------------------------------------------------------


class PollWatch:
    """Compares fingerprints of the folders at the top of the tree, for shares that tell nothing.

    Args:
        every: seconds between two comparisons; stretched so that they take a twentieth of the time at most.
    """

    mode: Literal["events", "poll"] = "poll"

    def __init__(self, root: Path, hint: Hint, every: float = 2.0) -> None:
        self._root = root
        self._hint = hint
        self._every = every
        self._seen: dict[str, str] = {}
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        try:
            self._seen = self._fingerprints()
        except OSError as error:
            raise Unreachable(f"{self._root}: {error.strerror}", "see that the share is mounted") from error
        self._thread = threading.Thread(target=self._run, name=f"poll {self._root}", daemon=True)
        self._thread.start()

    def whole(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        self._ending.set()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
            self._thread = None

    def _run(self) -> None:
        pause = self._every
        while not self._ending.wait(pause):
            began = time.monotonic()
            with suppress(OSError):
                now = self._fingerprints()
                before, self._seen = self._seen, now
                for folder in sorted(before.keys() | now.keys()):
                    if now.get(folder) == UNSEEN or before.get(folder) != now.get(folder):
                        self._hint(folder)
            pause = max(self._every, 19 * (time.monotonic() - began))

    def _fingerprints(self) -> dict[str, str]:
        counts = Counts()
        with Beneath(self._root) as beneath, beneath.folder("", os.O_RDONLY) as top, os.scandir(top) as entries:
            folders = [spell(each.name) for each in entries if each.is_dir(follow_symlinks=False)]
            return {each: digest(beneath, each, counts) for each in folders if each != marker.OWN}


# --- which of the two ------------------------------------------------------------------------------------------------


def self_test(root: Path, seconds: float = 2.0) -> bool:
    """Whether the kernel tells of a file made beneath `root` (in `.syncd`, where nobody minds) within `seconds`."""
    came = threading.Event()
    name = f"part-watch-{secrets.token_hex(8)}"

    def saw(event: FileSystemEvent) -> None:
        if os.fsdecode(event.src_path).endswith(name):
            came.set()

    try:
        with Beneath(root) as beneath:
            marker.working_folder(beneath, str(root))
            with _starting:
                observer = _observer(root / marker.TEMPORARY, saw, recursive=False)
            try:
                os.close(beneath.open(f"{marker.TEMPORARY}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL))
                beneath.unlink(f"{marker.TEMPORARY}/{name}")
                return came.wait(seconds)
            finally:
                observer.stop()
                observer.join(_STOP_SECONDS)
    except (OSError, SyncdError):
        return False
