"""xls workbooks of all writers: any CODEPAGE, texts and numbers in all records that hold them."""

from __future__ import annotations

import struct
from pathlib import Path
from random import Random

import pytest

from syncd.forms.fact import Fact
from syncd.forms.grid import Grid
from syncd.reading.biff import workbook
from syncd.reading.limits import Limits, Refused
from tests.reading import making as m
from tests.reading.conftest import Read

WORDS = ("合計", "請求金額", "施設番号", "ﾋﾏﾜﾘ", "Himawari", "０１２", "備考（注）", "①児童数")
Written = dict[tuple[int, int], str | int | float | bool]


def text16(text: str, size: str = "<H") -> bytes:
    """A text of Excel 97: in bytes where they will do."""
    if all(ord(sign) < 256 for sign in text):
        return struct.pack(size, len(text)) + b"\0" + text.encode("latin-1")
    return struct.pack(size, len(text)) + b"\1" + text.encode("utf-16-le")


def packed(number: int | float, hundred: bool) -> int | None:
    """The four bytes of a number, None where it has none."""
    value = number * 100 if hundred else number
    if value == int(value) and -(2**29) <= value < 2**29:
        return (int(value) & 0x3FFFFFFF) << 2 | 2 | hundred
    half = struct.unpack("<II", struct.pack("<d", float(value)))
    return half[1] & 0xFFFFFFFC | hundred if not half[0] and not half[1] & 3 else None


class Book:
    """Writes one sheet of values in records chosen at random."""

    def __init__(self, rng: Random, version: int, codepage: int, encoding: str) -> None:
        self.rng, self.version, self.codepage, self.encoding = rng, version, codepage, encoding
        self.strings: list[str] = []
        self.cells: Written = {}

    def text(self, text: str, size: str = "<H") -> bytes:
        if self.version == 0x600:
            return text16(text, size)
        data = text.encode(self.encoding)
        return struct.pack(size, len(data)) + data

    def record(self, row: int, column: int, value: str | int | float | bool) -> bytes:
        at = struct.pack("<HHH", row, column, 0)
        if isinstance(value, bool):
            return m.record(0x205, at + struct.pack("<BB", value, 0))
        if isinstance(value, str):
            way = self.rng.choice(("label", "formula", "shared" if self.version == 0x600 else "rich"))
            if way == "shared":
                self.strings.append(value)
                return m.record(0xFD, at + struct.pack("<I", len(self.strings) - 1))
            if way == "formula":
                result = b"\0\0\0\0\0\0\xff\xff"
                return m.record(0x06, at + result + bytes(8)) + m.record(0x207, self.text(value))
            kind, more = (0xD6, b"\0") if way == "rich" else (0x204, b"")
            return m.record(kind, at + self.text(value) + more)
        hundred = self.rng.random() < 0.5
        if self.rng.random() < 0.5 and (four := packed(value, hundred)) is not None:
            if self.rng.random() < 0.5:
                return m.record(0x27E, at + struct.pack("<I", four))
            return m.record(0xBD, at[:4] + struct.pack("<HIH", 0, four, column))
        if self.rng.random() < 0.3:
            return m.record(0x06, at + struct.pack("<d", value) + bytes(8))
        return m.record(0x203, at + struct.pack("<d", value))

    def shared(self) -> bytes:
        """All texts, broken at random places, where the next piece says anew how wide characters are."""
        pieces, current = [], bytearray(struct.pack("<II", len(self.strings), len(self.strings)))
        for text in self.strings:
            wide = any(ord(sign) > 255 for sign in text)
            current += struct.pack("<HB", len(text), wide)
            for sign in text:
                if self.rng.random() < 0.2:
                    pieces.append(bytes(current))
                    wide = ord(sign) > 255 or self.rng.random() < 0.5
                    current = bytearray([wide])
                elif ord(sign) > 255 and not wide:
                    pieces.append(bytes(current))
                    wide, current = True, bytearray([1])
                current += sign.encode("utf-16-le" if wide else "latin-1")
        pieces.append(bytes(current))
        return m.record(0xFC, pieces[0]) + b"".join(m.record(0x3C, piece) for piece in pieces[1:])

    def stream(self, cells: Written) -> bytes:
        inside = b"".join(self.record(row, column, value) for (row, column), value in cells.items())
        bof = struct.pack("<HHHH", self.version, 5, 0x1DBB, 0x7CC) + (bytes(8) if self.version == 0x600 else b"")
        begin = m.record(0x809, bof) + m.record(0x42, struct.pack("<H", self.codepage))
        begin += self.shared() if self.strings else b""
        name = text16("様式", "<B") if self.version == 0x600 else self.text("様式", "<B")
        offset = len(begin) + 4 + 6 + len(name) + 4
        bound = m.record(0x85, struct.pack("<IBB", offset, 0, 0) + name)
        sheet = m.record(0x809, struct.pack("<HH", self.version, 0x10) + bof[4:])
        return begin + bound + m.record(0x0A, b"") + sheet + inside + m.record(0x0A, b"")


