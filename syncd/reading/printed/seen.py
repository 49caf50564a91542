"""Which signs of a page nobody sees: white on white, on a layer that is off, behind something, cut away.

Most pages need one look at what is drawn: dark text with nothing over it and nothing dark under it is seen. Of all
other text a page is painted twice, with it and without it: where that makes no difference, nobody sees a sign.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import pypdfium2.raw as pdfium

from syncd.reading.limits import Refused
from syncd.reading.printed.drawing import Sheet, Thing, box_of
from syncd.reading.printed.marks import Box, Glyph
from syncd.reading.printed.matrices import Matrix, moved

_CONTRAST: Final = 24
"""Of 255: signs that differ less from what is around them nobody reads."""
_SCALE: Final = 1.5
_MOST_PIXELS: Final = 2_000
"""Of the painted page, on its longer side."""
_LARGE_PICTURE: Final = 2_000_000
"""Pixels: larger ones are not painted, because that takes memory; they hide what they cover."""
_LIGHT, _DARK = 150, 120
_SLACK: Final = 1.0
_TILE: Final = 24.0
_INVISIBLE: Final = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})


class _Cover(NamedTuple):
    """Something drawn that may hide text: its number in the order of drawing; dark: text on it may not be seen."""

    number: int
    box: Box
    dark: bool


def seen(open_sheet: Sheet, glyphs: list[Glyph], *, layers_off: bool, endless: bool = False) -> list[Glyph]:
    """Those signs that people see. Raises Refused.

    Args:
        open_sheet: the page that they stand on.
        glyphs: all of its signs.
        layers_off: the document has layers that are switched off.
        endless: painting the page would take for ever.
    """
    things = open_sheet.things()
    covers = _Covers(open_sheet, things)
    invisible: set[int] = set()
    doubted: dict[int, Thing] = {}
    for number, thing in enumerate(things):
        if thing.kind != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        open_sheet.hurry()
        if pdfium.FPDFTextObj_GetTextRenderMode(thing.handle) in _INVISIBLE:
            invisible.add(thing.key)
        elif layers_off or _is_doubtful(open_sheet, thing) or covers.touch(number, box_of(open_sheet, thing)):
            doubted[thing.key] = thing
    left = [glyph for glyph in glyphs if glyph.piece not in invisible]
    if not any(glyph.piece in doubted for glyph in left):
        return left
    if endless:
        raise Refused("too slow", "a page is filled with more tiles than can be painted")
    never = [thing.handle for thing in covers.unpainted()]
    painted = _Painted(open_sheet, never, [thing.handle for thing in doubted.values()])
    numbers = {thing.key: number for number, thing in enumerate(things)}
    return [
        glyph
        for glyph in left
        if glyph.piece not in doubted
        or (painted.shows(glyph.box) and not covers.buried(numbers[glyph.piece], glyph.box))
    ]


def _is_doubtful(open_sheet: Sheet, thing: Thing) -> bool:
    """Whether a text by itself may be unseen: light, transparent, cut at an edge."""
    if any(pdfium.FPDFPageObj_HasTransparency(each) for each in (*thing.within, thing.handle)):
        return True
    if _lightness(thing.handle) > _LIGHT:
        return True
    box = box_of(open_sheet, thing)
    return any(_is_cut(open_sheet, each, thing.matrix, box) for each in (*thing.within, thing.handle))


def _lightness(handle: Any) -> int:
    """Of its colour; 255 for one that is not told or not opaque."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    stroked = pdfium.FPDFTextObj_GetTextRenderMode(handle) == pdfium.FPDF_TEXTRENDERMODE_STROKE
    ask = pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor
    if not ask(handle, red, green, blue, alpha) or alpha.value < 200:
        return 255
    return max(red.value, green.value, blue.value)


def _is_cut(open_sheet: Sheet, handle: Any, matrix: Matrix, box: Box) -> bool:
    """Whether its clip path may cut a part of a rectangle away."""
    path = pdfium.FPDFPageObj_GetClipPath(handle)
    if not path:
        return False
    for number in range(max(pdfium.FPDFClipPath_CountPaths(path), 0)):
        points = []
        for each in range(min(max(pdfium.FPDFClipPath_CountPathSegments(path, number), 0), 100)):
            x, y = ctypes.c_float(), ctypes.c_float()
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(path, number, each), x, y)
            points.append(open_sheet.place(*moved(matrix, x.value, y.value)))
        if len(points) not in (4, 5):
            return True
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        top, bottom = min(y for _, y in points), max(y for _, y in points)
        if box.left < left - _SLACK or box.right > right + _SLACK:
            return True
        if box.top < top - _SLACK or box.bottom > bottom + _SLACK:
            return True
    return False


