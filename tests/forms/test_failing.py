"""What a failed check says is true: each cell says what stands in it, and none is called right that nobody knows of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest

from syncd.forms.check import Check, Surroundings, evaluate
from syncd.forms.fact import Column, Fact, One, Value
from syncd.forms.failing import MOST_ROWS
from syncd.forms.language import compile_expression
from syncd.model import Finding

FACTS = (
    Fact("children", "int", ("児童数",)),
    Fact("price", "amount", ("単価",)),
    Fact("amount", "amount", ("請求金額",)),
    Fact("ages", "int", area="C8:C10"),
    Fact("places", "int", area="D8:D10"),
    Fact(
        "lines",
        columns=(
            Column("item", ("項目",), "text"), Column("count", ("数量",), "int"), Column("each", ("単価額",), "amount"),
            Column("total", ("金額",), "amount"),
        ),
    ),
)  # fmt: skip


def table(*rows: tuple[One, ...], sheet: str = "内訳") -> Value:
    names = ("item", "count", "each", "total")
    places = tuple(f"{letter}{row}" for row in range(2, 2 + len(rows)) for letter in "ABCD")
    return Value(
        "found", rows=tuple(dict(zip(names, row, strict=True)) for row in rows),
        cell=f"{sheet}!A2:D{1 + len(rows)}" if sheet else f"A2:D{1 + len(rows)}", places=places,
    )  # fmt: skip


VALUES: dict[str, Value] = {
    "children": Value("found", 9, cell="請求書!B2"),
    "price": Value("found", 5000, cell="請求書!B3"),
    "amount": Value("found", 44000, cell="請求書!B4"),
    "ages": Value("found", many=(3, 9, 5), cell="請求書!C8:C10", places=("C8", "C9", "C10")),
    "places": Value("found", many=(6, 6, 4), cell="請求書!D8:D10", places=("D8", "D9", "D10")),
    "lines": table(("基本", 10, 100, 1000), ("加算", 3, 200, 700), ("調整", 2, 50, 90)),
}


def found(
    that: str, around: Surroundings, say: str = "", values: Mapping[str, Value] = VALUES, home: str = ""
) -> tuple[Finding, ...]:
    check = Check("id", "that", compile_expression(that), None, "return", say, FACTS, "rules/invoice.yaml", 12)
    return evaluate(check, values, around, home)


def test_a_computed_side_names_all_operands_and_calls_none_right(around: Surroundings) -> None:
    (one,) = found("children * price == amount", around)
    assert one.say == (
        "児童数 * 単価（45,000）が請求金額（44,000）と一致しません"
        "（児童数 請求書!B2：9／単価 B3：5,000／請求金額 B4：44,000）。"
    )
    assert (one.found, one.expected) == ("", "")
    assert one.cells == ("請求書!B2", "請求書!B3", "請求書!B4")
    assert one.stands == {"請求書!B2": "9", "請求書!B3": "5,000", "請求書!B4": "44,000"}


@pytest.mark.parametrize(
    ("that", "expected"),
    [
        ("children == 8", ("9", "8")), ("8 == children", ("9", "8")), ("10 <= children", ("9", "10以上")),
        ("children > 20 and price > 0", ("9", "20超")), ("children in [1, 2]", ("9", "1、2のいずれか")),
        ("children == amount", ("", "")), ("children + 1 == 8", ("", "")), ("sum(ages) == 3", ("", "")),
        ("not (children == 9)", ("", "")), ("children == 1 or price == 1", ("", "")), ("children == 3 + 4", ("9", "7")),
        ("all(ages < 9)", ("9", "9未満")), ("children == sum(ages)", ("", "")),
    ],
)  # fmt: skip
def test_only_a_cell_alone_against_what_stands_in_no_form_is_found_and_expected(
    around: Surroundings, that: str, expected: tuple[str, str]
) -> None:
    (one,) = found(that, around)
    assert (one.found, one.expected) == expected


def test_a_row_that_fails_is_one_line_with_what_stands_in_that_row(around: Surroundings) -> None:
    say = "{lines.item}：{lines.count}×{lines.each}は{lines.total}ではありません（{cell}）。"
    one, other = found("all(lines.count * lines.each == lines.total)", around, say)
    assert one.say == "加算：3×200は700ではありません（内訳!B3、C3、D3）。"
    assert one.cells == ("内訳!B3", "内訳!C3", "内訳!D3")
    assert one.stands == {"内訳!B3": "3", "内訳!C3": "200", "内訳!D3": "700"}
    assert other.say == "調整：2×50は90ではありません（内訳!B4、C4、D4）。"
    plain = found("all(lines.count * lines.each == lines.total)", around)[0].say
    assert plain == (
        "数量 * 単価額（600）が金額（700）と一致しません（数量 内訳!B3：3／単価額 C3：200／金額 D3：700）。"
    )


def test_however_many_columns_fail_a_row_is_one_line(around: Surroundings) -> None:
    (one,) = found("all(lines.count < 10, lines.total < 1000)", around)
    assert one.cells == ("内訳!B2", "内訳!D2")
    (one, _) = found("all(lines.count < 3, lines.total < 700)", around)
    assert one.say.startswith("「all(数量 < 3, 金額 < 700)」が成り立ちません（数量 内訳!B2：10／金額 D2：1,000）")


def test_ranges_side_by_side_are_told_cell_by_cell(around: Surroundings) -> None:
    one, other = found("all(ages <= places)", around)
    assert one.say == "C8:C10（9）はD8:D10（6）以下でなければなりません（請求書!C9、D9）。"
    assert other.cells == ("請求書!C10", "請求書!D10") and other.stands == {"請求書!C10": "5", "請求書!D10": "4"}


def test_filtered_rows_keep_their_places(around: Surroundings) -> None:
    (one,) = found("all(only(lines.total, lines.item == '加算') > 700)", around)
    assert one.cells == ("内訳!D3", "内訳!A3") and one.stands == {"内訳!D3": "700", "内訳!A3": "加算"}


def test_a_cross_check_names_both_documents_and_calls_neither_right(around: Surroundings) -> None:
    other = {"total": Value("found", 12, cell="在籍!C14")}
    more = replace(
        around, documents={"enrolment": other}, document="invoice",
        titles={"enrolment": "在籍児童数報告書", "invoice": "運営費請求書"}, labels={"enrolment.total": "合計"},
    )  # fmt: skip
    (one,) = found("enrolment.total == children", more)
    assert one.say == (
        "在籍児童数報告書の合計（12）が児童数（9）と一致しません"
        "（合計 在籍児童数報告書 在籍!C14：12／児童数 請求書!B2：9）。"
    )
    assert (one.found, one.expected, one.cells) == ("", "", ("請求書!B2",))
    # The same seen from the other document, which came second: its own cell is marked, this one's is named.
    (one,) = found("enrolment.total == children", more, home="enrolment")
    assert one.cells == ("在籍!C14",)
    assert one.say == (
        "合計（12）が運営費請求書の児童数（9）と一致しません（合計 在籍!C14：12／児童数 運営費請求書 請求書!B2：9）。"
    )
    (one,) = found("enrolment.total == children", more, "児童数が一致しません（{cell}）。", home="enrolment")
    assert one.say == "児童数が一致しません（在籍!C14、運営費請求書 請求書!B2）。"


def test_the_month_before_is_named_too(around: Surroundings) -> None:
    more = replace(around, previous={"children": Value("found", 3, cell="請求書!B2")}, document="invoice",
                   titles={"invoice": "運営費請求書"})  # fmt: skip
    (one,) = found("children <= previous.children + 2", more)
    assert "前回の運営費請求書 請求書!B2：3" in one.say and one.cells == ("請求書!B2",) and one.expected == ""


def test_many_rows_are_told_one_by_one_up_to_a_bound(around: Surroundings) -> None:
    rows = [(f"項{n}", 1, 1, 2) for n in range(MOST_ROWS + 7)]
    every = found("all(lines.count * lines.each == lines.total)", around, "", {"lines": table(*rows)})
    assert len(every) == MOST_ROWS + 1
    assert every[-1].say.startswith("同じ検査に合わない行がほかに7行あります（内訳!")


def test_what_a_cell_is_said_to_hold_stands_there(around: Surroundings) -> None:
    """Random tables and checks: every cell that is named is one of the form and says its own value."""
    rng = Random(13)
    for _ in range(300):
        rows = [(f"項{n}", rng.randint(0, 3), rng.randint(0, 3), rng.randint(0, 6)) for n in range(rng.randint(1, 6))]
        sheet = rng.choice(("内訳", ""))
        values = VALUES | {"lines": table(*rows, sheet=sheet)}
        that = rng.choice(
            ("all(lines.count * lines.each == lines.total)", "all(lines.count <= lines.total and lines.each > 0)",
             "all(lines.count < children, lines.each >= 1)", "sum(lines.total) == amount",
             "all(lines.count > 0 or lines.each > 0)", "len(lines) == children",
             "all(lines.total <= sum(lines.total) - children)")
        )  # fmt: skip
        stands = {f"{place}": str(value) for place, value in zip(
            values["lines"].places, (value for row in rows for value in row), strict=True)}  # fmt: skip
        for one in found(that, around, "", values):
            for cell, shown in one.stands.items():
                spot = cell.rpartition("!")[2]
                if cell.startswith("請求書!") or ":" in spot:
                    continue
                assert stands[spot] == shown, (that, one)
            assert set(one.cells) <= set(one.stands)
