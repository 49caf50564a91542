"""How many calls a month will have cost when it is over; pure arithmetic over what was counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

WEEKS: Final = 28
"""Days that the daily mean is taken from: whole weeks, so that weekends count as often as they come."""


def forecast(calls: Mapping[date, int], today: date) -> int:
    """The calls of the month that `today` is in.

    What was counted this month, and for the days that are left the mean of the four weeks before today, as far as
    calls were counted then. On the very first day, today stands for all days.
    """
    month = sum(count for day, count in calls.items() if (day.year, day.month) == (today.year, today.month))
    begin = max(today - timedelta(days=WEEKS), min(calls, default=today))
    days = (today - begin).days
    before = sum(count for day, count in calls.items() if begin <= day < today)
    so_far = calls.get(today, 0)
    daily = before / days if days else float(so_far)
    return ceil(month + max(0.0, daily - so_far) + daily * (_last_of_month(today) - today).days)


@dataclass(frozen=True, slots=True)
class Spent:
    """Calls by kind, and what the month will come to."""

    today: Mapping[str, int]
    month: Mapping[str, int]
    forecast: int


def since(today: date) -> date:
    """From which day on `spent` needs to know the calls."""
    return min(today.replace(day=1), today - timedelta(days=WEEKS))


def spent(calls: Mapping[str, Mapping[str, int]], today: date) -> Spent:
    """The calls of today and of this month. `calls`: by day (`2026-11-25`) and kind."""
    by_day = {date.fromisoformat(day): kinds for day, kinds in calls.items()}
    month: dict[str, int] = {}
    for day, kinds in by_day.items():
        if (day.year, day.month) == (today.year, today.month):
            for kind, count in kinds.items():
                month[kind] = month.get(kind, 0) + count
    totals = {day: sum(kinds.values()) for day, kinds in by_day.items()}
    return Spent(dict(by_day.get(today, {})), month, forecast(totals, today))


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
