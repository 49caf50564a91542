"""Tables of which only values can be told: csv as it is written, xls as its cells hold it; and how two differ.

In csv everything is text, so that a leading zero which Excel took away is a change.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from syncd.forms.fact import CellChange
from syncd.forms.grid import Grid, Scalar, Sheet
from syncd.reading import oldbooks, texts, workbook
from syncd.reading.limits import Limits
from syncd.reading.old_drawings import Drawings, drawings
from syncd.reading.ooxml.package import Unusable
from syncd.reading.ooxml.surroundings import listed
from syncd.reading.ooxml.texts import plain
from syncd.reading.ooxml.values import WIDTH, Spot, close, day, named, serial

MOST_CELLS: Final = 250_000
_LARGEST_CSV: Final = 16 * 1024 * 1024
_ERRORS: Final = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)
_HALF_A_SECOND: Final = 0.5 / 86_400

Plain = str | float | bool | datetime
Tables = Mapping[str, Mapping[Spot, Plain]]
"""Sheet → cell → value; a csv file is one sheet called ''."""


def value_changes(old: Path, new: Path, kinds: tuple[str, str]) -> Iterator[CellChange]:
    """Of an old workbook, or between an old and a new one, values only; beside the cells, of two old ones."""
    if kinds[0] != kinds[1]:
        yield CellChange("", "", *kinds, "format")
    before, after = (
        workbook.grid(path, Limits(), as_seen=False)
        if kind == "xlsx"
        else oldbooks.grid(path, kind, Limits(), as_seen=False)
        for path, kind in zip((old, new), kinds, strict=True)
    )
    yield from _table_changes(_workbook_table(before), _workbook_table(after))
    if kinds != ("xls", "xls"):
        return
    hidden = {sheet.name: sheet.hidden for sheet in before.sheets}
    for sheet in after.sheets:
        if hidden.get(sheet.name, sheet.hidden) != sheet.hidden:
            states = ("visible", "hidden") if sheet.hidden else ("hidden", "visible")
            yield CellChange(sheet.name, "", *states, "visibility")
    yield from _beside(drawings(old), drawings(new))


def _beside(one: Drawings, other: Drawings) -> Iterator[CellChange]:
    if one.pictures != other.pictures:
        yield CellChange("", "", str(one.pictures.total()), str(other.pictures.total()), "picture")
    if one.texts != other.texts:
        yield CellChange("", "", listed(one.texts - other.texts), listed(other.texts - one.texts), "text box")
    if one.ticks != other.ticks:
        yield CellChange("", "", "、".join(one.ticks), "、".join(other.ticks), "tick")
    if one.macros != other.macros:
        yield CellChange("", "", "VBA" if one.macros else "", "VBA" if other.macros else "", "macros")


def csv_changes(old: Path, new: Path) -> Iterator[CellChange]:
    """Between two csv files. Raises `Unusable` (also where neither is a table: a single text says itself), OSError."""
    before, after = _csv_table(old), _csv_table(new)
    if before != after and all(len(cells) <= 1 for table in (before, after) for cells in table.values()):
        raise Unusable("it is a single text, no table")
    return _table_changes(before, after)


def _table_changes(old: Tables, new: Tables) -> Iterator[CellChange]:
    """Cell by cell, sheets by their names."""
    for sheet in [*old, *(name for name in new if name not in old)]:
        if (sheet in old) != (sheet in new):
            yield CellChange(sheet, "", sheet if sheet in old else "", sheet if sheet in new else "", "sheet")
    common = [sheet for sheet in old if sheet in new]
    if common != [sheet for sheet in new if sheet in old]:
        yield CellChange("", "", "、".join(old), "、".join(new), "order")
    for sheet in common:
        before, after = old[sheet], new[sheet]
        for spot in sorted(before.keys() | after.keys()):
            if not _same(before.get(spot), after.get(spot)):
                yield CellChange(sheet, named(spot), _shown(before.get(spot)), _shown(after.get(spot)))


def _same(one: Plain | None, other: Plain | None) -> bool:
    if isinstance(one, float | datetime) and isinstance(other, float | datetime):
        # A moment in one file may be its number in the other.
        first, second = (serial(each) if isinstance(each, datetime) else each for each in (one, other))
        return close(first, second) or (type(one) is not type(other) and abs(first - second) < _HALF_A_SECOND)
    return type(one) is type(other) and one == other


def _shown(value: Plain | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.15g}"
        case datetime():
            return day(serial(value))
    return value


def _csv_table(path: Path) -> Tables:
    """A csv or tab-separated file. Raises `Unusable`, OSError."""
    with path.open("rb") as file:
        content = file.read(_LARGEST_CSV + 1)
    if len(content) > _LARGEST_CSV:
        raise Unusable("it is too large")
    text = texts.decoded(content)
    if text is None:
        raise Unusable("its characters are in no known encoding")
    first = text.partition("\n")[0]
    cells: dict[Spot, Plain] = {}
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first and "," not in first else ",")
        for number, row in enumerate(rows):
            cells.update((number * WIDTH + at, plain(cell)) for at, cell in enumerate(row[:WIDTH]) if cell)
            if len(cells) > MOST_CELLS:
                raise Unusable("it has too many cells")
    except csv.Error as error:
        raise Unusable(str(error)) from error
    return {"": cells}


def _workbook_table(grid: Grid) -> Tables:
    """A workbook of which only values are known. Raises `Unusable` when two sheets have the same name."""
    tables = {sheet.name: dict(_cells(sheet)) for sheet in grid.sheets}
    if len(tables) < len(grid.sheets):
        raise Unusable("two of its sheets have the same name")
    return tables


def _cells(sheet: Sheet) -> Iterator[tuple[Spot, Plain]]:
    for (row, column), cell in sheet.cells.items():
        if (kept := _kept(cell.value)) is not None:
            yield (row - 1) * WIDTH + column - 1, kept


def _kept(value: Scalar) -> Plain | None:
    match value:
        case bool() | datetime():
            return value
        case int() | Decimal():
            return float(value)
        case str():
            return None if value in _ERRORS else plain(value) or None  # of old workbooks errors can't be had
        case date():
            return datetime(value.year, value.month, value.day)
        case time():
            return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86_400
        case timedelta():
            return value / timedelta(days=1)
    return None
