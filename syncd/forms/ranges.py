"""Many values at once: those of an address range, and the run of values that begins below or right of a label.

A run ends at the first empty cell or at a text that is no such value; where the rule says `until`, it ends before the
row (to the right: the column) of that label, and empty cells in it count as blank values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from syncd.forms.beside import is_decoration
from syncd.forms.fact import Fact, State, Value
from syncd.forms.grid import Area, Spot, address
from syncd.forms.labels import label_key
from syncd.forms.paper import Paper, Seen, corner

MOST_CELLS: Final = 10_000
MOST_RUN: Final = 2_000
_ADDRESS: Final = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_COLUMNS, _ROWS = 16_384, 1_048_576


def spot_of(text: str) -> Spot | None:
    """C14 → (14, 3); None for what is no address."""
    found = _ADDRESS.fullmatch(text.strip().upper())
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(found[2])
    return (row, column) if column <= _COLUMNS and row <= _ROWS else None


def area_of(text: str) -> Area | None:
    """C8:C13 → the area; None for what is none."""
    first, _, last = text.partition(":")
    begin, end = spot_of(first), spot_of(last)
    if begin is None or end is None:
        return None
    return Area(min(begin[0], end[0]), min(begin[1], end[1]), max(begin[0], end[0]), max(begin[1], end[1]))


def size_of(area: Area) -> int:
    """How many cells it has."""
    return (area.bottom - area.top + 1) * (area.right - area.left + 1)


def read_area(fact: Fact, paper: Paper) -> Value:
    """The values of the fact's range, row by row; of merged cells the one that holds the value."""
    area = area_of(fact.area)
    if area is None:
        return Value("missing")
    every = ((row, column) for row in range(area.top, area.bottom + 1) for column in range(area.left, area.right + 1))
    spots = [spot for spot in islice(every, MOST_CELLS) if corner(paper.around(spot)) == spot]
    seen = [(spot, paper.seen(spot, fact.kind)) for spot in spots]
    return joined(paper, seen, (area.top, area.left), (area.bottom, area.right))


def read_run(fact: Fact, paper: Paper, label: Spot) -> Value:
    """The values that begin below the label, or right of it if there are more."""
    below = _run(fact, paper, _below(paper, label), _row_of(paper, fact.until, label), 0)
    right = _run(fact, paper, _right(paper, label), _column_of(paper, fact.until, label), 1)
    if fact.where == "right" or (fact.where == "any" and _found(right) > _found(below)):
        below = right
    if not below:
        area = paper.around(label)
        spot = (area.top, area.right + 1) if fact.where == "right" else (area.bottom + 1, area.left)
        return Value("blank", cell=paper.place(spot))
    return joined(paper, below, below[0][0], below[-1][0])


def joined(paper: Paper, seen: Sequence[tuple[Spot, Seen]], first: Spot, last: Spot) -> Value:
    """One value of many cells."""
    state, worst = worst_of(seen)
    texts = [each.text for _, each in seen if each.text]
    return Value(
        state,
        many=tuple(each.one for _, each in seen),
        cell=paper.place(first, last),
        shown="、".join(texts[:8]) + ("…" if len(texts) > 8 else ""),
        worst=paper.place(worst) if worst else "",
        places=tuple(address(spot) for spot, _ in seen),
    )


def worst_of(seen: Sequence[tuple[Spot, Seen]]) -> tuple[State, Spot | None]:
    """The state of the whole and where that comes from; it is blank when every cell is."""
    bad: tuple[State, ...] = ("uncalculated", "wrong kind", "ambiguous")
    for state in bad:
        for spot, each in seen:
            if each.state == state:
                return state, spot
    if any(each.state == "found" for _, each in seen):
        return "found", None
    return "blank", seen[0][0] if seen else None


def _run(
    fact: Fact, paper: Paper, way: Callable[[Spot | None], Iterator[Spot]], end: int | None, axis: int
) -> list[tuple[Spot, Seen]]:
    found: list[tuple[Spot, Seen]] = []
    for spot in islice(way(None), MOST_RUN):
        if end is not None and spot[axis] >= end:
            break
        seen = paper.seen(spot, fact.kind)
        if not found and is_decoration(paper, spot, seen):
            continue
        if end is None and paper.empty(spot):
            break
        if end is None and seen.state == "wrong kind":
            following = next(way(spot))
            if paper.seen(following, fact.kind).state != "found":
                break
        found.append((spot, seen))
    while found and paper.empty(found[-1][0]) and end is None:
        found.pop()
    return found


def _below(paper: Paper, label: Spot) -> Callable[[Spot | None], Iterator[Spot]]:
    def way(after: Spot | None) -> Iterator[Spot]:
        spot = after or label
        while True:
            spot = paper.under(spot, label[1])
            yield spot

    return way


def _right(paper: Paper, label: Spot) -> Callable[[Spot | None], Iterator[Spot]]:
    def way(after: Spot | None) -> Iterator[Spot]:
        spot = after or label
        while True:
            spot = paper.right_of((label[0], paper.around(spot).right))
            yield spot

    return way


def _row_of(paper: Paper, until: str, label: Spot) -> int | None:
    rows = [spot[0] for spot in paper.exact(label_key(until)) if spot[0] > label[0]] if until else []
    return min(rows, default=None)


def _column_of(paper: Paper, until: str, label: Spot) -> int | None:
    columns = [spot[1] for spot in paper.exact(label_key(until)) if spot[1] > label[1]] if until else []
    return min(columns, default=None)


def _found(seen: Sequence[tuple[Spot, Seen]]) -> int:
    return sum(each.state == "found" for _, each in seen)
