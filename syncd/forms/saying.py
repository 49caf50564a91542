"""How values, places and months read in what a check says, in Japanese or English.

For notes only, never for chat: what stands in a form is quoted, in one line and shortened. Days read 2025年10月1日
(English: 2025-10-01), times 7:30; amounts, and numbers from 10,000, have separators.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from syncd.forms.clock import shown_time
from syncd.forms.labels import one_line
from syncd.forms.things import Many, NoAnswer, Nothing, Table, Thing

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
WORDS: Final = ("cell", "facility", "month")
SIDES: Final = ("left", "right")
BUILT_IN_WORDS: Final = ("cell", "facility", "month", "found", "expected")
MOST_CELLS: Final = 10
_MOST_VALUES: Final = 6
_NOTHING: Final = "—"
_SILENT: Final = {
    "blank": ("空欄", "blank"),
    "missing": ("欄なし", "no such field"),
    "uncalculated": ("計算値なし", "not calculated"),
    "wrong kind": ("読み取れない値", "unreadable"),
    "ambiguous": ("一つに決められない値", "ambiguous"),
    "absent": ("未提出", "not here yet"),
}


def shown_rows(count: int, language: str) -> str:
    """A table as a whole."""
    return f"{count}行" if language == "ja" else f"{count} rows"


def shown(thing: Thing, language: str, money: bool = False) -> str:
    """A value as people read it."""
    english = language != "ja"
    if isinstance(thing, Nothing):
        return _SILENT[thing.why][english]
    if isinstance(thing, bool):
        return ("yes" if thing else "no") if english else ("はい" if thing else "いいえ")
    if isinstance(thing, date):
        return thing.isoformat()[:10] if english else f"{thing.year}年{thing.month}月{thing.day}日"
    if isinstance(thing, timedelta):
        return shown_time(thing)
    if isinstance(thing, int | Decimal):
        return _number(thing, money)
    if isinstance(thing, Table):
        return shown_rows(thing.rows, language)
    if isinstance(thing, Many):
        blank, first = _SILENT["blank"][english], thing.items[:_MOST_VALUES]
        items = [blank if one is None else shown(one, language, money) for one in first]
        return (", " if english else "、").join(items) + ("…" if len(thing.items) > len(first) else "")
    return one_line(thing)


def silent(nothing: Nothing, language: str) -> str:
    """Why a check was not asked."""
    if language == "ja":
        return f"{_SILENT[nothing.why][0]}のため確認していません"
    return f"{_SILENT[nothing.why][1]}, not asked"


def no_answer(check: str, place: str, reason: NoAnswer, language: str) -> str:
    """Why a check can't be made with what stands in the form."""
    if language == "ja":
        return f"検査「{check}」（{place}）を計算できません: {reason.japanese}。担当者が確認します。"
    return f"the check {check!r} ({place}) can't be computed: {reason.english}. A person has to look."


def joined_cells(cells: Iterable[str], language: str) -> str:
    """Addresses in one line, the first ten of them; the sheet is said once for several on it."""
    every = list(cells)
    parts: list[str] = []
    sheet = ""
    for cell in every[:MOST_CELLS]:
        before, mark, spot = cell.rpartition("!")
        parts.append(spot if mark and before == sheet else cell)
        sheet = before
    more = len(every) - MOST_CELLS
    if more > 0:
        parts.append(f"ほか{more}か所" if language == "ja" else f"and {more} more")
    return ("、" if language == "ja" else ", ").join(parts)


def month_shown(period: str | None, language: str) -> str:
    """A period as people say it: 2026年10月, 2026年度第3四半期, 2026年度; '' for none."""
    year, _, part = (period or "").partition("-")
    if language != "ja" or not year:
        return period or ""
    if part.startswith("Q"):
        return f"{year}年度第{part[1:]}四半期"
    return f"{year}年{int(part)}月" if part.isdigit() else f"{year}年度"


def fill(say: str, words: Mapping[str, str]) -> str:
    """A text with its placeholders filled; brackets around a placeholder without a value go with it."""
    filled = PLACEHOLDER.sub(lambda found: words.get(found[1].strip(), _NOTHING), say)
    return filled.replace("（）", "").replace("()", "")


def _number(number: int | Decimal, money: bool) -> str:
    found = Decimal(number)
    if not found.is_finite() or abs(found.adjusted()) > 40:
        return one_line(str(found))
    if found != found.to_integral_value():
        found = found.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP) or Decimal(0)
    plain = f"{found:,f}" if money or abs(found) >= 10_000 else f"{found:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
