"""The story's days, whenever it is told."""

from __future__ import annotations

import time
from datetime import date, datetime

import pytest

from syncd.demo.days import MORNING, TOKYO, Days, heading, story_days
from syncd.demo.month import MONTH
from syncd.demo.on_a_day import DisplacedClock
from syncd.demo.steps import Said
from syncd.packaged import rules_folder
from syncd.rulebook import Rulebook, load

NAMES = ("first", "before", "due", "after", "last")


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return load(rules_folder(), rules_folder())


def test_they_are_business_days_one_after_the_other_in_an_earlier_month(rules: Rulebook) -> None:
    for today in (date(year, month, 1) for year in range(2025, 2031) for month in range(1, 13)):
        days = story_days(rules, today)
        moments = [days.at(scene.day) for scene in MONTH]
        assert moments == sorted(moments) and len(set(moments)) == len(NAMES)
        for moment in moments:
            assert rules.calendar.business_day(moment.date())
            assert (moment.year, moment.month) == days.month
            assert moment.date() < today
            assert rules.calendar.in_office_hours(moment) is (moment.time() == MORNING)
        assert rules.calendar.business_days_between(days.due.date(), days.after.date()) == 1


def test_only_what_the_story_tells_of_is_asked_for_on_its_days(rules: Rulebook) -> None:
    """What is due in the month after, or in this one and comes on the first day, asks nobody on the others."""
    sent = {"enrolment", "invoice", "extended_care", "disability", "temporary_care", "additions", "staff"}
    others = [rule for rule in rules.rules.values() if rule.document not in sent and rule.due and not rule.due.after]
    assert {rule.document for rule in others} == {"result", "treatment_plan", "treatment_result"}
    for today in (date(year, month, 1) for year in range(2025, 2031) for month in range(1, 13)):
        days = story_days(rules, today)
        fiscal = days.month[0] - (days.month[1] < 4)
        for rule in others:
            quarters = [f"{year}-Q{number}" for year in (fiscal - 1, fiscal) for number in (1, 2, 3, 4)]
            for period in quarters if rule.document == "result" else [str(fiscal - 1), str(fiscal)]:
                due = rule.due.on(period, rules.calendar) if rule.due else None
                assert rule.due and due
                asked = rule.due.steps(due, rules.calendar)
                assert not {days.before.date(), days.due.date(), days.after.date()} & set(asked), (period, rule.title)


def test_a_day_as_people_say_it(rules: Rulebook) -> None:
    days = story_days(rules, date(2026, 1, 20))
    assert (days.month, days.previous) == ((2025, 12), (2025, 11))
    assert story_days(rules, date(2026, 2, 1)).previous == (2025, 12)
    assert (days.words("en")["due"], days.words("ja")["due"]) == ("15 December", "12月15日")
    assert heading(days.first, "en") == "Friday, 5 December 2025, 08:00 in Tokyo"
    assert heading(days.due, "ja") == "2025年12月15日（月）10時"


def test_all_that_is_said_has_its_days(rules: Rulebook) -> None:
    days: Days = story_days(rules, date(2026, 1, 20))
    for scene in MONTH:
        for said in (scene.title, *(step for step in scene.steps if isinstance(step, Said))):
            assert "{" not in said.en.format(**days.words("en")) + said.ja.format(**days.words("ja"))


def test_a_displaced_clock_goes_on_from_its_moment() -> None:
    moment = datetime(2025, 12, 15, 10, tzinfo=TOKYO)
    clock = DisplacedClock(moment)
    assert 0 <= clock.now() - moment.timestamp() < 60
    before = clock.now(), clock.monotonic()
    time.sleep(0.01)
    assert (clock.now(), clock.monotonic()) > before
