"""Business days of Japan, due days that roll, office hours, and the file that a ward writes its own days into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.rulebook import Calendar, Rulebook, load
from syncd.rulebook.calendar import Intervals, holiday

Faults = Callable[..., list[str]]
Book = Callable[..., Rulebook]

# As the Cabinet Office published them; 2028 by the law as it stands.
HOLIDAYS = {
    2019: "1/1 1/14 2/11 3/21 4/29 4/30 5/1 5/2 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/23 10/14 10/22 11/3 11/4 11/23",
    2020: "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/23 7/24 8/10 9/21 9/22 11/3 11/23",
    2021: "1/1 1/11 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/22 7/23 8/8 8/9 9/20 9/23 11/3 11/23",
    2022: "1/1 1/10 2/11 2/23 3/21 4/29 5/3 5/4 5/5 7/18 8/11 9/19 9/23 10/10 11/3 11/23",
    2023: "1/1 1/2 1/9 2/11 2/23 3/21 4/29 5/3 5/4 5/5 7/17 8/11 9/18 9/23 10/9 11/3 11/23",
    2024: "1/1 1/8 2/11 2/12 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/22 9/23 10/14 11/3 11/4 11/23",
    2025: "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/21 8/11 9/15 9/23 10/13 11/3 11/23 11/24",
    2026: "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23",
    2027: "1/1 1/11 2/11 2/23 3/21 3/22 4/29 5/3 5/4 5/5 7/19 8/11 9/20 9/23 10/11 11/3 11/23",
    2028: "1/1 1/10 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/17 8/11 9/18 9/22 10/9 11/3 11/23",
}
NONE = Calendar()


def days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


@pytest.mark.parametrize("year", HOLIDAYS)
def test_the_holidays_are_those_of_the_cabinet_office(year: int) -> None:
    found = [f"{day.month}/{day.day}" for day in days_of(year) if holiday(day)]
    assert " ".join(found) == HOLIDAYS[year]


@pytest.mark.parametrize("year", HOLIDAYS)
def test_everything_else_on_weekdays_is_a_business_day_but_for_the_turn_of_the_year(year: int) -> None:
    holidays = set(HOLIDAYS[year].split())
    turn = {"12/29", "12/30", "12/31", "1/1", "1/2", "1/3"}
    for day in days_of(year):
        written = f"{day.month}/{day.day}"
        expected = day.weekday() < 5 and written not in holidays | turn
        assert NONE.business_day(day) is expected, day
        assert NONE.closed_day(day) is not expected


@pytest.mark.parametrize(
    ("day", "following", "preceding"),
    [
        ("2026-10-05", "2026-10-05", "2026-10-05"),  # a Monday
        ("2026-10-10", "2026-10-13", "2026-10-09"),  # Saturday, then スポーツの日 on Monday
        ("2019-04-27", "2019-05-07", "2019-04-26"),  # ten days closed in a row
        ("2026-09-21", "2026-09-24", "2026-09-18"),  # 敬老の日, 国民の休日, 秋分の日
        ("2026-12-31", "2027-01-04", "2026-12-28"),
        ("2025-12-27", "2026-01-05", "2025-12-26"),
        ("2026-05-31", "2026-06-01", "2026-05-29"),
    ],
)
def test_a_closed_due_day_rolls(day: str, following: str, preceding: str) -> None:
    given_day = date.fromisoformat(day)
    assert NONE.roll(given_day, "next_business_day") == date.fromisoformat(following)
    assert NONE.roll(given_day, "previous_business_day") == date.fromisoformat(preceding)
    assert NONE.roll(given_day, "none") == given_day


def test_business_days_are_counted_over_everything_closed() -> None:
    assert NONE.add_business_days(date(2026, 12, 25), 2) == date(2027, 1, 4)
    assert NONE.add_business_days(date(2027, 1, 4), -2) == date(2026, 12, 25)
    assert NONE.add_business_days(date(2026, 10, 10), 1) == date(2026, 10, 13)
    assert NONE.add_business_days(date(2026, 10, 10), 0) == date(2026, 10, 10)
    assert NONE.business_days_between(date(2026, 9, 18), date(2026, 9, 25)) == 2
    assert NONE.business_days_between(date(2026, 9, 25), date(2026, 9, 18)) == 0


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), count=st.integers(-40, 40))
@settings(max_examples=60, deadline=None)
def test_counting_there_and_back(day: date, count: int) -> None:
    there = NONE.add_business_days(day, count)
    if count > 0:
        assert NONE.business_day(there) and there > day
        assert NONE.business_days_between(day, there) == count
    elif count < 0:
        assert NONE.business_day(there) and there < day
    if NONE.business_day(day):
        assert NONE.add_business_days(there, -count) == day


@given(day=st.dates())
@settings(max_examples=80, deadline=None)
def test_no_date_is_too_far_away(day: date) -> None:
    for roll in ("next_business_day", "previous_business_day", "none"):
        assert isinstance(NONE.roll(day, roll), date)
    assert isinstance(NONE.add_business_days(day, 30), date)
    assert isinstance(NONE.add_business_days(day, -30), date)


def test_the_first_and_the_last_day_there_are() -> None:
    for day in (date.min, date.max):
        assert isinstance(NONE.business_day(day), bool)
        assert NONE.roll(day, "next_business_day") <= date.max
        assert NONE.add_business_days(day, -5) >= date.min


def test_a_calendar_that_is_closed_for_years_ends_the_search() -> None:
    closed = Calendar(closed=frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(900)))
    assert closed.roll(date(2026, 6, 1), "next_business_day") == date(2026, 6, 1)
    assert closed.add_business_days(date(2026, 6, 1), 3) == date(2026, 6, 1)


def test_office_hours_are_those_of_business_days() -> None:
    monday = datetime(2026, 10, 5, tzinfo=UTC)
    at = [(8, 29), (8, 30), (17, 14), (17, 15)]
    found = [NONE.in_office_hours(monday.replace(hour=hour, minute=minute)) for hour, minute in at]
    assert found == [False, True, True, False]
    assert not NONE.in_office_hours(datetime(2026, 10, 12, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-10-05T07:00", "2026-10-05T08:30"),
        ("2026-10-05T09:00", "2026-10-05T09:00"),
        ("2026-10-05T17:15", "2026-10-06T08:30"),
        ("2026-10-09T18:00", "2026-10-13T08:30"),
        ("2026-10-10T10:00", "2026-10-13T08:30"),
    ],
)
def test_when_the_office_opens_next(now: str, opening: str) -> None:
    assert NONE.next_opening(datetime.fromisoformat(now)) == datetime.fromisoformat(opening)


# ── _calendar.yaml ──


def test_the_packaged_file_says_what_holds_without_one(packaged: Path) -> None:
    assert load(packaged, packaged).calendar == NONE


def test_a_ward_has_its_own_days(book: Book) -> None:
    found = book(
        _calendar="closed: [2026-05-01, '2026-08-14']\nopen: 2027-01-03\n"
        'office_hours: {from: "9:00", to: "16:30"}\n'
        "remind: {corrections: [5, 2], review: [], answer_days: 7}\n"
    ).calendar
    assert not found.business_day(date(2026, 5, 1)) and not found.business_day(date(2026, 8, 14))
    assert found.business_day(date(2027, 1, 3)) and not found.business_day(date(2027, 1, 2))
    assert (found.opens, found.closes) == (time(9), time(16, 30))
    assert found.remind == Intervals(corrections=(2, 5), review=(), answer_days=7)


def test_what_a_ward_does_not_say_is_as_in_the_package(book: Book) -> None:
    assert book(_calendar="closed: [2026-05-01]\n").calendar == Calendar(closed=frozenset({date(2026, 5, 1)}))
    assert book(_calendar="").calendar == NONE
    assert book().calendar == NONE


def test_every_fault_of_the_calendar_is_said_at_once(faults: Faults) -> None:
    found = faults(
        _calendar="closd: [2026-05-01]\nopen: [2026-02-30, tomorrow, [1], 2026-05-01, 2026-05-01]\nclosed: 2026-05-01\n"
        'office_hours: {from: "18:00", to: "9:0", too: 1}\nremind: {corrections: [0, x], reviews: [3]}\n'
    )
    assert found == [
        "_calendar.yaml:1: unknown key 'closd' — did you mean 'closed'?",
        "_calendar.yaml:2: open can't have '2026-02-30' — write a day that exists like 2026-05-01",
        "_calendar.yaml:2: open can't have 'tomorrow' — write a day that exists like 2026-05-01",
        "_calendar.yaml:2: open can't have a list or group — write a day that exists like 2026-05-01",
        "_calendar.yaml:2: 2026-05-01 is both closed and open — remove it from one of the lists",
        "_calendar.yaml:2: open has 2026-05-01 twice — remove one of the two",
        '_calendar.yaml:4: office_hours: `from` must be before `to` — e.g. {from: "08:30", to: "17:15"}',
        "_calendar.yaml:4: office_hours.to can't be '9:0' — write a time of day, e.g. \"08:30\"",
        "_calendar.yaml:4: unknown key 'too' in office_hours — did you mean 'to'?",
        "_calendar.yaml:5: remind.corrections can't be 0 — it must be at least 1 and at most 200",
        "_calendar.yaml:5: remind.corrections must be a whole number, not text — write digits, e.g. 5",
        "_calendar.yaml:5: unknown key 'reviews' in remind — did you mean 'review'?",
    ]


def test_there_is_one_calendar(faults: Faults, tmp_path: Path) -> None:
    (tmp_path / "_calendar.yml").write_text("closed: []\n")
    assert faults(_calendar="closed: []\n") == [
        "_calendar.yaml: there is '_calendar.yml' as well — keep one of the two"
    ]
