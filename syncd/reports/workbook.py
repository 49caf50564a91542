"""進捗状況.xlsx: the ward's table for those who filter in Excel.

Text cells only: a name that begins like a formula stays a name. Days are ISO dates, so that text sorts as days do.
The same bytes for the same ward: Excel's properties and the archive name no moment of making. openpyxl makes the book,
its styles and its head; the rows are written here, which takes a tenth of the time.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from syncd.owner_mark import PROPERTY, THE_WARD, mark_of
from syncd.reports.entry import Entry
from syncd.reports.plain import plain
from syncd.reports.view import Row, Section, Ward, whole
from syncd.reports.words import COLUMNS, WAITS_FOR, Words

_STILL: Final = (2000, 1, 1, 0, 0, 0)
_LIKE_A_FORMULA: Final = ("=", "+", "-", "@")
_WIDTHS: Final = (8, 30, 16, 10, 28, 12, 14, 8, 12, 12, 10, 36, 10, 10)
_LETTERS: Final = "ABCDEFGHIJKLMN"
_MOST_CELLS: Final = 20
_CODE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_END: Final = "</sheetData>"


def progress_workbook(ward: Ward) -> bytes:
    """The workbook; one row for each line, in the order of the page: the newest month, then the late ones first."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.packaging.custom import StringProperty
    from openpyxl.styles import Font, PatternFill
    from openpyxl.writer.excel import ExcelWriter

    words = Words(ward.language)
    rows = list(_rows(ward, words))
    book = Workbook(write_only=True)
    book.properties.creator = "syncd"
    marked: Any = book  # its stubs lack properties of one's own
    marked.custom_doc_props.append(StringProperty(name=PROPERTY, value=mark_of(THE_WARD)))
    book.properties.created = book.properties.modified = datetime(*_STILL)
    sheet: Any = book.create_sheet(words["title"])  # its stubs lack what it inherits
    sheet.freeze_panes = "C2"
    for letter, width in zip(_LETTERS, _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    head: list[Any] = [WriteOnlyCell(sheet, each[ward.language]) for each in COLUMNS]
    for cell in head:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6ECF2")
    sheet.append(head)
    sheet.auto_filter.ref = f"A1:{_LETTERS[-1]}{len(rows) + 1}"
    quoted: Any = WriteOnlyCell(sheet)
    quoted.quotePrefix = True
    made = io.BytesIO()
    ExcelWriter(book, _Archive(made, "".join(_written(rows, quoted.style_id)))).save()
    return made.getvalue()


def _written(rows: list[tuple[str, ...]], quoted: int) -> Iterator[str]:
    """The rows as the sheet has them, below the head.

    Args:
        quoted: the style of what looks like a formula: it stays text, also after somebody was in the cell.
    """
    for number, values in enumerate(rows, 2):
        yield f'<row r="{number}">'
        for letter, text in zip(_LETTERS, values, strict=True):
            if text:
                style = f' s="{quoted}"' if text.startswith(_LIKE_A_FORMULA) else ""
                yield f'<c r="{letter}{number}"{style} t="inlineStr"><is><t>{_escaped(text)}</t></is></c>'
        yield "</row>"


def _rows(ward: Ward, words: Words) -> Iterator[tuple[str, ...]]:
    for section in whole(ward).sections:
        for row in section.rows:
            for cell in row.cells:
                for entry in cell:
                    yield _values(ward, words, section, row, entry)


def _values(ward: Ward, words: Words, section: Section, row: Row, entry: Entry) -> tuple[str, ...]:
    line = entry.line
    yes = words["yes"]
    arrived = datetime.fromtimestamp(line.arrived_at, ward.made_at.tzinfo).date().isoformat() if line.arrived_at else ""
    return (
        row.code,
        row.facility,
        row.kind,
        plain(section.period),
        entry.title,
        words.state(entry),
        WAITS_FOR[entry.waits_for][words.language],
        yes if line.late else "",
        line.due.isoformat() if line.due else "",
        arrived,
        str(line.submissions) if line.submissions else "",
        words.cells(line.cells, _MOST_CELLS),
        {"": "", "awaited": words["original awaited"], "received": words["original received"]}[line.original],
        yes if line.closed else "",
    )


def _escaped(text: str) -> str:
    """As XML; `_x0041_`, which Excel would take for an A, keeps its look, too."""
    return escape(_CODE.sub("_x005F_", text) if "_x" in text else text)


class _Archive(ZipFile):
    """The book's archive: all members have the same moment, and its one sheet gets its rows."""

    def __init__(self, file: io.BytesIO, rows: str) -> None:
        super().__init__(file, "w", ZIP_DEFLATED)
        self._rows = rows

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *_: Any) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        still = ZipInfo(name, _STILL)
        still.compress_type = ZIP_DEFLATED
        super().writestr(still, data)

    def write(self, filename: Any, arcname: Any = None, *_: Any) -> None:
        head, end, tail = Path(filename).read_text(encoding="utf-8").partition(_END)
        self.writestr(str(arcname), head + self._rows + end + tail)
