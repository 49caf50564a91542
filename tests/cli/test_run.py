"""`syncd run`: one daemon on a state, and what it says of itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from syncd.cli.progress import Progress, under_way
from syncd.store import Store
from tests.cli.ward import ENROLMENT, REPOSITORY, Ward
from tests.samples import tiny


def test_once_brings_a_file_to_review_and_tells(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    assert ward.work().exit_code == 0
    assert ward.path("intranet", "review", ENROLMENT).read_bytes() == tiny.workbook("content")
    assert "受領" in next((ward.folder / "chat" / "himawari").iterdir()).read_text(encoding="utf-8")


def test_a_second_one_on_the_same_state_is_refused(ward: Ward) -> None:
    store = Store(ward.folder / "state")
    try:
        store.lock_daemon()
        result = ward.work()
    finally:
        store.close()
    assert (result.exit_code, "another syncd" in result.stderr) == (1, True)


def test_status_says_that_it_runs_and_it_stops_cleanly(ward: Ward) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "syncd", "run", "-c", str(ward.config)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 10
        while not ward.json("status")["running"] and time.monotonic() < deadline:
            time.sleep(0.05)
        found = ward.json("status")
        assert (found["running"], found["pid"]) == (True, process.pid)
        assert f"process {process.pid}" in ward.run("status").stdout
        ward.drop(ENROLMENT)
        while ward.json("status")["operators"][0]["files"]["review"] != 1 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert ward.json("status")["operators"][0]["files"]["review"] == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.communicate()
    assert not ward.json("status")["running"]


def test_progress_of_long_work_is_for_status_to_read(tmp_path: Path) -> None:
    with open(tmp_path / "err", "w") as stream:
        progress = Progress(tmp_path, stream)
        progress("few", 1, 3)
        assert under_way(tmp_path) == {}
        progress("himawari", 1, 400)
        assert under_way(tmp_path) == {"himawari": (1, 400)}
        progress("himawari", 400, 400)
        assert under_way(tmp_path) == {}
        progress("himawari", 1, 400)
        progress.end()
    assert under_way(tmp_path) == {}
    assert (tmp_path / "err").read_text() == ""  # no line where nobody looks at a terminal


def test_progress_that_is_no_progress_is_none(tmp_path: Path) -> None:
    for content in ("", "[]", '{"a": 1}', json.dumps({"himawari": [1, 400, time.time() - 120]})):
        (tmp_path / "progress.json").write_text(content)
        assert under_way(tmp_path) == {}
