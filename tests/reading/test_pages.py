"""Forms over several pages, two on one page, and pages that no program can read."""

from __future__ import annotations

import io

import pypdf
import pytest
from pypdf.annotations import Ellipse
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from syncd.forms.fact import Column, Fact
from syncd.reports import font
from tests.reading import making as m
from tests.reading.conftest import TOTAL, Read
from tests.reading.printing import printed

LIST = Fact("list", columns=(Column("item", ("項目",), "text"), Column("amount", ("金額",), "amount", True)))
Lines = list[tuple[str, str]]


def canvas(size: tuple[float, float] = A4) -> tuple[Canvas, io.BytesIO]:
    font.font()
    buffer = io.BytesIO()
    made = Canvas(buffer, pagesize=size, invariant=True)
    made.setFont(font.NAME, 10)
    return made, buffer


def table(on: Canvas, top: float, lines: Lines, *, ruled: bool, left: float = 40) -> None:
    for number, (item, amount) in enumerate(lines):
        y = top - 16 * number
        if ruled:
            on.rect(left, y - 16, 100, 16)
            on.rect(left + 100, y - 16, 100, 16)
        on.drawString(left + 3, y - 12, item)
        on.drawRightString(left + 197, y - 12, amount)


def over_two_pages(first: Lines, second: Lines, *, ruled: bool) -> bytes:
    made, buffer = canvas()
    table(made, 200, first, ruled=ruled)
    made.drawString(280, 20, "1 / 2")
    made.showPage()
    made.setFont(font.NAME, 10)
    table(made, 800, second, ruled=ruled)
    made.showPage()
    made.save()
    return buffer.getvalue()


HEAD = [("項目", "金額")]
FIRST, SECOND = [(f"品{n}", f"{n}") for n in range(1, 9)], [*((f"品{n}", f"{n}") for n in range(9, 14)), ("合計", "91")]


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("again", [True, False])
def test_a_table_that_goes_on_is_never_taken_for_whole(read: Read, ruled: bool, again: bool) -> None:
    data = over_two_pages(HEAD + FIRST, HEAD + SECOND if again else SECOND, ruled=ruled)
    found = read(data, "a.pdf", LIST, TOTAL).facts
    assert found["list"].state == "ambiguous"
    assert (found["total"].one, found["total"].cell) == (91, "2ページ")


@pytest.mark.parametrize("ruled", [True, False])
def test_a_table_with_another_form_behind_it_is_whole(read: Read, ruled: bool) -> None:
    other = [("施設名", "ひまわり保育園"), ("電話", "なし")]
    found = read(over_two_pages(HEAD + FIRST, other, ruled=ruled), "a.pdf", LIST).facts["list"]
    assert (found.state, [row["amount"] for row in found.rows]) == ("found", list(range(1, 9)))


@pytest.mark.parametrize("ruled", [True, False])
def test_two_copies_on_one_page_are_one_value_where_they_agree(read: Read, ruled: bool) -> None:
    amount = Fact("amount", "amount", ("請求金額",))
    for right, state in (("1,234円", "found"), ("9,999円", "ambiguous")):
        made, buffer = canvas(landscape(A4))
        for left, value in ((40, "1,234円"), (460, right)):
            table(made, 500, [("請求金額", value), ("合計", ""), ("備考", "12")], ruled=ruled, left=left)
        made.showPage()
        made.save()
        found = read(buffer.getvalue(), "a.pdf", amount, TOTAL).facts
        assert found["amount"].state == state
        assert found["total"].one is None


def test_fonts_that_do_not_say_which_sign_is_which_are_never_guessed(read: Read) -> None:
    """What reportlab embeds, with its table of meanings taken away."""
    seen = 0
    for seed in range(8):
        data, form = printed("free", seed)
        writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(data)))
        for page in writer.pages:
            for name in page["/Resources"]["/Font"]:  # type: ignore[index]
                made = page["/Resources"]["/Font"][name].get_object()  # type: ignore[index]
                if "/ToUnicode" in made:
                    del made["/ToUnicode"]
                    seen += 1
        buffer = io.BytesIO()
        writer.write(buffer)
        found = read(buffer.getvalue(), "a.pdf", *form.facts)
        if form.family == font.NAME:
            assert (found.trouble, "sign" in found.detail) == ("unreadable", True)
        else:
            assert not found.trouble
    assert seen


def test_a_comment_that_is_a_circle_marks_the_word_in_it(read: Read) -> None:
    """As people mark a PDF on the screen."""
    choice = Fact("choice", "yes_no", ("加算の有無",))
    for left, right in ((138, False), (98, True)):
        made, buffer = canvas()
        made.drawString(40, 700, "加算の有無")
        made.drawString(101, 700, "有　・　無")
        made.showPage()
        made.save()
        writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(buffer.getvalue())))
        assert read(buffer.getvalue(), "a.pdf", choice).facts["choice"].state == "blank"
        writer.add_annotation(0, Ellipse(rect=(left, 696, left + 16, 714)))
        marked = io.BytesIO()
        writer.write(marked)
        assert read(marked.getvalue(), "a.pdf", choice).facts["choice"].one is right


def test_what_was_written_by_hand_on_the_screen_only_people_can_read(read: Read) -> None:
    ink = b"/Annots[<</Subtype/Ink/Rect[172 695 250 715]/InkList[[172 695 250 715]]>>]"
    assert read(m.page(page=ink), "a.pdf", TOTAL).scan
    assert not read(m.page(), "a.pdf", TOTAL).scan
