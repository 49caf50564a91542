"""Which operator is to be looked at when: due times, and never two workers in one operator's folders."""

from __future__ import annotations

import threading
import time


class Schedule:
    """Operators that are due, by monotonic seconds; safe for several threads."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}
        self._running: set[str] = set()
        self._changed = threading.Condition()
        self._stopped = False
        self._resting = False
        self.finished = 0
        """Rounds that came to an end: progress, for the watchdog."""

    def soon(self, operator: str, delay: float = 0.0) -> None:
        """The operator is to be looked at, at the latest `delay` seconds from now; also while a round runs."""
        due = time.monotonic() + delay
        with self._changed:
            if due < self._due.get(operator, float("inf")):
                self._due[operator] = due
                self._changed.notify()

    def take(self) -> str | None:
        """Waits for an operator that is due and not being worked on; None when the schedule was stopped."""
        with self._changed:
            while not self._stopped:
                now = time.monotonic()
                free = [(due, operator) for operator, due in self._due.items() if operator not in self._running]
                if self._resting:
                    self._changed.wait()
                    continue
                if free and min(free)[0] <= now:
                    operator = min(free)[1]
                    del self._due[operator]
                    self._running.add(operator)
                    return operator
                self._changed.wait(min(free)[0] - now if free else None)
            return None

    def done(self, operator: str) -> None:
        with self._changed:
            self._running.discard(operator)
            self.finished += 1
            self._changed.notify_all()

    def is_running(self, operator: str) -> bool:
        with self._changed:
            return operator in self._running

    @property
    def running(self) -> frozenset[str]:
        with self._changed:
            return frozenset(self._running)

    def rest(self) -> bool:
        """Hands nobody out until `go_on`; True once the last round that was running is over."""
        with self._changed:
            self._resting = True
            return not self._running

    def go_on(self) -> None:
        """Hands operators out again after a `rest`."""
        with self._changed:
            self._resting = False
            self._changed.notify_all()

    def overdue(self, seconds: float) -> bool:
        """Whether somebody has been waiting for a worker for that long."""
        with self._changed:
            return bool(self._due) and time.monotonic() - min(self._due.values()) > seconds

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
