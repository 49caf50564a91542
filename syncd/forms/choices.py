"""Yes or no as people mark it over several cells: □｜無｜☑｜有, 有｜ ｜無｜○, or ○ in a cell below 有 or 無.

Both words make a group. One of them marked is the answer, none marked is blank, two marked are of the wrong kind. Where
it can't be told to which word a mark belongs, there is no answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from syncd.forms.fact import Kind, State
from syncd.forms.grid import Spot
from syncd.forms.labels import NUMBERING, squeezed
from syncd.forms.paper import Paper, Seen, corner
from syncd.forms.values import NO, YES, as_it_reads

_CROSSES = "×x✗✘✕✖☓"
_MARKS = "☑✓✔✅■●◉◎☒⊠レ"
_CIRCLES = "○◯〇"
_EMPTY = "□☐▢"
_MARK: Final = re.compile(rf"\(?[{_MARKS}{_CIRCLES}{_CROSSES}v]\)?|\[[{_MARKS}{_CIRCLES}{_CROSSES}v]\]")
_BOX: Final = re.compile(rf"[{_EMPTY}]|\(\)|\[\]")
_BOXED: Final = re.compile(
    rf"(?P<box>[{_MARKS}{_CIRCLES}{_EMPTY}]|\([{_MARKS}{_CIRCLES}]?\)|\[[{_MARKS}xv]?\])(?P<word>.+)"
)
_BEHIND: Final = re.compile(rf"(?P<word>.+?)(?P<box>[{_MARKS}{_CIRCLES}{_EMPTY}])")
_WORDS: Final = {word: word in YES for word in YES | NO if word not in _MARKS + _CIRCLES + _EMPTY + _CROSSES + "10v"}
_BETWEEN: Final = frozenset(("・", "/", "、", ",", "|", "又は", "または", "or", ":", "(", ")"))
_MOST: Final = 14
_MOST_GAP: Final = 3
_ROWS: Final = 40


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of the choice (`on`: it means yes), a box, a mark in it or instead of it (`sign`), or an empty cell."""

    spot: Spot
    what: Literal["word", "box", "mark", "empty"]
    on: bool = False
    sign: str = ""

    @property
    def is_word(self) -> bool:
        return self.what == "word"


def group(paper: Paper, label: Spot, kind: Kind, labels: frozenset[str]) -> tuple[Seen, Spot] | None:
    """The answer of the group that begins right of a label, with where it is; None: there is none."""
    if kind != "yes_no":
        return None
    spot = paper.right_of(label)
    tokens = _tokens(paper, spot, labels)
    words = [token for token in tokens if token.is_word]
    signs = [token for token in tokens if token.what in ("box", "mark")]
    if len(words) == 1 and len(signs) == 1:
        tokens += _next_row(paper, label, words[0], labels)
        words = [token for token in tokens if token.is_word]
        if len(words) == 1:
            state: State = "found" if _is_on(signs[0], signs) else "blank"
            one = words[0].on if state == "found" else None
            return Seen(state, one, _shown(paper, tokens)), words[0].spot
    if len(words) < 2:
        return _by_column(paper, spot)
    if len(words) > 2 or words[0].on == words[1].on:
        return Seen("ambiguous", text=_shown(paper, tokens)), words[0].spot
    return _answer(paper, label, tokens, words)


def _next_row(paper: Paper, label: Spot, word: _Token, labels: frozenset[str]) -> list[_Token]:
    """The other word with its box, in the row below: □有 over ☑無."""
    below = paper.under(paper.right_of(label))
    if not _is_same_field(paper, label, below[0]):
        return []
    tokens = _tokens(paper, below, labels)
    kinds = [token.what for token in tokens if token.what != "empty"]
    others = [token for token in tokens if token.is_word]
    return tokens if sorted(kinds) in (["box", "word"], ["mark", "word"]) and others[0].on != word.on else []


def _tokens(paper: Paper, spot: Spot, labels: frozenset[str]) -> list[_Token]:
    tokens: list[_Token] = []
    gap = 0
    for _ in range(_MOST):
        if paper.empty(spot):
            gap += 1
            if gap > _MOST_GAP:
                break
            tokens.append(_Token(spot, "empty"))
        else:
            found = _read(paper, spot)
            if found is None or (paper.is_label(spot, labels) and not any(token.is_word for token in found)):
                break
            tokens += found
            gap = 0
        spot = paper.right_of(spot)
    return tokens


def _read(paper: Paper, spot: Spot) -> list[_Token] | None:
    """What one cell adds to a group; None: it is no part of any."""
    cell = paper.raw(spot)
    if cell is None or cell.value is None:
        return None
    value = cell.value
    if isinstance(value, str) and NUMBERING.search(value):
        return []
    text = squeezed(as_it_reads(value))
    if text in _BETWEEN:
        return []
    if _BOX.fullmatch(text) or _MARK.fullmatch(text):
        return [_sign(spot, text)]
    if text in _WORDS:
        return [_Token(spot, "word", _WORDS[text])]
    for pattern in (_BOXED, _BEHIND):
        if (found := pattern.fullmatch(text)) and found["word"] in _WORDS:
            pair = [_sign(spot, found["box"]), _Token(spot, "word", _WORDS[found["word"]])]
            return pair if pattern is _BOXED else pair[::-1]
    return None


def _sign(spot: Spot, text: str) -> _Token:
    bare = "☑" if text == "[x]" else text.strip("()[]")
    return _Token(spot, "box") if not bare or bare in _EMPTY else _Token(spot, "mark", sign=bare)


def _is_same_field(paper: Paper, label: Spot, row: int) -> bool:
    """No label of its own stands in that row where the label is."""
    spot = corner(paper.around((row, label[1])))
    return spot == label or paper.empty(spot)


