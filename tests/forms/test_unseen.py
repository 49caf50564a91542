"""What nobody sees is not read, and what is there to show how a form is filled in is not taken for the form."""

from __future__ import annotations

import pytest

from syncd.forms.book import is_example, papers_seen
from syncd.forms.fact import Column, Fact
from syncd.forms.grid import Area, Grid, Layout, Sheet
from syncd.forms.hidden import Hidden
from syncd.forms.locate import find
from tests.forms.conftest import sheet

TOTAL = Fact("total", "int", ("合計",))


def one(drawing: str, fact: Fact = TOTAL, merged: tuple[Area, ...] = (), **layout: object) -> object:
    drawn = sheet(drawing)
    grid = Grid((Sheet("様式", drawn.cells, merged, layout=Layout(**layout)),))  # type: ignore[arg-type]  # its keys
    value = find(grid, [fact])[fact.name]
    return value.one if value.state == "found" and not value.rows and not value.many else value


def test_hidden_rows_and_columns() -> None:
    assert one("合計 | 1\n\n合計 | 62", rows=((1, 1),)) == 62
    assert one("合計 | 1 | 62", columns=((2, 2),)) == 62
    assert one("合計\n1\n62", rows=((2, 2),)) == 62
    assert one("合計 | 1", rows=((1, 1),), fact=Fact("x", "int", cell="B1")).state == "blank"  # type: ignore[attr-defined]
    assert one("x | 合計 | 5", columns=((1, 1), (2, 2))).state == "missing"  # type: ignore[attr-defined]


def test_of_a_merged_cell_a_part_that_is_seen_is_enough() -> None:
    assert one("合計 | 62", merged=(Area(1, 1, 2, 1), Area(1, 2, 2, 2)), rows=((1, 1),)) == 62


def test_cells_in_the_colour_of_the_paper() -> None:
    assert one("合計 | 1\n合計 | 62", unseen=frozenset({(1, 2), (1, 1)})) == 62
    assert one("合計 | 1", unseen=frozenset({(1, 2)})).state == "blank"  # type: ignore[attr-defined]


def test_hidden_rows_of_a_table_and_of_a_run_are_passed_over() -> None:
    names = Fact("names", columns=(Column("name", ("氏名",), "text"), Column("age", ("年齢",), "int")))
    found = one("氏名 | 年齢\n甲 | 1\n乙 | 2\n丙 | 3", names, rows=((3, 3),))
    assert [row["name"] for row in found.rows] == ["甲", "丙"]  # type: ignore[attr-defined]
    run = one("人数\n1\n2\n3", Fact("run", "int", ("人数",), many=True), rows=((3, 3),))
    assert run.many == (1, 3)  # type: ignore[attr-defined]


def test_rows_that_are_struck_out_are_no_rows() -> None:
    names = Fact("names", columns=(Column("name", ("氏名",), "text"), Column("age", ("年齢",), "int")))
    found = one("氏名 | 年齢\n甲 | 1\n－ | －\n丙 | 3\n以下余白 |", names)
    assert [row["name"] for row in found.rows] == ["甲", "丙"] and found.state == "found"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name",
    ["記入例", "見本", "例", "サンプル", "sample", "Sample2", "【見本】", "請求書（記入例）",
     "記入例_請求書", "様式（例）",
     "例１",
     "請求書サンプル", "入力例", "記載例 (2)", "ｻﾝﾌﾟﾙ", "作成見本", "請求書例", "example", "sample_請求書",
     "（例）在籍"],
)  # fmt: skip
def test_a_sheet_that_shows_how(name: str) -> None:
    assert is_example(name)
    grid = Grid((sheet("合計 |", "様式"), sheet("合計 | 99", name)))
    assert find(grid, [TOTAL])["total"].state == "blank"
    assert find(grid, [Fact("total", "int", ("合計",), sheet=name)])["total"].one == 99


@pytest.mark.parametrize(
    "name", ["特例", "特例加算", "条例", "事例", "比例", "例外", "請求書", "resample", "定例報告", "例年"]
)
def test_a_sheet_that_only_sounds_so(name: str) -> None:
    assert not is_example(name)
    assert find(Grid((sheet("合計 | 62", name),)), [TOTAL])["total"].one == 62


def test_a_sheet_of_exactly_the_name_goes_first() -> None:
    fact = Fact("total", "int", ("合計",), sheet="請求書")
    sheets = (sheet("合計 | 1", "請求書（控）"), sheet("合計 | 62", "請求書"), sheet("合計 | 3", "請求書 記入例"))
    assert find(Grid(sheets), [fact])["total"].one == 62
    assert find(Grid(sheets[::2]), [fact])["total"].one == 1
    assert find(Grid(sheets[2:]), [fact])["total"].state == "missing"


def test_ranges_of_hidden_rows() -> None:
    hidden = Hidden(((5, 6), (7, 7), (20, 10), (1, 2), (2, 3)))
    assert [row for row in range(1, 12) if row in hidden] == [1, 2, 3, 5, 6, 7]
    assert (hidden.after(5), hidden.after(4), hidden.before(7), hidden.before(3)) == (8, 4, 4, 0)
    assert hidden.covers(5, 7) and not hidden.covers(4, 7) and hidden and not Hidden(())


def test_texts_that_have_to_stand_in_a_form_have_to_be_seen() -> None:
    shown = Sheet("様式", sheet("新宿区長 | 様\n合計 | 1").cells, layout=Layout(rows=((2, 2),)))
    grid = Grid((shown, sheet("別の区長", "計算", hidden=True), sheet("見本の区長", "記入例")))
    assert [list(paper.texts()) for paper in papers_seen(grid)] == [["新宿区長", "様"]]
