"""`image`: how many pictures it must have: a seal, a signature."""

from __future__ import annotations

from syncd.checks.outcome import failed, passed, shown_bounds
from syncd.checks.paper import Paper
from syncd.checks.text import PICTURES
from syncd.forms.check import Bounds, Check
from syncd.model import Finding


def image(paper: Paper, check: Check) -> Finding:
    """A scan is a picture itself; what is on it, only a person sees."""
    assert isinstance(check.argument, Bounds)
    count = max(paper.reading.images, 1 if paper.reading.kind in PICTURES else 0)
    values = {"images": str(count)}
    if check.argument.hold(count):
        return passed(check, values)

    def shown(number: int) -> str:
        return paper.words(f"{number}個", f"{number}")

    expected = shown_bounds(paper, check.argument, shown)
    return failed(paper, check, "image", found=shown(count), expected=expected, values=values)
