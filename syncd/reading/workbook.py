"""Workbooks of the kind that Excel writes today (xlsx, xlsm), as sparse grids: what is stored, nothing calculated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, overload

from syncd.forms.grid import Area, Cell, Grid, Scalar, Sheet, Spot
from syncd.reading.limits import Limits, Refused
from syncd.reading.numbers import moment, number, percent
from syncd.reading.ooxml.formula import column_number, filled
from syncd.reading.ooxml.package import LARGEST_PART, Package, Unusable, opened
from syncd.reading.ooxml.texts import plain, shared_texts
from syncd.reading.sheets import Raw, cells_of, is_usual, merged_of, parsed, unescaped, usual
from syncd.reading.styles import counts_from_1904, shown_as

_AT_ONCE: Final = 24_000_000
"""Bytes of a sheet part that are looked at as a whole; larger ones go piece by piece."""
_SHORT: Final = 6
"""Characters of a value that is likely to come again."""
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_SHARED: Final = re.compile(r'\bsi="(\d+)"')
_AREA: Final = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_MOST_AREAS: Final = 50_000


def grid(content: Path, limits: Limits) -> Grid:
    """All sheets of cells. Raises Refused."""
    try:
        with opened(content) as package:
            return _grid(package, limits)
    except Unusable as error:
        if "out of memory" in str(error):
            raise MemoryError from error
        why = str(error)[:150]
        raise Refused("too big" if " too " in why else "unreadable", f"the workbook can't be read ({why})") from error


def _grid(package: Package, limits: Limits) -> Grid:
    for part in package.parts:
        # Of sheets any size is read, as far as it holds cells that fit; the other parts are looked at as a whole.
        if package.member(part).file_size > LARGEST_PART and "worksheets/" not in part.lower():
            raise Refused("too big", f"{part[:50]} unpacks to more than {LARGEST_PART // 1_000_000} MB")
    parts = package.sheets()
    if len(parts) > limits.sheets:
        raise Refused("too big", f"it has more than {limits.sheets} sheets")
    reading = _Cells(shared_texts(package), shown_as(package), counts_from_1904(package), limits)
    sheets = []
    for sheet in parts:
        cells, merged = _sheet(package, sheet.part, reading)
        areas = tuple(area for area in map(_area, merged[:_MOST_AREAS]) if area)
        sheets.append(Sheet(sheet.name, cells, areas, sheet.state != "visible"))
    return Grid(tuple(sheets))


def _sheet(package: Package, part: str, reading: _Cells) -> tuple[dict[Spot, Cell], list[str]]:
    merged: list[str] = []
    if package.member(part).file_size > _AT_ONCE:
        return reading.read(parsed(package.pieces(part, reading.limits.one), merged)), merged
    data = package.read(part)
    text = data.decode("utf-8", "replace")
    if is_usual(text) and (cells := reading.read(usual(text), cells_of(text))) is not None:
        return cells, merged_of(text)
    return reading.read(parsed([data], merged)), merged


class _Cells:
    """Makes cells of raw ones, with what the whole workbook knows."""

    def __init__(self, texts: list[str], styles: list[str], from_1904: bool, limits: Limits) -> None:
        self.limits = limits
        self._texts, self._styles, self._from_1904 = texts, styles, from_1904
        self._left = limits.cells
        self._masters: dict[str, tuple[str, Spot]] = {}

    @overload
    def read(self, raw_cells: Iterable[Raw]) -> dict[Spot, Cell]: ...
    @overload
    def read(self, raw_cells: Iterable[Raw], expected: int) -> dict[Spot, Cell] | None: ...
    def read(self, raw_cells: Iterable[Raw], expected: int | None = None) -> dict[Spot, Cell] | None:
        """One sheet's cells; None when they turn out not to be as many as `expected`."""
        cells: dict[Spot, Cell] = {}
        known: dict[tuple[str | None, str | None, str | None], Cell] = {}  # forms say 0 and ○ over and over
        self._masters = {}
        row = column = count = 0
        most, value_of, cell = self._left, self._value, Cell(None)
        for is_cell, letters, digits, style, kind, given, formula, none, value, inline, line in raw_cells:
            if not is_cell:
                row, column = (int(line) if line else row + 1), 0
                continue
            count += 1
            column = _column(letters) if letters else column + 1
            if digits:
                row = int(digits)
            if given is not None:
                stored = value_of(kind, style, "" if none else value, inline)
                cell = Cell(stored, self._formula(given, unescaped(formula or ""), (row, column)))
            elif value is not None and len(value) < _SHORT:
                if (kind, style, value) not in known:
                    known[kind, style, value] = Cell(value_of(kind, style, value, None))
                cell = known[kind, style, value]
            elif value is not None or inline is not None:
                cell = Cell(value_of(kind, style, value, inline))
            else:
                continue
            if cell.value is None and given is None:
                continue
            if not (0 < row <= _LAST_ROW and column <= _LAST_COLUMN):
                raise ValueError("a cell lies outside the sheet")
            cells[row, column] = cell
            if count > most and len(cells) > most:
                raise Refused("too big", f"it has more than {self.limits.cells} cells")
        if expected is not None and expected != count:
            return None
        self._left -= len(cells)
        return cells

    def _value(self, kind: str | None, style: str | None, value: str | None, inline: str | None) -> Scalar:
        if value and (kind is None or kind == "n"):
            return self._number(value, style)
        if inline is not None:
            return plain(unescaped(inline)) if "&" in inline or "_" in inline or "\r" in inline else inline
        if value is None or (not value and kind != "str"):
            return None
        if kind == "s":
            return self._texts[int(value)]
        if kind == "b":
            return value.strip() in ("1", "true")
        if kind == "d":
            return _day(value)
        return plain(unescaped(value))  # a text that was calculated, or an error such as #REF!

    def _number(self, value: str, style: str | None) -> Scalar:
        shown = self._styles[int(style)] if style and int(style) < len(self._styles) else ""
        if not shown:
            return int(value) if len(value) < 16 and value.isdecimal() else number(float(value))
        if shown == "elapsed":
            return timedelta(seconds=round(float(value) * 86_400))
        if shown == "percent":
            return percent(float(value))
        return moment(float(value), from_1904=self._from_1904)

    def _formula(self, given: str, text: str, spot: Spot) -> str:
        """A formula as it reads in its own cell; of a shared one only the first cell holds the text."""
        if 't="shared"' not in given:
            return text or "…"
        group = _SHARED.search(given)
        number = group[1] if group else ""
        if text:
            self._masters[number] = text, spot
            return text
        master, (row, column) = self._masters.get(number, ("…", spot))
        return filled(master, spot[0] - row, spot[1] - column)


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    return column_number(letters) if len(letters) <= 3 else _LAST_COLUMN + 1


def _day(value: str) -> date | datetime:
    found = datetime.fromisoformat(value.strip().removesuffix("Z"))
    return found if "T" in value else found.date()


def _area(text: str) -> Area | None:
    match = _AREA.fullmatch(text)
    if not match:
        return None
    left, top, right, bottom = match.groups()
    return Area(int(top), column_number(left), int(bottom), column_number(right))
