"""The checklist: what is expected, exactly once, and how far each document has come by the files there are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.model import Operator, Role, Stage
from syncd.rulebook import Rulebook
from syncd.rulebook.checklist import ChecklistLine, followed_lines, lines_for, open_lines
from syncd.rulebook.standing import Known, waiting_for
from tests.rulebook.month import RULES, ZONE, Files, at, day, moment, operator, rulebook

INBOX, REVIEW, CORRECTIONS, CONFIRMED = Stage.INBOX, Stage.REVIEW, Stage.CORRECTIONS, Stage.CONFIRMED
NOW = "10-20 10:00"


@pytest.fixture
def rules() -> Rulebook:
    return rulebook()


@pytest.fixture
def files() -> Files:
    return Files()


def look(
    rules: Rulebook, files: Files | None = None, period: str = "2026-10", now: str = NOW, **known: object
) -> dict[str, ChecklistLine]:
    """One operator's lines of a period, by document."""
    facts = Known(files.all if files else (), **known)  # type: ignore[arg-type]  # the dataclass has them
    return {line.document: line for line in lines_for(period, [operator()], rules, facts, moment(now))}


# ── what is expected ──


def test_a_month_has_its_own_documents_and_what_is_due_in_it(rules: Rulebook) -> None:
    def found(period: str) -> list[tuple[str, str]]:
        return [(line.document, line.period) for line in lines_for(period, [operator()], rules, Known(), moment(NOW))]

    monthly = ["enrolment", "care", "invoice", "application"]
    assert found("2026-10") == [(each, "2026-10") for each in monthly]
    assert found("2026-12") == [*((each, "2026-12") for each in monthly), ("result", "2026-Q3")]
    assert found("2026-06") == [*((each, "2026-06") for each in monthly), ("result", "2026-Q1"), ("plan", "2026")]
    assert found("2026-Q3") == [("result", "2026-Q3")]
    assert found("2026") == [("plan", "2026")]


def test_of_another_kind_other_documents_are_expected(rules: Rulebook) -> None:
    lines = lines_for("2026-10", [operator(kind="認定こども園")], rules, Known(), moment(NOW))
    assert [line.document for line in lines] == ["care", "invoice", "application"]


def test_a_line_says_all_there_is_to_say(rules: Rulebook, files: Files) -> None:
    files.add("enrolment", stage=CORRECTIONS, came="10-04 10:00", entered="10-06 09:00", submission=2)
    line = look(rules, files, cells={1: ("在籍!C14", "在籍!C15")})["enrolment"]
    assert line == ChecklistLine(
        "himawari", "enrolment", "在籍児童数報告書", "2026-10", day("10-05"), "corrections", False,
        arrived_at=at("10-04 10:00"), since=at("10-06 09:00"), submissions=2, cells=("在籍!C14", "在籍!C15"), files=1,
    )  # fmt: skip


# ── how far it has come ──


@pytest.mark.parametrize("stage", Stage)
def test_the_state_is_the_stage(rules: Rulebook, files: Files, stage: Stage) -> None:
    files.add("enrolment", stage=stage)
    assert look(rules, files)["enrolment"].state == stage.value


@pytest.mark.parametrize(
    ("stages", "state"),
    [
        ((CONFIRMED, REVIEW), "review"),
        ((CORRECTIONS, INBOX), "inbox"),
        ((CONFIRMED, CORRECTIONS), "corrections"),
        ((CORRECTIONS, REVIEW), "review"),
        ((CONFIRMED, CONFIRMED), "confirmed"),
    ],
)
def test_of_several_files_the_least_advanced_counts(
    rules: Rulebook, files: Files, stages: tuple[Stage, ...], state: str
) -> None:
    for stage in stages:
        files.add("invoice", stage=stage)
    assert look(rules, files)["invoice"].state == state
    files.all.reverse()
    assert look(rules, files)["invoice"].state == state
    assert look(rules, files)["invoice"].files == 2


