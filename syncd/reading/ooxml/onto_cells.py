"""Marks that are drawn over cells, as if they were written in them: ☑ and ☐ for boxes, ○ before the word under an oval.

An oval marks the word that its middle lies on, as the text is laid out in its cell (alignment, size of the font); where
that can't be told, and for every other small shape, the cells below it are remembered, so that nobody takes what
was marked there for blank.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from syncd.forms.eras import ERAS
from syncd.forms.grid import Area, Cell, Spot
from syncd.forms.marked import is_choice
from syncd.forms.values import WORDS
from syncd.reading.ooxml.drawn import PIXEL, Drawn, Measures, Rectangle

_WIDEST, _HIGHEST = 260 * PIXEL, 130 * PIXEL
"""A larger shape is a frame or a picture, no mark."""
_GLYPH: Final = 9 * PIXEL
_MOST_AREAS: Final = 500
_SEPARATORS: Final = re.compile(r"(?:[\s・/／、,，|｜:：;()（）]|又は|または)+")
_CHOICES: Final = {**WORDS, **ERAS, **{word: word for word in ("男", "女", "男性", "女性", "常勤", "非常勤")}}
_LONGEST_WORD: Final = 10
_ADDRESS: Final = re.compile(r"(?:.*!)?\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_PADDING: Final = 3.0
"""Pixels between the edge of a cell and its text."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a cell's text is set: left, center, right, distributed; points of its font; steps of indentation."""

    align: str = "left"
    points: float = 11.0
    indent: int = 0


class Placing:
    """Puts what is drawn on one sheet onto its cells."""

    def __init__(
        self, cells: Mapping[Spot, Cell], merged: Sequence[Area], measures: Measures, setting: Callable[[Spot], Setting]
    ) -> None:
        self.cells = dict(cells)
        self.unclear: list[Area] = []
        self._circled: set[Spot] = set()
        self._merged, self._by, self._setting = merged, measures, setting

    def place(self, drawn: Sequence[Drawn]) -> None:
        boxes: dict[Spot, list[Drawn]] = {}
        for each in drawn:
            if each.kind == "box":
                x, y = min(each.at.left + _GLYPH, each.at.middle[0]), each.at.middle[1]
                boxes.setdefault(self._corner(self._by.spot(x, y)), []).append(each)
        for spot, found in boxes.items():
            if not self._boxes(spot, sorted(found, key=lambda each: (each.at.left, each.at.top))):
                for each in found:
                    self._remember(each.at)
        marks = [each for each in drawn if each.kind != "box" and _small(each.at)]
        for each in sorted(marks, key=lambda each: (-each.at.left, -each.at.top)):
            if each.kind != "oval" or not self._oval(each):
                self._remember(each.at)

    # where

    def _area(self, spot: Spot) -> Area:
        return next((area for area in self._merged if spot in area), Area(*spot, *spot))

    def _corner(self, spot: Spot) -> Spot:
        area = self._area(spot)
        return area.top, area.left

    def _rectangle(self, area: Area) -> Rectangle:
        by = self._by
        return Rectangle(by.left(area.left - 1), by.top(area.top - 1), by.left(area.right), by.top(area.bottom))

    def _remember(self, at: Rectangle) -> None:
        """The cells under a shape, but for those that it merely touches."""
        inset_x, inset_y = (at.right - at.left) * 0.1, (at.bottom - at.top) * 0.1
        top, left = self._by.spot(max(at.left + inset_x, 0), max(at.top + inset_y, 0))
        bottom, right = self._by.spot(max(at.right - inset_x, 0), max(at.bottom - inset_y, 0))
        if len(self.unclear) < _MOST_AREAS:
            self.unclear.append(Area(top, left, max(bottom, top), max(right, left)))

    def _write(self, spot: Spot, text: str) -> None:
        self.cells[spot] = Cell(text)

    # boxes

    def _boxes(self, spot: Spot, boxes: list[Drawn]) -> bool:
        """Writes the boxes of one cell into it; False: it can't be told what they belong to."""
        cell = self.cells.get(spot)
        text = cell.value.strip() if cell is not None and isinstance(cell.value, str) else ""
        if any(each.on is None or not self._agrees(each) for each in boxes):
            return False
        if cell is not None and not text and cell.value is not None and not isinstance(cell.value, bool | str):
            return False
        signs = ["☑" if each.on else "☐" for each in boxes]
        captions = [each.text for each in boxes]
        if all(captions) and not text:
            self._write(spot, " ".join(f"{sign}{caption}" for sign, caption in zip(signs, captions, strict=True)))
            return True
        if any(captions):
            return False
        words = [word for word in _SEPARATORS.split(text) if word]
        if len(boxes) == 1 and len(words) <= 1:
            self._write(spot, signs[0] + text)
            return True
        if len(words) == len(boxes):
            self._write(spot, " ".join(f"{sign}{word}" for sign, word in zip(signs, words, strict=True)))
            return True
        return False

    def _agrees(self, box: Drawn) -> bool:
        """The cell that the box writes to says the same."""
        found = _ADDRESS.fullmatch(box.link.strip().upper())
        if found is None:
            return True
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        cell = self.cells.get((int(found[2]), column))
        return cell is None or not isinstance(cell.value, bool) or cell.value == box.on

    # ovals

    def _oval(self, oval: Drawn) -> bool:
        """Writes ○ before the word that the oval marks; False: it can't be told which one that is."""
        x, y = oval.at.middle
        if x < 0 or y < 0:
            return False
        area = self._area(self._by.spot(x, y))
        spot, frame = (area.top, area.left), self._rectangle(area)
        half_wide, half_high = (oval.at.right - oval.at.left) / 4, (oval.at.bottom - oval.at.top) / 4
        corners = [(x - half_wide, y - half_high), (x + half_wide, y + half_high)]
        if any(self._corner(self._by.spot(max(at[0], 0), max(at[1], 0))) != spot for at in corners):
            return False
        cell = self.cells.get(spot)
        if cell is None or (isinstance(cell.value, str) and not cell.value.strip()):
            self._write(spot, "○")
            return True
        if not isinstance(cell.value, str):
            return False
        text = cell.value
        if spot in self._circled:
            self._remember(oval.at)  # two words of one text
        self._circled.add(spot)
        place = self._word(text, frame, oval.at, self._setting(spot))
        if place is None:
            return False
        self.cells[spot] = replace(cell, value=f"{text[:place]}○{text[place:]}")
        return True

    def _word(self, text: str, frame: Rectangle, oval: Rectangle, setting: Setting) -> int | None:
        """Where in a text the word begins that lies under the oval."""
        words = _words(text)
        if len(words) == 1 and is_choice(text, _CHOICES, 1):
            return words[0][0]
        if len(words) < 2 or any(end - begin > _LONGEST_WORD for begin, end in words):
            return None
        y = oval.middle[1]
        lines = text.split("\n")
        if len(lines) > 1:
            height, fraction = (frame.bottom - frame.top) / PIXEL, (y - frame.top) / (frame.bottom - frame.top)
            needed = len(lines) * setting.points * 96 / 72 * 1.3
            number = min(int(fraction * len(lines)), len(lines) - 1)
            if height > needed * 1.6 or abs(fraction * len(lines) - number - 0.5) > 0.4:
                return None
            begin = sum(len(line) + 1 for line in lines[:number])
            words = [word for word in words if begin <= word[0] < begin + len(lines[number]) + 1]
            if len(words) == 1:
                return words[0][0]
            return _under(lines[number], begin, words, frame, oval, setting) if words else None
        return _under(text, 0, words, frame, oval, setting)


