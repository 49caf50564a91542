"""Texts of forms as they are compared, and as they are shown in a line.

Labels are compared without what only decorates them: `合　計`, `【合計】`, `合計：`, `合計（人）` and `・合計` all are
合計. Taken off are spaces, brackets around the whole, bullets before it, colons after it, and a unit or remark in
brackets after it. Refuses to take off what could tell two labels apart: `児童数（0歳）` and `金額（千円）` stay.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MOST_LABEL: Final = 120
"""A longer text is no label."""

_INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_CONTROL: Final = re.compile("[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\ud800-\udfff]+")
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣➖", "-"))
_WRAPPED: Final = re.compile(r"[(\[{<【「『〔〈《]([^(\[{<【「『〔〈《)\]}>】」』〕〉》]+)[)\]}>】」』〕〉》]")
_BULLETS: Final = re.compile(r"[■□●○◎◯◆◇▼▽▶▷★☆※・*]+")
_ENDING: Final = re.compile(r"[::︰∶*※。]+$")
_REMARK: Final = re.compile(
    r"[(\[〔【](?:人|名|件|円|日|回|歳|枚|時間|単位:?[^()\[\]]{1,4}|税込み?|税抜き?|必須|任意|自動計算|自動|(?:注|※)[0-9]{0,2})"
    r"[)\]〕】]$"
)


def squeezed(text: str) -> str:
    """A text as it is compared: NFKC, case folded, without spaces and invisible signs, one kind of dash."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    together = "".join(_INVISIBLE.sub("", folded).split()).translate(_DASHES)
    return unicodedata.normalize("NFKC", together)


def label_key(text: str) -> str:
    """A label as it is compared; '' when the text is nothing but decoration."""
    key = squeezed(text)
    if key[:1].isalnum() and key[-1:].isalnum():
        return key
    for _ in range(4):
        before = key
        key = _REMARK.sub("", _ENDING.sub("", key))
        if found := _WRAPPED.fullmatch(key):
            key = found[1]
        if found := _BULLETS.match(key):
            key = key[found.end() :]
        if key == before:
            break
    return key


def announces(text: str) -> bool:
    """It ends with a colon, as labels do and values don't."""
    return text.rstrip().endswith((":", "：", "︰"))


def one_line(text: str, most: int = 60) -> str:
    """A text as it can stand in a line: without line breaks, control and direction signs, not longer than `most`."""
    plain = " ".join(_CONTROL.sub(" ", _INVISIBLE.sub("", text[: most * 4])).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"
