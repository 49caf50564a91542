"""Signs become words: what was written in one go stays together, what stands apart is apart.

Of one piece of text, signs up to half a letter apart are one word, also with one wide space as between names; of two
pieces only those that touch. Digits with a space between them are never one number, and a line drawn between two signs
parts them.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from typing import Final

from syncd.reading.printed.marks import Glyph, Line, Word, around

_WITHIN: Final = 0.55
_SPACED: Final = 1.1
_ACROSS: Final = 0.14
_BACK: Final = -0.35
"""Ems between two signs of one word: of one piece, with a wide space in it, of two, and how far they may overlap."""
_WIDE_SPACE: Final = "\u3000"
_SAME_LINE: Final = 0.3
_SAME_PLACE: Final = 0.12
_SMALL, _RAISED = 0.8, 0.15
_SUPERSCRIPT: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def words(glyphs: Iterable[Glyph], lines: Sequence[Line]) -> list[Word]:
    """The words in the order of the file; those that are turned come last."""
    walls = _Walls(lines)
    single = _once(glyphs)
    found = _chained([glyph for glyph in single if glyph.turn == 0], walls)
    for turn in (90, 180, 270):
        lying = [_laid(glyph, turn) for glyph in single if glyph.turn == turn]
        found += [_put_back(word, turn) for word in _chained(lying, _Walls(()))]
    return found + _skewed([glyph for glyph in single if glyph.turn < 0])


class _Walls:
    """Where upright lines part signs."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = sorted((line.at, line.begin, line.end) for line in lines if line.upright)
        self._at = [line[0] for line in self._lines]

    def between(self, left: float, right: float, y: float) -> bool:
        first, last = bisect.bisect_left(self._at, left - 0.3), bisect.bisect_right(self._at, right + 0.3)
        return any(begin <= y <= end for _, begin, end in self._lines[first:last])


def _once(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Without those that are printed again in the same place, which only makes them bold."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    found: list[Glyph] = []
    for glyph in glyphs:
        size = max(glyph.em, 1.0)
        x, y = glyph.box.middle
        column, row = round(x / size), round(y / size)
        near = (
            other
            for right in (-1, 0, 1)
            for down in (-1, 0, 1)
            for other in seen.get((glyph.sign, column + right, row + down), ())
        )
        if not glyph.sign.isspace() and any(_same_place(glyph, other) for other in near):
            continue
        seen.setdefault((glyph.sign, column, row), []).append(glyph)
        found.append(glyph)
    return found


def _same_place(one: Glyph, other: Glyph) -> bool:
    (a, b), (c, d) = one.box.middle, other.box.middle
    return abs(a - c) <= _SAME_PLACE * one.em and abs(b - d) <= _SAME_PLACE * one.em


def _chained(glyphs: Sequence[Glyph], walls: _Walls) -> list[Word]:
    found: list[Word] = []
    chain: list[Glyph] = []
    text = ""
    space = ""

    def end() -> None:
        nonlocal chain, text, space
        if chain:
            found.append(_word(text, chain))
        chain, text, space = [], "", ""

    for glyph in glyphs:
        if glyph.sign.isspace():
            space += glyph.sign if chain else ""
            continue
        if chain:
            small = _is_superscript(chain[-1], glyph)
            if small or _goes_on(chain[-1], glyph, walls, space):
                text += space[:1] + (glyph.sign.translate(_SUPERSCRIPT) if small else glyph.sign)
                space = ""
                if not small:
                    chain.append(glyph)
                else:
                    chain[-1] = chain[-1]._replace(box=around([chain[-1].box, glyph.box]))
                continue
        end()
        chain, text = [glyph], glyph.sign
    end()
    return found


def _goes_on(last: Glyph, glyph: Glyph, walls: _Walls, space: str) -> bool:
    size = max(last.em, glyph.em)
    if abs(glyph.base - last.base) > _SAME_LINE * min(last.em, glyph.em):
        return False
    gap = glyph.box.left - last.box.right
    same = glyph.piece == last.piece and glyph.piece != 0
    most = _ACROSS if not same else _SPACED if space == _WIDE_SPACE else _WITHIN
    if not _BACK * size <= gap <= most * size:
        return False
    if space and last.sign.isdigit() and glyph.sign.isdigit():
        return False
    x, y = (last.box.middle[0] + glyph.box.middle[0]) / 2, glyph.box.middle[1]
    if gap > 0.05 * size or not same:
        return not walls.between(min(last.box.right, x), max(glyph.box.left, x), y)
    return True


def _is_superscript(last: Glyph, glyph: Glyph) -> bool:
    """A small digit, raised, that touches a word: the number of a footnote."""
    if not glyph.sign.isdecimal() or glyph.em > _SMALL * last.em:
        return False
    raised = last.base - glyph.base
    gap = glyph.box.left - last.box.right
    return _RAISED * last.em < raised < last.em and abs(gap) <= 0.25 * last.em


def _word(text: str, chain: Sequence[Glyph], *, turned: bool = False) -> Word:
    return Word(text, around([glyph.box for glyph in chain]), chain[0].base, max(glyph.em for glyph in chain), turned)


def _laid(glyph: Glyph, turn: int) -> Glyph:
    """A turned sign as if it were upright: along its own line from left to right."""
    box = glyph.box
    if turn == 90:
        new = type(box)(box.top, -box.right, box.bottom, -box.left)
        return glyph._replace(box=new, base=-glyph.base)
    if turn == 180:
        return glyph._replace(box=type(box)(-box.right, -box.bottom, -box.left, -box.top), base=-glyph.base)
    return glyph._replace(box=type(box)(-box.bottom, box.left, -box.top, box.right))


def _put_back(word: Word, turn: int) -> Word:
    box = word.box
    if turn == 90:
        new = type(box)(-box.bottom, box.left, -box.top, box.right)
    elif turn == 180:
        new = type(box)(-box.right, -box.bottom, -box.left, -box.top)
    else:
        new = type(box)(box.top, -box.right, box.bottom, -box.left)
    return Word(word.text, new, new.bottom, word.em, True)


def _skewed(glyphs: Sequence[Glyph]) -> list[Word]:
    """Signs at an angle: one word a piece, in the order of the file."""
    pieces: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        pieces.setdefault(glyph.piece, []).append(glyph)
    return [_word("".join(glyph.sign for glyph in each), each, turned=True) for each in pieces.values()]
