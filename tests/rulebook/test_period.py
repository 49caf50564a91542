"""Months, quarters and fiscal years in the spellings that people use; what could mean two things is not guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.rulebook import period
from syncd.rulebook.naming import normalised

TODAY = date(2025, 11, 5)


def read(text: str, every: period.Every = "month", today: date = TODAY) -> list[str]:
    return [found.value for found in period.spelled(normalised(text), every, today)]


@pytest.mark.parametrize(
    "spelling",
    [
        "202510",
        "２０２５１０",
        "2025-10",
        "2025_10",
        "2025.10",
        "2025/10",
        "2025 10",
        "2025－10",
        "2025–10",
        "202510分",
        "2025年10月",
        "2025年10月分",
        "2025年10月度",
        "2025年10月度分",
        "２０２５年１０月分",
        "2025年 10月",
        "2025_10月分",
        "令和7年10月",
        "令和７年１０月分",
        "令和07年10月",
        "令和 7 年 10 月分",
        "㋿7年10月",
        "令和7年度10月分",
        "2025年度_10月分",
        "令和7.10",
        "R7.10",
        "R7-10",
        "R7_10",
        "R07-10",
        "R07.10",
        "Ｒ７．１０",
        "r7年10月",
        "R7年10月分",
        "R7.10月分",
        "R0710",
        "10月",
        "10月分",
        "１０月分",
        "10月度",
    ],
)
def test_every_spelling_of_a_month(spelling: str) -> None:
    assert read(spelling) == ["2025-10"]
    assert read(f"012_{spelling}_在籍児童数報告書") == ["2025-10"]


@pytest.mark.parametrize(
    ("spelling", "means"),
    [
        ("令和元年5月", "2019-05"),
        ("R1.12", "2019-12"),
        ("令和7年度1月分", "2026-01"),
        ("2025年度3月", "2026-03"),
        ("2025年度4月", "2025-04"),
        ("R7.1", "2025-01"),
        ("2025-9", "2025-09"),
        ("2025年09月", "2025-09"),
    ],
)
def test_spellings_that_mean_another_month(spelling: str, means: str) -> None:
    assert read(spelling) == [means]


@pytest.mark.parametrize(
    "text",
    [
        "202513",
        "202500",
        "2025-13",
        "2025年13月",
        "2025年0月",
        "令和7年13月",
        "R7.13",
        "R7.0",
        "R0.10",
        "令和0年10月",
        "令和元年4月",
        "13月分",
        "0月分",
        "平成30年10月",
        "2025_13月",
        "20251005",
        "1202510",
        "2025-10-05",
        "2025.10.5",
        "2025年10月1日",
        "10月1日現在",
        "ver7.10",
        "3ヶ月",
        "2025年度",
        "2025年度第3四半期",
        "2025-1Q",
        "1999-10",
        "",
    ],
)
def test_impossible_months_and_dates_are_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("today", "means"),
    [
        (date(2025, 10, 1), "2025-10"),
        (date(2025, 10, 31), "2025-10"),
        (date(2025, 12, 31), "2025-10"),
        (date(2026, 1, 1), "2025-10"),
        (date(2026, 9, 30), "2025-10"),
        (date(2025, 9, 30), "2024-10"),
    ],
)
def test_a_month_without_a_year_is_the_nearest_that_has_begun(today: date, means: str) -> None:
    assert read("10月分", today=today) == [means]


def test_two_months_in_a_name_are_both_found_and_none_is_read_twice() -> None:
    assert read("2025年10月分・令和7年11月分_12月") == ["2025-10", "2025-11", "2024-12"]


@pytest.mark.parametrize(
    ("spelling", "means"),
    [
        ("2025年度", "2025"),
        ("２０２５年度分", "2025"),
        ("令和7年度", "2025"),
        ("令和元年度", "2019"),
        ("R7年度", "2025"),
        ("R07年度", "2025"),
        ("FY2025", "2025"),
        ("2025", "2025"),
        ("R7", "2025"),
    ],
)
def test_every_spelling_of_a_fiscal_year(spelling: str, means: str) -> None:
    assert read(spelling, "fiscal_year") == [means]
    assert read(f"012_{spelling}_処遇改善等加算計画書", "fiscal_year") == [means]


@pytest.mark.parametrize(
    "text", ["202510", "2025年", "令和7年", "2025-10", "R7.10", "2025年度10月", "2025年度3Q", "R0"]
)
def test_what_is_no_fiscal_year(text: str) -> None:
    assert read(text, "fiscal_year") == []


@pytest.mark.parametrize(
    ("spelling", "means"),
    [
        ("2025年度第3四半期", "2025-Q3"),
        ("２０２５年度第３四半期分", "2025-Q3"),
        ("令和7年度第三四半期", "2025-Q3"),
        ("R7年度3Q", "2025-Q3"),
        ("R7_3Q", "2025-Q3"),
        ("2025-Q3", "2025-Q3"),
        ("2025Q3", "2025-Q3"),
        ("2025年度 第3四半期", "2025-Q3"),
        ("FY2025 Q3", "2025-Q3"),
        ("第3四半期", "2025-Q3"),
        ("第2四半期", "2025-Q2"),
        ("第4四半期", "2024-Q4"),
    ],
)
def test_every_spelling_of_a_quarter(spelling: str, means: str) -> None:
    assert read(spelling, "quarter") == [means]


@pytest.mark.parametrize("text", ["2025年第3四半期", "2025年度第5四半期", "2025Q5", "2025Q33", "R0年度3Q", "202503"])
def test_what_is_no_quarter(text: str) -> None:
    assert read(text, "quarter") == []


days = st.dates(date(2020, 1, 1), date(2090, 12, 31))
kinds: st.SearchStrategy[period.Every] = st.sampled_from(["month", "quarter", "fiscal_year"])


@given(days, kinds)
def test_an_example_spelling_reads_back_as_what_it_means(today: date, every: period.Every) -> None:
    now = period.current(every, today)
    earlier = period.before(now)
    assert read(period.in_name(now), every, today) == [now]
    assert read(period.in_name(earlier), every, today) == [earlier]
    assert earlier < now


@given(days, kinds)
def test_before_is_the_period_of_the_day_before_this_one_began(today: date, every: period.Every) -> None:
    first = today
    while period.current(every, first - timedelta(days=1)) == period.current(every, today):
        first -= timedelta(days=1)
    assert period.before(period.current(every, today)) == period.current(every, first - timedelta(days=1))


@given(st.text(alphabet="0123456789年月度分令和元r.-_/ 第四半期q平h日", max_size=40), kinds, days)
@settings(max_examples=500)
def test_what_is_found_is_a_possible_period_where_it_says(text: str, every: period.Every, today: date) -> None:
    text = normalised(text)
    end = 0
    for found in period.spelled(text, every, today):
        assert end <= found.start < min(found.ends) <= max(found.ends) <= len(text)
        end = max(found.ends)
        year, _, part = found.value.partition("-")
        assert 2000 <= int(year) <= 2118
        assert part in {"month": [f"{m:02}" for m in range(1, 13)], "quarter": ["Q1", "Q2", "Q3", "Q4"]}.get(
            every, [""]
        )


@given(days, kinds)
def test_a_period_has_a_first_and_a_last_day_and_neighbours(today: date, every: period.Every) -> None:
    now = period.current(every, today)
    assert period.kind_of(now) == every
    first, last = period.first_day(now), period.last_day(now)
    assert first <= today <= last
    assert period.current(every, first) == period.current(every, last) == now
    assert period.current(every, last + timedelta(days=1)) == period.after(now)
    assert period.before(period.after(now)) == period.after(period.before(now)) == now
    assert period.named(period.in_name(now), today) == period.named(now.lower(), today) == now


def test_the_fiscal_year_begins_in_april() -> None:
    days = (date(2026, 3, 31), date(2026, 4, 1), date(2027, 3, 31))
    assert [period.fiscal_year(day) for day in days] == [2025, 2026, 2026]


@pytest.mark.parametrize("text", ["", "2026-13", "2026-10-05", "10", "202610_202611", "2026-q5", "在籍2026-10", "fy"])
def test_what_is_no_period_as_a_whole(text: str) -> None:
    assert period.named(text, date(2026, 10, 9)) is None
