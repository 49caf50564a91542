"""Which sheets of a workbook are looked at for a fact.

What people fill in counts: hidden sheets and examples (記入例, 見本) are looked at only when the rule names them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from syncd.forms.fact import Fact
from syncd.forms.grid import Grid
from syncd.forms.labels import bare_key, label_key, squeezed
from syncd.forms.paper import Paper

_EXAMPLE: Final = re.compile(
    r"(?:記入|記載|入力|作成|書き?方|書き|提出|申請|報告|請求|計算|算定|参考)(?:用|の)?例|見本|ひな形見本|サンプル|さんぷる"
    r"|(?<![a-z])(?:sample|example)s?(?![a-z])|[(\[〈<【「『〔]例[0-9]*[)\]〉>】」』〕]|(?:\A|[-_・.])例[0-9]*(?:\Z|[-_・.(])"
)
_ENDS_AS_EXAMPLE: Final = re.compile(r"(?<![特条事定比凡判前慣通実症用先文類異月恒年悪適範一立挿])例[0-9]*\Z")
"""請求書例 is an example, 特例 and 条例 are none."""


def is_example(name: str) -> bool:
    """A sheet of that name shows how to fill in the form."""
    key = squeezed(name)
    return bool(_EXAMPLE.search(key) or _ENDS_AS_EXAMPLE.search(key))


@dataclass(frozen=True, slots=True)
class Book:
    """All sheets, and the labels of all facts: a text that is one of them is nobody's value."""

    papers: tuple[Paper, ...]
    labels: frozenset[str]

    def sheets(self, wanted: str) -> list[Paper]:
        """The sheets to look at: of that name, else with the name in theirs; all that people fill in when no name is.

        A csv file is one sheet without a name, and is whichever sheet the rule means.
        """
        filled = [paper for paper in self.papers if not paper.hidden and not is_example(paper.name)]
        key = squeezed(wanted)
        if not key or all(not paper.name for paper in self.papers):
            return filled
        named = [paper for paper in self.papers if squeezed(paper.name) == key]
        if is_example(wanted):
            filled = [paper for paper in self.papers if not paper.hidden]
        return named or [paper for paper in filled if key in squeezed(paper.name)]


def papers_seen(grid: Grid) -> list[Paper]:
    """What people see of a workbook and have filled in."""
    return Book(tuple(Paper(sheet) for sheet in grid.sheets), frozenset()).sheets("")


def labels_of(facts: Sequence[Fact]) -> frozenset[str]:
    """The keys of all labels and headings that these facts name, with and without numbering."""
    keys = {label_key(label) for fact in facts for label in fact.words}
    return frozenset(keys | {bare_key(key) for key in keys}) - {""}
