"""What `syncd doctor` says of the scanner: each thing good, and each thing wrong with its remedy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from syncd.clock import Clock
from syncd.config import Clamd, Config, load
from syncd.diagnosis import Diagnosis
from syncd.examination import examine_scanner
from tests.config.written import LEAST, write
from tests.scanning.clamd import STREAM_MOST, RunningClamd, running_clamd
from tests.scanning.false_clamd import blurts, false_clamd, hangs_up, says

NOW = datetime(2025, 11, 20, 9, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()


class Stopped:
    """A clock that stands still."""

    def now(self) -> float:
        return NOW


@pytest.fixture
def examined(tmp_path: Path) -> Callable[[Clamd | None], dict[str, Diagnosis]]:
    """What doctor says of such a scanner, by check."""

    def examine(clamd: Clamd | None) -> dict[str, Diagnosis]:
        config = configured(tmp_path, clamd)
        clock: Clock = Stopped()  # type: ignore[assignment]  # nobody asks it anything else
        return {each.check: each for each in examine_scanner(config, clock)}

    return examine


def configured(folder: Path, clamd: Clamd | None) -> Config:
    text = LEAST
    if clamd is not None:
        settings = f'socket: "{clamd.place}", timeout_seconds: {clamd.timeout_seconds}, most_bytes: {clamd.most_bytes}'
        text += f"scanner: {{{settings}}}\n"
    return load(write(folder, text), {})


Examined = Callable[[Clamd | None], dict[str, Diagnosis]]


def states(found: dict[str, Diagnosis]) -> dict[str, str]:
    return {check: each.state for check, each in found.items()}


def test_without_one_nothing_is_scanned(examined: Examined) -> None:
    (only,) = examined(None).values()
    assert (only.state, only.check) == ("warning", "scanner")
    assert "nothing is scanned" in only.detail and "scanner.socket" in only.remedy


def test_a_real_one(clamd: RunningClamd, examined: Examined) -> None:
    found = examined(clamd.settings())
    assert states(found) == {"scanner": "ok", "signatures": "warning", "test text": "ok", "size": "ok"}
    assert found["scanner"].detail.startswith("ClamAV 1.") and "Syncd.Eicar" in found["test text"].detail
    assert found["size"].detail == "looks into files of up to 2 MB"


def test_one_that_has_no_time_for_a_large_file(examined: Examined) -> None:
    version = blurts(b"ClamAV 1.4.3/27812/Tue Nov 18 08:00:00 2025\0")
    with false_clamd(version, says(b"stream: Eicar FOUND\0"), hangs_up) as (clamd, _):
        found = examined(clamd)["size"]
    assert found.state == "warning" and "could not be tried" in found.detail


def test_one_that_takes_less(clamd: RunningClamd, examined: Examined) -> None:
    found = examined(clamd.settings(most_bytes=STREAM_MOST + 1))["size"]
    assert found.state == "warning" and "StreamMaxLength" in found.remedy


@pytest.mark.parametrize(("alert", "state"), [("no", "fault"), ("yes", "warning")])
def test_one_that_lets_large_files_pass_unseen(tmp_path: Path, examined: Examined, alert: str, state: str) -> None:
    more = f"MaxFileSize 1000000\nMaxScanSize 1000000\nAlertExceedsMax {alert}\n"
    with running_clamd(tmp_path / "clamd", more=more) as own:
        found = examined(own.settings())["size"]
    assert found.state == state and "MaxFileSize" in found.remedy


def test_one_that_finds_nothing(examined: Examined) -> None:
    with false_clamd(blurts(b"ClamAV 1.4.3/27812/Tue Nov 18 08:00:00 2025\0"), says(b"stream: OK\0")) as (clamd, _):
        found = examined(clamd)
    assert states(found) == {"scanner": "ok", "signatures": "ok", "test text": "fault"}
    assert found["signatures"].detail == "database 27812 of 2025-11-18, 2 days old"


@pytest.mark.parametrize(
    ("made", "state"),
    [
        ("Fri Nov 21 08:00:00 2025", "ok"),
        ("Tue Nov 11 08:00:00 2025", "warning"),
        ("Sun Oct 19 08:00:00 2025", "fault"),
    ],
)
def test_how_old_its_signatures_are(examined: Examined, made: str, state: str) -> None:
    answer = f"ClamAV 1.4.3/27812/{made}\0".encode()
    with false_clamd(blurts(answer), says(b"stream: Eicar FOUND\0")) as (clamd, _):
        assert examined(clamd)["signatures"].state == state


def test_one_that_is_away(tmp_path: Path, examined: Examined) -> None:
    (only,) = examined(Clamd(tmp_path / "clamd.ctl")).values()
    assert only.state == "fault" and "can't be reached" in only.detail and "clamav-daemon" in only.remedy


def test_one_that_hangs(clamd: RunningClamd, examined: Examined) -> None:
    clamd.stop()
    try:
        (only,) = examined(clamd.settings(timeout_seconds=0.2)).values()
    finally:
        clamd.go_on()
    assert only.state == "fault" and "no answer" in only.detail
