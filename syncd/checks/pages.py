"""`pages`: how many it must have."""

from __future__ import annotations

from typing import Final

from syncd.checks.outcome import failed, passed, shown_bounds, unknown
from syncd.checks.paper import Paper
from syncd.forms.check import Bounds, Check
from syncd.model import Finding

_ONE_PAGE: Final = frozenset({"jpg", "png", "gif", "heic"})


def pages(paper: Paper, check: Check) -> Finding:
    """Of a PDF; a picture is one page, of anything else nobody knows."""
    assert isinstance(check.argument, Bounds)
    count = 1 if paper.reading.kind in _ONE_PAGE else paper.reading.pages
    if count is None:
        return unknown(paper, check, "pages_unknown")
    values = {"pages": str(count)}
    if check.argument.hold(count):
        return passed(check, values)

    def shown(number: int) -> str:
        return paper.words(f"{number}ページ", f"{number} page{'' if number == 1 else 's'}")

    expected = shown_bounds(paper, check.argument, shown)
    return failed(paper, check, "pages", found=shown(count), expected=expected, values=values)
