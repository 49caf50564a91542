"""What pdfium finds on a page: signs with their places, ruling lines, pictures.

pdfium is C++ and knows no limits of ours: what it is given was unpacked once before under those of pypdf, and objects
are counted while they are gone through. Only the confined process may import this.
"""

from __future__ import annotations

import ctypes
import math
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import pypdfium2.raw as pdfium

from syncd.reading.limits import Refused
from syncd.reading.printed.marks import UNREADABLE, Box, Glyph, Line, Page
from syncd.reading.printed.matrices import SAME, Matrix, moved, product
from syncd.reading.printed.paths import Outline, Step, outline

MOST_OBJECTS: Final = 40_000
"""Things drawn on one page; a form has hundreds, a map a hundred thousand."""
_MOST_SIGNS: Final = 100_000
_MOST_SEGMENTS: Final = 60_000
_DEEP: Final = 10
_THIN: Final = 2.5
"""A filled rectangle that is thinner is a line, in points."""
_STEPS: Final = {pdfium.FPDF_SEGMENT_LINETO: "line", pdfium.FPDF_SEGMENT_BEZIERTO: "curve"}
_TURNS: Final = {(1, 0): 0, (0, -1): 90, (-1, 0): 180, (0, 1): 270}


class Thing(NamedTuple):
    """One thing drawn on a page.

    Attributes:
        handle: pdfium's; `key` is its number. kind: pdfium's number for text, path, picture, shading.
        matrix: from its own units to the page's. within: the forms that it is drawn in, outermost first.
    """

    handle: Any
    key: int
    kind: int
    matrix: Matrix
    within: tuple[Any, ...]


class Sheet:
    """One page while it is open: pdfium's handles, and where its points are displayed."""

    def __init__(self, page: Any, deadline: float) -> None:
        self.page = page
        self.deadline = deadline
        seen = pdfium.FS_RECTF()
        if not pdfium.FPDF_GetPageBoundingBox(page, seen):
            raise Refused("unreadable", "a page has no size")
        self._left, self._bottom, self._right, self._top = seen.left, seen.bottom, seen.right, seen.top
        self.turn = pdfium.FPDFPage_GetRotation(page) * 90
        across, down = self._right - self._left, self._top - self._bottom
        self.width, self.height = (down, across) if self.turn in (90, 270) else (across, down)
        self._things: list[Thing] | None = None
        self._turns: dict[tuple[float, float], int] = {}

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page is displayed."""
        if self.turn == 90:
            return y - self._bottom, x - self._left
        if self.turn == 180:
            return self._right - x, y - self._bottom
        if self.turn == 270:
            return self._top - y, self._right - x
        return x - self._left, self._top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Where a rectangle of the page is displayed."""
        (a, b), (c, d) = self.place(left, bottom), self.place(right, top)
        return Box(min(a, c), min(b, d), max(a, c), max(b, d))

    def turn_of(self, a: float, b: float) -> int:
        """By how much text is turned whose matrix begins so."""
        if (a, b) not in self._turns:
            self._turns[a, b] = _turn(self, a, b)
        return self._turns[a, b]

    def things(self) -> list[Thing]:
        """All that is drawn, in that order, forms opened. Raises Refused for too many."""
        if self._things is None:
            self._things = []
            number = pdfium.FPDFPage_CountObjects(self.page)
            self._gather((pdfium.FPDFPage_GetObject(self.page, each) for each in range(number)), SAME, ())
        return self._things

    def _gather(self, handles: Iterator[Any], matrix: Matrix, within: tuple[Any, ...]) -> None:
        assert self._things is not None
        for handle in handles:
            self.hurry()
            if len(self._things) >= MOST_OBJECTS:
                raise Refused("too big", f"more than {MOST_OBJECTS} things are drawn on one page")
            kind = pdfium.FPDFPageObj_GetType(handle)
            if kind != pdfium.FPDF_PAGEOBJ_FORM:
                self._things.append(Thing(handle, key_of(handle), kind, matrix, within))
                continue
            if len(within) < _DEEP:
                number = pdfium.FPDFFormObj_CountObjects(handle)
                inner = (pdfium.FPDFFormObj_GetObject(handle, each) for each in range(max(number, 0)))
                self._gather(inner, product(matrix_of(handle), matrix), (*within, handle))

    def hurry(self) -> None:
        """Raises Refused when the time is over."""
        if time.monotonic() > self.deadline:
            raise Refused("too slow", "reading its pages takes too long")


