"""Every answer is what Box's own description says, in a long session of two people who try everything."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.boxsim import Simulator, handling, openapi, routes
from tests.boxsim.calling import UPLOAD, Caller, committed, sha, started

ELSEWHERE = {
    ("shared_link", "type"): "null for no link, which the description allows in the trash only",
    ("code", "enum"): "Box's page of errors has many more codes than its description",
    ("context_info.conflicts", "type"): "uploads send one conflict, not a list",
    ("source", "oneOf"): "a generic source has no required keys, so every item matches two kinds",
    ("classification", "type"): "null for no classification",
    ("lock", "type"): "null for no lock",
    ("lock.app_type", "enum"): "null for no application: nullable, but not in the list of values",
    ("parent", "type"): "null for the root: nullable beside a reference, where it doesn't count",
    ("tags", "minItems"): "empty for no tags",
}
"""Where Box itself differs from its description: the end of the path, the keyword, and the reason."""

UNDESCRIBED = {
    "session_endpoints.plan": "boxsdk 10.18 uses it for new versions",
    "total_count": "sent with collaborations, too",
}
"""What is sent without being described, and the reason."""

MINI = {"type", "id", "etag", "sequence_id", "name", "sha1", "file_version", "login"}
"""What is sent besides the fields that were asked for."""


class Checking(Caller):
    """Compares each answer with the description."""

    def __init__(self, sim: Simulator, token: str, seen: Counter[tuple[str, int]]) -> None:
        super().__init__(sim, token)
        self._seen = seen
        self.session.hooks["response"].append(self._check)

    def _check(self, response: requests.Response, *_args: Any, **_options: Any) -> None:
        method = response.request.method or ""
        _, path = handling.place(urlsplit(response.url).path)
        found = routes.find(method, path)
        assert found is not None, f"{method} {path}"
        name, status = found[0].name, response.status_code
        self._seen[name, status] += 1
        assert status < 500, f"{name}: {response.text}"
        if not openapi.is_described(name) or not response.content:
            return
        document = response.json()
        if (name, status) == ("POST /files/:id/content", 201):
            status = 200  # 201 like every upload, which the description has for new files only
        for mismatch in openapi.mismatches(name, status, document):
            if not any(mismatch.path.endswith(end) and mismatch.keyword == kind for end, kind in ELSEWHERE):
                pytest.fail(f"{name} {status}: {mismatch.path}: {mismatch.message[:300]} ({mismatch.keyword})")
        if status < 300:
            for undescribed in openapi.undescribed(name, status, document):
                assert undescribed.endswith(tuple(UNDESCRIBED)), f"{name} {status}: {undescribed} is not described"
            self._check_fields(name, response, document)

    def _check_fields(self, name: str, response: requests.Response, document: Any) -> None:
        """What nobody asked for with `fields=` isn't there, and what they asked for is."""
        query = urlsplit(response.url).query
        if "fields=" in query and "entries" not in document:
            wanted = set(query.partition("fields=")[2].partition("&")[0].split("%2C"))
            assert wanted <= document.keys(), name
            assert document.keys() - wanted <= MINI, name


@pytest.fixture
def seen() -> Counter[tuple[str, int]]:
    return Counter()


@pytest.fixture
def service(sim: Simulator, seen: Counter[tuple[str, int]]) -> Checking:
    return Checking(sim, sim.account.token, seen)


@pytest.fixture
def colleague(sim: Simulator, seen: Counter[tuple[str, int]]) -> Checking:
    return Checking(sim, sim.token_for(sim.add_user("保育園 花子")), seen)


def test_every_endpoint_answers_as_described(
    sim: Simulator, service: Checking, colleague: Checking, seen: Counter[tuple[str, int]]
) -> None:
    tokens(sim, service)
    folder_id = folders(service)
    file_id = files(service, folder_id)
    trash(service, folder_id, file_id)
    together(sim, service, colleague, folder_id)
    parts(sim, service, folder_id)
    wandering((service, colleague), folder_id)
    told(service, colleague)
    described = {route.name for route in routes.all_routes() if openapi.is_described(route.name)}
    succeeded = {name for name, status in seen if status < 400}
    assert described <= succeeded, "an endpoint was never seen to succeed"
    assert {304, 400, 401, 403, 404, 409, 410, 412, 416} <= {status for _, status in seen}


