"""Is there anything in the file at all?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncd.model import Finding

if TYPE_CHECKING:
    from syncd.checks import Paper


def empty(paper: Paper) -> Finding:
    """An upload that broke off leaves an empty file; only 該当なし may be one."""
    if paper.nil or paper.content.stat().st_size > 0:
        return Finding("empty", "passed")
    return Finding("empty", "return", paper.reason("empty"))
