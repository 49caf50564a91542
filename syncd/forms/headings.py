"""Where columns begin: headings, headings below the headings of groups, and all headings of one table together.

A group's heading covers the columns that it is merged over, else those up to the next heading in its row. Refuses to
choose: where a group could cover other columns than it seems to, nothing is found below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from syncd.forms.fact import Column, Path
from syncd.forms.grid import Area, Spot
from syncd.forms.labels import label_key
from syncd.forms.paper import Paper

APART: Final = 2
"""So many rows may lie between the headings of one table."""
_WIDEST: Final = 200


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column at `spot`; `path` are the spots of its groups' headings and its own, outermost first."""

    paper: Paper
    path: tuple[Spot, ...]

    @property
    def spot(self) -> Spot:
        return self.path[-1]

    @property
    def area(self) -> Area:
        return self.paper.around(self.spot)


def places(paper: Paper, labels: Iterable[str]) -> list[Spot]:
    """Where the first of the labels stands that is there; where none is, the one longer text that contains one."""
    keys = [key for label in labels if (key := label_key(label))]
    for key in keys:
        if exact := paper.exact(key):
            return exact
    near = longer(paper, keys)
    return near if len(near) == 1 else []


def longer(paper: Paper, labels: Iterable[str]) -> list[Spot]:
    """Where longer texts contain one of the labels."""
    return sorted({spot for label in labels for _, spot in paper.containing(label_key(label))})


def headings(paper: Paper, path: Path) -> list[Heading]:
    """Every column below these headings, top to bottom, left to right."""
    if len(path) == 1:
        return [Heading(paper, (spot,)) for spot in places(paper, path[0])]
    found = [each for outer in headings(paper, path[:-1]) for each in _below(outer, path[-1])]
    return sorted({each.spot: each for each in found}.values(), key=lambda each: each.spot)


def _below(group: Heading, labels: Iterable[str]) -> Iterator[Heading]:
    """The headings of that name in the columns of a group, in the first row below it that has one."""
    paper, area = group.paper, group.area
    every = {spot for label in labels for spot in paper.exact(label_key(label))}
    under = [spot for spot in every if area.bottom < spot[0] <= area.bottom + 1 + APART]
    merged = area.left < area.right
    if not merged and any(_uncovered(paper, area.top, spot) for spot in under):
        return  # the group's text may stand over the middle of its columns
    last = area.right if merged else _before_next(paper, area)
    within = [spot for spot in under if area.left <= spot[1] <= last]
    first = min((spot[0] for spot in within), default=0)
    for spot in sorted(within):
        if spot[0] == first:
            yield Heading(paper, (*group.path, spot))


def _uncovered(paper: Paper, row: int, spot: Spot) -> bool:
    """Nothing stands in that row over the spot or left of it."""
    return all(paper.empty(_corner(paper, (row, column))) for column in range(spot[1], 0, -1))


def _before_next(paper: Paper, area: Area) -> int:
    for column in range(area.right + 1, area.right + _WIDEST):
        if not paper.empty(_corner(paper, (area.top, column))):
            return column - 1
    return area.right + _WIDEST


def _corner(paper: Paper, spot: Spot) -> Spot:
    area = paper.around(spot)
    return area.top, area.left


# ── the headings of a table ──


@dataclass(frozen=True, slots=True)
class Head:
    """The headings of one table; `lost` are the columns whose heading isn't there, `doubtful`: more of them are.

    `begin`: the first column behind the table left of it.
    """

    paper: Paper
    columns: dict[str, Heading]
    lost: tuple[Column, ...]
    doubtful: bool = False
    begin: int = 1

    @property
    def needed(self) -> tuple[Column, ...]:
        """The lost columns without which it is no such table."""
        return tuple(column for column in self.lost if not column.optional)

    @property
    def top(self) -> int:
        return min(each.area.top for each in self.columns.values())

    @property
    def bottom(self) -> int:
        return max(each.area.bottom for each in self.columns.values())

    @property
    def left(self) -> int:
        return min(each.area.left for each in self.columns.values())

    @property
    def right(self) -> int:
        return max(each.area.right for each in self.columns.values())

    @property
    def spread(self) -> int:
        """How far its headings lie apart."""
        tops = [each.area.top for each in self.columns.values()]
        return (max(tops) - min(tops)) * 1_000 + self.right - self.left

    @property
    def spots(self) -> frozenset[Spot]:
        return frozenset(each.spot for each in self.columns.values())


def heads(paper: Paper, columns: Sequence[Column]) -> list[Head]:
    """Every table with such headings on the sheet, top to bottom, left to right; incomplete ones, too."""
    every = {column.name: headings(paper, column.path) for column in columns}
    rows = sorted({each.area.top for found in every.values() for each in found})
    found: dict[frozenset[Spot], Head] = {}
    for row in rows:
        for head in _in_row(paper, columns, every, row):
            known = found.get(head.spots)
            if known is None or known.doubtful < head.doubtful:
                found[head.spots] = head
    return sorted(_without_parts(list(found.values())), key=lambda head: (head.top, head.left))


def _in_row(paper: Paper, columns: Sequence[Column], every: dict[str, list[Heading]], row: int) -> Iterator[Head]:
    """The tables whose headings lie in this row, or near it where a column has none in it."""
    members: list[tuple[int, str, Heading]] = []
    for name, found in every.items():
        near = sorted((_distance(each.area, row), each.spot) for each in found)
        nearest = near[0][0] if near and near[0][0] <= APART else None
        members += ((each.area.left, name, each) for each in found if _distance(each.area, row) == nearest)
    groups: list[dict[str, Heading]] = []
    for _, name, each in sorted(members, key=lambda member: (member[0], member[2].spot)):
        if not groups or name in groups[-1]:
            groups.append({})
        groups[-1][name] = each
    made = [Head(paper, group, tuple(column for column in columns if column.name not in group)) for group in groups]
    # A heading that is left over could be meant as well as its twin in the table beside it.
    doubtful = any(head.needed for head in made)
    begin = 1
    for head in made:
        yield Head(paper, head.columns, head.lost, doubtful and not head.needed, begin)
        begin = head.right + 1


def _distance(area: Area, row: int) -> int:
    return max(area.top - row, row - area.bottom, 0)


def _without_parts(found: list[Head]) -> Iterator[Head]:
    """Of tables that share a heading the whole one, else the one whose headings lie closest together."""
    ranked = sorted(found, key=lambda head: (len(head.needed), head.spread, len(head.lost)))
    taken: set[Spot] = set()
    for head in ranked:
        if not taken & head.spots:
            taken |= head.spots
            yield head
