"""Finds what a rule wants to know in a workbook: beside or below its label, in a range, in a table.

In this order: cells that are the label (the first of the rule's alternatives that is there, on all sheets), texts
that begin with it and go on with the value (`請求金額：1,234円`), a longer text that contains it, if there is but one,
and the address when no label was found. Where several places bear the label, they have to say the same: a field that
was left blank never takes the value of another one. Hidden sheets and examples count only when the rule names them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from syncd.forms.beside import Look, beside
from syncd.forms.book import Book, labels_of
from syncd.forms.crossing import read_columns, read_crossing, read_from_label
from syncd.forms.digits import digits
from syncd.forms.fact import Fact, Kind, Value
from syncd.forms.grid import Grid, Spot
from syncd.forms.labels import label_key, one_line, without_numbering
from syncd.forms.paper import Paper, Seen, corner
from syncd.forms.pieces import day_around
from syncd.forms.places import MOST_OTHERS, Place, settled
from syncd.forms.ranges import read_area, read_areas, read_run, spot_of
from syncd.forms.tables import read_table
from syncd.forms.values import Ambiguous, WrongKind, read

_MOST_INLINE: Final = 400
_MOST_BESIDE: Final = 14


def find(grid: Grid, facts: Sequence[Fact]) -> dict[str, Value]:
    """Every fact by its name, with what was found for it. Never raises for what stands in the grid."""
    book = Book(tuple(Paper(sheet) for sheet in grid.sheets), labels_of(facts))
    return {fact.name: _value(fact, book) for fact in facts}


def _value(fact: Fact, book: Book) -> Value:
    papers = book.sheets(fact.sheet)
    if fact.table:
        return read_table(fact, papers, book.labels)
    if fact.row:
        return read_crossing(fact, papers)
    if fact.heading:
        return read_columns(fact, papers)
    if fact.areas:
        return read_areas(fact, book.sheets)
    if fact.blank:
        papers = [paper.reading(fact.blank) for paper in papers]
    if fact.right or fact.below:
        return read_from_label(fact, papers)
    if fact.prefer_cell:
        preferred = _by_address(fact, papers, book.labels)
        if preferred.state not in ("blank", "missing"):
            return preferred
    if fact.area:
        return read_area(fact, papers[0]) if papers else Value("missing")
    found = _by_label(fact, papers, book.labels)
    if found is None and not fact.many:
        return _by_address(fact, papers, book.labels)
    return found or Value("missing")


def _by_label(fact: Fact, papers: list[Paper], labels: frozenset[str]) -> Value | None:
    """What the places say that bear the label; None: there is none."""
    keys = [key for label in fact.labels if (key := label_key(label))]
    for key in keys:
        if spots := [(paper, spot) for paper in papers for spot in paper.exact(key)]:
            if fact.nth:
                spots = spots[fact.nth - 1 : fact.nth]
            return settled([_place(fact, paper, spot, labels) for paper, spot in spots], fact.kind) if spots else None
    inline = [] if fact.many else list(_inline(fact, papers))
    if any(value.state in ("found", "ambiguous") for value in inline):
        return _agreed(inline, fact.kind)
    near = {
        (number, spot): (paper, spot)
        for key in keys
        for number, paper in enumerate(papers)
        for _, spot in paper.containing(key)
    }
    if not near:
        return None
    if len(near) > 1:
        first, *others = [paper.place(spot) for _, (paper, spot) in sorted(near.items(), key=lambda each: each[0])]
        return Value("ambiguous", cell=first, others=tuple(others[:MOST_OTHERS]))
    ((paper, spot),) = near.values()
    found = _place(fact, paper, spot, labels).value
    return replace(found, through=one_line(paper.text(spot))) if found.state == "found" else found


def _place(fact: Fact, paper: Paper, spot: Spot, labels: frozenset[str]) -> Place:
    paper = paper.reading((), (spot,))
    if fact.many:
        return Place(read_run(fact, paper, spot))
    look = beside(paper, spot, fact, labels)
    if look.seen.state == "blank" and fact.kind in ("yes_no", "date") and _is_drawn_beside(paper, spot, labels):
        look = replace(look, seen=Seen("ambiguous", text=look.seen.text), at_label=False)
    return Place(_shown(paper, look), nowhere=look.at_label)


def _is_drawn_beside(paper: Paper, label: Spot, labels: frozenset[str]) -> bool:
    """Something is drawn right of the label, up to the next one, that may be the answer."""
    spot = label
    for _ in range(_MOST_BESIDE):
        spot = paper.right_of(spot)
        if paper.is_label(spot, labels):
            return False
        if paper.is_drawn_over(paper.around(spot)):
            return True
    return False


def _agreed(inline: list[Value], kind: Kind) -> Value:
    """What the cells say that hold label and value in one; a field that is blank or wrong there counts, too."""
    without = [value for value in inline if value.state not in ("found", "ambiguous")]
    said = settled([Place(value) for value in inline if value not in without], kind)
    if said.state != "found" or not without:
        return said
    return Value("ambiguous", cell=said.cell, others=tuple(value.cell for value in without[:MOST_OTHERS]))


def _inline(fact: Fact, papers: list[Paper]) -> Iterator[Value]:
    """Values in the same cell as their label, behind a colon (for all but texts, a space will do).

    Behind a colon what is blank or no such value is told, too: that is the field, whatever stands in another.
    """
    between = r"\s*[::︰]\s*" if fact.kind == "text" else r"(?:\s*[::︰]\s*|\s+)"
    for label in fact.labels:
        key = label_key(label)
        signs = r"\s*".join(re.escape(sign) for sign in key)
        pattern = re.compile(rf"\W*{signs}\s*(?:\([^()]{{1,12}}\))?{between}(\S.*)", re.IGNORECASE | re.DOTALL)
        for paper in papers if key else ():
            for spot in paper.beginning(key):
                text = unicodedata.normalize("NFKC", without_numbering(paper.text(spot)[:_MOST_INLINE]))
                found = pattern.fullmatch(text)
                if found is None:
                    continue
                try:
                    one = read(found[1], fact.kind)
                except WrongKind:
                    if re.match(rf"\W*{signs}\s*(?:\([^()]{{1,12}}\))?\s*[::︰]", text, re.IGNORECASE):
                        yield Value("wrong kind", cell=paper.place(spot), shown=one_line(found[1]))
                    continue
                except Ambiguous:
                    yield Value("ambiguous", cell=paper.place(spot), shown=one_line(found[1]))
                    continue
                if one is not None:
                    yield Value("found", one, cell=paper.place(spot), shown=one_line(found[1]))


def _by_address(fact: Fact, papers: list[Paper], labels: frozenset[str]) -> Value:
    """The value at the fact's own address, for when no label was found."""
    spot = spot_of(fact.cell)
    if spot is None or not papers:
        return Value("missing")
    paper = papers[0]
    at = corner(paper.around(spot))
    if (day := day_around(paper, at, fact.kind)) is not None:
        return _shown(paper, Look(day, at))
    before = paper.left_of(at)
    begins = before is None or digits(paper, before, fact.kind, labels) is None
    if begins and (number := digits(paper, at, fact.kind, labels)) is not None:
        return _shown(paper, Look(number[0], at))
    return _shown(paper, Look(paper.seen(at, fact.kind), at))


def _shown(paper: Paper, look: Look) -> Value:
    seen = look.seen
    return Value(seen.state, seen.one, cell=paper.place(look.spot), shown=seen.text)
