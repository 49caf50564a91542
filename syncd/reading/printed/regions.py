"""Ruling lines become rectangles: what they close is a cell, also an empty one.

Lines within a few points of one another are one. Where lines across end at the same place on both sides, a table that
is open at its sides is closed there.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from syncd.reading.limits import Refused
from syncd.reading.printed.marks import Box, Line

_SNAP: Final = 3.0
_WIDEST: Final = 4.5
"""Lines so near one another are one; so far they may stray together."""
_GAP: Final = 5.0
"""Dashes and dots with such gaps are one line."""
_SHORT: Final = 3.5
"""So much may be missing of a wall."""
_THIN: Final = 4.0
_MOST_FIELDS: Final = 400_000


@dataclass(frozen=True, slots=True)
class Region:
    """A closed rectangle, by the numbers of its lines: from column line `left` to `right`, from row line `top` on."""

    left: int
    top: int
    right: int
    bottom: int
    box: Box


@dataclass(frozen=True, slots=True)
class Ruling:
    """All rectangles of a page, and where the lines are: `xs` from the left, `ys` from the top."""

    xs: tuple[float, ...] = ()
    ys: tuple[float, ...] = ()
    regions: tuple[Region, ...] = ()

    def band(self, y: float) -> int:
        """Between which lines across something lies: 0 above the first."""
        return bisect.bisect(self.ys, y)


def ruling(lines: Sequence[Line]) -> Ruling:
    """Raises Refused for more lines than a form has."""
    straight = [line for line in lines if line.end - line.begin >= 1.0]
    upright = _Axis([line for line in straight if line.upright])
    across = _Axis([line for line in straight if not line.upright])
    across_walls = across.walls()
    _close_sides(upright, across, across_walls)
    xs, ys = upright.places, across.places
    if len(xs) < 2 or len(ys) < 2:
        return Ruling()
    if len(xs) * len(ys) > _MOST_FIELDS:
        raise Refused("too big", "more lines are drawn on one page than a form has")
    return Ruling(tuple(xs), tuple(ys), tuple(_regions(xs, ys, upright.walls(), across_walls)))


class _Axis:
    """Lines of one direction, gathered at the places where they lie."""

    def __init__(self, lines: list[Line]) -> None:
        self.places: list[float] = []
        self._spans: list[list[tuple[float, float]]] = []
        group: list[Line] = []
        for line in sorted(lines, key=lambda line: line.at):
            if group and (line.at - group[-1].at > _SNAP or line.at - group[0].at > _WIDEST):
                self._add(group)
                group = []
            group.append(line)
        self._add(group)

    def _add(self, group: list[Line]) -> None:
        if group:
            self.places.append(sum(line.at for line in group) / len(group))
            self._spans.append([(line.begin, line.end) for line in group])

    def add(self, at: float, begin: float, end: float) -> None:
        """One more line, at a place that is near or new."""
        number = bisect.bisect(self.places, at)
        for near in (number - 1, number):
            if 0 <= near < len(self.places) and abs(self.places[near] - at) <= _SNAP:
                self._spans[near].append((begin, end))
                return
        self.places.insert(number, at)
        self._spans.insert(number, [(begin, end)])

    def walls(self) -> list[list[tuple[float, float]]]:
        """Of each place the stretches that are drawn, gaps of dashes closed."""
        return [_joined(spans) for spans in self._spans]


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for begin, end in sorted(spans):
        if found and begin - found[-1][1] <= _GAP:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _close_sides(upright: _Axis, across: _Axis, walls: list[list[tuple[float, float]]]) -> None:
    """Upright lines where the ends of lines across lie below one another and nothing is drawn."""
    latest: list[tuple[float, float, float]] = []
    new: list[tuple[float, float, float]] = []
    for at, spans in zip(across.places, walls, strict=True):
        for begin, end in spans:
            above = [line for line in latest if line[1] < end and begin < line[2]]
            for top, left, right in above:
                if abs(left - begin) <= _SNAP and abs(right - end) <= _SNAP:
                    new += [(left, top, at), (right, top, at)]
            latest = [*[line for line in latest if line not in above][-200:], (at, begin, end)]
    for at, begin, end in new:
        upright.add(at, begin, end)


def _regions(
    xs: list[float], ys: list[float], upright: list[list[tuple[float, float]]], across: list[list[tuple[float, float]]]
) -> list[Region]:
    """The parts between the lines that are closed rectangles."""
    columns, rows = len(xs) - 1, len(ys) - 1
    right_of = [[_is_wall(upright[x], ys[y], ys[y + 1]) for y in range(rows)] for x in range(len(xs))]
    below = [[_is_wall(across[y], xs[x], xs[x + 1]) for x in range(columns)] for y in range(len(ys))]
    seen = [[False] * columns for _ in range(rows)]
    found: list[Region] = []
    for row in range(rows):
        for column in range(columns):
            if seen[row][column]:
                continue
            fields, is_open = _flood(row, column, right_of, below, seen)
            top, bottom = min(y for y, _ in fields), max(y for y, _ in fields) + 1
            left, right = min(x for _, x in fields), max(x for _, x in fields) + 1
            box = Box(xs[left], ys[top], xs[right], ys[bottom])
            if is_open or len(fields) != (bottom - top) * (right - left):
                continue
            if box.width >= _THIN and box.height >= _THIN:
                found.append(Region(left, top, right, bottom, box))
    return found


def _flood(
    row: int, column: int, right_of: list[list[bool]], below: list[list[bool]], seen: list[list[bool]]
) -> tuple[list[tuple[int, int]], bool]:
    """All fields that no wall parts from this one; whether that leads out of the lines."""
    rows, columns = len(seen), len(seen[0])
    fields, waiting, is_open = [], [(row, column)], False
    seen[row][column] = True
    while waiting:
        y, x = waiting.pop()
        fields.append((y, x))
        for wall, other_y, other_x in (
            (right_of[x][y], y, x - 1),
            (right_of[x + 1][y], y, x + 1),
            (below[y][x], y - 1, x),
            (below[y + 1][x], y + 1, x),
        ):
            if wall:
                continue
            if not (0 <= other_y < rows and 0 <= other_x < columns):
                is_open = True
            elif not seen[other_y][other_x]:
                seen[other_y][other_x] = True
                waiting.append((other_y, other_x))
    return fields, is_open


def _is_wall(spans: list[tuple[float, float]], begin: float, end: float) -> bool:
    """Whether something is drawn all the way."""
    slack = min(_SHORT, (end - begin) / 3)
    number = bisect.bisect_right(spans, (begin + slack, float("inf"))) - 1
    return number >= 0 and spans[number][0] <= begin + slack and spans[number][1] >= end - slack
