"""Finds what a rule wants to know in a workbook: beside or below its label, in a range, in a table.

In this order: cells that are the label (the rule's alternatives one after the other, sheet by sheet, top to bottom),
texts that begin with it and go on with the value (`請求金額：1,234円`), somewhat longer texts that contain it, and the
address when no label was found. Of several places the first counts that yields a value of the kind. Hidden sheets are
looked at only when the rule names them: what nobody sees in a form, nobody has said with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from syncd.forms.beside import Look, beside
from syncd.forms.fact import Fact, Value
from syncd.forms.grid import Grid
from syncd.forms.labels import label_key, one_line, squeezed
from syncd.forms.paper import Paper, Seen
from syncd.forms.ranges import read_area, read_run, spot_of
from syncd.forms.tables import read_table
from syncd.forms.values import WrongKind, read

_RANK: Final = {"found": 0, "uncalculated": 0, "wrong kind": 1, "blank": 2, "missing": 3}
"""A formula without its value is at its place as much as a value is."""


def find(grid: Grid, facts: Sequence[Fact]) -> dict[str, Value]:
    """Every fact by its name, with what was found for it. Never raises for what stands in the grid."""
    book = _Book(tuple(Paper(sheet) for sheet in grid.sheets), _labels(facts))
    return {fact.name: _value(fact, book) for fact in facts}


@dataclass(frozen=True, slots=True)
class _Book:
    """All sheets, and the labels of all facts: a text that is one of them is nobody's value."""

    papers: tuple[Paper, ...]
    labels: frozenset[str]

    def sheets(self, wanted: str) -> list[Paper]:
        """The sheets to look at: of that name, else with the name in theirs; all visible ones when none is wanted.

        A csv file is one sheet without a name, and is whichever sheet the rule means.
        """
        visible = [paper for paper in self.papers if not paper.hidden]
        key = squeezed(wanted)
        if not key or all(not paper.name for paper in self.papers):
            return visible
        named = [paper for paper in self.papers if squeezed(paper.name) == key]
        return named or [paper for paper in visible if key in squeezed(paper.name)]


def _labels(facts: Sequence[Fact]) -> frozenset[str]:
    every = [label for fact in facts for label in (*fact.labels, fact.until)]
    every += [label for fact in facts for column in fact.columns for label in column.labels]
    return frozenset(label_key(label) for label in every) - {""}


def _value(fact: Fact, book: _Book) -> Value:
    papers = book.sheets(fact.sheet)
    if fact.table:
        return read_table(fact, papers)
    if fact.area:
        return read_area(fact, papers[0]) if papers else Value("missing")
    if fact.many:
        return _best(read_run(fact, paper, spot) for paper, spot, _ in _spots(fact, papers)) or Value("missing")
    return _best(_candidates(fact, papers, book.labels)) or _by_address(fact, papers)


def _best(candidates: Iterator[Value]) -> Value | None:
    """The first value of the best state; looks no further than a found one."""
    best: Value | None = None
    for value in candidates:
        if best is None or _RANK[value.state] < _RANK[best.state]:
            best = value
        if _RANK[best.state] == 0:
            break
    return best


def _candidates(fact: Fact, papers: list[Paper], labels: frozenset[str]) -> Iterator[Value]:
    spots = list(_spots(fact, papers))
    if not any(exact for _, _, exact in spots):
        yield from _inline(fact, papers)
    for paper, spot, _ in spots:
        yield _shown(paper, beside(paper, spot, fact, labels))


def _spots(fact: Fact, papers: list[Paper]) -> Iterator[tuple[Paper, tuple[int, int], bool]]:
    """Where the label is (True), then where a longer text contains it; the latter only when it is nowhere itself."""
    keys = [key for label in fact.labels if (key := label_key(label))]
    anywhere = False
    for key in keys:
        for paper in papers:
            for spot in paper.exact(key):
                anywhere = True
                yield paper, spot, True
    if anywhere:
        return
    for key in keys:
        near = [(longer, number, spot) for number, paper in enumerate(papers) for longer, spot in paper.containing(key)]
        for _, number, spot in sorted(near):
            yield papers[number], spot, False


def _inline(fact: Fact, papers: list[Paper]) -> Iterator[Value]:
    """Values in the same cell as their label, behind a colon (for all but texts, a space will do)."""
    between = r"\s*[::︰]\s*" if fact.kind == "text" else r"(?:\s*[::︰]\s*|\s+)"
    for label in fact.labels:
        key = label_key(label)
        signs = r"\s*".join(re.escape(sign) for sign in key)
        pattern = re.compile(rf"\W*{signs}\s*(?:\([^()]{{1,12}}\))?{between}(\S.*)", re.IGNORECASE | re.DOTALL)
        for paper in papers if key else ():
            for spot in paper.beginning(key):
                cell = paper.raw(spot)
                text = unicodedata.normalize("NFKC", cell.value) if cell and isinstance(cell.value, str) else ""
                found = pattern.fullmatch(text)
                if found is None:
                    continue
                try:
                    one = read(found[1], fact.kind)
                except WrongKind:
                    continue
                if one is not None:
                    yield Value("found", one, cell=paper.place(spot), shown=one_line(found[1]))


def _by_address(fact: Fact, papers: list[Paper]) -> Value:
    """The value at the fact's own address, for when no label was found."""
    spot = spot_of(fact.cell)
    if spot is None or not papers:
        return Value("missing")
    area = papers[0].around(spot)
    at = (area.top, area.left)
    return _shown(papers[0], Look(papers[0].seen(at, fact.kind), at))


def _shown(paper: Paper, look: Look) -> Value:
    seen: Seen = look.seen
    return Value(seen.state, seen.one, cell=paper.place(look.spot), shown=seen.text)