def test_a_withdrawn_file_counts_as_missing_unless_there_is_another(rules: Rulebook, files: Files) -> None:
    files.add("enrolment", role=Role.WITHDRAWN)
    line = look(rules, files)["enrolment"]
    assert (line.state, line.late, line.files) == ("withdrawn", True, 0)
    files.add("enrolment", stage=CONFIRMED)
    assert look(rules, files)["enrolment"].state == "confirmed"


def test_notes_and_older_versions_are_no_documents(rules: Rulebook, files: Files) -> None:
    files.add("enrolment", role=Role.NOTE)
    files.add("enrolment", role=Role.OLD, stage=CONFIRMED)
    assert look(rules, files)["enrolment"].state == "missing"


def test_what_nobody_could_look_at_yet_says_so(rules: Rulebook, files: Files) -> None:
    first = files.add("enrolment", stage=INBOX)
    second = files.add("care", stage=INBOX)
    found = look(rules, files, waiting={first.id: "scanner", second.id: "person"})
    assert [found[each].waiting for each in ("enrolment", "care", "invoice")] == ["scanner", "person", ""]


def test_whom_a_file_waits_for_follows_from_what_was_told(files: Files) -> None:
    held = files.add("enrolment", stage=INBOX, name="a.xlsx")
    files.all[0] = replace(held, told=(f"hold:a.xlsx:size:{held.submitted}",))
    files.all.append(replace(held, id=2, told=("hold:a.xlsx:size:another",)))
    files.all.append(replace(held, id=3, operator="sakura", told=("misplaced:b.xlsx",)))
    files.all.append(replace(held, id=4, told=("misplaced:a.xlsx",)))
    files.add("care", stage=REVIEW)
    assert waiting_for(files.all, ["sakura"]) == {1: "person", 3: "scanner", 4: "person"}


def test_what_the_ward_offers_is_to_be_agreed_to(rules: Rulebook, files: Files) -> None:
    files.add("enrolment", stage=CORRECTIONS, offered=True)
    files.add("care", stage=CORRECTIONS)
    assert [look(rules, files)[each].offered for each in ("enrolment", "care")] == [True, False]


# ── late ──


@pytest.mark.parametrize(("came", "late"), [("10-05 23:59:59", False), ("10-06 00:00", True), ("10-01 00:00", False)])
def test_lateness_counts_from_the_upload(rules: Rulebook, files: Files, came: str, late: bool) -> None:
    files.add("enrolment", came=came, entered="10-19 10:00")
    assert look(rules, files)["enrolment"].late is late


@pytest.mark.parametrize(("now", "late"), [("10-05 23:59", False), ("10-06 00:00", True)])
def test_what_is_not_there_is_late_when_the_day_is_over(rules: Rulebook, now: str, late: bool) -> None:
    assert look(rules, now=now)["enrolment"].late is late
    assert not look(rules, now=now)["invoice"].late


def test_what_was_sent_in_time_and_sent_back_is_not_late_the_second_time(rules: Rulebook, files: Files) -> None:
    files.add("enrolment", came="10-12 10:00", line=77, submission=2)
    assert look(rules, files)["enrolment"].late
    assert not look(rules, files, first_arrivals={77: at("10-03 10:00")})["enrolment"].late


# ── 該当なし ──


@pytest.mark.parametrize(
    ("stage", "state"),
    [(INBOX, "inbox"), (REVIEW, "not applicable"), (CORRECTIONS, "corrections"), (CONFIRMED, "not applicable")],
)
def test_nothing_to_report_answers(rules: Rulebook, files: Files, stage: Stage, state: str) -> None:
    files.add("invoice", stage=stage, name="012_202610_該当なし_運営費請求書.txt")
    assert look(rules, files)["invoice"].state == state


