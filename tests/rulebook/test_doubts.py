"""What is worth a second look in a set of rules without being a fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from syncd.model import Operator
from syncd.rulebook import Rulebook, load
from syncd.rulebook.doubts import doubts

Book = Callable[..., Rulebook]
TODAY = date(2026, 11, 5)
RULE = "document: {0}\ntitle: {1}\nmatch: {{name: '{2}'}}\n"
DUE = "due: {month: same, day: 5, remind: [0]}\n"


def said(book: Rulebook, operators: Sequence[Operator]) -> list[str]:
    return [str(problem).rpartition("/")[2] for problem in doubts(book, operators, TODAY)]


def test_the_rules_that_come_with_syncd_raise_no_doubt(packaged: Path, operator: Operator) -> None:
    assert said(load(packaged, packaged), [operator]) == []


@pytest.mark.parametrize(
    ("more", "doubt"),
    [
        ("required: {kinds: 小規模保育}\n" + DUE,
         "is required of 小規模保育, but no operator is of that kind — see `kind:` in config.yaml"),
        ("required: {operators: himawri}\n" + DUE,
         "is required of himawri, but there is no such operator — see `id:` in config.yaml"),
        ("required: {every: month}\n", "is required, but never due: nobody is reminded of it — add `due:`"),
        ("required: {every: month}\ndue: {month: same, day: 5}\n",
         "is due, but nobody is reminded of it — add `remind: [-3, 0, 1, 3]` to `due:`"),
        (DUE, "is due, but of nobody — add `required:`, or remove `due:`"),
    ],
)  # fmt: skip
def test_a_document_that_nobody_is_asked_for(book: Book, operator: Operator, more: str, doubt: str) -> None:
    found = book(a=RULE.format("a", "在籍", "{facility}_{period}_在籍*") + more)
    assert said(found, [operator]) == [f"a.yaml:3: 在籍: {doubt}"]


def test_without_operators_nothing_is_said_of_kinds(book: Book) -> None:
    found = book(a=RULE.format("a", "在籍", "在籍*") + "required: {kinds: 小規模保育}\n" + DUE)
    assert said(found, []) == []


def test_facts_and_checks_that_are_of_no_use(book: Book, operator: Operator) -> None:
    found = book(
        a=RULE.format("a", "在籍", "在籍*")
        + "facts:\n"
        + "".join(
            f"  {name}: {{label: {name}, as: int, optional: true}}\n"
            for name in ("total", "said", "before", "theirs", "unused")
        )
        + "  named: {label: 施設名}\n  must: {label: 備考}\n"
        + "checks:\n"
        + "  - {id: sum, that: total > previous.before, say: '{said}'}\n"
        + "  - {facility: named}\n"
        + "  - {id: always, that: 1 == 1}\n",
        b=RULE.format("b", "請求書", "請求書*") + "checks: [{id: x, that: a.theirs == 5}]\n",
    )
    same = "uses no fact, so it comes out the same for every form — name a fact in it"
    assert said(found, [operator]) == [
        "a.yaml:9:3: 在籍: no check uses the fact unused — remove it, or check it",
        f"a.yaml:15:24: 在籍: the check always {same}",
    ]


def test_two_rules_that_take_the_same_name_are_said_once(book: Book, operator: Operator) -> None:
    found = book(
        a=RULE.format("a", "在籍児童数報告書", "{facility}_{period}_在籍*"),
        b=RULE.format("b", "在籍児童名簿", "{facility}_{period}_在籍児童*"),
    )
    both = "the name 012_202611_在籍児童名簿.xlsx also fits 在籍児童数報告書 (a.yaml:3), so neither counts"
    assert said(found, [operator]) == [f"b.yaml:3: 在籍児童名簿: {both} — make one of the patterns narrower"]


def test_a_rule_that_takes_everything_is_said_at_those_that_lose(book: Book, operator: Operator) -> None:
    found = book(
        a=RULE.format("a", "在籍", "{facility}_{period}_在籍"),
        b=RULE.format("b", "請求書", "{facility}_{period}_請求書"),
        z=RULE.format("z", "その他", "*"),
    )
    lost = [line for line in said(found, [operator]) if "also fits その他 (z.yaml:3)" in line]
    assert [line[:6] for line in lost] == ["a.yaml", "b.yaml"]
