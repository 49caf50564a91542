"""A document's period as days, for checks: `2026-10`, `2026-Q3`, `2026` (a fiscal year, from April)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

_PERIOD: Final = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")

PARTS: Final = ("first", "last", "year", "month", "fiscal_year", "fiscal_first")
"""What expressions may ask of a period. first, last: its days; year, month: of its first day; fiscal_first: 1 April."""


def is_period(text: str) -> bool:
    """The text is a month, a quarter or a fiscal year."""
    return _PERIOD.fullmatch(text) is not None


def days_of(period: str) -> tuple[date, date]:
    """Its first and last day. Raises ValueError."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise ValueError("no period")
    year, count = int(found["year"]), 1
    if found["month"]:
        begin = date(year, int(found["month"]), 1)
    elif found["quarter"]:
        begin, count = _months_later(date(year, 4, 1), 3 * int(found["quarter"]) - 3), 3
    else:
        begin, count = date(year, 4, 1), 12
    return begin, _months_later(begin, count) - timedelta(days=1)


def part_of(period: str, part: str) -> date | int:
    """One of `PARTS`. Raises ValueError."""
    first, last = days_of(period)
    fiscal_year = first.year - (first.month < 4)
    answers: dict[str, date | int] = {
        "first": first,
        "last": last,
        "year": first.year,
        "month": first.month,
        "fiscal_year": fiscal_year,
        "fiscal_first": date(fiscal_year, 4, 1),
    }
    return answers[part]


def _months_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)
