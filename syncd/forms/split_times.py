"""A time whose parts stand in cells of their own: 7｜時間｜30｜分, 7｜:｜30, 午前｜9｜時."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from syncd.forms.labels import squeezed

if TYPE_CHECKING:
    from syncd.forms.grid import Spot
    from syncd.forms.paper import Paper

_BEFORE: Final = re.compile(r"午前|午後|翌日?|am|pm")
_NUMBER: Final = re.compile(r"[0-9]{1,5}")
_HOURS: Final = frozenset(("時間", "時", ":"))
_MINUTES: Final = frozenset(("分", "分間"))


def time_over_cells(paper: Paper, spot: Spot) -> str | None:
    """The parts that begin in that cell put together; None: no such time begins there."""
    texts = []
    for _ in range(5):
        texts.append(_text(paper, spot))
        spot = paper.right_of(spot)
    begun = texts.pop(0) if _BEFORE.fullmatch(texts[0]) else ""
    number, unit, second, last = texts[:4]
    if not _NUMBER.fullmatch(number) or unit not in _HOURS | _MINUTES:
        return None
    if unit in _HOURS and (last in _MINUTES or (unit == ":" and _NUMBER.fullmatch(second))):
        minutes = second.zfill(2) if unit == ":" else second
        return f"{begun}{number}{unit}{minutes}" + (last if unit != ":" else "")
    return f"{begun}{number}{unit}"


def _text(paper: Paper, spot: Spot) -> str:
    cell = paper.raw(spot)
    value = cell.value if cell is not None else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return squeezed(value[:20]) if isinstance(value, str) else ""
