"""What a cell can hold, when two hold the same, and how they read.

Owns sameness: neither the digits that a number was written with nor the spelling of a formula make a difference.
Refuses to calculate: of a formula only its text counts.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from syncd.forms.grid import address
from syncd.reading.ooxml.formula import canonical, column_number, filled

WIDTH: Final = 16_384
"""Columns of a sheet."""

Spot = int
"""A cell as one number: row × 16384 + column, both from 0."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it stands in `at`, which for a shared one is another cell than the one that it fills."""

    text: str
    at: Spot
    array: bool = False

    def same(self, spot: Spot, other: Formula, elsewhere: Spot) -> bool:
        """Whether it means the same in `spot` as the other one in `elsewhere`."""
        if self.array != other.array:
            return False
        if self.text == other.text and self.at - spot == other.at - elsewhere:
            return True
        return canonical(self.text, *row_and_column(self.at)) == canonical(other.text, *row_and_column(other.at))


@dataclass(frozen=True, slots=True)
class Fault:
    """An error that was typed in, such as #N/A."""

    text: str


Value = str | float | bool | Formula | Fault


def row_and_column(spot: Spot) -> tuple[int, int]:
    """Both from 1."""
    row, column = divmod(spot, WIDTH)
    return row + 1, column + 1


def named(spot: Spot) -> str:
    """A spot as people say it: C14."""
    return address(row_and_column(spot))


def spot_of(cell: str) -> Spot:
    """C14 → its spot. Raises ValueError for anything else."""
    letters = cell.rstrip("0123456789")
    row = int(cell[len(letters) :])
    if not 1 <= row <= 1_048_576:
        raise ValueError(f"{cell[:20]!r} is no cell")
    return (row - 1) * WIDTH + _column(letters)


@functools.lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3 and column_number(letters) <= WIDTH):
        raise ValueError(f"{letters[:20]!r} is no column")
    return column_number(letters) - 1


def same(old: Value, new: Value, spot: Spot, elsewhere: Spot | None = None) -> bool:
    """Whether two cells hold the same; `spot` is where both are, or `elsewhere` for the second."""
    if isinstance(old, Formula) and isinstance(new, Formula):
        return old.same(spot, new, spot if elsewhere is None else elsewhere)
    if type(old) is not type(new):
        return False
    if isinstance(old, float) and isinstance(new, float):
        return close(old, new)
    return old == new


def close(one: float, other: float) -> bool:
    """The same number in the 15 digits that spreadsheets keep."""
    return one == other or math.isclose(one, other, rel_tol=1e-14)


_FIRST_DAY: Final = datetime(1899, 12, 30)


def serial(moment: datetime) -> float:
    """A moment as spreadsheets count it, in days."""
    return (moment - _FIRST_DAY) / timedelta(days=1)


def shown(value: Value | None, spot: Spot, date: bool) -> str:
    """What a person reads in the cell or, of a formula, in the line above the sheet; '' for nothing."""
    match value:
        case None:
            return ""
        case Formula():
            (row, column), (from_row, from_column) = row_and_column(spot), row_and_column(value.at)
            text = filled(value.text, row - from_row, column - from_column)
            return f"{{={value.text}}}" if value.array else f"={text}"
        case Fault():
            return value.text
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return day(value) if date and 0 <= value < 2_958_466 else f"{value:.15g}"
    return value


def day(number: float) -> str:
    """45931.375 → 2025-10-01 09:00; below 1 only the time."""
    moment = _FIRST_DAY + timedelta(seconds=round(number * 86_400))
    clock = f"{moment:%H:%M}" if not moment.second else f"{moment:%H:%M:%S}"
    if number < 1:
        return clock
    return f"{moment:%Y-%m-%d}" if clock == "00:00" else f"{moment:%Y-%m-%d} {clock}"
