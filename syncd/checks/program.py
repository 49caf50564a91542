"""Is it something that a computer would run?"""

from __future__ import annotations

from syncd.checks.paper import Paper
from syncd.model import Finding


def program(paper: Paper) -> Finding:
    """By its content, whatever it is called. A name alone runs nothing: its type is unknown, so a person looks."""
    if paper.reading.kind in ("exe", "script"):
        return Finding("program", "quarantine", paper.reason("program"), values={"kind": paper.reading.kind})
    return Finding("program", "passed")
