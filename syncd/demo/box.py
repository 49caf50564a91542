"""Box without an account: the simulator of syncd's own tests in a process, and the nurseries' people who work in it.

Everybody comes by HTTP, as to the real one: syncd as the service user, each nursery as a user who was invited.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import requests

from syncd.demo.processes import ABOVE, end
from syncd.demo.ward import NURSERIES, Ward
from syncd.errors import SyncdError

MODULE = "tests.boxsim"
ALL_FILES = "0"
PAGE = 1000
SECONDS = 30.0
PORT_FILE = "port"

_CONFIG = """\
cloud:                       # simulated here, by `python -m {module} --port {port} --data …/box` in syncd's clone
  kind: box
  auth:                      # worth nothing; a real secret stays out of here: "${{credential:box_secret}}"
    client_id: "{client_id}"
    client_secret: "{client_secret}"
    enterprise_id: "{enterprise_id}"
  base_urls:                 # left out: Box itself
    base: {base_url}
    upload: {upload_url}
    oauth2: {oauth2_url}
"""


def require_clone() -> None:
    """Raises SyncdError where the simulator isn't: it belongs to syncd's tests, which are not installed."""
    if not (ABOVE / Path(*MODULE.split(".")) / "__main__.py").is_file():
        raise SyncdError("demo --box needs a clone of syncd's repository", "clone it, and say `make demo-box` there")


def require_stopped(ward: Ward) -> None:
    """Raises SyncdError while an earlier demo's Box runs: at its end it would write its data over the new one's."""
    try:
        port = int((ward.box / PORT_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return
    with suppress(requests.RequestException), requests.Session() as session:
        session.trust_env = False
        if session.get(f"http://127.0.0.1:{port}/_sim/calls", timeout=SECONDS).ok:
            raise SyncdError(f"{ward.folder}: its simulated Box is running (port {port})", "stop it first")


@contextmanager
def simulated_box(ward: Ward) -> Iterator[Box]:
    """A simulator that keeps its data in the ward's folder, for as long as the block runs."""
    ward.box.mkdir()
    log = ward.box / "errors.log"
    command = [sys.executable, "-m", MODULE, "--port", "0", "--data", str(ward.box)]
    with (
        open(log, "wb") as errors,
        subprocess.Popen(
            command, cwd=ABOVE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8"
        ) as process,
    ):
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            if not said:
                raise SyncdError("the Box simulator did not start", f"see {log}")
            box = Box(json.loads(said))
            (ward.box / PORT_FILE).write_text(str(box.port), encoding="ascii")
            yield box
        finally:
            end(process)


class Box:
    """The simulator. `said`: its addresses, and what syncd enters with."""

    def __init__(self, said: Mapping[str, str]) -> None:
        self._said = said

    @property
    def config(self) -> str:
        """The group `cloud` of config.yaml."""
        return _CONFIG.format(module=MODULE, port=self.port, **self._said)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._said["base_url"].rpartition(":")[2])

    def invite(self) -> BoxHands:
        """Makes a user for each nursery and invites it to its folder, which `syncd init` has made."""
        ward = _Person(self._said, self._said["token"])
        folders = ward.listed(ALL_FILES, "folder")
        people: dict[str, _Person] = {}
        for nursery in NURSERIES:
            user = ward.call("POST", "/_sim/users", json={"name": nursery.name, "login": f"{nursery.id}@example.jp"})
            invitation = {"folder_id": folders[nursery.folder], "user_id": user["id"], "role": "editor"}
            ward.call("POST", "/_sim/collaborations", json=invitation)
            people[nursery.folder] = _Person(self._said, user["token"])
        return BoxHands(people)


class BoxHands:
    """The nurseries' people in Box, by the folder that each was invited to."""

    def __init__(self, people: Mapping[str, _Person]) -> None:
        self._people = people
        self._known: dict[str, str] = {}

    def logins(self) -> dict[str, str]:
        """Who works in which folder, as the history names them."""
        return {folder: person.call("GET", "/2.0/users/me")["login"] for folder, person in self._people.items()}

    def put(self, folder: str, name: str, content: bytes) -> None:
        person, folder_id = self._at(folder)
        known = person.listed(folder_id, "file").get(name)
        attributes = {"name": name} if known else {"name": name, "parent": {"id": folder_id}}
        form = {"attributes": (None, json.dumps(attributes)), "file": ("file", content)}
        person.call("POST", f"/api/2.0/files/{f'{known}/' if known else ''}content", files=form)

    def move(self, folder: str, name: str, to_folder: str, to_name: str) -> None:
        person, folder_id = self._at(folder)
        _, target_id = self._at(to_folder)
        file_id = person.listed(folder_id, "file")[name]
        person.call("PUT", f"/2.0/files/{file_id}", json={"name": to_name, "parent": {"id": target_id}})

    def names(self, folder: str) -> list[str]:
        person, folder_id = self._at(folder)
        return sorted(person.listed(folder_id, "file"))

    def content(self, folder: str, name: str) -> bytes:
        person, folder_id = self._at(folder)
        return person.download(person.listed(folder_id, "file")[name])

    def _at(self, folder: str) -> tuple[_Person, str]:
        """Who works there, and the folder's id."""
        words = folder.split("/")
        person = self._people[words[0]]
        if folder not in self._known:
            here = ALL_FILES
            for word in words:
                here = person.listed(here, "folder")[word]
            self._known[folder] = here
        return person, self._known[folder]


class _Person:
    """Somebody with a token."""

    def __init__(self, said: Mapping[str, str], token: str) -> None:
        self._base = said["base_url"]
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, **content: Any) -> Any:
        """What the answer's JSON says. Raises SyncdError."""
        return self._answer(method, path, **content).json()

    def download(self, file_id: str) -> bytes:
        """What a file holds. Raises SyncdError."""
        return self._answer("GET", f"/2.0/files/{file_id}/content").content

    def _answer(self, method: str, path: str, **content: Any) -> requests.Response:
        try:
            answer = self._session.request(method, self._base + path, timeout=SECONDS, **content)
            answer.raise_for_status()
        except requests.RequestException as error:
            raise SyncdError(f"the Box simulator refuses {method} {path}: {error}") from error
        return answer

    def listed(self, folder_id: str, kind: str) -> dict[str, str]:
        """The ids of all files, or folders, of a folder by name."""
        found: dict[str, str] = {}
        query = {"usemarker": "true", "fields": "name", "limit": str(PAGE)}
        while True:
            page = self.call("GET", f"/2.0/folders/{folder_id}/items", params=query)
            found |= {entry["name"]: entry["id"] for entry in page["entries"] if entry["type"] == kind}
            if not page.get("next_marker"):
                return found
            query["marker"] = page["next_marker"]
