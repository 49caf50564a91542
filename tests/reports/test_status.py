"""提出状況.pdf as a clerk reads it, and as a program does."""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image

from syncd.model import Operator
from syncd.reports.font import FILE, font
from syncd.reports.status import MOST_DONE, status_pdf
from syncd.reports.view import OneOperator
from syncd.rulebook.checklist import ChecklistLine
from tests.reports.programs import pages_drawn
from tests.reports.wards import NOW, STAGES, at, big, every_state, example, line, operators

FIRST = operators(1)[0]


def one(*lines: ChecklistLine, **more: Any) -> OneOperator:
    return replace(OneOperator(FIRST, lines, STAGES, NOW), **more)


def text_of(pdf: bytes) -> str:
    """Its text without line ends: a sentence may be broken anywhere."""
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


def test_what_to_do_what_is_wrong_what_is_missing_and_what_is_done() -> None:
    ward = example()
    text = text_of(status_pdf(ward.only(ward.operators[0])))
    in_order = [
        "ひまわり保育園", "提出状況", "内容の時点 2026年11月11日（水） 9:30", "いま、すること",
        "1", "期限を過ぎた書類が 1 つあります。すぐに出してください。", "「1_提出」フォルダーに入れてください。",
        "2", "直していただきたい書類が 1 つあります。",
        "「3_修正・確認依頼」フォルダーの「理由」を開いて読んでください。",
        "3", "区が直した書類が 1 つあります。見てください。", "よければ「4_確認済」フォルダーへ移してください。",
        "このほかに、下の表の書類もお願いします。",
        "直していただきたい書類（1件）", "在籍児童数報告書", "在籍!C14", "在籍!F9", "11月5日（木）",
        "期限を過ぎています",
        "区が直した書類（見てください）（1件）", "職員名簿・雇用状況表", "職員!G7", "11月16日（月）",
        "まだ届いていない書類（3件）", "運営費請求書", "2026年10月分", "11月10日（火）", "加算調整項目届出書",
        "避難確保計画", "区からのお願い", "期限はありません", "区が確認している書類（1件）", "延長保育実績",
        "終わった書類", "一時預かり実績", "確認が終わりました", "11月6日（金）", "「該当なし」で受付済み",
    ]  # fmt: skip
    place = 0
    for words in in_order:
        found = text.find(words, place)
        assert found >= 0, f"{words} is missing after {text[max(0, place - 40) : place]}"
        place = found + len(words)


@pytest.mark.parametrize(
    ("lines", "steps"),
    [
        ([], ["いま、していただくことはありません。"]),
        ([line(state="review")], ["いま、していただくことはありません。区が書類を確認しています。"]),
        ([line(due=date(2027, 1, 5))], ["これから出す書類が 1 つ", "いちばん早い期限は 2027年1月5日（火） です。"]),
        ([line(due=None, document="request:計画")], ["これから出す書類が 1 つあります。できたものから"]),
        ([line(state="confirmed", original="awaited")], ["はんこを押した紙の原本を 1 つ送ってください。"]),
        ([line(due=None)], ["いま、していただくことはありません。", "あとで出す書類（1件）"]),
        ([line(original="awaited")], ["まだ届いていない書類（1件）", "はんこを押した紙の原本も送ってください"]),
        ([line(closed=True, late=True)], ["いま、していただくことはありません。", "もう出さなくてかまいません。"]),
        ([line(state="withdrawn")], ["これから出す書類が 1 つあります。", "もう一度出してください"]),
    ],
)  # fmt: skip
def test_the_steps(lines: list[ChecklistLine], steps: list[str]) -> None:
    text = text_of(status_pdf(one(*lines)))
    assert all(step in text for step in steps)
    assert ("期限を過ぎて" in text) == any(each.late and not each.closed for each in lines)


def test_only_the_operators_own_and_no_more_than_titles_days_and_cells() -> None:
    foreign = line("op001", "invoice", title="よその施設の書類")
    given = one(line("op000"), foreign)
    assert status_pdf(given) == status_pdf(one(line("op000")))
    assert "よその" not in text_of(status_pdf(given))


def test_every_state_is_said() -> None:
    text = text_of(status_pdf(one(*every_state())))
    assert all(f"種別{number:02}書類" in text for number in range(len(every_state())))
    for words in ("届きました", "ウイルス検査を待っています", "区の担当が確認します", "受付が終わった書類", "紙の原本"):
        assert words in text


def test_a_long_year_stays_short() -> None:
    ward = big(1, 15, 12)
    pdf = status_pdf(ward.only(ward.operators[0]))
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) <= 4
    done = sum(each.state in ("confirmed", "not applicable") for each in ward.lines)
    awaited = sum(each.original == "awaited" for each in ward.lines)
    assert f"このほかに {done - awaited - MOST_DONE} つあります。" in text_of(pdf)


