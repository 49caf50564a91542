"""Quiet hours."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from syncd.notices import Quiet

TOKYO = ZoneInfo("Asia/Tokyo")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO).timestamp()


def test_the_night_ends_in_the_morning() -> None:
    quiet = Quiet(time(19), time(8), zone=TOKYO)
    assert quiet.until(at("2026-11-05 18:59")) == at("2026-11-05 18:59")
    assert quiet.until(at("2026-11-05 19:00")) == at("2026-11-06 08:00")
    assert quiet.until(at("2026-11-06 07:59")) == at("2026-11-06 08:00")
    assert quiet.until(at("2026-11-06 08:00")) == at("2026-11-06 08:00")


def test_hours_within_a_day() -> None:
    quiet = Quiet(time(12), time(13), zone=TOKYO)
    assert quiet.until(at("2026-11-05 12:30")) == at("2026-11-05 13:00")
    assert quiet.until(at("2026-11-05 13:30")) == at("2026-11-05 13:30")


def test_closed_days_are_quiet_as_a_whole() -> None:
    quiet = Quiet(time(19), time(8), closed_days=True, zone=TOKYO)
    assert quiet.until(at("2026-11-06 20:00")) == at("2026-11-09 08:00"), "Friday evening to Monday morning"
    assert Quiet(closed_days=True, zone=TOKYO).until(at("2026-11-07 12:00")) == at("2026-11-09 00:00")
    holidays = Quiet(closed_days=True, zone=TOKYO, is_closed=lambda day: day == date(2026, 11, 3))
    assert holidays.until(at("2026-11-03 12:00")) == at("2026-11-04 00:00")


def test_a_calendar_that_is_always_closed_holds_nothing_back_for_ever() -> None:
    always = Quiet(closed_days=True, zone=TOKYO, is_closed=lambda day: True)
    assert always.until(at("2026-11-03 12:00")) == at("2026-11-03 12:00")


@given(st.times(), st.times(), st.booleans(), st.floats(1.7e9, 1.9e9))
def test_it_never_ends_in_the_past_nor_in_quiet(start: time, end: time, closed: bool, now: float) -> None:
    quiet = Quiet(start, end, closed, TOKYO)
    end_of_quiet = quiet.until(now)
    assert now <= end_of_quiet <= now + 5 * 86_400
    assert quiet.until(end_of_quiet) == end_of_quiet
