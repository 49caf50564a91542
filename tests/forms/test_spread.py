"""Values that are spread over several cells: digits, days, boxes with words. Two readings give no value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from random import Random

import pytest

from syncd.forms.fact import Fact, Kind, Value
from syncd.forms.grid import BOTTOM, LEFT, RIGHT, TOP, Area, Cell, Grid, Layout, Sheet, Spot
from syncd.forms.locate import find
from tests.forms.conftest import sheet

Draw = Callable[..., Grid]


def read(grid: Grid, label: str = "請求金額", kind: Kind = "amount", *others: Fact, **more: str) -> Value:
    labels = () if "cell" in more else (label,)
    return find(grid, [Fact("x", kind, labels, **more), *others])["x"]  # type: ignore[arg-type]  # keys of a Fact


def wide(drawing: str, widths: Mapping[int, float], lines: Mapping[Spot, int] | None = None) -> Grid:
    drawn = sheet(drawing)
    return Grid((Sheet(drawn.name, drawn.cells, layout=Layout(widths=widths, lines=lines or {})),))


@pytest.mark.parametrize(
    "drawing",
    ["請求金額 | 1 | 2 | 3 | 4", "請求金額 | ¥ | 1 | 2 | 3 | 4 | 円", "請求金額 | | | ¥ | | 1 | 2 | 3 | 4 | 円",
     "請求金額 | 金 | 1 | 2 | 3 | 4 | 円也", "請求金額 | ￥ | １ | ２ | ３ | ４ | －", "請求金額 | 1 | , | 2 | 3 | 4",
     "請求金額 | 1 | ， | 2 | 3 | 4 | - | 備考", "請求金額 | ① | 1 | 2 | 3 | 4",
     "請求金額 | 1 | 2 | 3 | 4 | | 摘要 | 9",
     " | 千 | 百 | 十 | 円\n請求金額 | 1 | 2 | 3 | 4", "施設番号 | 0 | 5 | 2\n請求金額 | 1 | 2 | 3 | 4",
     "請求金額 | 1 | 2 | 3 | 4\n口座番号 | 0 | 1 | 2 | 3 | 4 | 5 | 6"],
)  # fmt: skip
def test_digits_side_by_side_are_one_number(draw: Draw, drawing: str) -> None:
    assert read(draw(drawing)).one == 1234


def test_a_field_of_the_rule_above_is_no_heading(draw: Draw) -> None:
    grid = draw("施設番号 | 0 | 1 | 2\n請求金額 | 4 | 5 | 6")
    assert read(grid).one is None  # 0, 1 and 2 may be ages
    assert read(grid, "請求金額", "amount", Fact("code", labels=("施設番号",))).one == 456


def test_a_number_less_than_nothing(draw: Draw) -> None:
    assert read(draw("請求金額 | △ | 1 | 2")).one == -12
    assert read(draw("請求金額 | － | 1 | 2")).one == -12


@pytest.mark.parametrize(
    ("drawing", "right"),
    [("施設番号 | 0 | 1 | 2", "012"), ("施設番号 | ０ | １ | ２", "012"), ("施設番号 | 0 | 1 | - | 2", "01-2"),
     ("登録番号 | T | 1 | 2 | 3", "T123")],
)  # fmt: skip
def test_codes_keep_their_zeros(draw: Draw, drawing: str, right: str) -> None:
    assert read(draw(drawing), drawing[:4], "text").one == right


@pytest.mark.parametrize(
    "drawing",
    ["請求金額 | 1 | 2 | | 3", "区分 | 甲 | 乙\n請求金額 | 1 | 2", "請求金額 | 1 | 2\n差引額 | 3 | 4",
     "年齢 | 0 | 1 | 2 | 3\n請求金額 | 3 | 1 | 4 | 1", "年齢 | 1 | 2 | 3\n請求金額 | | 4 | 5",
     "月 | 10 | 11 | 12\n請求金額 | 4 | 5 | 6"],
)  # fmt: skip
def test_digits_that_may_be_several_numbers_are_none(draw: Draw, drawing: str) -> None:
    assert read(draw(drawing)).one is None


@pytest.mark.parametrize("headings", ["4月 | 5月 | 6月", "男 | 女 | 計", "0歳児 | 1歳児 | 2歳児", "月 | 火 | 水"])
def test_a_row_of_a_table_is_no_number(draw: Draw, headings: str) -> None:
    assert read(draw(f"区分 | {headings}\n請求金額 | 1 | 2 | 3")).one != 123
    many = find(draw(f"区分 | {headings}\n請求金額 | 1 | 2 | 3"), [Fact("x", "int", ("請求金額",), many=True)])["x"]
    assert many.many == (1, 2, 3)


def test_numbers_of_several_digits_in_a_row_are_read_as_before(draw: Draw) -> None:
    assert read(draw("請求金額 | 3 | 12 | 8")).one == 3


def test_cells_of_different_widths_need_a_box_around_them() -> None:
    widths = {2: 2.0, 3: 2.0, 4: 6.0}
    row = "請求金額 | 1 | 2 | 3"
    assert read(wide(row, widths)).state == "ambiguous"
    lines = {(1, 2): LEFT | TOP | BOTTOM, (1, 3): TOP | BOTTOM, (1, 4): RIGHT | TOP | BOTTOM}
    assert read(wide(row, widths, lines)).one == 123
    assert read(wide(row, dict.fromkeys((2, 3, 4), 2.0))).one == 123
    assert read(wide(row, dict.fromkeys((2, 3, 4), 20.0))).state == "ambiguous"


def test_merged_boxes_on_squared_paper(draw: Draw) -> None:
    merged = (Area(1, 1, 2, 1), *(Area(1, column, 2, column + 1) for column in (2, 4, 6)))
    drawn = sheet("請求金額 | 1 | | 2 | | 3")
    assert read(Grid((Sheet("様式", drawn.cells, merged, layout=Layout(width=1.5)),))).one == 123


def test_by_address_the_digits_from_there_or_none(draw: Draw) -> None:
    row = "x | 0 | 1 | 2"
    assert read(draw(row), kind="text", cell="B1").one == "012"
    assert read(draw("月 | 4月 | 5月 | 6月\nx | 0 | 1 | 2"), kind="int", cell="C2").one == 1


def test_digits_at_random_are_their_number_or_none() -> None:
    """A number from 10 on, one digit a cell; blank boxes before it, ¥ and 円 around it, at any place of the sheet."""
    for seed in range(200):
        rng = Random(seed)
        number = rng.randint(10, 10 ** rng.randint(2, 9))
        boxes = [None] * rng.randint(0, 3) + [sign if rng.random() < 0.5 else int(sign) for sign in str(number)]
        if rng.random() < 0.5:
            boxes.insert(rng.randint(0, boxes.count(None)), rng.choice("¥￥"))
        row, column = rng.randint(1, 9), rng.randint(1, 5)
        cells = {(row, column): Cell("請求金額"), (row + rng.choice((-2, 2, 3)), column): Cell("備考")}
        cells |= {(row, column + at): Cell(sign) for at, sign in enumerate(boxes, 1) if sign is not None}
        if rng.random() < 0.5:
            cells[row, column + len(boxes) + 1] = Cell("円")
        width = rng.choice((1.5, 2.5, 8.43))
        value = read(Grid((Sheet("様式", cells, layout=Layout(width=width)),)))
        assert value.one == number, (seed, value)


@pytest.mark.parametrize(
    "drawing",
    ["基準日 | 令和 | 7 | 年 | 10 | 月 | 1 | 日", "基準日 | 令和 | 0 | 7 | 年 | 1 | 0 | 月 | 0 | 1 | 日 | 現在",
     "基準日 | 2 | 0 | 2 | 5 | 年 | 1 | 0 | 月 | 1 | 日", "基準日 | 2025 | / | 10 | / | 1",
     "基準日 | R | 7 | . | 10 | . | 1",
     " | | 年 | 月 | 日\n基準日 | 令和 | 7 | 10 | 1", " | 年 | 月 | 日\n基準日 | 2025 | 10 | 1",
     "基準日 | 令和7年 | 10月 | 1日", "基準日 | ① | 令和 | 7 | 年 | 10 | 月 | 1 | 日",
     "基準日 | 令和 | ７ | 年 | １０ | 月 | １ | 日 | ～ | 令和 | 8 | 年 | 3 | 月 | 31 | 日"],
)  # fmt: skip
def test_a_day_in_its_parts(draw: Draw, drawing: str) -> None:
    assert read(draw(drawing), "基準日", "date").one == date(2025, 10, 1)


@pytest.mark.parametrize(("cell", "day"), [("B1", 1), ("C1", 1), ("H1", 1), ("J1", 31), ("K1", 31), ("P1", 31)])
def test_a_day_by_the_address_of_any_of_its_parts(draw: Draw, cell: str, day: int) -> None:
    row = "有効期間 | 令和 | 7 | 年 | 10 | 月 | 1 | 日 | ～ | 令和 | 8 | 年 | 3 | 月 | 31 | 日"
    value = read(draw(row), kind="date", cell=cell)
    assert isinstance(value.one, date) and value.one.day == day


def test_a_month_in_its_parts_as_a_text(draw: Draw) -> None:
    row = draw("対象月 | 令和 | 7 | 年度 | 2 | 月分")
    assert read(row, "対象月", "text").one == "令和7年度2月分"
    assert read(row, "対象月", "date").one == date(2026, 2, 1)
    assert read(draw("対象年度 | 令和 | 7 | 年度"), "対象年度", "text").one == "令和7年度"
    assert read(draw("対象月 | 令和 | | 年 | | 月分"), "対象月", "date").state == "blank"


YES, NO = ("有", "あり", "はい"), ("無", "なし", "いいえ")


@pytest.mark.parametrize(
    ("drawing", "right"),
    [("□ | 無 | ☑ | 有", True), ("□ | 有 | ☑ | 無", False), ("☑ | 有 | □ | 無", True), ("■ | 無 | □ | 有", False),
     ("有 | ☑ | 無 | □", True), ("有 | □ | 無 | レ", False), ("有 | | 無 | ○", False), ("有 | ○ | 無", True),
     ("○ | 有 | | 無", True), (" | 有 | ○ | 無 | ", "ambiguous"), (" | 有 | | 無 | ○", False), ("☑有 | □無", True),
     ("□有 | | ■無", False), ("有□ | 無☑", False), ("○有 | ●無", False), ("有 | ・ | 無", "blank"),
     ("有 | 無", "blank"),
     ("□ | 有 | □ | 無", "blank"), ("☑ | 有 | ☑ | 無", "wrong kind"), ("有 | ○ | 無 | ○", "wrong kind"),
     ("有 | 無\n | | ○", False), ("有 | 無\n | ○ |", True), ("有 | 無\n | ○ | ○", "wrong kind"), ("有", True),
     ("無", False),
     ("○", True), ("×", False), ("□有\n | ☑無", False), ("☑有\n | □無", True), ("☑有\n | ☑無", "wrong kind"),
     ("① | ☑ | 有 | □ | 無", True), ("( ) | 有 | (○) | 無", False), ("✓ | はい | | いいえ", True),
     ("[ ]有 | [x]無", False)],
)  # fmt: skip
def test_words_with_boxes_and_circles(draw: Draw, drawing: str, right: bool | str) -> None:
    value = read(draw(f"加算の有無 | {drawing}"), "加算の有無", "yes_no")
    assert (value.one if value.state == "found" else value.state) == right


def test_circles_above_the_words_and_below_headings(draw: Draw) -> None:
    assert read(draw(" | | ○\n加算の有無 | 有 | 無"), "加算の有無", "yes_no").one is False
    table = "項目 | 有 | 無\n加算A | ○ |\n加算B | | ○\n加算C | ○ | ○\n加算D | |"
    found = [read(draw(table), f"加算{name}", "yes_no") for name in "ABCD"]
    assert [value.one for value in found] == [True, False, None, None]
    assert [value.state for value in found[2:]] == ["wrong kind", "blank"]
    below = "加算A | 有 | 無\n加算B | ○ |"
    assert read(draw(below), "加算A", "yes_no").state == "blank"


def test_groups_at_random_are_right_or_none() -> None:
    for seed in range(300):
        rng = Random(seed)
        at = rng.randrange(len(YES))
        words = [(YES[at], True), (NO[at], False)]
        rng.shuffle(words)
        marked = [rng.random() < 0.5, rng.random() < 0.5]
        mark, empty = rng.choice("☑■✓レ○◯〇"), rng.choice(("□", "☐", None))
        behind = rng.random() < 0.5
        row: list[str | None] = []
        for (word, _), on in zip(words, marked, strict=True):
            box = mark if on else empty
            row += [word, box] if behind else [box, word]
        cells = {(3, 2): Cell("加算の有無")} | {(3, 3 + n): Cell(text) for n, text in enumerate(row) if text}
        value = read(Grid((Sheet("様式", cells),)), "加算の有無", "yes_no")
        chosen = [means for (_, means), on in zip(words, marked, strict=True) if on]
        if len(chosen) == 1:
            assert value.one in (chosen[0], None), (seed, row, value)
            assert value.one is not None or (empty is None and value.state == "ambiguous"), (seed, row, value)
        else:
            assert value.state in (("blank",) if not chosen else ("wrong kind", "ambiguous")), (seed, row, value)


@pytest.mark.parametrize(
    ("drawing", "right"),
    [("□認可 | ☑認証 | □その他", "認証"), ("□ | 認可 | ☑ | 認証", "認証"), ("□認可　☑認証", "認証"),
     ("□認可 | □認証", "blank"), ("☑認可 | ☑認証", "wrong kind"), ("■認可 | □認証", "認可"),
     ("☑ 認可 | | □ 認証", "認可"), ("■認可保育所", "■認可保育所"), ("認可", "認可")],
)  # fmt: skip
def test_one_of_several_words_with_boxes_as_a_text(draw: Draw, drawing: str, right: str) -> None:
    value = read(draw(f"施設の種別 | {drawing}"), "施設の種別", "text")
    assert (value.one if value.state == "found" else value.state) == right


def test_digits_have_the_unit_that_is_stated_for_them(draw: Draw) -> None:
    assert read(draw("請求金額 | 1 | 2 | 3 | 千円")).one == 123_000
    assert read(draw("請求金額（千円） | 1 | 2 | 3")).one == 123_000
    assert read(draw("請求金額（千円） | 1 | 2 | 3 | 万円")).one is None


def test_a_text_one_letter_a_cell_is_not_its_first_letter(draw: Draw) -> None:
    assert read(draw("口座名義 | ヒ | マ | ワ | リ"), "口座名義", "text").state == "ambiguous"
    assert read(draw("代表者 | 林 | 印"), "代表者", "text").one == "林"
    assert read(draw("代表者 | 林 | | 森"), "代表者", "text").one == "林"
