"""Which month, quarter or fiscal year a name means, in the spellings that people use.

Owns reading periods: `2026-10` (a month), `2026-Q3` (a quarter of a fiscal year, October to December),
`2026` (a fiscal year, April 2026 to March 2027). Takes text that is normalised (`naming.normalised`). Knows no clock:
`today` comes from the caller, and settles only what a bare `10月分` leaves open. Refuses dates: a day is no month.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

Every = Literal["month", "quarter", "fiscal_year"]

REIWA: Final = 2018
"""令和1年 is the year after."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A period as it stands in a text: from `start` to any of `ends` (with and without a closing 分)."""

    start: int
    ends: tuple[int, ...]
    value: str


_YEAR = r"(?<![0-9])(?P<year>20[0-9]{2})"
_ERA = r"(?:令和|(?<![a-z])r)\s?(?P<era>元|[0-9]{1,2})"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])(?![0-9])"
_NO_DAY = r"(?!\s?月?度?\s?[0-9]{1,2}\s?日)"
_TAIL = r"(?P<tail>\s?分)?"
_MONTHLY: Final = tuple(
    re.compile(pattern + _TAIL)
    for pattern in (
        # 202510
        _YEAR + r"(?P<month>0[1-9]|1[0-2])(?![0-9])(?:\s?月度?)?",
        # 令和7年度1月, 2025年度_10月: that month of the fiscal year
        *(f"{year}(?P<fiscal>\\s?年度)[_\\-\\s]?{_MONTH}{_NO_DAY}\\s?月度?" for year in (_YEAR, _ERA)),
        # 2025年10月, 令和7年10月
        *(f"{year}\\s?年\\s?{_MONTH}{_NO_DAY}(?:\\s?月度?)?" for year in (_YEAR, _ERA)),
        # 2025-10, R7.10; 2025-10-05 is a date
        *(
            f"{year}(?P<mark>[-_./]|\\s)\\s?{_MONTH}(?!q|(?P=mark)[0-9]{{1,2}}(?![0-9])){_NO_DAY}(?:\\s?月度?)?"
            for year in (_YEAR, _ERA)
        ),
        # R0710
        r"(?:令和|(?<![a-z])r)(?P<era>[0-9]{2})(?P<month>0[1-9]|1[0-2])(?![0-9])(?:\s?月度?)?",
        # 10月分
        rf"(?<![0-9年度])(?<![年度]\s)(?<!(?:19|20)[0-9]{{2}}[-_./\s]){_MONTH}{_NO_DAY}\s?月度?",
    )
)
_SOME_YEAR = tuple(rf"{year}(?:\s?年度)?" for year in (_YEAR, _ERA, r"(?<![a-z])fy\s?(?P<year>20[0-9]{2})"))
_QUARTER = r"(?:第\s?)?(?P<quarter>[1-4一二三四])\s?四半期"
_QUARTERLY: Final = tuple(
    re.compile(pattern + _TAIL)
    for pattern in (
        *(
            rf"{year}[-_\s]?(?:{_QUARTER}|(?P<before>[1-4])q(?![a-z0-9])|q(?P<after>[1-4])(?![0-9]))"
            for year in _SOME_YEAR
        ),
        rf"(?<![0-9年度第])(?<![年度][-_\s]){_QUARTER}",
    )
)
_NO_PART = r"(?![0-9年])(?![-_./\s]?(?:第?\s?[1-4一二三四]\s?四半期|[1-4]q|q[1-4]|[0-9]{1,2}(?![0-9])\s?月?))"
_YEARLY: Final = tuple(re.compile(rf"{year}{_NO_PART}{_TAIL}") for year in _SOME_YEAR)
_KANJI: Final = {"一": 1, "二": 2, "三": 3, "四": 4}


@lru_cache(maxsize=1024)
def spelled(text: str, every: Every, today: date) -> tuple[Spelled, ...]:
    """All periods of that kind that stand in a normalised text, in their order; overlapping ones only once."""
    patterns, value_of = _KINDS[every]
    return tuple(sorted(_scan(text, patterns, value_of, today), key=lambda found: found.start))


def current(every: Every, today: date) -> str:
    """The period that `today` lies in."""
    if every == "month":
        return f"{today.year}-{today.month:02}"
    year = fiscal_year(today)
    return f"{year}-Q{_quarter_of(today)}" if every == "quarter" else f"{year}"


