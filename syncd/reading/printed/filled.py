"""Which words stand in which rectangle, and which rectangles are cells: a frame around free text is none."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from syncd.forms.values import DOUBT
from syncd.reading.printed.columns import Row, rows_of
from syncd.reading.printed.digits import is_digit
from syncd.reading.printed.marks import Box, Line, Word
from syncd.reading.printed.regions import Region, Ruling

_WIDE: Final = 1.6
"""Ems between two words that are no longer one text."""
_OVER: Final = 0.15
"""Ems by which a text of several lines may stick out of its cell."""
_NARROW: Final = 7.0
"""Points: nobody writes into less."""
_MANY: Final = 4
"""Lines of which several in one cell make it a page of its own."""


@dataclass(slots=True)
class Filled:
    """A cell with what stands in it; `alone`: nothing is ruled beside it."""

    region: Region
    words: list[Word] = field(default_factory=list)
    text: str = ""
    alone: bool = False


def filled(ruling: Ruling, words: Iterable[Word], lines: Sequence[Line]) -> tuple[list[Filled], list[Word]]:
    """The cells, and the words that stand in none."""
    cells = [Filled(region) for region in ruling.regions]
    at: dict[tuple[int, int], Filled] = {}
    for cell in cells:
        for row in range(cell.region.top, cell.region.bottom):
            for column in range(cell.region.left, cell.region.right):
                at[row, column] = cell
    free: list[Word] = []
    for word in words:
        x, y = word.box.middle
        found = at.get((bisect.bisect(ruling.ys, y) - 1, bisect.bisect(ruling.xs, x) - 1))
        if found is None:
            free.append(word)
        else:
            found.words.append(word)
    for cell in cells:
        region = cell.region
        rows = range(region.top, region.bottom)
        cell.alone = not any(at.get((row, column)) for row in rows for column in (region.left - 1, region.right))
    outside = list(free)
    kept: list[Filled] = []
    uprights = [line for line in lines if line.upright]
    for cell in cells:
        written = rows_of(word for word in cell.words if not word.turned)
        if not cell.words and min(cell.region.box.width, cell.region.box.height) < _NARROW:
            continue  # between two rectangles
        if _is_frame(cell, written, outside):
            free += cell.words
        else:
            cell.text = _text(cell, written, uprights)
            kept.append(cell)
    return kept, free


def _is_frame(cell: Filled, rows: list[Row], free: Sequence[Word]) -> bool:
    """Whether what stands in a rectangle is a form of its own, or a line of a table that has lines across only."""
    wide = sum(any(_far(a, b) for a, b in pairwise(row)) for row in rows)
    asked = any(word.alone and any(_names(other) for other in row[:at]) for row in rows for at, word in enumerate(row))
    box = cell.region.box
    if asked or (cell.alone and rows and not any(_is_before(word, box) for word in free)):
        return True
    return len(rows) >= _MANY and wide > 1


def _is_before(word: Word, box: Box) -> bool:
    return word.box.right <= box.left + 2 and box.top <= word.box.middle[1] <= box.bottom


def _far(left: Word, right: Word) -> bool:
    return right.box.left - left.box.right > _WIDE * max(left.em, right.em)


def _names(word: Word) -> bool:
    """More than a sign before an amount."""
    return len(word.text) > 1 or (word.text.isalpha() and word.text != "金")


def _text(cell: Filled, rows: list[Row], uprights: Sequence[Line]) -> str:
    """What stands in a cell: its lines, words with a space between."""
    lines = [_one_number(row, cell, uprights) or " ".join(word.text for word in row if word.text) for row in rows]
    lines += [word.text for word in cell.words if word.turned]
    text = ""
    for line in lines:
        apart = text and line and text[-1].isascii() and line[0].isascii()
        text += ("\n" if apart else "") + line
    return text + (DOUBT if text and _runs_over(cell, rows) else "")


def _runs_over(cell: Filled, rows: list[Row]) -> bool:
    """Whether a text runs over the edges of its cell: nobody can say where it ends."""
    box = cell.region.box
    return len(rows) > 1 and any(
        box.top - word.box.top > _OVER * word.em or word.box.bottom - box.bottom > _OVER * word.em
        for row in rows
        for word in row
    )


def _one_number(row: Row, cell: Filled, uprights: Sequence[Line]) -> str:
    """Digits in one cell, parted by short lines only."""
    if len(row) < 3 or not all(is_digit(word.text) for word in row):
        return ""
    box = cell.region.box
    inside = sorted(line.at for line in uprights if box.holds(line.at, line.end - 0.5))
    parted = (
        bisect.bisect(inside, right.box.left + 0.5) > bisect.bisect(inside, left.box.right - 0.5)
        for left, right in pairwise(row)
    )
    return "".join(word.text for word in row) if all(parted) else ""
