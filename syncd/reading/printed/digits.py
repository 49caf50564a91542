"""One digit a place: when digits that stand side by side are one number, when they are many, when nobody can say.

They are one when they stand right of a text at even distances and nothing but place names (千, 百, 円 …) stands over
them: headings make them a table. What can't be told becomes one text of single digits, which is no number.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

from syncd.reading.printed.columns import Row
from syncd.reading.printed.marks import Word, around

_DIGIT: Final = re.compile(r"[0-9０-９]")
_NUMBER: Final = re.compile(r"[0-9０-９][0-9０-９,，.．]*")
_SIGN: Final = re.compile(r"[¥￥\\金\-−△▲,，]")
_PLACE: Final = re.compile(r"(?:[十百千万億兆円銭一]{0,3}(?:位|の位)?)+")
_EVEN: Final = 0.12
_WIDEST: Final = 3.5
"""Ems from one digit to the next."""
_NEAR: Final = 1.2
"""Ems between numbers that may be one, written with spaces."""
_LEAST: Final = 3
_OVER: Final = 3.5
"""Ems from a line to that of its headings."""


def is_digit(text: str) -> bool:
    return _DIGIT.fullmatch(text) is not None


def is_sign(text: str) -> bool:
    """What stands before or between the digits of an amount."""
    return _SIGN.fullmatch(text) is not None


def is_place(text: str) -> bool:
    """The name of a decimal place, or nothing."""
    plain = "".join(text.split())
    return not plain or _PLACE.fullmatch(plain) is not None


def joined(texts: Sequence[str]) -> str:
    """What stands in boxes side by side, '' for an empty one: one number, or digits that are none."""
    there = [at for at, text in enumerate(texts) if text]
    if not there:
        return ""
    gapless = all(texts[there[0] : there[-1] + 1])
    return ("" if gapless else " ").join(text for text in texts if text)


def digits_joined(rows: Sequence[Row], columns: Sequence[Sequence[int]]) -> tuple[list[Row], list[list[int]]]:
    """Lines in which digits that are one number, or may be, are one word; with the columns of the words left."""
    shared: dict[int, int] = {}
    for each in columns:
        for column in each:
            shared[column] = shared.get(column, 0) + 1
    new_rows, new_columns = [], []
    for number, row in enumerate(rows):
        words: Row = []
        places: list[int] = []
        at = 0
        while at < len(row):
            end = _run(row, at)
            before = words[-1] if words else None
            one = None
            if end - at > 1 and not _headed(rows, number, row[at:end]):
                one = _as_one(row[at:end], before, [shared[column] for column in columns[number][at:end]])
            words += [one] if one else row[at:end]
            places += columns[number][at : at + 1] if one else columns[number][at:end]
            at = end
        new_rows.append(words)
        new_columns.append(places)
    return new_rows, new_columns


def _run(row: Row, begin: int) -> int:
    """Up to where single digits, or numbers near one another, follow from there; at least the next word."""
    end = begin + 1
    if row[begin].alone or not (_NUMBER.fullmatch(row[begin].text) or is_sign(row[begin].text)):
        return end
    while end < len(row) and not row[end].alone:
        text, gap = row[end].text, row[end].box.left - row[end - 1].box.right
        single = all(is_digit(word.text) or is_sign(word.text) for word in row[begin:end])
        near = _NUMBER.fullmatch(text) and gap < _NEAR * row[end].em
        if not near and not (single and (is_digit(text) or is_sign(text))):
            break
        end += 1
    while end > begin + 1 and not _NUMBER.fullmatch(row[end - 1].text):
        end -= 1
    return end


def _as_one(run: Row, before: Word | None, shared: Sequence[int]) -> Word | None:
    """The run as one word; None when it is no one's: nothing is written before it, or it stands in columns."""
    if before is None:
        return None
    digits = [word for word in run if not is_sign(word.text)]
    if len(digits) < 2:
        text = "".join(word.text for word in run)
        return run[0]._replace(text=text, box=around([word.box for word in run]))
    if all(is_digit(word.text) for word in digits):
        return _joined_words(run, sure=_even(digits) and not is_digit(before.text[-1:]))
    return None if all(count > 1 for count in shared) else _joined_words(run, sure=False)


def _even(digits: Row) -> bool:
    steps = [b.box.middle[0] - a.box.middle[0] for a, b in itertools.pairwise(digits)]
    middle = sum(steps) / len(steps)
    if len(digits) < _LEAST or middle > _WIDEST * max(word.em for word in digits):
        return False
    return all(abs(step - middle) <= _EVEN * middle for step in steps)


def _joined_words(run: Row, *, sure: bool) -> Word:
    text = ("" if sure else " ").join(word.text for word in run)
    return run[0]._replace(text=text, box=around([word.box for word in run]))


def _headed(rows: Sequence[Row], number: int, run: Row) -> bool:
    """Whether headings stand over the digits, one over each, directly or over lines of the same kind."""
    here = number
    while here > 0 and rows[here][0].base - rows[here - 1][0].base <= _OVER * max(word.em for word in run):
        here -= 1
        over = [word for word in rows[here] if any(_overlap(word, digit) for digit in run)]
        if len([word for word in over if not is_digit(word.text) and not is_place(word.text)]) > 1:
            return True
        if len(over) < 2:
            return False
    return False


def _overlap(one: Word, other: Word) -> bool:
    reach = other.em
    return one.box.left < other.box.right + reach and other.box.left < one.box.right + reach
