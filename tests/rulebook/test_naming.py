"""File names as people write them, matched to patterns in time that only grows with their length."""

from __future__ import annotations

import sys
from datetime import date
from types import FrameType
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.rulebook import naming, period

if TYPE_CHECKING:
    from _typeshed import TraceFunction

TODAY = date(2025, 11, 5)


def fits(pattern: str, stem: str, code: str | None = "012", title: str = "在籍児童数報告書") -> tuple[str, ...] | None:
    text = naming.normalised(stem)
    found = naming.fit(naming.pieces(pattern, title), text, code, period.spelled(text, "month", TODAY))
    return found.periods if found else None


@pytest.mark.parametrize(
    "stem",
    [
        "012_202510_在籍",
        "012_202510_在籍児童数報告書",
        "０１２＿２０２５１０＿在籍児童数報告書",
        "012-2025-10-在籍児童数報告書",
        "012 令和7年10月分 在籍児童数",
        "012　令和７年１０月　在籍",
        "012_R7.10_在籍",
        "012__202510 - 在籍",
        "012_202510_在籍\u200b児童数",
    ],
)
def test_one_pattern_takes_what_people_write(stem: str) -> None:
    assert fits("{facility}_{period}_在籍*", stem) == ("2025-10",)


@pytest.mark.parametrize(
    "stem",
    [
        "013_202510_在籍",
        "1012_202510_在籍",
        "0123_202510_在籍",
        "012202510在籍",
        "012_202513_在籍",
        "012_在籍_202510",
        "012_202510_児童在籍",
        "x012_202510_在籍",
        "",
        "_",
    ],
)
def test_and_nothing_else(stem: str) -> None:
    assert fits("{facility}_{period}_在籍*", stem) is None


@pytest.mark.parametrize(
    ("pattern", "stem", "fit"),
    [
        ("abc", "ABC", True),
        ("ABC", "ａｂｃ", True),
        ("カナ", "ｶﾅ", True),
        ("ガ", "カ\u3099", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a*c", "ac", True),
        ("a*c", "abbbc", True),
        ("a*c", "abcb", False),
        ("*b*", "abc", True),
        ("**", "", True),
        ("?", "", False),
        ("a_c", "a-c", True),
        ("a_c", "a – c", True),
        ("a_c", "a　c", True),
        ("a_c", "ac", False),
        ("a_c", "a・c", False),
        ("a_c", "aーc", False),
        ("a-c", "a_c", False),
        ("a-c", "a‐c", True),
        ("a.c", "abc", False),
        ("a+", "aa", False),
        ("[ab]", "a", False),
        ("[ab]", "[ab]", True),
        ("{title}*", "在籍児童数報告書2", True),
        ("x{title}", "x在籍児童数報告書", True),
        ("{facility}在籍", "012在籍", True),
        ("n{facility}", "n012", True),
    ],
)
def test_the_signs_of_a_pattern(pattern: str, stem: str, fit: bool) -> None:
    assert (fits(pattern, stem) is not None) is fit


def test_without_a_code_any_run_of_letters_or_digits_is_the_facility() -> None:
    for stem in ("012_202510_在籍", "99999_202510_在籍", "A1_202510_在籍", "ひまわり_202510_在籍"):
        assert fits("{facility}_{period}_在籍*", stem, code=None) == ("2025-10",)
    assert fits("{facility}_{period}_在籍*", "_202510_在籍", code=None) is None


def test_a_period_that_can_be_read_in_two_ways_comes_with_both() -> None:
    assert fits("*{period}*", "2025年9月_2025年10月") == ("2025-09", "2025-10")
    assert fits("*{period}*", "2025年10月_R7.10") == ("2025-10",)
    assert len(fits("*{period}*", "_".join(f"2025年{month}月" for month in range(1, 13))) or ()) == 2


@pytest.mark.parametrize("stem", ["202510分", "202510"])
def test_the_closing_word_of_a_month_may_belong_to_the_pattern(stem: str) -> None:
    assert fits("{period}", stem) == ("2025-10",)
    assert fits("{period}分", "202510分") == ("2025-10",)


@pytest.mark.parametrize(
    ("name", "stem", "extension"),
    [
        ("a.xlsx", "a", "xlsx"),
        ("Ａ．ＸＬＳＸ", "a", "xlsx"),
        ("012_R7.10", "012_r7.10", ""),
        ("a.tar.gz", "a.tar", "gz"),
        ("a.7z", "a", "7z"),
        ("a", "a", ""),
        (" a _.xlsx", "a", "xlsx"),
        ("a.在籍", "a.在籍", ""),
        (".xlsx", "", "xlsx"),
    ],
)
def test_stem_and_extension(name: str, stem: str, extension: str) -> None:
    assert naming.split_extension(naming.normalised(name)) == (stem, extension)


def steps(pattern: str, stem: str) -> int:
    """Lines of Python that a match executes: what its time would be on a machine without noise."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        text = naming.normalised(stem)
        naming.fit(naming.pieces(pattern, "t"), text, None, period.spelled(text, "month", TODAY))
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    ("pattern", "unit"),
    [
        ("*a*a*a*a*a*a*a*a*b", "a"),
        ("_*_*_*_*_x", "_"),
        ("{facility}*{facility}*{facility}*x", "1a"),
        ("*{period}*{title}*x", "2025年10月"),
        ("*{period}*x", "10月"),
        ("*{period}x", "r7.10_"),
        ("?*?*?*?*?*x", "在"),
        ("*{period}*x", "1"),
        ("*{period}*x", "年度"),
    ],
)
def test_time_grows_with_the_length_only(pattern: str, unit: str) -> None:
    short, long = steps(pattern, unit * 500), steps(pattern, unit * 2000)
    assert long < 4.5 * short
    assert long < 100 * len(pattern) * len(unit) * 2000


words = st.text(alphabet="ab_-*?1 在", max_size=8)


@given(words, st.text(alphabet="ab_- 1在", max_size=10))
@settings(max_examples=500)
def test_the_walk_agrees_with_a_plain_recursive_reading(pattern: str, stem: str) -> None:
    text = naming.normalised(stem)

    def matches(p: str, s: str) -> bool:
        if not p:
            return not s
        if p[0] == "*":
            return matches(p[1:], s) or (bool(s) and matches(p, s[1:]))
        if p[0] == "_":
            return bool(s) and s[0] in "_- " and (matches(p[1:], s[1:]) or matches(p, s[1:]))
        return bool(s) and (p[0] == "?" or p[0] == s[0]) and matches(p[1:], s[1:])

    assert (fits(pattern, stem) is not None) == matches(naming.normalised(pattern), text)


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=300)
def test_no_name_and_no_pattern_crashes(pattern: str, name: str) -> None:
    stem, extension = naming.split_extension(naming.normalised(name))
    assert extension == "" or extension.isalnum()
    fits(pattern, stem)
    fits(pattern, stem, code=None)
