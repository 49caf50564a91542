"""Does it carry program code: VBA, Excel 4 macro sheets, scripts in a PDF?"""

from __future__ import annotations

from syncd.checks.paper import Paper
from syncd.model import Finding


def macros(paper: Paper) -> Finding:
    """Whoever opens it could run them."""
    if paper.reading.macros:
        return Finding("macros", "quarantine", paper.reason("macros"), values={"kind": paper.reading.kind})
    return Finding("macros", "passed")