def tokens(sim: Simulator, call: Checking) -> None:
    account = sim.account
    client = {"client_id": account.client_id, "client_secret": account.client_secret}
    subject = {"box_subject_type": "enterprise", "box_subject_id": account.enterprise_id}
    form = {"grant_type": "client_credentials", **client, **subject}
    url = "http://box.test/oauth2/token"
    made = call.session.post(url, data=form)
    assert made.status_code == 200
    assert call.session.post(url, data={**form, "client_secret": "x"}).json()["error"] == "invalid_client"
    token = made.json()["access_token"]
    assert call.session.post("http://box.test/oauth2/revoke", data={**client, "token": token}).status_code == 200
    assert call("GET", "/users/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert call("GET", "/users/me").json()["id"] == account.user_id
    assert call("GET", f"/users/{account.user_id}", params={"fields": "role,enterprise"}).json()["role"] == "admin"
    assert call("GET", "/users/1").status_code == 404


def folders(call: Checking) -> str:
    folder_id: str = call("POST", "/folders", {"name": "012_ひまわり", "parent": {"id": "0"}}).json()["id"]
    assert call("POST", "/folders", {"name": "012_ヒマワリ", "parent": {"id": "0"}}).status_code == 201
    assert call("POST", "/folders", {"name": "012_ひまわり", "parent": {"id": "0"}}).status_code == 409
    assert call("POST", "/folders", {"name": "a/b", "parent": {"id": "0"}}).status_code == 400
    assert call("GET", "/folders/0").json()["item_collection"]["total_count"] == 2
    assert call("GET", f"/folders/{folder_id}").status_code == 200
    asked = {"fields": "size,permissions,has_collaborations,path_collection,tags,folder_upload_email"}
    assert call("GET", f"/folders/{folder_id}", params=asked).status_code == 200
    inner = call("POST", "/folders", {"name": "inner", "parent": {"id": folder_id}}).json()["id"]
    assert call("PUT", f"/folders/{inner}", {"name": "INNER", "description": "d", "tags": ["t"]}).status_code == 200
    assert call("PUT", f"/folders/{folder_id}", {"parent": {"id": inner}}).status_code == 400
    assert call("POST", f"/folders/{inner}/copy", {"name": "copy", "parent": {"id": "0"}}).status_code == 201
    assert call("GET", "/folders/0/items", params={"limit": "1", "fields": "size,owned_by"}).status_code == 200
    assert call("GET", "/folders/0/items", params={"limit": "1", "usemarker": "true"}).json()["next_marker"]
    assert call("GET", "/folders/0/items", params={"limit": "1001"}).status_code == 400
    assert call("GET", "/folders/1/items").status_code == 404
    assert call("PUT", f"/folders/{inner}", {"name": "x"}, headers={"If-Match": "77"}).status_code == 412
    return folder_id


def files(call: Checking, folder_id: str) -> str:
    question = {"name": "a.xlsx", "parent": {"id": folder_id}, "size": 5}
    assert call("OPTIONS", "/files/content", question).status_code == 200
    made = call.upload("a.xlsx", b"first", folder_id, params={"fields": "size,parent"})
    file_id: str = made.json()["entries"][0]["id"]
    assert call("OPTIONS", "/files/content", question).status_code == 409
    assert call.upload("A.XLSX", b"again", folder_id).status_code == 409
    assert call.upload("b.xlsx", b"x", folder_id, headers={"Content-MD5": "0" * 40}).status_code == 400
    assert call.upload("a.xlsx", b"second", file_id=file_id).status_code == 201
    assert call.upload("a.xlsx", b"third", file_id=file_id, headers={"If-Match": "0"}).status_code == 412
    assert call("GET", f"/files/{file_id}", headers={"If-None-Match": "1"}).status_code == 304
    asked = {"fields": "lock,permissions,version_number,extension,tags,is_package,uploader_display_name,comment_count"}
    assert call("GET", f"/files/{file_id}", params=asked).json()["lock"] is None
    lock = {"access": "lock", "expires_at": "2099-01-01T00:00:00+09:00", "is_download_prevented": True}
    assert call("PUT", f"/files/{file_id}", {"lock": lock}, params={"fields": "lock"}).json()["lock"]["id"]
    assert call("GET", f"/files/{file_id}", params=asked).status_code == 200
    assert call("PUT", f"/files/{file_id}", {"lock": None}, params={"fields": "lock"}).json()["lock"] is None
    content = call("GET", f"/files/{file_id}/content")
    assert content.status_code == 302
    (old,) = call("GET", f"/files/{file_id}/versions").json()["entries"]
    assert call("GET", f"/files/{file_id}/versions/{old['id']}").status_code == 200
    promoted = call("POST", f"/files/{file_id}/versions/current", {"type": "file_version", "id": old["id"]})
    assert promoted.status_code == 201
    assert call("DELETE", f"/files/{file_id}/versions/{old['id']}").status_code == 204
    assert call("GET", f"/files/{file_id}/versions").json()["total_count"] == 2
    assert call("PUT", f"/files/{file_id}", {"name": "b.xlsx", "description": "d"}).json()["name"] == "b.xlsx"
    assert call("POST", f"/files/{file_id}/copy", {"parent": {"id": "0"}}).status_code == 201
    assert call("POST", f"/files/{file_id}/copy", {"parent": {"id": "0"}}).status_code == 409
    return file_id


def trash(call: Checking, folder_id: str, file_id: str) -> None:
    assert call("GET", f"/files/{file_id}/trash").status_code == 404
    assert call("DELETE", f"/files/{file_id}", headers={"If-Match": "0"}).status_code == 412
    assert call("DELETE", f"/files/{file_id}").status_code == 204
    assert call("GET", f"/files/{file_id}").json()["code"] == "trashed"
    assert call("GET", f"/files/{file_id}/trash").json()["item_status"] == "trashed"
    assert call("GET", "/folders/trash/items", params={"fields": "trashed_at,purged_at"}).json()["total_count"] == 1
    assert call("POST", f"/files/{file_id}", {"name": "c.xlsx"}).json()["name"] == "c.xlsx"
    assert call("DELETE", f"/folders/{folder_id}").json()["code"] == "folder_not_empty"
    assert call("DELETE", f"/folders/{folder_id}", params={"recursive": "true"}).status_code == 204
    assert call("GET", f"/folders/{folder_id}/trash").status_code == 200
    assert call("POST", f"/folders/{folder_id}").status_code == 201
    file = call.upload("gone", b"").json()["entries"][0]
    folder = call("POST", "/folders", {"name": "gone", "parent": {"id": folder_id}}).json()
    for item in (file, folder):
        path = f"/{item['type']}s/{item['id']}"
        assert call("DELETE", path).status_code == 204
        assert call("DELETE", f"{path}/trash").status_code == 204
        assert call("DELETE", f"{path}/trash").status_code == 404


def together(sim: Simulator, service: Checking, colleague: Checking, folder_id: str) -> None:
    user_id = colleague("GET", "/users/me").json()["id"]
    assert colleague("GET", f"/folders/{folder_id}").status_code == 404
    item, grantee = {"type": "folder", "id": folder_id}, {"type": "user", "id": user_id}
    invitation = {"item": item, "accessible_by": grantee, "role": "viewer"}
    made = service("POST", "/collaborations", invitation).json()["id"]
    assert service("POST", "/collaborations", invitation).status_code == 400
    assert colleague("GET", "/folders/0/items").json()["total_count"] == 1
    assert colleague("GET", f"/folders/{folder_id}").json()["parent"]["id"] == "0"
    assert colleague.upload("x", b"x", folder_id).status_code == 403
    assert service("PUT", f"/collaborations/{made}", {"role": "editor"}).json()["role"] == "editor"
    assert colleague("GET", f"/collaborations/{made}").status_code == 200
    assert colleague("GET", f"/folders/{folder_id}/collaborations").json()["entries"][0]["id"] == made
    file_id = colleague.upload("x", b"x", folder_id).json()["entries"][0]["id"]
    assert service("GET", f"/files/{file_id}/collaborations").status_code == 200
    assert service("PUT", f"/files/{file_id}", {"lock": {"access": "lock"}}).status_code == 200
    assert colleague("DELETE", f"/files/{file_id}").json()["code"] == "access_denied_item_locked"
    assert colleague("DELETE", f"/collaborations/{made}").status_code == 204
    assert colleague("GET", f"/collaborations/{made}").status_code == 404
    waits = sim.invite(folder_id, user_id, "viewer")
    (found,) = colleague("GET", "/collaborations", params={"status": "pending"}).json()["entries"]
    assert (found["id"], found["status"], found.get("item")) == (waits, "pending", None)
    assert colleague("GET", f"/folders/{folder_id}").status_code == 404
    accepted = colleague("PUT", f"/collaborations/{waits}", {"status": "accepted"}).json()["id"]
    assert colleague("GET", f"/folders/{folder_id}").status_code == 200
    assert colleague("DELETE", f"/collaborations/{accepted}").status_code == 204
    assert service("POST", "/collaborations", {**invitation, "role": "editor"}).status_code == 201


def parts(sim: Simulator, call: Checking, folder_id: str) -> None:
    content = bytes(20_000_000)
    session = started(call, content, {"folder_id": folder_id, "file_name": "big.bin"})
    file_id = committed(call, session, content).json()["entries"][0]["id"]
    changed = b"\1" + content[1:]
    session = started(call, changed, {}, file_id)
    headers = {"Digest": sha(b"x"), "Content-Range": "bytes 1-1/20000000"}
    assert call.session.put(session["session_endpoints"]["upload_part"], data=b"x", headers=headers).status_code == 416
    assert committed(call, session, changed, {"If-Match": "0"}).status_code == 201
    assert call("DELETE", f"/files/upload_sessions/{session['id']}", base=UPLOAD).status_code == 404
    session = started(call, content, {}, file_id)
    assert call("DELETE", f"/files/upload_sessions/{session['id']}", base=UPLOAD).status_code == 204
    small = {"folder_id": folder_id, "file_name": "s", "file_size": 1}
    assert call("POST", "/files/upload_sessions", small, base=UPLOAD).status_code == 400
    session = started(call, content, {}, file_id)
    now = sim.now
    sim.now = lambda: now() + 8 * 86_400
    assert call("GET", f"/files/upload_sessions/{session['id']}", base=UPLOAD).status_code == 410
    sim.now = now


def wandering(callers: tuple[Checking, ...], folder_id: str) -> None:
    """Anything on anything: answers fit, whether it succeeds or not."""
    choose = random.Random(11)
    known = {"files": ["1"], "folders": ["0", folder_id]}
    for number in range(800):
        call = choose.choice(callers)
        kind = choose.choice(("files", "folders"))
        path = f"/{kind}/{choose.choice(known[kind])}"
        target = choose.choice(known["folders"])
        name = choose.choice(("a", "B", "ｃ", "が.xlsx", " ", ".."))
        made = _anything(call, choose, path, target, name, number)
        if made is not None and made.status_code == 201:
            document = made.json()
            entry = document["entries"][0] if "entries" in document else document
            known[f"{entry['type']}s"].append(entry["id"])
    assert len(known["files"]) > 20
    assert len(known["folders"]) > 20


def _anything(
    call: Checking, choose: random.Random, path: str, target: str, name: str, number: int
) -> requests.Response | None:
    """One call; its answer when it may have made something."""
    parent = {"parent": {"id": target}}
    match choose.randrange(10):
        case 0:
            return call.upload(f"{name}{number % 40}", bytes([number % 256]) * 9, target)
        case 1:
            return call("POST", "/folders", {"name": f"{name}{number % 40}", **parent})
        case 2:
            return call("POST", f"{path}/copy", parent)
        case 3:
            call("DELETE", path, params={"recursive": choose.choice(("true", "false"))})
        case 4:
            call("POST", path, choose.choice(({}, {"name": f"n{number}", **parent})))
        case 5:
            call("GET", path)
        case 6:
            call("GET", f"/folders/{target}/items", params={"fields": "parent,path_collection,item_status"})
        case 7:
            call("PUT", path, {"name": name, **parent})
        case 8:
            call("GET", "/events", params={"stream_type": "changes", "limit": "20", "stream_position": "0"})
        case _:
            call("GET", f"{path}/trash")
    return None


def told(*callers: Checking) -> None:
    for call in callers:
        assert call.events(limit="500")["chunk_size"] > 10
        assert call("GET", "/events", params={"stream_position": "x"}).status_code == 400
        position = call.events("now")["next_stream_position"]
        assert call.events(str(position))["entries"] == []
        (server,) = call("OPTIONS", "/events").json()["entries"]
        assert server["type"] == "realtime_server"