def before(period: str) -> str:
    """The period just before."""
    year, _, part = period.partition("-")
    if not part:
        return f"{int(year) - 1}"
    if part.startswith("Q"):
        return f"{year}-Q{int(part[1:]) - 1}" if part != "Q1" else f"{int(year) - 1}-Q4"
    return f"{year}-{int(part) - 1:02}" if part != "01" else f"{int(year) - 1}-12"


def after(period: str) -> str:
    """The period just after."""
    return current(kind_of(period), last_day(period) + timedelta(days=1))


def kind_of(period: str) -> Every:
    """Of which kind a period is, by its spelling here (`2026-10`, `2026-Q3`, `2026`)."""
    _, _, part = period.partition("-")
    return "fiscal_year" if not part else "quarter" if part.startswith("Q") else "month"


def first_day(period: str) -> date:
    """The day on which the period begins."""
    year, _, part = period.partition("-")
    if not part:
        return date(int(year), 4, 1)
    if part.startswith("Q"):
        month = 1 + (int(part[1:]) * 3) % 12
        return date(int(year) + (month == 1), month, 1)
    return date(int(year), int(part), 1)


def last_day(period: str) -> date:
    """The day on which the period ends."""
    begin = first_day(period)
    months = begin.month - 1 + {"month": 1, "quarter": 3, "fiscal_year": 12}[kind_of(period)]
    return date(begin.year + months // 12, months % 12 + 1, 1) - timedelta(days=1)


def fiscal_year(day: date) -> int:
    """The year in whose April the fiscal year of that day began."""
    return day.year - (day.month < 4)


def named(text: str, today: date) -> str | None:
    """The one period that a text means as a whole, however it is spelled; None: none, or more than one."""
    text = text.removeprefix("fy").strip()
    readings = (each for every in _KINDS for each in spelled(text, every, today))
    found = {each.value for each in readings if each.start == 0 and len(text) in each.ends}
    return found.pop() if len(found) == 1 else None


def in_name(period: str) -> str:
    """The plainest spelling, for example names: 202610, 2026年度, 2026年度第3四半期."""
    year, _, part = period.partition("-")
    if part.startswith("Q"):
        return f"{year}年度第{part[1:]}四半期"
    return year + part if part else f"{year}年度"


def _scan(
    text: str,
    patterns: tuple[re.Pattern[str], ...],
    value_of: Callable[[re.Match[str], date], str | None],
    today: date,
) -> Iterator[Spelled]:
    taken = bytearray(len(text))
    for pattern in patterns:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            # What is spelled like a period but can't be one is taken, too, lest a part of it be read as another.
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            value = value_of(match, today)
            if value is not None:
                start_of_tail = match.start("tail")
                ends = (match.end(),) if start_of_tail < 0 else (start_of_tail, match.end())
                yield Spelled(match.start(), ends, value)


def _year(match: re.Match[str]) -> int | None:
    """The year that was written, if any; 令和0年 is none."""
    words = match.groupdict()
    if words.get("year"):
        return int(words["year"])
    if words.get("era"):
        number = 1 if words["era"] == "元" else int(words["era"])
        return REIWA + number if number else None
    return None


def _month_value(match: re.Match[str], today: date) -> str | None:
    words, month, year = match.groupdict(), int(match["month"]), _year(match)
    if year is None:
        if words.get("era"):
            return None
        year = today.year - (month > today.month)
    elif words.get("fiscal"):
        year += month < 4
    if words.get("era") and (year, month) < (2019, 5):
        return None  # 令和 began in May
    return f"{year}-{month:02}"


def _quarter_value(match: re.Match[str], today: date) -> str | None:
    words, year = match.groupdict(), _year(match)
    written = words["quarter"] or words.get("before") or words.get("after") or ""
    quarter = _KANJI.get(written) or int(written)
    if year is None:
        if words.get("era"):
            return None
        year = today.year - (today.month < 4) - (quarter > _quarter_of(today))
    return f"{year}-Q{quarter}"


def _year_value(match: re.Match[str], today: date) -> str | None:
    year = _year(match)
    return None if year is None else f"{year}"


def _quarter_of(day: date) -> int:
    return (day.month - 4) % 12 // 3 + 1


_Kind = tuple[tuple[re.Pattern[str], ...], Callable[[re.Match[str], date], str | None]]
_KINDS: Final[dict[Every, _Kind]] = {
    "month": (_MONTHLY, _month_value),
    "quarter": (_QUARTERLY, _quarter_value),
    "fiscal_year": (_YEARLY, _year_value),
}
