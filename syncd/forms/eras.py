"""The era that is marked among those that a form prints: `明・大・昭・○平・令`."""

from __future__ import annotations

import re
from typing import Final

from syncd.forms.marked import Unclear, chosen, is_choice

ERAS: Final = {
    "明治": "明治", "明": "明治", "m": "明治", "大正": "大正", "大": "大正", "t": "大正", "昭和": "昭和", "昭": "昭和",
    "s": "昭和",
    "平成": "平成", "平": "平成", "h": "平成", "令和": "令和", "令": "令和", "r": "令和", "西暦": "西暦",
}  # fmt: skip
_BEFORE_NUMBERS: Final = re.compile(r"[^0-9０-９元年]+")
NONE_MARKED: Final = "〓"
"""Stands for an era that nobody has marked, or that can't be told."""


def with_era(text: str) -> str:
    """A text that begins with several eras with the marked one alone; any other text as it is."""
    found = _BEFORE_NUMBERS.match(text)
    if found is None or not is_choice(found.group(), ERAS):
        return text
    return marked_era(found.group()) + text[found.end() :]


def is_part(text: str, least: int) -> bool:
    """The text names at least so many eras, with marks perhaps, and nothing else."""
    return is_choice(text, ERAS, least)


def marked_era(text: str) -> str:
    """The one era that is marked in such a text, or `NONE_MARKED`."""
    try:
        return chosen(text, ERAS) or NONE_MARKED
    except (Unclear, ValueError):
        return NONE_MARKED