def some_cells(rng: Random) -> Written:
    cells: Written = {}
    for _ in range(rng.randint(1, 25)):
        spot = (rng.randint(0, 400), rng.randint(0, 40))
        value: str | int | float | bool = rng.choice(WORDS) * rng.choice((1, 1, 3, 40))
        if rng.random() < 0.5:
            value = rng.choice(
                (rng.randint(-(10**9), 10**9), rng.randint(-999, 999), rng.randint(0, 99_999) / 100, True)
            )
        cells[spot] = value
    return cells


def opened(data: bytes, folder: Path) -> Grid:
    (folder / "a.xls").write_bytes(data)
    return workbook.grid(folder / "a.xls", Limits())


VERSIONS = [
    (0x600, 1200, ""),
    (0x600, 932, ""),
    (0x600, 1252, ""),
    (0x600, 65001, ""),
    (0x500, 932, "cp932"),
    (0x500, 10001, "cp932"),
]


@pytest.mark.parametrize(("version", "codepage", "encoding"), VERSIONS)
def test_all_writers(tmp_path: Path, version: int, codepage: int, encoding: str) -> None:
    for seed in range(40):
        rng = Random(seed)
        cells = some_cells(rng)
        book = Book(rng, version, codepage, encoding)
        stream = book.stream(cells)
        data = m.compound({"Workbook" if version == 0x600 else "Book": stream})
        (sheet,) = opened(data, tmp_path).sheets
        assert sheet.name == "様式"
        found = {(row - 1, column - 1): cell.value for (row, column), cell in sheet.cells.items()}
        assert found.keys() == cells.keys(), seed
        for spot, value in cells.items():
            got = found[spot]
            assert got == value or (isinstance(value, float) and float(str(got)) == value), (seed, spot, got, value)


@pytest.mark.parametrize(("version", "codepage", "encoding"), VERSIONS)
def test_a_fact_in_it(read: Read, version: int, codepage: int, encoding: str) -> None:
    book = Book(Random(codepage), version, codepage, encoding)
    stream = book.stream({(0, 0): "合計", (0, 1): 62})
    data = m.compound({"Workbook" if version == 0x600 else "Book": stream})
    assert read(data, "a.xls", Fact("x", "int", ("合計",))).facts["x"].one == 62


def test_damage_is_refused_and_never_more(tmp_path: Path) -> None:
    """Bytes changed at random, or cut off: read or refused, within limits."""
    for seed in range(150):
        rng = Random(seed)
        version, codepage, encoding = rng.choice(VERSIONS)
        stream = bytearray(Book(rng, version, codepage, encoding).stream(some_cells(rng)))
        for _ in range(rng.randint(1, 12)):
            stream[rng.randrange(len(stream))] = rng.randrange(256)
        if rng.random() < 0.3:
            del stream[rng.randrange(len(stream)) :]
        try:
            opened(m.compound({"Workbook": bytes(stream)}), tmp_path)
        except (Refused, workbook.TooOld):
            continue
