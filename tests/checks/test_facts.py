"""What is not filled in, and what doesn't agree: made of forms that are this facility's and could be read."""

from __future__ import annotations

from dataclasses import replace

from syncd.checks import ALWAYS, BY_RULE, check
from syncd.forms.check import KEYS, Bounds
from syncd.forms.fact import Fact, Value
from syncd.model import Finding
from tests.checks.papers import OPERATOR, a_check, a_paper, a_reading, a_rule, a_value, some_surroundings, that

TOTAL, AGES = Fact("total", "int", ("合計",)), Fact("ages", "int", area="C8:C9")
SUM = that("sum", "sum(ages) == total", facts=(TOTAL, AGES))


def ages(*many: int) -> Value:
    return Value("found", many=many, cell="在籍!C8:C9", places=("C8", "C9"))


def wrong(total: Value, several: Value | None = None, **more: object) -> list[Finding]:
    """What a form is returned for, whose rule wants the ages to sum to the total."""
    rule = a_rule(SUM, facts=(TOTAL, AGES))
    reading = a_reading(facts={"total": total, "ages": several or ages(3, 4)})
    paper = replace(a_paper(reading=reading, rule=rule), **more)  # type: ignore[arg-type]  # the dataclass has them
    return [finding for finding in check(paper) if finding.result != "passed"]


def test_every_key_of_a_rule_has_its_check() -> None:
    assert set(BY_RULE) | {"that"} == set(KEYS)


def test_what_agrees_passes() -> None:
    assert wrong(a_value(7, "在籍!C14")) == []


def test_what_does_not_agree_goes_back_with_its_cells() -> None:
    (finding,) = wrong(a_value(8, "在籍!C14"))
    assert (finding.check, finding.result) == ("sum", "return")
    assert "在籍!C14" in finding.cells and finding.say


def test_what_is_blank_is_asked_for_and_not_compared() -> None:
    (finding,) = wrong(Value("blank", cell="在籍!C14"))
    assert (finding.check, finding.result, finding.cells) == ("facts.total", "return", ("在籍!C14",))


def test_other_documents_and_their_absence() -> None:
    rule = a_rule(that("both", "total == invoice.children", "warn", (TOTAL,)), facts=(TOTAL,))
    paper = a_paper(reading=a_reading(facts={"total": a_value(8)}), rule=rule)
    around = replace(some_surroundings(OPERATOR, "2026-10", "ja"), documents={"invoice": {"children": a_value(7)}})
    assert [each.result for each in check(paper)][len(ALWAYS) :] == ["passed"]
    assert [each.result for each in check(replace(paper, surroundings=around))][len(ALWAYS) :] == ["warn"]


def test_of_an_answer_that_there_is_nothing_and_of_an_unknown_type_no_fact_is_asked() -> None:
    assert wrong(Value("missing"), nil=True) == []
    assert wrong(Value("missing"), rule=None) == []


def test_of_what_could_not_be_read_no_fact_is_missed() -> None:
    for reading in (a_reading(trouble="encrypted"), a_reading("pdf"), a_reading(macros=True), a_reading("empty", 0)):
        found = check(a_paper(reading=reading, rule=a_rule(SUM, a_check("size", Bounds(0, 1)), facts=(TOTAL, AGES))))
        assert [each.check for each in found] == ["unreadable" if name == "readable" else name for name in ALWAYS]
        assert sum(each.result != "passed" for each in found) == 1


def test_findings_come_in_the_order_of_what_is_looked_at() -> None:
    rule = a_rule(
        SUM, a_check("size", Bounds(0, 1)), a_check("facility_code", "code"), facts=(TOTAL, AGES, Fact("code"))
    )
    facts = {"total": a_value(8), "ages": ages(3, 4), "code": a_value("012")}
    found = check(a_paper(reading=a_reading(facts=facts), rule=rule))
    assert [each.check for each in found][len(ALWAYS) :] == ["facility_code", "size", "sum"]
