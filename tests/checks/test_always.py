"""What is looked at in every file: what passes, what doesn't, and what is said of it."""

from __future__ import annotations

from typing import get_args

import pytest

from syncd.checks import ALWAYS, check
from syncd.forms.fact import Fact, FileKind, Trouble
from syncd.rulebook.rule import Rule
from tests.checks.papers import a_paper, a_reading, a_rule, of_check, reason


def test_a_good_workbook_passes_everything() -> None:
    found = check(a_paper())
    assert [finding.result for finding in found] == ["passed"] * len(ALWAYS)
    assert not any(finding.say for finding in found)


# --- the real kind against the extension -----------------------------------------------------------------------------

GOOD: list[tuple[str, FileKind]] = [
    ("a.xlsx", "xlsx"),
    ("a.XLSX", "xlsx"),
    ("ａ．ｘｌｓｘ", "xlsx"),
    ("a.xls", "xls"),
    ("a.xlsm", "xlsm"),
    ("a.xlsb", "xlsb"),
    ("a.ods", "ods"),
    ("a.pdf", "pdf"),
    ("a.jpg", "jpg"),
    ("a.JPEG", "jpg"),
    ("a.tiff", "tif"),
    ("a.heic", "heic"),
    ("a.png", "png"),
    ("a.docx", "docx"),
    ("a.zip", "zip"),
    ("a.csv", "csv"),
    ("a.csv", "text"),
    ("a.txt", "csv"),
    ("a.txt", "text"),
    ("a.csv", "other"),
]


@pytest.mark.parametrize(("name", "real"), GOOD)
def test_what_fits_its_extension(name: str, real: FileKind) -> None:
    assert of_check(a_paper(name, a_reading(real)), "kind").result == "passed"


@pytest.mark.parametrize(
    ("name", "real", "key", "found", "expected"),
    [
        ("a.xlsx", "pdf", "kind", "pdf", ".xlsx"),
        ("a.xls", "html", "kind", "Webページ", ".xls"),
        ("a.xls", "xlsx", "kind", "xlsx", ".xls"),
        ("a.xlsx", "xlsm", "kind", "xlsm", ".xlsx"),
        ("a.xlsx", "csv", "kind", "csv", ".xlsx"),
        ("a.pdf", "other", "kind", "不明な形式", ".pdf"),
        ("a.csv", "xlsx", "kind", "xlsx", ".csv"),
        ("a.txt", "zip", "kind", "zip", ".txt"),
        ("a.html", "html", "unknown_kind", ".html", ""),
        ("a.lzh", "lzh", "unknown_kind", ".lzh", ""),
        ("a.xyz", "other", "unknown_kind", ".xyz", ""),
        ("報告書", "xlsx", "unknown_kind", "拡張子なし", ""),
    ],
)
def test_what_does_not_goes_back(name: str, real: FileKind, key: str, found: str, expected: str) -> None:
    finding = of_check(a_paper(name, a_reading(real)), "kind")
    assert (finding.result, finding.say, finding.found, finding.expected) == ("return", reason(key), found, expected)


def test_what_the_document_does_not_take_goes_back() -> None:
    rule = a_rule(facts=(Fact("anything", optional=True),), extensions=frozenset({"xlsx", "xls"}))
    assert of_check(a_paper("a.xlsx", a_reading("xlsx"), rule), "kind").result == "passed"
    finding = of_check(a_paper("a.pdf", a_reading("pdf"), rule), "kind")
    assert (finding.result, finding.say) == ("return", reason("not_accepted"))
    assert (finding.found, finding.expected) == (".pdf", ".xls、.xlsx")


def test_no_kind_at_all_is_taken_for_one_that_it_is_not() -> None:
    for real in get_args(FileKind):
        found = check(a_paper("a.xlsx", a_reading(real)))
        good = all(finding.result == "passed" for finding in found)
        assert good is (real == "xlsx"), real


# --- what may do harm ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.xlsx", "a.exe", "a.pdf", "a", "該当なし_延長保育実績.xlsx"])
@pytest.mark.parametrize("real", ["exe", "script"])
def test_a_program_under_any_name_goes_into_quarantine(name: str, real: FileKind) -> None:
    paper = a_paper(name, a_reading(real), nil=name.startswith("該当なし"))
    finding = of_check(paper, "program")
    assert (finding.result, finding.say) == ("quarantine", reason("program"))