def test_the_same_lines_give_the_same_bytes_without_a_moment_of_making() -> None:
    ward = example()
    first, others = ward.only(ward.operators[0]), [ward.only(each) for each in ward.operators[1:4]]
    made = status_pdf(first)
    assert status_pdf(replace(first, lines=first.lines[::-1])) == made
    # several at once: the parsed font is one for all
    found: dict[int, bytes] = {}
    threads = [
        threading.Thread(target=lambda n=number: found.update({n: status_pdf(others[n % 3] if n % 2 else first)}))
        for number in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] == made for number in range(6)] == [True, False] * 3
    # the day alone changes what it says of the moment, and nothing else
    tomorrow = text_of(status_pdf(replace(first, made_at=NOW + timedelta(days=1))))
    assert tomorrow.replace("11月12日（木） 9:30", "11月11日（水） 9:30") == text_of(made)


def test_a_program_finds_title_language_and_one_embedded_font() -> None:
    reader = pypdf.PdfReader(io.BytesIO(status_pdf(one(*every_state()))))
    assert reader.metadata is not None and reader.metadata.title == "提出状況 ひまわり保育園"
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "ja-JP"
    for page in reader.pages:
        assert [round(side) for side in page.mediabox[2:]] == [595, 842]
        resources: Any = page["/Resources"]
        fonts = [each.get_object() for each in resources["/Font"].values()]
        assert fonts
        for each in fonts:
            assert "IPAexGothic" in each["/BaseFont"] and "/ToUnicode" in each
            assert "/FontFile2" in each["/FontDescriptor"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("園😀", "園〓"),
        ("園\u202efdp", "園fdp"),
        ("<b>&amp;園</b><font size=99>", "<b>&amp;園</b><font size=99>"),
        ("園\ud800\n二", "園〓 二"),
        ("שלום", "〓〓〓〓"),
        ("", "op000"),
        ("とても長い名前の保育園" * 60, "とても長い名前の保育園とても"),
        ("a" * 500, "aaaaaaaa"),
    ],
)
def test_hostile_names_never_stop_it(name: str, shown: str) -> None:
    hostile = Operator("op000", name, name, name, "x", "x")
    lines = [
        line(title=name, state="corrections", cells=(f"{name}!A1",) * 99), line(title=name),
        line(document=f"request:{name}", title=name, period=name, due=None),
    ]  # fmt: skip
    stages = dict.fromkeys(STAGES, name)
    for language in ("ja", "en"):
        text = text_of(status_pdf(one(*lines, operator=hostile, stages=stages, language=language)))
        assert shown in text.replace("‎", "")


def test_braces_in_a_folders_name_are_no_placeholder() -> None:
    stages = dict.fromkeys(STAGES, "{inbox}{0}%s")
    assert "「{inbox}{0}%s」フォルダー" in text_of(status_pdf(one(line(late=True), stages=stages)))


def test_english() -> None:
    text = text_of(status_pdf(one(*every_state(), language="en")))
    for words in ("What to do now", "Overdue documents: 1.", "Please correct (1)", "Thu 5 Nov", "overdue", "Oct 2026"):
        assert words in text
    assert "提出状況" not in text


def test_the_font_comes_with_its_licence_and_has_what_the_pages_say() -> None:
    assert "IPAフォントライセンスv1.0" in next(FILE.parent.glob("*.txt")).read_text(encoding="utf-8")
    known = font().face.charToGlyph
    assert all(ord(each) in known for each in "〓…「」『』・（）！／在籍児童数報告書障害児保育加算①㈱髙﨑")


def test_it_is_drawn_with_japanese_characters(tmp_path: Path) -> None:
    ward = example()
    pdf = tmp_path / "status.pdf"
    pdf.write_bytes(status_pdf(ward.only(ward.operators[0])))
    first, *rest = pages_drawn(tmp_path, pdf, 72)
    assert len(rest) == 1
    with Image.open(first) as drawn:
        page = drawn.convert("RGB")
    assert page.size in ((595, 842), (596, 842), (596, 843))
    box = page.crop((51, 110, 545, 380))
    red = sum(count for count, colour in box.getcolors(1 << 20) or () if colour == (251, 233, 231))
    assert red > 0.5 * box.width * box.height  # the urgent box
    # each character of the name is drawn, and each as another one
    name = page.crop((51, 45, 51 + 17 * 7, 66)).convert("L").point(lambda shade: 255 if shade < 128 else 0)
    signs = [name.crop((17 * place, 0, 17 * place + 17, 21)).tobytes() for place in range(7)]
    assert len(set(signs)) == 7 and all(sum(map(bool, sign)) > 20 for sign in signs)


def test_when_it_came_is_a_day_of_the_ward() -> None:
    # 23:30 UTC is the next day in Tokyo
    text = text_of(status_pdf(one(line(state="review", arrived_at=at(2026, 11, 5, 8) + 1800))))
    assert "11月5日（木）" in text
