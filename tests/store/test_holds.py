"""Holds, pauses and settings."""

from __future__ import annotations

from syncd.store import Store
from syncd.store.history import History
from syncd.store.holds import EVERYTHING, Hold
from syncd.store.ledger import Ledger


def test_a_hold_stays_with_its_first_reason_until_a_person_ends_it(ledger: Ledger, store: Store) -> None:
    assert ledger.hold("a", "21 files vanished", 5.0)
    assert not ledger.hold("a", "22 files vanished", 6.0)
    again = Ledger(other := Store(store.folder), History(other))
    assert again.holds() == (Hold("a", "21 files vanished", 5.0),)
    assert again.released_at("a") is None
    assert again.release("a", 7.0)
    assert not again.release("a", 8.0)
    assert (ledger.holds(), ledger.released_at("a")) == ((), 7.0)
    assert ledger.hold("a", "again", 9.0)
    ledger.release("a", 10.0)
    assert ledger.released_at("a") == 10.0
    other.close()


def test_everything_can_be_held(ledger: Ledger) -> None:
    ledger.hold(EVERYTHING, "another root marker", 5.0)
    ledger.hold("a", "vanished", 6.0)
    assert [one.operator for one in ledger.holds()] == [EVERYTHING, "a"]
    ledger.release(EVERYTHING, 7.0)
    assert ledger.released_at("b") == 7.0


def test_pauses(ledger: Ledger) -> None:
    assert ledger.pause("a") and not ledger.pause("a") and ledger.pause()
    assert ledger.paused() == {"a", EVERYTHING}
    assert ledger.resume("a") and not ledger.resume("a")
    ledger.pause("b")
    assert ledger.resume()
    assert ledger.paused() == frozenset()


def test_settings(ledger: Ledger) -> None:
    assert ledger.setting("cursor") is None
    ledger.set_setting("cursor", "1")
    ledger.set_setting("cursor", "2")
    assert ledger.setting("cursor") == "2"
    ledger.set_setting("cursor", None)
    assert ledger.setting("cursor") is None
