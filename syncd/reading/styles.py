"""Which styles of an xlsx workbook show a number as a day, a time, a time that elapsed, or per cent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from syncd.reading.ooxml.package import Package, local, parser

_DAYS: Final = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
_ELAPSED_BUILTIN: Final = 46
_PERCENT_BUILTIN: Final = frozenset({9, 10})
_NOT_SHOWN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ELAPSED: Final = re.compile(r"\[(?:h+|m+|s+)\]")
_MOST: Final = 100_000


def shown_as(package: Package) -> list[str]:
    """Of each style, by its number: "day" (moments and times of day, too), "elapsed", "percent" or ''."""
    formats: dict[str, str] = {}
    shown: list[str] = []
    inside = False

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal inside
        match local(name):
            case "numFmt":
                formats[given.get("numFmtId", "")] = given.get("formatCode", "")
            case "cellXfs":
                inside = True
            case "xf" if inside and len(shown) < _MOST:
                shown.append(_shown(given.get("numFmtId", "0"), formats))

    def end(name: str) -> None:
        nonlocal inside
        if local(name) == "cellXfs":
            inside = False

    for part in package.related(package.workbook(), "styles")[:1]:
        package.parse(part, parser(start, end))
    return shown


def _shown(number: str, formats: Mapping[str, str]) -> str:
    code = formats.get(number)
    if code is None:
        if not number.isdecimal():
            return ""
        if int(number) in _PERCENT_BUILTIN:
            return "percent"
        return "elapsed" if int(number) == _ELAPSED_BUILTIN else "day" if int(number) in _DAYS else ""
    code = _NOT_SHOWN.sub("", code.partition(";")[0]).lower()
    if "general" in code:
        return ""
    if _ELAPSED.search(code):
        return "elapsed"
    if "%" in code:
        return "percent"
    return "day" if any(letter in code for letter in "ymdhsg") else ""


def counts_from_1904(package: Package) -> bool:
    """Whether the workbook's days are counted from 1904, as old Macs did."""
    return any(
        local(name) == "workbookPr" and given.get("date1904", "0") in ("1", "true")
        for name, given in package.elements(package.workbook())
    )
