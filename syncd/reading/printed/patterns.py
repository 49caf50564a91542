"""Whether a page is filled with so many tiles that painting it would take for ever."""

from __future__ import annotations

import math
from typing import Final

from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from syncd.reading.printed.fields import entry, resolved

_SMALLEST: Final = 4.0
"""Square points of a tile: on a page as offices print them that makes a hundred thousand."""
_DEEP: Final = 8
_MOST: Final = 500


def is_endless(page: DictionaryObject) -> bool:
    """Whether any pattern that the page may be drawn with has tiles that nobody could see."""
    return _any(entry(page, "/Resources"), _DEEP, set())


def _any(resources: object, depth: int, seen: set[int]) -> bool:
    if not isinstance(resources, DictionaryObject) or id(resources) in seen or not depth or len(seen) > _MOST:
        return False
    seen.add(id(resources))
    patterns, drawn = entry(resources, "/Pattern"), entry(resources, "/XObject")
    for holder in (patterns, drawn):
        for name in list(holder)[:_MOST] if isinstance(holder, DictionaryObject) else ():
            thing = entry(holder, name)
            if not isinstance(thing, StreamObject):
                continue
            if holder is patterns and _tile(thing) < _SMALLEST:
                return True
            if _any(entry(thing, "/Resources"), depth - 1, seen):
                return True
    return False


def _tile(pattern: StreamObject) -> float:
    """The area of one tile."""
    matrix = entry(pattern, "/Matrix")
    numbers = [_number(each) for each in matrix] if isinstance(matrix, ArrayObject) else []
    a, b, c, d = numbers[:4] if len(numbers) == 6 else (1.0, 0.0, 0.0, 1.0)
    area = abs((a * d - b * c) * _number(entry(pattern, "/XStep")) * _number(entry(pattern, "/YStep")))
    return area if math.isfinite(area) else 0.0


def _number(thing: object) -> float:
    try:
        return float(str(resolved(thing)))
    except ValueError:
        return 0.0
