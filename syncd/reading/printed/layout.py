"""A page becomes a sheet: rectangles become cells, words that stand free become lines and columns.

From top to bottom a page is stretches of ruled tables and of free text. Each has columns of its own, and empty rows lie
between them, so that nothing is looked for across.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from syncd.forms.grid import Sheet
from syncd.reading.limits import Refused
from syncd.reading.pen import Pen
from syncd.reading.printed.circled import circled
from syncd.reading.printed.continued import Laid, sheets
from syncd.reading.printed.filled import Filled, filled
from syncd.reading.printed.marks import Box, Entry, Page, Word, upright
from syncd.reading.printed.overprint import in_doubt
from syncd.reading.printed.regions import Ruling, ruling
from syncd.reading.printed.stretches import put_free, put_table
from syncd.reading.printed.words import words as words_of

__all__ = ["Entry", "Laid", "is_picture", "laid", "sheets"]

_MOST_WORDS: Final = 15_000
_MOSTLY: Final = 0.5
"""Of a page; a larger picture is what the page shows, and a person has to look at it."""


def is_picture(page: Page) -> bool:
    """Whether pictures are most of what is seen: a scan, perhaps with a line that the scanner wrote above it."""
    whole = max(page.width * page.height, 1.0)
    return sum(_on_page(box, page) for box in page.pictures) > _MOSTLY * whole


def _on_page(box: Box, page: Page) -> float:
    across = min(box.right, page.width) - max(box.left, 0.0)
    down = min(box.bottom, page.height) - max(box.top, 0.0)
    return max(across, 0.0) * max(down, 0.0)


def laid(page: Page, name: str, labels: Collection[str] = ()) -> Laid:
    """The page as a sheet of that name; `labels`: normalised, what the rule looks for. Raises Refused."""
    page = upright(page)
    words = in_doubt(words_of(circled(page.glyphs, page.ovals), page.lines))
    if len(words) > _MOST_WORDS:
        raise Refused("too big", f"more than {_MOST_WORDS} words stand on one page")
    words += [
        Word(each.text, each.box, each.box.bottom - each.box.height / 4, _size(each.box.height), alone=not each.mark)
        for each in page.entries
    ]
    lines = ruling(page.lines)
    cells, free = filled(lines, words, page.lines)
    pen = Pen(frozenset(labels))
    standing = [word for word in free if not word.turned]
    for first, last, in_cells in _stretches(lines, cells):
        there = [word for word in standing if first <= lines.band(word.box.middle[1]) <= last]
        if in_cells:
            put_table(pen, lines, in_cells, there, first, last)
        else:
            put_free(pen, there)
    for word in free:
        if word.turned:
            pen.put(0, 0, 1, 1, word.text)
            pen.end(1)
    return Laid(Sheet(name, pen.cells, tuple(pen.merged)), pen)


def _size(height: float) -> float:
    """The letters' size in a field of that height."""
    return min(max(height * 0.7, 4.0), 12.0)


def _stretches(lines: Ruling, cells: Sequence[Filled]) -> Iterator[tuple[int, int, list[Filled]]]:
    """Bands between lines across, gathered into those with cells and those without: first, last, the cells."""
    with_cells = {band for cell in cells for band in range(cell.region.top + 1, cell.region.bottom + 1)}
    first = 0
    for band in range(1, len(lines.ys) + 2):
        if band == len(lines.ys) + 1 or (band in with_cells) != (first in with_cells):
            yield first, band - 1, [cell for cell in cells if first <= cell.region.top + 1 < band]
            first = band
