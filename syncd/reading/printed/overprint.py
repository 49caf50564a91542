"""Words that are printed over one another: what runs over its cell, or was written over something else.

Nobody can say what belongs to which, so both are in doubt, and so is a text of several lines that one of them ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from syncd.forms.values import DOUBT
from syncd.reading.printed.marks import Box, Word

_OVER: Final = 0.3
"""Ems by which both lie over one another, across and down."""
_TILE: Final = 40.0
_NEXT: Final = 1.9
"""Ems between two lines of one text."""
_EDGE: Final = 1.5
_PLACEHOLDER: Final = re.compile(r"[_＿.…‥・.─―ー－\s-]+")


def in_doubt(words: Sequence[Word]) -> list[Word]:
    """The words, those with a mark that are printed over others."""
    doubted = _over_one_another(words)
    for at in sorted(doubted):
        number = at
        while number > 0 and _goes_on(words[number - 1], words[number]):
            number -= 1
            doubted.add(number)
    return [word._replace(text=word.text + DOUBT) if at in doubted else word for at, word in enumerate(words)]


def _over_one_another(words: Sequence[Word]) -> set[int]:
    tiles: dict[tuple[int, int], list[int]] = {}
    found: set[int] = set()
    for at, word in enumerate(words):
        if word.turned or word.alone or not word.text or _PLACEHOLDER.fullmatch(word.text):
            continue
        box = word.box
        across = range(int(box.left // _TILE), int(box.right // _TILE) + 1)
        down = range(int(box.top // _TILE), int(box.bottom // _TILE) + 1)
        for tile in ((x, y) for x in across for y in down):
            for other in tiles.get(tile, ()):
                if _overlap(words[other].box, box, _OVER * min(word.em, words[other].em)):
                    found |= {at, other}
            tiles.setdefault(tile, []).append(at)
    return found


def _overlap(one: Box, other: Box, least: float) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > least and down > least


def _goes_on(upper: Word, lower: Word) -> bool:
    """Whether one was drawn right before the other and stands over it, as lines of one text do."""
    if upper.turned or upper.alone or not 0.9 * lower.em <= lower.base - upper.base <= _NEXT * lower.em:
        return False
    (above, _), (below, _) = upper.box.middle, lower.box.middle
    return abs(upper.box.left - lower.box.left) <= _EDGE or abs(above - below) <= _EDGE
