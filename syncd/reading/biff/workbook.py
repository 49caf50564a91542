"""All sheets of an xls workbook as grids: what is stored, nothing calculated, and what nobody sees."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from syncd.forms.grid import USUAL_WIDTH, Area, Cell, Grid, Layout, Scalar, Sheet, Spot
from syncd.forms.labels import raised
from syncd.reading import unlocking
from syncd.reading.biff.drawn import DrawnOver
from syncd.reading.biff.records import BOF, CONTINUE, ENCODINGS, EOF, Pieces, Text, data_of, records, short_text
from syncd.reading.biff.styles import Styles
from syncd.reading.compound import Compound
from syncd.reading.formats import NONE
from syncd.reading.limits import Limits, Refused
from syncd.reading.numbers import moment, number, percent

_LARGEST: Final = 64_000_000
"""Bytes of a workbook's stream; larger ones are nobody's monthly report."""
_MOST_AREAS: Final = 50_000
_BIFF8: Final = 0x600
_ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_WORKSHEET: Final = 0
_FILEPASS: Final = 0x2F
_DIGITS: Final = frozenset(range(10))


class TooOld(Exception):
    """The workbook is older than Excel 5."""


def grid(content: Path, limits: Limits, *, as_seen: bool = True) -> Grid:
    """All sheets of cells. Raises Refused; TooOld when something else has to read it."""
    with content.open("rb") as file:
        compound = Compound(file)
        name = next((each for each in ("workbook", "book") if each in compound.names), "")
        if not name:
            raise TooOld
        if compound.size(name) > _LARGEST:
            raise Refused("too big", f"the workbook has more than {_LARGEST // 1_000_000} MB")
        stream = compound.beginning(name, _LARGEST)
    try:
        return _Book(_in_clear(stream), limits, as_seen).grid()
    except (struct.error, IndexError, OverflowError, ValueError) as error:
        raise Refused("unreadable", f"the workbook is damaged ({str(error)[:100]})") from error


def _in_clear(stream: bytes) -> bytes:
    """The workbook's records, decrypted where the password that Excel supplies does it."""
    for kind, _ in records(stream):
        if kind == EOF:
            break
        if kind == _FILEPASS:
            plain = unlocking.stream(stream)
            if plain is None:
                raise Refused("encrypted", "it needs a password")
            return plain
    return stream


class _Book:
    """What stands before the sheets: their names, texts, formats."""

    def __init__(self, stream: bytes, limits: Limits, as_seen: bool) -> None:
        self.stream, self.limits, self.as_seen = stream, limits, as_seen
        self.styles = Styles()
        self.texts: list[str] = []
        self.encoding = ""
        self.from_1904 = False
        self.cells_left = limits.cells
        self._sheets: list[tuple[int, int, int, bytes]] = []
        self._strings: list[bytes] = []

    def grid(self) -> Grid:
        self._read_globals()
        if not self._sheets:
            raise Refused("unreadable", "the workbook is damaged (it has no sheets)")
        if len(self._sheets) > self.limits.sheets:
            raise Refused("too big", f"it has more than {self.limits.sheets} sheets")
        self._read_texts()
        sheets = [
            _Cells(self).sheet(offset, short_text(name, self.encoding), bool(visible & 3))
            for offset, visible, kind, name in self._sheets
            if kind == _WORKSHEET
        ]
        return Grid(tuple(sheets))

    def _read_globals(self) -> None:
        version = 0
        previous = 0
        codepage = 1252
        take: dict[int, Callable[[bytes], None]] = {
            0x31: self.styles.font, 0xE0: self.styles.style, 0x92: self.styles.palette,
        }  # fmt: skip
        formats: list[bytes] = []
        for kind, at in records(self.stream):
            if not version:
                if kind != BOF:
                    raise TooOld
                (version,) = struct.unpack_from("<H", self.stream, at + 4)
                if version < 0x500:
                    raise TooOld
                continue
            if kind == EOF:
                break
            data = data_of(self.stream, at)
            if kind == CONTINUE and previous == 0xFC:
                self._strings.append(data)
                continue
            previous = kind
            if kind in take:
                take[kind](data)
            elif kind == 0x41E:
                formats.append(data)
            elif kind == 0x85:
                offset, visible, sheet = struct.unpack_from("<IBB", data)
                self._sheets.append((offset, visible, sheet, data[6:]))
            elif kind == 0x42:
                (codepage,) = struct.unpack_from("<H", data)
            elif kind == 0x22:
                self.from_1904 = data[0] == 1
            elif kind == 0xFC:
                self._strings = [data]
        if version < _BIFF8:
            self.encoding = ENCODINGS.get(codepage, "cp932")
        for data in formats:
            self.styles.format(data, self.encoding)

    def _read_texts(self) -> None:
        if not self._strings:
            return
        pieces = Pieces(self._strings)
        _, count = struct.unpack("<II", pieces.take(8))
        characters = 0
        for _ in range(count):
            if not pieces.more:
                break
            text = self.seen(pieces.text())
            characters += len(text) + 50
            if characters > self.limits.characters * 2:
                raise Refused("too big", "it has too much text")
            self.texts.append(text)

    def seen(self, text: Text) -> str:
        """A text with what its runs raise written as raised."""
        if not self.as_seen or not any(self.styles.raises(font) for _, font in text.runs):
            return text.text
        found = text.text[: text.runs[0][0]]
        ends = [start for start, _ in text.runs[1:]] + [len(text.text)]
        for (start, font), end in zip(text.runs, ends, strict=True):
            part = text.text[start:end]
            found += raised(part) if self.styles.raises(font) else part
        return found


