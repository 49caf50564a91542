"""The real daemon on other days than today: `python -m syncd.demo.on_a_day CONFIG`, with moments on standard input.

At each line (`2026-11-05T08:00:00+09:00`) the daemon of the day before ends, and one of that day starts. Only the demo
does so: what a ward starts (`syncd run`) goes by the computer's clock, and nothing in its configuration or environment
could set another.
"""

from __future__ import annotations

import logging
import queue
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

from syncd.config import load
from syncd.daemon import Daemon
from syncd.looking import Progress
from syncd.notices.sender import Sender
from syncd.world import World

POKE_SECONDS = 0.1


class DisplacedClock:
    """Goes on from a given moment as fast as the computer's."""

    def __init__(self, moment: datetime) -> None:
        self._ahead = moment.timestamp() - time.time()

    def now(self) -> float:
        return time.time() + self._ahead

    def monotonic(self) -> float:
        return time.monotonic()


class PromptDaemon(Daemon):
    """The same daemon, whose sender looks ten times a second for what there is to say, where a second is soon enough.

    Somebody watches, and every scene waits for its messages.
    """

    def _work(self, world: World, sender: Sender, progress: Progress | None) -> None:
        over = threading.Event()

        def poke() -> None:
            while not over.wait(POKE_SECONDS):
                sender.poke()

        threading.Thread(target=poke, name="impatience", daemon=True).start()
        try:
            super()._work(world, sender, progress)
        finally:
            over.set()


class Days:
    """The moments that are asked for, each of which ends the daemon of the one before."""

    def __init__(self) -> None:
        self._asked: queue.Queue[str] = queue.Queue()
        self._daemon: Daemon | None = None

    def listen(self) -> None:
        """Takes moments from standard input until its end; meant for a thread of its own."""
        for line in sys.stdin:
            self._next(line.strip())
        self._next("")

    def _next(self, moment: str) -> None:
        self._asked.put(moment)
        if self._daemon is not None:
            self._daemon.stop()

    def work(self, path: Path) -> int:
        """One day after the other; ends with the input, or when a daemon ends that nobody asked to; its status."""
        status = 0
        while moment := self._asked.get():
            self._daemon = PromptDaemon(path, load(path), DisplacedClock(datetime.fromisoformat(moment)))
            status = self._daemon.run()
            if self._asked.empty():
                break
        return status


def main(config: str) -> int:
    """Works until it is told to stop; the exit status."""
    lines = logging.StreamHandler()
    lines.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logging.getLogger("syncd").addHandler(lines)
    logging.getLogger("syncd").setLevel(logging.INFO)
    logging.getLogger().addHandler(logging.NullHandler())  # as with `syncd run`: libraries name addresses
    days = Days()
    threading.Thread(target=days.listen, name="days", daemon=True).start()
    return days.work(Path(config))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
