"""`period`: does the form say the month, quarter or fiscal year that its name says?"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from syncd.checks.outcome import failed, passed
from syncd.checks.paper import Paper
from syncd.forms.check import Check
from syncd.forms.dates import read_date
from syncd.forms.fact import One
from syncd.forms.labels import squeezed
from syncd.forms.months import days_of
from syncd.model import Finding
from syncd.rulebook import period as periods
from syncd.rulebook.naming import normalised
from syncd.rulebook.wording import month_text

_NUMBER: Final = re.compile(r"[0-9]{1,2}")
"""The month (or quarter) alone, as in a box beside 対象月."""


def period(paper: Paper, check: Check) -> Finding | None:
    """A day in it, or a text that reads as it. None: one of the two is missing, which is another check's business."""
    value = paper.reading.facts.get(str(check.argument))
    if paper.period is None or value is None or value.state != "found" or value.one is None:
        return None
    values = {str(check.argument): value.shown}
    if says(value.one, paper.period):
        return passed(check, values)
    return failed(
        paper,
        check,
        "period",
        cells=(value.cell,) if value.cell else (),
        found=value.shown,
        expected=month_text(paper.period, paper.language),
        values=values,
    )


def says(one: One, wanted: str) -> bool:
    """Whether a value means that period; of a quarter or year also a day or month in it."""
    first, last = days_of(wanted)
    if isinstance(one, date):
        return first <= one <= last
    if isinstance(one, Decimal) and one == one.to_integral_value():
        one = int(one)
    if isinstance(one, int) and not isinstance(one, bool) and one <= 12:
        return _is_number_of(one, wanted, last)
    text = normalised(str(one)).strip()
    if _NUMBER.fullmatch(text):
        return _is_number_of(int(text), wanted, last)
    found = {each.value for each in periods.spelled(text, _every(wanted), last)}
    if found:
        return found == {wanted}
    months = [days_of(each.value) for each in periods.spelled(text, "month", last)]
    if months and _every(wanted) != "month":
        return all(first <= start and end <= last for start, end in months)
    try:
        day = read_date(squeezed(str(one)))
    except ValueError:
        return False
    return day is not None and first <= day <= last


def _every(wanted: str) -> periods.Every:
    _, _, part = wanted.partition("-")
    return "fiscal_year" if not part else "quarter" if part.startswith("Q") else "month"


def _is_number_of(number: int, wanted: str, last: date) -> bool:
    """The month alone (10), the quarter alone (3)."""
    _, _, part = wanted.partition("-")
    return bool(part) and number == (int(part[1:]) if part.startswith("Q") else last.month)
