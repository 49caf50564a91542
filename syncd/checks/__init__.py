"""Checks look at a file's content and return findings; they decide nothing and change nothing.

What is added often is one file and one line here: a check is a function from a `Paper` to a `Finding`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from syncd.checks.empty import empty
from syncd.model import Finding


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to be checked.

    Attributes:
        name: its own name; `content`: its kept bytes, read-only.
        nil: it is an answer 該当なし, which may be empty.
        reason: text for people by the key of a reason.
    """

    name: str
    content: Path
    nil: bool
    reason: Callable[[str], str]


CHECKS: Mapping[str, Callable[[Paper], Finding]] = {"empty": empty}
"""Every check by its name."""


def check(paper: Paper) -> tuple[Finding, ...]:
    """All findings on one file. A check that can't look says `wait`: what could not be checked has not passed."""
    findings = []
    for name, look in CHECKS.items():
        try:
            findings.append(look(paper))
        except OSError as error:
            findings.append(Finding(name, "wait", str(error)))
    return tuple(findings)
