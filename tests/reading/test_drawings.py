"""What is drawn over cells is read with them, or nobody takes what was marked for blank."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from syncd.forms.fact import Fact, Value
from syncd.forms.locate import find
from syncd.reading import Limits, contents
from syncd.reading.workbook import grid
from tests.reading.drawing import Corner, Drawing
from tests.reading.office import saved_again

YES_NO = Fact("x", "yes_no", ("加算の有無",))
Reads = Callable[..., Value]


@pytest.fixture
def reads(tmp_path: Path) -> Reads:
    def read(book: Workbook, drawing: Drawing, fact: Fact = YES_NO) -> Value:
        (tmp_path / "form.xlsx").write_bytes(drawing.onto(book))
        return find(grid(tmp_path / "form.xlsx", Limits()), [fact])["x"]

    return read


def form(*cells: str, width: float = 9.14) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["B3"] = "加算の有無"
    for number, text in enumerate(cells):
        sheet.cell(3, 3 + number, text or None)
    sheet.column_dimensions["C"].width = width
    return book, sheet


def oval(drawing: Drawing, middle: float, column: int = 2, row: int = 2, wide: int = 18) -> None:
    """An oval of so many pixels around a place in the third row, counted in pixels from the column's left edge."""
    left = round(middle - wide / 2)
    begin = Corner(column, max(left, 0), row, 2)
    drawing.shape(begin, Corner(column, max(left, 0) + wide, row, 18))


@pytest.mark.parametrize(("middle", "answer"), [(11, True), (40, False)])
def test_an_oval_on_a_word_of_two(reads: Reads, middle: float, answer: bool) -> None:
    book, _ = form("有・無")
    drawing = Drawing()
    oval(drawing, middle)
    found = reads(book, drawing)
    assert (found.state, found.one) == ("found", answer)


def test_ovals_are_read_as_the_text_is_set(reads: Reads) -> None:
    """Of many widths, sizes and alignments: never the other word."""
    rng = random.Random(20261129)
    right = 0
    for _ in range(120):
        width, points, align = (
            rng.uniform(8, 30),
            rng.choice([9, 10, 11, 12, 14]),
            rng.choice([None, "center", "right"]),
        )
        words = rng.choice([("有", "無"), ("はい", "いいえ"), ("該当", "非該当"), ("あり", "なし")])
        book, sheet = form(words[0] + "・" + words[1], width=width)
        sheet["C3"].alignment = Alignment(horizontal=align)
        sheet["C3"].font = Font(size=points)
        size, wide = points * 96 / 72, int(width * 7)
        whole = size * (len(words[0]) + 1 + len(words[1]))
        if whole > wide - 6:
            continue
        start = {None: 3.0, "center": (wide - whole) / 2, "right": wide - 3 - whole}[align]
        chosen = rng.randint(0, 1)
        length = len(words[chosen]) * size
        middle = start + (0 if chosen == 0 else size * (len(words[0]) + 1)) + length / 2 + rng.uniform(-3, 3)
        drawing = Drawing()
        oval(drawing, max(middle, length / 2), wide=round(length + 6))
        found = reads(book, drawing)
        assert found.state in ("found", "ambiguous")
        if found.state == "found":
            assert found.one is (chosen == 0), (words, width, points, align, middle)
            right += 1
    assert right >= 80


def test_an_oval_that_could_mean_either_or_lies_between_leaves_no_answer(reads: Reads) -> None:
    for middle, wide in ((26, 14), (26, 50)):
        book, _ = form("有・無")
        drawing = Drawing()
        oval(drawing, middle, wide=wide)
        assert reads(book, drawing).state == "ambiguous"
    book, _ = form("有・無", width=40)  # far right of the text, where nothing stands
    drawing = Drawing()
    oval(drawing, 200)
    assert reads(book, drawing).state == "ambiguous"


def test_ovals_on_words_in_cells_of_their_own_and_on_empty_cells(reads: Reads) -> None:
    for column, answer in ((2, True), (3, False)):
        book, _ = form("有", "無")
        drawing = Drawing()
        oval(drawing, 12, column=column)
        found = reads(book, drawing)
        assert (found.state, found.one) == ("found", answer)
    book, _ = form("有", "", "無", "")
    drawing = Drawing()
    oval(drawing, 30, column=5)
    assert reads(book, drawing).one is False


def test_two_ovals_are_no_answer_and_none_is_blank(reads: Reads) -> None:
    book, _ = form("有・無")
    drawing = Drawing()
    assert reads(book, drawing).state == "blank"
    oval(drawing, 11)
    oval(drawing, 40)
    assert reads(book, drawing).state in ("ambiguous", "wrong kind")


@pytest.mark.parametrize("form_of", ["line", "rect", "mathMultiply", "curvedConnector3"])
def test_any_other_small_shape_over_the_words_is_not_taken_for_blank(reads: Reads, form_of: str) -> None:
    for cells in (("有・無",), ("有", "無")):
        book, _ = form(*cells)
        drawing = Drawing()
        drawing.shape(Corner(2, 5, 2, 5), Corner(2, 30, 2, 18), form_of)
        assert reads(book, drawing).state == "ambiguous"


def test_what_is_drawn_elsewhere_or_is_no_mark_changes_nothing(reads: Reads) -> None:
    book, _ = form("有・無")
    drawing = Drawing()
    drawing.shape(Corner(0, 5, 8, 5), Corner(1, 30, 9, 18))
    drawing.shape(Corner(0, 1, 0, 1), Corner(8, 30, 20, 18), "rect")  # a frame around the whole form
    drawing.shape(Corner(2, 5, 2, 5), Corner(2, 30, 2, 18), more=' hidden="1"')
    drawing.shape(Corner(2, 5, 2, 5), Corner(3, 30, 2, 18), "rect", text="いずれかに○をつけてください")
    assert reads(book, drawing).state == "blank"


