"""How things look on a terminal: columns that Japanese fits into, times, sizes, and names that can do no harm.

What people or operators named may hold escape sequences, newlines and signs that turn the reading direction; on a
terminal they are shown, never obeyed.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any

import click

_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})


def shown(text: str) -> str:
    """The text with every character that a terminal might obey written as its code."""
    return "".join(f"\\u{ord(c):04x}" if unicodedata.category(c) in _HARMFUL else c for c in text)


def width(text: str) -> int:
    """Columns on a terminal: full-width characters take two, combining ones none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, columns: int) -> str:
    """At most so many columns; an ellipsis stands for what is left out."""
    if width(text) <= columns:
        return text
    kept = ""
    for character in text:
        if width(kept + character) > columns - 1:
            break
        kept += character
    return kept + "…"


def table(head: Sequence[str], rows: Iterable[Sequence[object]], right: frozenset[int] = frozenset()) -> str:
    """Rows under their heads, each column as wide as it needs; the last one is not padded.

    Args:
        right: columns that are aligned to the right (numbers).
    """
    cells = [list(head), *([shown(str(cell)) for cell in row] for row in rows)]
    wide = [max(width(row[column]) for row in cells) for column in range(len(head))]
    lines = []
    for row in cells:
        parts = []
        for column, cell in enumerate(row):
            gap = " " * (wide[column] - width(cell))
            parts.append(gap + cell if column in right else cell + gap)
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)


def when(at: float, zone: tzinfo) -> str:
    """A moment in the ward's zone."""
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M:%S}"


def iso(at: float | None, zone: tzinfo) -> str | None:
    """A moment as JSON has it."""
    return None if at is None else datetime.fromtimestamp(at, zone).isoformat(timespec="milliseconds")


def ago(seconds: float) -> str:
    """How long ago, roughly."""
    for unit, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {name} ago"
    return f"{max(0, seconds):.0f} s ago"


def size(count: int) -> str:
    """Bytes, for people."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def say(text: str = "") -> None:
    """One or more lines to standard output."""
    click.echo(text)


def say_json(document: Any) -> None:
    """One JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
