"""Numbers as spreadsheets mean them: exact to the 15 digits that they keep, and days counted from 1900 or 1904."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

_FIRST_1900: Final = datetime(1899, 12, 30)
_FIRST_1904: Final = datetime(1904, 1, 1)
_PHANTOM: Final = 61
"""Before this day spreadsheets count one too many: they believe in a 29 February 1900."""
_LAST: Final = 2_958_466
_WHOLE: Final = 10**15


def number(value: float) -> int | Decimal | str:
    """A stored number without the noise behind its 15th digit; what is no number at all, as text."""
    if not math.isfinite(value):
        return str(value)
    if value.is_integer() and abs(value) < _WHOLE:
        return int(value)
    exact = Decimal(f"{value:.15g}")
    return int(exact) if abs(value) < _WHOLE and exact == exact.to_integral_value() else exact


def percent(value: float) -> str:
    """What a cell that shows per cent says: 0.125 is 12.5%."""
    shown = number(value * 100)
    return f"{shown:f}%" if isinstance(shown, Decimal) else f"{shown}%"


@lru_cache(maxsize=4096)
def moment(value: float, *, from_1904: bool) -> date | datetime | time | int | Decimal | str:
    """A day, a moment or (below 1) a time of day, from a number that is shown as one."""
    if not 0 <= value < _LAST:
        return number(value)
    seconds = round(value * 86_400)
    if seconds < 86_400:
        return (datetime.min + timedelta(seconds=seconds)).time()
    first = _FIRST_1904 if from_1904 else _FIRST_1900
    if not from_1904 and value < _PHANTOM - 1:
        first += timedelta(days=1)
    found = first + timedelta(seconds=seconds)
    return found.date() if seconds % 86_400 == 0 else found
