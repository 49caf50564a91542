"""Calling the API by hand, in the tests of the simulator: without an SDK, so that nothing is retried or hidden."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import requests

from tests.boxsim import InProcess, Simulator
from tests.boxsim.contents import digest

API = "http://box.test/2.0"
UPLOAD = "http://box.test/api/2.0"


class Caller:
    """Somebody who calls the API by hand. Answers are kept with the names of what was called."""

    def __init__(self, sim: Simulator, token: str) -> None:
        self.session = requests.Session()
        self.session.mount("http://box.test", InProcess(sim))
        self.session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, document: object = None, **options: Any) -> requests.Response:
        base = options.pop("base", API)
        options.setdefault("allow_redirects", False)
        return self.session.request(method, f"{base}{path}", json=document, **options)

    def upload(
        self, name: str, content: bytes, parent: str = "0", file_id: str | None = None, **options: Any
    ) -> requests.Response:
        """A new file, or a new version of one."""
        attributes = {"name": name, "parent": {"id": parent}} if file_id is None else {"name": name}
        files = {"attributes": (None, json.dumps(attributes)), "file": (name, content)}
        headers = {"Content-MD5": digest(content), **options.pop("headers", {})}
        path = "/files/content" if file_id is None else f"/files/{file_id}/content"
        return self("POST", path, base=UPLOAD, files=files, headers=headers, **options)

    def download(self, file_id: str, **options: Any) -> bytes:
        """A file's content, by way of the content host."""
        return self("GET", f"/files/{file_id}/content", allow_redirects=True, **options).content

    def events(self, position: str = "0", **query: str) -> dict[str, Any]:
        """A page of events."""
        found: dict[str, Any] = self("GET", "/events", params={"stream_position": position, **query}).json()
        return found


def sha(content: bytes) -> str:
    """The header `Digest`."""
    return "sha=" + base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def started(call: Caller, content: bytes, destination: dict[str, str], file_id: str | None = None) -> dict[str, Any]:
    """A session for these bytes: of a new file, or of a version of one."""
    path = "/files/upload_sessions" if file_id is None else f"/files/{file_id}/upload_sessions"
    made = call("POST", path, {**destination, "file_size": len(content)}, base=UPLOAD)
    assert made.status_code == 201, made.text
    session: dict[str, Any] = made.json()
    return session


def put_part(call: Caller, session: dict[str, Any], content: bytes, first: int) -> requests.Response:
    """Sends the part that begins at `first`."""
    part = content[first : first + session["part_size"]]
    headers = {"Digest": sha(part), "Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(content)}"}
    return call.session.put(session["session_endpoints"]["upload_part"], data=part, headers=headers)


def committed(
    call: Caller, session: dict[str, Any], content: bytes, headers: Mapping[str, str] | None = None
) -> requests.Response:
    """Sends all parts, looks at the session, and commits it."""
    endpoints = session["session_endpoints"]
    for first in range(0, len(content), session["part_size"]):
        assert put_part(call, session, content, first).status_code == 200
    parts = call.session.get(endpoints["list_parts"]).json()["entries"]
    assert call.session.get(endpoints["status"]).json()["num_parts_processed"] == session["total_parts"]
    return call.session.post(
        endpoints["commit"], json={"parts": parts}, headers={"Digest": sha(content), **(headers or {})}
    )
