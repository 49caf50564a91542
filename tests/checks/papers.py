"""Papers as the tests put them before the checks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from syncd.checks import Paper, check
from syncd.forms.check import Argument, Check, Key, Otherwise, Surroundings
from syncd.forms.fact import Fact, FileKind, One, Reading, Value
from syncd.forms.language import compile_expression
from syncd.model import Finding, Operator
from syncd.rulebook import Rulebook, load
from syncd.rulebook.rule import Rule

RULES = Path(__file__).parents[2] / "rules"
OPERATOR = Operator("himawari", "ひまわり保育園", "認可保育所", "012", "012_ひまわり", "012_ひまわり")


@cache
def packaged() -> Rulebook:
    return load(RULES, RULES)


def reason(key: str, language: str = "ja") -> str:
    return packaged().messages[f"reason_{key}"][language]


def a_reading(kind: FileKind = "xlsx", size: int = 20_000, **more: Any) -> Reading:
    return Reading(kind, size, **more)


def a_value(one: One, cell: str = "在籍!C3") -> Value:
    return Value("found", one, cell=cell, shown=str(one)[:60])


def a_rule(*checks: Check, facts: tuple[Fact, ...] = (), extensions: frozenset[str] = frozenset()) -> Rule:
    shipped = next(iter(packaged().rules.values()))
    return replace(shipped, checks=checks, facts=facts, extensions=extensions)


def a_paper(
    name: str = "012_202610_在籍児童数報告書.xlsx",
    reading: Reading | None = None,
    rule: Rule | None = None,
    *,
    operator: Operator = OPERATOR,
    period: str | None = "2026-10",
    nil: bool = False,
    language: str = "ja",
    surroundings: Surroundings | None = None,
    asked: bool = True,
) -> Paper:
    """`asked`: without a rule of its own, one that wants to know something; else the type is unknown."""
    return Paper(
        name=name,
        reading=reading or a_reading(),
        rule=a_rule(facts=(Fact("anything", optional=True),)) if rule is None and asked else rule,
        operator=operator,
        period=period,
        nil=nil,
        surroundings=surroundings or some_surroundings(operator, period, language),
        language="ja" if language == "ja" else "en",
        reason=lambda key: reason(key, language),
    )


def of_check(paper: Paper, name: str) -> Finding:
    """The only finding of that check."""
    (found,) = [each for each in check(paper) if each.check == name]
    return found


def some_surroundings(operator: Operator, period: str | None, language: str) -> Surroundings:
    return Surroundings(operator, period, lambda day: day.weekday() < 5, language=language)


def a_check(key: Key, argument: Argument) -> Check:
    """A built-in check as a rule file has it."""
    otherwise: Otherwise = "hold" if key in ("facility", "facility_code") else "return"
    return Check(key, key, argument=argument, otherwise=otherwise)


def that(identifier: str, text: str, otherwise: Otherwise = "return", facts: tuple[Fact, ...] = ()) -> Check:
    """An expression as a rule file has it."""
    return Check(identifier, "that", expression=compile_expression(text), otherwise=otherwise, facts=facts)
