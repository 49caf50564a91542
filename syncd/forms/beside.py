"""The one value that belongs to a label: right of it, or below it.

To the right empty cells are skipped, up to `MOST_GAP` of them; a merged empty area is the field itself, left blank.
The search ends at another label: a text that is one in the rule or ends with a colon, and for all kinds but text any
text that is no such value and doesn't stand directly beside. Below, only the next cell counts (a unit in between is
passed over). A text is looked for below only where another label stands beside its own, as in a row of headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from syncd.forms.fact import Fact
from syncd.forms.grid import Spot
from syncd.forms.labels import announces, label_key, squeezed
from syncd.forms.paper import Paper, Seen, corner
from syncd.forms.values import WrongKind, as_it_reads, read

MOST_GAP: Final = 6
_MOST_PIECES: Final = 10
_BEFORE_AMOUNT: Final = frozenset(("金", "¥", "\\"))
_PIECE: Final = re.compile(r"(?:令和|平成|昭和|西暦|[rhs])?(?:[0-9]{1,4}|元)?[年月日]?")


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at `spot`; `at_label`: the way ended at another label."""

    seen: Seen
    spot: Spot
    at_label: bool = False


def beside(paper: Paper, label: Spot, fact: Fact, labels: frozenset[str]) -> Look:
    """The value of the label at that spot."""
    if fact.where == "below":
        return _below(paper, label, fact, labels)
    right = _right(paper, label, fact, labels)
    if fact.where == "right" or right.seen.state in ("found", "uncalculated"):
        return right
    if fact.kind == "text" and not right.at_label and not _is_label(paper, _left(paper, label), labels):
        return right
    below = _below(paper, label, fact, labels)
    return below if below.seen.state in ("found", "uncalculated") else right


def _right(paper: Paper, label: Spot, fact: Fact, labels: frozenset[str]) -> Look:
    first: Spot | None = None
    for gap, spot in enumerate(_cells_right(paper, label)):
        first = first or spot
        if paper.empty(spot):
            area = paper.around(spot)
            if area.left < area.right or area.top < area.bottom:
                return Look(Seen("blank"), spot if gap == 0 else first)
            continue
        seen = paper.seen(spot, fact.kind)
        if _is_label(paper, spot, labels):
            return Look(Seen("blank"), first, at_label=True)
        if fact.kind == "date" and (pieces := _pieces(paper, spot)) is not None:
            return Look(pieces, spot)
        if seen.state == "blank" and squeezed(seen.text) in _BEFORE_AMOUNT:
            continue
        if seen.state == "wrong kind" and spot != first:
            return Look(Seen("blank"), first, at_label=True)
        return Look(seen, spot)
    return Look(Seen("blank"), first or label)


def _cells_right(paper: Paper, label: Spot) -> Iterator[Spot]:
    """The cells right of a label, merged areas as one."""
    row, column = label[0], paper.around(label).right + 1
    for _ in range(MOST_GAP + 2):
        area = paper.around((row, column))
        yield corner(area)
        column = area.right + 1


def _left(paper: Paper, label: Spot) -> Spot:
    area = paper.around(label)
    return corner(paper.around((area.top, area.left - 1)))


def _below(paper: Paper, label: Spot, fact: Fact, labels: frozenset[str]) -> Look:
    row = paper.around(label).bottom + 1
    spot = corner(paper.around((row, label[1])))
    for _ in range(2):
        if _is_label(paper, spot, labels):
            return Look(Seen("blank"), spot, at_label=True)
        seen = paper.seen(spot, fact.kind)
        if not is_decoration(paper, spot, seen):
            return Look(seen, spot)
        spot = corner(paper.around((paper.around(spot).bottom + 1, label[1])))
    return Look(Seen("blank"), spot)


def is_decoration(paper: Paper, spot: Spot, seen: Seen) -> bool:
    """A text between heading and value that says nothing itself: `（人）`, `円`."""
    cell = paper.raw(spot)
    text = cell.value if cell else None
    if not isinstance(text, str) or not text.strip() or seen.state == "found":
        return False
    return seen.state == "blank" or not label_key(text)


def _is_label(paper: Paper, spot: Spot, labels: frozenset[str]) -> bool:
    cell = paper.raw(spot)
    text = cell.value if cell else None
    return isinstance(text, str) and bool(text.strip()) and (label_key(text) in labels or announces(text))


def _pieces(paper: Paper, spot: Spot) -> Seen | None:
    """A day whose parts stand in cells of their own: 令和｜7｜年｜10｜月｜1｜日; None: no such thing begins here."""
    row, column = spot
    texts: list[str] = []
    for _ in range(_MOST_PIECES):
        area = paper.around((row, column))
        cell = paper.raw(corner(area))
        text = squeezed(as_it_reads(cell.value)) if cell else ""
        if not _PIECE.fullmatch(text):
            break
        texts.append(text)
        column = area.right + 1
    joined = "".join(texts)
    if len([text for text in texts if text]) < 3 or "年" not in joined or "月" not in joined:
        return None
    joined = joined[: joined.index("日") + 1] if "日" in joined else joined[: joined.index("月") + 1]
    try:
        one = read(joined, "date")
    except WrongKind:
        return Seen("wrong kind", text=joined)
    return Seen("blank" if one is None else "found", one, joined)
