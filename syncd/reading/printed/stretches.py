"""Writes one stretch of a page: free lines, or a ruled table with what stands beside its cells."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from typing import Final

from syncd.reading.pen import Pen
from syncd.reading.printed.columns import Row, columns_of, is_numeric, rows_of
from syncd.reading.printed.digits import digits_joined
from syncd.reading.printed.filled import Filled
from syncd.reading.printed.marks import Word
from syncd.reading.printed.records import claimed, doubted, records
from syncd.reading.printed.regions import Ruling
from syncd.reading.printed.spread import spread
from syncd.reading.printed.strips import strips_joined

_FAR: Final = 3.0
"""Ems between lines that don't belong together any more."""
_CELL: Final = 2
"""Columns of a cell, so that an empty one is a merged area: a field left blank, beyond which nobody looks."""


def put_free(pen: Pen, words: Sequence[Word]) -> None:
    """Lines of free text; where they lie far apart, what is above has nothing to do with what is below."""
    rows = [spread(row, pen.labels) for row in records(rows_of(words))]
    begin = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or _far(rows[end - 1], rows[end]):
            _put_lines(pen, rows[begin:end])
            begin = end


def _far(upper: Row, lower: Row) -> bool:
    between = min(word.box.top for word in lower) - max(word.box.bottom for word in upper)
    return between > _FAR * max(word.em for word in lower)


def _put_lines(pen: Pen, rows: list[Row]) -> None:
    width = _CELL if any(not word.text for row in rows for word in row) else 1
    rows, columns = _in_columns(rows)
    rows, columns = claimed(doubted(rows, columns), columns)
    for number, row in enumerate(rows):
        for word, column in zip(row, columns[number], strict=True):
            pen.put(number, column * width, 1, 1 if word.text else width, word.text)
    if rows:
        pen.end(len(rows), begins=_numbers_end(rows), ends=_numbers_end(rows[::-1]))


def _numbers_end(rows: Sequence[Row]) -> tuple[float, ...]:
    """Where the numbers end of the first line that has several words."""
    row = next((row for row in rows if len(row) > 1), [])
    return tuple(word.box.right for word in row if is_numeric(word.text))


def _in_columns(rows: list[Row]) -> tuple[list[Row], list[list[int]]]:
    columns, _ = columns_of(rows)
    return digits_joined(rows, columns)


def put_table(pen: Pen, ruling: Ruling, cells: Sequence[Filled], free: Sequence[Word], first: int, last: int) -> None:
    """Cells of the bands from `first` to `last`, with the words that stand free in these."""
    cells = strips_joined(cells, free)
    edges = sorted({edge for cell in cells for edge in (cell.region.left, cell.region.right)})
    xs = [ruling.xs[edge] for edge in edges]
    lines: list[Row] = []
    begins: list[int] = []
    for band in range(first, last + 1):
        begins.append(len(lines))
        there = rows_of(word for word in free if ruling.band(word.box.middle[1]) == band)
        lines += [spread(row, pen.labels) for row in there] or [[]]
    begins.append(len(lines))
    placed: list[tuple[int, int, int, str]] = []
    starts = [0]
    for between in range(len(xs) + 1):
        some = [[word for word in row if bisect.bisect(xs, word.box.middle[0]) == between] for row in lines]
        numbers = [number for number, row in enumerate(some) if row]
        rows, columns = _in_columns([some[number] for number in numbers])
        placed += [
            (number, starts[-1] + column, between, word.text)
            for number, row, places in zip(numbers, rows, columns, strict=True)
            for word, column in zip(row, places, strict=True)
        ]
        starts.append(starts[-1] + max(_CELL, 1 + max((column for each in columns for column in each), default=0)))
    for cell in cells:
        region = cell.region
        top, bottom = begins[region.top + 1 - first], begins[region.bottom + 1 - first]
        left, right = starts[edges.index(region.left) + 1], starts[edges.index(region.right) + 1]
        pen.put(top, left, bottom - top, right - left, cell.text)
    for row, column, _, text in placed:
        if text:
            pen.put(row, column, 1, 1, text)
    pen.end(len(lines), begins=tuple(xs), ends=tuple(xs))