@pytest.mark.parametrize("name", ["a.bat", "a.xlsx.exe", "a.VBS", "a.lnk", "a.ＥＸＥ", "right\u202eslx.exe"])
def test_a_name_alone_is_no_program_but_no_document_takes_it(name: str) -> None:
    assert of_check(a_paper(name, a_reading("text"), asked=False), "program").result == "passed"
    assert of_check(a_paper(name, a_reading("text")), "kind").result == "return"


@pytest.mark.parametrize("real", ["xlsm", "xls", "xlsx", "pdf", "doc"])
def test_macros_go_into_quarantine(real: FileKind) -> None:
    finding = of_check(a_paper(f"a.{real}", a_reading(real, macros=True)), "macros")
    assert (finding.result, finding.say) == ("quarantine", reason("macros"))
    assert "マクロなしの形式で保存し直してください" in finding.say


def test_a_bomb_goes_into_quarantine() -> None:
    finding = of_check(a_paper(reading=a_reading(trouble="bomb", detail="ratio 1:1000")), "bomb")
    assert (finding.result, finding.say) == ("quarantine", reason("bomb"))
    assert finding.values == {"detail": "ratio 1:1000"}


# --- what can't be looked into ---------------------------------------------------------------------------------------


def test_a_password_goes_into_quarantine() -> None:
    finding = of_check(a_paper(reading=a_reading("other", trouble="encrypted")), "encrypted")
    assert (finding.result, finding.say) == ("quarantine", reason("encrypted"))
    assert "パスワードを外して再提出してください" in finding.say


@pytest.mark.parametrize(
    ("trouble", "name"), [("unreadable", "unreadable"), ("too big", "too_big"), ("too slow", "too_slow")]
)
def test_what_can_not_be_read_is_held(trouble: Trouble, name: str) -> None:
    finding = of_check(a_paper(reading=a_reading(trouble=trouble, detail="why")), name)
    assert (finding.result, finding.say, finding.values) == ("hold", reason(name), {"detail": "why"})


@pytest.mark.parametrize("trouble", [each for each in get_args(Trouble) if each])
@pytest.mark.parametrize("nil", [False, True])
def test_no_trouble_ever_passes(trouble: Trouble, nil: bool) -> None:
    found = check(a_paper(reading=a_reading(trouble=trouble), nil=nil))
    assert any(finding.result in ("return", "hold", "quarantine") for finding in found)


def test_an_empty_file_goes_back_unless_it_says_that_there_is_nothing() -> None:
    for reading in (a_reading("empty", 0), a_reading("empty", 0, trouble="unreadable")):
        assert {each.result for each in check(a_paper(reading=reading))} == {"passed", "return"}
        finding = of_check(a_paper(reading=reading), "empty")
        assert (finding.result, finding.say) == ("return", reason("empty"))
        assert of_check(a_paper("該当なし_延長保育実績.txt", reading, nil=True), "empty").result == "passed"


@pytest.mark.parametrize("name", ["該当なし_延長保育実績.txt", "該当なし_延長保育実績", "該当なし_延長保育実績.foo"])
def test_an_answer_that_there_is_nothing_may_be_of_any_kind(name: str) -> None:
    rule = a_rule(extensions=frozenset({"xlsx"}))
    assert all(each.result == "passed" for each in check(a_paper(name, a_reading("text", 3), rule, nil=True)))


# --- for people ------------------------------------------------------------------------------------------------------


def test_in_english_everything_is_english() -> None:
    papers = [
        a_paper("報告書", a_reading(), language="en"),
        a_paper("a.xls", a_reading("html"), language="en"),
        a_paper("a.pdf", a_reading("pdf"), a_rule(extensions=frozenset({"xlsx", "xls"})), language="en"),
    ]
    for paper in papers:
        finding = of_check(paper, "kind")
        assert (finding.say + finding.found + finding.expected).isascii()


@pytest.mark.parametrize("rule", [None, a_rule()])
def test_where_nothing_is_asked_of_a_file_it_may_be_anything_but_dangerous(rule: Rule | None) -> None:
    odd = a_paper("a.xlsx", a_reading("other", trouble="unreadable"), rule, asked=False)
    assert {finding.result for finding in check(odd)} == {"passed"}
    assert of_check(a_paper("a.xlsx", a_reading(macros=True), rule, asked=False), "macros").result == "quarantine"
    locked = a_reading(trouble="encrypted")
    assert of_check(a_paper("a.xlsx", locked, rule, asked=False), "encrypted").result == "quarantine"
