"""A number that is written one digit a cell, as on squared paper: ¥｜1｜2｜3｜4｜円.

The digits are joined where the cells stand side by side and are equally wide, or stand within one box; only to the
right of a label, and never in a table: headings of their own above the cells, or rows of single digits above or below
that begin and end with them, make each cell a value of its own. Where that can't be told, there is no value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from syncd.forms import values
from syncd.forms.fact import Kind, State
from syncd.forms.grid import BOTTOM, LEFT, RIGHT, TOP, Spot
from syncd.forms.labels import NUMBERING
from syncd.forms.paper import Paper, Seen
from syncd.forms.stated import Conflict

_MOST: Final = 40
_BEFORE: Final = frozenset("¥\\金△▲")
_WITHIN: Final = frozenset(",.-")
_AFTER: Final = re.compile(r"[-*也]|円(?:也|整)?|人|名|件|日|回|枚|歳|才|時間")
_PLACES: Final = frozenset("十百千万億円一拾")
_NO_HEADING: Final = re.compile(r"[十百千万億]{1,3}|円|一|[¥\\\\金△▲,.*/-]|令和|平成|昭和|西暦|[年月日～〜~]|年度|月分")
"""What stands above the digits of one number (its places), or belongs to another number or day."""
_SERIES: Final = re.compile(
    r"[0-9]{1,2}(?:月分?|歳児?|日|週|回|期|年度?|号)|第[0-9]{1,2}(?:週|回|期|四半期)|[月火水木金土日](?:曜日?)?"
    r"|男|女|男児|女児|計|小計|合計|人数|件数|児童数|定員"
)
_MOST_BY_CHANCE: Final = 3
_FEWEST: Final = 2
_ROWS: Final = 12
_WIDEST: Final = 10.0
_KINDS: Final = frozenset(("text", "int", "number", "amount", "date"))


@dataclass(frozen=True, slots=True)
class _Run:
    """Cells of one sign each; `spots` those of digits and of what stands between them."""

    spots: tuple[Spot, ...]
    text: str
    broken: bool

    @property
    def digits(self) -> int:
        return sum(sign.isdecimal() for sign in self.text)


def digits(paper: Paper, spot: Spot, kind: Kind, labels: frozenset[str]) -> tuple[Seen, Spot] | None:
    """What the digits say that begin at that cell, and where the first one is; None: there is no such run of them."""
    if kind not in _KINDS:
        return None
    run = _run(paper, spot, kind, labels)
    if run is None or run.digits < 2:
        crowded = _crowded(paper, spot, labels)
        return None if crowded is None else (Seen("ambiguous", text=crowded.text), spot)
    place = _place(paper, run, labels)
    if place == "table":
        return None
    if place == "unclear" or run.broken:
        return Seen("ambiguous", text=run.text), run.spots[0]
    try:
        one = run.text if kind == "text" else values.read(run.text, kind, paper.stated(run.spots[-1], kind))
    except Conflict:
        return Seen("ambiguous", text=run.text), run.spots[0]
    except (values.WrongKind, values.Ambiguous):
        return Seen("wrong kind", text=run.text), run.spots[0]
    state: State = "blank" if one is None else "found"
    return Seen(state, one, run.text), run.spots[0]


def _run(paper: Paper, spot: Spot, kind: Kind, labels: frozenset[str]) -> _Run | None:
    spots: list[Spot] = []
    text = ""
    sign = _sign(paper, spot)
    while sign in _BEFORE or (sign == "-" and not text):
        text += sign
        spot = paper.right_of(spot)
        for _ in range(_MOST):  # blank boxes before a number that is aligned to the right
            if not paper.empty(spot):
                break
            spot = paper.right_of(spot)
        sign = _sign(paper, spot)
    if kind == "text":
        text = ""
    letter = kind == "text" and len(sign) == 1 and "A" <= sign <= "Z"
    while len(spots) < _MOST and (_is_digit(sign) or (spots and sign in _WITHIN) or (letter and not spots)):
        if paper.is_label(spot, labels):
            break
        spots.append(spot)
        text += sign
        spot = paper.right_of(spot)
        sign = _sign(paper, spot)
    while text[-1:] in _WITHIN and spots:
        text, spots = text[:-1], spots[:-1]
    if not spots or (len(sign) > 1 and sign[0].isdecimal()):
        return None  # numbers of several digits stand in the row as well, so each cell is one
    following = [after := paper.right_of(spot), paper.right_of(after)]
    beyond = next((each for each in following if not paper.empty(each)), None)
    return _Run(tuple(spots), text, paper.empty(spot) and beyond is not None and _is_digit(_sign(paper, beyond)))


def _crowded(paper: Paper, spot: Spot, labels: frozenset[str]) -> _Run | None:
    """Printed boxes of which some hold several digits, as where wide ones lie over the lines between narrow boxes.

    They are one number or several, unless headings around make a table of them.
    """
    if not paper.printed:
        return None
    spots: list[Spot] = []
    signs: list[str] = []
    boxes = 0
    while boxes < _MOST and _is_box(paper, spot) and ((sign := _sign(paper, spot)).isdecimal() or paper.empty(spot)):
        boxes += 1
        if sign:
            spots.append(spot)
            signs.append(sign)
        spot = paper.right_of(spot)
    lengths = {len(sign) for sign in signs}
    goes_on = any(len(sign) > 1 and sign.startswith("0") for sign in signs[1:])  # no number begins so
    if (
        (boxes < _MOST_BY_CHANCE and not goes_on)
        or len(spots) < _FEWEST
        or lengths <= {1}
        or (len(lengths) == 1 and len(spots) == boxes)
    ):
        return None  # one number, or as many as there are boxes
    run = _Run(tuple(spots), " ".join(signs), broken=True)
    return None if _place(paper, run, labels) == "table" else run


def _is_box(paper: Paper, spot: Spot) -> bool:
    """It has lines around it: such a cell of a printed page is two columns wide."""
    area = paper.around(spot)
    return area.left < area.right


def _sign(paper: Paper, spot: Spot) -> str:
    """What stands in the cell, normalised; '' for nothing and for numbering."""
    cell = paper.raw(spot)
    if cell is None or cell.value is None or isinstance(cell.value, bool):
        return ""
    if isinstance(cell.value, str):
        if NUMBERING.search(cell.value):
            return ""
        folded = unicodedata.normalize("NFKC", cell.value[:20]).strip()
        return "-" if folded in "-−–—―ー─‐" and folded else "¥" if folded == "\\" else folded
    return values.as_it_reads(cell.value)


@dataclass(frozen=True, slots=True)
class _Row:
    """What stands above or below the cells of a run, '' for nothing; `left`, `right`: digits that go on beside them."""

    signs: list[str]
    left: str
    right: str

    @property
    def of_values(self) -> bool:
        """A number for each cell of the run, and no more: as in a table, or by chance."""
        return all(sign.replace(",", "").isdecimal() for sign in self.signs) and not self.left and not self.right

    @property
    def headings(self) -> list[str]:
        return [sign for sign in self.signs if sign and not sign.isdecimal() and not _NO_HEADING.fullmatch(sign)]

    @property
    def counts_up(self) -> bool:
        """0, 1, 2, 3 …: headings that are numbers themselves."""
        numbers = [int(sign) for sign in (*self.left, *self.signs, *self.right) if sign.isdecimal()]
        steps = {after - before for before, after in pairwise(numbers)}
        return len(numbers) >= _MOST_BY_CHANCE and steps == {1}


def _place(paper: Paper, run: _Run, labels: frozenset[str]) -> str:
    """joined, table, or unclear: what the cells around say of the run."""
    if _stops_short(paper, run):
        return "unclear"
    values_around = sum(row.of_values for row in _rows(paper, run, labels, up=False))
    for row in _rows(paper, run, labels, up=True):
        if len(headings := row.headings) > 1:
            of_a_kind = all(_SERIES.fullmatch(heading) for heading in headings)
            each = len(headings) == len(run.spots)
            return "table" if each and (values_around or of_a_kind) else "unclear"
        if row.counts_up:
            return "unclear"
        values_around += row.of_values
    if values_around:
        return "unclear"
    widths = [paper.width(spot) for spot in run.spots]
    if max(widths) <= _WIDEST and max(widths) - min(widths) <= 0.1 * max(widths):
        return "joined"
    return "joined" if _boxed(paper, run) else "unclear"


def _stops_short(paper: Paper, run: _Run) -> bool:
    """Under printed 万 千 百 十 the digits have to go on to the last, or nobody knows what they stand for."""
    following = paper.right_of(run.spots[-1])
    above = (paper.above(run.spots[-1]), paper.above(following))
    return paper.empty(following) and all(spot is not None and _sign(paper, spot) in _PLACES for spot in above)


def _rows(paper: Paper, run: _Run, labels: frozenset[str], *, up: bool) -> list[_Row]:
    """The rows above (or below), as far as there is anything in the columns of the run without a gap.

    A row of digits that has a label of the rule's is a field of its own, and says nothing of this one.
    """
    found: list[_Row] = []
    at: list[Spot | None] = list(run.spots)
    for _ in range(_ROWS):
        at = [None if spot is None else paper.above(spot) if up else paper.under(spot) for spot in at]
        # A cell that is merged over several digits is no heading of one of them.
        signs = [_sign(paper, spot) if spot is not None and at.count(spot) == 1 else "" for spot in at]
        if not any(signs):
            break
        left, end = _beside(paper, at[0], paper.left_of)
        right, _ = _beside(paper, at[-1], paper.right_of)
        if end is None or not paper.is_label(end, labels):
            found.append(_Row(signs, left[::-1], right))
    return found


def _beside(paper: Paper, spot: Spot | None, way: Callable[[Spot], Spot | None]) -> tuple[str, Spot | None]:
    """The single digits that stand beside a cell, and what ends them."""
    text = ""
    spot = way(spot) if spot else None
    while spot and len(text) < _MOST and _is_digit(sign := _sign(paper, spot)):
        text += sign
        spot = way(spot)
    return text, spot


def _is_digit(sign: str) -> bool:
    return len(sign) == 1 and "0" <= sign <= "9"


def _boxed(paper: Paper, run: _Run) -> bool:
    """The cells have a line around them all."""
    lines = [paper.layout.lines.get(spot, 0) for spot in run.spots]
    along = all(each & TOP and each & BOTTOM for each in lines)
    return along and bool(lines[0] & LEFT) and bool(lines[-1] & RIGHT)
