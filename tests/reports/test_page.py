"""進捗状況.html as a reader without script, colours or network has it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from syncd.model import Operator
from syncd.reports.page import progress_page
from syncd.reports.view import Ward
from syncd.reports.words import STATES
from syncd.rulebook.checklist import ChecklistLine
from tests.reports.reader import Element, read
from tests.reports.wards import NOW, STAGES, big, every_state, example, line, operators

HOSTILE = "<script>alert(1)</script>\"'&\u202e\n=園"


@pytest.fixture(scope="module")
def page() -> Element:
    return read(progress_page(example()))


def ward(*lines: ChecklistLine, **more: Any) -> Ward:
    return replace(Ward(operators(3), lines, STAGES, NOW), **more)


def matrices(page: Element) -> dict[str, list[list[str]]]:
    """Heading of each section → its rows of texts, head first."""
    sections = [details for details in page.all("details") if details.all("table", class_="matrix")]
    return {
        details.one("h3").text: [
            [cell.text for cell in row.children if isinstance(cell, Element)] for row in details.all("tr")
        ]
        for details in sections
    }


def test_every_line_stands_in_its_cell_with_its_word(page: Element) -> None:
    given = example()
    names = {each.id: f"{each.code} {each.name}" for each in given.operators}
    seen = 0
    for heading, (head, *rows) in matrices(page).items():
        assert head[0] == "施設"
        for row in rows:
            assert len(row) == len(head)
            for title, cell in zip(head[1:], row[1:], strict=True):
                mine = [
                    each
                    for each in given.lines
                    if names[each.operator] == row[0]
                    and f"{each.period[:4]}年{int(each.period[5:])}月分" == heading
                    and (each.title == title or (title == "個別の依頼" and each.document.startswith("request:")))
                ]
                seen += len(mine)
                assert (cell == "– 対象外") == (not mine), (heading, row[0], title, cell)
    assert seen == len(given.lines)


def test_every_state_is_said_in_words_and_colour_only_repeats_it() -> None:
    page = read(progress_page(ward(*every_state())))
    cells = page.one("table", class_="matrix").all("tbody")[0].all("td")
    said = {cell.text: cell.attributes.get("class") for cell in cells}
    assert said == {
        "未提出 11/20まで": "m", "未提出 6日超過": "l", "後日": "n", "取下げ 11/20まで": "m", "未提出 受付終了": "n",
        "該当なし": "n", "受付中": "y", "検査待ち": "y", "確認待ち": "s", "確認中": "s", "修正待ち 11/20まで": "r",
        "了承待ち 11/20まで": "r", "確認済": "d", "原本待ち 11/20まで": "r",
    }  # fmt: skip
    legend = page.one("details", class_="legend").text
    assert all(word["ja"] in legend for word in STATES.values())


def test_late_first_and_what_waits_for_whom(page: Element) -> None:
    staff, waiting = page.one("section", id="staff"), page.one("section", id="operators")
    assert staff.one("h2").text == "区が対応するもの 24件"
    assert len(staff.one("tbody").all("tr")) == 24
    assert waiting.one("h2").text == "事業者を待っているもの 41件"
    late, answers = waiting.all("tbody")
    assert [row.all("td")[2].text for row in late.all("tr")][:3] == [
        "10月20日（火） 22日超過", "10月20日（火） 22日超過", "11月5日（木） 6日超過",
    ]  # fmt: skip
    assert "在籍!C14、在籍!C15、在籍!F3 ほか1か所" in late.text
    assert len(late.all("tr")) == 7 and "了承待ち" in answers.text
    ahead = waiting.one("details", class_="ahead")
    assert 7 + len(answers.all("tr")) + len([span for dd in ahead.all("dd") for span in dd.all("span")]) == 41
    first = matrices(page)["2026年10月分"]
    overdue = ["超過" in " ".join(row) for row in first[1:]]
    assert overdue == sorted(overdue, reverse=True) and any(overdue)


def test_this_month_and_the_one_before_are_open_the_others_a_click_away(page: Element) -> None:
    months = [details for details in page.one("section", id="months").all("details") if details.all("h3")]
    shown = [(details.one("h3").text, "open" in details.attributes) for details in months]
    assert shown == [("2026年11月分", True), ("2026年10月分", True), ("2026年9月分", False), ("2026年8月分", False)]


def test_the_page_is_whole_without_script_and_loads_nothing() -> None:
    text = progress_page(example()).decode("utf-8")
    page = read(text.encode("utf-8"))
    assert page.one("form", id="filter").attributes["hidden"] == ""  # only the script shows it
    assert not re.search(r"https?:|//[a-z]|url\(|@import|<link|<img|<iframe|<object|\bsrc=|style=\"|\son\w+=", text)
    assert all(link.attributes["href"].startswith("#") for link in page.all("a"))
    targets = {element.attributes.get("id") for tag in ("section", "h3", "details") for element in page.all(tag)}
    assert {link.attributes["href"][1:] for link in page.all("a")} <= targets


def test_the_policy_allows_the_pages_own_style_and_script_by_their_hash_alone(page: Element) -> None:
    (policy,) = (meta for meta in page.all("meta") if meta.attributes.get("http-equiv") == "Content-Security-Policy")

    def allowed(tag: str) -> str:
        (text,) = page.one(tag).children
        assert isinstance(text, str)
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert policy.attributes["content"] == (
        f"default-src 'none'; style-src {allowed('style')}; script-src {allowed('script')}; "
        "base-uri 'none'; form-action 'none'"
    )


def test_headings_scopes_captions_and_labels(page: Element) -> None:
    assert page.one("html").attributes["lang"] == "ja"
    assert (page.one("h1").text, page.one("title").text) == ("進捗状況", "進捗状況")
    for table in page.all("table"):
        assert table.one("caption").text
        assert all(head.attributes["scope"] == "col" for head in table.one("thead").all("th"))
        rows = table.one("tbody").all("tr")
        assert rows and all([head.attributes["scope"] for head in row.all("th")] == ["row"] for row in rows)
    for scrolling in [*page.all("div", class_="scroll"), *page.all("div", class_="panel")]:
        assert scrolling.attributes["tabindex"] == "0" and scrolling.attributes["role"] == "region"
        assert scrolling.attributes.get("aria-label") or scrolling.attributes.get("aria-labelledby")
    for control in [*page.all("input"), *page.all("select")]:
        assert any(control in label.children for label in page.all("label"))


def test_hostile_names_are_shown_and_never_obeyed() -> None:
    hostile = Operator(HOSTILE, HOSTILE, HOSTILE, HOSTILE, "x", "x")
    lines = [
        line(HOSTILE, HOSTILE, title=HOSTILE, period=HOSTILE, state=state, cells=(HOSTILE,), late=late)
        for state, late in (("missing", False), ("corrections", True), ("review", False), ("confirmed", False))
    ]
    lines.append(line("stranger<b>", f"request:{HOSTILE}", title="", due=None))
    text = progress_page(ward(*lines, operators=(hostile,))).decode("utf-8")
    page = read(text.encode("utf-8"))
    assert len(page.all("script")) == 1 and "alert(1)" not in page.one("script").text
    assert "\u202e" not in text and not page.all("b", text="stranger")
    rows = page.one("section", id="staff").one("tbody").all("tr")
    assert [row.one("th").text for row in rows] == [
        "<script>alert(1)</script>\"'& =園 <script>alert(1)</script>\"'& =園"
    ]
    assert rows[0].attributes["data-k"] == "<script>alert(1)</script>\"'& =園"


def test_the_same_ward_gives_the_same_bytes_and_the_moment_changes_nothing_else() -> None:
    given = example()
    assert progress_page(given) == progress_page(replace(given, lines=given.lines[::-1]))
    later = replace(given, made_at=NOW + timedelta(minutes=95))
    before, after = (progress_page(each).decode("utf-8").splitlines() for each in (given, later))
    assert [a for a, b in zip(before, after, strict=True) if a != b] == [
        '<p class="stamp">内容の時点 <time datetime="2026-11-11T09:30+09:00">2026年11月11日（水） 9:30</time></p></div>'
    ]


def test_nobody_nothing_and_very_long_names() -> None:
    nobody = read(progress_page(ward(operators=())))
    assert "登録されている施設がありません。" in nobody.one("main").text and not nobody.all("table")
    nothing = read(progress_page(ward()))
    assert "一覧に載せる書類がまだありません。" in nothing.one("main").text
    endless = Operator("op000", "とても長い名前の保育園" * 100, "", None, "x", "x")
    page = read(progress_page(ward(line(title="書類" * 500), operators=(endless,))))
    assert len(page.one("table", class_="matrix").text) < 200


def test_english() -> None:
    page = read(progress_page(example("en")))
    assert (page.one("html").attributes["lang"], page.one("h1").text) == ("en", "Progress")
    assert page.one("section", id="staff").one("h2").text == "For staff to do 24 documents"
    assert "Nov 2026" in matrices(page)
    own_words = re.sub(r"[ぁ-んァ-ヶ一-龠ー]+", "", page.one("section", id="operators").text)
    assert "22 days over" in own_words and "Tue 20 Oct" in own_words and "超過" not in page.one("main").text


def test_a_ward_of_a_year_stays_small_enough_to_open() -> None:
    size = len(progress_page(big(100, 12, 12)))
    assert size < 900_000  # bytes: 14,400 cells


# ── contrast, computed from the style's custom properties ──


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_stands_out(page: Element, scheme: int) -> None:
    style = page.one("style").text
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", re.findall(r":root \{([^}]*)\}", style)[scheme]))
    pairs = [(name, name.removesuffix("-ink")) for name in colours if name.endswith("-ink")]
    assert {ink for ink, _ in pairs} == {
        f"{name}-ink" for name in ("late", "operator", "staff", "system", "done", "none", "open", "soon")
    }
    for paper in ("paper", "card", "none"):
        pairs += [(ink, paper) for ink in ("ink", "quiet", "late-text", "link")]
    pairs.append(("none-ink", "card"))
    for ink, paper in pairs:
        assert contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)
    for mark in ("focus", "quiet"):  # outlines, borders of controls
        assert contrast(colours[mark], colours["card"]) >= 3
    # nothing is coloured past these properties, but for print
    screen = style.partition("@media print")[0]
    assert not re.findall(r"(?:color|background): #", re.sub(r":root \{[^}]*\}", "", screen))