@contextmanager
def opened(content: Path) -> Iterator[Any]:
    """A document of pdfium's. Raises Refused."""
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadDocument(str(content).encode(), b"")
    if not document:
        raise Refused("unreadable", f"it is damaged (pdfium's error {pdfium.FPDF_GetLastError()})")
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


@contextmanager
def sheet(document: Any, number: int, deadline: float) -> Iterator[Sheet]:
    """One page, open. Raises Refused."""
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        raise Refused("unreadable", f"its page {number + 1} is damaged")
    try:
        yield Sheet(page, deadline)
    finally:
        pdfium.FPDF_ClosePage(page)


def page_of(open_sheet: Sheet, untold: Collection[str] = ()) -> Page:
    """Signs, lines and pictures of a page; whether the signs can be seen is not asked here.

    `untold`: the names of fonts that don't say which sign is which.
    """
    page = Page(open_sheet.width, open_sheet.height)
    for thing in open_sheet.things():
        if thing.kind == pdfium.FPDF_PAGEOBJ_PATH:
            drawn = _outline(open_sheet, thing)
            page.lines += drawn.lines
            page.ovals += [drawn.oval] if drawn.oval else []
            if len(page.lines) > _MOST_SEGMENTS:
                raise Refused("too big", f"more than {_MOST_SEGMENTS} lines are drawn on one page")
        elif thing.kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            page.pictures.append(box_of(open_sheet, thing))
    page.glyphs = list(_glyphs(open_sheet, _Fonts(untold)))
    return page


def _glyphs(open_sheet: Sheet, fonts: _Fonts) -> Iterator[Glyph]:
    """The signs in the order of the file, those on the page only."""
    text = pdfium.FPDFText_LoadPage(open_sheet.page)
    if not text:
        raise Refused("unreadable", "the text of a page is damaged")
    try:
        number = pdfium.FPDFText_CountChars(text)
        if number > _MOST_SIGNS:
            raise Refused("too big", f"more than {_MOST_SIGNS} signs stand on one page")
        for each in range(number):
            if each % 500 == 0:
                open_sheet.hurry()
            if (glyph := _glyph(open_sheet, text, each, fonts)) is not None:
                yield glyph
    finally:
        pdfium.FPDFText_ClosePage(text)


def _glyph(open_sheet: Sheet, text: Any, number: int, fonts: _Fonts) -> Glyph | None:
    if pdfium.FPDFText_IsGenerated(text, number) == 1:
        return None
    piece = pdfium.FPDFText_GetTextObject(text, number)
    rectangle, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    if not (
        pdfium.FPDFText_GetLooseCharBox(text, number, rectangle)
        and pdfium.FPDFText_GetMatrix(text, number, matrix)
        and pdfium.FPDFText_GetCharOrigin(text, number, x, y)
    ):
        return None
    box = open_sheet.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
    middle = box.middle
    if not (0 <= middle[0] <= open_sheet.width and 0 <= middle[1] <= open_sheet.height):
        return None  # outside of what is displayed
    turn = open_sheet.turn_of(matrix.a, matrix.b)
    em = pdfium.FPDFText_GetFontSize(text, number) * math.hypot(matrix.c, matrix.d)
    origin = open_sheet.place(x.value, y.value)
    base = origin[0] if turn in (90, 270) else origin[1]
    unknown = pdfium.FPDFText_HasUnicodeMapError(text, number) == 1 or fonts.is_untold(piece)
    sign = _sign(pdfium.FPDFText_GetUnicode(text, number), unknown)
    if not sign:
        return None
    return Glyph(sign, _tall(box, base, em, turn), base, em, turn, key_of(piece) if piece else 0)


