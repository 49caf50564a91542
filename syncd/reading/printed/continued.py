"""Tables that go on on the next page without their headings: their last line is in doubt, so that none seems whole."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from syncd.forms.grid import Cell, Sheet, Spot
from syncd.forms.values import DOUBT
from syncd.reading.pen import Pen, Stretch
from syncd.reading.printed.columns import is_numeric

_NEAR: Final = 3.0
"""Points by which columns of two pages may differ."""
_COLUMNS: Final = 2
_AROUND: Final = 2
"""Stretches of one line that may stand below or above a table: a page's number, a title."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A page as a sheet, and the pen that wrote it."""

    sheet: Sheet
    pen: Pen


def sheets(pages: Sequence[Laid]) -> list[Sheet]:
    """The sheets, with a mark in the last line of each table that goes on."""
    for page, following in itertools.pairwise(pages):
        table, rest = _first(page.pen.stretches[::-1]), _first(following.pen.stretches)
        if table is None or rest is None or not _alike(table.ends, rest.begins):
            continue
        lines, others = ([row for row in stretch.rows if len(row) > 1] for stretch in (table, rest))
        if not lines or not others or _is_heading(following.pen, others[0]):
            continue
        if any(_is_heading(page.pen, line) for line in lines):
            for spot in lines[-1]:
                page.pen.cells[spot] = Cell(str(page.pen.cells[spot].value) + DOUBT)
    return [page.sheet for page in pages]


def _first(stretches: Sequence[Stretch]) -> Stretch | None:
    """The first of several lines, or with columns."""
    for stretch in stretches[: _AROUND + 1]:
        if len(stretch.rows) > 1 or len(stretch.begins) >= _COLUMNS:
            return stretch if stretch.rows else None
    return None


def _alike(one: Sequence[float], other: Sequence[float]) -> bool:
    if min(len(one), len(other)) < _COLUMNS:
        return bool(one and other) and len(one) == len(other) == 1 and abs(one[0] - other[0]) <= _NEAR
    few, many = sorted((one, other), key=len)
    return all(any(abs(a - b) <= _NEAR for b in many) for a in few)


def _is_heading(pen: Pen, row: Sequence[Spot]) -> bool:
    """A line of several texts, and no number."""
    texts = [str(pen.cells[spot].value) for spot in row]
    return len(texts) >= _COLUMNS and not any(is_numeric(text) for text in texts)
