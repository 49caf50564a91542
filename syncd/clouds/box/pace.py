"""How fast Box may be called: token buckets under its limits for one user, shared by all threads.

Box takes 1,000 calls and 240 uploads a minute from a user. A bucket that holds B and refills at r a second never lets
more than B + 60 r through in a minute.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

CALLS = (300.0, 10.5)
"""Calls that may come at once, and calls a second after that: at most 930 a minute."""
UPLOADS = (60.0, 2.8)
"""The same for uploads: at most 228 a minute."""


class Pace:
    """Says how long to wait before the next call.

    Args:
        monotonic: seconds that only go forward.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._calls = _Bucket(*CALLS, monotonic())
        self._uploads = _Bucket(*UPLOADS, monotonic())
        self._resting_until = float("-inf")

    def take(self, upload: bool) -> float:
        """Takes one call; returns the seconds to wait before making it."""
        with self._lock:
            now = self._monotonic()
            wait = self._calls.take(now)
            if upload:
                wait = max(wait, self._uploads.take(now))
            return max(wait, self._resting_until - now, 0.0)

    def rest(self, seconds: float) -> None:
        """Box asked for a pause: nobody calls before it is over."""
        with self._lock:
            self._resting_until = max(self._resting_until, self._monotonic() + seconds)

    @property
    def resting(self) -> float:
        """How many seconds of a pause are left."""
        return max(0.0, self._resting_until - self._monotonic())


class _Bucket:
    def __init__(self, capacity: float, rate: float, now: float) -> None:
        self._capacity = capacity
        self._rate = rate
        self._level = capacity
        self._at = now

    def take(self, now: float) -> float:
        """Takes one, on credit if need be; returns the seconds until the debt is paid."""
        self._level = min(self._capacity, self._level + max(0.0, now - self._at) * self._rate) - 1.0
        self._at = now
        return max(0.0, -self._level / self._rate)
