"""A fingerprint of what stands in a form, whoever saved it and as what: its values in their order, not its looks.

Formulas are left out, because some programs save them without their values. A form with hardly anything in it has no
fingerprint: it would be like any other.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from syncd.forms.grid import Grid, Scalar

LEAST: Final = 8
"""How many values a form must hold …"""
NUMBERS: Final = 3
"""… and how many of them are numbers or days: labels alone say nothing of anybody."""


def alike(found: Grid) -> str:
    """The same for all that says the same; '' for what says too little."""
    cells = [cell for sheet in found.sheets for _, cell in sorted(sheet.cells.items()) if not cell.formula]
    said = [text for cell in cells if (text := _text(cell.value))]
    if len(said) < LEAST or sum(text[:1].isdigit() for text in said) < NUMBERS:
        return ""
    return hashlib.sha1("\x1f".join(said).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _text(value: Scalar) -> str:
    """A value as it is written, in whichever way a program writes it."""
    if value is None:
        return ""
    if isinstance(value, str):
        plain = "".join(unicodedata.normalize("NFKC", value).split())
        return _number(plain) if plain[:1].isdigit() or plain[:1] in ("-", ".") else plain
    if isinstance(value, bool):
        return ""  # LibreOffice makes formulas of them
    if isinstance(value, int | Decimal):
        return _number(str(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)  # a duration


def _number(written: str) -> str:
    try:
        return str(round(float(written.replace(",", "")), 9))
    except (ValueError, OverflowError):
        return written
