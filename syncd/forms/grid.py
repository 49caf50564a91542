"""A workbook as plain data: sheets of cells. What reads files makes it; whatever looks for facts looks at this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

Scalar = str | int | Decimal | bool | date | datetime | time | timedelta | None
Spot = tuple[int, int]
"""Row and column, both from 1."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        value: as the file stores it; None: nothing is stored.
        formula: the formula without `=`; '' for none. A formula whose value is None was never calculated (計算値なし).
    """

    value: Scalar
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, both corners included."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, spot: Spot) -> bool:
        return self.top <= spot[0] <= self.bottom and self.left <= spot[1] <= self.right


LEFT, RIGHT, TOP, BOTTOM = 1, 2, 4, 8
"""Sides of a cell that have a line, to be added up."""
USUAL_WIDTH = 8.43


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet looks, as far as it says what nobody sees and what belongs together.

    Attributes:
        rows, columns: those that are hidden, as first and last ones.
        unseen: cells whose content can't be seen: in the colour of their ground, or by a format that shows nothing.
        width: of columns, in characters; `widths` those that are wider or narrower.
        lines: which sides of a cell have a line; cells that are left out may have lines, too.
    """

    rows: tuple[tuple[int, int], ...] = ()
    columns: tuple[tuple[int, int], ...] = ()
    unseen: frozenset[Spot] = frozenset()
    width: float = USUAL_WIDTH
    widths: Mapping[int, float] = field(default_factory=dict)
    lines: Mapping[Spot, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: only cells that hold something. Of a merged area the top left cell holds the value.

    `drawn`: where something is drawn that may mark what stands there.
    """

    name: str
    cells: Mapping[Spot, Cell]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    layout: Layout = field(default=Layout())
    drawn: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """All sheets of a workbook in their order; of a csv file one sheet called ''; of a PDF one "sheet" a page."""

    sheets: tuple[Sheet, ...] = field(default=())


def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def address(spot: Spot) -> str:
    """(14, 3) → C14."""
    return f"{column_letters(spot[1])}{spot[0]}"
