"""The one value that belongs to a label: right of it, or below it.

To the right empty cells are skipped, up to `MOST_GAP` of them (more where they are narrow); a merged empty area is the
field itself, left blank. Numbering such as ① and footnotes between label and value are passed over. The search ends at
another label: a text that is one in the rule or ends with a colon, and for all kinds but text any text that is no such
value and doesn't stand directly beside. A value may be spread over cells: a day in its parts, one digit a cell, words
with boxes. Below, only the next cell counts (a unit in between is passed over). A text is looked for below only where
another label stands beside its own, as in a row of headings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from syncd.forms.choices import group
from syncd.forms.digits import digits
from syncd.forms.fact import Fact, Kind
from syncd.forms.grid import Spot
from syncd.forms.labels import is_numbering, label_key, says_nothing, squeezed
from syncd.forms.options import letters, option
from syncd.forms.paper import Paper, Seen
from syncd.forms.pieces import day_from
from syncd.forms.units import is_unit
from syncd.forms.values import is_tried

MOST_GAP: Final = 6
_MOST_WIDTH: Final = 60.0
"""Characters; so much may be empty between a label and its value."""
_MOST_CELLS: Final = 40
_LONGEST_UNIT: Final = 30
_BEFORE_AMOUNT: Final = frozenset(("金", "¥", "\\"))


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at `spot`.

    `at_label`: the way ended at another label, so that there is no field. `spread`: it is spread over cells.
    """

    seen: Seen
    spot: Spot
    at_label: bool = False
    spread: bool = False


def beside(paper: Paper, label: Spot, fact: Fact, labels: frozenset[str]) -> Look:
    """The value of the label at that spot."""
    if fact.where == "below":
        return _below(paper, label, fact, labels)
    right = _right(paper, label, fact, labels)
    if fact.where == "right" or right.spread or right.seen.state in ("found", "uncalculated", "ambiguous"):
        return right
    left = paper.left_of(label)
    if fact.kind == "text" and not right.at_label and not (left and paper.is_label(left, labels)):
        return right
    below = _below(paper, label, fact, labels)
    return below if below.seen.state in ("found", "uncalculated") else right


def _right(paper: Paper, label: Spot, fact: Fact, labels: frozenset[str]) -> Look:
    if (chosen := group(paper, label, fact.kind, labels)) is not None:
        return Look(*chosen, spread=True)
    first: Spot | None = None
    for gap, spot in enumerate(_cells_right(paper, label)):
        first = first or spot
        if paper.empty(spot):
            area = paper.around(spot)
            if area.left < area.right or area.top < area.bottom:
                return Look(Seen("blank"), spot if gap == 0 else first)
            continue
        if paper.is_label(spot, labels):
            return Look(Seen("blank"), first, at_label=True)
        if is_numbering(paper.text(spot)):
            continue
        if (day := day_from(paper, spot, fact.kind)) is not None:
            return Look(day, spot, spread=True)
        if (number := digits(paper, spot, fact.kind, labels)) is not None:
            return Look(*number, spread=True)
        marked = option(paper, spot, fact.kind, labels) or letters(paper, spot, fact.kind, labels)
        if marked is not None:
            return Look(marked, spot, spread=True)
        seen = paper.seen(spot, fact.kind)
        if seen.state == "blank" and squeezed(seen.text) in _BEFORE_AMOUNT:
            continue
        if seen.state == "wrong kind" and spot != first and not is_tried(seen.text, fact.kind):
            return Look(Seen("blank"), first, at_label=True)
        return Look(seen, spot)
    return Look(Seen("blank"), first or label)


def _cells_right(paper: Paper, label: Spot) -> Iterator[Spot]:
    """The cells right of a label, merged areas as one."""
    spot, width = label, 0.0
    for number in range(_MOST_CELLS):
        spot = paper.right_of(spot)
        if number >= MOST_GAP + 2 and width >= _MOST_WIDTH:
            break
        width += paper.width(spot)
        yield spot


def _below(paper: Paper, label: Spot, fact: Fact, labels: frozenset[str]) -> Look:
    spot = paper.under(label)
    for _ in range(2):
        if paper.is_label(spot, labels):
            return Look(Seen("blank"), spot, at_label=True)
        seen = paper.seen(spot, fact.kind)
        if not _says_nothing_itself(paper, spot, seen, fact.kind):
            return Look(seen, spot)
        spot = paper.under(spot, label[1])
    return Look(Seen("blank"), spot)


def _says_nothing_itself(paper: Paper, spot: Spot, seen: Seen, kind: Kind) -> bool:
    """A text between heading and value, such as `（人）` or `円`. One that says blank (有・無, 休) is the field."""
    cell = paper.raw(spot)
    text = cell.value if cell else None
    if not isinstance(text, str) or not text.strip() or seen.state == "found" or says_nothing(text):
        return False
    return (
        not label_key(text)
        or squeezed(text) in _BEFORE_AMOUNT
        or is_unit(text[:_LONGEST_UNIT], bracketed=kind == "text")
    )
