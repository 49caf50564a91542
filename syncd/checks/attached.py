"""Does a PDF bring other files along?"""

from __future__ import annotations

from syncd.checks.paper import Paper
from syncd.forms.labels import one_line
from syncd.model import Finding


def attached(paper: Paper) -> Finding:
    """Nobody looked into those, and whoever opens the PDF can open them: a person of the ward looks first."""
    names = paper.reading.attached
    if not names:
        return Finding("attached", "passed")
    shown = paper.words("、", ", ").join(one_line(name) for name in names if name)
    return Finding("attached", "hold", paper.reason("attached"), found=shown[:60], values={"files": shown})
