"""When nobody is to be disturbed: pure calendar arithmetic in the ward's time zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, Protocol

_MOST_STEPS: Final = 400  # a calendar that is closed all year must not hold messages back for ever


def _weekend(day: date) -> bool:
    return day.weekday() >= 5


class Hours(Protocol):
    """Quiet hours as the configuration has them."""

    @property
    def start(self) -> time | None: ...
    @property
    def end(self) -> time | None: ...
    @property
    def closed_days(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours; without `start` and `end` there are none.

    Attributes:
        start, end: local times; the hours may span midnight.
        closed_days: whole closed days are quiet, too.
        is_closed: what a closed day is.
    """

    start: time | None = None
    end: time | None = None
    closed_days: bool = False
    zone: tzinfo = UTC
    is_closed: Callable[[date], bool] = _weekend

    @classmethod
    def of(cls, hours: Hours | None, zone: tzinfo, is_closed: Callable[[date], bool] = _weekend) -> Quiet:
        """What the configuration says; None: never quiet."""
        if hours is None:
            return cls(zone=zone)
        return cls(hours.start, hours.end, hours.closed_days, zone, is_closed)

    def until(self, now: float) -> float:
        """The first moment from `now` on (seconds since the epoch) that is not quiet; `now` itself if it isn't."""
        begin = moment = datetime.fromtimestamp(now, self.zone)
        for _ in range(_MOST_STEPS):
            later = self._later(moment)
            if later is None:
                # `begin` is `now` rounded to microseconds, perhaps up: that is no quiet
                return now if moment == begin else moment.timestamp()
            moment = later
        return now

    def _later(self, moment: datetime) -> datetime | None:
        """When the quiet that `moment` lies in may end; None: it lies in none."""
        if self.closed_days and self.is_closed(moment.date()):
            return self._at(moment.date() + timedelta(days=1), time(0))
        if self.start is None or self.end is None or self.start == self.end:
            return None
        clock = moment.time()
        if self.start < self.end:
            return self._at(moment.date(), self.end) if self.start <= clock < self.end else None
        if clock < self.end:
            return self._at(moment.date(), self.end)
        return self._at(moment.date() + timedelta(days=1), self.end) if clock >= self.start else None

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone)
