"""Is there anything in the file at all?"""

from __future__ import annotations

from syncd.checks.paper import Paper
from syncd.model import Finding


def empty(paper: Paper) -> Finding:
    """An upload that broke off leaves an empty file; only 該当なし may be one."""
    if paper.nil or (paper.reading.size > 0 and paper.reading.kind != "empty"):
        return Finding("empty", "passed")
    return Finding("empty", "return", paper.reason("empty"))
