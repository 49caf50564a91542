"""Is it an answer 該当なし to something that has to be filed even when there is nothing to report?"""

from __future__ import annotations

from syncd.checks.paper import Paper
from syncd.model import Finding


def nil(paper: Paper) -> Finding:
    """A report of 0 cases is a report; without it nobody knows whether it was forgotten."""
    required = paper.rule.required if paper.rule is not None else None
    if paper.nil and required is not None and not required.nil:
        return Finding("nil", "return", paper.reason("nil_refused"))
    return Finding("nil", "passed")
