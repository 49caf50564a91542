"""Texts of forms as they are compared, and as they are shown in a line.

Labels are compared without what only decorates them: `合　計`, `【合計】`, `合計：`, `合計（人）` and `・合計` all are
合計. Taken off are spaces, brackets around the whole, bullets before it, colons after it, and a unit or remark in
brackets after it. Refuses to take off what could tell two labels apart: `児童数（0歳）` and `金額（千円）` stay.

Circled, bracketed and raised numbers (①, ⑵, ²) are numbering and footnotes, and are never turned into digits. A label
is looked for with them as they stand; only where that is nowhere, without those at its ends (`bare_key`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

MOST_LABEL: Final = 120
"""A longer text is no label."""

_SIGNS = (
    "\u00b2\u00b3\u00b9\u2070-\u208e\u2460-\u24ff\u2776-\u2793\u3220-\u3247\u3248-\u325f\u3280-\u32bf"
    "\U0001f100-\U0001f10c\U0001f110-\U0001f16b\U0001f170-\U0001f189"
)
NUMBERING: Final = re.compile(f"[{_SIGNS}]")
"""One sign that is a number or letter in a circle, in brackets, with a full stop, raised or lowered."""
_RAISED: Final = re.compile("\u207d[^\u207d\u207e]{0,12}\u207e")
"""What a workbook's formatting raises, as the reader of workbooks writes it: `支出額⁽注¹⁾`."""
_HIGH: Final = str.maketrans("0123456789０１２３４５６７８９()（）", "⁰¹²³⁴⁵⁶⁷⁸⁹⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁽⁾")
_ALL_HIGH: Final = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾,、\s]+")
_LONGEST_RAISED: Final = 10
_RAISED_SIGN: Final = "\u207e"
_NUMBER = r"(?:[0-9]{1,2}|[a-zア-ンイロハ一二三四五六七八九十])"
_NOTE = rf"(?:注[0-9]{{1,2}}|[※*]+{_NUMBER}?)"
_BRACKETED = rf"\((?:{_NUMBER}|注[0-9]{{0,2}}|※[0-9]{{0,2}})\)"
_BEFORE_LABEL: Final = re.compile(rf"(?:{_BRACKETED}|{_NUMBER}\)|{_NUMBER}[.、](?![0-9])|[{_SIGNS}]+)")
_AFTER_LABEL: Final = re.compile(rf"(?:{_BRACKETED}|{_NOTE}|[{_SIGNS}]+)$")
_ALONE: Final = re.compile(rf"(?:{_BRACKETED}|{_NOTE}|[{_SIGNS}]+)+")
_LONGEST_NUMBERING: Final = 20
_INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufdd0\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_CONTROL: Final = re.compile("[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\ud800-\udfff]+")
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣➖", "-"))
_NOTHING: Final = re.compile(r"[-ー─━┄┅~〜∼⁓〰⸺⸻_/\\]+|[〃々仝]+|(?:以下)?(?:余白|空白|省略)")
"""What people write into a field to say that there is nothing: dashes of all kinds, a stroke, 以下余白, 〃."""
_WRAPPED: Final = re.compile(r"[(\[{<【「『〔〈《]([^(\[{<【「『〔〈《)\]}>】」』〕〉》]+)[)\]}>】」』〕〉》]")
_BULLETS: Final = re.compile(r"[■□●○◎◯◆◇▼▽▶▷★☆※・*]+")
_ENDING: Final = re.compile(r"[::︰∶*※。]+$")
_REMARK: Final = re.compile(
    r"[(\[〔【](?:人|名|件|円|日|回|歳|枚|時間|単位:?[^()\[\]]{1,4}|税込み?|税抜き?|必須|任意|自動計算|自動|(?:注|※)[0-9]{0,2})"
    r"[)\]〕】]$"
)


def squeezed(text: str) -> str:
    """A text as it is compared: NFKC, case folded, without spaces and invisible signs, one kind of dash.

    Numbering becomes digits by it: `numbered` keeps what values and labels may not confuse.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    together = "".join(_INVISIBLE.sub("", folded).split()).translate(_DASHES)
    return unicodedata.normalize("NFKC", together)


def raised(text: str) -> str:
    """A text as it is written here when a workbook's formatting raises or lowers it: 2 → ², 注1 → ⁽注¹⁾."""
    high = text.translate(_HIGH)
    if not text.strip() or len(text) > _LONGEST_RAISED or _ALL_HIGH.fullmatch(high):
        return high if len(text) <= _LONGEST_RAISED else text
    return f"\u207d{high}\u207e"


def numbered(text: str) -> str:
    """The same with circled, bracketed and raised numbers as they are."""
    if NUMBERING.search(text) is None:
        return squeezed(text)
    parts = re.split(f"([{_SIGNS}]+)", _RAISED.sub(_RAISED_SIGN, text))
    return "".join(part if NUMBERING.match(part) else squeezed(part) for part in parts if part)


def without_numbering(text: str) -> str:
    """A text without the numbering at its ends: ① 62 人² → 62 人. What stands within stays."""
    text = _RAISED.sub(_RAISED_SIGN, text)
    begun = re.sub(rf"^[{_SIGNS}\s]+", "", text)
    return re.sub(rf"[{_SIGNS}\s]+$", "", begun)


def is_numbering(text: str) -> bool:
    """It is nothing but numbering or a footnote's sign: ①, ⑵, (1), ※1, (注2), a raised ²."""
    return len(text) < _LONGEST_NUMBERING and _ALONE.fullmatch(numbered(text)) is not None


def bare_key(key: str) -> str:
    """A key without numbering and footnotes at its ends; '' where nothing is left of it."""
    for _ in range(4):
        begun, ended = _BEFORE_LABEL.match(key), _AFTER_LABEL.search(key)
        if begun is None and ended is None:
            break
        key = label_key(key[begun.end() if begun else 0 : ended.start() if ended else None])
    return key


def label_key(text: str) -> str:
    """A label as it is compared; '' when the text is nothing but decoration."""
    key = numbered(text)
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


def says_nothing(text: str) -> bool:
    """It is a dash of any kind, a stroke, 以下余白 or 〃, and nothing else."""
    return len(text) < _LONGEST_NUMBERING and _NOTHING.fullmatch(squeezed(text).strip("()[]【】")) is not None


def is_about(label: str, subjects: Iterable[str]) -> bool:
    """The label names one of these things: 氏名 covers 児童氏名, and the other way round."""
    key = label_key(label)
    return bool(key) and any(key in each or each in key for each in map(label_key, subjects) if each)


def announces(text: str) -> bool:
    """It ends with a colon, as labels do and values don't."""
    return text.rstrip().endswith((":", "：", "︰"))


def one_line(text: str, most: int = 60) -> str:
    """A text as it can stand in a line: without line breaks, control and direction signs, not longer than `most`."""
    plain = " ".join(_CONTROL.sub(" ", _INVISIBLE.sub("", text[: most * 4])).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"