def test_it_does_not_where_it_has_to_be_filed(rules: Rulebook, files: Files) -> None:
    files.add("care", stage=REVIEW, name="該当なし_一時預かり実績.txt")
    assert look(rules, files)["care"].state == "review"


def test_it_does_not_beside_the_document_itself(rules: Rulebook, files: Files) -> None:
    files.add("invoice", stage=CONFIRMED)
    files.add("invoice", stage=REVIEW, name="該当なし_運営費請求書.txt")
    assert look(rules, files)["invoice"].state == "review"


def test_an_answer_without_a_month_is_for_the_one_due_nearest(rules: Rulebook, files: Files) -> None:
    files.add("invoice", None, CONFIRMED, "10-08 10:00", name="該当なし_運営費請求書.txt", role=Role.OLD)
    files.add("invoice", None, CONFIRMED, "11-06 10:00", name="該当なし_運営費請求書.txt")
    states = [look(rules, files, period)["invoice"].state for period in ("2026-08", "2026-09", "2026-10", "2026-11")]
    assert states == ["missing", "not applicable", "not applicable", "missing"]


# ── once all else is confirmed ──


def confirm_all(files: Files, when: str = "11-12 15:00") -> None:
    files.add("enrolment", stage=CONFIRMED, entered="10-06 10:00")
    files.add("invoice", stage=REVIEW, entered="11-09 10:00", name="012_202610_該当なし_運営費請求書.txt")
    files.add("care", stage=CONFIRMED, came="11-09 10:00", entered=when)


def test_the_application_waits_for_the_others(rules: Rulebook, files: Files) -> None:
    confirm_all(files)
    files.move(files.all[-1], REVIEW, "11-12 15:00")
    line = look(rules, files, now="11-13 10:00")["application"]
    assert (line.state, line.due, line.late, line.original, line.asked_at) == ("missing", None, False, "", None)


def test_it_is_due_five_business_days_after_the_last(rules: Rulebook, files: Files) -> None:
    confirm_all(files)
    line = look(rules, files, now="11-13 10:00")["application"]
    assert (line.due, line.late, line.original) == (day("11-19"), False, "awaited")
    assert line.asked_at == at("11-12 15:00")
    assert look(rules, files, now="11-20 00:00")["application"].late
    files.add("application", stage=REVIEW, came="11-19 20:00")
    line = look(rules, files, now="11-25 10:00")["application"]
    assert (line.state, line.late, line.original) == ("review", False, "")


def test_the_sealed_original_is_awaited_until_it_is_here(rules: Rulebook, files: Files) -> None:
    confirm_all(files)
    files.add("application", stage=CONFIRMED, came="11-13 10:00", entered="11-16 10:00")
    line = look(rules, files, now="11-17 10:00")["application"]
    assert (line.original, line.done, line.asked_at) == ("awaited", False, at("11-16 10:00"))
    assert look(rules, files, now="11-20 10:00")["application"].late
    files.add(None, None, CONFIRMED, "11-19 10:00", name="原本受領_202610.txt", role=Role.RECEIPT)
    line = look(rules, files, now="11-20 10:00")["application"]
    assert (line.original, line.done, line.late) == ("received", True, False)


@pytest.mark.parametrize(
    ("name", "folder", "received"),
    [
        ("原本受領.txt", "", True),  # November: the one asked for then is October's
        ("原本受領_202610_交付申請書.txt", "", True),
        ("原本受領_202609.txt", "", False),
        ("原本受領.txt", "2026/2026-10", True),
        ("原本受領.txt", "2026/2026-09", False),
        ("原本受領_令和8年10月.pdf", "2026/2026-09", True),
    ],
)
def test_which_original_a_receipt_is_for(rules: Rulebook, files: Files, name: str, folder: str, received: bool) -> None:
    confirm_all(files)
    files.add(None, None, CONFIRMED, "11-17 10:00", name=name, role=Role.RECEIPT, folder=folder)
    line = look(rules, files, now="11-18 10:00")["application"]
    expected = ("confirmed", "received") if received else ("missing", "awaited")
    assert (line.state, line.original) == expected


