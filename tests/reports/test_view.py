"""Who waits for whom, in which order, and when a page would show something new."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest

from syncd.model import Operator
from syncd.reports.entry import entries_of
from syncd.reports.fingerprint import fingerprint
from syncd.reports.view import Ward, own, whole
from syncd.rulebook.checklist import ChecklistLine
from tests.reports.wards import NOW, STAGES, at, every_state, example, line, operators

TODAY = NOW.date()
THREE = operators(3)


def ward(*lines: ChecklistLine, **more: Any) -> Ward:
    return replace(Ward(THREE, lines, STAGES, NOW), **more)


@pytest.mark.parametrize(
    ("given", "state", "waits_for"),
    [
        ({"state": "missing"}, "missing", "operator"),
        ({"state": "missing", "due": None}, "later", "nobody"),
        ({"state": "missing", "due": None, "document": "request:避難計画"}, "missing", "operator"),
        ({"state": "withdrawn"}, "withdrawn", "operator"),
        ({"state": "inbox"}, "processing", "system"),
        ({"state": "inbox", "waiting": "scanner"}, "scanner", "system"),
        ({"state": "inbox", "waiting": "person"}, "person", "staff"),
        ({"state": "review"}, "review", "staff"),
        ({"state": "corrections"}, "returned", "operator"),
        ({"state": "corrections", "offered": True}, "offered", "operator"),
        ({"state": "confirmed"}, "confirmed", "nobody"),
        ({"state": "confirmed", "original": "awaited"}, "original", "operator"),
        ({"state": "confirmed", "original": "received"}, "confirmed", "nobody"),
        ({"state": "not applicable"}, "not applicable", "nobody"),
        ({"state": "missing", "closed": True}, "missing", "nobody"),
        ({"state": "corrections", "closed": True}, "returned", "nobody"),
        ({"state": "review", "closed": True}, "review", "staff"),
    ],
)
def test_who_waits_for_whom(given: dict[str, Any], state: str, waits_for: str) -> None:
    (entry,) = entries_of([line(**given)], THREE, TODAY)
    assert (entry.state, entry.waits_for) == (state, waits_for)


@pytest.mark.parametrize(
    ("given", "late", "days", "pressing"),
    [
        ({"due": TODAY + timedelta(4)}, False, 4, None),
        ({"due": TODAY + timedelta(3)}, False, 3, 3),
        ({"due": TODAY}, False, 0, 0),
        ({"due": TODAY - timedelta(5), "late": True}, True, -5, -5),
        # nobody is called late whose side could not be seen
        ({"due": TODAY - timedelta(5)}, False, -5, None),
        ({"due": TODAY - timedelta(5), "late": True, "state": "review"}, False, None, None),
        ({"due": TODAY - timedelta(5), "late": True, "closed": True}, False, None, None),
    ],
)
def test_days_left_and_over(given: dict[str, Any], late: bool, days: int | None, pressing: int | None) -> None:
    (entry,) = entries_of([line(**given)], THREE, TODAY)
    assert (entry.late, entry.days, entry.pressing) == (late, days, pressing)


def test_late_and_old_come_first() -> None:
    soon, later = TODAY + timedelta(2), TODAY + timedelta(9)
    view = whole(ward(
        line("op000", due=later), line("op001", due=soon), line("op002", due=date(2026, 11, 9), late=True),
        line("op001", "staff", due=date(2026, 11, 2), late=True),
        line("op000", "staff", state="corrections", due=later), line("op001", "meals", state="corrections", due=soon),
        line("op000", "health", state="review", since=at(2026, 11, 6)),
        line("op002", "health", state="inbox", waiting="person", since=at(2026, 11, 2)),
        line("op001", "health", state="review", since=at(2026, 11, 9), late=True),
    ))  # fmt: skip
    assert [entry.line.operator for entry in view.late] == ["op001", "op002"]
    assert [entry.line.operator for entry in view.answers] == ["op001", "op000"]
    assert [group.facility for group in view.ahead] == ["さくら保育園", "ひまわり保育園"]
    assert [entry.line.operator for entry in view.staff] == ["op001", "op002", "op000"]
    assert view.asked_of_operators == 6
    (section,) = view.sections
    assert [row.late for row in section.rows] == [True, True, False]
    assert [row.facility for row in section.rows] == ["さくら保育園", "つばさこども園", "ひまわり保育園"]


def test_months_then_quarters_then_years_the_newest_first() -> None:
    periods = ["2026", "2026-09", "2026-Q2", "2026-11", "", "2025", "2026-10", "2026-Q1"]
    sections = whole(ward(*(line(period=period) for period in periods))).sections
    shown = [section.period for section in sections]
    assert shown == ["2026-11", "2026-10", "2026-09", "2026-Q2", "2026-Q1", "2026", "2025", ""]
    assert [section.period for section in sections if section.open] == ["2026-11", "2026-10"]
    (only,) = whole(ward(line(period="2025-01"))).sections
    assert only.open


def test_a_section_is_a_matrix_with_what_staff_asked_for_at_the_right() -> None:
    (section,) = whole(ward(
        line("op000", "meals", due=date(2026, 11, 20)), line("op000", "request:計画", title="計画", due=None),
        line("op000", "request:図面", title="図面", due=None), line("op001", "invoice", due=date(2026, 11, 10)),
    )).sections  # fmt: skip
    assert [column.document for column in section.columns] == ["invoice", "meals", "request:"]
    assert [[len(cell) for cell in row.cells] for row in section.rows] == [[0, 1, 2], [1, 0, 0]]
    assert (section.done, section.total) == (0, 4)


def test_operators_that_left_the_config_come_last_under_their_id() -> None:
    view = whole(ward(line("gone"), line("op002")))
    assert [row.facility for row in view.sections[0].rows] == ["つばさこども園", "gone"]


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        whole(ward(line(), made_at=NOW.replace(tzinfo=None)))


def test_an_operator_sees_its_own_lines_only() -> None:
    given = ward(line("op000"), line("op001", title="よその書類"))
    one = replace(given.only(THREE[0]), lines=given.lines)  # even when it is handed all of them
    page = own(one)
    lists = [value for part in fields(page) if isinstance(value := getattr(page, part.name), tuple)]
    shown = [entry for each in lists for entry in each]
    assert [entry.line.operator for entry in shown] == ["op000"]


def test_every_line_stands_in_one_list_of_the_operators_page() -> None:
    lines = every_state()
    page = own(ward(*lines).only(THREE[0]))
    names = [field.name for field in fields(page) if isinstance(getattr(page, field.name), tuple)]
    sizes = {name: len(getattr(page, name)) for name in names}
    assert sizes == {
        "returned": 1, "offered": 1, "unsent": 3, "original": 1, "checking": 4, "later": 1, "closed": 1, "done": 3,
    }  # fmt: skip
    assert sum(sizes.values()) == len(lines)


class TestFingerprint:
    def test_is_the_same_for_the_same_lines_in_any_order_at_any_moment_of_the_day(self) -> None:
        given = example()
        other = replace(given, lines=given.lines[::-1], made_at=NOW + timedelta(hours=5))
        assert fingerprint(given) == fingerprint(other)
        first = given.operators[0]
        assert fingerprint(given.only(first)) == fingerprint(other.only(first))

    @pytest.mark.parametrize(
        "change",
        [
            {"title": "別の書類"}, {"period": "2026-09"}, {"due": date(2026, 11, 21)}, {"state": "review"},
            {"late": True}, {"waiting": "person"}, {"offered": True}, {"original": "awaited"},
            {"arrived_at": 1.0}, {"since": 1.0}, {"submissions": 2}, {"cells": ("在籍!C14",)}, {"files": 2},
            {"closed": True},
        ],
    )  # fmt: skip
    def test_differs_for_each_thing_that_is_shown(self, change: dict[str, Any]) -> None:
        before, after = ward(line()), ward(line(**change))
        assert fingerprint(before) != fingerprint(after)
        assert fingerprint(before.only(THREE[0])) != fingerprint(after.only(THREE[0]))

    def test_differs_for_names_folders_and_language(self) -> None:
        given = ward(line())
        renamed = (replace(THREE[0], name="新しい名前"), *THREE[1:])
        stages = {stage: f"{name}!" for stage, name in STAGES.items()}
        others = [replace(given, operators=renamed), replace(given, stages=stages), replace(given, language="en")]
        assert len({fingerprint(each) for each in [given, *others]}) == 4

    def test_of_the_ward_follows_the_day_only_while_days_are_counted(self) -> None:
        calm, pressing = ward(line(due=date(2026, 11, 25))), ward(line(due=date(2026, 11, 9), late=True))
        tomorrow = NOW + timedelta(days=1)
        assert fingerprint(calm) == fingerprint(replace(calm, made_at=tomorrow))
        assert fingerprint(pressing) != fingerprint(replace(pressing, made_at=tomorrow))
        one = pressing.only(THREE[0])
        assert fingerprint(one) == fingerprint(replace(one, made_at=tomorrow))

    def test_of_an_operator_is_untouched_by_others(self) -> None:
        alone, beside = ward(line("op000")), ward(line("op000"), line("op001"))
        assert fingerprint(alone.only(THREE[0])) == fingerprint(beside.only(THREE[0]))

    def test_takes_half_of_a_character_pair(self) -> None:
        broken = Operator("x", "\ud800園", "", None, "x", "x")
        assert fingerprint(ward(line("x"), operators=(broken,))) != fingerprint(ward(line("x")))
