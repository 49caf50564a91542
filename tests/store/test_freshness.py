"""How fresh each side is, for people who ask from another process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from syncd.model import Side
from syncd.store.freshness import Freshness, ScannerSeen, SideSeen, read, read_scanner


def test_looks_are_reported_and_outlive_a_restart(tmp_path: Path) -> None:
    fresh = Freshness(tmp_path)
    fresh.saw(Side.CLOUD, "a", 100.0)
    fresh.saw(Side.CLOUD, "b", 105.0)
    fresh.unreachable(Side.INTRANET, "not mounted")
    fresh.flush()
    assert read(tmp_path) == {
        Side.CLOUD: SideSeen(105.0, True, "", {"a": 100.0, "b": 105.0}),
        Side.INTRANET: SideSeen(None, False, "not mounted", {}),
    }
    again = Freshness(tmp_path)
    assert (again.seen_at(Side.CLOUD), again.seen_at(Side.CLOUD, "a")) == (105.0, 100.0)
    again.saw(Side.INTRANET, "a", 200.0)
    again.flush()
    assert read(tmp_path)[Side.INTRANET] == SideSeen(200.0, True, "", {"a": 200.0})


def test_many_looks_are_few_writes(tmp_path: Path) -> None:
    fresh = Freshness(tmp_path)
    fresh.saw(Side.CLOUD, "a", 1.0)
    before = os.stat(tmp_path / "seen.json")
    for number in range(100):
        fresh.saw(Side.CLOUD, "a", float(number))
    assert os.stat(tmp_path / "seen.json") == before
    fresh.unreachable(Side.CLOUD, "away")
    assert read(tmp_path)[Side.CLOUD].reachable is False, "bad news is written at once"


@pytest.mark.parametrize("content", ["", "[]", '{"cloud": 5}', '{"cloud": {"seen_at": "x", "operators": {"a": null}}}'])
def test_a_broken_report_is_no_report(tmp_path: Path, content: str) -> None:
    (tmp_path / "seen.json").write_text(content)
    assert read(tmp_path)[Side.CLOUD].seen_at is None


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    fresh = Freshness(tmp_path / "nowhere")
    fresh.saw(Side.CLOUD, "a", 1.0)
    fresh.flush()
    assert fresh.seen_at(Side.CLOUD) == 1.0


def test_the_scanner_away_and_back_and_what_waits_for_it(tmp_path: Path) -> None:
    fresh = Freshness(tmp_path)
    assert read_scanner(tmp_path) == ScannerSeen(None, "", {})
    fresh.saw(Side.CLOUD, "a", 100.0)
    fresh.scanner_waits("a", 2)
    fresh.scanner_waits("b", 1)
    fresh.scanner_away("stopped")
    assert read_scanner(tmp_path) == ScannerSeen(False, "stopped", {"a": 2, "b": 1}), "bad news is written at once"
    fresh.scanner_away("gone")
    fresh.flush()
    assert read_scanner(tmp_path).why == "gone"
    again = Freshness(tmp_path)
    again.scanner_waits("a", 0)
    again.scanner_back()
    assert read_scanner(tmp_path) == ScannerSeen(True, "", {"b": 1})
    assert read(tmp_path)[Side.CLOUD].seen_at == 100.0
    before = os.stat(tmp_path / "seen.json")
    again.scanner_back()
    again.scanner_waits("b", 1)
    again.flush()
    assert os.stat(tmp_path / "seen.json") == before, "what is known already is not written again"


@pytest.mark.parametrize(
    "content", ["", "[]", '{"scanner": 5}', '{"scanner": {"reachable": 1, "why": "", "waiting": {"a": "x"}}}']
)
def test_a_broken_report_says_nothing_of_the_scanner(tmp_path: Path, content: str) -> None:
    (tmp_path / "seen.json").write_text(content)
    assert read_scanner(tmp_path) == ScannerSeen()
