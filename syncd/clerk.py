"""What happens beside the rounds: people are reminded, and the pages are kept fresh.

Says when; whom and what is `reminding`'s and `pages`'. A clerk who can't write a page stops nobody's files.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from syncd.errors import SyncdError
from syncd.pages import publish
from syncd.reminding import remind
from syncd.world import World

LOG = logging.getLogger("syncd")
TICK_SECONDS: Final = 0.5
REMIND_SECONDS: Final = 30.0
"""How often it is asked whether somebody is to be reminded."""
REFRESH_SECONDS: Final = 300.0
"""How often pages are looked at when nothing moves: days pass, and pages get lost."""
RESTS: Final = 10.0
"""How many times longer than the last pages took it rests before the next: one core in ten at most."""


class Clerk:
    """Works for one world; `rounds` says how many rounds came to an end."""

    def __init__(self, world: World, rounds: Callable[[], int]) -> None:
        self._world = world
        self._rounds = rounds
        self._stop = threading.Event()

    def once(self) -> None:
        """Everything that is due now; as with notices, no batch is waited for."""
        self._try(lambda: remind(self._world, settled_seconds=0.0))
        self._try(lambda: publish(self._world))

    def run(self) -> None:
        """Until `stop`."""
        seen, whole = -1, False
        next_reminder = next_pages = next_refresh = 0.0
        while not self._stop.wait(TICK_SECONDS):
            now = time.monotonic()
            if now >= next_reminder:
                self._try(lambda: remind(self._world, settled_seconds=self._world.config.chat.batch_seconds))
                next_reminder = now + REMIND_SECONDS
            rounds = self._rounds()
            if now < next_pages or (whole and rounds == seen and now < next_refresh):
                continue
            whole = self._try(lambda: publish(self._world))
            seen, next_refresh = rounds, now + REFRESH_SECONDS
            next_pages = time.monotonic() + RESTS * (time.monotonic() - now)

    def stop(self) -> None:
        """Ends `run` soon; from any thread."""
        self._stop.set()

    def _try(self, work: Callable[[], object]) -> bool:
        try:
            return bool(work())
        except (SyncdError, OSError) as error:
            LOG.error("%s", error)
        except Exception:
            LOG.exception("an unforeseen error beside the rounds; they go on")
        return False
