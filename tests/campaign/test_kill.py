"""kill -9 at every file-system, database and network call of one busy round; a sample of each kind every day."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stories.ward import ChatServer

HERE = Path(__file__).parent
SAMPLE = os.environ.get("SYNCD_KILLS", "14,20261123")


@pytest.fixture(scope="module")
def preload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("kill") / "kill_at.so"
    source = str(HERE / "kill_at.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-w", "-o", str(library), source, "-ldl"], check=True)
    return library


def killed(preload: Path, folder: Path, what: str, part: str, chat: ChatServer) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "LD_PRELOAD": str(preload),
        "SYNCD_CHAT_PORT": str(chat.port),
        "PYTHONPATH": str(HERE.parents[1]),
    }
    command = [sys.executable, "-m", "tests.campaign.killer", str(folder), what, part]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def every_point(preload: Path, folder: Path, what: str) -> tuple[int, int]:
    chat = ChatServer()
    try:
        both = [killed(preload, folder / str(part), what, f"{part}/2", chat) for part in range(2)]
        ends = [process.communicate() for process in both]
    finally:
        chat.close()
    tried = calls = 0
    for process, (out, err) in zip(both, ends, strict=True):
        assert out, err[-3000:]
        said = json.loads(out.splitlines()[-1])
        assert process.returncode == 0 and said["wrong"] == [], json.dumps(said, ensure_ascii=False, indent=1)[:6000]
        tried, calls = tried + said["tried"], said["calls"]
    return tried, calls


def test_a_sample_of_each_kind_of_call(preload: Path, tmp_path: Path) -> None:
    tried, calls = every_point(preload, tmp_path, SAMPLE)
    assert calls > 500, "the round was not busy"
    assert tried >= int(SAMPLE.split(",")[0]) // 2


@pytest.mark.campaign
def test_every_call(preload: Path, tmp_path: Path) -> None:
    tried, calls = every_point(preload, tmp_path, "all")
    assert tried > 0.98 * calls, "a few looks more or less are a matter of time"
