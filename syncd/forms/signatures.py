"""The functions that checks may call: how many values each takes, and how it is written. What they do: `functions`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Signature:
    """How a function is called; `example` shows it."""

    example: str
    least: int = 1
    most: int = 1


FUNCTIONS: Final[Mapping[str, Signature]] = MappingProxyType(
    {
        "sum": Signature("sum(ages)", 1, 20),
        "mean": Signature("mean(counts)"),
        "count": Signature("count(children.name)"),
        "distinct": Signature("distinct(children.number)"),
        "len": Signature("len(children)"),
        "min": Signature("min(ages)", 1, 20),
        "max": Signature("max(ages)", 1, 20),
        "abs": Signature("abs(total - last)"),
        "round": Signature("round(total / weeks, 1)", 1, 2),
        "round_up": Signature("round_up(total / 3)", 1, 2),
        "round_down": Signature("round_down(amount * 0.1)", 1, 2),
        "all": Signature("all(children.age >= 0)", 1, 20),
        "any": Signature("any(children.age >= 3)", 1, 20),
        "given": Signature("given(reason)"),
        "contains": Signature("contains(addressee, '新宿区長')", 2, 2),
        "like": Signature("like(number, '東京-######')", 2, 2),
        "days": Signature("days(begin, end)", 2, 2),
        "year": Signature("year(status_date)"),
        "month": Signature("month(status_date)"),
        "day": Signature("day(status_date)"),
        "weekday": Signature("weekday(day_of_use) != '日'"),
        "business_day": Signature("business_day(day_of_use)"),
        "age": Signature("age(children.born, period.first)", 2, 2),
        "date": Signature("date(2026, 10, 1)", 1, 3),
        "time": Signature("time('7:30')", 1, 2),
        "duration": Signature("duration('7:30')", 1, 2),
        "hours": Signature("hours(worked) <= 8"),
        "minutes": Signature("minutes(late) <= 30"),
        "only": Signature("sum(only(lines.amount, lines.kind == '加算'))", 2, 10),
        "weekly_max": Signature("weekly_max(daily.date, daily.count)", 2, 2),
    }
)
