"""The ward's days: which are business days in Japan, where a due day rolls to, when people may be asked for something.

Pure. Weekends, national holidays (with 振替休日 and 国民の休日) and 12/29–1/3 are closed; `rules/_calendar.yaml` names
further closed days and open ones. Refuses to know what is due (`expected`) and to tell anybody (`reminders`). Nothing
here ever fails for a date, however far away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal

from syncd.errors import Problem
from syncd.yamltext import Node, Reader

Roll = Literal["next_business_day", "previous_business_day", "none"]

_DAY: Final = timedelta(days=1)
_MOST_STEPS: Final = 400  # a calendar that is closed all year must not keep anybody looking for ever
_MOST_INTERVAL: Final = 200


@dataclass(frozen=True, slots=True)
class Intervals:
    """After how many business days people are asked again, rising; the last one also tells staff (D5).

    Attributes:
        corrections: since a document was sent back and not sent in again.
        agreements: since the ward's version was offered and neither agreed to nor corrected.
        originals: since the sealed original was asked for.
        requests: since staff asked for something that is on no checklist.
        review: since a document came into review; only staff are told.
        answer_days: business days that the operator is given to agree, or to send a sealed original.
    """

    corrections: tuple[int, ...] = (3, 7, 14)
    agreements: tuple[int, ...] = (3, 7, 14)
    originals: tuple[int, ...] = (5, 10, 15)
    requests: tuple[int, ...] = (3, 7, 14)
    review: tuple[int, ...] = (5, 10)
    answer_days: int = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Business days and office hours of the ward.

    Attributes:
        closed, open: days that are so whatever the rule says; no day is in both.
        opens, closes: between these local times of a business day, and only then, people are reminded.
    """

    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()
    opens: time = time(8, 30)
    closes: time = time(17, 15)
    remind: Intervals = field(default_factory=Intervals)

    def business_day(self, day: date) -> bool:
        """Somebody of the ward is at work."""
        if day in self.open or day in self.closed:
            return day in self.open
        return day.weekday() < 5 and not _turn_of_the_year(day) and not holiday(day)

    def closed_day(self, day: date) -> bool:
        """The opposite, as quiet hours ask for it."""
        return not self.business_day(day)

    def roll(self, day: date, roll: Roll) -> date:
        """The day itself if it is a business day (or shall not roll), else the next or the previous one."""
        if roll == "none" or self.business_day(day):
            return day
        days = self._business_days(day, 1 if roll == "next_business_day" else -1)
        return next(days, day)

    def add_business_days(self, day: date, count: int) -> date:
        """The `count`-th business day after `day`, or before it when negative; 0: the day itself."""
        found = day
        days = self._business_days(day, 1 if count > 0 else -1)
        for _ in range(abs(count)):
            found = next(days, found)
        return found

    def business_days_between(self, start: date, end: date) -> int:
        """How many business days there are after `start`, up to and with `end`; 0 when it isn't after."""
        count, day = 0, start
        while day < end:
            day += _DAY
            count += self.business_day(day)
        return count

    def in_office_hours(self, moment: datetime) -> bool:
        """Whether people may be reminded at that local moment."""
        return self.business_day(moment.date()) and self.opens <= moment.time() < self.closes

    def next_opening(self, moment: datetime) -> datetime:
        """`moment` itself within office hours, else when they begin next (in its own time zone)."""
        if self.in_office_hours(moment):
            return moment
        day = moment.date()
        if not self.business_day(day) or moment.time() >= self.closes:
            day = self.add_business_days(day, 1)
        return datetime.combine(day, self.opens, moment.tzinfo)

    def _business_days(self, day: date, step: int) -> Iterator[date]:
        """Business days from beside `day` on, backwards when `step` is -1, as far as there are any near."""
        closed_in_a_row = 0
        while closed_in_a_row < _MOST_STEPS and day not in (date.min, date.max):
            day += _DAY * step
            closed_in_a_row += 1
            if self.business_day(day):
                closed_in_a_row = 0
                yield day


@lru_cache(maxsize=8192)
def holiday(day: date) -> bool:
    """A national holiday of Japan, as far as the law is known today."""
    import jpholiday  # 40 ms, and weekends need it not

    try:
        return jpholiday.is_holiday(day)
    except (OverflowError, ValueError):  # it looks at the days beside it, and the first and last date have none
        return False


def _turn_of_the_year(day: date) -> bool:
    """12/29–1/3, when offices are closed by ordinance; of these only 1/1 is a national holiday."""
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


# ── rules/_calendar.yaml ──


def read_calendar(node: Node, problems: list[Problem], standard: Calendar) -> Calendar:
    """The calendar of a file; what it doesn't say is as `standard` has it. All faults go to `problems`."""
    reader = Reader(node, problems)
    closed, opened = _days(reader, "closed"), _days(reader, "open")
    for day in sorted(closed.keys() & opened.keys()):
        reader.problem(f"{day} is both closed and open", "remove it from one of the lists", node=opened[day])
    hours = reader.group("office_hours")
    begin, end = _clock(hours, "from", standard.opens), _clock(hours, "to", standard.closes)
    hours.finish()
    if begin >= end:
        hours.problem("office_hours: `from` must be before `to`", 'e.g. {from: "08:30", to: "17:15"}')
    remind = _intervals(reader.group("remind"), standard.remind)
    reader.finish()
    return Calendar(
        frozenset(closed) if reader.has("closed") else standard.closed,
        frozenset(opened) if reader.has("open") else standard.open,
        begin,
        end,
        remind,
    )


def _days(reader: Reader, key: str) -> dict[date, Node]:
    found: dict[date, Node] = {}
    for node in reader.items(key, single=True):
        try:
            day = date.fromisoformat(node.raw) if len(node.raw) == 10 else None
        except ValueError:
            day = None
        if day is None:
            said = repr(node.raw[:40]) if node.raw else "a list or group"
            reader.problem(f"{key} can't have {said}", "write a day that exists like 2026-05-01", node=node)
        elif day in found:
            reader.problem(f"{key} has {day} twice", "remove one of the two", node=node)
        else:
            found[day] = node
    return found


def _clock(reader: Reader, key: str, default: time) -> time:
    written = reader.optional_text(key)
    if written is None:
        return default
    try:
        hour, _, minute = written.partition(":")
        if len(minute) == 2 and (hour + minute).isascii() and (hour + minute).isdecimal():
            return time(int(hour), int(minute))
    except ValueError:
        pass
    if written:
        reader.problem(f"office_hours.{key} can't be {written[:40]!r}", 'write a time of day, e.g. "08:30"', key)
    return default


def _intervals(reader: Reader, standard: Intervals) -> Intervals:
    def steps(key: str, default: tuple[int, ...]) -> tuple[int, ...]:
        found = reader.integers(key, least=1, most=_MOST_INTERVAL)
        return tuple(sorted(set(found))) if reader.has(key) else default

    found = Intervals(
        steps("corrections", standard.corrections),
        steps("agreements", standard.agreements),
        steps("originals", standard.originals),
        steps("requests", standard.requests),
        steps("review", standard.review),
        reader.integer("answer_days", standard.answer_days, least=1, most=_MOST_INTERVAL),
    )
    reader.finish()
    return found
