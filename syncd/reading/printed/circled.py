"""Words that somebody drew a circle around: of 有・無 the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from syncd.reading.printed.marks import Box, Glyph

_SMALLEST, _LARGEST = 5.0, 90.0
"""Points across and down of an oval around a word."""
_MOST: Final = 500
_LONGEST: Final = 5
_BETWEEN: Final = frozenset("・/／、,，|｜ \u3000")
_SEAL: Final = frozenset(("印", "㊞"))


def circled(glyphs: Sequence[Glyph], ovals: Sequence[Box]) -> list[Glyph]:
    """The signs, with a circle before each word that stands in an oval; digits in one are numbering."""
    around = [oval for oval in ovals if _fits(oval.width) and _fits(oval.height)]
    found = list(glyphs)
    for oval in around[:_MOST]:
        inside = [at for at, glyph in enumerate(glyphs) if _holds(oval, glyph) and glyph.sign not in _BETWEEN]
        text = "".join(glyphs[at].sign for at in inside)
        if text and len(text) <= _LONGEST and text.isalpha() and text not in _SEAL and found[inside[0]].sign == text[0]:
            found[inside[0]] = found[inside[0]]._replace(sign="○" + text[0])
    return found


def _fits(length: float) -> bool:
    return _SMALLEST <= length <= _LARGEST


def _holds(oval: Box, glyph: Glyph) -> bool:
    """Whether the middle of a sign lies in the oval, not only in its corners."""
    x, y = glyph.box.middle
    (a, b), across, down = oval.middle, oval.width / 2, oval.height / 2
    return ((x - a) / across) ** 2 + ((y - b) / down) ** 2 <= 1
