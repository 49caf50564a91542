"""What a program can't read is looked at by a person, and nothing is said to be missing in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syncd.checks import check
from syncd.forms.fact import Fact, FileKind, Reading, Value
from syncd.model import Finding
from tests.checks.papers import a_paper, a_reading, a_rule, a_value, reason

TOTAL = Fact("total", "int", ("合計",))


def found(
    reading: Reading, extensions: frozenset[str] = frozenset(), facts: tuple[Fact, ...] = (TOTAL,)
) -> list[Finding]:
    paper = a_paper(
        f"012_202610_在籍.{reading.kind}", reading, replace(a_rule(facts=facts, extensions=extensions), many=False)
    )
    return [finding for finding in check(paper) if finding.result != "passed"]


@pytest.mark.parametrize("kind", ["jpg", "png", "pdf", "tif"])
def test_a_picture_is_held_for_what_it_is(kind: FileKind) -> None:
    (finding,) = found(a_reading(kind, scan=True, facts={"total": Value("missing")}))
    assert (finding.check, finding.result, finding.say) == ("scan", "hold", reason("scan"))


@pytest.mark.parametrize("kind", ["doc", "pptx"])
def test_a_kind_that_is_not_read_is_held_for_that(kind: FileKind) -> None:
    (finding,) = found(a_reading(kind, facts={"total": Value("missing")}))
    assert (finding.check, finding.result, finding.say) == ("not_read", "hold", reason("not_read"))


def test_a_scan_with_a_line_of_text_is_held_where_something_is_not_found_in_that() -> None:
    missing = a_reading("pdf", scan=True, text=True, facts={"total": Value("missing")})
    (finding,) = found(missing)
    assert (finding.check, finding.result) == ("scan", "hold")
    assert found(replace(missing, facts={"total": a_value(3)})) == []


def test_what_the_rule_does_not_take_goes_back_and_what_it_does_not_ask_is_not_held() -> None:
    photo = a_reading("jpg", scan=True, facts={"total": Value("missing")})
    assert [finding.check for finding in found(photo, frozenset({"xlsx"}))] == ["kind"]
    assert found(photo, facts=()) == []


def test_files_within_a_pdf_are_named_to_whoever_looks() -> None:
    (finding,) = found(a_reading("pdf", text=True, attached=("請求書.xlsx", "b.exe"), facts={"total": a_value(3)}))
    assert (finding.check, finding.result, finding.say) == ("attached", "hold", reason("attached"))
    assert finding.found == "請求書.xlsx、b.exe"
