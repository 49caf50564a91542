"""What the cell formats of an xls workbook do: days, values that aren't shown, text in the colour of its ground."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from syncd.forms.grid import BOTTOM, LEFT, RIGHT, TOP
from syncd.reading.biff.records import Pieces
from syncd.reading.colours import BLACK, PALETTE, WHITE, Colour, alike, numbered
from syncd.reading.formats import NONE, Shown, hidden_by, shown_by
from syncd.reading.styles import PLAIN, Look

_NO_FILL, _SOLID = 0, 1
_WINDOW_TEXT, _WINDOW, _AUTOMATIC = 64, 65, 0x7FFF
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class _Font:
    colour: int
    raised: bool


class Styles:
    """Takes the records that come before the sheets; then knows each format by its number."""

    def __init__(self) -> None:
        self._formats: dict[int, str] = {}
        self._fonts: list[_Font] = []
        self._styles: list[tuple[int, int, int, int, int]] = []
        self._palette: tuple[Colour, ...] = PALETTE
        self._known: dict[int, tuple[Shown, Look]] = {}

    def font(self, data: bytes) -> None:
        colour, _, raised = struct.unpack_from("<HHH", data, 4)
        self._fonts.append(_Font(colour, raised in (1, 2)))

    def format(self, data: bytes, encoding: str) -> None:
        (number,) = struct.unpack_from("<H", data)
        code = data[3 : 3 + data[2]].decode(encoding, "replace") if encoding else Pieces([data[2:]]).text().text
        self._formats[number] = code

    def palette(self, data: bytes) -> None:
        count = min(struct.unpack_from("<H", data)[0], (len(data) - 2) // 4)
        self._palette = tuple((data[at], data[at + 1], data[at + 2]) for at in range(2, 2 + 4 * count, 4))

    def style(self, data: bytes) -> None:
        """Font, number format, lines, how it is filled, with which colour."""
        font, number = struct.unpack_from("<HH", data)
        if len(data) >= 20:
            sides, more, colours = struct.unpack_from("<IIH", data, 10)
            styles = (sides & 15, sides >> 4 & 15, sides >> 8 & 15, sides >> 12 & 15)
            fill, ground = more >> 26, colours & 0x7F
        else:
            area, sides = struct.unpack_from("<II", data, 8)
            styles = (sides >> 3 & 7, sides >> 6 & 7, sides & 7, area >> 22 & 7)
            fill, ground = area >> 16 & 0x3F, area & 0x7F
        lines = sum(side for side, style in zip((LEFT, RIGHT, TOP, BOTTOM), styles, strict=True) if style)
        if len(self._styles) < _MOST:
            self._styles.append((font, number, lines, fill, ground))

    def of(self, number: int) -> tuple[Shown, Look]:
        """What a number is shown as in a cell of that format, and what else the format does."""
        found = self._known.get(number)
        if found is None:
            found = self._known[number] = self._made(number)
        return found

    def raises(self, font: int) -> bool:
        """The font writes high or low. There is none of number 4."""
        at = font - (font > 4)
        return 0 <= at < len(self._fonts) and self._fonts[at].raised

    def _made(self, number: int) -> tuple[Shown, Look]:
        if not 0 <= number < len(self._styles):
            return "", PLAIN
        font, format_, lines, fill, ground = self._styles[number]
        code = self._formats.get(format_)
        at = font - (font > 4)
        colour = self._colour(self._fonts[at].colour) if at < len(self._fonts) else BLACK
        paper = WHITE if fill == _NO_FILL else self._colour(ground) if fill == _SOLID else None
        unseen = colour is not None and paper is not None and alike(colour, paper)
        hides = hidden_by(code, on_white=paper == WHITE) if code else NONE
        return shown_by(str(format_), code), Look(hides, unseen, self.raises(font), lines)

    def _colour(self, number: int) -> Colour | None:
        if number in (_WINDOW_TEXT, _AUTOMATIC):
            return BLACK
        return WHITE if number == _WINDOW else numbered(number, self._palette)