def test_a_circle_as_the_text_of_a_box_marks_too(reads: Reads) -> None:
    book, _ = form("有", "無")
    drawing = Drawing()
    drawing.shape(Corner(3, 2, 2, 2), Corner(3, 26, 2, 18), "rect", text="○")
    assert reads(book, drawing).one is False


@pytest.mark.parametrize(
    ("states", "answer"), [((True, False), ("found", True)), ((False, True), ("found", False)), ((False, False),
    ("blank", None)),
                           ((True, True), ("wrong kind", None)), ((None, False), ("ambiguous", None))],
)  # fmt: skip
@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("modern", [True, False])
def test_check_boxes_with_their_captions(
    reads: Reads, states: tuple[bool | None, bool | None], answer: tuple[str, bool | None], apart: bool, modern: bool
) -> None:
    book, _ = form(width=20)
    drawing = Drawing(modern=modern)
    for number, (caption, on) in enumerate(zip(("有", "無"), states, strict=True)):
        begin, x = (2 + number, 4) if apart else (2, 4 + 60 * number)
        drawing.box(Corner(begin, x, 2, 1), Corner(begin, x + 50, 2, 19), caption, on)
    found = reads(book, drawing)
    assert (found.state, found.one) == answer


def test_check_boxes_before_words_that_stand_in_the_cells(reads: Reads) -> None:
    for on in (True, False):
        book, _ = form("　有", "　無")
        drawing = Drawing()
        drawing.box(Corner(2, 2, 2, 1), Corner(2, 20, 2, 19), "", on)
        drawing.box(Corner(3, 2, 2, 1), Corner(3, 20, 2, 19), "", not on)
        assert reads(book, drawing).one is on
    book, _ = form("有　　　無", width=20)
    drawing = Drawing()
    drawing.box(Corner(2, 2, 2, 1), Corner(2, 20, 2, 19), "", False, kind="Radio")
    drawing.box(Corner(2, 62, 2, 1), Corner(2, 80, 2, 19), "", True, kind="Radio")
    assert reads(book, drawing).one is False


def test_a_box_and_its_linked_cell(reads: Reads) -> None:
    book, sheet = form()
    sheet["C3"] = True
    drawing = Drawing()
    drawing.box(Corner(2, 2, 2, 1), Corner(2, 40, 2, 19), "有", True, "$C$3")
    assert reads(book, drawing).one is True
    book, sheet = form()
    sheet["H9"] = False
    drawing = Drawing()
    drawing.box(Corner(2, 2, 2, 1), Corner(2, 40, 2, 19), "有", True, "$H$9")
    assert reads(book, drawing).state == "ambiguous"


def test_a_drawing_that_cannot_be_read_leaves_no_blank(reads: Reads) -> None:
    book, sheet = form("有・無")
    sheet["B9"], sheet["C9"] = "定員", 20
    drawing = Drawing(["<xdr:twoCellAnchor>"])
    assert reads(book, drawing).state == "ambiguous"
    assert reads(book, drawing, Fact("x", "int", ("定員",))).one == 20


def test_shapes_far_away_cost_little(reads: Reads) -> None:
    book, _ = form("有・無")
    drawing = Drawing()
    for _ in range(1_500):
        drawing.shape(Corner(16_000, 1, 120_000, 1), Corner(16_000, 20, 120_000, 15))
    assert reads(book, drawing).state == "blank"


@pytest.fixture(scope="module")
def saved_by_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forms with drawings as LibreOffice saves them, as xlsx and as xls."""
    folder = tmp_path_factory.mktemp("drawn")
    for name in ("oval", "line", "none"):
        book, _ = form("有・無", width=12)
        drawing = Drawing()
        if name == "oval":
            oval(drawing, 3 + 14.67 * 2.5)
        elif name == "line":
            drawing.shape(Corner(2, 5, 2, 5), Corner(2, 30, 2, 18), "line")
        (folder / f"{name}.xlsx").write_bytes(drawing.onto(book))
    files = sorted(folder.glob("*.xlsx"))
    for kind in ("xlsx", "xls"):
        (folder / kind).mkdir()
        saved_again(files, kind, folder / kind, folder / "profile")
    return folder


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
@pytest.mark.parametrize(("name", "right"), [("oval", False), ("line", None)])
def test_what_an_office_program_drew_is_read_or_ambiguous(
    saved_by_office: Path, kind: str, name: str, right: bool | None
) -> None:
    found = find(contents.grid(saved_by_office / kind / f"{name}.{kind}", kind, Limits()), [YES_NO])["x"]
    assert found.state in ("found", "ambiguous")
    assert found.state == "ambiguous" or found.one is right
    untouched = find(contents.grid(saved_by_office / kind / f"none.{kind}", kind, Limits()), [YES_NO])["x"]
    assert untouched.state == "blank"


def test_an_oval_on_the_era_of_a_birthday(reads: Reads) -> None:
    book, sheet = form()
    sheet["B5"] = "生年月日"
    for number, text in enumerate(("昭・平・令", "5", "年", "6", "月", "7", "日")):
        sheet.cell(5, 3 + number, text)
    sheet.column_dimensions["C"].width = 12
    fact = Fact("x", "date", ("生年月日",))
    assert reads(book, Drawing(), fact).state == "ambiguous"
    drawing = Drawing()
    oval(drawing, 3 + 14.67 * 2.5, row=4)
    assert reads(book, drawing, fact).one == date(1993, 6, 7)
