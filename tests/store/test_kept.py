"""Kept bytes: whose they were, and how long they stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from syncd.model import Kept, Move, Origin, Quarantined, Side
from syncd.store.belongings import EMPTY
from syncd.store.kept import DAY, Version, expired
from syncd.store.ledger import Ledger

if TYPE_CHECKING:
    from tests.store.conftest import Make


def kept(file: int, sha1: str, origin: Origin = "operator", name: str = "在籍.xlsx") -> Kept:
    return Kept(file, sha1, 10, Side.CLOUD, name, origin)


def arrive(ledger: Ledger, make: Make, operator: str, letter: str, origin: Origin = "operator", at: float = 0.0) -> int:
    """A file of that operator whose bytes are kept; returns its id."""
    file = make.file(-1, operator=operator, letter=letter)
    move = Move("", operator, after=(file,), kept=(kept(-1, make.sha1(letter), origin),))
    return ledger.settle_intent(None, move, at).files[-1]


def test_bytes_of_another_operator_are_foreign(ledger: Ledger, make: Make) -> None:
    arrive(ledger, make, "sakura", "a")
    assert ledger.owned("himawari", make.sha1("a")).other == "sakura"
    assert ledger.owned("sakura", make.sha1("a")).other is None
    assert ledger.owned("himawari", make.sha1("b")).other is None


def test_staffs_edit_of_another_operators_file_is_foreign(ledger: Ledger, make: Make) -> None:
    arrive(ledger, make, "sakura", "a", "edit")
    assert ledger.owned("himawari", make.sha1("a")).other == "sakura"


def test_what_the_ward_made_is_nobodys_leak(ledger: Ledger, make: Make) -> None:
    file = arrive(ledger, make, "sakura", "a", "staff")
    arrive(ledger, make, "momiji", "a", "staff")
    ledger.settle_intent(None, Move("", "sakura", kept=(kept(file, make.sha1("a")),)), 1.0)  # sent back as it was
    assert ledger.owned("himawari", make.sha1("a")).other is None


def test_empty_files_are_no_leak(ledger: Ledger, make: Make) -> None:
    file = arrive(ledger, make, "sakura", "a")
    ledger.settle_intent(None, Move("", "sakura", kept=(kept(file, EMPTY),)), 1.0)
    assert ledger.owned("himawari", EMPTY).other is None


def test_bytes_that_this_operator_sent_too_are_its_own(ledger: Ledger, make: Make) -> None:
    arrive(ledger, make, "sakura", "a")
    arrive(ledger, make, "himawari", "a")
    assert ledger.owned("himawari", make.sha1("a")).other is None
    assert ledger.owned("momiji", make.sha1("a")).other == "sakura"


def test_whose_bytes_they_were_is_known_after_they_are_gone(ledger: Ledger, make: Make) -> None:
    file = arrive(ledger, make, "sakura", "a")
    ledger.settle_intent(None, Move("", "sakura", closes=(file,)), 1.0)
    assert [one.sha1 for one in ledger.expire(500 * DAY, 400, 90).versions] == [make.sha1("a")]
    assert ledger.versions_of("sakura", file) == ()
    assert make.sha1("a") not in ledger.referenced()
    assert ledger.owned("himawari", make.sha1("a")).other == "sakura"


def test_the_first_origin_wins_and_bytes_are_listed_once(ledger: Ledger, make: Make) -> None:
    file = arrive(ledger, make, "himawari", "a")
    ledger.settle_intent(None, Move("", "himawari", kept=(kept(file, make.sha1("a"), "staff"),)), 5.0)
    (version,) = ledger.versions_of("himawari", file)
    assert (version.origin, version.at, version.used_at) == ("operator", 0.0, 5.0)


def test_retention_counts_from_when_bytes_left_the_folders(ledger: Ledger, make: Make) -> None:
    file = arrive(ledger, make, "himawari", "a")
    (known,) = ledger.known("himawari")
    assert ledger.expire(1000 * DAY, 400, 90).versions == (), "bytes in a stage folder are in use, whatever their age"
    newer = replace(known, cloud=make.placement("b"), intranet=make.placement("b"), submitted=make.sha1("b"))
    ledger.settle_intent(None, Move("", "himawari", after=(newer,), kept=(kept(file, make.sha1("b")),)), 1000 * DAY)
    assert ledger.expire(1400 * DAY, 400, 90).versions == ()
    assert make.sha1("a") in ledger.referenced()
    assert [one.sha1 for one in ledger.expire(1401 * DAY, 400, 90).versions] == [make.sha1("a")]
    assert ledger.expire(1401 * DAY, 400, 90).versions == ()
    assert [one.sha1 for one in ledger.versions_of("himawari", file)] == [make.sha1("b")]


def test_bytes_that_come_again_after_retention_are_kept_again(ledger: Ledger, make: Make) -> None:
    file = arrive(ledger, make, "himawari", "a")
    ledger.settle_intent(None, Move("", "himawari", closes=(file,)), 1.0)
    ledger.expire(500 * DAY, 400, 90)
    ledger.settle_intent(None, Move("", "himawari", kept=(kept(file, make.sha1("a")),)), 501 * DAY)
    assert ledger.expire(502 * DAY, 400, 90).versions == ()
    assert len(ledger.versions_of("himawari", file)) == 1


def test_versions_go_along_when_a_file_joins_another_line(ledger: Ledger, make: Make) -> None:
    first = arrive(ledger, make, "himawari", "a")
    second = arrive(ledger, make, "himawari", "b")
    joined = replace(ledger.known("himawari")[1], line=first)
    ledger.settle_intent(None, Move("", "himawari", after=(joined,)), 1.0)
    assert [one.sha1 for one in ledger.versions_of("himawari", first)] == [make.sha1("a"), make.sha1("b")]
    assert ledger.versions_of("himawari", second) == ()


def test_versions_by_name_include_closed_files_and_no_other_operators(ledger: Ledger, make: Make) -> None:
    file = arrive(ledger, make, "himawari", "a")
    arrive(ledger, make, "sakura", "b")
    ledger.settle_intent(None, Move("", "himawari", closes=(file,)), 1.0)
    assert [one.sha1 for one in ledger.versions_by_name("himawari", "在籍.xlsx")] == [make.sha1("a")]


def test_quarantine_is_numbered_and_ends(ledger: Ledger, make: Make) -> None:
    taken = (Quarantined("himawari", "\udcff.xlsx", make.sha1("a"), 5, "sakura"),) * 2
    assert ledger.settle_intent(None, Move("S11", "himawari", quarantined=taken), 10 * DAY).quarantined == (1, 2)
    assert [(one.number, one.name, one.at) for one in ledger.quarantined()] == [
        (1, "\udcff.xlsx", 10 * DAY),
        (2, "\udcff.xlsx", 10 * DAY),
    ]
    assert make.sha1("a") in ledger.referenced()
    assert ledger.expire(99 * DAY, 400, 90).quarantined == ()
    assert [one.number for one in ledger.expire(101 * DAY, 400, 90).quarantined] == [1, 2]
    assert ledger.quarantined() == ()
    assert make.sha1("a") not in ledger.referenced()


VERSIONS = st.builds(
    Version,
    *(st.integers(0, 9), st.just("a"), st.just(1), st.just(1), st.sampled_from("xyz"), st.just(1)),
    *(st.just(Side.CLOUD), st.just("n"), st.just("operator"), st.floats(0, 1e9), st.floats(0, 1e9)),
)


@given(st.lists(VERSIONS), st.frozensets(st.sampled_from("xyz")), st.floats(0, 2e9), st.floats(0, 20_000))
def test_nothing_in_use_or_young_expires(
    versions: list[Version], current: frozenset[str], now: float, days: float
) -> None:
    gone = expired(versions, current, now, days)
    assert all(one.sha1 not in current and now - one.used_at > days * DAY for one in gone)
    assert all(one in gone or one.sha1 in current or now - one.used_at <= days * DAY for one in versions)
