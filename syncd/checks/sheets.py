"""`sheets`: which a workbook must have."""

from __future__ import annotations

from syncd.checks.outcome import failed, passed
from syncd.checks.paper import Paper
from syncd.forms.check import Check
from syncd.model import Finding
from syncd.rulebook.naming import normalised


def sheets(paper: Paper, check: Check) -> Finding:
    """By name, whatever their width, case and spaces; more of them do no harm."""
    assert isinstance(check.argument, tuple)
    there = {_bare(name) for name in paper.reading.sheets}
    missing = [name for name in check.argument if _bare(name) not in there]
    if not missing:
        return passed(check)
    comma = paper.words("、", ", ")
    found = comma.join(paper.reading.sheets)
    expected = comma.join(missing)
    return failed(paper, check, "sheets", found=found, expected=expected, values={"missing": expected})


def _bare(name: str) -> str:
    return "".join(normalised(name).split())
