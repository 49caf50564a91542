"""What several places say that bear the same label: the one value, or that it can't be told."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from syncd.forms.fact import Kind, Value

MOST_OTHERS: Final = 8
"""So many further places are named."""
_CHOSEN: Final = frozenset("有無○◯〇×☑□☐■✓レ")


@dataclass(frozen=True, slots=True)
class Place:
    """What one place says; `nowhere`: it has no field at all, because another label stands there."""

    value: Value
    nowhere: bool = False


def settled(places: Sequence[Place], kind: Kind) -> Value:
    """The value that all places agree on. Places without a field count only where there is no other."""
    fields = [place.value for place in places if not place.nowhere and not _is_heading(place.value, kind)]
    if not fields:
        return min((place.value for place in places), key=lambda value: value.state != "wrong kind")
    first, *others = fields
    for state in ("uncalculated", "ambiguous"):
        for value in fields:
            if value.state == state:
                return value
    if all((value.state, value.one, value.many) == (first.state, first.one, first.many) for value in others):
        return first
    found = [value for value in fields if value.state == "found"]
    if not found:
        return next(value for value in fields if value.state == "wrong kind")
    return Value("ambiguous", cell=first.cell, others=tuple(value.cell for value in others[:MOST_OTHERS]))


def _is_heading(value: Value, kind: Kind) -> bool:
    """What stands there is no try at such a value: another heading, a remark."""
    if value.state != "wrong kind" or value.many or kind == "text":
        return False
    text = unicodedata.normalize("NFKC", value.shown)
    if kind == "yes_no":
        return not _CHOSEN.intersection(value.shown)
    return not any(sign.isdecimal() for sign in text) and not any(
        sign in "一二三四五六七八九十百千万元" for sign in text
    )
