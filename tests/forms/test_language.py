"""An expression is taken whole or refused with one clear fault; it computes with what forms hold, and with no more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.forms.evaluation import compute
from syncd.forms.language import BadExpression, compile_expression
from syncd.forms.things import Many, NoAnswer, NotAsked, Nothing, Table, Thing, WrongTogether

VALUES: dict[str, Thing] = {
    "total": 12, "half": Decimal("0.5"), "name": "ひまわり　保育園", "day": date(2026, 10, 1), "yes": True, "no": False,
    "ages": Many((3, 4, None, 5), ("C1", "C2", "C3", "C4")),
    "days.date": Many((date(2026, 10, 1), date(2026, 10, 4)), ("A1", "A2")),
    "days.count": Many((5, 7)), "days": Table("days", 2), "none": Many(()), "blank": Nothing("blank", "blank"),
    "gone": Nothing("gone", "absent"), "合計": 12,
    "weeks.date": Many(tuple(date(2026, 10, day) for day in (1, 2, 5, 6))),
    "weeks.count": Many((5, 7, None, 3)), "flags": Many((True, False, True)),
}  # fmt: skip


def holds(text: str) -> bool:
    return compute(compile_expression(text), lambda name: VALUES[name], lambda day: day.weekday() < 5).holds


@pytest.mark.parametrize(
    "text",
    ["sum(ages) == total", "合計 == total", "0.1 + 0.2 == 0.3", "half * 2 == 1", "7 / 2 == 3.5",
     "7 // 2 == 3 and -7 // 2 == -4",
     "7 % 3 == 1", "1 < total <= 12 < 100", "total in [1, 12]", "total not in [1, 2]", "not no", "yes and not no",
     "no or yes",
     "(1 if yes else 2) == 1", "count(ages) == 3 and len(ages) == 4", "min(ages) == 3 and max(ages) == 5",
     "max(1, total) == 12",
     "mean(ages) == 4", "abs(3 - total) == 9", "round(2.5) == 3 and round(-2.5) == -3 and round(1.005, 2) == 1.01",
     "round_down(9.99) == 9 and round_up(9.01) == 10", "round(1234, -2) == 1200", "name == 'ひまわり保育園'",
     "'保育' in name",
     "contains(name, 'ヒマワリ') == False", "like('東京-123456', '東京-######')",
     "not like('東京-12345', '東京-######')",
     "like(name, '*保育園')", "day - day == 0", "day + 30 == day - -30", "days(day, day + 5) == 5",
     "weekday(day) == '木'",
     "year(day) == 2026 and month(day) == 10", "age(day, day + 366) == 1", "business_day(day)", "given(total)",
     "not given(blank)",
     "given(blank) or total == 12", "len(days) == 2 and given(days)",
     "count(none) == 0 and sum(none) == 0 and not given(none)",
     "all(days.count > 4)", "any(days.count > 6)", "all(ages > 0)", "ages[0] == 3 and ages[-1] == 5",
     "days.count * 2 >= days.count",
     "sum(days.count >= 6) == 1",
     "sum(weekly_max(weeks.date, weeks.count)) == 10",
     "distinct(days.count) == 2", "sum([total, blank, 3]) == 15", "all(weekday(days.date) in ['木', '日'])", "True",
     "total != 3",
     "len(name) == 8", "name + 'x' == 'ひまわり保育園x'"],
)  # fmt: skip
def test_what_holds(text: str) -> None:
    assert holds(text) is True


@pytest.mark.parametrize(
    "text",
    ["total == 13", "all(days.count > 5)", "days.count > 5", "flags", "not (total == 12)",
     "all(business_day(days.date))",
     "1 < total < 5", "any(days.count > 7)", "day > day", "no and blank == 1", "weekday(days.date) != '日'"],
)  # fmt: skip
def test_what_does_not_hold(text: str) -> None:
    assert holds(text) is False


def test_the_failing_cells_are_known() -> None:
    outcome = compute(compile_expression("all(weekday(days.date) != '日')"), lambda name: VALUES[name], lambda _: True)
    assert outcome.failing == ("A2",)
    assert outcome.compared[0].left == Many(("日",))


@pytest.mark.parametrize("text",
["blank == 1", "sum(ages) == gone", "total + blank > 1", "gone or yes", "max(none) == 1",
                                  "ages[2] == 1", "blank", "total in [gone]", "1 if blank else 2",
                                  "given(gone)"])  # fmt: skip
def test_what_is_not_asked(text: str) -> None:
    with pytest.raises(NotAsked):
        holds(text)


@pytest.mark.parametrize(
    "text",
    ["name + total == 1", "name > 1", "day == total", "day > 5", "day * 2 == 4", "total", "name", "name and yes",
     "yes + 1 == 2",
     "sum(name) == 1", "abs(name) == 1", "days == 2", "sum(days) == 2", "weekday(total) == '月'", "name * 3 == 'x'",
     "not total",
     "'a' * 10000000 == 'b'", "len(total) == 1", "age(name, day) == 1", "min(total, name) == 1", "day in name",
     "contains(total, 'x')"],
)  # fmt: skip
def test_kinds_that_do_not_go_together(text: str) -> None:
    with pytest.raises(WrongTogether) as raised:
        holds(text)
    assert raised.value.japanese and raised.value.english


@pytest.mark.parametrize(
    "text",
    ["1 / 0 == 1", "total % 0 == 1", "total // 0 == 1", "ages[9] == 1", "ages == days.count",
     "day + 99999999999 == day",
     "999999999999999 * 999999999999999 * 999999999999999 == 1", "round(1.5, 99) == 1", "weekly_max(ages, 1) == 1"],
)  # fmt: skip
def test_what_can_not_be_computed(text: str) -> None:
    with pytest.raises(NoAnswer):
        holds(text)


HOSTILE = [
    "().__class__", "total.__class__", "total.__class__.__mro__", "[].append(1)", "'x'.format(total)", "f'{total}'",
    "''.join(ages)",
    "9**9**9", "2**1000", "9**-9", "[x for x in ages]", "sum(x for x in ages)", "{x: x for x in ages}", "lambda: 1",
    "(lambda: 1)()",
    "__import__('os')", "open('/etc/passwd')", "eval('1')", "exec('1')", "getattr(total, 'x')", "globals()",
    "total if", "x := 5",
    "total = 5", "import os", "1; 2", "print(1)", "sum", "ages[sum]", "ages[0:3]", "ages['x']", "ages[1.5]",
    "ages[True]", "{1: 2}",
    "{1, 2}", "await total", "(yield)", "*ages", "sum(*ages)", "sum(start=1)", "total is None", "total == None", "...",
    "1j", "b'x'",
    "1e400 == 1", "10000000000000000 == 1", "~total", "total << 99999999", "total & 1", "total | 1", "total ^ 1",
    "total @ total",
    "(" * 300 + "1" + ")" * 300, "-" * 900 + "1", "not " * 200 + "yes", "[" * 60 + "]" * 60, "+".join(["1"] * 400),
    "x" * 1001,
    "'" + "x" * 300 + "' == name", "total == ''", "\x00", "total \\ 2", "total\n\n==", "", "   ", "# nothing",
    "_total", "a.b.c.d",
    "a.b().c", "sum(ages)[0]", "total()", "operator.name()", "total ＝＝ 1", "total ≧ 1", "total => 1", "total <> 1",
    "total && yes",
    "total || yes", "!yes", "(total", "total)", "'abc", "total == 1 2", "\ud800", "0o17 == 0777",
    "[" + ",".join(["1"] * 60) + "] == ages", "round(1, 2, 3)", "given()", "summe(ages)",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_may_not_be_written_gets_one_clear_fault(text: str) -> None:
    if text == "sum":  # a name like any other; the rule has no such fact
        assert compile_expression(text).names == ("sum",)
        return
    with pytest.raises(BadExpression) as raised:
        compile_expression(text)
    assert raised.value.message and raised.value.remedy and "\n" not in str(raised.value)
    assert 0 <= raised.value.offset <= len(text)


@pytest.mark.parametrize(
    ("text", "offset", "said"),
    [
        ("合計 == summe(年齢)", 6, "there is no function 'summe' — did you mean 'sum'?"),
        ("  total = 5", 8, "'=' means nothing here — write =="),
        ("total ≧ 5", 6, "'≧' is a full-width or printed sign — type >="),
        ("total ** 2 == 4", 0, "there are no powers here — write x * x"),
        ("合計 > 年齢.__class__", 5, "no name begins with _ (年齢.__class__) — write the name of a fact"),
        ("round(1, 2, 3)", 0, "round() can't be given 3 values — write round(total / weeks, 1)"),
    ],
)
def test_a_fault_says_where_and_what_instead(text: str, offset: int, said: str) -> None:
    with pytest.raises(BadExpression) as raised:
        compile_expression(text)
    assert (raised.value.offset, str(raised.value)) == (offset, said)


def test_what_an_expression_uses_is_known() -> None:
    found = compile_expression(" sum(ages) == enrolment.total\n and given(previous.children.born)")
    assert found.names == ("ages", "enrolment.total", "previous.children.born")
    assert found.functions == ("sum", "given") and found.compares
    assert found.roots == {"ages", "enrolment", "previous"}
    assert found.offset("enrolment.total") == 14


WORDS = st.sampled_from(
    ["total", "ages", "sum", "given", "blank", "days.date", "name", "day", "yes", "gone", "(", ")", "[", "]", ",",
     "==", "<", "+", "-",
     "*", "/", "and", "or", "not", "in", "if", "else", "1", "0", "2.5", "'x'", "round", "all", "weekday", ".", "[0]",
     "**", "lambda", "="]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_any_row_of_words_is_refused_or_computed(text: str) -> None:
    try:
        expression = compile_expression(text)
    except BadExpression:
        return
    try:
        found = compute(expression, lambda name: VALUES.get(name, Nothing(name, "missing")), lambda _: True)
    except (NotAsked, NoAnswer):
        return
    assert found.holds in (True, False)


@given(st.text(max_size=40))
def test_any_text_is_refused_or_taken(text: str) -> None:
    try:
        found = compile_expression(text)
    except BadExpression:
        return
    assert all(0 <= offset < len(text) for offset in found.offsets)


@given(st.lists(st.integers(-1000, 1000) | st.none(), max_size=8), st.integers(1, 50))
def test_arithmetic_is_exact(numbers: list[int | None], divisor: int) -> None:
    values: dict[str, Thing] = {"numbers": Many(tuple(numbers)), "n": divisor}
    there = sum(number for number in numbers if number is not None)
    text = f"sum(numbers) == {abs(there)} * {1 if there >= 0 else -1} and round(sum(numbers) / n, 4) * 0 == 0"
    assert compute(compile_expression(text), values.__getitem__, lambda _: True).holds
