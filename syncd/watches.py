"""The watches over both sides: started, seen to now and then, started anew where one has gaps or has died.

Owns which side is watched and how. What a watch tells goes into a queue; a gap is a reason to look, never to conclude.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Mapping

from syncd.config import Watch as Mode
from syncd.contract import Tree, Watch
from syncd.errors import SyncdError
from syncd.model import Side

LOG = logging.getLogger("syncd")
Hinted = queue.Queue[tuple[Side, str | None]]
"""(side, path below its root); None: anything on that side may have changed."""


class Watches:
    """One watch a side.

    Args:
        trees: both sides as they are now; after a changed configuration they are others.
        mode: how a directory is watched.
        hinted: takes what they tell.
    """

    def __init__(self, trees: Callable[[], Mapping[Side, Tree]], mode: Mode, hinted: Hinted) -> None:
        self._trees = trees
        self._mode = mode
        self._hinted = hinted
        self._running: dict[Side, Watch] = {}
        self._watched: dict[Side, Tree] = {}
        self._roots: dict[Side, str | None] = {}
        self._said: dict[Side, str] = {}

    def start(self) -> None:
        """Begins on both sides; one that can't be watched is tried again by `mend`."""
        for side in Side:
            self._start(side)

    def mend(self) -> None:
        """Starts anew what isn't watched whole: a died watch, a share mounted again, a limit since raised."""
        for side in Side:
            running, tree = self._running.get(side), self._trees()[side]
            another = self._watched.get(side) is not tree or self._roots.get(side) != tree.mounted()
            if running is None or another or not running.whole():
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
        tree = self._watched[side] = self._trees()[side]
        self._running.pop(side, None)
        self._roots[side] = tree.mounted()
        try:
            found = tree.watch(
                self._mode,
                lambda path: self._hinted.put((side, path)),
                lambda: self._hinted.put((side, None)),
            )
            found.start()
        except SyncdError as error:
            self._say(side, logging.ERROR, f"{error} — only full looks until then")
            return
        self._running[side] = found
        how = "events" if found.mode == "events" or tree.kind != "folder" else "looking again and again"
        if found.whole():
            self._say(side, logging.INFO, f"{how} for {tree.title}")
        else:
            why = f"not every folder under {tree.title} can be watched; raise fs.inotify.max_user_watches"
            self._say(side, logging.WARNING, why)

    def _say(self, side: Side, level: int, what: str) -> None:
        """What was said of a side is said again only when it is something else."""
        if self._said.get(side) != what:
            self._said[side] = what
            LOG.log(level, "%s: %s", side, what)
