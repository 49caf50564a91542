"""What differs between two versions of a form: the cells, and what else on it means something.

Content, whose change is told: values and formulas of cells, sheets with their names, order and visibility, people's
comments, pictures (a seal), embedded objects, texts in boxes, ticked boxes, what may be entered, defined names, macros.
Harmless, because every program that saves changes it: looks, widths, calculated values whose formula is the same,
metadata, print settings, views, protection, charts, merged areas, the order of parts and texts, syncd's own marks.

The text `1` is another content than the number 1, as sums show. Of xls only values can be read, so there a calculated
value that differs is a change.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from syncd.forms.fact import CellChange
from syncd.reading.limits import Refused
from syncd.reading.ooxml.comparison import workbook_changes
from syncd.reading.ooxml.package import Unusable, opened
from syncd.reading.value_comparison import csv_changes, value_changes

MOST_CHANGES: Final = 500
LONGEST: Final = 200
"""Characters of what one cell is told to hold."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def differences(old: Path, new: Path, name: str) -> tuple[CellChange, ...] | None:
    """All changes of content from one file to the other, at most `MOST_CHANGES` and one that counts the rest.

    Args:
        name: what the file is called; only its `.csv` counts, all else is told by content.

    None: they are not both readable workbooks (xlsx, xlsm, xls) or both csv, or too large to tell.
    Raises OSError when a file can't be opened.
    """
    try:
        kinds = _kind(old, name), _kind(new, name)
        if kinds == ("xlsx", "xlsx"):
            with opened(old) as before, opened(new) as after:
                return _bounded(workbook_changes(before, after))
        if kinds == ("csv", "csv"):
            return _bounded(csv_changes(old, new))
        if "csv" not in kinds and "" not in kinds:
            return _bounded(value_changes(old, new, kinds))
    except (Unusable, Refused):
        pass
    return None


def _kind(path: Path, name: str) -> str:
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_ZIP):
        return "xlsx"
    if head == _OLE:
        return "xls"
    return "csv" if name.lower().endswith((".csv", ".tsv")) and b"\0\0" not in head else ""


def _bounded(changes: Iterator[CellChange]) -> tuple[CellChange, ...]:
    found = [_short(each) for each in islice(changes, MOST_CHANGES)]
    if more := sum(1 for _ in changes):
        found.append(CellChange("", "", "", str(more), "more"))
    return tuple(found)


def _short(change: CellChange) -> CellChange:
    if len(change.old) <= LONGEST and len(change.new) <= LONGEST:
        return change
    old, new = (text if len(text) <= LONGEST else text[: LONGEST - 1] + "…" for text in (change.old, change.new))
    return CellChange(change.sheet, change.cell, old, new, change.what)
