"""Number formats: whether they show days, times or per cent, and which values they don't show at all (`;;;`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

Shown = Literal["", "day", "elapsed", "percent"]

_DAYS: Final = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
_ELAPSED_BUILTIN: Final = 46
_PERCENT_BUILTIN: Final = frozenset({9, 10})
_NOT_SHOWN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ELAPSED: Final = re.compile(r"\[(?:h+|m+|s+)\]")
_SECTION: Final = re.compile(r'(?:"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|[^;"\\])*?(?=;|$)')
_IN_WHITE: Final = re.compile(r"\[(?:white|白|color\s?2|色\s?2)\]", re.IGNORECASE)
_NOTHING: Final = re.compile(r'(?:"\s*"|\\\s|_.|\*\s|\[[^\]]*\]|\s)*')
_CONDITION: Final = re.compile(r"\[[<>=]")


@dataclass(frozen=True, slots=True)
class Hides:
    """Which values a format doesn't show."""

    positive: bool = False
    negative: bool = False
    zero: bool = False
    text: bool = False

    def hides(self, value: object) -> bool:
        """Whether nothing of this value can be seen."""
        if isinstance(value, str):
            return self.text
        if isinstance(value, bool) or not hasattr(value, "__lt__"):
            return False
        if isinstance(value, int | float) or hasattr(value, "is_finite"):
            return self.zero if value == 0 else self.negative if value < 0 else self.positive  # type: ignore[operator]
        return self.positive  # days and times


NONE: Final = Hides()


def shown_by(number: str, code: str | None) -> Shown:
    """What a format by its number, and its code where the workbook has one, shows a number as."""
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


@lru_cache(maxsize=1024)
def hidden_by(code: str, *, on_white: bool = True) -> Hides:
    """Which values the format doesn't show; `on_white`: neither those that it writes in white."""
    if (";" not in code and "[" not in code and '"' not in code) or _CONDITION.search(code) or len(code) > 255:
        return NONE
    empty = [_is_empty(section, on_white) for section in _sections(code)]
    if len(empty) == 1:
        return Hides(empty[0], empty[0], empty[0], False)
    if len(empty) == 2:
        return Hides(empty[0], empty[1], empty[0], False)
    return Hides(empty[0], empty[1], empty[2], len(empty) > 3 and empty[3])


def _is_empty(section: str, on_white: bool) -> bool:
    return _NOTHING.fullmatch(section) is not None or (on_white and _IN_WHITE.search(section) is not None)


def _sections(code: str) -> list[str]:
    found: list[str] = []
    at = 0
    while len(found) < 4:
        section = _SECTION.match(code, at)
        if section is None:
            break
        found.append(section.group())
        at = section.end() + 1
        if section.end() >= len(code):
            break
    return found
