"""Reminders: said on their day within office hours, once, never after the document came, and never caught up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.model import Operator, Role, Stage
from syncd.rulebook.checklist import followed_lines
from syncd.rulebook.reminders import Reminder, due_reminders
from syncd.rulebook.standing import Known
from syncd.rulebook.wording import Item, Words, render
from tests.rulebook.month import Files, day, moment, operator, rulebook

INBOX, REVIEW, CORRECTIONS, CONFIRMED = Stage.INBOX, Stage.REVIEW, Stage.CORRECTIONS, Stage.CONFIRMED
TITLES = {"enrolment": "在籍児童数報告書", "invoice": "運営費請求書", "application": "交付申請書"}


@dataclass
class Office:
    """Keeps what was said, as the outbox does."""

    files: Files = field(default_factory=Files)
    since: date = field(default_factory=lambda: day("10-01"))
    said: set[str] = field(default_factory=set)
    ward: list[Operator] = field(default_factory=lambda: [operator()])
    waiting: dict[int, str] = field(default_factory=dict)

    def ask(self, now: datetime | str, unseen: Collection[str] = (), language: str = "ja") -> list[Reminder]:
        moment_now = moment(now) if isinstance(now, str) else now
        since = {each.id: self.since for each in self.ward}
        known = Known(self.files.all, self.waiting, since=since)  # type: ignore[arg-type]
        lines = followed_lines(self.ward, rulebook(), known, moment_now)
        found = due_reminders(
            lines, rulebook(), moment_now, since, self.said, language=language, unseen=unseen, settled_seconds=60
        )
        for one in found:
            assert self.said.isdisjoint(one.keys), "said before"
            self.said.update(one.keys)
        return [one for one in found if one.message]

    def texts(self, now: str, language: str = "ja") -> list[tuple[str, str]]:
        """Audience and text of what is said."""
        words = Words(
            rulebook().messages, {each.id: each.name for each in self.ward}, TITLES,
            stages={stage: stage.value for stage in Stage}, language=language,
        )  # fmt: skip
        tellings = [one.telling() for one in self.ask(now, language=language)]
        return [(each.audience, render([Item(1, each)], words)) for each in tellings if each]


@pytest.fixture
def office() -> Office:
    return Office()


def said(found: list[Reminder]) -> list[tuple[str, str]]:
    return [(one.audience, one.message) for one in found]


# ── what is missing ──


def test_one_message_lists_what_is_missing_each_with_its_day(office: Office) -> None:
    ask = "該当がない場合は「該当なし_書類名」というファイルを入れてください。"
    enrolment, invoice = "在籍児童数報告書（期限 10月5日（月））", "運営費請求書（期限 10月13日（火））"
    both = f"2026年10月分 {enrolment}、2026年9月分 {invoice}"
    assert office.texts("10-02 09:00") == [
        ("operator", f"【提出のお願い】himawari保育園2026年10月分: {enrolment}。{ask}")
    ]
    assert office.texts("10-09 09:00") == [("operator", f"【提出のお願い】himawari保育園2026年9月分: {invoice}。{ask}")]
    urgent = "至急ご提出ください。難しい場合は担当へご連絡ください。"
    assert office.texts("10-14 09:00") == [
        ("operator", f"【期限超過】himawari保育園: {both}。{urgent}"),
        ("staff", f"【期限超過】himawari保育園: {both}。"),
    ]


def test_in_english(office: Office) -> None:
    ask = "If there is nothing to report, put in a file named 該当なし_<document>."
    text = f"[Please send] himawari保育園 2026-10: 在籍児童数報告書 (due 2026-10-05). {ask}"
    assert office.texts("10-02 09:00", "en") == [("operator", text)]


@pytest.mark.parametrize(
    ("now", "messages"),
    [
        ("10-01 09:00", []),
        ("10-02 08:29", []),
        ("10-02 08:30", ["missing"]),
        ("10-02 17:14", ["missing"]),
        ("10-02 17:15", []),
        ("10-03 09:00", []),
        ("10-04 12:00", []),
        ("10-05 09:00", ["missing"]),
        ("10-06 09:00", ["overdue", "overdue_staff"]),
        ("10-07 09:00", []),
        ("10-08 09:00", ["overdue", "overdue_staff"]),
    ],
)
def test_only_on_their_days_within_office_hours(office: Office, now: str, messages: list[str]) -> None:
    for document in ("invoice", "care"):
        office.files.add(document, "2026-09", REVIEW)
    assert [one.message for one in office.ask(now)] == messages
    assert office.ask(now) == []


def test_what_was_skipped_is_not_caught_up(office: Office) -> None:
    """The daemon was down from 2 to 5 October; on the 6th the day after counts, and only that."""
    assert said(office.ask("10-06 16:00")) == [("operator", "overdue"), ("staff", "overdue_staff")]
    assert office.ask("10-07 10:00") == []


def test_nobody_is_chased_while_their_side_cannot_be_seen(office: Office) -> None:
    assert office.ask("10-02 09:00", unseen={"himawari"}) == []
    assert said(office.ask("10-02 15:00")) == [("operator", "missing")]


def test_it_stops_the_moment_the_document_comes(office: Office) -> None:
    office.files.add("enrolment", stage=INBOX, came="10-02 08:00")
    assert office.ask("10-02 09:00") == []


def test_what_waits_for_scanner_or_person_is_said_apart(office: Office) -> None:
    office.files.add("enrolment", stage=INBOX, came="10-02 08:00")
    office.waiting[1] = "scanner"
    assert office.ask("10-05 09:00") == []
    office.since = day("09-01")
    office.said.clear()
    (text,) = [text for audience, text in office.texts("10-09 09:00") if audience == "operator" and "提出の" in text]
    assert "運営費請求書（期限 10月13日（火））（確認待ち: 在籍児童数報告書）。" in text


def test_a_withdrawn_document_is_asked_for_again(office: Office) -> None:
    office.files.add("enrolment", role=Role.WITHDRAWN)
    assert said(office.ask("10-05 09:00")) == [("operator", "missing")]


def test_a_document_that_goes_missing_during_the_day_is_said_alone(office: Office) -> None:
    office.since = day("09-01")
    first = office.files.add("invoice", "2026-09", REVIEW)
    assert office.ask("10-13 09:00") == []
    office.files.move(first, REVIEW, "10-13 10:00", role=Role.WITHDRAWN)
    (told,) = [one for one in office.ask("10-13 11:00") if one.message == "missing"]
    assert (told.values["list"], told.values["count"]) == ("運営費請求書（期限 10月13日（火））", "1")


def test_nothing_from_before_the_first_day(office: Office) -> None:
    office.since = day("10-06")
    assert office.ask("10-06 09:00") == []
    office.since = day("10-05")
    assert said(office.ask("10-06 09:00")) == [("operator", "overdue"), ("staff", "overdue_staff")]
    unknown = due_reminders(
        followed_lines([operator()], rulebook(), Known(), moment("10-06 09:00")),
        rulebook(),
        moment("10-06 09:00"),
        {},
        (),
    )
    assert unknown == ()


def test_closed_periods_are_never_reminded(office: Office) -> None:
    office.since = day("04-01")
    office.files.add("enrolment", "2026-10", CORRECTIONS, "2027-05-25 10:00")
    assert "corrections_waiting" in [one.message for one in office.ask("2027-05-28 10:00")]
    office.files.move(office.files.all[0], CORRECTIONS, "2027-05-28 10:00")
    assert "corrections_waiting" not in [one.message for one in office.ask("2027-06-02 10:00")]


# ── what is unanswered ──


@pytest.mark.parametrize(
    ("stage", "offered", "message"),
    [(CORRECTIONS, False, "corrections_waiting"), (CORRECTIONS, True, "agreement_waiting")],
)
def test_unanswered_corrections_are_asked_for_again(office: Office, stage: Stage, offered: bool, message: str) -> None:
    office.files.add("enrolment", stage=stage, entered="10-05 16:00", offered=offered)
    found = {}
    for number in range(5, 31):
        now = f"10-{number:02} 10:00"
        found[number] = [each for each in said(office.ask(now)) if each[1] in (message, "unanswered")]
    to_operator = ("operator", message)
    # 3, 7 and 14 business days after Monday, 5 October; the 12th is a holiday.
    assert {number: told for number, told in found.items() if told} == {
        8: [to_operator],
        15: [to_operator],
        26: [to_operator, ("staff", "unanswered")],
    }


def test_a_long_review_is_told_to_staff(office: Office) -> None:
    office.files.add("enrolment", stage=REVIEW, entered="10-05 16:00")
    found = [(number, each) for number in range(5, 31) for each in said(office.ask(f"10-{number:02} 10:00"))
             if each[1] == "review_waiting"]  # fmt: skip
    assert found == [(13, ("staff", "review_waiting")), (20, ("staff", "review_waiting"))]


def test_a_request_is_repeated_until_it_is_answered(office: Office) -> None:
    office.since = day("11-01")
    office.files.add("request:園だより", None, CORRECTIONS, "10-05 10:00", name="依頼_園だより.txt", role=Role.REQUEST)
    asked = "【提出のお願い（再）】himawari保育園2026年10月分: 園だより（10月5日（月）から）。"
    text = f"{asked}「inbox」に入れてください。難しい場合は担当へご連絡ください。"
    assert ("operator", text) in office.texts("10-08 10:00")
    office.files.add("request:園だより", None, REVIEW, "10-09 10:00", name="園だより.pdf")
    assert "request_waiting" not in [one.message for one in office.ask("10-15 10:00")]


# ── what follows from confirming ──


def confirm(office: Office, when: str) -> None:
    for document in ("enrolment", "invoice", "care"):
        office.files.add(document, "2026-10", CONFIRMED, "10-30 10:00", entered=when)


def sealed(office: Office, now: str) -> list[str]:
    return [one.message for one in office.ask(now) if "sealed" in one.message or one.message == "all_confirmed"]


def test_the_sealed_original_is_asked_for_once(office: Office) -> None:
    confirm(office, "11-12 15:00")
    assert sealed(office, "11-12 15:00") == [], "it may still be dragged back"
    (text,) = [text for _, text in office.texts("11-12 15:01") if "押印" in text]
    assert text == (
        "【押印書類の送付】himawari保育園2026年10月分: 内容の確認が終わりました。"
        "交付申請書の押印原本をお送りください（11月19日（木）必着）。"
    )
    for later in ("11-12 16:00", "11-13 10:00", "11-19 10:00", "12-01 10:00"):
        assert sealed(office, later) == []


def test_it_waits_for_office_hours_and_is_not_lost(office: Office) -> None:
    confirm(office, "11-13 18:00")
    assert sealed(office, "11-13 19:00") == sealed(office, "11-14 10:00") == []
    assert sealed(office, "11-16 08:30") == ["send_sealed_original"]


def test_it_is_called_off_when_another_document_is_reopened_and_asked_for_again(office: Office) -> None:
    confirm(office, "11-12 15:00")
    assert sealed(office, "11-12 16:00") == ["send_sealed_original"]
    office.files.move(office.files.all[0], REVIEW, "11-13 10:00")
    assert sealed(office, "11-13 10:00") == ["sealed_original_off"]
    assert sealed(office, "11-13 11:00") == []
    office.files.move(office.files.all[0], CONFIRMED, "11-13 15:00")
    assert sealed(office, "11-13 16:00") == ["send_sealed_original"]
    assert sealed(office, "11-16 16:00") == []


def test_it_is_called_off_when_the_application_itself_is_reopened(office: Office) -> None:
    confirm(office, "11-12 15:00")
    assert sealed(office, "11-12 16:00") == ["send_sealed_original"]
    file = office.files.add("application", stage=REVIEW, came="11-13 10:00")
    assert sealed(office, "11-13 11:00") == [], "it is on its way, not reopened"
    file = office.files.move(file, CONFIRMED, "11-13 14:00")
    assert sealed(office, "11-13 15:00") == ["all_confirmed"]
    office.files.move(file, REVIEW, "11-16 10:00")
    assert sealed(office, "11-16 10:00") == ["sealed_original_off"]


def test_nothing_is_called_off_once_the_original_is_here(office: Office) -> None:
    confirm(office, "11-12 15:00")
    assert sealed(office, "11-12 16:00") == ["send_sealed_original"]
    office.files.add(None, None, CONFIRMED, "11-16 10:00", name="原本受領_202610.txt", role=Role.RECEIPT)
    assert sealed(office, "11-16 10:00") == []
    assert sealed(office, "11-16 11:00") == ["all_confirmed"]
    office.files.move(office.files.all[0], REVIEW, "11-17 10:00")
    assert sealed(office, "11-17 10:00") == []


def test_an_original_that_does_not_come_is_asked_for_again(office: Office) -> None:
    confirm(office, "11-12 15:00")
    office.files.add("application", stage=CONFIRMED, came="11-13 10:00", entered="11-13 14:00")
    days = [number for number in range(13, 31) for one in office.ask(f"11-{number:02} 10:00")
            if one.message == "original_waiting"]  # fmt: skip
    assert days == [20, 30]


def test_all_confirmed_is_said_once_for_a_month(office: Office) -> None:
    confirm(office, "11-12 15:00")
    file = office.files.add("application", stage=CONFIRMED, came="11-13 10:00", entered="11-13 14:00")
    assert office.texts("11-13 15:00")[-1] == ("operator", "himawari保育園2026年10月分の書類はすべて確認済みです。")
    office.files.move(file, REVIEW, "11-16 10:00")
    assert "all_confirmed" not in sealed(office, "11-16 11:00")
    office.files.move(office.files.all[-1], CONFIRMED, "11-16 14:00")
    assert "all_confirmed" not in sealed(office, "11-16 15:00")


def test_months_that_were_done_before_the_first_day_are_not_congratulated(office: Office) -> None:
    office.since = day("11-13")
    confirm(office, "11-12 15:00")
    office.files.add("application", stage=CONFIRMED, came="11-11 10:00", entered="11-12 14:00")
    assert sealed(office, "11-13 15:00") == []


# ── a month, hour by hour ──


@given(seed=st.integers(0, 2**32))
@settings(max_examples=4, deadline=None)
def test_a_month_with_the_daemon_down_at_random(seed: int) -> None:
    """Never twice, never at night or on closed days, never before its day, never after it came, never caught up."""
    random, office, book = Random(seed), Office(), rulebook()
    came = {name: day("10-01") + timedelta(days=random.randint(0, 40)) for name in ("enrolment", "invoice")}
    now, down_until = moment("10-01 00:10"), moment("10-01 00:00")
    named: set[tuple[str, str, str]] = set()
    while now < moment("10-31 00:00"):
        now += timedelta(hours=3)
        for name, when in came.items():
            if now.date() >= when and not any(file.document == name for file in office.files.all):
                period = "2026-10" if name == "enrolment" else "2026-09"
                office.files.add(name, period, REVIEW, f"{now:%m-%d %H:%M}")
        if random.random() < 0.08:
            down_until = now + timedelta(hours=random.choice((4, 30, 100)))
        if now < down_until:
            continue
        for one in office.ask(now, unseen={"himawari"} if random.random() < 0.1 else ()):
            assert book.calendar.in_office_hours(now)
            if one.message not in ("missing", "overdue"):
                continue
            for key in one.keys:
                name, _, document, period, told = key.split(":")
                assert (name, told) == ("missing", now.date().isoformat())
                assert (document, period, told) not in named
                named.add((document, period, told))
                assert not any(file.document == document and file.period == period for file in office.files.all)
            assert now.date() in _days("enrolment", day("10-05")) | _days("invoice", day("10-13"))


def _days(document: str, due: date) -> set[date]:
    rule = rulebook().rules[document].due
    assert rule is not None
    return set(rule.steps(due, rulebook().calendar))


def test_of_a_month_before_the_first_nothing_is_asked_for_at_its_end(office: Office) -> None:
    """September's head-count was due before this ward began, so that nobody knows whether all of September is done."""
    for document in ("invoice", "care"):
        office.files.add(document, "2026-09", CONFIRMED, "10-06 10:00")
    assert "send_sealed_original" not in [one.message for one in office.ask("10-07 09:00")]


def test_a_whole_month_awake_says_each_step_once() -> None:
    office, now, found = Office(), moment("10-01 00:10"), []
    for document in ("invoice", "care"):
        office.files.add(document, "2026-09", REVIEW, "09-30 10:00")
    while now < moment("10-10 00:00"):
        now += timedelta(hours=1)
        found += [(one.message, now.day, now.hour) for one in office.ask(now) if one.audience == "operator"]
    assert found == [("missing", 2, 9), ("missing", 5, 9), ("overdue", 6, 9), ("overdue", 8, 9)]
