"""Columns, sizes and names on a terminal."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from syncd.cli.shown import ago, cut, shown, size, table, width


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in shown(text))


@given(st.text(), st.integers(1, 40))
def test_cut_fits(text: str, columns: int) -> None:
    assert width(cut(text, columns)) <= columns


def test_columns_stand_under_each_other_whatever_the_script() -> None:
    lines = table(("name", "n"), [("ひまわり", 1), ("abc", 22)], right=frozenset({1})).splitlines()
    assert lines == ["name       n", "ひまわり   1", "abc       22"]
    assert len({width(line) for line in lines}) == 1


def test_sizes_and_times() -> None:
    assert [size(each) for each in (0, 999, 1500, 123_456, 5_000_000_000)] == [
        "0 B",
        "999 B",
        "1.5 kB",
        "123 kB",
        "5.0 GB",
    ]
    assert [ago(each) for each in (-1, 5, 300, 9000, 400_000)] == [
        "0 s ago",
        "5 s ago",
        "5 min ago",
        "2 h ago",
        "5 d ago",
    ]
