"""Samba's full_audit log: who moved, wrote and deleted what on the share, by the names they logged in with.

Owns the reading of that log: it is followed as it grows, over rotations, and from its end at the start. Refuses to
conclude that anything happened: a line only names who did what is seen anyway. Lines look like
`2026/11/29 17:35:46|suzuki|10.0.0.7|intranet|renameat|ok|/srv/…/from|/srv/…/to`, whatever stands before them.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from syncd.tree.spelling import spell

_LINE: Final = re.compile(
    rb"(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)\|([^|\n]+)\|[^|\n]*\|[^|\n]*\|(\w+)\|ok\|([^\n]*)", re.ASCII
)
_MOVES: Final = frozenset({b"renameat", b"rename"})
_REMOVES: Final = frozenset({b"unlinkat", b"unlink", b"rmdir"})
_WRITES: Final = frozenset({b"pwrite", b"pwrite_send", b"write", b"ftruncate"})
_TOUCHES: Final = frozenset({b"fset_dos_attributes", b"set_dos_attributes"})
_SECONDS_AROUND: Final = 2.0
"""A line's time is cut to the second, and file systems and Samba read different clocks."""
_FROM_THE_END: Final = 16 << 20
"""So many bytes of a log are read at the start."""
_MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class _Doing:
    number: int
    who: str
    at: float


class AuditLog:
    """What people did on the share beneath `root`. Thread-safe.

    Args:
        owner: who it was where the log doesn't say.
    """

    tells = True

    def __init__(self, log: Path, root: Path, owner: Callable[[os.stat_result], str]) -> None:
        self.owner = owner
        self._log = log
        self._roots = tuple(f"{each.rstrip('/')}/" for each in dict.fromkeys((str(root), os.path.realpath(root))))
        self._lock = threading.Lock()
        self._file: tuple[int, int] | None = None
        self._offset = 0
        self._rest = b""
        self._number = 0
        self._brought: OrderedDict[str, _Doing] = OrderedDict()
        # Attributes are set of every new file, so they speak where nothing else does: of copies made by the server.
        self._touched: OrderedDict[str, _Doing] = OrderedDict()
        self._took: OrderedDict[str, _Doing] = OrderedDict()

    def position(self) -> int:
        """See `tree.people.People.position`. A log that can't be read says nothing more."""
        with self._lock:
            with suppress(OSError):  # between two logs, or not readable just now: another file has another inode
                self._follow()
            return self._number

    def brought(self, path: str, stats: os.stat_result, since: int) -> str | None:
        """See `tree.people.People.brought`. What was done before the first look counts if nothing happened after it."""
        with self._lock:
            found = self._newest(self._brought, path, since)
            if found is None:
                found = self._touched.get(path)
                found = found if found is not None and found.number > since else None
        if found is None or (since == 0 and stats.st_ctime > found.at + 1 + _SECONDS_AROUND):
            return None
        return found.who

    def took(self, path: str, since: int) -> str | None:
        """See `tree.people.People.took`."""
        with self._lock:
            found = self._newest(self._took, path, since)
        return found.who if found is not None else None

    def _newest(self, among: OrderedDict[str, _Doing], path: str, since: int) -> _Doing | None:
        """The last that was done to it or to a folder that it lies in."""
        parts = path.split("/")
        above = ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
        found = [doing for each in above if (doing := among.get(each)) is not None and doing.number > since]
        return max(found, key=lambda doing: doing.number, default=None)

    # --- following the log -------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        with self._log.open("rb") as file:
            status = os.fstat(file.fileno())
            identity = (status.st_dev, status.st_ino)
            if self._file != identity or status.st_size < self._offset:
                first = self._file is None and self._number == 0
                self._offset = max(0, status.st_size - _FROM_THE_END) if first else 0
                self._file, self._rest = identity, b""
            if status.st_size == self._offset:
                return
            file.seek(self._offset)
            while chunk := file.read(1 << 20):
                self._offset += len(chunk)
                *lines, self._rest = (self._rest + chunk).split(b"\n")
                for line in lines:
                    self._take(line)

    def _take(self, line: bytes) -> None:
        found = _LINE.search(line)
        if found is None:
            return
        when, who, what, arguments = found.groups()
        if what in _MOVES:
            source, separator, target = arguments.partition(b"|")
            if separator:
                self._note(self._took, source, who, when)
                self._note(self._brought, target, who, when)
        elif what in _REMOVES:
            self._note(self._took, arguments, who, when)
        elif what in _WRITES or (what == b"openat" and arguments.startswith(b"w|")):
            self._note(self._brought, arguments.removeprefix(b"w|"), who, when)
        elif what in _TOUCHES:
            self._note(self._touched, arguments, who, when)

    def _note(self, among: OrderedDict[str, _Doing], path: bytes, who: bytes, when: bytes) -> None:
        full = os.fsdecode(path)
        root = next((each for each in self._roots if full.startswith(each)), None)
        if root is None:
            return
        self._number += 1
        below = spell(full.removeprefix(root))
        among[below] = _Doing(self._number, who.decode("utf-8", "replace"), _seconds(when))
        among.move_to_end(below)
        if len(among) > _MOST:
            among.popitem(last=False)


def _seconds(when: bytes) -> float:
    """Samba writes local times."""
    try:
        return time.mktime(time.strptime(when.decode("ascii"), "%Y/%m/%d %H:%M:%S"))
    except ValueError:
        return 0.0
