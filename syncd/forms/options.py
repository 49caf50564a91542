"""One of several words with boxes, for a text: □認可｜☑認証｜□その他, also with the boxes in cells of their own.

The marked word is the value, none marked is blank, two marked are of the wrong kind.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from syncd.forms.fact import Kind
from syncd.forms.grid import Spot
from syncd.forms.paper import Paper, Seen

_ON, _OFF = "☑✓✔✅☒", "□☐▢"
_BOX: Final = re.compile(rf"[{_ON}{_OFF}■]")
_OPTION: Final = re.compile(rf"([{_ON}{_OFF}■])([^{_ON}{_OFF}■]*)")
_MOST: Final = 24


_ENDS: Final = frozenset("印様殿円人名日月年件枚歳才回分時号園課係長")
"""Signs that stand alone behind a value."""


def letters(paper: Paper, spot: Spot, kind: Kind, labels: frozenset[str]) -> Seen | None:
    """A text one letter a cell, as a name on squared paper: its spaces are lost, so it has no value; None: none."""
    one, other = paper.text(spot).strip(), paper.text(paper.right_of(spot)).strip()
    if kind != "text" or len(one) != 1 or len(other) != 1 or not one.isalpha() or not other.isalpha():
        return None
    return (
        None
        if other in _ENDS or paper.is_label(paper.right_of(spot), labels)
        else Seen("ambiguous", text=f"{one} {other}")
    )


def option(paper: Paper, spot: Spot, kind: Kind, labels: frozenset[str]) -> Seen | None:
    """What is marked among the words that begin in that cell; None: there are no boxes to mark, or only one."""
    if kind != "text" or not _BOX.match(paper.text(spot).strip()):
        return None
    texts: list[str] = []
    for _ in range(_MOST):
        if paper.is_label(spot, labels) or (paper.raw(spot) is not None and not paper.text(spot)):
            break
        texts.append(paper.text(spot))
        spot = paper.right_of(spot)
    written = unicodedata.normalize("NFKC", " ".join(texts))
    found = [(sign, word.strip(" 　・/、,")) for sign, word in _OPTION.findall(written)]
    if len(found) < 2 or not any(sign in _OFF + _ON for sign, _ in found):
        return None  # a bullet before a text, or one box alone
    marked = [word for sign, word in found if sign not in _OFF]
    shown = " ".join(written.split())
    if not marked:
        return Seen("blank", text=shown)
    return Seen("found", marked[0], marked[0]) if len(marked) == 1 and marked[0] else Seen("wrong kind", text=shown)
