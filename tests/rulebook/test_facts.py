"""`facts:` of a rule: each key means what it says, each fault has its line and remedy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from syncd.forms.fact import Column, Fact
from syncd.rulebook import Rulebook

RULE = "document: a\ntitle: A\nmatch: {name: 'a*'}\nfacts:\n"
Faults = Callable[..., list[str]]
Book = Callable[..., Rulebook]


def facts(book: Book, text: str) -> list[Fact]:
    return list(book(a=RULE + "".join(f"  {line}\n" for line in text.split("\n"))).rules["a"].facts)


def test_every_key_of_a_fact(book: Book) -> None:
    found = facts(
        book,
        "total: {label: 合計, as: int}\n"
        "money: {label: [請求金額, 合計金額], as: amount, sheet: 請求書, cell: c14, where: below, optional: true}\n"
        "ages: {range: C8:C13, as: ints}\n"
        "daily: {label: 児童数, as: ints, until: 計}\n"
        "children: {table: {name: 児童氏名, born: {label: [生年月日, 誕生日], as: date, optional: true}},"
        " until: 合計, sheet: 名簿}\n"
        "合計: {cell: B2}\n"
        "notes: {range: A1:B2}",
    )
    assert found == [
        Fact("total", "int", ("合計",), line=5, column=3),
        Fact("money", "amount", ("請求金額", "合計金額"), "below", "請求書", "C14", optional=True, line=6, column=3),
        Fact("ages", "int", area="C8:C13", many=True, line=7, column=3),
        Fact("daily", "int", ("児童数",), until="計", many=True, line=8, column=3),
        Fact("children", sheet="名簿", until="合計", line=9, column=3, columns=(
            Column("name", ("児童氏名",), "text"), Column("born", ("生年月日", "誕生日"), "date", True),
        )),
        Fact("合計", cell="B2", line=10, column=3),
        Fact("notes", area="A1:B2", many=True, line=11, column=3),
    ]  # fmt: skip


def test_a_rule_without_facts_has_none(book: Book) -> None:
    rule = book(a="document: a\ntitle: A\nmatch: {name: 'a*'}\n").rules["a"]
    assert (rule.facts, rule.checks, rule.examples) == ((), (), ())


@pytest.mark.parametrize(
    ("fact", "fault"),
    [
        ("total: 合計", "10: facts.total must be a group of keys — write e.g. {label: 合計, as: int}"),
        ("total: {label: 合計, as: integer}", "26: facts.total.as can't be 'integer' — did you mean 'int'?"),
        ("total: {labl: 合計, as: int}", None),
        ("total: {as: int}", ("10: facts.total says nowhere where it stands"
         " — add label, cell, range, table, row or heading")),
        ("total: {label: '：'}", "11: the label '：' is nothing but decoration — write the words that stand there"),
        ("total: {label: a, where: left}", "28: facts.total.where can't be 'left' — known here: any, below, right"),
        ("total: {cell: 14C}", "11: facts.total.cell must be one address — e.g. C14"),
        ("total: {cell: C1:C3}", "11: facts.total.cell must be one address — write `range:` for many cells"),
        ("total: {range: C8}", None),
        ("total: {range: A1:XFD99, as: ints}",
         "11: facts.total.range has more than 10,000 cells — name a smaller range"),
        ("total: {range: C8:C13, as: int}", "26: facts.total.as can't be 'int' for a range — write ints"),
        ("total: {label: a, range: C8:C13, as: ints}", "21: facts.total has label and range — keep one of them"),
        ("total: {range: A1:A2, cell: B1}",
         "25: facts.total.cell is for a single value — remove it, or write `range:`"),
        ("total: {label: a, until: b}",
         "21: facts.total.until has nothing to end — it is for tables and for many values below a label: remove it"),
        ("total: {cell: C1, where: below}",
         "21: facts.total.where is the side of a label, and there is none — remove it"),
        ("to tal: {label: a}",
         "3: 'to tal' can't be the name of a fact — letters, digits and _ without spaces, e.g. total or 合計"),
        ("_x: {label: a}",
         "3: '_x' can't be the name of a fact — letters, digits and _ without spaces, e.g. total or 合計"),
        ("period: {label: a}", "3: 'period' means something else in checks — e.g. period_"),
        ("in: {label: a}", "3: 'in' means something else in checks — e.g. in_"),
        ("t: {table: {}}", None),
        ("t: {table: {a: x}, as: int}", None),
        ("t: {table: {a: }}", "15: facts.t.table.a has no heading — write e.g. 児童氏名"),
        ("t: {table: {a: {as: date}}}", None),
        ("t: {table: {a: {label: x, as: dates}}}", None),
        ("t: {table: {a b: x}}", None),
        ("t: {label: a, optional: maybe}", None),
    ],
)  # fmt: skip
def test_each_fault_of_a_fact(placed_faults: Faults, fact: str, fault: str | None) -> None:
    found = placed_faults(a=RULE + f"  {fact}\n")
    assert len(found) == 1 and " — " in found[0] and found[0].startswith("a.yaml:5:")
    if fault is not None:
        assert found[0] == f"a.yaml:5:{fault}"


def test_all_faults_come_at_once(placed_faults: Faults) -> None:
    found = placed_faults(a=RULE + "  a: {label: x, as: in}\n  b: {cell: 5}\n  c: {label: x, shet: y}\n")
    assert [fault.partition(":")[2].partition(":")[0] for fault in found] == ["5", "6", "7"]
    assert found[2].endswith("unknown key 'shet' in facts.c — did you mean 'sheet'?")
