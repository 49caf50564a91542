"""What a cloud with ids remembers; commands that only look write nothing into the state."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from syncd.contract import CloudItem
from syncd.errors import SyncdError
from syncd.store import Store
from syncd.store.cloud_items import CloudItems

FOLDER = CloudItem("1", True, "0", "ひまわり", "3", 3, listed=True, learned_at=5.0)
FILE = CloudItem("2", False, "1", "a.pdf", "7", 9, 4, "ab", 6.5, "suzuki@example.jp", True, 8.0, False, False, 5.5)


def test_items_come_back_as_they_were(tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as store:
        items = CloudItems(store)
        items.put([FOLDER, FILE])
        assert (items.item("1"), items.item("2"), items.item("3")) == (FOLDER, FILE, None)
        assert items.children("1") == (FILE,)
        assert items.named("1", "A.PDF") == (FILE,)
        assert items.named("1", "b.pdf") == items.named("0", "a.pdf") == ()
        items.put([replace(FILE, gone=True)])
        assert items.children("1") == items.named("1", "a.pdf") == ()
        items.unlist()
        assert items.item("1") == replace(FOLDER, listed=False)
        items.forget_gone(5.0)
        assert items.item("2") is not None
        items.forget_gone(6.0)
        assert (items.item("2"), items.item("1") is not None) == (None, True)
    with closing(Store(tmp_path)) as store:
        assert CloudItems(store).item("1") == replace(FOLDER, listed=False)


def test_values_and_items_are_kept_together_or_not_at_all(tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as store:
        items = CloudItems(store)
        items.set_value("position", "1")

        def interrupted() -> None:
            with items.transaction():
                items.put([FOLDER])
                items.set_value("position", "2")
                raise SyncdError("the power went out")

        with pytest.raises(SyncdError):
            interrupted()
        assert (items.value("position"), items.item("1")) == ("1", None)
        items.set_value("position", None)
        assert items.value("position") is None


def test_calls_are_added_up_by_day_and_kind_and_forgotten_in_the_end(tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as store:
        items = CloudItems(store)
        items.add_calls("2026-10-31", {"move": 1})
        items.add_calls("2026-11-01", {"move": 2, "list": 1})
        items.add_calls("2026-11-01", {"move": 3})
        assert items.calls_since("2026-11-01") == {"2026-11-01": {"list": 1, "move": 5}}
        items.forget_calls("2026-11-01")
        assert items.calls_since("") == {"2026-11-01": {"list": 1, "move": 5}}


def test_who_only_looks_has_a_copy_and_changes_nothing(tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as store:
        items = CloudItems(store)
        items.put([FOLDER])
        items.set_value("position", "1")
        with closing(Store(tmp_path, read_only=True)) as reading:
            copy = CloudItems(reading)
            assert copy.item("1") == FOLDER
            copy.put([FILE])
            copy.set_value("position", "2")
            copy.add_calls("2026-11-01", {"move": 1})
            assert (copy.item("1"), copy.item("2"), copy.value("position")) == (FOLDER, FILE, "2")
            assert copy.children("1") == (FILE,)
        assert (items.item("2"), items.value("position"), items.calls_since("")) == (None, "1", {})


def test_before_the_first_run_there_is_nothing_and_looking_makes_nothing(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "state", read_only=True)) as store:
        items = CloudItems(store)
        items.put([FOLDER])
        assert items.item("1") == FOLDER
    assert not (tmp_path / "state").exists()