# ── corporations, requests, closed periods ──


def test_one_facility_of_a_corporation_files_for_all(rules: Rulebook) -> None:
    ward = [operator("himawari", corporation="会"), operator("sakura", corporation="会"), operator("kiku")]
    files = Files("sakura")
    files.add("plan", "2026", CONFIRMED, "06-20 10:00")
    known = Known(files.all)
    found = lines_for("2026", ward, rules, known, moment("07-02 10:00"))
    states = [(line.operator, line.state, line.late) for line in found]
    expected = [("himawari", "confirmed", False), ("sakura", "confirmed", False), ("kiku", "missing", True)]
    assert states == expected
    assert lines_for("2026", ward, rules, known, moment("07-02 10:00"), only={"himawari"}) == found[:1]


def test_monthly_documents_of_a_corporation_stay_each_facilitys_own(rules: Rulebook) -> None:
    ward = [operator("himawari", corporation="会"), operator("sakura", corporation="会")]
    files = Files("sakura")
    files.add("enrolment")
    found = lines_for("2026-10", ward, rules, Known(files.all), moment(NOW))
    assert [line.state for line in found if line.document == "enrolment"] == ["missing", "review"]


def test_what_staff_ask_for_is_a_line_until_they_have_it(rules: Rulebook, files: Files) -> None:
    files.add("request:園だより", None, CORRECTIONS, "10-07 10:00", name="依頼_園だより.txt", role=Role.REQUEST)
    line = look(rules, files)["request:園だより"]
    assert (line.title, line.period, line.state, line.due, line.late) == ("園だより", "2026-10", "missing", None, False)
    assert line.asked_at == at("10-07 10:00")
    files.add("request:園だより", None, CONFIRMED, "09-07 10:00", name="園だより.pdf")
    assert look(rules, files)["request:園だより"].state == "missing"
    files.add("request:園だより", None, REVIEW, "10-09 10:00", name="園だより10月.pdf")
    assert look(rules, files)["request:園だより"].state == "review"
    assert "request:園だより" not in look(rules, files, "2026-09")


def test_a_period_closes_at_the_end_of_may_after_its_fiscal_year(rules: Rulebook) -> None:
    found = [look(rules, now=now)["enrolment"].closed for now in ("2027-05-31 23:59", "2027-06-01 00:00")]
    assert found == [False, True]
    assert look(rules, now="2027-06-01 00:00")["enrolment"].late


# ── what people have to do with now ──


def now_open(rules: Rulebook, files: Files, now: str, since: str = "08-20") -> list[str]:
    known = Known(files.all, since={"himawari": day(since)})
    found = open_lines([operator()], rules, known, moment(now))
    return [f"{line.document} {line.period}" for line in found if line.document in ("enrolment", "invoice")]


def test_open_is_this_month_and_what_was_not_done_before(rules: Rulebook, files: Files) -> None:
    assert now_open(rules, files, NOW) == [
        # July's invoice was due on 10 August, in the month from which on this operator is asked.
        "invoice 2026-07", "enrolment 2026-08", "invoice 2026-08", "enrolment 2026-09", "invoice 2026-09",
        "enrolment 2026-10", "invoice 2026-10",
    ]  # fmt: skip
    for period in ("2026-07", "2026-08", "2026-09", "2026-10"):
        files.add("invoice", period, CONFIRMED)
        files.add("enrolment", period, REVIEW)
    assert now_open(rules, files, NOW) == [
        # What was sent for an earlier month is in review: the ward has to do with it, whenever it began to ask.
        "enrolment 2026-07", "enrolment 2026-08", "enrolment 2026-09", "invoice 2026-09", "enrolment 2026-10",
        "invoice 2026-10",
    ]  # fmt: skip


