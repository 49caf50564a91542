"""What a rule asks for is found where people have put it, and what isn't there is not made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.forms.fact import Column, Fact, Kind, Value
from syncd.forms.grid import Area, Cell, Grid, Sheet
from syncd.forms.locate import find
from tests.forms.conftest import sheet

Draw = Callable[..., Grid]


def one(grid: Grid, fact: Fact, *others: Fact) -> Value:
    return find(grid, [fact, *others])[fact.name]


def total(**more: object) -> Fact:
    return Fact("total", "int", ("合計",), **more)  # type: ignore[arg-type]  # the dataclass has them


@pytest.mark.parametrize(
    ("drawing", "cell"),
    [
        ("合計 | 12", "B1"),
        ("合　計（人）： | 12", "B1"),
        ("合計 | | | 12", "D1"),
        ("合計 | 12 | 人", "B1"),
        ("合計 | 金 | 12 | 円", "C1"),
        ("合計\n12", "A2"),
        ("合計 | 備考\n12 | x", "A2"),
        ("合計\n(人)\n12", "A3"),
        ("0歳 | 合計\n3 | 12", "B2"),
        ("合計人数 | 12", "B1"),
        ("１．合計 | 12", "B1"),
        ("合計：12人", "A1"),
        ("合計 12人", "A1"),
        ("年齢別合計表 | 注意 | 5\n合計 | 12", "B2"),
    ],
)
def test_a_number_right_of_or_below_its_label(draw: Draw, drawing: str, cell: str) -> None:
    value = one(draw(drawing), total())
    assert (value.state, value.one, value.cell) == ("found", 12, f"在籍!{cell}")


def test_the_side_may_be_given(draw: Draw) -> None:
    grid = draw("合計 | 1\n2 |")
    assert one(grid, total()).one == 1
    assert one(grid, total(where="right")).one == 1
    assert one(grid, total(where="below")).one == 2
    assert one(draw("合計\n2"), total(where="right")).state == "blank"


def test_merged_labels_and_merged_values(draw: Draw) -> None:
    grid = draw("合計 | | | 12 | | 備考", Area(1, 1, 2, 3), Area(1, 4, 2, 5))
    assert one(grid, total()) == Value("found", 12, cell="在籍!D1", shown="12")
    below = draw("合計\n\n12", Area(1, 1, 2, 3), Area(3, 1, 3, 3))
    assert one(below, total()).cell == "在籍!A3"


def test_an_empty_merged_field_is_blank_whatever_stands_behind_it(draw: Draw) -> None:
    grid = draw("合計 | | | 99", Area(1, 2, 1, 3))
    assert one(grid, total(where="right")) == Value("blank", cell="在籍!B1")


def test_the_search_ends_at_another_label(draw: Draw) -> None:
    children = Fact("children", "int", ("児童数",))
    assert one(draw("合計 | | 児童数 | 5"), total(where="right"), children).state == "blank"
    assert one(draw("合計 | | 定員： | 5"), total(where="right")).state == "blank"
    assert one(draw("合計 | | 別の欄 | 5"), total(where="right")).state == "blank"
    far = "合計 " + "|" * 20 + " 5"
    assert one(draw(far), total(where="right")).state == "blank"


def test_a_text_is_not_taken_from_the_next_line(draw: Draw) -> None:
    name, head = Fact("name", labels=("施設名",)), Fact("head", labels=("代表者",))
    lines = draw("施設名 |\n代表者 | 山田")
    assert find(lines, [name]) == {"name": Value("blank", cell="在籍!B1")}
    over = draw("施設名 | 代表者\nひまわり | 山田")
    assert [value.one for value in find(over, [name, head]).values()] == ["ひまわり", "山田"]
    beside = draw("施設名：ひまわり保育園")
    assert one(beside, name).one == "ひまわり保育園"


def test_a_formula_without_its_value_is_not_blank(draw: Draw) -> None:
    assert one(draw("合計 | =SUM(C8:C13)\n5 | 5"), total()) == Value("uncalculated", cell="在籍!B1")
    assert one(draw("合計 |"), total()).state == "blank"


def test_another_kind_is_told_with_what_stands_there(draw: Draw) -> None:
    value = one(draw("合計 | 十二"), total())
    assert (value.state, value.cell, value.shown) == ("wrong kind", "在籍!B1", "十二")
    assert one(draw("合計 | #REF!"), total()).state == "wrong kind"


def test_several_places_of_a_label_have_to_say_the_same(draw: Draw) -> None:
    assert one(draw("合計 | 欄外\n\n合計 | 12"), total()).cell == "在籍!B3"
    assert one(draw("合計 | 12\n合計 | 12"), total()).one == 12
    two = Value("ambiguous", cell="在籍!B1", others=("在籍!B2",))
    assert one(draw("合計 | 3\n合計 | 12"), total()) == two
    assert one(draw("合計 | \n合計 | 12"), total()) == two
    assert one(draw("合計 | 3\n合計 |"), total()) == two
    assert one(draw("合計 | 六十二名\n合計 | 12"), total()) == two
    assert one(draw("合計 |\n合計 |"), total()).state == "blank"
    assert one(draw("合計 | =A9\n合計 | 12"), total()).state == "uncalculated"
    assert one(draw("合計金額 | 9\n合計 |"), total()).state == "blank"


def test_a_longer_label_counts_only_alone_and_says_so(draw: Draw) -> None:
    value = one(draw("収入合計 | 500"), total())
    assert (value.one, value.through) == (500, "収入合計")
    assert one(draw("収入合計 | 500\n支出合計 | 300"), total()) == Value(
        "ambiguous", cell="在籍!A1", others=("在籍!A2",)
    )
    assert one(draw("収入合計 | 500\n支出合計 | 500"), total()).state == "ambiguous"
    both = Grid((sheet("収入合計 | 500", "1"), sheet("支出合計 | 300", "2")))
    assert one(both, total()).others == ("2!A1",)
    assert one(both, total(sheet="2")).one == 300
    assert one(draw("収入合計 | 500\n合計 | 3"), total()) == Value("found", 3, cell="在籍!B2", shown="3")


def test_labels_are_tried_in_their_order(draw: Draw) -> None:
    grid = draw("合計金額 | 1\n請求金額 | 2")
    assert one(grid, Fact("money", "amount", ("請求金額", "合計金額"))).one == 2
    assert one(grid, Fact("money", "amount", ("ご請求額", "合計金額"))).one == 1


def test_the_address_counts_when_no_label_is_there(draw: Draw) -> None:
    grid = draw("x | 5\ny | 6")
    assert one(grid, total()) == Value("missing")
    assert one(grid, total(cell="B2")) == Value("found", 6, cell="在籍!B2", shown="6")
    assert one(draw("合計 |\n | 6"), total(cell="B2")).state == "blank"


def test_sheets_in_their_order_and_by_name() -> None:
    sheets = (sheet("合計 | 1", "表紙"), sheet("合計 | 2", "①請求書"), sheet("合計 | 3", "請求書"))
    assert one(Grid(sheets), total()).others == ("①請求書!B1", "請求書!B1")
    assert one(Grid(sheets), total(sheet="請求書")).one == 3
    assert one(Grid(sheets[:2]), total(sheet="請求書")).one == 2
    assert one(Grid(sheets[:1]), total(sheet="請求書")) == Value("missing")
    assert one(Grid((sheet("合計 | 4", ""),)), total(sheet="請求書")) == Value("found", 4, cell="B1", shown="4")


def test_a_hidden_sheet_counts_only_by_its_name() -> None:
    hidden = Grid((sheet("合計 | 1", "去年", hidden=True), sheet("合計 |", "今年")))
    assert one(hidden, total()) == Value("blank", cell="今年!B1")
    assert one(hidden, total(sheet="去年")).one == 1


def test_on_a_page_of_a_pdf_the_page_is_the_place() -> None:
    assert one(Grid((sheet("合計 | 1", "2ページ"),)), total()).cell == "2ページ"


@pytest.mark.parametrize(
    "drawing",
    ["状況日 | 令和 | 7 | 年 | 10 | 月 | 1 | 日", "状況日 | 令和7 | 年 | 10 | 月 | 1 | 日現在 |",
     "状況日 | 2025 | 年 | 10 | 月", "状況日 | 令和7年10月1日",
     "状況日：令和7年10月1日"],
)  # fmt: skip
def test_a_day_whose_parts_stand_in_cells_of_their_own(draw: Draw, drawing: str) -> None:
    assert one(draw(drawing), Fact("day", "date", ("状況日",))).one == date(2025, 10, 1)


def test_such_a_day_left_open_is_blank(draw: Draw) -> None:
    assert one(draw("状況日 | 令和 | | 年 | | 月 | | 日"), Fact("day", "date", ("状況日",))).state == "blank"


# many values


def test_a_range_keeps_its_blanks_and_names_its_worst_cell(draw: Draw) -> None:
    ages = Fact("ages", "int", area="B1:B4")
    found = one(draw("0 | 3\n1 |\n2 | 5\n3 | 6"), ages)
    assert (found.state, found.many, found.cell) == ("found", (3, None, 5, 6), "在籍!B1:B4")
    assert found.places == ("B1", "B2", "B3", "B4")
    wrong = one(draw("0 | 3\n1 | x\n2 | =A1\n3 |"), ages)
    assert (wrong.state, wrong.worst, wrong.many) == ("uncalculated", "在籍!B3", (3, None, None, None))
    assert one(draw("0 |\n1 |"), ages).state == "blank"
    assert ages.many


def test_a_run_of_values_below_or_right_of_a_label(draw: Draw) -> None:
    daily = Fact("daily", "int", ("児童数",), many=True)
    assert one(draw("日 | 児童数 | 備考\n1 | 3 | x\n2 | 4\n | |"), daily).many == (3, 4)
    assert one(draw("児童数 | 3 | 4 | 5\n職員数 | 1"), daily).many == (3, 4, 5)
    assert one(draw("児童数\n(人)\n3\n4\n\n備考"), daily).many == (3, 4)
    assert one(draw("区分 | 児童数\n0歳 | 3\n1歳 | 4\n |\n合計 | 7"), daily).many == (3, 4)
    assert one(draw("児童数\n3\n四\n5\n"), daily).state == "wrong kind"
    assert one(draw("児童数 |"), daily).state == "blank"
    assert one(draw("x"), daily).state == "missing"


def test_a_run_that_goes_on_behind_a_gap_has_no_end_that_can_be_told(draw: Draw) -> None:
    daily = Fact("daily", "int", ("児童数",), many=True)
    found = one(draw("日 | 児童数\n1 | 3\n2 |\n3 | 9"), daily)
    assert (found.state, found.worst) == ("ambiguous", "在籍!B4")
    table = Fact("days", columns=(Column("day", ("日",), "int"), Column("count", ("児童数",), "int")))
    assert one(draw("日 | 児童数\n1 | 3\n | \n3 | 9"), table).state == "ambiguous"
    assert one(draw("日 | 児童数\n1 | 3\n | \n合計 | 9"), table).rows == ({"day": 1, "count": 3},)


@pytest.mark.parametrize(
    ("drawing", "kind", "minutes"),
    [("実働 | 7 | 時間 | 30 | 分", "duration", 450), ("実働 | 7 | : | 5", "duration", 425), ("実働 | 45 | 分 | 備考",
     "duration", 45),
     ("実働 | 7 | 時間 | 遅延 | 30 | 分", "duration", 420), ("開始 | 7 | 時 | 30 | 分", "time", 450),
     ("開始 | 午後 | 5 | 時 | 30 | 分", "time", 1050), ("開始 | 7 | ： | 30", "time", 450)],
)  # fmt: skip
def test_a_time_whose_parts_stand_in_cells_of_their_own(draw: Draw, drawing: str, kind: Kind, minutes: int) -> None:
    found = one(draw(drawing), Fact("x", kind, ("実働", "開始")))
    assert (found.state, found.one) == ("found", timedelta(minutes=minutes))


def test_the_unit_of_a_row_counts_where_it_meets_a_column(draw: Draw) -> None:
    grid = draw("項目 | 4月 | 5月\n支出額（千円） | 10 | 20\n人件費（円） | 30 | 40")
    spent = Fact("x", "amount", row=("支出額",), heading=(("5月",),))
    assert one(grid, spent).one == 20_000
    assert one(grid, Fact("x", "amount", row=("人件費",), heading=(("4月",),))).one == 30


def test_a_total_that_the_rule_says_nothing_of_is_no_record(draw: Draw) -> None:
    drawing = "項目 | 金額\n基本 | 10\n合計 | 10"
    columns = (Column("item", ("項目",), "text"), Column("amount", ("金額",), "amount"))
    assert one(draw(drawing), Fact("x", columns=columns)).state == "ambiguous"
    assert len(one(draw(drawing), Fact("x", columns=columns, until="合計")).rows) == 1
    assert len(one(draw(drawing), Fact("x", columns=columns, skip=("合計",))).rows) == 1


def test_until_ends_a_run_and_lets_it_have_gaps(draw: Draw) -> None:
    daily = Fact("daily", "int", ("児童数",), many=True, until="合計")
    found = one(draw("日 | 児童数\n1 | 3\n2 |\n3 | 5\n合計 | 8"), daily)
    assert found.many == (3, None, 5) and found.places == ("B2", "B3", "B4")
    assert one(draw("児童数 | 3 | | 5 | 合計\n | | | | 8"), daily).many == (3, None, 5)


CHILDREN = Fact(
    "children",
    columns=(Column("name", ("児童氏名",), "text"), Column("born", ("生年月日",), "date", optional=True)),
)


def test_a_table_by_its_headings(draw: Draw) -> None:
    grid = draw("名簿\nNo | 児童氏名 | 性別 | 生年月日\n1 | 山田 | 女 | R2.4.1\n2 | 鈴木 | 男 |\n3 | | |\n4 | 佐藤 | |")
    found = one(grid, CHILDREN)
    assert found.state == "found" and found.cell == "在籍!B3:D4"
    assert found.rows == ({"name": "山田", "born": date(2020, 4, 1)}, {"name": "鈴木", "born": None})
    assert found.places == ("B3", "D3", "B4", "D4")


def test_a_table_until_a_label(draw: Draw) -> None:
    until = Fact("children", columns=CHILDREN.columns, until="合計")
    grid = draw("児童氏名 | 生年月日\n山田 |\n | \n佐藤 |\n合計 | 2")
    assert [row["name"] for row in one(grid, until).rows] == ["山田", "佐藤"]


def test_headings_of_two_rows_and_merged_rows(draw: Draw) -> None:
    grid = draw("児童氏名 | 詳細\n | 生年月日\n山田 | R2.4.1\n | x", Area(1, 1, 2, 1), Area(3, 1, 4, 1))
    assert one(grid, CHILDREN).rows[0] == {"name": "山田", "born": date(2020, 4, 1)}


def test_what_is_wrong_with_a_table(draw: Draw) -> None:
    strict = Fact("children", columns=(CHILDREN.columns[0], Column("born", ("生年月日",), "date")))
    assert one(draw("児童氏名 | 生年月日\n山田 |"), strict).worst == "在籍!B2"
    assert one(draw("児童氏名 | 生年月日\n山田 | いつか"), strict).state == "wrong kind"
    lost = one(draw("児童氏名 | 誕生\n山田 | 1"), strict)
    assert (lost.state, lost.shown) == ("missing", "生年月日")
    assert one(draw("x"), strict).shown == "児童氏名、生年月日"
    assert one(draw("児童氏名 | 生年月日"), strict).state == "blank"


def test_the_sheet_with_most_headings_is_the_table_s() -> None:
    grid = Grid((sheet("児童氏名\n説明", "説明"), sheet("児童氏名 | 生年月日\n山田 | R2.4.1", "名簿")))
    assert one(grid, CHILDREN).cell == "名簿!A2:B2"


# hostile grids


SCALARS = st.one_of(
    st.none(),
    st.sampled_from(["合計", "児童氏名", "生年月日", "児童数", "合計：5", " ", "-", "令和", "年", "月", "", "#REF!"]),
    st.text(max_size=8), st.integers(), st.decimals(), st.booleans(), st.dates(), st.times(), st.datetimes(),
)  # fmt: skip
CELLS = st.builds(Cell, SCALARS, st.sampled_from(["", "SUM(A1)"]))
SPOTS = st.tuples(st.integers(1, 8), st.integers(1, 6))
AREAS = st.builds(
    lambda a, b: Area(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])), SPOTS, SPOTS
)  # fmt: skip
SHEETS = st.builds(
    Sheet, st.text(max_size=4), st.dictionaries(SPOTS, CELLS, max_size=20), st.lists(AREAS, max_size=4).map(tuple),
    st.booleans()
)  # fmt: skip
EVERYTHING = [
    *(Fact(f"one_{kind}", kind, ("合計", "児童数"), cell="B2") for kind in ("text", "int", "number", "amount", "date",
    "yes_no")),
    Fact("range", "int", area="A1:D5"), Fact("run", "int", ("児童数",), many=True), CHILDREN,
    Fact("until", "text", ("児童数",), many=True, until="合計"),
]  # fmt: skip
SHAPES: dict[Kind, type | tuple[type, ...]] = {
    "text": str, "int": int, "number": Decimal, "amount": int, "date": date, "yes_no": bool,
}  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.lists(SHEETS, max_size=3).map(lambda sheets: Grid(tuple(sheets))))
def test_any_grid_has_an_answer_for_every_fact(grid: Grid) -> None:
    found = find(grid, EVERYTHING)
    assert set(found) == {fact.name for fact in EVERYTHING}
    for fact in EVERYTHING:
        value = found[fact.name]
        assert (value.state == "found") or value.one is None
        if value.one is not None:
            assert isinstance(value.one, SHAPES[fact.kind])
        assert len(value.places) in (len(value.many), len(value.rows) * len(fact.columns))


def test_the_work_is_bounded_on_a_sheet_of_labels_and_endless_merges() -> None:
    cells = {(row, column): Cell("合計") for row in range(1, 1501) for column in range(1, 21)}
    merged = (Area(1, 1, 1_048_576, 16_384), *(Area(row, 3, row + 40, 4) for row in range(1, 1500)))
    found = find(Grid((Sheet("S", cells, merged),)), [total(), CHILDREN, Fact("run", "int", ("合計",), many=True)])
    assert found["total"].state != "found" and found["children"].state == "missing"


def test_far_cells_cost_nothing() -> None:
    far = Cell(5)
    grid = Grid((Sheet("S", {(1, 1): Cell("合計"), (1_048_576, 16_384): far, (1, 3): Cell(7)}),))
    found = find(grid, [total(), Fact("all", "int", area="A1:J1000"), Fact("far", "int", cell="XFD1048576")])
    assert found["total"].one == 7 and found["far"].one == 5 and len(found["all"].many) == 10_000


def test_what_was_meant_as_a_value_is_told_also_where_it_stands_further_right(draw: Draw) -> None:
    assert one(draw("合計 | | 49（14）"), total(where="right")) == Value("wrong kind", cell="在籍!C1", shown="49（14）")
    assert one(draw("合計 | | 5歳児計 | 12"), total(where="right")).state == "blank"
    choice = Fact("choice", "yes_no", ("加算の有無",), where="right")
    assert one(draw("加算の有無 | | ☑有 ☑無"), choice).state == "wrong kind"
