"""Which lines of free text belong to one record: a text over two lines with numbers beside their middle.

Where a line may go on with the next one, or may be a record of its own, nobody can say what stands there.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from syncd.forms.values import DOUBT
from syncd.reading.printed.columns import is_numeric
from syncd.reading.printed.marks import Word, around

Row = list[Word]
_OVERLAP: Final = 0.98
"""Ems between two lines that are no lines of one column."""
_MOST: Final = 3
"""Lines, of which the middle one stands beside the two others."""
_NEAR: Final = 1.8
"""Ems between lines of one text, at most."""
_SAME: Final = 0.01


def records(rows: Sequence[Row]) -> list[Row]:
    """The lines, those that stand beside one another as one."""
    found: list[Row] = []
    group: list[Row] = []
    for row in rows:
        if group and _apart(group[-1], row) >= _OVERLAP * _size(row):
            found += _record(group)
            group = []
        group.append(row)
    return found + _record(group)


def _record(group: list[Row]) -> list[Row]:
    neighbours = itertools.pairwise(group)
    if (
        len(group) < 2
        or len(group) > _MOST
        or any(_share(a, b) for upper, lower in neighbours for a in upper for b in lower)
    ):
        return group
    words = [*group[0], *(word for row in group[1:2] for word in row)]
    for word in group[2] if len(group) > 2 else ():
        above = [at for at, other in enumerate(words[: len(group[0])]) if _share(other, word)]
        if len(above) > 1:
            return group
        if above:
            words[above[0]] = stacked(words[above[0]], word)
        else:
            words.append(word)
    return [sorted(words, key=lambda word: word.box.left)]


def stacked(upper: Word, lower: Word) -> Word:
    """Two lines of one text."""
    between = "\n" if upper.text[-1:].isascii() and lower.text[:1].isascii() else ""
    return upper._replace(text=upper.text + between + lower.text, box=around([upper.box, lower.box]))


def doubted(rows: Sequence[Row], columns: Sequence[Sequence[int]]) -> list[Row]:
    """The lines, with a mark in each text that may go on in the line below or above it, which has that text only.

    What lies as far apart as lines do that both hold several words is a record of its own.
    """
    sure = [_apart(upper, lower) for upper, lower in itertools.pairwise(rows) if len(upper) > 1 and len(lower) > 1]
    found = [list(row) for row in rows]
    for number, (upper, lower) in enumerate(itertools.pairwise(rows)):
        apart = _apart(upper, lower)
        if min(len(upper), len(lower)) != 1 or apart > _NEAR * _size(lower):
            continue
        if any(abs(apart - each) <= _SAME * each for each in sure):
            continue
        if len(upper) == 1 and columns[number][0] < min(columns[number + 1]) and _is_text(upper[0]):
            # Numbers without a text of their own, under a text without numbers.
            found[number] = [_marked(word) for word in found[number]]
            found[number + 1] = [_marked(word) for word in found[number + 1]]
        for at, column in enumerate(columns[number]):
            for beneath, other in enumerate(columns[number + 1]):
                if column == other and _is_text(upper[at]) and _is_text(lower[beneath]):
                    found[number][at] = _marked(found[number][at])
                    found[number + 1][beneath] = _marked(found[number + 1][beneath])
    return found


def claimed(rows: Sequence[Row], columns: Sequence[Sequence[int]]) -> tuple[list[Row], list[list[int]]]:
    """The lines, with numbers of a table that stand under no heading put under the nearest free one, in doubt."""
    heads, table = _headings(rows, columns)
    found, places = [list(row) for row in rows], [list(each) for each in columns]
    for number, row in enumerate(rows):
        for at, word in enumerate(row):
            column = columns[number][at]
            if number not in table or column in heads or not is_numeric(word.text):
                continue
            taken = set(places[number])
            left = max((head for head in heads if head < column), default=None)
            right = min((head for head in heads if head > column), default=None)
            free = [head for head in (left, right) if head is not None and head not in taken]
            if left is not None and free:
                found[number][at], places[number][at] = _marked(word), free[0]
    return found, places


def _headings(rows: Sequence[Row], columns: Sequence[Sequence[int]]) -> tuple[frozenset[int], range]:
    """The columns of a table, and the lines below its headings that hold nothing but a text each and numbers."""
    for number, row in enumerate(rows):
        if len(row) < _MOST or not all(_is_text(word) for word in row):
            continue
        end = number + 1
        while end < len(rows) and all(is_numeric(word.text) for word in rows[end][1:]):
            end += 1
        below = {
            column
            for other in range(number + 1, end)
            for word, column in zip(rows[other], columns[other], strict=True)
            if is_numeric(word.text)
        }
        if below & set(columns[number]):
            return frozenset(columns[number]), range(number + 1, end)
    return frozenset(), range(0)


def _marked(word: Word) -> Word:
    return word if DOUBT in word.text else word._replace(text=word.text + DOUBT)


def _is_text(word: Word) -> bool:
    return bool(word.text) and not word.alone and not is_numeric(word.text)


def _apart(upper: Row, lower: Row) -> float:
    return lower[0].base - upper[0].base


def _size(row: Row) -> float:
    return max(word.em for word in row)


def _share(one: Word, other: Word) -> bool:
    """Whether one stands over the other, at least in part."""
    return one.box.left < other.box.right - 1 and other.box.left < one.box.right - 1
