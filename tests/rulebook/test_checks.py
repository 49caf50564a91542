"""`checks:` and `examples:` of a rule, and the names that lead from one rule to another."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from syncd.forms.check import Bounds, Check
from syncd.rulebook import Rulebook
from syncd.rulebook.checks import Example, Sender

RULE = """\
document: a
title: A
match: {name: 'a*'}
facts:
  total: {label: 合計, as: int}
  ages: {range: C8:C13, as: ints}
  money: {label: 金額, as: amount}
  status: {label: 状況日, as: date}
  name: {label: 施設名}
  code: {label: 施設番号}
  count: {label: 件数, as: int}
  children: {table: {name: 氏名, born: {label: 生年月日, as: date}}}
checks:
"""
OTHER = (
    "document: b\ntitle: B\nmatch: {name: 'b*'}\nfacts:\n  total: {label: 合計, as: int}\n  list: {table: {no: 番号}}\n"
)
Faults = Callable[..., list[str]]
Book = Callable[..., Rulebook]


def read(book: Book, *checks: str) -> tuple[Check, ...]:
    return book(a=RULE + "".join(f"  - {check}\n" for check in checks), b=OTHER).rules["a"].checks


def test_an_expression_with_its_text(book: Book) -> None:
    say = "年齢別の計{sum}人と合計{total}人が一致しません（{cell}）。{left}{right}{facility}{month}"
    (check,) = read(book, f"{{id: sum, that: sum(ages) == total, else: warn, say: '{say}'}}")
    assert (check.id, check.key, check.otherwise, check.say) == ("sum", "that", "warn", say)
    assert check.expression is not None and check.expression.text == "sum(ages) == total"
    assert [fact.name for fact in check.facts] == ["total", "ages"]
    assert (check.place, check.line, check.column) == ("a.yaml:14", 14, 21)


def test_built_in_checks_with_what_they_take(book: Book) -> None:
    found = read(
        book, "{size: 20 MB}", "{id: small, size: 500kB, else: warn}", "{pages: 2}",
        "{id: p, pages: {least: 1, most: 4}}",
        "{id: q, pages: {least: 2}}", "{sheets: [請求書, 明細]}", "{text: 新宿区長}", "{image: 1}", "{facility: name}",
        "{facility_code: code}", "{period: status, say: '{month}分ではありません: {found}（{cell}）'}",
        "{id: f, facility: name, else: warn}",
    )  # fmt: skip
    assert [(check.id, check.key, check.argument, check.otherwise) for check in found] == [
        ("size", "size", Bounds(0, 20 * 1024**2), "return"), ("small", "size", Bounds(0, 500 * 1024), "warn"),
        ("pages", "pages", Bounds(2, 2), "return"), ("p", "pages", Bounds(1, 4), "return"),
         ("q", "pages", Bounds(2, None), "return"),
        ("sheets", "sheets", ("請求書", "明細"), "return"), ("text", "text", ("新宿区長",), "return"),
         ("image", "image", Bounds(1), "return"),
        ("facility", "facility", "name", "hold"), ("facility_code", "facility_code", "code", "hold"),
        ("period", "period", "status", "return"), ("f", "facility", "name", "warn"),
    ]  # fmt: skip


def test_an_expression_may_have_no_name(book: Book) -> None:
    checks = read(book, "{that: total > 1}", "{id: that 2, that: total > 2}", "{that: total > 3}", "{pages: 1}")
    assert [check.id for check in checks] == ["that", "that 2", "that 3", "pages"]


def test_a_text_may_name_any_column(book: Book) -> None:
    (check,) = read(book, "{id: x, that: all(children.born <= status), say: '{children.name}（{cell}）'}")
    assert {fact.name for fact in check.facts} == {"children", "status"}


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        ("{id: x, that: sum(age) == total}", "23: checks.that: there is no fact 'age' — did you mean 'ages'?"),
        ("{id: x, that: summe(ages) == total}", "19: checks.that: there is no function 'summe' — did you mean 'sum'?"),
        ("{id: x, that: total = 5}", "25: checks.that: '=' means nothing here — write =="),
        ("{id: x, that: 'total.x == 1'}", "20: checks.that: total is no table, so there is no total.x — write total"),
        ("{id: x, that: 'given(children.bron)'}",
         "26: checks.that: there is no column children.bron — did you mean 'born'?"),
        ("{id: x, that: operator.city == 'x'}", None),
        ("{id: x, that: 'period.frist == status'}",
         "20: checks.that: there is no period.frist — did you mean 'period.first'?"),
        ("{id: x, that: previous == 1}",
         "19: checks.that: previous stands for last period's document — write previous.total"),
        ("{id: x, that: total.__class__ == 1}", None),
        ("{id: x, that: [a, b]}", None),
        ("{id: x, that: days(status, status) > 3}",
         "32: within { } a comma ends the text before it — put the whole text in quotes: that: '…'"),
        ("{id: x, that: total > 1, else: retrun}", "36: checks.else can't be 'retrun' — did you mean 'return'?"),
        ("{id: x, that: total > 1, say: '{totl}'}",
         "36: checks.say: there is no placeholder {totl} here — did you mean 'total'?"),
        ("{id: x, that: total > 1, say: '{sum}'}", None),
        ("{id: x, that: given(total), say: '{left}'}", None),
        ("{id: x, that: total > 1, say: '{children.nam}'}",
         "36: checks.say: there is no placeholder {children.nam} here — did you mean 'children.name'?"),
        ("{id: x, that: total > 1, say: 'a{b'}",
         "36: checks.say has a brace without its partner — close it, or remove it"),
        ("{id: x, that: total > 1, or: warn}", None),
        ("{id: x}",
         ("5: the check says nothing to check — add one of: that, size, pages, sheets, text, image, facility, "
         "facility_code, period")),
        ("{id: x, size: 1 MB, pages: 2}", "25: a check does one thing, not size and pages — make two checks of it"),
        ("{sise: 20 MB}", "6: unknown key 'sise' in checks — did you mean 'size'?"),
        ("{size: 20}", "12: checks.size must be a size — write e.g. 20 MB or 500 kB"),
        ("{size: 20 TB}", None),
        ("{pages: 0}", None),
        ("{pages: {least: 3, most: 2}}", None),
        ("{pages: {lest: 3}}", None),
        ("{sheets: []}", "14: checks.sheets is empty — name at least one"),
        ("{text: 5}", None),
        ("{image: one}", None),
        ("{facility: nam}", "16: checks.facility: there is no fact 'nam' — did you mean 'name'?"),
        ("{facility: total}", "16: checks.facility: total is no single text — read it `as: text`"),
        ("{facility_code: ages}", None),
        ("{period: total}", "14: checks.period: total is no single date or text — read it `as: date`"),
        ("{facility: name, say: '{found}の書類です'}", None),
        ("{facility: }", "6: checks.facility has no value — write it behind `facility:`"),
        ("{id: x, that: }", None),
        ("x", None),
        # between rules
        ("{id: x, that: c.total == total}",
         ("19: checks.that (x): there is no fact or document 'c' — known here: ages, b, children, code, count, money, "
         "name, status, total")),
        ("{id: x, that: b.totl == total}", "19: checks.that (x): b has no fact 'totl' — did you mean 'total'?"),
        ("{id: x, that: a.total == total}", "19: checks.that (x): a.total is this document's own fact — write total"),
        ("{id: x, that: previous.totl == total}", None),
        ("{id: x, that: given(b.list.name)}", None),
        ("{id: x, that: given(b.total.x)}", None),
        # kinds that never go together
        ("{id: x, that: status == total}",
         ("19: checks.that (x): == can't be used with a day and a number — year(…), "
         "month(…) and day(…) give numbers; a day is written date(2026, 10, 1)")),
        ("{id: x, that: total > 1 or name > 2}", None),
        ("{id: x, that: sum(ages)}", None),
        ("{id: x, that: children == 3}", None),
        ("{id: x, that: b.total == status}", None),
    ],
)  # fmt: skip
def test_each_fault_of_a_check(placed_faults: Faults, check: str, fault: str | None) -> None:
    found = placed_faults(a=RULE + f"  - {check}\n", b=OTHER)
    assert len(found) == 1 and " — " in found[0] and found[0].startswith("a.yaml:14:"), found
    if fault is not None:
        assert found[0] == f"a.yaml:14:{fault}"


@pytest.mark.parametrize(
    "that",
    ["b.total == total", "previous.total <= total", "abs(total - previous.total) <= 3",
     "count(b.list.no) == len(b.list)",
     "count(children.name) == count", "operator.kind == name", "status == period.first", "period == '2026-10'",
     "ages[5] == 1",
     "given(previous.children.born)", "money * 1.2 > total"],
)  # fmt: skip
def test_names_that_lead_somewhere(book: Book, that: str) -> None:
    (check,) = read(book, f'{{id: x, that: "{that}"}}')
    assert check.expression is not None and check.expression.text == that


def test_the_name_of_a_function_may_be_a_fact_s_too(book: Book) -> None:
    (check,) = read(book, "{id: x, that: count == count(ages), say: '{count}'}")
    assert [fact.name for fact in check.facts] == ["ages", "count"]


def test_two_checks_of_one_name(placed_faults: Faults) -> None:
    assert placed_faults(a=RULE + "  - {size: 1 MB}\n  - {size: 2 MB}\n") == [
        "a.yaml:15:5: another check is called 'size' as well — give this one an `id:` of its own"
    ]


def test_names_in_a_rule_with_faults_of_its_own_are_not_blamed(placed_faults: Faults) -> None:
    found = placed_faults(a=RULE + "  - {id: x, that: b.total == total}\n", b=OTHER + "files: two\n")
    assert found == ["b.yaml:7:8: files can't be 'two' — known here: many, one"]
    broken = placed_faults(a=RULE + "  - {id: x, that: b.total == total}\n", b="[")
    assert len(broken) == 1 and broken[0].startswith("b.yaml")


def test_a_table_is_not_called_like_a_document(placed_faults: Faults) -> None:
    found = placed_faults(a=RULE.replace("children:", "b:") + "  - {size: 1 MB}\n", b=OTHER)
    assert found == ["a.yaml:12:3: the table 'b' is called like a document — give it another name"]


EXAMPLES = "document: a\ntitle: A\nmatch: {name: 'a*'}\nexamples:\n"


def test_examples(book: Book) -> None:
    text = (
        "  - {file: samples/ok.xlsx, expect: review}\n"
        "  - {file: 'samples\\bad.xlsx', expect: corrections, says: [合計, C14], period: 2026-10,\n"
        "     name: 012_202610_a.xlsx, operator: {name: ひまわり, kind: 認可, code: 012},\n"
        "     previous: samples/old.xlsx, documents: {b: samples/b.xlsx}}\n"
    )
    assert book(a=EXAMPLES + text, b=OTHER).rules["a"].examples == (
        Example("samples/ok.xlsx", "review", line=5, column=5),
        Example("samples/bad.xlsx", "corrections", ("合計", "C14"), "2026-10", "012_202610_a.xlsx",
        Sender("ひまわり", "認可", "012"),
                "samples/old.xlsx", (("b", "samples/b.xlsx"),), 6, 5),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("example", "fault"),
    [
        ("{file: a.xlsx, expect: reviewed}", "28: examples.expect can't be 'reviewed' — did you mean 'review'?"),
        ("{expect: review}", "5: examples.file is missing — add `file:` with its value"),
        ("{file: ../a.xlsx, expect: review}", "6: examples.file must lie in the rules folder — e.g. samples/ok.xlsx"),
        ("{file: /etc/passwd, expect: review}", None),
        ("{file: 'C:\\a.xlsx', expect: review}", None),
        ("{file: a.xlsx, expect: review, period: 2026-13}", None),
        ("{file: a.xlsx, expect: review, operator: {nam: x}}", None),
        ("{file: a.xlsx, expect: review, documents: {zz: b.xlsx}}",
         "5: examples.documents: there is no document 'zz' — known here: a"),
        ("{file: a.xlsx}", "5: examples.expect is missing — add `expect:` with its value"),
    ],
)  # fmt: skip
def test_each_fault_of_an_example(placed_faults: Faults, example: str, fault: str | None) -> None:
    found = placed_faults(a=EXAMPLES + f"  - {example}\n")
    assert len(found) == 1 and found[0].startswith("a.yaml:5:") and " — " in found[0], found
    if fault is not None:
        assert found[0] == f"a.yaml:5:{fault}"


def test_the_library_comes_in_with_the_first_expression_only() -> None:
    code = "import sys, syncd.rulebook, syncd.forms.locate; print('simpleeval' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
