"""The demo as a newcomer starts it: one command, nothing else, through the real daemon."""

from __future__ import annotations

import json
import time
from pathlib import Path

from syncd.demo.month import MONTH
from tests.demo.commands import syncd


def test_the_month_is_played_and_can_be_looked_at(tmp_path: Path) -> None:
    begun = time.monotonic()
    done = syncd(tmp_path, "demo")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout[-2000:] + done.stderr
    assert time.monotonic() - begun < 60  # under 30 s on a machine with nothing else to do
    for number, scene in enumerate(MONTH, 1):
        assert f"{number}. {scene.title.en}" in done.stdout
    for said in ("【受領】", "【修正のお願い】", "【修正案の確認】", "【了承】", "【再提出】", "【別施設のファイル】"):
        assert said in done.stdout
    assert "syncd history -c demo/config.yaml" in done.stdout

    status = json.loads(syncd(tmp_path, "status", "--json", "-c", "demo/config.yaml").stdout)
    assert [one["files"]["confirmed"] for one in status["operators"]] == [2, 2, 1]
    assert status["notices"] == {"waiting": 0, "failed": 0}
    rows = [
        json.loads(line) for line in syncd(tmp_path, "history", "--json", "-c", "demo/config.yaml").stdout.splitlines()
    ]
    outcomes = [row["outcome"] for row in rows]
    assert {"received", "moved", "renamed", "refused", "quarantined", "unknown"} <= set(outcomes)
    log = (tmp_path / "demo" / "syncd.log").read_text(encoding="utf-8")
    assert "Traceback" not in log and "Warning" not in log

    # both sides agree when nobody does anything any more
    sides = []
    for side in ("cloud", "intranet"):
        root = tmp_path / "demo" / side
        sides.append(
            {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and ".syncd" not in path.parts}
        )
    assert sides[0] == sides[1]
    assert syncd(tmp_path, "plan", "-c", "demo/config.yaml").stdout == "nothing to do\n"
