"""Workbooks as a ward's forms look: titles over merged cells, labels, framed tables, formulas with their results.

Owns the writing: the same form gives the same bytes (no time of day in it), and a formula stands beside the result that
Excel would have stored, which openpyxl alone can't write.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ERA_DAY = '[$-411]ggge"年"m"月"d"日"'
PLAIN_DAY = 'yyyy"年"m"月"d"日"'
YEN = "#,##0"
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_MADE = b"2026-10-01T00:00:00Z"
_WIDTH = 15


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula (without `=`) and what it came to; None: nothing has calculated it yet."""

    text: str
    result: int | float | None


Content = str | int | float | date | Formula | None


class Form:
    """A workbook in the making."""

    def __init__(self) -> None:
        import openpyxl

        self._book = openpyxl.Workbook()
        self._results: dict[tuple[int, str], int | float] = {}
        self._sheets = 0

    def sheet(self, name: str, widths: Sequence[int]) -> Page:
        """The next sheet, with columns that wide (in characters)."""
        self._sheets += 1
        sheet: Any = self._book.active if self._sheets == 1 else self._book.create_sheet()
        sheet.title = name
        for column, width in enumerate(widths):
            sheet.column_dimensions[chr(ord("A") + column)].width = width
        sheet.page_setup.paperSize = 9  # A4
        return Page(sheet, self._results, self._sheets)

    def content(self) -> bytes:
        """The file, whole."""
        written = io.BytesIO()
        self._book.save(written)
        parts = _parts(written.getvalue())
        core = parts["docProps/core.xml"]
        parts["docProps/core.xml"] = re.sub(rb">[0-9]{4}-[0-9-]+T[0-9:]+Z<", b">" + _MADE + b"<", core)
        for (number, cell), result in self._results.items():
            name = f"xl/worksheets/sheet{number}.xml"
            parts[name] = _with_result(parts[name], cell, result)
        return zipped(parts)


class Page:
    """One sheet of it. Rows and columns count from 1."""

    def __init__(self, sheet: Worksheet, results: dict[tuple[int, str], int | float], number: int) -> None:
        self._sheet = sheet
        self._results = results
        self._number = number

    def put(self, row: int, column: int, value: Content, style: str = "") -> None:
        """One cell; `style`: a number format."""
        cell: Any = self._sheet.cell(row, column)
        if isinstance(value, Formula):
            cell.value = f"={value.text}"
            if value.result is not None:
                self._results[self._number, cell.coordinate] = value.result
        else:
            cell.value = value
        if isinstance(value, date):
            cell.number_format = style or PLAIN_DAY
        elif style:
            cell.number_format = style

    def title(self, text: str, columns: int, row: int = 1) -> None:
        """A heading over that many columns, merged."""
        from openpyxl.styles import Alignment, Font

        self._sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
        cell: Any = self._sheet.cell(row, 1, text)
        cell.font, cell.alignment = Font(size=14, bold=True), Alignment(horizontal="center")

    def pairs(self, row: int, pairs: Sequence[tuple[str, Content]], style: str = "") -> int:
        """Labels, each with its value to the right over two merged cells; the row below them."""
        for offset, (label, value) in enumerate(pairs):
            self.put(row + offset, 1, label)
            self.put(row + offset, 2, value, style)
            self._sheet.merge_cells(start_row=row + offset, start_column=2, end_row=row + offset, end_column=3)
        return row + len(pairs)

    def table(self, row: int, rows: Sequence[Sequence[Content]], styles: Sequence[str] = ()) -> int:
        """A framed table whose head is bold; `styles`: the columns' number formats. The row below it."""
        from openpyxl.styles import Border, Font, PatternFill, Side

        thin = Side(style="thin", color="808080")
        frame, head, fill = Border(thin, thin, thin, thin), Font(bold=True), PatternFill("solid", fgColor="E8EEF7")
        for offset, values in enumerate(rows):
            for column, value in enumerate(values, 1):
                style = styles[column - 1] if offset and column <= len(styles) else ""
                self.put(row + offset, column, value, style)
                cell: Any = self._sheet.cell(row + offset, column)
                cell.border = frame
                if offset == 0:
                    cell.font, cell.fill = head, fill
        return row + len(rows)

    def picture(self, anchor: str, png: bytes) -> None:
        """A picture whose upper left corner lies in that cell."""
        from openpyxl.drawing.image import Image

        self._sheet.add_image(Image(io.BytesIO(png)), anchor)


def with_number(content: bytes, sheet: int, cell: str, value: int | float) -> bytes:
    """The workbook with that number in a cell of that sheet (from 1), instead of a number or a formula."""
    parts = _parts(content)
    name = f"xl/worksheets/sheet{sheet}.xml"
    pattern = rb'(<c r="%s"[^>]*>).*?</c>' % cell.encode()
    parts[name], count = re.subn(pattern, rb"\g<1><v>%s</v></c>" % str(value).encode(), parts[name])
    assert count == 1, f"nothing stands in {cell}"
    return zipped(parts)


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip without times."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            member = zipfile.ZipInfo(name, _NO_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return written.getvalue()


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return {name: source.read(name) for name in source.namelist()}


def _with_result(sheet: bytes, cell: str, result: int | float) -> bytes:
    """The sheet with the stored result of that cell's formula."""
    pattern = rb'(<c r="%s"[^>]*><f>[^<]*</f>)<v ?/?>(</v>)?' % cell.encode()
    written, count = re.subn(pattern, rb"\g<1><v>%s</v>" % str(result).encode(), sheet)
    assert count == 1, f"no formula without a result in {cell}"
    return written
