"""The records of an xls workbook's stream, and the texts in them."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from syncd.reading.limits import Refused

BOF, EOF, CONTINUE = 0x809, 0x0A, 0x3C
_WIDE, _EXTENDED, _RICH = 1, 4, 8


@dataclass(frozen=True, slots=True)
class Text:
    """A text with where its runs begin and the font of each."""

    text: str
    runs: tuple[tuple[int, int], ...] = ()


def records(stream: bytes, start: int = 0) -> Iterator[tuple[int, int]]:
    """Kind and place of each record from there on; its data are 4 bytes on. Raises Refused where they break off."""
    at, size = start, len(stream)
    while at + 4 <= size:
        length = stream[at + 2] | stream[at + 3] << 8
        if at + 4 + length > size:
            raise Refused("unreadable", "the workbook is damaged (a record breaks off)")
        yield stream[at] | stream[at + 1] << 8, at
        at += 4 + length


def data_of(stream: bytes, at: int) -> bytes:
    """A record's data."""
    return stream[at + 4 : at + 4 + (stream[at + 2] | stream[at + 3] << 8)]


class Pieces:
    """The data of a record and of those that continue it, from which texts are taken across their borders."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces
        self._number = 0
        self._at = 0

    @property
    def more(self) -> bool:
        return self._number < len(self._pieces) and (
            self._at < len(self._pieces[self._number]) or self._number + 1 < len(self._pieces)
        )

    def take(self, count: int) -> bytes:
        """So many bytes. Raises Refused where there are less."""
        found = bytearray()
        while len(found) < count:
            piece = self._piece()
            part = piece[self._at : self._at + count - len(found)]
            found += part
            self._at += len(part)
        return bytes(found)

    def text(self, encoding: str = "") -> Text:
        """A text with a length of two bytes; `encoding`: of bytes, in workbooks before Excel 97."""
        (length,) = struct.unpack("<H", self.take(2))
        if encoding:
            return Text(self.take(length).decode(encoding, "replace"))
        flags = self.take(1)[0]
        runs = struct.unpack("<H", self.take(2))[0] if flags & _RICH else 0
        extended = struct.unpack("<I", self.take(4))[0] if flags & _EXTENDED else 0
        text = self._characters(length, flags)
        written = self.take(4 * runs)
        self._skip(extended)
        return Text(text, tuple(struct.iter_unpack("<HH", written)))

    def _characters(self, length: int, flags: int) -> str:
        """Characters, of which each further piece says anew how wide they are."""
        found: list[str] = []
        left = length
        while left:
            if self._at >= len(self._pieces[self._number]):
                self._piece()
                flags = self.take(1)[0]
            width = 2 if flags & _WIDE else 1
            piece = self._pieces[self._number]
            part = piece[self._at : self._at + left * width]
            part = part[: len(part) // width * width]
            if not part:
                raise Refused("unreadable", "the workbook is damaged (a text breaks off)")
            self._at += len(part)
            left -= len(part) // width
            found.append(part.decode("utf-16-le" if width == 2 else "latin-1", "replace"))
        return "".join(found)

    def _piece(self) -> bytes:
        """The piece to read on in."""
        while self._at >= len(self._pieces[self._number]):
            self._number, self._at = self._number + 1, 0
            if self._number >= len(self._pieces):
                self._number = len(self._pieces) - 1
                raise Refused("unreadable", "the workbook is damaged (a record breaks off)")
        return self._pieces[self._number]

    def _skip(self, count: int) -> None:
        while count > 0:
            piece = self._piece()
            step = min(count, len(piece) - self._at)
            self._at += step
            count -= step


def short_text(data: bytes, encoding: str) -> str:
    """A text with a length of one byte, as sheets' names have."""
    length = data[0]
    if encoding:
        return data[1 : 1 + length].decode(encoding, "replace")
    if data[1] & _WIDE:
        return data[2 : 2 + 2 * length].decode("utf-16-le", "replace")
    return data[2 : 2 + length].decode("latin-1")


ENCODINGS: Final = {
    932: "cp932", 1252: "cp1252", 1250: "cp1250", 1251: "cp1251", 936: "gbk", 949: "cp949", 950: "cp950", 437: "cp437",
    850: "cp850", 10000: "mac-roman", 10001: "cp932", 65001: "utf-8", 367: "ascii",
    32768: "mac-roman", 32769: "cp1252",
}  # fmt: skip
"""By the number that CODEPAGE gives; it counts in workbooks before Excel 97 only."""
