"""What rules ask for by a plain key: what passes, what doesn't, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from syncd.checks import check
from syncd.forms.check import Argument, Bounds, Key
from syncd.forms.fact import Fact, FileKind, One, Value
from syncd.model import Finding
from tests.checks.papers import OPERATOR, a_check, a_paper, a_reading, a_rule, a_value, of_check, reason


def found_by(key: Key, argument: Argument, reading: Any, **more: Any) -> Finding:
    """What a rule with that one check finds."""
    name = "a.jpg" if reading.kind == "jpg" else f"a.{reading.kind}"
    return of_check(a_paper(name, reading, a_rule(a_check(key, argument)), **more), key)


# --- size, pages, sheets, text, image --------------------------------------------------------------------------------


def test_size() -> None:
    assert found_by("size", Bounds(0, 20_000_000), a_reading(size=20_000_000)).result == "passed"
    finding = found_by("size", Bounds(0, 20_000_000), a_reading(size=25_300_000))
    assert (finding.result, finding.say) == ("return", reason("size"))
    assert (finding.found, finding.expected, finding.values) == ("25.3 MB", "20.0 MB以下", {"size": "25300000"})


@pytest.mark.parametrize(
    ("argument", "kind", "pages", "result", "found", "expected"),
    [
        (Bounds(2, 2), "pdf", 2, "passed", "", ""),
        (Bounds(2, 2), "pdf", 1, "return", "1ページ", "2ページ"),
        (Bounds(2, 2), "pdf", 3, "return", "3ページ", "2ページ"),
        (Bounds(2), "pdf", 9, "passed", "", ""),
        (Bounds(2), "pdf", 1, "return", "1ページ", "2ページ以上"),
        (Bounds(0, 2), "pdf", 3, "return", "3ページ", "2ページ以下"),
        (Bounds(1, 2), "pdf", 3, "return", "3ページ", "1ページ～2ページ"),
        (Bounds(1, 2), "pdf", 1, "passed", "", ""),
        (Bounds(1, 1), "jpg", None, "passed", "", ""),
        (Bounds(2, 2), "jpg", None, "return", "1ページ", "2ページ"),
        (Bounds(1, 1), "xlsx", None, "hold", "", ""),
        (Bounds(1, 1), "tif", None, "hold", "", ""),
    ],
)
def test_pages(argument: Any, kind: FileKind, pages: int | None, result: str, found: str, expected: str) -> None:
    finding = found_by("pages", argument, a_reading(kind, pages=pages))
    assert (finding.result, finding.found, finding.expected) == (result, found, expected)
    said = {"passed": "", "return": reason("pages"), "hold": reason("pages_unknown")}
    assert finding.say == said[result]


def test_sheets() -> None:
    there = a_reading(sheets=("在籍 １", "職員", "メモ"))
    assert found_by("sheets", ("在籍1", "職員"), there).result == "passed"
    finding = found_by("sheets", ("在籍1", "内訳", "集計"), there)
    assert (finding.result, finding.say) == ("return", reason("sheets"))
    assert (finding.found, finding.expected) == ("在籍 １、職員、メモ", "内訳、集計")
    assert found_by("sheets", ("在籍",), a_reading("pdf")).result == "return"


def test_text() -> None:
    there = a_reading("pdf", text=True, texts=frozenset({"新宿区長"}))
    assert found_by("text", ("新宿区長",), there).result == "passed"
    finding = found_by("text", ("新宿区長", "請求書", "債権者番号"), there)
    assert (finding.result, finding.say, finding.expected) == ("return", reason("text"), "「請求書」、「債権者番号」")


@pytest.mark.parametrize("kind", ["pdf", "jpg", "tif"])
def test_text_that_is_only_a_picture_is_for_a_person(kind: FileKind) -> None:
    finding = found_by("text", ("新宿区長",), a_reading(kind, text=False, images=1))
    assert (finding.result, finding.say) == ("hold", reason("text_unknown"))


@pytest.mark.parametrize(
    ("kind", "images", "least", "result"),
    [("pdf", 1, 1, "passed"), ("pdf", 0, 1, "return"), ("xlsx", 1, 2, "return"), ("jpg", 0, 1, "passed")],
)
def test_image(kind: FileKind, images: int, least: int, result: str) -> None:
    finding = found_by("image", Bounds(least), a_reading(kind, images=images))
    assert finding.result == result
    if result == "return":
        assert (finding.say, finding.found, finding.expected) == (reason("image"), f"{images}個", f"{least}個以上")


# --- facility and facility_code --------------------------------------------------------------------------------------


def with_fact(one: One, cell: str = "在籍!C3") -> Any:
    return a_reading(facts={"asked": a_value(one, cell)})


@pytest.mark.parametrize(
    "text",
    [
        "ひまわり保育園",
        "ひまわり 保育園",
        "　ひまわり　保育園　",
        "社会福祉法人青空会 ひまわり保育園",
        "社会福祉法人青空会ひまわり保育園",
        "社会福祉法人　青空会　ひまわり保育園",
        "株式会社そら ひまわり保育園",
        "株式会社ひまわり保育園",
        "（福）ひまわり保育園",
        "新宿区ひまわり保育園",
        "施設名：ひまわり保育園",
        "ひまわり保育園（認可）",
        "ひまわり保育園 園長 山田花子",
        "第二ひまわり保育園・ひまわり保育園",
    ],
)
def test_the_facilitys_name(text: str) -> None:
    assert found_by("facility", "asked", with_fact(text)).result == "passed"


def test_a_name_of_half_width_letters_is_the_same() -> None:
    operator = replace(OPERATOR, name="ＡＢＣナーサリー")
    assert found_by("facility", "asked", with_fact("abc ﾅｰｻﾘｰ"), operator=operator).result == "passed"


@pytest.mark.parametrize(
    "text", ["さくら保育園", "第二ひまわり保育園", "新ひまわり保育園", "東ひまわり保育園", "ひまわり", "保育園", 12]
)
def test_another_name_is_held_and_never_quoted(text: One) -> None:
    finding = found_by("facility", "asked", with_fact(text))
    assert (finding.result, finding.say, finding.found, finding.values) == ("hold", reason("facility"), "", {})
    assert (finding.cells, finding.expected) == (("在籍!C3",), "ひまわり保育園")


@pytest.mark.parametrize("one", ["012", "０１２", " 012 ", "12", 12, Decimal(12)])
def test_the_facilitys_code(one: One) -> None:
    assert found_by("facility_code", "asked", with_fact(one)).result == "passed"


def test_a_code_of_letters_and_an_operator_without_a_code() -> None:
    letters, any_code = replace(OPERATOR, code="A-12"), replace(OPERATOR, code=None)
    assert found_by("facility_code", "asked", with_fact("ａ－１２"), operator=letters).result == "passed"
    assert found_by("facility_code", "asked", with_fact("A-13"), operator=letters).result == "hold"
    rule = a_rule(a_check("facility_code", "asked"))
    found = check(a_paper(reading=with_fact("013"), rule=rule, operator=any_code))
    assert not any(each.check == "facility_code" for each in found)


@pytest.mark.parametrize("one", ["013", 13, "0120", "012-2", "さくら保育園"])
def test_another_code_is_held_told_in_the_agreed_words_and_never_quoted(one: One) -> None:
    finding = found_by("facility_code", "asked", with_fact(one))
    assert finding == Finding(
        "facility_code", "hold", "施設番号がフォルダーと一致しません", ("在籍!C3",), "", "012", {}
    )


def test_of_a_form_that_belongs_elsewhere_nothing_else_is_said() -> None:
    facts = {
        "code": a_value("013"),
        "month": a_value("2026年9月"),
        "name": a_value("さくら保育園"),
        "total": Value("blank"),
    }
    wanted = (Fact("code"), Fact("month"), Fact("name"), Fact("total", "int"))
    rule = a_rule(
        a_check("period", "month"),
        replace(a_check("facility_code", "code"), id="code", say="{code}はさくら保育園です", otherwise="warn"),
        replace(a_check("facility", "name"), id="name", say="{name}です"),
        a_check("size", Bounds(0, 1)),
        facts=wanted,
    )
    found = [each for each in check(a_paper(reading=a_reading(facts=facts), rule=rule)) if each.result != "passed"]
    assert [(each.check, each.result) for each in found] == [("facility_code", "hold"), ("name", "hold")]
    everything = repr(found)
    assert "013" not in everything and "さくら" not in everything and "9月" not in everything


def test_a_facilitys_name_that_is_only_warned_of_stops_nothing() -> None:
    rule = a_rule(replace(a_check("facility", "name"), otherwise="warn"), a_check("size", Bounds(0, 1)))
    found = check(a_paper(reading=a_reading(facts={"name": a_value("ひまわり園")}), rule=rule))
    assert [(each.check, each.result) for each in found[-2:]] == [("facility", "warn"), ("size", "return")]


def test_what_is_not_there_can_not_be_another_facilitys() -> None:
    for value in (Value("blank"), Value("missing"), Value("found", None)):
        rule = a_rule(a_check("facility_code", "asked"), a_check("facility", "asked"), a_check("period", "asked"))
        found = check(a_paper(reading=a_reading(facts={"asked": value}), rule=rule))
        assert not {"facility_code", "facility", "period"} & {each.check for each in found}


# --- period ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "one"),
    [
        ("2026-10", date(2026, 10, 1)),
        ("2026-10", date(2026, 10, 31)),
        ("2026-10", "2026年10月"),
        ("2026-10", "令和８年１０月分"),
        ("2026-10", "令和8年10月1日現在"),
        ("2026-10", "10月分"),
        ("2026-10", "令和8年度10月"),
        ("2026-10", 10),
        ("2026-10", 202610),
        ("2026-01", "1月分"),
        ("2027-01", "令和8年度1月"),
        ("2026-12", date(2026, 12, 31)),
        ("2026-Q3", "令和8年度第3四半期"),
        ("2026-Q3", "2026年10月"),
        ("2026-Q3", "令和8年10月～令和8年12月"),
        ("2026-Q3", date(2026, 11, 5)),
        ("2026-Q3", 3),
        ("2026-Q4", date(2027, 3, 31)),
        ("2026", "令和8年度"),
        ("2026", "FY2026"),
        ("2026", date(2027, 3, 31)),
        ("2026", "2026年4月～2027年3月"),
        ("2026", 2026),
    ],
)
def test_a_form_of_that_period(period: str, one: One) -> None:
    assert found_by("period", "asked", with_fact(one), period=period).result == "passed"


@pytest.mark.parametrize(
    ("period", "one", "expected"),
    [
        ("2026-10", date(2026, 9, 30), "2026年10月"),
        ("2026-10", date(2025, 10, 1), "2026年10月"),
        ("2026-10", "2026年9月", "2026年10月"),
        ("2026-10", "令和7年10月", "2026年10月"),
        ("2026-10", "9月分", "2026年10月"),
        ("2026-10", "2026年9月・2026年10月", "2026年10月"),
        ("2026-10", "なるべく早く", "2026年10月"),
        ("2026-10", 9, "2026年10月"),
        ("2026-10", "令和8年度", "2026年10月"),
        ("2026-Q3", "令和8年度第2四半期", "2026年度第3四半期"),
        ("2026-Q3", "令和8年9月～令和8年12月", "2026年度第3四半期"),
        ("2026-Q3", date(2027, 1, 1), "2026年度第3四半期"),
        ("2026", "令和7年度", "2026年度"),
        ("2026", date(2027, 4, 1), "2026年度"),
        ("2026", 2025, "2026年度"),
        ("2026", True, "2026年度"),
    ],
)
def test_a_form_of_another_period_goes_back(period: str, one: One, expected: str) -> None:
    finding = found_by("period", "asked", with_fact(one), period=period)
    assert (finding.result, finding.say, finding.expected) == ("return", reason("period"), expected)
    assert finding.found == str(one) and finding.cells == ("在籍!C3",)


def test_without_a_period_in_the_name_there_is_nothing_to_compare() -> None:
    rule = a_rule(a_check("period", "asked"))
    found = check(a_paper(reading=with_fact("2026年9月"), rule=rule, period=None))
    assert all(each.result == "passed" for each in found)


# --- for people ------------------------------------------------------------------------------------------------------


def test_the_rules_own_words_and_result_come_first() -> None:
    say = "{facility}の{month}分は{expected}です（{cell}）。{found}でした。{山田}"
    own = replace(a_check("pages", Bounds(2, 2)), id="two pages", otherwise="warn", say=say)
    finding = of_check(a_paper("a.pdf", a_reading("pdf", pages=1), a_rule(own)), "two pages")
    assert finding.result == "warn"
    assert finding.say == "ひまわり保育園の2026年10月分は2ページです。1ページでした。—"


def test_no_more_than_sixty_characters_of_a_value_are_quoted() -> None:
    finding = found_by("sheets", ("在籍",), a_reading(sheets=tuple(f"山田太郎{n}" for n in range(50))))
    assert len(finding.found) == 60


def test_in_english_everything_is_english() -> None:
    pdf = a_reading("pdf", size=30_000_000, pages=3, text=True)
    rule = a_rule(
        a_check("size", Bounds(0, 1_000)),
        a_check("pages", Bounds(5)),
        a_check("text", ("x",)),
        a_check("image", Bounds(1)),
    )
    found = [each for each in check(a_paper("a.pdf", pdf, rule, language="en")) if each.result != "passed"]
    assert [each.check for each in found] == ["size", "pages", "text", "image"]
    for each in found:
        assert (each.say + each.found + each.expected).isascii(), each
