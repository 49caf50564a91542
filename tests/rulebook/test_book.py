"""Which document a file name means, and why; what can't be told apart is not guessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.model import Finding, Operator
from syncd.rulebook import Candidate, Match, Rulebook, decide, load

Book = Callable[..., Rulebook]

ENROLMENT = "document: enrolment\ntitle: 在籍児童数報告書\nmatch: {name: '{facility}_{period}_在籍*'}\n"
TODAY = date(2025, 11, 5)


@pytest.fixture(scope="module")
def shipped(packaged: Path) -> Rulebook:
    return load(packaged, packaged)


@pytest.mark.parametrize(
    ("name", "document", "month"),
    [
        ("012_202510_在籍児童数報告書.xlsx", "enrolment", "2025-10"),
        ("012_202510_在籍児童数報告書_v2.xlsx", "enrolment", "2025-10"),
        ("０１２＿令和７年１０月分＿在籍児童数報告書（１）.XLSX", "enrolment", "2025-10"),
        ("012-2025-10-在籍 - コピー.xls", "enrolment", "2025-10"),
        ("コピー ～ 012_10月分_運営費請求書.pdf", "invoice", "2025-10"),
        ("【修正版】012_R7.10_請求書.xlsx", "invoice", "2025-10"),
        ("012 令和7年10月 請求書 最終.xlsx", "invoice", "2025-10"),
        ("012_202510_加算調整項目届出書.zip", "additions", "2025-10"),
        ("012_202510_職員名簿・雇用状況表.xlsx", "staff", "2025-10"),
        ("012_202510_延長保育実績.csv", "extended_care", "2025-10"),
        ("012_202510_障害児保育加算_手帳.jpg", "disability", "2025-10"),
        ("012_202510_一時預り実績.xlsx", "temporary_care", "2025-10"),
        ("012_令和7年度_処遇改善等加算計画書.xlsx", "treatment_plan", "2025"),
        ("012_2025_処遇改善等加算実績報告書.xlsx", "treatment_result", "2025"),
        ("012_202510_交付申請書（押印）.pdf", "application", "2025-10"),
        ("012_R7年度第3四半期_実績報告書.xlsx", "result", "2025-Q3"),
    ],
)
def test_the_shipped_rules_take_what_nurseries_send(
    shipped: Rulebook, operator: Operator, name: str, document: str, month: str
) -> None:
    match = shipped.match(name, operator, TODAY)
    assert [(found.document, found.period, found.nil) for found in match.candidates] == [(document, month, False)]
    assert match.state == "one"
    assert match.candidates[0].rule.startswith(f"{document}.yaml:")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("013_202510_在籍.xlsx", "the name carries '013' where '012' is expected"),
        ("012_202513_在籍.xlsx", "no month can be read where {period} stands in '{facility}_{period}_在籍*'"),
        ("013_13月_在籍.xlsx", "the name carries '013' where '012' is expected, and no month can be read"),
        ("012_202510_在籍.pdf", "the name fits, but extension .pdf is none of xls, xlsx"),
        ("012_202510_在籍", "the name fits, but no extension: it is none of xls, xlsx"),
        ("012_202510_新しい書類.xlsx", "the name doesn't fit '{facility}_{period}_在籍*'"),
        ("scan0001.pdf", "the name doesn't fit '{facility}_{period}_在籍*'"),
    ],
)
def test_an_unknown_name_is_told_why_rule_by_rule(
    shipped: Rulebook, packaged: Path, operator: Operator, name: str, why: str
) -> None:
    match = shipped.match(name, operator, TODAY)
    assert match.state == ("misplaced" if name.startswith("013_202510") else "unknown")
    assert len(match.why) == len(shipped.rules)
    (line,) = (each for each in match.why if "(enrolment)" in each)
    assert line.startswith(f"{packaged}/enrolment.yaml:5: 在籍児童数報告書 (enrolment): {why}")


def test_a_pattern_without_the_facility_in_front_says_less(book: Book, operator: Operator) -> None:
    found = book(a="document: a\ntitle: A\nmatch: {name: '在籍_{facility}'}\n")
    (why,) = found.match("在籍_013.xlsx", operator, TODAY).why
    assert why.endswith("the name carries another facility where '012' is expected")


def test_two_rules_that_take_a_name_leave_it_ambiguous(book: Book, operator: Operator) -> None:
    found = book(a=ENROLMENT, b="document: b\ntitle: B\nmatch: {name: '*在籍*'}\n")
    match = found.match("012_202510_在籍.xlsx", operator, TODAY)
    assert match.state == "ambiguous"
    assert [candidate.document for candidate in match.candidates] == ["enrolment", "b"]
    assert [line.rpartition(": ")[2] for line in match.why] == ["fits, period 2025-10", "fits, period not in the name"]


def test_a_period_that_can_be_read_in_two_ways_is_not_guessed(book: Book, operator: Operator) -> None:
    found = book(a="document: a\ntitle: A\nmatch: {name: '*{period}*'}\n")
    match = found.match("2025年9月_2025年10月.xlsx", operator, TODAY)
    assert match.state == "unknown"
    assert match.why[0].endswith("the period could be 2025-09 or 2025-10")


def test_an_operator_without_code_may_use_any(shipped: Rulebook, operator: Operator) -> None:
    anyone = replace(operator, code=None)
    for name in ("999_202510_在籍.xlsx", "ひまわり_202510_在籍.xlsx"):
        assert shipped.match(name, anyone, TODAY).state == "one"


def test_full_width_codes_are_the_same_code(shipped: Rulebook, operator: Operator) -> None:
    assert shipped.match("012_202510_在籍.xlsx", replace(operator, code="０１２"), TODAY).state == "one"


@pytest.mark.parametrize(
    ("name", "document", "month"),
    [
        ("該当なし_障害児保育加算.txt", "disability", "2025-10"),
        ("該当なし_障害児保育加算.xlsx", "disability", "2025-10"),
        ("該当なし＿延長保育実績＿１０月分.docx", "extended_care", "2025-10"),
        ("該当なし延長保育実績202509.txt", "extended_care", "2025-09"),
        ("該当なし_extended_care.txt", "extended_care", "2025-10"),
        ("該当なし_Extended_Care_R7.10", "extended_care", "2025-10"),
        ("012_202510_該当なし_延長保育実績.txt", "extended_care", "2025-10"),
        ("該当なし_実績報告書.txt", "result", "2025-Q2"),
        ("該当なし_処遇改善等加算計画書_2025年度.txt", "treatment_plan", "2025"),
        ("該当なし_延長保育実績 (1).txt", "extended_care", "2025-10"),
    ],
)
def test_nothing_to_send_answers_for_the_document(
    shipped: Rulebook, operator: Operator, name: str, document: str, month: str
) -> None:
    """Where the name says no period, it is the one that is due nearest."""
    match = shipped.match(name, operator, TODAY)
    assert [(found.document, found.period, found.nil) for found in match.candidates] == [(document, month, True)]


@pytest.mark.parametrize(
    "name",
    ["該当なし.txt", "該当なし_延長.txt", "該当なし_実績報告書別紙.txt", "該当なし_延長保育実績_9月_10月.txt"],
)  # fmt: skip
def test_nothing_to_send_of_what_is_not_clear_is_not_guessed(shipped: Rulebook, operator: Operator, name: str) -> None:
    assert shipped.match(name, operator, TODAY).state == "unknown"


@pytest.mark.parametrize("name", ["013_202510_在籍.xlsx", "013_202510_該当なし_延長保育実績.txt"])
def test_another_facilitys_code_is_told_apart_from_an_unknown_name(
    shipped: Rulebook, operator: Operator, name: str
) -> None:
    assert shipped.match(name, operator, TODAY).state == "misplaced"


def test_nothing_to_send_is_never_the_document_itself(book: Book, operator: Operator) -> None:
    found = book(a="document: a\ntitle: 延長保育実績\nmatch: {name: '*延長*'}\n")
    assert found.match("該当なし_延長.txt", operator, TODAY).state == "unknown"


def test_a_form_with_no_cases_is_still_the_form(shipped: Rulebook, operator: Operator) -> None:
    match = shipped.match("012_202510_一時預かり実績_該当なし.xlsx", operator, TODAY)
    assert [(found.document, found.nil) for found in match.candidates] == [("temporary_care", False)]


def test_the_example_for_an_unknown_file_is_what_is_due_first(shipped: Rulebook, operator: Operator) -> None:
    assert shipped.example(None, operator, date(2025, 10, 2)) == "012_202510_在籍児童数報告書.xlsx"
    assert shipped.example(None, replace(operator, code=None), date(2025, 10, 2)).startswith("012_202510_")


def test_without_rules_there_is_still_an_example(book: Book, operator: Operator) -> None:
    assert book().example(None, operator, date(2025, 10, 2)) == "012_202510_書類名.xlsx"


@settings(max_examples=25)
@given(st.dates(date(2024, 1, 1), date(2060, 12, 31)), st.sampled_from(["012", "7", "A-1", "０９９", None]))
def test_every_shipped_example_is_taken_by_its_own_rule_alone(shipped: Rulebook, today: date, code: str | None) -> None:
    operator = Operator("a", "a", "認可保育所", code, "a", "a")
    for document in shipped.rules:
        match = shipped.match(shipped.example(document, operator, today), operator, today)
        assert [candidate.document for candidate in match.candidates] == [document]


@pytest.mark.parametrize(
    ("pattern", "example"),
    [
        ("{facility}_{period}_*請求書*", "012_202509_運営費請求書.pdf"),
        ("{period}_{facility}_運営費*", "202509_012_運営費請求書.pdf"),
        ("請求_{facility}_{period}", "請求_012_202509.pdf"),
        ("{title}?", "運営費請求書1.pdf"),
        ("{facility}_{title}_{period}", "012_運営費請求書_202509.pdf"),
    ],
)
def test_examples_follow_the_pattern(book: Book, operator: Operator, pattern: str, example: str) -> None:
    found = book(
        a=f"document: a\ntitle: 運営費請求書\nmatch: {{name: '{pattern}', extension: [pdf, xls]}}\n"
        "due: {month: next, day: 10}\n"
    )
    assert found.example("a", operator, date(2025, 10, 2)) == example


def test_matching_does_not_depend_on_where_the_rules_lie(tmp_path: Path, packaged: Path, operator: Operator) -> None:
    for file in packaged.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    name = "012_202510_在籍.xlsx"
    here, there = (load(folder, packaged).match(name, operator, TODAY) for folder in (packaged, tmp_path))
    assert here.candidates == there.candidates


ONE = Match((Candidate("enrolment", "2025-10", rule="enrolment.yaml:5"),), ("enrolment.yaml:5: fits",))
PASSED, WARN = Finding("name", "passed"), Finding("sum", "warn", "合計が前月と違います")
RETURN, WAIT = Finding("sum", "return", "合計が一致しません"), Finding("scan", "wait", "検査待ち")
HOLD, QUARANTINE = Finding("unreadable", "hold", "読み取れません"), Finding("macros", "quarantine", "マクロ")


@pytest.mark.parametrize(
    ("findings", "state", "decisive"),
    [
        ([], "accept", []),
        ([PASSED], "accept", []),
        ([PASSED, WARN], "accept", [WARN]),
        ([RETURN, WARN], "return", [RETURN]),
        ([RETURN, HOLD, WARN], "hold", [HOLD]),
        ([RETURN, WAIT, HOLD], "wait", [WAIT]),
        ([RETURN, WAIT, HOLD, QUARANTINE, WARN], "quarantine", [QUARANTINE]),
        ([WAIT], "wait", [WAIT]),
        (
            [RETURN, PASSED, Finding("size", "return", "大きい")],
            "return",
            [RETURN, Finding("size", "return", "大きい")],
        ),
    ],
)
def test_one_document_is_decided_by_the_gravest_finding(
    findings: list[Finding], state: str, decisive: list[Finding]
) -> None:
    decision = decide(ONE, findings)
    assert (decision.state, decision.document, decision.period) == (state, "enrolment", "2025-10")
    assert decision.rule == "enrolment.yaml:5"
    assert list(decision.findings) == decisive
    assert list(decision.reasons) == [finding.say for finding in decisive]
    assert list(decide(ONE, findings[::-1]).findings) == decisive[::-1]


def test_a_finding_without_words_is_called_by_its_check() -> None:
    assert decide(ONE, [Finding("size", "return")]).reasons == ("size",)


@pytest.mark.parametrize(
    ("match", "state"),
    [
        (Match((), ("no rule",)), "unknown"),
        (Match((Candidate("a", None), Candidate("b", None)), ("two",)), "ambiguous"),
    ],
)
@pytest.mark.parametrize("findings", [[], [PASSED], [RETURN], [WAIT], [HOLD]])
def test_what_is_not_one_document_stays_so(match: Match, state: str, findings: list[Finding]) -> None:
    decision = decide(match, findings)
    assert (decision.state, decision.document, decision.reasons) == (state, None, match.why)


@pytest.mark.parametrize("candidates", [(), (Candidate("a", None), Candidate("b", None))])
def test_what_may_do_harm_goes_into_quarantine_whatever_it_is_called(candidates: tuple[Candidate, ...]) -> None:
    decision = decide(Match(candidates), [RETURN, QUARANTINE])
    assert (decision.state, decision.document, decision.findings) == ("quarantine", None, (QUARANTINE,))


@pytest.mark.parametrize(
    ("findings", "state", "checks"),
    [
        ([], "hold", ["facility_code"]),
        ([RETURN], "hold", ["facility_code"]),
        ([HOLD], "hold", ["facility_code", "unreadable"]),
        ([Finding("facility_code", "hold", "違う")], "hold", ["facility_code"]),
        ([WAIT], "wait", ["scan"]),
        ([QUARANTINE], "quarantine", ["macros"]),
    ],
)
def test_what_is_called_after_another_facility_is_held(findings: list[Finding], state: str, checks: list[str]) -> None:
    misplaced = Match((Candidate("enrolment", "2025-10"),), ("the name carries '013'",), misplaced=True)
    decision = decide(misplaced, findings)
    assert (decision.state, decision.document) == (state, "enrolment")
    assert [finding.check for finding in decision.findings] == checks
    assert not any("013" in reason for reason in decision.reasons)


@given(st.lists(st.sampled_from([PASSED, WARN, RETURN, WAIT, HOLD, QUARANTINE])))
def test_nothing_is_accepted_while_a_check_found_something(findings: list[Finding]) -> None:
    accepted = decide(ONE, findings).state == "accept"
    assert accepted == all(each in (PASSED, WARN) for each in findings)


def test_a_result_that_nobody_knows_is_never_taken_for_passed() -> None:
    with pytest.raises(ValueError, match="a result that nobody knows"):
        decide(ONE, [Finding("new", "skipped")])  # type: ignore[arg-type]
