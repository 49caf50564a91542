"""Could it be read whole?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from syncd.checks.paper import Paper
from syncd.forms.fact import Trouble
from syncd.model import Finding

_CHECKS: Final[Mapping[Trouble, str]] = {"unreadable": "unreadable", "too big": "too_big", "too slow": "too_slow"}


def readable(paper: Paper) -> Finding:
    """What could not be checked has not passed: a person of the ward looks. Where nothing is asked, nothing is held."""
    check = _CHECKS.get(paper.reading.trouble)
    if check is None or not paper.asked or paper.reading.kind == "empty":  # that is said already
        return Finding("unreadable", "passed")
    return Finding(check, "hold", paper.reason(check), values={"detail": paper.reading.detail})
