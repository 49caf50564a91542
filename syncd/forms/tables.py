"""A table: columns by their headings, rows below them until the first empty one, or until the row of a label.

Headings stand in one row, or in two that are merged into one. Where `until` is given, empty rows are passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from syncd.forms.fact import Column, Fact, One, State, Value
from syncd.forms.grid import Spot, address
from syncd.forms.labels import label_key
from syncd.forms.paper import Paper, Seen, corner
from syncd.forms.places import MOST_OTHERS

MOST_ROWS: Final = 5_000
_MOST_EMPTY: Final = 200
_APART: Final = 2
"""So many rows may lie between the headings of one table."""


@dataclass(frozen=True, slots=True)
class _Heading:
    """Where the columns of a table are; `lost` are those whose heading isn't there, or could be several longer ones."""

    paper: Paper
    spots: dict[str, Spot]
    lost: tuple[Column, ...]
    unclear: dict[str, list[Spot]]

    @property
    def first_row(self) -> int:
        return max(self.paper.around(spot).bottom for spot in self.spots.values()) + 1


def read_table(fact: Fact, papers: list[Paper]) -> Value:
    """The table on the sheet that has most of its headings; where several have them all, they have to say the same."""
    found = [heading for paper in papers if (heading := _heading(fact, paper)) is not None]
    if not found:
        return Value("missing", shown=_names(fact.columns))
    best = min(found, key=lambda heading: (sum(not column.optional for column in heading.lost), len(heading.lost)))
    needed = tuple(column for column in best.lost if not column.optional)
    if needed:
        return _lost(best, needed)
    tables = [_rows(fact, heading) for heading in found if len(heading.lost) == len(best.lost)]
    first, *others = tables
    if any(other.rows != first.rows for other in others):
        places = tuple(other.cell for other in others[:MOST_OTHERS])
        return Value("ambiguous", cell=first.cell, shown=_names(fact.columns), others=places)
    return _rows(fact, best)


def _lost(heading: _Heading, needed: tuple[Column, ...]) -> Value:
    """Of a table that has not all its headings: which are not there, or which could be one of several."""
    unclear = [column for column in needed if column.name in heading.unclear]
    if not unclear:
        return Value("missing", cell=heading.paper.place(min(heading.spots.values())), shown=_names(needed))
    first, *others = [heading.paper.place(spot) for column in unclear for spot in heading.unclear[column.name]]
    return Value("ambiguous", cell=first, shown=_names(tuple(unclear)), others=tuple(others[:MOST_OTHERS]))


def _names(columns: tuple[Column, ...]) -> str:
    return "、".join(column.labels[0] for column in columns if column.labels)


def _heading(fact: Fact, paper: Paper) -> _Heading | None:
    """The row of headings with most of the columns; None when there is not one."""
    places = {column.name: _places(column, paper) for column in fact.columns}
    unclear = {
        column.name: longer for column in fact.columns if not places[column.name] and (longer := _longer(column, paper))
    }
    places |= {name: spots for name, spots in unclear.items() if len(spots) == 1}
    unclear = {name: spots for name, spots in unclear.items() if len(spots) > 1}
    best: _Heading | None = None
    for anchor in fact.columns:
        for spot in places[anchor.name]:
            spots = {name: near for name, each in places.items() if (near := _near(spot, each)) is not None}
            lost = tuple(column for column in fact.columns if column.name not in spots)
            if best is None or len(lost) < len(best.lost):
                best = _Heading(paper, spots, lost, unclear)
        if best is not None and (not best.lost or not anchor.optional):
            break
    if best is None and unclear:
        return _Heading(paper, {min(unclear): unclear[min(unclear)][0]}, fact.columns, unclear)
    return best


def _places(column: Column, paper: Paper) -> list[Spot]:
    """Where the whole heading stands: of the first of its alternatives that is there."""
    return next((spots for label in column.labels if (spots := paper.exact(label_key(label)))), [])


def _longer(column: Column, paper: Paper) -> list[Spot]:
    """Where a longer text contains it."""
    return sorted({spot for label in column.labels for _, spot in paper.containing(label_key(label))})


def _near(anchor: Spot, spots: list[Spot]) -> Spot | None:
    """The spot that is most likely in the same row of headings."""
    near = [spot for spot in spots if abs(spot[0] - anchor[0]) <= _APART]
    return min(near, key=lambda spot: (abs(spot[0] - anchor[0]), abs(spot[1] - anchor[1])), default=None)


def _rows(fact: Fact, heading: _Heading) -> Value:
    paper, first = heading.paper, heading.first_row
    last = _last_row(fact, heading)
    rows: list[dict[str, One]] = []
    places: list[str] = []
    worst: dict[State, Spot] = {}
    empty = 0
    for row in range(first, min(last, first + MOST_ROWS)):
        if paper.hides_row(row):
            continue
        cells = {name: (row, spot[1]) for name, spot in heading.spots.items()}
        if all(paper.says_nothing(spot) for spot in cells.values()):
            if not all(paper.empty(spot) for spot in cells.values()):
                continue  # struck out
            merged = any(paper.around(spot).top < row for spot in cells.values())
            empty += 1
            if (not fact.until and not merged) or empty > _MOST_EMPTY:
                break
            continue
        empty = 0
        seen = {column.name: _seen(paper, column, cells.get(column.name)) for column in fact.columns}
        rows.append({name: each.one for name, each in seen.items()})
        for column in fact.columns:
            places.append(address(cells[column.name]) if column.name in cells else "")
            state = seen[column.name].state
            if state != "found" and not (state == "blank" and column.optional):
                worst.setdefault(state, cells.get(column.name, (row, 1)))
    return _table(heading, rows, places, worst)


def _seen(paper: Paper, column: Column, spot: Spot | None) -> Seen:
    return Seen("blank") if spot is None else paper.seen(corner(paper.around(spot)), column.kind)


def _table(heading: _Heading, rows: list[dict[str, One]], places: list[str], worst: dict[State, Spot]) -> Value:
    paper, spots = heading.paper, heading.spots.values()
    first, left = heading.first_row, min(spot[1] for spot in spots)
    if not rows:
        return Value("blank", cell=paper.place((first, left)), worst=paper.place((first, left)))
    numbers = [int("".join(sign for sign in place if sign.isdigit())) for place in places if place]
    area = paper.place((first, left), (max(numbers, default=first), max(spot[1] for spot in spots)))
    states: tuple[State, ...] = ("uncalculated", "wrong kind", "ambiguous", "blank")
    state: State = next((state for state in states if state in worst), "found")
    at = paper.place(worst[state]) if state in worst else ""
    return Value(state, rows=tuple(rows), cell=area, worst=at, places=tuple(places))


def _last_row(fact: Fact, heading: _Heading) -> int:
    """The row before which the table ends at the latest."""
    first = heading.first_row
    right = max(spot[1] for spot in heading.spots.values())
    until = label_key(fact.until)
    if not until:
        return first + MOST_ROWS
    ends = [row for row, column in heading.paper.exact(until) if row >= first and column <= right]
    return min(ends, default=first + MOST_ROWS)
