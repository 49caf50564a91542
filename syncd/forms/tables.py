"""A table: columns by their headings, records below them until the first empty row, or until the row of a label.

Several tables with the same headings are told by `nth`, records of several rows by the rows of their headings. Where
`until` is given, empty rows are passed over; without it rows behind an empty one must be no records, or nobody knows
where the table ends. Rows of sub-totals are passed over where the rule names them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from syncd.forms.fact import Column, Fact, One, State, Value
from syncd.forms.grid import Spot, address
from syncd.forms.headings import Head, heads, longer
from syncd.forms.labels import label_key
from syncd.forms.paper import Paper, Seen, corner
from syncd.forms.places import MOST_OTHERS
from syncd.forms.ranges import LOOK_BEHIND, is_decoration, is_total, skipped

MOST_ROWS: Final = 5_000
_MOST_EMPTY: Final = 200
_STATES: Final[tuple[State, ...]] = ("uncalculated", "wrong kind", "ambiguous", "blank")


def read_table(fact: Fact, papers: list[Paper], labels: frozenset[str] = frozenset()) -> Value:
    """The table with all headings that are needed; the nth, or the only one. `labels`: those of all facts."""
    found = [head for paper in papers for head in heads(paper, fact.columns)]
    whole = [head for head in found if not head.needed]
    most = max((len(head.columns) for head in whole), default=0)
    whole = [head for head in whole if most == 1 or len(head.columns) > 1]  # one heading alone may be any label
    if fact.nth and len(whole) >= fact.nth:
        return _Records(fact, whole[fact.nth - 1], labels).read()
    if fact.nth and whole:
        return Value("missing", cell=_place(whole[-1]))
    if whole:
        tables = [_Records(fact, head, labels).read() for head in whole]
        if whole[0].doubtful or any(table.rows != tables[0].rows for table in tables):
            first, *others = (table.cell for table in tables)
            return Value("ambiguous", cell=first, shown=_names(fact.columns), others=tuple(others[:MOST_OTHERS]))
        return tables[0]
    best = min(found, key=lambda head: (len(head.needed), len(head.lost)), default=None)
    needed = best.needed if best else tuple(column for column in fact.columns if not column.optional)
    if unclear := _unclear(papers, needed):
        return unclear
    cell = best.paper.place(min(best.spots)) if best else ""
    return Value("missing", cell=cell, shown=_names(needed or fact.columns))


def _unclear(papers: list[Paper], needed: Sequence[Column]) -> Value | None:
    """That a heading isn't there, but contained in several others."""
    for column in needed:
        if len(column.path) > 1 or not column.labels:
            continue
        if any(paper.exact(label_key(label)) for paper in papers for label in column.labels):
            continue
        near = [paper.place(spot) for paper in papers for spot in longer(paper, column.labels)]
        if len(near) > 1:
            return Value("ambiguous", cell=near[0], shown=_names((column,)), others=tuple(near[1 : MOST_OTHERS + 1]))
    return None


def _names(columns: tuple[Column, ...]) -> str:
    return "、".join("・".join(names[0] for names in column.path if names) for column in columns if column.path[0])


def _place(head: Head) -> str:
    return head.paper.place((head.top, head.left), (head.bottom, head.right))


class _Unclear(Exception):
    """Where two readings are possible."""

    def __init__(self, spot: Spot) -> None:
        super().__init__()
        self.spot = spot


