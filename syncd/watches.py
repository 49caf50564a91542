"""The watches over both sides: started, seen to now and then, started anew where one has gaps or has died.

Owns which side is watched and how. What a watch tells goes into a queue; a gap is a reason to look, never to conclude.
"""

from __future__ import annotations

import logging
import os
import queue
from pathlib import Path

from syncd.config import Config
from syncd.errors import SyncdError
from syncd.hints import root_of
from syncd.model import Side
from syncd.tree.watch import Watch, watch

LOG = logging.getLogger("syncd")
Hinted = queue.Queue[tuple[Side, str | None]]
"""(side, path below its root); None: anything on that side may have changed."""


class Watches:
    """One watch a side.

    Args:
        hinted: takes what they tell.
    """

    def __init__(self, config: Config, hinted: Hinted) -> None:
        self._config = config
        self._hinted = hinted
        self._running: dict[Side, Watch] = {}
        self._roots: dict[Side, tuple[int, int] | None] = {}
        self._said: dict[Side, str] = {}

    def start(self) -> None:
        """Begins on both sides; one that can't be watched is tried again by `mend`."""
        for side in Side:
            self._start(side)

    def mend(self) -> None:
        """Starts anew what isn't watched whole: a died watch, a share that was mounted again, a limit since raised."""
        for side in Side:
            running = self._running.get(side)
            if running is None or self._roots.get(side) != _identity(self._root(side)) or not running.whole():
                if running is not None:
                    running.stop()
                self._start(side)

    def polls(self, side: Side) -> bool:
        """Whether that side's hints only name an operator's folder, not what changed in it."""
        running = self._running.get(side)
        return running is not None and running.mode == "poll"

    def stop(self) -> None:
        """Ends them, with their threads."""
        for running in self._running.values():
            running.stop()
        self._running.clear()

    def _start(self, side: Side) -> None:
        root = self._root(side)
        self._running.pop(side, None)
        self._roots[side] = _identity(root)
        try:
            found = watch(
                self._config.intranet.watch,
                root,
                lambda path: self._hinted.put((side, path)),
                lambda: self._hinted.put((side, None)),
            )
            found.start()
        except SyncdError as error:
            self._say(side, logging.ERROR, f"{error} — only full looks until then")
            return
        self._running[side] = found
        how = "events" if found.mode == "events" else "looking again and again"
        if found.whole():
            self._say(side, logging.INFO, f"{how} for {root}")
        else:
            why = f"not every folder under {root} can be watched; raise fs.inotify.max_user_watches"
            self._say(side, logging.WARNING, why)

    def _root(self, side: Side) -> Path:
        return root_of(self._config, side)

    def _say(self, side: Side, level: int, what: str) -> None:
        """What was said of a side is said again only when it is something else."""
        if self._said.get(side) != what:
            self._said[side] = what
            LOG.log(level, "%s: %s", side, what)


def _identity(root: Path) -> tuple[int, int] | None:
    """What tells a root from another that is mounted, or moved, to its place; None: there is none."""
    try:
        status = os.stat(root)
    except OSError:
        return None
    return status.st_dev, status.st_ino