def _small(at: Rectangle) -> bool:
    return abs(at.right - at.left) <= _WIDEST and abs(at.bottom - at.top) <= _HIGHEST


def _words(text: str) -> list[tuple[int, int]]:
    """Where the words of a text begin and end."""
    found, at = [], 0
    for between in _SEPARATORS.finditer(text):
        if between.start() > at:
            found.append((at, between.start()))
        at = between.end()
    return [*found, (at, len(text))] if at < len(text) else found


def _under(
    line: str, begin: int, words: list[tuple[int, int]], frame: Rectangle, oval: Rectangle, setting: Setting
) -> int | None:
    """The word of a line under the oval, by two ways to tell that have to agree unless the oval lies right on it."""
    wide = (frame.right - frame.left) / PIXEL
    x = (oval.middle[0] - frame.left) / PIXEL
    edges = _edges(line, wide, setting)
    spans = [(edges[first - begin], edges[last - begin]) for first, last in words]
    middles = [(left + right) / 2 for left, right in spans]
    ranked = sorted(range(len(words)), key=lambda number: abs(middles[number] - x))
    best, second = ranked[:2]
    if abs(middles[best] - x) > 0.35 * abs(middles[best] - middles[second]):
        return None
    half = (oval.right - oval.left) / PIXEL / 2
    if any(abs(middles[number] - x) < half * 0.9 for number in ranked[1:]):
        return None  # it goes around more than one
    by_fraction = min(int(x / wide * len(words)), len(words) - 1)
    on_it = spans[best][0] <= x <= spans[best][1]
    return words[best][0] if on_it or by_fraction == best else None


def _edges(line: str, wide: float, setting: Setting) -> list[float]:
    """Where each character of a line begins, in pixels from the left edge of its cell, and where the last one ends."""
    size = setting.points * 96 / 72
    widths = [size if unicodedata.east_asian_width(sign) in "WFA" else size / 2 for sign in line]
    whole = sum(widths)
    if setting.align in ("distributed", "justify") and line:
        step = wide / len(line)
        return [number * step for number in range(len(line) + 1)]
    room = wide - 2 * _PADDING
    scale = min(1.0, room / whole) if whole and room > 0 else 1.0
    indent = setting.indent * 9.0
    start = _PADDING + indent
    if setting.align in ("center", "centerContinuous"):
        start = (wide - whole * scale) / 2
    elif setting.align == "right":
        start = wide - _PADDING - indent - whole * scale
    edges = [start]
    for each in widths:
        edges.append(edges[-1] + each * scale)
    return edges
