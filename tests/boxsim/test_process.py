"""The simulator in a process of its own: how it starts, what can be set from outside, and that it keeps its state."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.boxsim import certificates

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def running(*words: str | Path) -> Iterator[dict[str, str]]:
    """A simulator; what it said when it was ready. It ends by SIGTERM and without complaint."""
    command = [sys.executable, "-m", "tests.boxsim", "--port", "0", *map(str, words)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield json.loads(line)
        finally:
            process.send_signal(signal.SIGTERM)
            _, complaints = process.communicate(timeout=10)
        assert process.returncode == 0
        assert not complaints


class Told:
    """Calls to a simulator that told its addresses."""

    def __init__(self, said: dict[str, str], verify: Path | None = None) -> None:
        self._base = said["base_url"]
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(verify) if verify else True
        self.session.headers["Authorization"] = f"Bearer {said['token']}"

    def __call__(self, method: str, path: str, document: object = None) -> Any:
        answer = self.session.request(method, f"{self._base}{path}", json=document)
        assert answer.status_code < 400, answer.text
        return answer.json() if answer.content else None


def test_it_says_where_it_is_and_keeps_what_it_has(tmp_path: Path) -> None:
    with running("--data", tmp_path) as said:
        assert set(said) >= {"base_url", "upload_url", "oauth2_url", "token", "client_id", "client_secret"}
        assert said["upload_url"] == f"{said['base_url']}/api"
        Told(said)("POST", "/2.0/folders", {"name": "kept", "parent": {"id": "0"}})
    with running("--data", tmp_path) as again:
        assert again["token"] == said["token"]
        assert [entry["name"] for entry in Told(again)("GET", "/2.0/folders/0/items")["entries"]] == ["kept"]


def test_it_is_controlled_from_outside() -> None:
    with running() as said:
        call = Told(said)
        folder = call("POST", "/2.0/folders", {"name": "shared", "parent": {"id": "0"}})
        assert call("GET", "/_sim/calls") == {"POST /folders": 1}
        call("DELETE", "/_sim/calls")
        assert call("GET", "/_sim/calls") == {}
        call("POST", "/_sim/faults", [{"kind": "503-before", "at": 2, "match": "users"}, {"seed": 1, "rate": 0.0}])
        call("GET", "/2.0/users/me")
        assert call.session.get(f"{said['base_url']}/2.0/users/me").status_code == 503
        assert call("GET", "/_sim/faults") == [{"kind": "503-before", "request": "GET /users/me"}]
        call("DELETE", "/_sim/faults")
        user = call("POST", "/_sim/users", {"name": "さくら", "role": "user"})
        sharing = {"folder_id": folder["id"], "user_id": user["id"], "role": "editor"}
        made = call("POST", "/_sim/collaborations", sharing)
        other = Told({**said, "token": user["token"]})
        assert other("GET", "/2.0/folders/0/items")["total_count"] == 1
        call("DELETE", f"/_sim/collaborations/{made['id']}")
        assert other("GET", "/2.0/folders/0/items")["total_count"] == 0
        call("POST", "/_sim/events_faults", {"duplicate": 0.5, "seed": 2})
        settings = {"strips": "x", "refuse_purge": True, "slow_folder_moves": 5, "long_poll_seconds": 0.1}
        call("POST", "/_sim/settings", {**settings, "limit": {"calls_per_minute": 100}})
        assert call("POST", "/2.0/folders", {"name": "axb", "parent": {"id": "0"}})["name"] == "ab"
        wrong = call.session.post(f"{said['base_url']}/_sim/settings", json={"nonsense": 1})
        assert (wrong.status_code, wrong.json()["message"]) == (400, "There is no setting 'nonsense'")


def test_it_speaks_tls(tmp_path: Path) -> None:
    made = certificates.make(tmp_path)
    with running("--tls", made.certificate, made.key) as said:
        assert said["base_url"].startswith("https://127.0.0.1:")
        assert Told(said, made.authority)("GET", "/2.0/users/me")["name"] == "syncd service account"
