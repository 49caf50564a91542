"""A check says what is wrong, where, and what was expected; what it can't know it doesn't ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.forms import months, saying
from syncd.forms.check import Bounds, Check, Otherwise, Surroundings, evaluate
from syncd.forms.fact import Column, Fact, Value
from syncd.forms.language import compile_expression
from syncd.forms.missing import missing_facts
from syncd.model import Finding

FACTS = (
    Fact("total", "int", ("合計",)),
    Fact("ages", "int", area="C8:C10"),
    Fact("money", "amount", ("請求金額",)),
    Fact("status", "date", ("状況日",)),
    Fact("name", "text", ("施設名",)),
    Fact("reason", "text", ("理由",), optional=True),
    Fact(
        "children",
        columns=(Column("name", ("氏名",), "text"), Column("born", ("生年月日",), "date", optional=True)),
        optional=True,
    ),
)
VALUES: dict[str, Value] = {
    "total": Value("found", 13, cell="在籍!C14", shown="13"),
    "ages": Value("found", many=(3, 4, 5), cell="在籍!C8:C10", places=("C8", "C9", "C10")),
    "money": Value("found", 1234567, cell="請求書!C3"),
    "status": Value("found", date(2026, 10, 2), cell="在籍!C2"),
    "name": Value("found", "ひまわり保育園", cell="在籍!B1"),
    "reason": Value("blank", cell="在籍!B9"),
    "children": Value(
        "found",
        rows=({"name": "甲", "born": date(2020, 1, 1)}, {"name": "乙", "born": date(2027, 1, 1)},
        {"name": "丙", "born": None}),
        cell="名簿!A2:B4",
        places=("A2", "B2", "A3", "B3", "A4", "B4"),
    ),
}  # fmt: skip


def check(that: str, say: str = "", otherwise: Otherwise = "return") -> Check:
    return Check("id", "that", compile_expression(that), None, otherwise, say, FACTS, "rules/enrolment.yaml", 12)


def made(that: str, around: Surroundings, say: str = "", values: Mapping[str, Value] = VALUES) -> Finding:
    (found,) = evaluate(check(that, say), values, around)
    return found


def test_a_failed_comparison_has_all_that_a_note_needs(around: Surroundings) -> None:
    say = "年齢別の計{sum}人と合計{total}人が一致しません（{cell}）。{facility}{month}分 {left}/{right}"
    assert made("sum(ages) == total", around, say) == Finding(
        "id", "return", "年齢別の計12人と合計13人が一致しません（在籍!C8:C10、C14）。ひまわり保育園2026年10月分 12/13",
        ("在籍!C8:C10", "在籍!C14"), "", "", {"ages": "3、4、5", "total": "13", "sum()": "12"},
        {"在籍!C8:C10": "3、4、5", "在籍!C14": "13"},
    )  # fmt: skip


def test_what_holds_passes_with_what_it_saw(around: Surroundings) -> None:
    assert made("sum(ages) < total", around) == Finding(
        "id", "passed", values={"ages": "3、4、5", "total": "13", "sum()": "12"}
    )


@pytest.mark.parametrize(
    ("that", "ja", "en"),
    [
        ("sum(ages) == total", "sum(C8:C10)（12）が合計（13）と一致しません（在籍!C8:C10：3、4、5／合計 C14：13）。",
         "sum(C8:C10) (12) is not equal to 合計 (13) (在籍!C8:C10: 3, 4, 5; 合計 C14: 13)."),
        ("total <= 10", "合計（13）は10以下でなければなりません（在籍!C14）。",
         "合計 (13) must be at most 10 (在籍!C14)."),
        ("status == period.first",
         "状況日（2026年10月2日）が対象期間の初日（2026年10月1日）と一致しません（在籍!C2）。",
         "状況日 (2026-10-02) is not equal to the first day of the period (2026-10-01) (在籍!C2)."),
        ("all(children.born <= status)",
         "生年月日（2027年1月1日）は状況日（2026年10月2日）以前でなければなりません（名簿!B3、在籍!C2）。",
         "生年月日 (2027-01-01) must not be after 状況日 (2026-10-02) (名簿!B3, 在籍!C2)."),
        ("money < 1000000", "請求金額（1,234,567）は1,000,000より小さくなければなりません（請求書!C3）。",
         "請求金額 (1,234,567) must be less than 1,000,000 (請求書!C3)."),
        ("operator.kind in ['小規模', '分園']",
         "施設の種別（認可保育所）は小規模、分園のいずれかでなければなりません。",
         "the facility's kind (認可保育所) must be one of 小規模, 分園."),
        ("contains(name, 'たんぽぽ')",
         "「contains(施設名, 'たんぽぽ')」が成り立ちません（施設名 在籍!B1：ひまわり保育園）。",
         "this doesn't hold: contains(施設名, 'たんぽぽ') (施設名 在籍!B1: ひまわり保育園)."),
        ("not business_day(status) or total == 1", "合計（13）が1と一致しません（在籍!C2、C14）。",
         "合計 (13) is not equal to 1 (在籍!C2, C14)."),
    ],
)  # fmt: skip
def test_without_a_text_the_check_says_it_itself(around: Surroundings, that: str, ja: str, en: str) -> None:
    assert made(that, around).say == ja
    assert made(that, replace(around, language="en")).say == en


@pytest.mark.parametrize(
    ("that", "expected"),
    [("total != 13", "13以外"), ("total > 13", "13超"), ("status < period.first", "2026年10月1日より前"),
     ("total in [1, 2]", "1、2のいずれか"),
     ("1 <= total <= 12", "12以下")],
)  # fmt: skip
def test_what_was_expected(around: Surroundings, that: str, expected: str) -> None:
    assert made(that, around).expected == expected


@pytest.mark.parametrize(
    ("that", "name", "note"),
    [
        ("reason != 'x'", "reason", "空欄のため確認していません"),
        ("total == enrolment.total", "enrolment.total", "未提出のため確認していません"),
        ("total == previous.total", "previous.total", "未提出のため確認していません"),
        ("total == lost", "lost", "欄なしのため確認していません"),
    ],
)
def test_what_is_not_there_is_not_asked(around: Surroundings, that: str, name: str, note: str) -> None:
    one = replace(check(that), facts=(*FACTS, Fact("lost", "int", ("x",))))
    (found,) = evaluate(one, VALUES, around)
    assert (found.result, found.say, found.values[name]) == ("passed", "", note)


@pytest.mark.parametrize("state", ["blank", "missing", "uncalculated", "wrong kind", "ambiguous"])
def test_a_required_blank_is_no_zero(around: Surroundings, state: str) -> None:
    values = VALUES | {"ages": Value(state, many=(None, None, None), cell="在籍!C8:C10")}  # type: ignore[arg-type]  # a State
    assert made("sum(ages) == total", around, values=values).result == "passed"


def test_an_optional_table_without_rows_has_none(around: Surroundings) -> None:
    values = VALUES | {"children": Value("blank", cell="名簿!A2")}
    assert made("len(children) == 0 and count(children.name) == 0", around, values=values).result == "passed"
    assert made("len(children) == total", around, values=values).result == "return"


def test_a_row_with_a_blank_still_counts(around: Surroundings) -> None:
    values = VALUES | {"children": replace(VALUES["children"], state="blank", worst="名簿!B4")}
    assert made("len(children) == 3 and count(children.born) == 2", around, values=values).values["children"] == "3行"
    assert made("len(children) == total", around, values=values).result == "return"


def test_other_documents_and_the_month_before(around: Surroundings) -> None:
    more = replace(
        around,
        previous={"total": Value("found", 10, cell="前!A1"),
        "ages": Value("found", many=(1, 2), places=("A1", "A2"), cell="前!A1:A2")},
        documents={"invoice": {"children": Value("found", 12, cell="請!A1"),
        "lines": Value("found", rows=({"price": 5},), places=("A1",), cell="A1:A1")}},
    )  # fmt: skip
    found = made("total == invoice.children", more, "{invoice.children}人（{cell}）")
    assert (found.result, found.say, found.cells) == ("return", "12人（在籍!C14、invoice 請!A1）", ("在籍!C14",))
    assert made("total - previous.total == 3", more).result == "passed"
    assert made("all(previous.ages > 1)", more).cells == ()
    assert made("sum(invoice.lines.price) == 5", more).result == "passed"
    assert made("sum(invoice.lines.gone) == 5", more).values["invoice.lines.gone"] == "未提出のため確認していません"


def test_operator_and_period(around: Surroundings) -> None:
    assert (
        made("operator.name == name and operator.code == '012' and operator.id == 'himawari'", around).result
        == "passed"
    )
    assert made("period == '2026-10' and period.year == 2026 and period.month == 10", around).result == "passed"
    assert made("period.fiscal_year == 2026 and period.last == period.first + 30", around).result == "passed"
    assert made("year(period.fiscal_first) == 2026 and month(period.fiscal_first) == 4", around).result == "passed"
    assert made("period.year == 2020", replace(around, period=None)).result == "passed"


@pytest.mark.parametrize(
    ("that", "reason"),
    [
        ("name > 1", "文字と数値には「>」が使えません"),
        ("total / (total - 13) == 1", "0で割ることはできません"),
        ("ages[9] == 1", "ages[9] はありません（値は3個）"),
    ],
)
def test_what_can_not_be_computed_is_held_for_a_person(around: Surroundings, that: str, reason: str) -> None:
    found = made(that, around)
    assert found.result == "hold"
    assert found.say == f"検査「id」（enrolment.yaml:12）を計算できません: {reason}。担当者が確認します。"
    assert made(that, replace(around, language="en")).say.startswith(
        "the check 'id' (enrolment.yaml:12) can't be computed: "
    )


def test_what_stands_in_the_form_is_quoted_in_one_short_line(around: Surroundings) -> None:
    values = VALUES | {"name": Value("found", "悪\u202e意\r\n" + "x" * 500, cell="A1")}
    found = made("name == 'y'", around, "{name}{nothing}", values)
    assert "\n" not in found.say and "\u202e" not in found.say and len(found.say) < 70 and found.say.endswith("—")


def test_many_failing_cells_are_counted() -> None:
    cells = [f"名簿!B{row}" for row in range(2, 20)]
    assert saying.joined_cells(cells, "ja") == "名簿!B2、B3、B4、B5、B6、B7、B8、B9、B10、B11、ほか8か所"
    assert saying.joined_cells(["A!B1", "C!B2"], "en") == "A!B1, C!B2"


@pytest.mark.parametrize(
    ("thing", "money", "shown"),
    [(9999, False, "9999"), (9999, True, "9,999"), (10000, False, "10,000"), (Decimal("3.33333333"), False, "3.3333"),
     (-1234, True, "-1,234"),
     (Decimal("12345.50"), False, "12,345.5"), (True, False, "はい"), (date(2026, 1, 2), False, "2026年1月2日"),
      (Decimal("0.00001"), True, "0"), (Decimal("-0.5"), True, "-0.5"), (Decimal("NaN"), True, "NaN")],
)  # fmt: skip
def test_how_values_read(thing: int | Decimal | bool | date, money: bool, shown: str) -> None:
    assert saying.shown(thing, "ja", money) == shown


@pytest.mark.parametrize(
    ("period", "first", "last", "ja"),
    [("2026-02", date(2026, 2, 1), date(2026, 2, 28), "2026年2月"),
     ("2026-Q4", date(2027, 1, 1), date(2027, 3, 31), "2026年度第4四半期"),
     ("2026", date(2026, 4, 1), date(2027, 3, 31), "2026年度"),
      ("2026-12", date(2026, 12, 1), date(2026, 12, 31), "2026年12月")],
)  # fmt: skip
def test_periods_as_days(period: str, first: date, last: date, ja: str) -> None:
    assert months.days_of(period) == (first, last)
    assert saying.month_shown(period, "ja") == ja and saying.month_shown(period, "en") == period


def test_bounds() -> None:
    assert Bounds(2, 2).hold(2) and not Bounds(2, 2).hold(3) and Bounds(1).hold(99) and not Bounds(1).hold(0)


# facts that could not be read

SEVERAL = (
    "「{}」に当たる欄が2か所あり（{}）、どれを読むか決められません。様式の見出しや配置を変えずに記入してください。"
)
TWO_WAYS = "「{}」（{}）は二通りに読めるため、値を決められません{}。一つの欄に一つの値をはっきり記入してください。"


@pytest.mark.parametrize(
    ("name", "value", "said", "cells"),
    [
        ("total", Value("uncalculated", cell="在籍!C14"),
         "「合計」（在籍!C14）の数式に計算結果がありません（計算値なし）。Excelで開いて保存し直してください。",
         ("在籍!C14",)),
        ("total", Value("blank", cell="在籍!C14"), "「合計」（在籍!C14）が空欄です。記入してください。", ("在籍!C14",)),
        ("total", Value("missing"), "「合計」の欄が見つかりません。様式の見出しや配置を変えずに記入してください。", ()),
        ("total", Value("wrong kind", cell="C1", shown="十二"),
         "「合計」（C1）を整数として読み取れません（「十二」）。書き直してください。", ("C1",)),
        ("ages", Value("wrong kind", cell="C8:C10", worst="C9"),
         "「C8:C10」（C9）を整数として読み取れません。書き直してください。", ("C9",)),
        ("reason", Value("wrong kind", cell="B9", shown="#REF!"),
         "「理由」（B9）を文字として読み取れません（「#REF!」）。書き直してください。", ("B9",)),
        ("children", Value("missing", shown="生年月日"), None, ()),
        ("children",
         Value("blank", rows=({"name": None, "born": date(2020, 1, 1)},), cell="名簿!A2:B2", worst="名簿!A2",
         places=("A2", "B2")),
         "「氏名」（名簿!A2）が空欄です。記入してください。", ("名簿!A2",)),
        ("children",
         Value("wrong kind", rows=({"name": "甲", "born": None},), cell="名簿!A2:B2", worst="名簿!B2",
         places=("A2", "B2")),
         "「生年月日」（名簿!B2）を日付（例: 2025/10/1、令和7年10月1日）として読み取れません。書き直してください。",
         ("名簿!B2",)),
        ("reason", Value("missing"), None, ()),
        ("total", Value("ambiguous", cell="在籍!B3", others=("名簿!C9",)),
         SEVERAL.format("合計", "在籍!B3、名簿!C9"), ("在籍!B3", "名簿!C9")),
        ("total", Value("ambiguous", cell="在籍!B3", shown="1 2 3"),
         TWO_WAYS.format("合計", "在籍!B3", "（「1 2 3」）"), ("在籍!B3",)),
        ("children", Value("ambiguous", cell="名簿!A1", shown="生年月日", others=("名簿!B1",)),
         SEVERAL.format("生年月日", "名簿!A1、名簿!B1"), ("名簿!A1", "名簿!B1")),
        ("reason", Value("ambiguous", cell="B9"),
         TWO_WAYS.format("理由", "B9", ""), ("B9",)),
    ],
)  # fmt: skip
def test_what_is_said_of_a_fact_that_could_not_be_read(
    name: str, value: Value, said: str | None, cells: tuple[str, ...]
) -> None:
    found = missing_facts(FACTS, VALUES | {name: value}, "ja")
    assert [(one.check, one.result, one.say, one.cells) for one in found] == (
        [] if said is None else [(f"facts.{name}", "return", said, cells)]
    )
    assert all(one.say.isascii() or "'" in one.say for one in missing_facts(FACTS, VALUES | {name: value}, "en"))


def test_a_value_beside_a_longer_label_is_a_value_and_said() -> None:
    values = VALUES | {"total": Value("found", 62, cell="在籍!B1", through="在籍児童数の合計欄")}
    (found,) = missing_facts(FACTS, values, "ja")
    assert (found.check, found.result, found.cells) == ("facts.total", "passed", ())
    assert found.say == "「合計」の見出しはなく、これを含む「在籍児童数の合計欄」の値（在籍!B1）を読み取りました。"


def test_facts_that_nobody_read_are_missing() -> None:
    assert {one.check for one in missing_facts(FACTS, {}, "en")} == {
        "facts.total", "facts.ages", "facts.money", "facts.status", "facts.name",
    }  # fmt: skip


ONES = st.one_of(st.none(), st.text(max_size=5), st.integers(), st.decimals(), st.booleans(), st.dates())
STATES = st.sampled_from(["found", "blank", "missing", "uncalculated", "wrong kind", "ambiguous"])
SOME = st.builds(
    Value, STATES, ONES, st.lists(ONES, max_size=3).map(tuple),
    st.lists(st.fixed_dictionaries({"name": ONES, "born": ONES}), max_size=3).map(tuple),
    st.sampled_from(["", "A1", "x!A1:B2", "2ページ"]),
    st.text(max_size=5), st.sampled_from(["", "x!B2"]), st.lists(st.sampled_from(["A1", "B2"]), max_size=6).map(tuple),
)  # fmt: skip
THATS = [
    "sum(ages) == total", "all(children.born <= status)", "len(children) == total", "money / total > 1",
    "name == operator.name",
    "total == previous.total", "status - period.first == 0", "round(total / ages[0], 1) < 3 or given(reason)",
    "sum(weekly_max(children.born, ages)) == 1",
    "age(children.born, status) >= 0",
]  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(
    st.fixed_dictionaries({fact.name: SOME for fact in FACTS}), st.sampled_from(THATS), st.sampled_from(["ja", "en"])
)
def test_whatever_was_read_a_check_has_a_finding(values: dict[str, Value], that: str, language: str) -> None:
    from syncd.model import Operator

    around = Surroundings(
        Operator("a", "A", "", None, "a", "a"), "2026-10", lambda _: True, previous=values, language=language
    )
    found = made(that, around, "{sum}{left}{cell}{total}", values)
    assert found.result in ("passed", "return", "hold")
    assert bool(found.say) == (found.result != "passed")
    missing_facts(FACTS, values, language)
