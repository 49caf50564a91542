"""Whether a rule's reasons would quote what it calls personal information itself.

Pure. A reason goes into a note beside the form, which more people open than the form; a count or a sum of persons is
none of theirs, their names, birthdays and wages are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from syncd.forms.check import Check
from syncd.forms.fact import Fact
from syncd.forms.labels import is_about
from syncd.forms.saying import PLACEHOLDER, SIDES
from syncd.rulebook.rule import Rule

_COUNTED: Final = ("sum", "count", "len", "distinct", "mean")
"""Functions that make one number of many values, in which no person is to be seen."""


def quoted(rule: Rule) -> Iterator[tuple[Check, str]]:
    """Each check whose reason quotes a personal fact, with that fact's label."""
    for check in rule.checks:
        own = {fact.name: fact for fact in rule.facts}
        labels = [label for name in _names(check) for label in _labels(name, own)]
        found = next((label for label in labels if is_about(label, rule.personal_information)), None)
        if found is not None:
            yield check, found


def _names(check: Check) -> Iterator[str]:
    """The names whose values its reason shows."""
    compared = check.expression.names if check.expression else (str(check.argument),)
    words = [word.strip() for word in PLACEHOLDER.findall(check.say)]
    if not check.say and check.expression:
        words = list(SIDES)  # the sentence that is made of the expression
    for word in words:
        if word in (*SIDES, "found"):
            yield from compared
        elif check.expression and word in check.expression.functions:
            yield from () if word in _COUNTED else compared
        else:
            yield word


def _labels(name: str, own: dict[str, Fact]) -> tuple[str, ...]:
    """How the form calls it; of a table as a whole only its rows are said."""
    root, _, column = name.partition(".")
    fact = own.get(root)
    if fact is None:
        return ()
    if not fact.table:
        return (*fact.labels, *fact.row, *(name for names in fact.heading for name in names))
    return next((each.labels for each in fact.columns if each.name == column), ())