def test_a_new_operator_is_asked_for_nothing_old(rules: Rulebook, files: Files) -> None:
    assert now_open(rules, files, NOW, since="10-19") == ["invoice 2026-09", "enrolment 2026-10", "invoice 2026-10"]
    found = open_lines([operator()], rules, Known(), moment(NOW))
    assert {line.period for line in found} == {"2026-09", "2026-10"}


def test_what_is_closed_is_open_no_more(rules: Rulebook, files: Files) -> None:
    found = now_open(rules, files, "2027-06-02 10:00")
    assert found[0] == "enrolment 2027-04"
    assert now_open(rules, files, "2027-05-31 10:00")[0] == "invoice 2026-07"


def test_followed_are_whole_periods(rules: Rulebook, files: Files) -> None:
    files.add("enrolment", "2026-09", CONFIRMED)
    known = Known(files.all, since={"himawari": day("10-01")})
    found = {(line.document, line.period) for line in followed_lines([operator()], rules, known, moment("10-05 10:00"))}
    months = {(name, period) for name in ("enrolment", "invoice", "care")
              for period in ("2026-08", "2026-09", "2026-10")}  # fmt: skip
    last = {("application", "2026-10")}  # of earlier months nobody knows whether all of them is done
    assert found == months | last | {("result", "2026-Q2"), ("result", "2026-Q3")}
    # November's enrolment is asked for from 2 November on, three days before its day: it has begun by then.
    assert ("plan", "2027") not in found


# ── properties ──

STAGES = st.sampled_from(list(Stage))
PERIODS = st.sampled_from(["2026-08", "2026-09", "2026-10", None])
DOCUMENTS = st.sampled_from([*RULES, "gone", None, "request:x"])
ROLES = st.sampled_from([*(role for role in Role if role is not Role.REQUEST)])
SOME = st.lists(st.tuples(DOCUMENTS, PERIODS, STAGES, ROLES, st.integers(1, 28)), max_size=12)


@given(some=SOME, now=st.datetimes(datetime(2026, 8, 1), datetime(2026, 11, 30)))
@settings(max_examples=25, deadline=None)
def test_every_expected_document_is_there_exactly_once(
    some: list[tuple[str | None, str | None, Stage, Role, int]], now: datetime
) -> None:
    rules = rulebook()
    ward = [operator("himawari", corporation="会"), operator("sakura", kind="認定こども園", corporation="会")]
    files = Files()
    for document, period, stage, role, number in some:
        files.add(document, period, stage, f"10-{number:02} 10:00", role=role)
    for _ in range(2):
        files.add("request:x", None, CORRECTIONS, "10-07 10:00", role=Role.REQUEST)
    known = Known(files.all, since={"himawari": day("08-01"), "sakura": day("09-15")})
    local = now.replace(tzinfo=ZONE)
    every = [
        line for line in lines_for("2026-10", ward, rules, known, local) if not line.document.startswith("request:")
    ]
    expected = [("himawari", name) for name in ("enrolment", "care", "invoice", "application")]
    expected += [("sakura", name) for name in ("care", "invoice", "application")]
    assert sorted((line.operator, line.document) for line in every) == sorted(expected)
    followed = {_key(line): line for line in followed_lines(ward, rules, known, local)}
    opened = open_lines(ward, rules, known, local)
    assert len({_key(line) for line in opened}) == len(opened)
    for line in opened:
        if not line.closed:
            assert followed[_key(line)] == line
    for line in every:
        if _key(line) in followed:
            assert followed[_key(line)] == line


def _key(line: ChecklistLine) -> tuple[str, str, str]:
    return line.operator, line.document, line.period


def test_an_operator_without_files_of_a_large_ward(rules: Rulebook) -> None:
    ward = [Operator(f"o{number}", "園", "認可保育所", None, "a", "a") for number in range(50)]
    assert len(lines_for("2026-10", ward, rules, Known(), moment(NOW))) == 200
