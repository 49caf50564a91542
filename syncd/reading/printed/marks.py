"""What is on one page: signs, lines, fields, pictures. Data only, in points from the page's top left corner."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

UNREADABLE: Final = "\ufffd"
"""A sign that is seen but of which the file doesn't say which it is."""


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom


class Glyph(NamedTuple):
    """One sign.

    Attributes:
        base: where the line that it is written on lies; em: the size of its letters.
        turn: by how much it is turned clockwise: 0, 90, 180, 270; -1 for anything else.
        piece: signs of one piece of text have the same.
    """

    sign: str
    box: Box
    base: float
    em: float
    turn: int
    piece: int


class Line(NamedTuple):
    """A ruling line: across at height `at`, or upright at `at` from the left."""

    upright: bool
    at: float
    begin: float
    end: float


class Entry(NamedTuple):
    """What stands in a field of a form, '' for nothing; `mark`: it is a box to tick."""

    text: str
    box: Box
    mark: bool = False


@dataclass(slots=True)
class Page:
    """All that is seen on a page, in the order of the file."""

    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    ovals: list[Box] = field(default_factory=list)


class Word(NamedTuple):
    """Signs that belong together: what stands in one place of a line.

    Attributes:
        base: where its line lies; em: the size of its letters; turned: it is not upright.
        alone: it is a whole by itself and is joined to nothing: what stands in a field.
    """

    text: str
    box: Box
    base: float
    em: float
    turned: bool = False
    alone: bool = False


def around(boxes: list[Box]) -> Box:
    """The smallest rectangle that holds them all."""
    return Box(
        min(box.left for box in boxes), min(box.top for box in boxes),
        max(box.right for box in boxes), max(box.bottom for box in boxes),
    )  # fmt: skip


def upright(page: Page) -> Page:
    """The page turned so that most of its signs stand upright."""
    count = dict.fromkeys((0, 90, 180, 270), 0)
    for glyph in page.glyphs:
        if glyph.turn in count:
            count[glyph.turn] += 1
    turn = max(count, key=lambda each: (count[each], each == 0))
    return page if turn == 0 else _turned(page, turn)


def _turned(page: Page, turn: int) -> Page:
    """The page turned back by that much."""
    width, height = page.width, page.height

    def place(x: float, y: float) -> tuple[float, float]:
        if turn == 90:
            return y, width - x
        if turn == 180:
            return width - x, height - y
        return height - y, x

    def box(old: Box) -> Box:
        (a, b), (c, d) = place(old.left, old.top), place(old.right, old.bottom)
        return Box(min(a, c), min(b, d), max(a, c), max(b, d))

    def glyph(old: Glyph) -> Glyph:
        new = old.turn if old.turn < 0 else (old.turn - turn) % 360
        lying = old.turn in (90, 270)  # then its line is upright, and `base` counts from the left
        mirrored = turn == 180 or lying == (turn == 90)
        base = (width if lying else height) - old.base if mirrored else old.base
        return old._replace(box=box(old.box), turn=new, base=base)

    def line(old: Line) -> Line:
        first = (old.at, old.begin) if old.upright else (old.begin, old.at)
        last = (old.at, old.end) if old.upright else (old.end, old.at)
        (a, b), (c, d) = place(*first), place(*last)
        if old.upright == (turn == 180):
            return Line(True, a, min(b, d), max(b, d))
        return Line(False, b, min(a, c), max(a, c))

    lines = [line(each) for each in page.lines]
    entries = [each._replace(box=box(each.box)) for each in page.entries]
    pictures = [box(each) for each in page.pictures]
    sideways = turn != 180
    return Page(
        height if sideways else width, width if sideways else height,
        [glyph(each) for each in page.glyphs], lines, entries, pictures, [box(each) for each in page.ovals],
    )  # fmt: skip
