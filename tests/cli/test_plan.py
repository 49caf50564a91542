"""`syncd plan`: what the next round would do, without doing any of it."""

from __future__ import annotations

import shutil
import sqlite3
import time
from pathlib import Path

from syncd.config import load
from syncd.looking import look
from syncd.world import World
from tests.cli.test_status import hold
from tests.cli.ward import ENROLMENT, Ward


def everything(ward: Ward) -> tuple[object, ...]:
    trees = [(path, path.stat().st_mtime_ns) for side in ("cloud", "intranet") for path in Path(side).rglob("*")]
    database = sqlite3.connect(f"file:{ward.folder}/state/syncd.db?mode=ro", uri=True)
    dump = list(database.iterdump())
    database.close()
    state = sorted(str(path) for path in (ward.folder / "state").rglob("*") if not path.name.endswith(("-shm", "-wal")))
    seen = ward.folder / "state" / "seen.json"
    return sorted(trees), dump, state, seen.read_bytes() if seen.exists() else None


def test_says_it_and_changes_nothing(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    before = everything(ward)
    text = ward.run("plan").stdout
    found = ward.json("plan")
    assert everything(ward) == before
    assert f"O1: {ENROLMENT}  – → inbox  received, by operator" in text
    assert f"intranet: put inbox/{ENROLMENT}" in text
    assert [one["operator"] for one in found] == ["himawari"]
    [move] = found[0]["moves"]
    assert move["gesture"] == "O1"
    assert move["records"][0]["to"] == "inbox"
    assert move["effects"] == [{"kind": "place", "side": "intranet", "from": None, "to": f"inbox/{ENROLMENT}"}]


def test_a_refusal_with_its_reason(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    ward.path("cloud", "review", ENROLMENT).rename(ward.path("cloud", "confirmed", ENROLMENT))
    text = ward.run("plan").stdout
    assert "review → confirmed  refused, by operator (the workflow has no line that allows this move)" in text
    assert "tell operator: put_back" in text


def test_nothing_to_do(ward: Ward) -> None:
    assert ward.run("plan").stdout == "nothing to do\n"
    assert ward.json("plan") == []


def test_what_waits_is_named(ward: Ward) -> None:
    ward.drop("新しい Microsoft Excel ワークシート.xlsx", "x", side="intranet", stage="corrections")
    assert "wait for" in ward.run("plan").stdout


def test_held_and_paused(ward: Ward) -> None:
    hold(ward, "sakura", "looks odd")
    ward.run("pause", "himawari")
    ward.drop(ENROLMENT)
    result = ward.run("plan")
    assert result.exit_code == 3
    assert "nothing, it is held: looks odd" in result.stdout and "nothing, it is paused" in result.stdout


def test_a_coming_hold_is_said(ward: Ward) -> None:
    for number in range(25):
        ward.path("cloud", "inbox", f"{number}.txt").write_bytes(b"%d" % number)
    time.sleep(0.06)
    ward.work()
    for path in ward.path("cloud", "inbox", "x").parent.glob("*.txt"):
        path.unlink()
    settings = load(ward.config)
    with World(settings) as world:  # the daemon's first look at the empty folder
        look(world, settings.operators[0], {})
    time.sleep(0.06)
    result = ward.run("plan")
    assert result.exit_code == 0
    assert "would be held: 25 of 25 files vanished from the cloud" in result.stdout
    assert ward.work().exit_code == 3
    assert ward.run("plan").exit_code == 3


def test_an_unmounted_share_is_one_line(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    shutil.move(ward.folder / "intranet", ward.folder / "away")
    before = everything(ward)
    result = ward.run("plan")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert everything(ward) == before
