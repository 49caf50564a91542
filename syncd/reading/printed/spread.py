"""Words of a line that belong together although they stand apart: labels spread over their field, ticked words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from typing import Final

from syncd.forms.labels import label_key
from syncd.reading.printed.marks import Word, around

_WIDE: Final = re.compile("\u3000")
_MARKS: Final = frozenset("☑☐□■✓✔✅▢レ")
_BESIDE: Final = 1.5
"""Ems from a box to the word that it belongs to."""
_EVEN: Final = 0.35
_MOST: Final = 12


def spread(row: Sequence[Word], labels: Collection[str]) -> list[Word]:
    """The line with ticked words as one word each, and with labels whole whose letters stand apart.

    Single letters are a label only when they are one of `labels`, and when no further letter follows as evenly.
    """
    return [part for word in _letters(_ticked(row), labels) for part in _from_its_label(word, labels)]


def _ticked(row: Sequence[Word]) -> list[Word]:
    found: list[Word] = []
    for word in row:
        if found and _is_ticked(found[-1], word):
            found[-1] = _together([found[-1], word])
        else:
            found.append(word)
    return found


def _is_ticked(mark: Word, word: Word) -> bool:
    """Whether a mark stands right before the word that it belongs to."""
    if mark.text not in _MARKS or not word.text or word.text in _MARKS or word.alone:
        return False
    return word.box.left - mark.box.right <= _BESIDE * word.em


def _from_its_label(word: Word, labels: Collection[str]) -> list[Word]:
    """A word that begins with a label and a wide space as two."""
    for found in _WIDE.finditer(word.text):
        if label_key(word.text[: found.start()]) in labels:
            share = found.start() / len(word.text)
            middle = word.box.left + share * word.box.width
            label = word._replace(text=word.text[: found.start()], box=word.box._replace(right=middle))
            return [
                label,
                word._replace(text=word.text[found.end() :], box=word.box._replace(left=middle + word.em / 2)),
            ]
    return [word]


def _letters(row: list[Word], labels: Collection[str]) -> list[Word]:
    found: list[Word] = []
    at = 0
    while at < len(row):
        end = at
        while end < len(row) and end - at < _MOST and _is_letter(row[end]):
            end += 1
        length = next((n for n in range(end - at, 1, -1) if _is_label(row[at : at + n], row[at + n : end], labels)), 0)
        if length:
            found.append(_together(row[at : at + length]))
            at += length
        else:
            found.append(row[at])
            at += 1
    return found


def _is_letter(word: Word) -> bool:
    return len(word.text) == 1 and word.text.isalpha() and not word.alone


def _is_label(letters: Sequence[Word], after: Sequence[Word], labels: Collection[str]) -> bool:
    if label_key("".join(word.text for word in letters)) not in labels:
        return False
    steps = [b.box.middle[0] - a.box.middle[0] for a, b in itertools.pairwise([*letters, *after[:1]])]
    inner = steps[: len(letters) - 1]
    even = max(inner) - min(inner) <= _EVEN * max(inner)
    goes_on = len(steps) > len(inner) and abs(steps[-1] - inner[-1]) <= _EVEN * inner[-1]
    return even and not goes_on


def _together(words: Sequence[Word]) -> Word:
    return words[0]._replace(text="".join(word.text for word in words), box=around([word.box for word in words]))
