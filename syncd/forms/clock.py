"""Times of day and lengths of time in the spellings of Japanese forms, and as expressions write them.

Takes text that is `squeezed`. Both are timedeltas: a time of day counts from midnight and may go on into the night
(25:30, 翌1:30). Refuses what could mean two things: 午後12時, 7:75, a number without its unit.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, Literal

from syncd.forms.labels import squeezed

Unit = Literal["hours", "minutes"]

_LAST_HOUR: Final = 47
_MOST_HOURS: Final = 100_000
_TIME: Final = re.compile(
    r"(?P<next>翌日?)?(?P<half>午前|午後|am|pm)?(?P<hours>[0-9]{1,2})"
    r"(?::(?P<minutes>[0-9]{2})(?::(?P<seconds>[0-9]{2}))?|時(?:(?P<spoken>[0-9]{1,2})分|(?P<thirty>半))?)?(?P<after>am|pm)?"
)
_CLOCKED: Final = re.compile(r"(?P<minus>[-▲△])?(?P<hours>[0-9]{1,5}):(?P<minutes>[0-9]{2})(?::(?P<seconds>[0-9]{2}))?")
_SPOKEN: Final = re.compile(
    r"(?P<minus>[-▲△])?(?:(?P<hours>[0-9]{1,5}(?:\.[0-9]{1,4})?)(?:時間|hours?|hrs?|h))?"
    r"(?:(?P<minutes>[0-9]{1,6})(?:分間?|minutes?|mins?|m)|(?P<thirty>半))?"
)
_BARE: Final = re.compile(r"(?P<minus>[-▲△])?(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,6})(?:\.[0-9]{1,4})?)")
_OPEN: Final = re.compile(r"(?:午前|午後|午前[・/]午後)?(?:時間?)?(?:分)?|[:-]+")


def read_time(text: str) -> timedelta | None:
    """The time of day since midnight; None when it is still to be filled in. Raises ValueError."""
    if _OPEN.fullmatch(text):
        return None
    found = _TIME.fullmatch(text)
    if found is None or not (found["minutes"] or "時" in text or found["half"] or found["after"]):
        raise ValueError("no time of day")
    hours, minutes = int(found["hours"]), int(found["minutes"] or found["spoken"] or (30 if found["thirty"] else 0))
    half = found["half"] or found["after"]
    if half and (hours > 12 or (found["half"] and (found["after"] or hours == 12))):
        raise ValueError("this could be two times of day")
    if half:
        hours = hours % 12 + (12 if half in ("午後", "pm") else 0)
    if hours > (23 if found["next"] else _LAST_HOUR):
        raise ValueError("no hour of the day")
    return _length(hours + (24 if found["next"] else 0), minutes, int(found["seconds"] or 0))


def read_duration(text: str, unit: Unit | None = None) -> timedelta | None:
    """A length of time; a bare number is of `unit`, or nothing that can be told. None as above. Raises ValueError."""
    if _OPEN.fullmatch(text):
        return None
    if found := _CLOCKED.fullmatch(text):
        long = _length(int(found["hours"]), int(found["minutes"]), int(found["seconds"] or 0))
    elif (found := _SPOKEN.fullmatch(text)) and (found["hours"] or (found["minutes"] and not found["thirty"])):
        long = _spoken(found)
    elif unit and (found := _BARE.fullmatch(text)):
        long = of_number(Decimal(found["number"].replace(",", "")), unit)
    else:
        raise ValueError("no length of time")
    return -long if found["minus"] else long


def of_number(number: int | Decimal, unit: Unit) -> timedelta:
    """So many hours or minutes. Raises ValueError."""
    seconds = Decimal(number) * (3_600 if unit == "hours" else 60)
    if abs(seconds) > _MOST_HOURS * 3_600 or seconds != seconds.to_integral_value():
        raise ValueError("no length of time that forms have")
    return timedelta(seconds=int(seconds))


def _spoken(found: re.Match[str]) -> timedelta:
    hours, minutes = Decimal(found["hours"] or 0), int(found["minutes"] or (30 if found["thirty"] else 0))
    split = found["hours"] and (found["minutes"] or found["thirty"])
    if split and (minutes > 59 or hours != hours.to_integral_value()):
        raise ValueError("this could be two lengths of time")
    return of_number(hours, "hours") + of_number(minutes, "minutes")


def _length(hours: int, minutes: int, seconds: int) -> timedelta:
    if minutes > 59 or seconds > 59:
        raise ValueError("an hour has 60 minutes")
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def time_of_cell(value: object) -> timedelta:
    """What a cell that shows a time says of the day. Raises ValueError."""
    if isinstance(value, datetime):
        # A day alone stands in the file as its midnight; only before the first days of spreadsheets that is a time.
        if value.time() == time(0) and value.year > 1904:
            raise ValueError("a day")
        value = value.time()
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, timedelta) and timedelta(0) <= value < timedelta(hours=_LAST_HOUR + 1):
        return _whole(value)
    raise ValueError("no time of day")


def duration_of_cell(value: object) -> timedelta:
    """What a cell that shows hours and minutes says of a length; one that shows a moment, no. Raises ValueError."""
    if isinstance(value, timedelta):
        return _whole(value)
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    raise ValueError("no length of time")


def _whole(value: timedelta) -> timedelta:
    """Fractions of a day are stored with noise behind the second."""
    if abs(value) > timedelta(hours=_MOST_HOURS):
        raise ValueError("no length of time that forms have")
    return timedelta(seconds=round(value.total_seconds()))


def shown_time(value: timedelta) -> str:
    """7:30, -1:05, 36:00; seconds only where there are some."""
    seconds = abs(round(value.total_seconds()))
    sign = "-" if value < timedelta(0) else ""
    text = f"{sign}{seconds // 3_600}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text


# ── as expressions write them ──


def written_day(*parts: object) -> date:
    """date(2026, 10, 1), date('2026-10-01'). Raises ValueError."""
    from syncd.forms.dates import read_date

    if len(parts) == 1 and isinstance(parts[0], str):
        found = read_date(squeezed(parts[0]))
        if found is None or ("月" not in parts[0] and len(re.findall("[0-9]+", parts[0])) == 2):
            raise ValueError("no whole day")
        return found
    year, month, day = (_part(part) for part in parts)
    return date(year, month, day)


def written_time(*parts: object) -> timedelta:
    """time(7, 30), time('7:30'). Raises ValueError."""
    if len(parts) == 1 and isinstance(parts[0], str):
        return _there(read_time(squeezed(parts[0])))
    return _there(read_time(f"{_part(parts[0])}:{_part(parts[1]):02}"))


def written_duration(*parts: object) -> timedelta:
    """duration(7, 30), duration('7時間30分'). Raises ValueError."""
    if len(parts) == 1 and isinstance(parts[0], str):
        return _there(read_duration(squeezed(parts[0])))
    return _length(_part(parts[0]), _part(parts[1]), 0)


def _part(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10_000:
        raise ValueError("no part of a day or time")
    return value


def _there(found: timedelta | None) -> timedelta:
    if found is None:
        raise ValueError("nothing is written")
    return found
