"""Days and months in the spellings of Japanese forms, and Excel's day numbers.

Takes text that is `squeezed`. A month alone (令和7年10月, 2025/10, 202510) is its first day; that of a fiscal year lies
in the year that it belongs to (令和7年度2月 is February 2026). A day may stand in a longer text that says nothing else
that could be a number or an end. Refuses what could mean two things: years of two digits, days without a year, two
days, and small numbers, which could be Excel's day numbers or anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

_ERAS: Final = {
    "令和": date(2019, 5, 1),
    "平成": date(1989, 1, 8),
    "昭和": date(1926, 12, 25),
    "大正": date(1912, 7, 30),
    "明治": date(1868, 1, 25),
}
_SHORT: Final = dict(zip("rhstm", _ERAS, strict=True))
_YEAR = (
    r"(?:(?P<era>令和|平成|昭和|大正|明治|[rhstm])\.?(?P<number>元|[0-9]{1,2})"
    r"|(?:西暦)?(?P<year>(?:18|19|20|21)[0-9]{2}))"
)
_TAIL = r"(?:\([日月火水木金土](?:曜日?)?\))?(?:分|度|現在|時点|付け?)?"
_SPELLINGS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}年(?P<month>[0-9]{{1,2}})月(?:(?P<day>[0-9]{{1,2}})日)?{_TAIL}",
        rf"{_YEAR}(?P<sign>[-/.])(?P<month>[0-9]{{1,2}})(?:(?P=sign)(?P<day>[0-9]{{1,2}}))?{_TAIL}",
        r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})?" + _TAIL,
        r"(?P<era>[rhstm])(?P<number>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})?",
    )
)
_FISCAL: Final = re.compile(rf"{_YEAR}年度(?P<month>[0-9]{{1,2}})月{_TAIL}")
_WITHIN: Final = tuple(
    re.compile(rf"(?<![0-9a-z]){pattern}(?![0-9])")
    for pattern in (
        rf"{_YEAR}年度(?P<fiscal>[0-9]{{1,2}})月(?![0-9])",
        rf"{_YEAR}年(?P<month>[0-9]{{1,2}})月(?:(?P<day>[0-9]{{1,2}})日)?",
        rf"{_YEAR}(?P<sign>[-/.])(?P<month>[0-9]{{1,2}})(?P=sign)(?P<day>[0-9]{{1,2}})",
    )
)
_NOT_ALONE: Final = re.compile(r"[0-9~〜]|から|まで|以前|以後|以降|改正|施行|-|年|月")
_BLANK: Final = re.compile(r"(?:令和|平成|昭和|西暦|20)?年月?日?(?:分|現在|時点)?|[-/.]+")
_TIME: Final = re.compile(r"(?<=[0-9日])(?:[Tt]|\s+)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?\s*$")
_FIRST_SERIAL: Final = 10_000
"""18 May 1927. A number of fewer digits in a cell for a day is a year or a day of the month that somebody wrote."""
_LAST_SERIAL: Final = 100_000


def without_time(text: str) -> str:
    """A text that is not squeezed yet, less the time of day at its end."""
    return _TIME.sub("", text)


def read_date(text: str) -> date | None:
    """The day; None when it is still to be filled in (`令和　年　月　日`). Raises ValueError."""
    if not text or _BLANK.fullmatch(text):
        return None
    for spelling in _SPELLINGS:
        if found := spelling.fullmatch(text):
            words = found.groupdict()
            return _day(words.get("era"), words.get("number"), words.get("year"), words["month"], words.get("day"))
    if found := _FISCAL.fullmatch(text):
        return _of_fiscal_year(found.groupdict(), found["month"])
    if (day := _within(text)) is not None:
        return day
    if re.fullmatch(r"[0-9]{5,6}(?:\.[0-9]+)?", text):
        return day_of_number(int(text.partition(".")[0]))
    raise ValueError("no day")


def _of_fiscal_year(words: Mapping[str, str | None], month: str) -> date:
    """Of the year in whose April the fiscal year began; 令和元年度 is the whole of 2019, too."""
    begun = _day(words.get("era"), words.get("number"), words.get("year"), "12", None)
    return date(begun.year + (int(month) < 4), int(month), 1)


def _within(text: str) -> date | None:
    """The one day or month that stands in a longer text, which says nothing else about days."""
    for spelling in _WITHIN:
        if found := spelling.search(text):
            if _NOT_ALONE.search(text[: found.start()] + "|" + text[found.end() :]):
                return None
            words = found.groupdict()
            if fiscal := words.get("fiscal"):
                return _of_fiscal_year(words, fiscal)
            return _day(words.get("era"), words.get("number"), words.get("year"), words["month"], words.get("day"))
    return None


def day_of_number(number: int) -> date:
    """The day that a whole number in a cell means: 20251001, 202510, or Excel's count of days. Raises ValueError."""
    if 19_000_101 <= number <= 20_991_231:
        return date(number // 10_000, number // 100 % 100, number % 100)
    if 190_001 <= number <= 209_912:
        return date(number // 100, number % 100, 1)
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return date(1899, 12, 30) + timedelta(days=number)
    raise ValueError("no day")


def _day(era: str | None, number: str | None, year: str | None, month: str, day: str | None) -> date:
    if era is None or number is None:
        return date(int(year or 0), int(month), int(day or 1))
    begin = _ERAS[_SHORT.get(era, era)]
    counted = 1 if number == "元" else int(number)
    found = date(begin.year + counted - 1, int(month), int(day or 1))
    # After an era's end people go on counting (平成32年); before its beginning nobody did.
    last = found if day else found.replace(day=28)
    if counted < 1 or last < begin:
        raise ValueError("before the era")
    return found
