"""Can it be opened without a password?"""

from __future__ import annotations

from syncd.checks.paper import Paper
from syncd.model import Finding


def encrypted(paper: Paper) -> Finding:
    """Neither scanner nor checks nor staff see into a file that has one."""
    if paper.reading.trouble == "encrypted":
        return Finding("encrypted", "return", paper.reason("encrypted"), values={"detail": paper.reading.detail})
    return Finding("encrypted", "passed")
