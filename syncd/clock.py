"""The time, as one thing that can be handed in: what waits for time to pass asks a `Clock`, never the system."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Two clocks: one that people set, one that only goes forward."""

    def now(self) -> float:
        """Seconds since the epoch; may jump when somebody sets the clock."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary beginning; never jumps."""


class SystemClock:
    """The computer's own clocks."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()
