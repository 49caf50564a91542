"""`size`: how large it may be."""

from __future__ import annotations

from syncd.checks.outcome import failed, passed, shown_bounds
from syncd.checks.paper import Paper
from syncd.forms.check import Bounds, Check
from syncd.model import Finding


def size(paper: Paper, check: Check) -> Finding:
    """In bytes, as it came."""
    assert isinstance(check.argument, Bounds)
    size, values = paper.reading.size, {"size": str(paper.reading.size)}
    if check.argument.hold(size):
        return passed(check, values)
    expected = shown_bounds(paper, check.argument, _shown)
    return failed(paper, check, "size", found=_shown(size), expected=expected, values=values)


def _shown(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1_000:.1f} kB"
