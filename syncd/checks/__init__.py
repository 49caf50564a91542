"""Checks look at what was read of a file and return findings; they open nothing, decide nothing and change nothing.

What is added often is one file and one line here. A check that is always made is a function from a `Paper` to a
`Finding`; one that rules ask for takes the rule's `Check` as well, and may find nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from syncd.checks.attached import attached
from syncd.checks.bomb import bomb
from syncd.checks.empty import empty
from syncd.checks.encrypted import encrypted
from syncd.checks.image import image
from syncd.checks.kind import kind
from syncd.checks.macros import macros
from syncd.checks.misplaced import facility, facility_code
from syncd.checks.nil import nil
from syncd.checks.pages import pages
from syncd.checks.paper import Paper
from syncd.checks.period import period
from syncd.checks.program import program
from syncd.checks.readable import readable
from syncd.checks.scan import picture, scan
from syncd.checks.sheets import sheets
from syncd.checks.size import size
from syncd.checks.text import text
from syncd.forms.check import Check, evaluate
from syncd.forms.missing import missing_facts
from syncd.model import Finding
from syncd.rulebook.rule import Rule

__all__ = ["ALWAYS", "BY_RULE", "Paper", "check"]

ALWAYS: Final[Mapping[str, Callable[[Paper], Finding]]] = {
    "program": program,
    "bomb": bomb,
    "macros": macros,
    "attached": attached,
    "nil": nil,
    "empty": empty,
    "encrypted": encrypted,
    "readable": readable,
    "kind": kind,
    "scan": scan,
}
"""What is looked at in every file; `readable` and `kind` where its rule wants to know anything that stands in it."""

BY_RULE: Final[Mapping[str, Callable[[Paper, Check], Finding | None]]] = {
    "size": size,
    "pages": pages,
    "sheets": sheets,
    "text": text,
    "image": image,
    "facility": facility,
    "facility_code": facility_code,
    "period": period,
}
"""What rules ask for by a plain key."""

MISPLACED: Final = ("facility", "facility_code")
OF_ANY_FILE: Final = ("size", "pages", "text", "image")


def check(paper: Paper) -> tuple[Finding, ...]:
    """All findings on one file, the passed ones as well.

    What a rule asks for is looked at only in a file that could be read whole and is what it seems; of a form that
    belongs to another facility nothing more is said than that; of evidence nothing is asked that only a form can have.
    """
    always = tuple(look(paper) for look in ALWAYS.values())
    if paper.rule is None or paper.nil or any(finding.result != "passed" for finding in always):
        return always
    if paper.evidence:
        return (*always, *_asked(paper, [each for each in paper.rule.checks if each.key in OF_ANY_FILE]))
    misplaced = _asked(paper, [each for each in paper.rule.checks if each.key in MISPLACED])
    if any(finding.result not in ("passed", "warn") for finding in misplaced):
        return (*always, *misplaced)
    asked = _asked(paper, [each for each in paper.rule.checks if each.key not in MISPLACED and each.key != "that"])
    return (*always, *misplaced, *asked, *_facts(paper, paper.rule))


def _asked(paper: Paper, checks: list[Check]) -> tuple[Finding, ...]:
    found = (BY_RULE[each.key](paper, each) for each in checks)
    return tuple(finding for finding in found if finding is not None)


def _facts(paper: Paper, rule: Rule) -> tuple[Finding, ...]:
    """What is not filled in, and whether what is there agrees with itself and with other documents."""
    facts = paper.reading.facts
    missing = missing_facts(rule.facts, facts, paper.language)
    if missing and paper.reading.scan:
        missing = (picture(paper),)  # it may well stand on the page that is a picture
    agrees = (evaluate(each, facts, paper.surroundings) for each in rule.checks if each.key == "that")
    return (*missing, *(finding for findings in agrees for finding in findings))
