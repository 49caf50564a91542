"""The texts and the date formats of an xlsx workbook, which its cells only number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from syncd.reading.ooxml.package import Package, Unusable, local, parser

MOST_TEXT: Final = 32 * 1024 * 1024
"""Characters of all texts of a workbook together."""

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def plain(text: str) -> str:
    """A text as it reads: escaped characters undone, one kind of line end."""
    if "_x" in text:
        text = _ESCAPED.sub(_character, text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)


def shared_texts(package: Package, raised: Callable[[str], str] | None = None) -> list[str]:
    """The workbook's texts, runs put together, readings (furigana) left out.

    `raised` writes what formatting raises or lowers; left out, that is as the rest.
    """
    texts: list[str] = []
    pieces: list[str] = []
    taking = [0, 0]  # inside <t>; inside <rPh>
    high = [False]
    length = 0

    def start(name: str, given: dict[str, str]) -> None:
        match local(name):
            case "si":
                pieces.clear()
                high[0] = False
            case "r":
                high[0] = False
            case "vertAlign":
                high[0] = given.get("val") in ("superscript", "subscript")
            case "t":
                taking[0] = 1
            case "rPh":
                taking[1] = 1

    def end(name: str) -> None:
        nonlocal length
        match local(name):
            case "si":
                texts.append(plain("".join(pieces)))
                length += len(texts[-1]) + 50
                if length > MOST_TEXT:
                    raise Unusable("it has too much text")
            case "t":
                taking[0] = 0
            case "rPh":
                taking[1] = 0

    def text(data: str) -> None:
        if taking[0] and not taking[1]:
            pieces.append(raised(data) if raised and high[0] else data)

    for part in package.related(package.workbook(), "sharedStrings")[:1]:
        package.parse(part, parser(start, end, text))
    return texts


_DATE_FORMATS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_SHOWN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def date_styles(package: Package) -> frozenset[str]:
    """The cell styles, by their number as cells give it, that show a number as a day or a time."""
    formats: dict[str, str] = {}
    shown: set[str] = set()
    inside: list[str] = []
    count = 0

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal count
        match local(name):
            case "numFmt":
                formats.setdefault(given.get("numFmtId", ""), given.get("formatCode", ""))
            case "cellXfs":
                inside.append(name)
            case "xf" if inside:
                if _shows_date(given.get("numFmtId", "0"), formats):
                    shown.add(str(count))
                count += 1

    def end(name: str) -> None:
        if local(name) == "cellXfs":
            inside.clear()

    for part in package.related(package.workbook(), "styles")[:1]:
        package.parse(part, parser(start, end))
    return frozenset(shown)


def _shows_date(number: str, formats: Mapping[str, str]) -> bool:
    if (code := formats.get(number)) is not None:
        code = _NOT_SHOWN.sub("", code.partition(";")[0]).lower()
        return "general" not in code and any(letter in code for letter in "ymdhs")
    return number.isdecimal() and int(number) in _DATE_FORMATS
