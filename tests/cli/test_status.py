"""`syncd status`: its JSON names, its exit status, and that looking disturbs nobody."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from syncd.config import load
from syncd.store import Store
from syncd.store.freshness import Freshness
from syncd.store.holds import Holds
from tests.cli.ward import ENROLMENT, REPOSITORY, Ward


def hold(ward: Ward, operator: str, reason: str) -> None:
    store = Store(ward.folder / "state")
    Holds(store).hold(operator, reason, time.time())
    store.close()


def test_before_the_first_run_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ward = Ward(tmp_path)
    result = ward.run("status")
    assert result.exit_code == 0
    assert "syncd init" in result.stdout and "ひまわり保育園" in result.stdout
    assert ward.json("status")["sides"]["cloud"]["reachable"] is False
    assert not (tmp_path / "state").exists()


def test_the_json_names(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.drop("なにか.xlsx", "other")
    ward.work()
    found = ward.json("status")
    first = found["operators"][0]
    assert list(first)[:3] == ["id", "held", "files"]
    assert (first["id"], first["held"]) == ("himawari", False)
    assert first["files"] == {"inbox": 1, "review": 1, "corrections": 0, "confirmed": 0}
    assert found["operators"][1]["files"] == {"inbox": 0, "review": 0, "corrections": 0, "confirmed": 0}
    assert found["notices"] == {"waiting": 0, "failed": 0}
    for side in ("cloud", "intranet"):
        assert list(found["sides"][side])[:3] == ["kind", "reachable", "seen_at"]
        assert (found["sides"][side]["kind"], found["sides"][side]["reachable"]) == ("folder", True)
        seen = datetime.fromisoformat(found["sides"][side]["seen_at"])
        assert abs(seen.timestamp() - time.time()) < 60
        assert seen.utcoffset() == datetime.now(load(ward.config).zone).utcoffset()


def test_a_hold_is_status_3_and_says_why(ward: Ward) -> None:
    hold(ward, "sakura", "25 of 30 files vanished")
    result = ward.run("status")
    assert result.exit_code == 3
    assert "25 of 30 files vanished" in result.stdout and "syncd release sakura" in result.stdout
    found = ward.json("status")
    assert [one["held"] for one in found["operators"]] == [False, True]
    assert found["holds"][0]["reason"] == "25 of 30 files vanished"
    assert ward.work().exit_code == 3


def test_paused_is_shown(ward: Ward) -> None:
    ward.run("pause", "himawari")
    assert [one["paused"] for one in ward.json("status")["operators"]] == [True, False]
    assert "paused" in ward.run("status").stdout


def test_an_unmounted_share_is_named(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    (ward.folder / "cloud").rename(ward.folder / "away")
    assert ward.json("status")["sides"]["cloud"]["reachable"] is False
    assert "NOT REACHABLE" in ward.run("status").stdout


def test_looking_changes_nothing_and_loads_nothing_heavy(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    code = (
        "import sys; from syncd.cli import syncd\n"
        "try: syncd(['status'])\n"
        "except SystemExit as end: print(end.code, file=sys.stderr)\n"
        "heavy = {'apprise', 'sqlite_utils', 'openpyxl', 'watchdog', 'requests', 'fpdf'} & set(sys.modules)\n"
        "print(sorted(heavy), file=sys.stderr)"
    )
    state = ward.folder / "state"
    before = {path: path.stat().st_mtime_ns for path in state.iterdir() if not path.name.endswith(("-shm", "-wal"))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ward.folder,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.split("\n")[:2] == ["0", "[]"]
    after = {path: path.stat().st_mtime_ns for path in state.iterdir() if not path.name.endswith(("-shm", "-wal"))}
    assert after == before


def test_without_a_scanner_it_says_that_nothing_is_scanned(ward: Ward) -> None:
    assert "nothing is scanned" in ward.run("status").stdout
    assert ward.json("status")["scanner"] == {"configured": False, "reachable": None, "waiting": 0, "why": ""}


def test_a_scanner_that_is_away_and_what_waits_for_it(ward: Ward) -> None:
    with ward.config.open("a") as config:
        config.write("scanner: {socket: ./clamd.ctl}\n")
    assert "scanner   not asked yet\n" in ward.run("status").stdout
    fresh = Freshness(ward.folder / "state")
    fresh.scanner_waits("himawari", 2)
    fresh.scanner_waits("one that left", 4)
    fresh.scanner_away("clamd is stopped")
    fresh.flush()
    assert ward.json("status")["scanner"] == {
        "configured": True, "reachable": False, "waiting": 2, "why": "clamd is stopped"
    }  # fmt: skip
    assert "NOT REACHABLE — clamd is stopped; 2 files wait in inbox for it" in ward.run("status").stdout
    fresh.scanner_back()
    fresh.scanner_waits("himawari", 0)
    fresh.flush()
    assert "scanner   reachable\n" in ward.run("status").stdout
