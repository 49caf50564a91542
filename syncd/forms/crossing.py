"""Values found by more than a label: where a row meets a column, below headings of groups, n cells from a label.

Of several places the rule's `nth` counts; without it there is no value. A heading or label that stands nearer hides
one that stands further away, as the second of two tables below each other hides the first one's headings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from syncd.forms.fact import Fact, Kind, Value
from syncd.forms.grid import Spot
from syncd.forms.headings import Heading, headings, places
from syncd.forms.paper import Paper, corner
from syncd.forms.places import Place, settled
from syncd.forms.ranges import is_decoration, read_below


def _chosen(values: Sequence[Value], fact: Fact) -> Value:
    """The nth value, or the one that all places agree on."""
    if fact.nth:
        values = values[fact.nth - 1 : fact.nth]
    return settled([Place(value) for value in values], fact.kind) if values else Value("missing")


def read_crossing(fact: Fact, papers: Sequence[Paper]) -> Value:
    """The value where the fact's row meets its column."""
    crossings = [crossing for paper in papers for crossing in _crossings(fact, paper)]
    clear = [crossing for crossing in crossings if not crossing.broken] or crossings
    if len(clear) == 1 and clear[0].broken:
        return Value("ambiguous", cell=clear[0].place)
    return _chosen([_of(fact, crossing) for crossing in clear], fact)


def read_columns(fact: Fact, papers: Sequence[Paper]) -> Value:
    """The values below the fact's headings."""
    found = [(paper, heading) for paper in papers for heading in headings(paper, fact.heading)]
    values = [read_below(fact, paper.reading(fact.blank, heading.path), heading.spot) for paper, heading in found]
    if not fact.many:
        values = [_under(fact, paper, heading) for paper, heading in found]
    return _chosen(values, fact)


def read_from_label(fact: Fact, papers: Sequence[Paper]) -> Value:
    """The value so many cells right of the label, or below it."""
    values = []
    for paper in papers:
        for label in places(paper, fact.labels):
            spot = label
            for _ in range(fact.right):
                spot = paper.right_of(spot)
            for _ in range(fact.below):
                spot = paper.under(spot, label[1])
            seen = paper.reading(fact.blank, (label,)).seen(spot, fact.kind)
            values.append(Value(seen.state, seen.one, cell=paper.place(spot), shown=seen.text))
    return _chosen(values, fact)


_MOST_AREA: Final = 200
_BESIDE: Final = 10
_NUMBERS: Final[tuple[Kind, ...]] = ("number", "date", "duration")


@dataclass(frozen=True, slots=True)
class _Crossing:
    """A row that meets a column; `broken`: something stands between heading and row that is no value of that column."""

    paper: Paper
    label: Spot
    heading: Heading
    broken: bool

    @property
    def place(self) -> str:
        return self.paper.place((self.label[0], self.heading.spot[1]))


def _crossings(fact: Fact, paper: Paper) -> Iterator[_Crossing]:
    rows = places(paper, fact.row)
    columns = headings(paper, fact.heading)
    for label in rows:
        for heading in columns:
            if _meet(paper, label, heading) and not _hidden(paper, label, heading, rows, columns):
                yield _Crossing(paper, label, heading, _is_broken(fact, paper, label, heading))


def _meet(paper: Paper, label: Spot, heading: Heading) -> bool:
    row, column = paper.around(label), heading.area
    return column.bottom < row.top and row.right < column.left


def _hidden(paper: Paper, label: Spot, heading: Heading, rows: list[Spot], columns: list[Heading]) -> bool:
    """Another such heading stands nearer above the place, or another such label nearer left of it."""
    area = heading.area
    for other in columns:
        over = other.area
        if area.bottom < over.top and over.bottom < label[0] and over.left <= area.right and area.left <= over.right:
            return True
    right = paper.around(label).right
    return any(spot[0] == label[0] and right < spot[1] and paper.around(spot).right < area.left for spot in rows)


def _is_broken(fact: Fact, paper: Paper, label: Spot, heading: Heading) -> bool:
    """Between them stands a text that the column of these values wouldn't have: a heading of another table."""
    read = paper.reading(fact.blank, heading.path)
    broken = False
    for row in range(heading.area.bottom + 1, label[0]):
        spot = corner(paper.around((row, heading.spot[1])))
        if fact.kind == "text":
            # Any text may be a value; a row without anything is what parts two tables.
            broken = broken or all(paper.empty((row, column)) for column in range(label[1], heading.spot[1] + 1))
        elif read.seen(spot, fact.kind).state == "wrong kind" and not is_decoration(paper, spot, fact.kind):
            broken = broken or _is_of_headings(paper, spot, label)
    return broken


def _is_of_headings(paper: Paper, spot: Spot, label: Spot) -> bool:
    """A heading has headings beside it; a remark in a row of values has values."""
    return not any(_is_number(paper, (spot[0], column)) for column in range(label[1], spot[1] + _BESIDE))


def _is_number(paper: Paper, spot: Spot) -> bool:
    cell = paper.raw(spot)
    return cell is not None and any(paper.seen(spot, kind).state == "found" for kind in _NUMBERS)


def _of(fact: Fact, crossing: _Crossing) -> Value:
    """What stands where they meet; of several cells the one that isn't empty and says no unit."""
    paper, row, column = crossing.paper, crossing.paper.around(crossing.label), crossing.heading.area
    read = paper.reading(fact.blank, (*crossing.heading.path, crossing.label))
    every = [(each, along) for each in range(row.top, row.bottom + 1) for along in range(column.left, column.right + 1)]
    corners = list(dict.fromkeys(corner(paper.around(spot)) for spot in every[:_MOST_AREA]))
    seen = [(spot, read.seen(spot, fact.kind)) for spot in corners if not paper.empty(spot)]
    values = [(spot, each) for spot, each in seen if len(seen) == 1 or not is_decoration(paper, spot, fact.kind)]
    if len(values) > 1:
        return Value(
            "ambiguous", cell=paper.place(values[0][0]), others=tuple(paper.place(spot) for spot, _ in values[1:])
        )
    if not values:
        return Value("blank", cell=paper.place(corners[0]))
    spot, found = values[0]
    return Value(found.state, found.one, cell=paper.place(spot), shown=found.text)


def _under(fact: Fact, paper: Paper, heading: Heading) -> Value:
    """The one value below headings."""
    read = paper.reading(fact.blank, heading.path)
    spot = heading.spot
    for _ in range(2):
        spot = paper.under(spot, heading.spot[1])
        seen = read.seen(spot, fact.kind)
        if not is_decoration(paper, spot, fact.kind):
            break
    return Value(seen.state, seen.one, cell=paper.place(spot), shown=seen.text)