def _tall(box: Box, base: float, em: float, turn: int) -> Box:
    """As high as letters are; what fonts say of that is anything up to twice as much."""
    above, below = (0.88, 0.12) if turn in (0, 270) else (0.12, 0.88)
    if turn in (0, 180):
        return box._replace(top=base - above * em, bottom=base + below * em)
    if turn in (90, 270):
        return box._replace(left=base - above * em, right=base + below * em)
    return box


class _Fonts:
    """Which pieces of text are written with fonts that don't say which sign is which."""

    def __init__(self, untold: Collection[str]) -> None:
        self._untold = frozenset(untold)
        self._known: dict[int, bool] = {}

    def is_untold(self, piece: Any) -> bool:
        if not self._untold or not piece:
            return False
        key = key_of(piece)
        if key not in self._known:
            font = pdfium.FPDFTextObj_GetFont(piece)
            name = ctypes.create_string_buffer(256)
            size = pdfium.FPDFFont_GetBaseFontName(font, name, len(name)) if font else 0
            self._known[key] = name.raw[: max(min(size, len(name)) - 1, 0)].decode("utf-8", "replace") in self._untold
        return self._known[key]


def _turn(open_sheet: Sheet, a: float, b: float) -> int:
    length = math.hypot(a, b)
    if not length or not math.isfinite(length):
        return -1
    x, y = open_sheet.place(a / length, b / length)
    zero = open_sheet.place(0.0, 0.0)
    # Displayed, y counts downwards; in the table it counts upwards.
    across, up = x - zero[0], zero[1] - y
    near = (round(across), round(up))
    if abs(across - near[0]) > 0.05 or abs(up - near[1]) > 0.05:
        return -1
    return _TURNS.get(near, -1)


def _sign(code: int, unknown: bool) -> str:
    if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return UNREADABLE
    if code in (0x20, 0xA0, 0x3000, 9):
        return "\u3000" if code == 0x3000 else " "
    if code in (10, 13, 0xAD, 0xFEFF) or 0x200B <= code <= 0x200F:
        return ""
    if code == 2:  # pdfium's word for a hyphen at the end of a line
        return "-"
    return UNREADABLE if unknown or code < 0x20 or 0x7F <= code < 0xA0 else chr(code)


def _outline(open_sheet: Sheet, thing: Thing) -> Outline:
    """The lines of a drawing; a filled one is a line when it is thin, else no line at all."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(thing.handle, mode, stroke) or not (mode.value or stroke.value):
        return Outline([], None)
    if not stroke.value:
        box = box_of(open_sheet, thing)
        if box.height <= _THIN < box.width:
            return Outline([Line(False, (box.top + box.bottom) / 2, box.left, box.right)], None)
        if box.width <= _THIN < box.height:
            return Outline([Line(True, (box.left + box.right) / 2, box.top, box.bottom)], None)
        return Outline([], None)
    matrix = product(matrix_of(thing.handle), thing.matrix)
    number = pdfium.FPDFPath_CountSegments(thing.handle)
    if number > _MOST_SEGMENTS:
        raise Refused("too big", f"a drawing has more than {_MOST_SEGMENTS} segments")
    steps = []
    for each in range(number):
        segment = pdfium.FPDFPath_GetPathSegment(thing.handle, each)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        kind = _STEPS.get(pdfium.FPDFPathSegment_GetType(segment), "move")
        here = open_sheet.place(*moved(matrix, x.value, y.value))
        steps.append(Step(kind, *here, close=bool(pdfium.FPDFPathSegment_GetClose(segment))))
    return outline(steps)


def box_of(open_sheet: Sheet, thing: Thing) -> Box:
    """Where a thing is displayed."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(thing.handle, left, bottom, right, top):
        return Box(0, 0, 0, 0)
    corners = [moved(thing.matrix, x.value, y.value) for x in (left, right) for y in (bottom, top)]
    xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
    if not all(map(math.isfinite, (*xs, *ys))):
        return Box(0, 0, 0, 0)
    return open_sheet.box(min(xs), min(ys), max(xs), max(ys))


def key_of(handle: Any) -> int:
    """The number by which a thing is told from others."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def matrix_of(handle: Any) -> Matrix:
    """From a thing's own units to those that it is drawn in."""
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(handle, found):
        return SAME
    return found.a, found.b, found.c, found.d, found.e, found.f