def _answer(paper: Paper, label: Spot, tokens: list[_Token], words: list[_Token]) -> tuple[Seen, Spot]:
    shown = _shown(paper, tokens)
    first, second = (tokens.index(word) for word in words)
    before, between, after = tokens[:first], tokens[first + 1 : second], tokens[second + 1 :]
    signs = [token for token in (*before, *between, *after) if token.what in ("box", "mark")]
    if not signs:
        return _beside_rows(paper, label, words, shown)
    inside = {word.spot: [token for token in signs if token.spot == word.spot] for word in words}
    if all(token.spot in inside for token in signs) and all(len(found) <= 1 for found in inside.values()):
        first_, second_ = (next(iter(inside[word.spot]), None) for word in words)
        marks: tuple[_Token | None, _Token | None] | None = first_, second_
    elif any(token.what == "box" for token in signs) or len(signs) > 1:
        # Boxes are printed for each word, so the first of them tells whether they stand before the words or behind.
        marks = _pairs(signs, before, between, after)
    elif any(token in signs for token in after):
        marks = (None, signs[0])
    elif any(token in signs for token in before):
        marks = (signs[0], None)
    elif before:
        marks = None  # an empty cell before the first word, the mark between the two: it may belong to either
    else:
        marks = (signs[0], None)
    if marks is None:
        return Seen("ambiguous", text=shown), words[0].spot
    on = [mark is not None and _is_on(mark, signs) for mark in marks]
    if sum(on) == 2:
        return Seen("wrong kind", text=shown), words[0].spot
    if not any(on):
        return Seen("blank", text=shown), words[0].spot
    chosen = words[on.index(True)]
    return Seen("found", chosen.on, shown), chosen.spot


def _pairs(
    signs: list[_Token], before: list[_Token], between: list[_Token], after: list[_Token]
) -> tuple[_Token | None, _Token | None] | None:
    """The signs of the first and of the second word; None: it can't be told."""
    of = [[token for token in part if token in signs] for part in (before, between, after)]
    match [len(part) for part in of]:
        case [1, 1, 0] | [1, 0, 0]:
            return of[0][0], (of[1][0] if of[1] else None)
        case [0, 1, 1]:
            return of[1][0], of[2][0]
        case [0, 0, 1]:
            return None, of[2][0]
        case _:
            return None


def _is_on(mark: _Token, signs: list[_Token]) -> bool:
    """It is marked; a circle is an empty button where another one of the group is filled, a cross denies."""
    if mark.what != "mark" or mark.sign in _CROSSES:
        return False
    return mark.sign not in _CIRCLES or not any(sign.sign and sign.sign in "●◉◎■" for sign in signs)


def _beside_rows(paper: Paper, label: Spot, words: list[_Token], shown: str) -> tuple[Seen, Spot]:
    """Marks in the cells above or below the words; the words untouched are blank."""
    found: list[list[bool]] = []
    for way in (paper.under, paper.above):
        spots = [way(word.spot) for word in words]
        marks = [spot is not None and _is_same_field(paper, label, spot[0]) and _marked(paper, spot) for spot in spots]
        if any(marks):
            found.append(marks)
    if not found:
        return Seen("blank", text=shown), words[0].spot
    if len(found) > 1:
        return Seen("ambiguous", text=shown), words[0].spot
    if all(found[0]):
        return Seen("wrong kind", text=shown), words[0].spot
    chosen = words[found[0].index(True)]
    return Seen("found", chosen.on, shown), chosen.spot


def _marked(paper: Paper, spot: Spot) -> bool:
    tokens = _read(paper, spot)
    return tokens is not None and len(tokens) == 1 and _is_on(tokens[0], tokens)


def _by_column(paper: Paper, spot: Spot) -> tuple[Seen, Spot] | None:
    """A mark in a row below headings of which one says yes and another no, in columns next to each other."""
    spots = [spot]
    for _ in range(_MOST_GAP):
        spots.append(paper.right_of(spots[-1]))
    heading = _heading(paper, spots)
    if heading is None:
        return None
    cells = {column: (spot[0], column) for column in heading}
    on = [column for column, cell in cells.items() if _marked(paper, cell)]
    others = [cell for column, cell in cells.items() if column not in on and not paper.empty(cell)]
    if not on or any(_read(paper, cell) is None or not _crossed(paper, cell) for cell in others):
        return None
    if len(on) > 1:
        return Seen("wrong kind", text="○ ○"), cells[on[0]]
    return Seen("found", heading[on[0]], as_it_reads(paper.text(cells[on[0]]))), cells[on[0]]


def _crossed(paper: Paper, spot: Spot) -> bool:
    """A box without a mark, or a cross."""
    tokens = _read(paper, spot) or []
    return len(tokens) == 1 and tokens[0].what in ("box", "mark") and not _is_on(tokens[0], tokens)


def _heading(paper: Paper, spots: list[Spot]) -> dict[int, bool] | None:
    """By their columns the words of the nearest row above that has one for yes and one for no side by side."""
    at: list[Spot | None] = list(spots)
    for _ in range(_ROWS):
        at = [None if spot is None else paper.above(spot) for spot in at]
        if not any(at):
            return None
        texts = {spot[1]: squeezed(paper.text(spot)) for spot in at if spot}
        words = {column: _WORDS[text] for column, text in texts.items() if text in _WORDS}
        pairs = [(one, other) for one, other in pairwise(sorted(words)) if words[one] != words[other]]
        if pairs:
            return {column: words[column] for column in pairs[0]}
    return None


def _shown(paper: Paper, tokens: list[_Token]) -> str:
    spots = dict.fromkeys(token.spot for token in tokens if token.what != "empty")
    return " ".join(as_it_reads(cell.value) for spot in spots if (cell := paper.raw(spot)))
