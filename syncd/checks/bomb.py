"""Would it unpack to more than anybody's computer can hold?"""

from __future__ import annotations

from syncd.checks.paper import Paper
from syncd.model import Finding


def bomb(paper: Paper) -> Finding:
    """Whoever opens it would suffer, so it doesn't stay where people open files."""
    if paper.reading.trouble == "bomb":
        return Finding("bomb", "quarantine", paper.reason("bomb"), values={"detail": paper.reading.detail})
    return Finding("bomb", "passed")
