"""`facility` and `facility_code`: does the form belong to the folder it lies in?

The commonest mistake of a head office is the right form in the wrong folder. Nothing that stands in it is quoted: it
could be another facility's name, code or children.
"""

from __future__ import annotations

import re
from typing import Final

from syncd.checks.outcome import said
from syncd.checks.paper import Paper
from syncd.forms.check import Check
from syncd.forms.fact import Value
from syncd.model import Finding
from syncd.rulebook.decide import MISPLACED
from syncd.rulebook.naming import normalised

_ENDS_A_BODY: Final = re.compile(r"[会社人園団所区市町村県都府\W]\Z")
"""What may stand right before a facility's name: the end of the body that runs it, of a place's name, a sign."""


def facility(paper: Paper, check: Check) -> Finding | None:
    """The name of the operator stands in the form, alone or after the body that runs it."""
    value = _found(paper, check)
    if value is None:
        return None
    if names_facility(str(value.one), paper.operator.name):
        return Finding(check.id, "passed", cells=_cells(value))
    say = said(paper, check, "facility", _cells(value), expected=paper.operator.name)
    return Finding(check.id, check.otherwise, say, cells=_cells(value), expected=paper.operator.name)


def facility_code(paper: Paper, check: Check) -> Finding | None:
    """The operator's code stands in the form; an operator without a code may have any.

    Always a hold in the agreed words, under the name by which files in the wrong folder are known.
    """
    value = _found(paper, check)
    if value is None or paper.operator.code is None:
        return None
    if same_code(str(value.one), paper.operator.code):
        return Finding(MISPLACED, "passed", cells=_cells(value))
    return Finding(MISPLACED, "hold", paper.reason("facility_code"), cells=_cells(value), expected=paper.operator.code)


def _found(paper: Paper, check: Check) -> Value | None:
    """The fact's value; None where there is none: whether it may be missing is another check's business."""
    value = paper.reading.facts.get(str(check.argument))
    return value if value is not None and value.state == "found" and value.one is not None else None


def _cells(value: Value) -> tuple[str, ...]:
    return (value.cell,) if value.cell else ()


def names_facility(text: str, name: str) -> bool:
    """第二ひまわり保育園 is not ひまわり保育園; 社会福祉法人青空会 ひまわり保育園 is."""
    tight, wanted = _bare(text), _bare(name)
    words = normalised(text).split()
    begins = {sum(map(len, words[:count])) for count in range(len(words))}
    at = tight.find(wanted)
    while at >= 0:
        if at in begins or _ENDS_A_BODY.search(tight[:at]):
            return True
        at = tight.find(wanted, at + 1)
    return False


def _bare(text: str) -> str:
    return "".join(normalised(text).split())


def same_code(read: str, code: str) -> bool:
    """012 and 12 are one code: a cell for numbers keeps no zeros in front."""
    one, other = _bare(read), _bare(code)
    if one.isdecimal() and other.isdecimal():
        return int(one) == int(other)
    return one == other