@dataclass(slots=True)
class _Records:
    """The records below the headings of one table."""

    fact: Fact
    head: Head
    labels: frozenset[str] = frozenset()
    rows: list[dict[str, One]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    worst: dict[State, Spot] = field(default_factory=dict)

    def read(self) -> Value:
        try:
            self._go()
        except _Unclear as unclear:
            at = self._paper.place(unclear.spot)
            return Value("ambiguous", cell=_place(self.head), worst=at)
        return self._table()

    @property
    def _paper(self) -> Paper:
        return self.head.paper

    def _go(self) -> None:
        spans = {column.name: self._span(column) for column in self.fact.columns}
        papers = {column.name: self._as_read(column) for column in self.fact.columns}
        row, last = self._first_row(), self._last_row()
        empty, high = 0, self.fact.rows
        while row < last:
            if self._paper.hides_row(row) or (high == 1 and self._struck_out(row)):
                row += 1
                continue
            if height := self._skipped(row):
                row += height
                continue
            if self._empty(row, high):
                empty += 1
                if (not self.fact.until and not self._within_merged(row)) or empty > _MOST_EMPTY:
                    self._ends_here(row, last, papers)
                    break
                row += 1
                continue
            empty = 0
            if high > 1:
                self._is_whole(row, last)
            self._take(row, spans, papers)
            row += high

    def _as_read(self, column: Column) -> Paper:
        heading = self.head.columns.get(column.name)
        return self._paper.reading((*self.fact.blank, *column.blank), heading.path if heading else ())

    def _span(self, column: Column) -> range:
        """Which rows of a record the column's value may stand in, from 0."""
        high = self.fact.rows
        if high == 1 or column.row:
            return range(max(column.row - 1, 0), max(column.row, 1))
        heading = self.head.columns.get(column.name)
        tall = self.head.bottom - self.head.top + 1
        if tall == 1 or heading is None:
            return range(high)
        if tall != high:
            raise _Unclear((self.head.top, self.head.left))
        return range(heading.area.top - self.head.top, heading.area.bottom - self.head.top + 1)

    # where records are

    def _spots(self, row: int) -> list[Spot]:
        return [(row, each.spot[1]) for each in self.head.columns.values()]

    def _empty(self, row: int, high: int = 1) -> bool:
        """Nothing stands in these rows; of a merged cell only its corner holds something."""
        return all(self._paper.empty(spot) for each in range(row, row + high) for spot in self._spots(each))

    def _struck_out(self, row: int) -> bool:
        """Somebody has written that nothing follows: a stroke, 以下余白."""
        return all(self._paper.says_nothing(spot) for spot in self._spots(row)) and not self._empty(row)

    def _within_merged(self, row: int) -> bool:
        return any(self._paper.around(spot).top < row for spot in self._spots(row))

    def _first_row(self) -> int:
        """The row below the headings and below a row of units."""
        row = self.head.bottom + 1
        for _ in range(2):
            spots = [
                ((row, self.head.columns[column.name].spot[1]), column.kind)
                for column in self.fact.columns
                if column.name in self.head.columns
            ]
            filled = [(spot, kind) for spot, kind in spots if not self._paper.empty(spot)]
            if not filled or not all(is_decoration(self._paper, spot, kind) for spot, kind in filled):
                break
            row += 1
        return row

    def _last_row(self) -> int:
        """The row before which the table ends at the latest."""
        first = self.head.bottom + 1
        until = label_key(self.fact.until)
        if not until:
            return first + MOST_ROWS
        ends = [(row, column) for row, column in self._paper.exact(until) if row >= first]
        within = [row for row, column in ends if self.head.left <= column <= self.head.right]
        before = [row for row, column in ends if self.head.begin <= column < self.head.left]
        return min(within or before, default=first + MOST_ROWS)

    def _skipped(self, row: int) -> int:
        """How many rows a sub-total that begins in this row has; 0: none begins here."""
        found = skipped(self._paper, self.fact.skip, row, self._across)
        if found is None:
            return 0
        high = self._paper.around(found).bottom - row + 1
        if high == 1 and self.fact.rows > 1 and self._paper.empty((row + 1, found[1])) and not self._empty(row + 1):
            raise _Unclear((row + 1, found[1]))  # of the sub-total, or of a record without its first field
        return high

    @property
    def _across(self) -> range:
        """The columns of the table, and one before them that may have no heading."""
        return range(max(self.head.left - 1, self.head.begin), self.head.right + 1)

    def _is_whole(self, row: int, last: int) -> None:
        """A record of several rows begins here, and no other one does within it."""
        end = row + self.fact.rows
        if end > last or self._empty(row) or any(self._paper.hides_row(each) for each in range(row, end)):
            raise _Unclear((row, self.head.left))
        for each in range(row, end):
            for spot in self._spots(each):
                area = self._paper.around(spot)
                if area.top < row or area.bottom >= end:
                    raise _Unclear(spot)

    def _ends_here(self, row: int, last: int, papers: dict[str, Paper]) -> None:
        """Behind the first empty row stands no further record."""
        for each in range(row + 1, min(row + 1 + LOOK_BEHIND, last)):
            if self._empty(each):
                continue
            if any(self._paper.is_label((each, column), self.labels) for column in self._across):
                break  # a field of its own
            total = is_total(self._paper, each, self._across)
            seen = [
                papers[column.name].seen(corner(self._paper.around((each, heading.spot[1]))), column.kind)
                for column in self.fact.columns
                if not column.optional and (heading := self.head.columns.get(column.name)) is not None
            ]
            numbers = any(column.kind != "text" for column in self.fact.columns if not column.optional)
            if numbers and not total and not self._skipped(each) and seen and all(one.state == "found" for one in seen):
                raise _Unclear((each, self.head.left))
            break

    # what they say

    def _take(self, row: int, spans: dict[str, range], papers: dict[str, Paper]) -> None:
        record: dict[str, One] = {}
        if not self.fact.until and self._is_total(row):
            raise _Unclear((row, self.head.left))  # a record, or the end of the table
        for column in self.fact.columns:
            heading = self.head.columns.get(column.name)
            spot, seen = (row, 1), Seen("blank")
            if heading is not None:
                spot, seen = self._seen(papers[column.name], column, (row, heading.spot[1]), spans[column.name])
            record[column.name] = seen.one
            self.places.append(address(spot) if heading is not None else "")
            if seen.state != "found" and not (seen.state == "blank" and column.optional):
                self.worst.setdefault(seen.state, spot)
        self.rows.append(record)

    def _is_total(self, row: int) -> bool:
        """The row calls itself a total, and the rule says neither where the table ends nor that it is passed over."""
        named = [self.head.columns[each.name] for each in self.fact.columns if each.name in self.head.columns]
        return any(is_total(self._paper, row, range(each.spot[1], each.spot[1] + 1)) for each in named)

    def _seen(self, paper: Paper, column: Column, first: Spot, span: range) -> tuple[Spot, Seen]:
        """What the record says in a column, and where."""
        spots = [(first[0] + each, first[1]) for each in span]
        corners = list(dict.fromkeys(corner(paper.around(spot)) for spot in spots))
        filled = [spot for spot in corners if not paper.empty(spot)]
        at = spots[0] if len(span) == 1 or not filled else filled[0]
        if len(filled) > 1:
            return at, Seen("ambiguous")
        return at, paper.seen(filled[0], column.kind) if filled else Seen("blank")

    def _table(self) -> Value:
        paper, first, left = self._paper, self.head.bottom + 1, self.head.left
        right = max(spot[1] for spot in self.head.spots)
        if not self.rows:
            return Value("blank", cell=paper.place((first, left)), worst=paper.place((first, left)))
        numbers = [int("".join(sign for sign in place if sign.isdigit())) for place in self.places if place]
        area = paper.place((min(first, *numbers), left), (max(numbers, default=first), right))
        state: State = next((state for state in _STATES if state in self.worst), "found")
        at = paper.place(self.worst[state]) if state in self.worst else ""
        return Value(state, rows=tuple(self.rows), cell=area, worst=at, places=tuple(self.places))
