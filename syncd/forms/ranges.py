"""Many values at once: those of an address range, and the run of values that begins below or right of a label.

A run ends at the first empty cell or at a text that is no such value; where the rule says `until`, it ends before the
row (to the right: the column) of that label, and empty cells in it count as blank values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from syncd.forms.fact import Fact, Kind, State, Value
from syncd.forms.grid import Area, Spot, address
from syncd.forms.labels import label_key
from syncd.forms.paper import Paper, Seen, corner
from syncd.forms.units import is_unit

MOST_CELLS: Final = 10_000
MOST_RUN: Final = 2_000
LOOK_BEHIND: Final = 3
"""So many empty rows behind many values it is asked whether they go on."""
_BESIDE: Final = 12
_TOTALS: Final = frozenset(
    ("計", "合計", "小計", "総計", "総合計", "累計", "合計額", "合計金額", "平均", "total", "備考", "注", "消費税")
)  # fmt: skip
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
    return joined(paper, _of_area(fact, paper, area), (area.top, area.left), (area.bottom, area.right))


def read_areas(fact: Fact, sheets: Callable[[str], Sequence[Paper]]) -> Value:
    """The values of ranges on several sheets, one after the other; `sheets` has those of a name.

    `4月:6月!C8` is that range on every visible sheet from the first to the second.
    """
    seen: list[tuple[Paper, Spot, Seen]] = []
    for text in fact.areas:
        names, _, ref = text.rpartition("!")
        area, papers = area_of(ref), _papers(names, sheets)
        if papers is None:
            return Value("ambiguous", shown=text)
        if area is None or not papers:
            return Value("missing", shown=text)
        for paper in papers:
            seen += ((paper, spot, each) for spot, each in _of_area(fact, paper, area))
    state, at = _worst_of_all(seen)
    texts = [each.text for _, _, each in seen if each.text]
    return Value(
        state,
        many=tuple(each.one for _, _, each in seen),
        cell="、".join(fact.areas),
        shown="、".join(texts[:8]) + ("…" if len(texts) > 8 else ""),
        worst=at,
        places=tuple(paper.place(spot) for paper, spot, _ in seen),
    )


def _papers(names: str, sheets: Callable[[str], Sequence[Paper]]) -> Sequence[Paper] | None:
    """The sheets of that name, or from one name to another; None where a name fits several."""
    every = sheets("")
    first, _, last = names.partition(":")
    ends = [sheets(name) for name in ((first, last) if last else (first,))]
    if any(not found for found in ends):
        return ()
    if any(len(found) > 1 for found in ends):
        return None
    if not last:
        return ends[0]
    if any(found[0] not in every for found in ends):
        return ()  # hidden sheets have no place in the order that people see
    numbers = sorted(every.index(found[0]) for found in ends)
    return every[numbers[0] : numbers[1] + 1]


def _worst_of_all(seen: Sequence[tuple[Paper, Spot, Seen]]) -> tuple[State, str]:
    """As `worst_of`, over several sheets."""
    state, number = worst_of([((number, 1), each) for number, (_, _, each) in enumerate(seen)])
    return state, "" if number is None else seen[number[0]][0].place(seen[number[0]][1])


def _of_area(fact: Fact, paper: Paper, area: Area) -> list[tuple[Spot, Seen]]:
    every = ((row, column) for row in range(area.top, area.bottom + 1) for column in range(area.left, area.right + 1))
    spots = [spot for spot in islice(every, MOST_CELLS) if corner(paper.around(spot)) == spot]
    return [(spot, paper.seen(spot, fact.kind)) for spot in spots]


def read_below(fact: Fact, paper: Paper, heading: Spot) -> Value:
    """The values that begin below the heading."""
    below = _run(fact, paper, _below(paper, heading), _row_of(paper, fact.until, heading), 0)
    if not below:
        area = paper.around(heading)
        return Value("blank", cell=paper.place((area.bottom + 1, area.left)))
    return joined(paper, below, below[0][0], below[-1][0])


def read_run(fact: Fact, paper: Paper, label: Spot) -> Value:
    """The values that begin below the label, or right of it if there are more."""
    below = _run(fact, paper, _below(paper, label), _row_of(paper, fact.until, label), 0)
    right = _run(fact, paper, _right(paper, label), _column_of(paper, fact.until, label), 1)
    if fact.where == "any" and _found(right) and _found(below):
        first = paper.place(below[0][0], below[-1][0])
        return Value("ambiguous", cell=first, others=(paper.place(right[0][0], right[-1][0]),))
    if fact.where == "right" or (fact.where == "any" and _found(right)):
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
        if not found and is_decoration(paper, spot, fact.kind):
            continue
        if axis == 0 and _is_skipped(fact, paper, spot):
            continue
        if end is None and paper.empty(spot):
            if (further := _further(fact, paper, way(spot), axis)) is not None:
                found.append((further, Seen("ambiguous")))
            break
        if end is None and seen.state == "wrong kind":
            following = next(way(spot))
            if paper.seen(following, fact.kind).state != "found":
                break
        found.append((spot, seen))
    while found and paper.empty(found[-1][0]) and end is None:
        found.pop()
    return found


def is_decoration(paper: Paper, spot: Spot, kind: Kind) -> bool:
    """A unit between heading and values."""
    cell = paper.raw(spot)
    return cell is not None and isinstance(cell.value, str) and is_unit(cell.value[:30], bracketed=kind == "text")


def is_total(paper: Paper, row: int, columns: range) -> bool:
    """The row says of itself that it is a total, or no value at all."""
    cells = (paper.raw((row, column)) for column in columns)
    return any(cell is not None and isinstance(cell.value, str) and label_key(cell.value) in _TOTALS for cell in cells)


def skipped(paper: Paper, words: Sequence[str], row: int, columns: range) -> Spot | None:
    """Where the row has one of the labels whose rows are passed over."""
    keys = {label_key(word) for word in words}
    for column in columns if keys else ():
        cell = paper.raw((row, column))
        if cell is not None and isinstance(cell.value, str) and label_key(cell.value) in keys:
            return row, column
    return None


def _is_skipped(fact: Fact, paper: Paper, spot: Spot) -> bool:
    return skipped(paper, fact.skip, spot[0], range(max(spot[1] - _BESIDE, 1), spot[1])) is not None


def _further(fact: Fact, paper: Paper, way: Iterator[Spot], axis: int) -> Spot | None:
    """Where behind the first empty cell a further value stands, so that nobody knows where they end."""
    if fact.kind == "text":
        return None
    spot = next((spot for spot in islice(way, LOOK_BEHIND) if not paper.empty(spot)), None)
    if spot is None or paper.seen(spot, fact.kind).state != "found":
        return None
    beside = range(max(spot[1] - _BESIDE, 1), spot[1])
    return None if axis == 0 and is_total(paper, spot[0], beside) else spot


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
    """The first row below with that label: of the label's own column, else of the nearest left of it, else any."""
    ends = [spot for spot in paper.exact(label_key(until)) if spot[0] > label[0]] if until else []
    nearest = max((spot[1] for spot in ends if spot[1] <= label[1]), default=0)
    return min((spot[0] for spot in ends if not nearest or spot[1] == nearest), default=None)


def _column_of(paper: Paper, until: str, label: Spot) -> int | None:
    columns = [spot[1] for spot in paper.exact(label_key(until)) if spot[1] > label[1]] if until else []
    return min(columns, default=None)


def _found(seen: Sequence[tuple[Spot, Seen]]) -> int:
    return sum(each.state == "found" for _, each in seen)
