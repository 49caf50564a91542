"""The outline of a drawing: its straight lines, and whether it is an oval. Pure geometry of displayed points."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from syncd.reading.printed.marks import Box, Line

_LEVEL: Final = 0.4
_SHORTEST: Final = 1.0
_ARCS: Final = 3
"""Of so many and more an oval is made, and of nothing else."""


class Step(NamedTuple):
    """One step of an outline: `to` a point, or `curve`, of which three are one arc; `close`: and back to the start."""

    kind: str
    x: float
    y: float
    close: bool = False


class Outline(NamedTuple):
    """Its lines across and upright; the oval that it is, if it is one."""

    lines: list[Line]
    oval: Box | None


def outline(steps: Sequence[Step]) -> Outline:
    """The corners of rounded rectangles count as if they were not rounded."""
    if not all(math.isfinite(step.x) and math.isfinite(step.y) for step in steps):
        return Outline([], None)
    straight: list[Line] = []
    corners: list[Line] = []
    arcs = slanted = 0
    start = last = (0.0, 0.0)
    curve: list[tuple[float, float]] = []
    for step in steps:
        here = (step.x, step.y)
        if step.kind == "move":
            start = here
        elif step.kind == "line":
            found = list(_line(last, here))
            straight += found
            slanted += not found and math.dist(last, here) > _SHORTEST
        else:
            curve.append(here)
            if len(curve) < 3:
                continue
            corners += _corner(last, curve[0], here)
            arcs, curve = arcs + 1, []
        if step.close:
            straight += _line(here, start)
        last = here
    if straight:
        return Outline([*straight, *corners], None)
    xs, ys = [step.x for step in steps], [step.y for step in steps]
    oval = Box(min(xs), min(ys), max(xs), max(ys)) if arcs >= _ARCS and not slanted else None
    return Outline([], oval)


def _corner(begin: tuple[float, float], towards: tuple[float, float], end: tuple[float, float]) -> Iterator[Line]:
    """An arc as the corner that it rounds."""
    if abs(towards[1] - begin[1]) <= _LEVEL:
        corner = (end[0], begin[1])
    elif abs(towards[0] - begin[0]) <= _LEVEL:
        corner = (begin[0], end[1])
    else:
        return
    yield from _line(begin, corner)
    yield from _line(corner, end)


def _line(begin: tuple[float, float], end: tuple[float, float]) -> Iterator[Line]:
    across, down = abs(begin[0] - end[0]), abs(begin[1] - end[1])
    if down <= _LEVEL and across >= _SHORTEST:
        yield Line(False, (begin[1] + end[1]) / 2, min(begin[0], end[0]), max(begin[0], end[0]))
    elif across <= _LEVEL and down >= _SHORTEST:
        yield Line(True, (begin[0] + end[0]) / 2, min(begin[1], end[1]), max(begin[1], end[1]))
