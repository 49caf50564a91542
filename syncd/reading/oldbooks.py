"""Workbooks of other kinds (xls, xlsb, ods) as grids.

xls and ods have readers of their own; xlsb, and what is older than Excel 5, are read by calamine, which is written in
Rust and executes nothing. It lays each sheet out as a full rectangle: a sheet whose cells lie very far apart ends the
process, which is then told as too big. Formulas can't be had from it, only what they came to.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

import python_calamine as calamine

from syncd.forms.grid import Area, Cell, Grid, Scalar, Sheet, Spot
from syncd.reading import archives
from syncd.reading.biff import workbook as biff
from syncd.reading.limits import Limits, Refused
from syncd.reading.numbers import number

_MOST_PLACES: Final = 2_000_000
"""Cells of a sheet's rectangle, filled or not."""
_MOST_AREAS: Final = 50_000


def grid(content: Path, kind: str, limits: Limits, *, as_seen: bool = True) -> Grid:
    """All sheets of cells; `as_seen`: with what nobody sees, and what is raised, told apart. Raises Refused."""
    if kind == "xls":
        with suppress(biff.TooOld):
            return biff.grid(content, limits, as_seen=as_seen)
    if kind == "ods":
        from syncd.reading.opendocument import workbook as opendocument

        return opendocument.grid(content, limits, as_seen=as_seen)
    if kind != "xls":
        with archives.opened(content) as archive:
            archives.check_contents(archive, limits)
    try:
        with calamine.load_workbook(content) as book:
            return _grid(book, limits)
    except calamine.PasswordError as error:
        raise Refused("encrypted", "it needs a password") from error
    except (calamine.CalamineError, OSError) as error:
        raise Refused("unreadable", f"the workbook is damaged ({str(error)[:150]})") from error


def _grid(book: calamine.CalamineWorkbook, limits: Limits) -> Grid:
    if len(book.sheets_metadata) > limits.sheets:
        raise Refused("too big", f"it has more than {limits.sheets} sheets")
    if not book.sheets_metadata:
        raise Refused("unreadable", "the workbook is damaged (it has no sheets)")
    sheets = []
    left = limits.cells
    for about in book.sheets_metadata:
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        cells = _cells(sheet, left)
        left -= len(cells)
        merged = tuple(
            Area(top + 1, first + 1, bottom + 1, last + 1)
            for (top, first), (bottom, last) in (sheet.merged_cell_ranges or ())[:_MOST_AREAS]
        )
        sheets.append(Sheet(about.name, cells, merged, about.visible != calamine.SheetVisibleEnum.Visible))
    return Grid(tuple(sheets))


def _cells(sheet: calamine.CalamineSheet, most: int) -> dict[Spot, Cell]:
    if sheet.total_height * sheet.total_width > _MOST_PLACES:
        raise Refused("too big", "its cells lie too far apart")
    cells: dict[Spot, Cell] = {}
    for row, values in enumerate(sheet.to_python(skip_empty_area=False), 1):
        for column, value in enumerate(values, 1):
            if value != "":
                cells[row, column] = Cell(_scalar(value))
        if len(cells) > most:
            raise Refused("too big", "it has too many cells")
    return cells


def _scalar(value: object) -> Scalar:
    return number(value) if isinstance(value, float) else value  # type: ignore[return-value] # calamine's own union