class _Cells:
    """Reads one sheet."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        self._cells: dict[Spot, Cell] = {}
        self._rows: list[tuple[int, int]] = []
        self._columns: list[tuple[int, int]] = []
        self._widths: dict[int, float] = {}
        self._width = USUAL_WIDTH
        self._unseen: set[Spot] = set()
        self._lines: dict[Spot, int] = {}
        self._merged: list[Area] = []
        self._zeros = True
        self._awaited: tuple[int, int, int] | None = None
        self.drawn = DrawnOver()

    def sheet(self, offset: int, name: str, hidden: bool) -> Sheet:
        depth = 0
        stream = self._book.stream
        for kind, at in records(stream, offset):
            if kind == BOF:
                depth += 1
            elif kind == EOF:
                depth -= 1
                if depth <= 0:
                    break
            elif depth == 1 and (read := _READ.get(kind)) is not None:
                read(self, data_of(stream, at))
        if not self._zeros:
            self._unseen |= {spot for spot, cell in self._cells.items() if type(cell.value) is int and not cell.value}
        rows, columns = tuple(self._rows), tuple(self._columns)
        layout = Layout(rows, columns, frozenset(self._unseen), self._width, self._widths, self._lines)
        return Sheet(name, self._cells, tuple(self._merged), hidden, layout, tuple(self.drawn.areas))

    def _put(self, row: int, column: int, style: int, value: Scalar | float) -> None:
        if value is None or value == "":
            return
        spot = (row + 1, column + 1)
        if len(self._cells) >= self._book.cells_left and spot not in self._cells:
            raise Refused("too big", f"it has more than {self._book.limits.cells} cells")
        shown, look = self._book.styles.of(style)
        if isinstance(value, float):
            value = self._number(value, shown)
        if self._book.as_seen:
            if look.unseen or (look.hides is not NONE and look.hides.hides(value)):
                self._unseen.add(spot)
            if look.raised and type(value) in (int, str):
                value = raised(str(value))
            if look.lines and (value in _DIGITS or (isinstance(value, str) and len(value) == 1)):
                self._lines[spot] = look.lines
        self._cells[spot] = Cell(value)

    def _number(self, value: float, shown: str) -> Scalar:
        if not math.isfinite(value) or not shown:
            return number(value)
        if shown == "percent":
            return percent(value)
        if shown == "elapsed":
            return timedelta(seconds=round(value * 86_400)) if abs(value) < 1e6 else number(value)
        return moment(value, from_1904=self._book.from_1904)

    def number(self, data: bytes) -> None:
        self._put(*struct.unpack_from("<HHHd", data))

    def small(self, data: bytes) -> None:
        row, column, style, packed = struct.unpack_from("<HHHI", data)
        self._put(row, column, style, _unpacked(packed))

    def smalls(self, data: bytes) -> None:
        row, column = struct.unpack_from("<HH", data)
        for at in range(4, len(data) - 7, 6):
            style, packed = struct.unpack_from("<HI", data, at)
            self._put(row, column, style, _unpacked(packed))
            column += 1

    def shared(self, data: bytes) -> None:
        row, column, style, text = struct.unpack_from("<HHHI", data)
        self._put(row, column, style, self._book.texts[text] if text < len(self._book.texts) else "")

    def label(self, data: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", data)
        self._put(row, column, style, self._book.seen(Pieces([data[6:]]).text(self._book.encoding)))

    def truth(self, data: bytes) -> None:
        row, column, style, value, error = struct.unpack_from("<HHHBB", data)
        self._put(row, column, style, _ERRORS.get(value, "#N/A") if error else bool(value))

    def formula(self, data: bytes) -> None:
        """What it came to; of a text the next record holds it."""
        row, column, style = struct.unpack_from("<HHH", data)
        self._awaited = None
        if data[12:14] != b"\xff\xff":
            self._put(row, column, style, struct.unpack_from("<d", data, 6)[0])
        elif data[6] == 0:
            self._awaited = (row, column, style)
        elif data[6] == 1:
            self._put(row, column, style, bool(data[8]))
        elif data[6] == 2:
            self._put(row, column, style, _ERRORS.get(data[8], "#N/A"))

    def text(self, data: bytes) -> None:
        if self._awaited:
            self._put(*self._awaited, Pieces([data]).text(self._book.encoding).text)
            self._awaited = None

    def row(self, data: bytes) -> None:
        number_, height = struct.unpack_from("<H4xH", data)
        (options,) = struct.unpack_from("<I", data, 12)
        if options & 0x20 or height & 0x7FFF == 0:
            self._rows.append((number_ + 1, number_ + 1))

    def column(self, data: bytes) -> None:
        first, last, width, _, options = struct.unpack_from("<HHHHH", data)
        last = min(last, 255)
        if options & 1 or not width:
            self._columns.append((first + 1, last + 1))
        else:
            self._widths |= dict.fromkeys(range(first + 1, last + 2), width / 256)

    def standard(self, data: bytes) -> None:
        self._width = struct.unpack_from("<H", data)[0] / 256

    def columns(self, data: bytes) -> None:
        self._width = struct.unpack_from("<H", data)[0] + 0.43

    def merged(self, data: bytes) -> None:
        (count,) = struct.unpack_from("<H", data)
        for top, bottom, left, right in struct.iter_unpack("<HHHH", data[2 : 2 + min(count, len(data) // 8) * 8]):
            if len(self._merged) < _MOST_AREAS and top <= bottom and left <= right:
                self._merged.append(Area(top + 1, left + 1, bottom + 1, right + 1))

    def window(self, data: bytes) -> None:
        self._zeros = bool(struct.unpack_from("<H", data)[0] & 0x10)


_READ: Final[dict[int, Callable[[_Cells, bytes], None]]] = {
    0x203: _Cells.number, 0x27E: _Cells.small, 0xBD: _Cells.smalls, 0xFD: _Cells.shared, 0x204: _Cells.label,
    0xD6: _Cells.label, 0x205: _Cells.truth, 0x06: _Cells.formula, 0x207: _Cells.text, 0x208: _Cells.row,
    0xEC: lambda sheet, data: sheet.drawn.drawing(data), 0x5D: lambda sheet, data: sheet.drawn.thing(data),
    0x7D: _Cells.column, 0x99: _Cells.standard, 0x55: _Cells.columns, 0xE5: _Cells.merged, 0x23E: _Cells.window,
}  # fmt: skip


def _unpacked(packed: int) -> float:
    """A number in four bytes: a whole one or the front half of another, perhaps of its hundredfold."""
    if packed & 2:
        value = float(packed >> 2 if packed < 0x80000000 else (packed >> 2) - 0x40000000)
    else:
        value = struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFFFFFC))[0]
    return value / 100 if packed & 1 else value
