"""What can be meant so in a set of rules, but probably isn't: worth a second look, no reason to refuse the rules.

Pure. Owns these questions, one function each. Refuses to say what is a fault: the readers of the rules do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePath

from syncd.errors import Problem
from syncd.model import Operator
from syncd.rulebook import personal
from syncd.rulebook.book import Rulebook
from syncd.rulebook.rule import Rule


def doubts(book: Rulebook, operators: Sequence[Operator], today: date) -> tuple[Problem, ...]:
    """Everything that draws a warning, in the order of the files.

    Args:
        operators: those of the configuration; none: what depends on them is not asked.
    """
    found: list[Problem] = []
    for rule in book.rules.values():
        if operators:
            found += _of_nobody(rule, operators)
        found += _unreminded(rule)
        found += _unused(book, rule)
        found += _quoting_persons(rule)
    found += _taken_by_another(book, operators, today)
    return tuple(sorted(found, key=lambda problem: (problem.file, problem.line, problem.column)))


def _doubt(rule: Rule, message: str, remedy: str) -> Problem:
    return Problem(rule.file, rule.line, f"{rule.title}: {message}", remedy)


def _of_nobody(rule: Rule, operators: Sequence[Operator]) -> Iterator[Problem]:
    if rule.required is None or any(rule.required.asks(operator) for operator in operators):
        return
    if rule.required.kinds:
        who = ", ".join(sorted(rule.required.kinds))
        yield _doubt(rule, f"is required of {who}, but no operator is of that kind", "see `kind:` in config.yaml")
    else:
        who = ", ".join(sorted(rule.required.operators))
        yield _doubt(rule, f"is required of {who}, but there is no such operator", "see `id:` in config.yaml")


def _unreminded(rule: Rule) -> Iterator[Problem]:
    """Documents that nobody would ever be asked for."""
    if rule.required is None and rule.due is not None:
        yield _doubt(rule, "is due, but of nobody", "add `required:`, or remove `due:`")
    if rule.required is not None and rule.due is None:
        yield _doubt(rule, "is required, but never due: nobody is reminded of it", "add `due:`")
    if rule.required is not None and rule.due is not None and not rule.due.remind:
        yield _doubt(rule, "is due, but nobody is reminded of it", "add `remind: [-3, 0, 1, 3]` to `due:`")


def _quoting_persons(rule: Rule) -> Iterator[Problem]:
    """Reasons that quote what the rule itself calls personal information."""
    for check, label in personal.quoted(rule):
        message = f"{rule.title}: the reason of check {check.id} quotes {label!r}, which is personal information"
        yield Problem(check.file, check.line, message, "say what is wrong and where ({cell}), not what stands there")


def _unused(book: Rulebook, rule: Rule) -> Iterator[Problem]:
    """Facts that nobody asks for (one that has to be there is asked for by that), checks that need no form."""
    used = {fact.name for check in rule.checks for fact in check.facts}
    used |= {str(check.argument) for check in rule.checks if check.key in ("facility", "facility_code", "period")}
    for other in book.rules.values():
        for check in other.checks:
            for name in check.expression.names if check.expression is not None else ():
                root, _, rest = name.partition(".")
                if root == rule.document or (root == "previous" and other is rule):
                    used.add(rest.partition(".")[0])
    for fact in rule.facts:
        if fact.optional and fact.name not in used:
            message = f"{rule.title}: no check uses the fact {fact.name}"
            yield Problem(rule.file, fact.line, message, "remove it, or check it", fact.column)
    for check in rule.checks:
        if check.expression is not None and not check.expression.names:
            message = f"{rule.title}: the check {check.id} uses no fact, so it comes out the same for every form"
            yield Problem(rule.file, check.line, message, "name a fact in it", check.column)


def _taken_by_another(book: Rulebook, operators: Sequence[Operator], today: date) -> Iterator[Problem]:
    """A right name of a rule that another rule takes as well: then neither counts."""
    names = {rule.document: _example(book, rule, operators, today) for rule in book.rules.values()}
    fits = {document: book.fitting(name, operator, today) for document, (name, operator) in names.items()}
    order = list(book.rules)
    for document, found in fits.items():
        for other in found:
            # Where each takes the other's name it is said once, at the rule that comes later.
            if other != document and (document not in fits[other] or order.index(other) < order.index(document)):
                taken = book.rules[other]
                also = (
                    f"the name {names[document][0]} also fits {taken.title} ({PurePath(taken.file).name}:{taken.line})"
                )
                yield _doubt(book.rules[document], f"{also}, so neither counts", "make one of the patterns narrower")


def _example(book: Rulebook, rule: Rule, operators: Sequence[Operator], today: date) -> tuple[str, Operator]:
    """A right name, and from whom: an operator that has to send it if there is one."""
    asked = (each for each in operators if rule.required is None or rule.required.asks(each))
    operator = next(asked, Operator("any", "", "", "012", "", ""))
    return book.example(rule.document, operator, today), operator
