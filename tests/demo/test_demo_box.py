"""The demo with Box as the cloud, as somebody with a clone and without an account starts it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from syncd.config import BoxCloud, examine
from syncd.demo import box
from syncd.demo.farewell import asked_of_box
from syncd.demo.hands import FolderHands, Hands
from syncd.demo.month import MONTH
from syncd.demo.ward import NURSERIES, STAGES, Ward
from syncd.errors import SyncdError
from tests.boxsim import Simulator, serve
from tests.demo.commands import OUTCOMES, REPOSITORY, syncd

HIMAWARI = NURSERIES[0]


@contextmanager
def typed(line: str, folder: Path) -> Iterator[None]:
    """A command line of the farewell, as it stands there, until it is interrupted."""
    with subprocess.Popen(line, shell=True, cwd=folder, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline().startswith(b"{")
            yield
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.stdout.read()


def test_the_month_is_played_in_box_and_can_be_looked_at(tmp_path: Path) -> None:
    done = syncd(tmp_path, "demo", "--box")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout[-2000:] + done.stderr
    for number, scene in enumerate(MONTH, 1):
        assert f"{number}. {scene.title.en}" in done.stdout
    assert "\n  Box (simulated)\n" in done.stdout
    assert not (tmp_path / "demo" / "cloud").exists()

    status = json.loads(syncd(tmp_path, "status", "--json", "-c", "demo/config.yaml").stdout)
    assert [one["files"]["confirmed"] for one in status["operators"]] == [7, 7, 6]
    assert status["notices"] == {"waiting": 0, "failed": 0}
    calls = asked_of_box(Ward(tmp_path / "demo"))
    assert f"What syncd asked of Box: {sum(calls.values())} calls (" in done.stdout
    assert {"events", "download", "move", "upload"} <= set(calls)
    history = syncd(tmp_path, "history", "--json", "-c", "demo/config.yaml").stdout
    rows = [json.loads(line) for line in history.splitlines()]
    assert {row["outcome"] for row in rows} >= OUTCOMES
    logins = dict(re.findall(r"^    cloud    (\S+): (\w+@example\.jp)$", done.stdout, re.MULTILINE))
    assert list(logins) == [nursery.folder for nursery in NURSERIES]
    for nursery in NURSERIES:
        by_people = {row["actor"] for row in rows if (row["operator"], row["by"]) == (nursery.id, "operator")}
        assert by_people == {logins[nursery.folder]}
    log = (tmp_path / "demo" / "syncd.log").read_text(encoding="utf-8")
    assert "Traceback" not in log and "Warning" not in log
    assert (tmp_path / "demo" / "box" / "errors.log").read_text() == ""

    # both sides agree when nobody does anything any more
    in_box = {path for path in Simulator(data=tmp_path / "demo" / "box").hands().tree() if ".syncd" not in path}
    root = tmp_path / "demo" / "intranet"
    on_intranet = {str(each.relative_to(root)) for each in root.rglob("*/*/*.*") if ".syncd" not in each.parts}
    assert {path for path in in_box if "状況." not in path} == on_intranet
    assert len(on_intranet) == 21
    assert {path for path in in_box if "状況." in path} == {f"{one.folder}/提出状況.pdf" for one in NURSERIES}

    (again,) = re.findall(r"^  (.* -m tests\.boxsim .*)$", done.stdout, re.MULTILINE)
    with typed(again, tmp_path):
        assert syncd(tmp_path, "plan", "-c", "demo/config.yaml").stdout == "nothing to do\n"
        running = syncd(tmp_path, "demo")
        assert (running.returncode, running.stdout) == (1, "")
        assert "its simulated Box is running" in running.stderr
    assert syncd(tmp_path, "history", "verify", "-c", "demo/config.yaml").returncode == 0


def test_it_needs_a_clone(tmp_path: Path) -> None:
    shutil.copytree(
        REPOSITORY / "syncd", tmp_path / "installed" / "syncd", ignore=shutil.ignore_patterns("__pycache__")
    )
    done = syncd(tmp_path, "demo", "--box", package=tmp_path / "installed")
    said = "syncd: demo --box needs a clone of syncd's repository — clone it, and say `make demo-box` there\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)
    assert not (tmp_path / "demo").exists()


@contextmanager
def told() -> Iterator[tuple[Simulator, dict[str, str]]]:
    """A simulator with the nurseries' folders, and what it says at its start."""
    sim = Simulator()
    for nursery in NURSERIES:
        for stage in STAGES.values():
            sim.hands().make_folder(f"{nursery.folder}/{stage}")
    with serve(sim) as server:
        urls = {"base_url": server.base_url, "upload_url": server.upload_url, "oauth2_url": server.oauth2_url}
        yield sim, asdict(sim.account) | urls


def test_the_configuration_has_no_fault(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "ward")
    ward.make()
    with told() as (_, said):
        ward.configure("ja", box.Box(said).config)
    reading = examine(ward.config)
    assert reading.problems == ()
    assert [warning.message for warning in reading.warnings] == [
        "cloud.auth.client_secret has a secret written into the file"
    ]
    assert reading.config is not None and isinstance(reading.config.cloud, BoxCloud)
    assert reading.config.cloud.base_urls.upload == said["upload_url"]


@pytest.fixture(params=["folder", "box"])
def hands(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hands]:
    if request.param == "folder":
        for stage in STAGES.values():
            (tmp_path / HIMAWARI.folder / stage).mkdir(parents=True)
        yield FolderHands(tmp_path)
    else:
        with told() as (_, said):
            yield box.Box(said).invite()


def test_hands_do_the_same_everywhere(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box, "PAGE", 1)
    inbox, review = HIMAWARI.stage("inbox"), HIMAWARI.stage("review")
    assert hands.names(inbox) == []
    for name in ("い.txt", "あ.txt", "い.txt"):
        hands.put(inbox, name, name.encode())
    assert hands.names(inbox) == ["あ.txt", "い.txt"]
    hands.move(inbox, "い.txt", inbox, "う.txt")
    hands.move(inbox, "あ.txt", review, "あ.txt")
    assert (hands.names(inbox), hands.names(review)) == (["う.txt"], ["あ.txt"])
    assert hands.content(review, "あ.txt") == "あ.txt".encode()


def test_what_box_refuses_is_one_line() -> None:
    with told() as (sim, said):
        hands = box.Box(said).invite()
        sim.faults.add("503-before", match="items")
        with pytest.raises(SyncdError, match=r"^the Box simulator refuses GET /2\.0/folders/0/items: 503"):
            hands.names(HIMAWARI.stage("inbox"))
