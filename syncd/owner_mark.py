"""The mark by which what syncd made of an operator's data is known as that operator's, however it is saved again.

It stands in notes and lists as a line, in workbooks as a property, in pages as their metadata. It says nothing to
people: it is derived from the operator's id by a one-way function, and knows neither a ward nor a moment, so that a
lost database changes nothing.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

PROPERTY: Final = "syncd"
"""What the property is called in which a workbook carries its mark."""
THE_WARD: Final = ""
"""Stands for an operator's id where the ward's own pages are marked: they are for nobody outside."""
_MARK: Final = re.compile(rb"syncd:[0-9a-f]{16}")


def mark_of(operator: str) -> str:
    """The mark of what is made of the data of the operator with that id; of the ward's own pages, of `THE_WARD`."""
    return f"syncd:{hashlib.sha256(b'whose it is: ' + operator.encode()).hexdigest()[:16]}"


def marks_in(content: bytes) -> frozenset[str]:
    """All marks that stand in these bytes, in UTF-8, UTF-16 or any encoding that keeps ASCII as it is."""
    found = _MARK.findall(content)
    if b"\0" in content:
        found += _MARK.findall(content.replace(b"\0", b""))
    return frozenset(mark.decode("ascii") for mark in found)


def signed(text: str, operator: str, language: str, line_end: str) -> str:
    """A text that syncd writes for an operator, with its mark as the last line; an empty one stays empty."""
    if not text:
        return text
    words = "整理番号" if language == "ja" else "reference"
    return f"{text}{'' if text.endswith(line_end) else line_end}{line_end}{words} {mark_of(operator)}{line_end}"


def unsigned(text: str) -> str:
    """The text without the line of its mark, as it may be quoted."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not marks_in(line.encode("utf-8", "replace")))
