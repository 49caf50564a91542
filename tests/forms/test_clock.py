"""Times of day and lengths of time, as forms write them and as cells hold them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.forms.clock import shown_time
from syncd.forms.grid import Scalar
from syncd.forms.units import Unit
from syncd.forms.values import WrongKind, read


def span(hours: float, minutes: int = 0) -> timedelta:
    return timedelta(hours=hours, minutes=minutes)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("7:30", span(7, 30)), ("７：３０", span(7, 30)), ("午前7時30分", span(7, 30)), ("午後5時半", span(17, 30)),
     ("17時", span(17)), ("PM 5:30", span(17, 30)), ("5:30 pm", span(17, 30)), ("12:15 am", span(0, 15)),
     ("午後0時10分", span(12, 10)), ("24:00", span(24)), ("翌1:30", span(25, 30)), ("25:30", span(25, 30)),
     (time(7, 30), span(7, 30)), (datetime(1899, 12, 31, 7, 30), span(7, 30)),
     (datetime(2025, 10, 1, 7, 30), span(7, 30)),
     (timedelta(hours=7.5), span(7, 30)), ("", None), ("　時　分", None), ("：", None), (None, None)],
)  # fmt: skip
def test_times_of_day(value: Scalar, expected: timedelta | None) -> None:
    assert read(value, "time") == expected


@pytest.mark.parametrize(
    "value",
    ["午後12時", "7:75", "7.30", "730", "7", 7, Decimal("0.3125"), date(2025, 10, 1), datetime(2025, 10, 1), "48:00",
     "25時（午前）",
     "7:30～18:30", "午後13時", "午前7:30pm", "7時間30分", True],
)  # fmt: skip
def test_what_is_no_time_of_day(value: Scalar) -> None:
    with pytest.raises(WrongKind):
        read(value, "time")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("7:30", span(7, 30)), ("7時間30分", span(7, 30)), ("7時間半", span(7, 30)), ("7.5時間", span(7, 30)),
     ("450分", span(7, 30)),
     ("450分間", span(7, 30)), ("36:00", span(36)), ("160:15", span(160, 15)), ("7 h 30 m", span(7, 30)),
     ("0分", span(0)),
     ("-1:30", span(-1, -30)), ("▲30分", span(0, -30)), (timedelta(days=1.5), span(36)), (time(7, 30), span(7, 30)),
     (timedelta(seconds=26_999.9999), span(7, 30)), ("　時間　分", None), ("時間", None), ("-", None)],
)  # fmt: skip
def test_lengths_of_time(value: Scalar, expected: timedelta | None) -> None:
    assert read(value, "duration") == expected


@pytest.mark.parametrize(
    "value",
    ["7.5", 7, Decimal("0.3125"), 450, "7:75", "7時間90分", "7.5時間30分", "7時30分", "半", date(2025, 10, 1),
     datetime(1900, 1, 1, 12), "7:30-18:30", "1日"],
)  # fmt: skip
def test_what_is_no_length_of_time(value: Scalar) -> None:
    with pytest.raises(WrongKind):
        read(value, "duration")


def test_a_bare_number_is_a_length_only_where_its_unit_is_known() -> None:
    assert read("7.5", "duration", Unit(time="hours")) == span(7, 30)
    assert read(450, "duration", Unit(time="minutes")) == span(7, 30)
    assert read("7:30", "duration", Unit(time="minutes")) == span(7, 30)
    assert read("2時間", "duration", Unit(time="minutes")) == span(2)


@given(st.integers(0, 47), st.integers(0, 59))
def test_every_minute_in_every_spelling(hours: int, minutes: int) -> None:
    expected = span(hours, minutes)
    for spelling in (
        f"{hours}:{minutes:02}",
        f"{hours}時間{minutes}分",
        f"{hours * 60 + minutes}分",
        f"{hours}：{minutes:02}",
    ):
        assert read(spelling, "duration") == expected
    for spelling in (f"{hours}:{minutes:02}", f"{hours}時{minutes}分"):
        assert read(spelling, "time") == expected
    assert read(shown_time(expected), "duration") == expected


@pytest.mark.parametrize(
    ("value", "number"),
    [("3か月", 3), ("3ヶ月", 3), ("3ヵ月", 3), ("3ケ月", 3), ("3カ月間", 3), ("３箇月", 3), ("10日間", 10),
     ("45分", 45), ("20名", 20),
     ("＠1,200", 1200), ("@￥1,200", 1200), ("1,234千円", 1_234_000), ("12万円", 120_000), ("3百万円", 3_000_000),
     ("1.5億円", 150_000_000), ("金1,234千円也", 1_234_000), ("12％", 12), ("5クラス", 5), ("30食", 30),
     ("延べ12人", 12), ("10月", 10)],
)  # fmt: skip
def test_units_behind_a_number(value: str, number: int) -> None:
    assert read(value, "int") == number
    assert read(value, "number") == number


def test_per_cent_is_read_as_it_is_written_and_is_no_money() -> None:
    assert read("12.5％", "number") == Decimal("12.5")
    for text in ("12.5%", "50％", "3か月", "2時間"):
        with pytest.raises(WrongKind):
            read(text, "amount")


def test_a_unit_of_its_own_goes_before_that_of_its_surroundings() -> None:
    thousand = Unit(yen=1_000)
    assert read("1,234", "amount", thousand) == 1_234_000
    assert read(Decimal("1.5"), "amount", thousand) == 1_500
    assert read("1,234円", "amount", thousand) == 1_234
    assert read("5万円", "amount", thousand) == 50_000
    assert read(12, "int", thousand) == 12_000
