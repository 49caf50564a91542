"""Can it be opened without a password?"""

from __future__ import annotations

from syncd.checks.paper import Paper
from syncd.model import Finding


def encrypted(paper: Paper) -> Finding:
    """Neither scanner nor checks see into a file that has one, so it must not lie where people open files."""
    if paper.reading.trouble == "encrypted":
        return Finding("encrypted", "quarantine", paper.reason("encrypted"), values={"detail": paper.reading.detail})
    return Finding("encrypted", "passed")
