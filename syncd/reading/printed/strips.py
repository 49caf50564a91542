"""Boxes of one digit each, side by side: one number right of a text, unless a heading stands over each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from syncd.reading.printed import digits
from syncd.reading.printed.filled import Filled
from syncd.reading.printed.marks import Box, Word
from syncd.reading.printed.regions import Region

_EVEN: Final = 0.2
_WIDEST: Final = 2.2
"""Of a box, as a multiple of its height."""
_LEAST: Final = 3
_MOST_LINES: Final = 40
"""Of boxes one over the other; more are a table, wherever its headings are."""
_OVER: Final = 1.6
"""From a strip to free headings over it, as a multiple of its height."""


def strips_joined(cells: Sequence[Filled], free: Sequence[Word]) -> list[Filled]:
    """The cells, each strip of boxes that is one field as one cell."""
    at = {(cell.region.top, cell.region.left): cell for cell in cells}
    above = {(cell.region.bottom, cell.region.left, cell.region.right): cell for cell in cells}
    ends = {(cell.region.top, cell.region.right): cell for cell in cells}
    gone: set[int] = set()
    found: list[Filled] = []
    for cell in sorted(cells, key=lambda cell: (cell.region.top, cell.region.left)):
        if id(cell) in gone:
            continue
        strip = _strip(cell, at)
        before = ends.get((cell.region.top, cell.region.left))
        if len(strip) < _LEAST or not _is_field(strip, before, above, free):
            found.append(cell)
            continue
        gone |= {id(each) for each in strip}
        first, last = strip[0].region, strip[-1].region
        box = Box(first.box.left, first.box.top, last.box.right, first.box.bottom)
        region = Region(first.left, first.top, last.right, first.bottom, box)
        found.append(replace(cell, region=region, text=digits.joined([each.text for each in strip])))
    return found


def _strip(first: Filled, at: dict[tuple[int, int], Filled]) -> list[Filled]:
    """Boxes of the same size from this one rightwards, with one digit or sign in each, or nothing."""
    strip: list[Filled] = []
    cell: Filled | None = first
    while cell is not None and _is_box(cell) and _same_size(cell, first):
        strip.append(cell)
        cell = at.get((first.region.top, cell.region.right))
    return strip


def _is_box(cell: Filled) -> bool:
    box = cell.region.box
    small = box.width <= _WIDEST * box.height
    return small and (not cell.text or digits.is_digit(cell.text) or digits.is_sign(cell.text))


def _same_size(cell: Filled, first: Filled) -> bool:
    box, like = cell.region.box, first.region.box
    return cell.region.bottom == first.region.bottom and abs(box.width - like.width) <= _EVEN * like.width


def _is_field(
    strip: Sequence[Filled],
    before: Filled | None,
    above: dict[tuple[int, int, int], Filled],
    free: Sequence[Word],
) -> bool:
    """Whether a text stands before it and no headings over it."""
    box = strip[0].region.box
    reach = 20 * box.height
    beside = before is not None and _is_text(before.text)
    beside = beside or any(
        _is_text(word.text) and box.top <= word.box.middle[1] <= box.bottom and 0 <= box.left - word.box.right < reach
        for word in free
    )
    return beside and not _headed(strip, above) and not _free_headings(strip, free)


def _is_text(text: str) -> bool:
    return bool(text) and not text.isdecimal() and (len(text) > 1 or text.isalpha())


def _headed(strip: Sequence[Filled], above: dict[tuple[int, int, int], Filled]) -> bool:
    """Whether, however many such lines of boxes lie over it, one of them is headings."""
    regions = [cell.region for cell in strip]
    for _ in range(_MOST_LINES):
        over = [above.get((region.top, region.left, region.right)) for region in regions]
        there = [cell for cell in over if cell is not None]
        if len(there) < 2:
            return False
        if sum(_is_heading(cell.text) for cell in there) > 1:
            return True
        regions = [cell.region for cell in there]
    return True


def _free_headings(strip: Sequence[Filled], free: Sequence[Word]) -> bool:
    height = strip[0].region.box.height
    top = strip[0].region.box.top
    over = 0
    for cell in strip:
        box = cell.region.box
        over += any(
            box.left <= word.box.middle[0] <= box.right
            and top - _OVER * height <= word.box.middle[1] < top
            and word.box.width <= 1.5 * box.width
            and _is_heading(word.text)
            for word in free
        )
    return over > 1


def _is_heading(text: str) -> bool:
    return bool(text) and not digits.is_digit(text) and not digits.is_sign(text) and not digits.is_place(text)
