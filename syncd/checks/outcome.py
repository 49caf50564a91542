"""What a check that a rule asks for says, when it passed and when it didn't."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from syncd.checks.paper import Paper
from syncd.forms.check import Bounds, Check
from syncd.forms.saying import fill, joined_cells
from syncd.model import Finding
from syncd.rulebook.wording import month_text

SHOWN_MOST: Final = 60
"""Characters that are quoted of what stands in a form."""


def passed(check: Check, values: Mapping[str, str] | None = None) -> Finding:
    """It is as the rule wants it."""
    return Finding(check.id, "passed", values=values or {})


def failed(
    paper: Paper,
    check: Check,
    reason: str,
    *,
    cells: tuple[str, ...] = (),
    found: str = "",
    expected: str = "",
    values: Mapping[str, str] | None = None,
) -> Finding:
    """It isn't: with the rule's own words for it, else the reason's of the workflow."""
    found = found[:SHOWN_MOST]
    say = said(paper, check, reason, cells, found, expected)
    return Finding(check.id, check.otherwise, say, cells, found, expected, values or {})


def unknown(paper: Paper, check: Check, reason: str) -> Finding:
    """It can't be told, so a person has to look."""
    return Finding(check.id, "hold", paper.reason(reason))


def said(
    paper: Paper, check: Check, reason: str, cells: tuple[str, ...] = (), found: str = "", expected: str = ""
) -> str:
    """The rule's own text, filled in; without one the reason's."""
    if not check.say:
        return paper.reason(reason)
    words = {
        "cell": joined_cells(cells, paper.language),
        "facility": paper.operator.name,
        "month": month_text(paper.period, paper.language),
        "found": found,
        "expected": expected,
    }
    return fill(check.say, words)


def shown_bounds(paper: Paper, bounds: Bounds, shown: Callable[[int], str]) -> str:
    """2ページ, 2ページ以上, 1ページ～3ページ."""
    least = shown(bounds.least)
    if bounds.most is None:
        return paper.words(f"{least}以上", f"at least {least}")
    most = shown(bounds.most)
    if bounds.least == bounds.most:
        return most
    if bounds.least == 0:
        return paper.words(f"{most}以下", f"at most {most}")
    return paper.words(f"{least}～{most}", f"{least} to {most}")
