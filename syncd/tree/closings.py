"""What the kernel told of files that were closed after writing: for those whose openness can't be asked for.

Owns the evidence that nobody has written to a file since somebody closed it, by the path at which it lies. It goes
along with the file and ends with it, in the order in which the kernel tells. A hint that is lost only makes a file wait
longer; nothing is ever concluded from a file's not being here but that.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from typing import Final

_MOST: Final = 20_000


class Closings:
    """Of one tree, by paths below its root. Told by a watch's thread, asked by those who look."""

    def __init__(self) -> None:
        self._closed: OrderedDict[str, tuple[int, int, int]] = OrderedDict()
        self._since: float | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """From now on every closing is told: a watch is whole."""
        self._since = time.time()

    def end(self) -> None:
        """Nothing more is told, so it isn't told either which of the files lie elsewhere."""
        self._since = None
        with self._lock:
            self._closed.clear()

    def missed(self) -> None:
        """Some of what happened wasn't told."""
        if self._since is not None:
            self.end()
            self.begin()

    def closed(self, path: str, full: str) -> None:
        """The file there (`full`: as the system knows it) was closed by somebody who could write to it."""
        try:
            stats = os.lstat(full)
        except OSError:
            return  # gone on already: it only waits longer
        with self._lock:
            self._closed[path] = (stats.st_ino, stats.st_size, stats.st_mtime_ns)
            self._closed.move_to_end(path)
            if len(self._closed) > _MOST:
                self._closed.popitem(last=False)

    def moved(self, source: str, target: str) -> None:
        """The file at `source` lies at `target` now."""
        with self._lock:
            self._closed.pop(target, None)
            if (evidence := self._closed.pop(source, None)) is not None:
                self._closed[target] = evidence

    def other(self, path: str) -> None:
        """What lay there was deleted, or something new was made there."""
        with self._lock:
            self._closed.pop(path, None)

    def is_closed(self, path: str, stats: os.stat_result) -> bool:
        """Whether it has not been written to since it was closed; that its time was set back is no writing."""
        with self._lock:
            inode, size, written_at = self._closed.get(path, (-1, -1, 0))
        return (stats.st_ino, stats.st_size) == (inode, size) and stats.st_mtime_ns <= written_at

    def would_know(self, stats: os.stat_result) -> bool:
        """Whether its closing would have been told, had there been one since it last changed."""
        return self._since is not None and stats.st_ctime > self._since
