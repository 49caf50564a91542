"""Names from outside as they may stand on a page: one line, nothing invisible, nothing that turns what is beside it."""

from __future__ import annotations

import functools
import unicodedata
from typing import Final

GETA: Final = "〓"
"""What Japanese printers set for a character that they don't have."""

_SPACES: Final = frozenset({"Cc", "Zl", "Zp", "Zs"})
_DROPPED: Final = frozenset({"Cf", "Cn", "Co"})
_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


@functools.lru_cache(maxsize=32_768)
def plain(text: str, most: int = 80) -> str:
    """The text in one line of at most `most` characters; half of a character pair, which no file can hold, is 〓."""
    composed = unicodedata.normalize("NFC", text[: most * 8])
    line = " ".join("".join(map(_visible, composed)).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in _SPACES:
        return " "
    if category == "Cs":
        return GETA
    if category in _DROPPED or character in _INVISIBLE or 0xFE00 <= ord(character) <= 0xFE0F:
        return ""
    return character