class _Covers:
    """What is drawn on a page besides text and lines, by where it lies."""

    def __init__(self, open_sheet: Sheet, things: Sequence[Thing]) -> None:
        self._tiles: dict[tuple[int, int], list[_Cover]] = {}
        self._everywhere: list[_Cover] = []
        self._unpainted: list[tuple[_Cover, Thing]] = []
        for number, thing in enumerate(things):
            if thing.kind == pdfium.FPDF_PAGEOBJ_TEXT or not _fills(thing):
                continue
            picture = thing.kind == pdfium.FPDF_PAGEOBJ_IMAGE
            dark = thing.kind == pdfium.FPDF_PAGEOBJ_SHADING or (not picture and _is_dark(thing.handle))
            cover = _Cover(number, box_of(open_sheet, thing), dark)
            self._add(cover)
            if picture and _pixels(thing.handle) > _LARGE_PICTURE:
                self._unpainted.append((cover, thing))

    def _add(self, cover: _Cover) -> None:
        tiles = list(_tiles(cover.box))
        if len(tiles) > 2_000:
            self._everywhere.append(cover)
        for tile in tiles if len(tiles) <= 2_000 else ():
            self._tiles.setdefault(tile, []).append(cover)

    def touch(self, number: int, box: Box) -> bool:
        """Whether something is drawn over a text, or something dark under it."""
        near = [self._everywhere, *(self._tiles.get(tile, ()) for tile in _tiles(box))]
        return any(
            (cover.number > number or cover.dark) and _overlap(cover.box, box) for each in near for cover in each
        )

    def unpainted(self) -> list[Thing]:
        """Pictures that are not to be painted."""
        return [thing for _, thing in self._unpainted]

    def buried(self, number: int, box: Box) -> bool:
        """Whether a picture that is not painted is drawn over a sign."""
        return any(cover.number > number and cover.box.holds(*box.middle) for cover, _ in self._unpainted)


def _fills(thing: Thing) -> bool:
    if thing.kind != pdfium.FPDF_PAGEOBJ_PATH:
        return True
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(pdfium.FPDFPath_GetDrawMode(thing.handle, mode, stroke) and mode.value)


def _is_dark(handle: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(handle, red, green, blue, alpha):
        return True
    return min(red.value, green.value, blue.value) < _DARK


def _pixels(handle: Any) -> int:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium.FPDFImageObj_GetImagePixelSize(handle, width, height):
        return _LARGE_PICTURE + 1
    return width.value * height.value


def _tiles(box: Box) -> Iterable[tuple[int, int]]:
    left, right = int(max(box.left, 0) // _TILE), int(min(box.right, 20_000) // _TILE)
    top, bottom = int(max(box.top, 0) // _TILE), int(min(box.bottom, 20_000) // _TILE)
    return ((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))


def _overlap(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


class _Painted:
    """A page painted with some things and without them."""

    def __init__(self, open_sheet: Sheet, never: Sequence[Any], doubted: Sequence[Any]) -> None:
        self._scale = min(_SCALE, _MOST_PIXELS / max(open_sheet.width, open_sheet.height, 1.0))
        self._width = max(round(open_sheet.width * self._scale), 1)
        self._height = max(round(open_sheet.height * self._scale), 1)
        for handle in never:
            pdfium.FPDFPageObj_SetIsActive(handle, False)
        self._whole = self._paint(open_sheet)
        for handle in doubted:
            pdfium.FPDFPageObj_SetIsActive(handle, False)
        self._rest = self._paint(open_sheet)
        for handle in (*never, *doubted):
            pdfium.FPDFPageObj_SetIsActive(handle, True)

    def _paint(self, open_sheet: Sheet) -> bytes:
        open_sheet.hurry()
        bitmap = pdfium.FPDFBitmap_Create(self._width, self._height, 0)
        if not bitmap:
            raise MemoryError
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, self._width, self._height, 0xFFFFFFFF)
            pdfium.FPDF_RenderPageBitmap(bitmap, open_sheet.page, 0, 0, self._width, self._height, 0, 0)
            self._stride = pdfium.FPDFBitmap_GetStride(bitmap)
            return ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), self._stride * self._height)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)

    def shows(self, box: Box) -> bool:
        """Whether the things make a difference there that people see."""
        inset = 0.1 * min(box.width, box.height)
        left = max(int((box.left + inset) * self._scale), 0)
        right = min(int((box.right - inset) * self._scale) + 1, self._width)
        top = max(int((box.top + inset) * self._scale), 0)
        bottom = min(int((box.bottom - inset) * self._scale) + 1, self._height)
        for row in range(top, bottom):
            begin, end = row * self._stride + 4 * left, row * self._stride + 4 * right
            one, other = self._whole[begin:end], self._rest[begin:end]
            if one != other and any(abs(a - b) >= _CONTRAST for a, b in zip(one, other, strict=True)):
                return True
        return False
