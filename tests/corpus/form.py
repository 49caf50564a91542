"""What a form is made of before it is a file, and what is right to read from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Final

Worth = str | int | Decimal | bool | date | datetime | time | timedelta | None
Spot = tuple[int, int]
Area = tuple[int, int, int, int]
"""Top, left, bottom, right; all included, from 1."""

BOOKS: Final = ("xlsx", "openpyxl", "calc-xlsx", "xls", "ods", "calc-ods")
PAPERS: Final = ("pdf", "calc-pdf", "docx")
KINDS: Final = (*BOOKS, "csv", *PAPERS)
"""xlsx: raw XML. calc-…: what LibreOffice makes of a workbook by openpyxl; xls comes from it, too."""
NATIVE: Final = frozenset(BOOKS)
"""Kinds of file whose cells hold numbers and days; in the others everything is text."""


@dataclass(frozen=True, slots=True)
class Ink:
    """What stands in one cell.

    Attributes:
        number_format: as Excel writes it; '' for none.
        raised: written small and high behind the value, as footnote numbers are.
        right: it stands at the right edge of its cell; None: as programs do, numbers right, texts left.
        white: in the colour of the paper.
        formula: what computes it, '' for none.
        spread: its signs are spread over the whole width of the cell, as labels often are.
    """

    value: Worth
    number_format: str = ""
    raised: str = ""
    right: bool | None = None
    white: bool = False
    formula: str = ""
    spread: bool = False

    @property
    def shown(self) -> str:
        """As it reads on paper."""
        return shown(self.value, self.number_format)


@dataclass(slots=True)
class Page:
    """One sheet, or one page of paper.

    Attributes:
        widths: of columns, in characters. ruled: areas with lines around every cell. boxes: with a line around the
            whole only. ovals: drawn over a cell at this part of its width.
    """

    name: str = "様式"
    cells: dict[Spot, Ink] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    ruled: list[Area] = field(default_factory=list)
    boxes: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False
    ovals: list[tuple[Spot, float]] = field(default_factory=list)

    def put(self, row: int, column: int, ink: Ink | Worth) -> None:
        self.cells[row, column] = ink if isinstance(ink, Ink) else Ink(ink)

    @property
    def last_row(self) -> int:
        return max([row for row, _ in self.cells] + [area[2] for area in self._areas()], default=0)

    @property
    def last_column(self) -> int:
        return max([column for _, column in self.cells] + [area[3] for area in self._areas()], default=0)

    def _areas(self) -> list[Area]:
        return [*self.merged, *self.ruled, *self.boxes]


@dataclass(frozen=True, slots=True)
class Right:
    """What has to come out for the fact `x`.

    Attributes:
        value: what stands there; a tuple for many, a tuple of dicts for a table; None where nothing may be read.
        states: honest answers other than a value (blank, missing, ambiguous, wrong kind).
        becomes: what the file has to become (review, corrections, hold); '' where only the fact is looked at.
        says: words that a reason has to contain.
    """

    value: object = None
    states: frozenset[str] = frozenset()
    becomes: str = ""
    says: str = ""


def is_value(value: object, *states: str) -> Right:
    return Right(value, frozenset(states))


def is_state(*states: str) -> Right:
    return Right(None, frozenset(states))


@dataclass(slots=True)
class Form:
    """A form that can be written, the rule that reads it, and what is right.

    Attributes:
        fact: of `x`, as a rule writes it. more: further lines of `facts:`. checks: lines of `checks:`.
        kinds: of file that can show it. options: what a writer is asked for besides, by name.
        content: the file itself, where no writer can make it.
    """

    pages: list[Page]
    fact: str
    right: Right
    more: list[str] = field(default_factory=list)
    checks: str = ""
    period: str = "2026-10"
    kinds: tuple[str, ...] = KINDS
    place: str = ""
    options: dict[str, object] = field(default_factory=dict)
    content: Callable[[Random, Form], bytes] | None = None


@dataclass(slots=True)
class Field:
    """One field of a form, to be set into a frame: its label's cells and the cells of its value, side by side.

    Attributes:
        places: where it may stand: left (label left of the value), above, other sheet, merged.
        narrow: the value's columns are so many characters wide. box: lines around the value's cells: 'each', 'whole';
            'row': around the label, too; '' as it comes.
        before, after: sheets before and behind the one with the field.
        near: further cells, by their distance in rows and columns from the label.
    """

    label: list[Ink]
    values: list[Ink | None]
    fact: str
    right: Right
    places: tuple[str, ...] = ("left", "above", "other sheet", "merged")
    narrow: float = 0
    box: str = ""
    before: list[Page] = field(default_factory=list)
    after: list[Page] = field(default_factory=list)
    near: dict[Spot, Ink] = field(default_factory=dict)
    more: list[str] = field(default_factory=list)
    checks: str = ""
    period: str = "2026-10"
    kinds: tuple[str, ...] = KINDS
    options: dict[str, object] = field(default_factory=dict)


def shown(value: Worth, number_format: str = "") -> str:
    """A value as it reads on paper in that format."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return value
        case int() | Decimal():
            text = f"{value:,}" if "#,##0" in number_format else str(value)
            unit = number_format.rpartition('"')[0].rpartition('"')[2] if '"' in number_format else ""
            before = "¥" if number_format.startswith("¥") else ""
            return f"{before}{text}{unit}"
        case datetime():
            return f"{value:%Y/%m/%d %H:%M}"
        case date():
            if "年" in number_format:
                return f"{value.year}年{value.month}月{value.day}日"
            return f"{value.year}/{value.month}/{value.day}"
        case time():
            return f"{value.hour}:{value.minute:02}"
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"


def on_paper(ink: Ink) -> Ink:
    """The same as a text, for kinds of file that know nothing else."""
    right = isinstance(ink.value, int | Decimal | date | time | timedelta) if ink.right is None else ink.right
    return replace(ink, value=ink.shown, number_format="", right=right)


def wide(text: str) -> float:
    """How many characters of the standard width it takes."""
    return max((sum(2.0 if ord(sign) > 0x2E7F or sign in "①②③④⑤☑□○●※→―─" else 1.0 for sign in line) for line in
                text.splitlines()), default=0.0)  # fmt: skip
