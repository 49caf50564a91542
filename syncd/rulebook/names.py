"""Whether the names in all rules' expressions fit together, once all rules are read.

`enrolment.total` needs a rule `enrolment` with a fact `total`; `previous.total` a fact of the rule's own. Each
expression is tried with values of the right kinds as well: a day that is compared with a number is found here, not
when the first form comes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from syncd.errors import Problem
from syncd.forms.check import Check
from syncd.forms.fact import Fact
from syncd.yamltext import shown, suggestion

if TYPE_CHECKING:
    from syncd.rulebook.rule import Rule

Facts = Mapping[str, Fact]


def check_names(rules: Mapping[str, Rule], unread: Collection[str] = ()) -> list[Problem]:
    """Every fault that shows only between rules. Names of the documents `unread`, whose rules have faults, pass."""
    facts = {document: {fact.name: fact for fact in rule.facts} for document, rule in rules.items()}
    return [problem for rule in rules.values() for problem in _faults(rule, facts, unread)]


def _faults(rule: Rule, facts: Mapping[str, Facts], unread: Collection[str]) -> Iterator[Problem]:
    own = facts[rule.document]
    for fact in own.values():
        if fact.table and fact.name in facts:
            message = f"the table {shown(fact.name)} is called like a document"
            yield Problem(rule.file, fact.line, message, "give it another name", fact.column)
    for example in rule.examples:
        for document, _ in example.documents:
            if document not in facts and document not in unread:
                message = f"examples.documents: there is no document {shown(document)}"
                yield Problem(rule.file, example.line, message, suggestion(document, list(facts)), example.column)
    for check in rule.checks:
        if check.expression is None:
            continue
        names = [name for name in check.expression.names if name.partition(".")[0] not in unread]
        found = [
            (*fault, check.expression.offset(name) if check.as_written else 0)
            for name in names
            if (fault := _fault(name, rule.document, facts)) is not None
        ]
        if not found and (clash := _clash(check, own, facts)):
            found = [(*clash, 0)]
        for message, remedy, offset in found:
            said = f"checks.that ({check.id}): {message}"
            yield Problem(check.file, check.line, said, remedy, check.column + offset)


def _fault(name: str, document: str, facts: Mapping[str, Facts]) -> tuple[str, str] | None:
    """What is wrong with a name that leads out of the form."""
    root, *rest = name.split(".")
    if not rest or root in facts[document] or root in ("operator", "period"):
        return None
    other = document if root == "previous" else root
    if other not in facts:
        known = [each for each in facts if each != document]
        return f"there is no fact or document {shown(root)}", suggestion(root, [*facts[document], *known])
    if root == document:
        return f"{name} is this document's own fact", f"write {'.'.join(rest)}"
    fact = facts[other].get(rest[0])
    if fact is None:
        near = suggestion(rest[0], list(facts[other]))
        return f"{other} has no fact {shown(rest[0])}", near if facts[other] else f"add it to {other}"
    if len(rest) == 2 and rest[1] not in [column.name for column in fact.columns]:
        columns = [column.name for column in fact.columns]
        return f"there is no column {name}", suggestion(rest[1], columns) if columns else f"write {root}.{rest[0]}"
    return None


def _clash(check: Check, own: Facts, facts: Mapping[str, Facts]) -> tuple[str, str] | None:
    """Kinds that don't go together, and rows that don't."""
    from syncd.forms.rehearsal import rehearse

    assert check.expression is not None
    return rehearse(check.expression, own, facts)
