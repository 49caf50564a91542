"""Forms as openpyxl writes them; what LibreOffice re-saves and prints begins so, too."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.form import Area, Ink, Page, Spot

Sides = tuple[bool, bool, bool, bool]
"""Left, right, top, bottom."""


def workbook(pages: list[Page], *, iso_dates: bool = False) -> bytes:
    """An xlsx file."""
    book = Workbook()
    book.iso_dates = iso_dates
    book.remove(book.worksheets[0])
    for page in pages:
        sheet = book.create_sheet(page.name)
        _fill(sheet, page)
    book.active = next((number for number, page in enumerate(pages) if not page.hidden), 0)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def borders(page: Page) -> dict[Spot, Sides]:
    """Which sides of which cells have a line."""
    lines: dict[Spot, list[bool]] = {}
    for area in page.ruled:
        for spot in spots(area):
            lines[spot] = [True] * 4
    for top, left, bottom, right in page.boxes:
        for row, column in spots((top, left, bottom, right)):
            sides = lines.setdefault((row, column), [False] * 4)
            outer = (column == left, column == right, row == top, row == bottom)
            lines[row, column] = [a or b for a, b in zip(sides, outer, strict=True)]
    return {spot: (one, two, three, four) for spot, (one, two, three, four) in lines.items()}


def spots(area: Area) -> Iterator[Spot]:
    top, left, bottom, right = area
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def _fill(sheet: Worksheet, page: Page) -> None:
    for (row, column), ink in page.cells.items():
        cell = sheet.cell(row, column)
        assert isinstance(cell, Cell)
        _write(cell, ink)
    for spot, sides in borders(page).items():
        left, right, top, bottom = (Side("thin") if on else Side() for on in sides)
        sheet.cell(*spot).border = Border(left, right, top, bottom)
    for top_, left_, bottom_, right_ in page.merged:
        sheet.merge_cells(start_row=top_, start_column=left_, end_row=bottom_, end_column=right_)
    for column, width in page.widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row in {row for (row, _), ink in page.cells.items() if "\n" in ink.shown}:
        lines = max(ink.shown.count("\n") + 1 for (at, _), ink in page.cells.items() if at == row)
        sheet.row_dimensions[row].height = 16.0 * lines
    for row in page.hidden_rows:
        sheet.row_dimensions[row].hidden = True
    for column in page.hidden_columns:
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    sheet.sheet_state = "hidden" if page.hidden else "visible"
    # Printed on one page, or columns would be torn apart.
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1
    sheet.page_setup.orientation = "landscape" if page.last_column > 8 else "portrait"


def _write(cell: Cell, ink: Ink) -> None:
    value = ink.value
    if isinstance(value, str) and ink.raised:
        cell.value = CellRichText(value, TextBlock(InlineFont(vertAlign="superscript"), ink.raised))
    elif isinstance(value, Decimal):
        cell.value = float(value)
    elif ink.formula:
        cell.value = f"={ink.formula}"
    else:
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    if ink.number_format:
        cell.number_format = ink.number_format
    elif isinstance(value, timedelta):
        cell.number_format = "[h]:mm"
    if ink.white:
        cell.font = Font(color="FFFFFFFF")
    if ink.spread:
        cell.alignment = Alignment("distributed")
    elif isinstance(value, str) and "\n" in value:
        cell.alignment = Alignment(wrap_text=True)
    elif ink.right is not None:
        cell.alignment = Alignment("right" if ink.right else "left")
