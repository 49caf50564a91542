"""A day or month whose parts stand in cells of their own: 令和｜7｜年｜10｜月｜1｜日, 2025｜/｜10｜/｜1.

Also numbers alone under the headings 年, 月 and 日. For a text such a day is the parts put together.
"""

from __future__ import annotations

import re
from typing import Final

from syncd.forms import values
from syncd.forms.eras import NONE_MARKED, is_part, marked_era
from syncd.forms.fact import Kind
from syncd.forms.grid import Spot
from syncd.forms.labels import NUMBERING, squeezed
from syncd.forms.paper import Paper, Seen

_MOST: Final = 18
_ERA = r"(?:令和|平成|昭和|大正|明治|西暦|[rhs]\.?)"
_END = r"(?:日?(?:現在|時点|付け?)|月?(?:度分|度|分)|末)"
_PIECE: Final = re.compile(rf"{_ERA}?(?:[0-9]{{1,4}}|元)?(?:年度?|月|日|[/.-])?{_END}?")
_WHOLE: Final = re.compile(
    r"(?P<year>.*?[0-9元]年度?)(?P<month>[0-9]{1,2}月(?:度分|度|分)?)?(?P<day>[0-9]{1,2}日)?(?:現在|時点|付け?|末|分)?"
)
_SIGNED: Final = re.compile(rf"{_ERA}?[0-9]{{1,4}}([/.-])[0-9]{{1,2}}(?:\1[0-9]{{1,2}})?")
_OPEN: Final = re.compile(rf"{_ERA}?年度?月?(?:分|度)?日?(?:現在|時点)?")
_UNITS: Final = ("年", "月", "日")


def day_from(paper: Paper, spot: Spot, kind: Kind) -> Seen | None:
    """The day that begins in that cell and goes on in the next ones; None: no such thing begins here."""
    if kind not in ("date", "text"):
        return None
    texts: list[str] = []
    spots: list[Spot] = []
    if kind == "date" and (era := _era_over_cells(paper, spot)) is not None:
        texts.append(era[0])
        spots.append(spot)
        spot = era[1]
    for _ in range(_MOST):
        text = _piece(paper, spot)
        if text is None:
            break
        texts.append(text)
        spots.append(spot)
        spot = paper.right_of(spot)
        if text.endswith(("日", "現在", "時点", "付", "付け")):
            break
    if len([text for text in texts if text]) < 2:
        return None
    return _day("".join(texts), kind) or _under_headings(paper, spots, texts, kind)


def _era_over_cells(paper: Paper, spot: Spot) -> tuple[str, Spot] | None:
    """The era that is marked in the cells from that one on, and the first cell behind them; None: there is none."""
    texts: list[str] = []
    for _ in range(_MOST):
        text = paper.text(spot)
        if not text.strip() or not is_part(text, 0):
            break
        texts.append(text)
        spot = paper.right_of(spot)
    joined = "・".join(texts)
    return (marked_era(joined), spot) if texts and is_part(joined, 2) else None


def day_around(paper: Paper, spot: Spot, kind: Kind) -> Seen | None:
    """The same by the address of one of its cells; a text only by its first."""
    start: Spot | None = spot
    if kind == "date" and _piece(paper, spot):
        for _ in range(_MOST):
            before = paper.left_of(start) if start else None
            text = None if before is None else _piece(paper, before)
            if before is None or text is None or text.endswith("日") or before == start:
                break
            start = before
        while start and start < spot and not _piece(paper, start):
            start = paper.right_of(start)
    return day_from(paper, start, kind) if start else None


def _piece(paper: Paper, spot: Spot) -> str | None:
    """What stands in the cell if it may be part of a day, '' for nothing; None for anything else."""
    cell = paper.raw(spot)
    if cell is None or cell.value is None:
        return None if cell is not None and cell.formula else ""
    if isinstance(cell.value, bool) or (isinstance(cell.value, str) and NUMBERING.search(cell.value)):
        return None
    text = squeezed(values.as_it_reads(cell.value))
    return text if _PIECE.fullmatch(text) else None


def _day(joined: str, kind: Kind) -> Seen | None:
    if joined.startswith(NONE_MARKED):
        filled = any(sign.isdecimal() for sign in joined)
        return Seen("ambiguous", text=joined.removeprefix(NONE_MARKED)) if filled else Seen("blank")
    if _OPEN.fullmatch(joined):
        return Seen("blank") if kind == "date" and "月" in joined else None
    found = _WHOLE.match(joined) or _SIGNED.match(joined)
    if found is None:
        return None
    text = found.group()
    if kind == "text":
        return Seen("found", text, text)
    if "年" in text and not found["month"]:
        return Seen("wrong kind", text=joined) if "月" in joined else None
    return _read(text)


def _read(text: str) -> Seen:
    try:
        one = values.read(text, "date")
    except values.WrongKind:
        return Seen("wrong kind", text=text)
    except values.Ambiguous:
        return Seen("ambiguous", text=text)
    return Seen("blank" if one is None else "found", one, text)


def _under_headings(paper: Paper, spots: list[Spot], texts: list[str], kind: Kind) -> Seen | None:
    """令和｜7｜10｜1 below ｜年｜月｜日."""
    joined = ""
    units: list[str] = []
    for spot, text in zip(spots, texts, strict=True):
        above = paper.above(spot)
        unit = squeezed(paper.text(above)) if above else ""
        if unit in _UNITS and text.isdecimal():
            units.append(unit)
            joined += text + unit
        elif text and not text.isdecimal() and not units:
            joined += text
        else:
            break
    return _day(joined, kind) if units in (list(_UNITS), list(_UNITS[:2])) else None
