"""Every fault does what it says, in process and over HTTP; calls are counted; roles are kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from tests.boxsim import Refused, Simulator, serve
from tests.boxsim.access import RIGHTS
from tests.boxsim.calling import Caller, committed, sha, started
from tests.boxsim.faults import KINDS

ME = "GET /users/me"


class OverHTTP(Caller):
    """The same calls, to a server on a port."""

    def __init__(self, sim: Simulator, token: str, base_url: str) -> None:
        super().__init__(sim, token)
        self.session.trust_env = False
        self._base_url = base_url

    def __call__(self, method: str, path: str, document: object = None, **options: object) -> requests.Response:
        base = str(options.pop("base", "http://box.test/2.0")).replace("http://box.test", self._base_url)
        return super().__call__(method, path, document, base=base, **options)


@pytest.fixture(params=["in process", "over HTTP"])
def call(sim: Simulator, request: pytest.FixtureRequest) -> Iterator[Caller]:
    if request.param == "in process":
        yield Caller(sim, sim.account.token)
        return
    with serve(sim) as server:
        caller = OverHTTP(sim, sim.account.token, server.base_url)
        yield caller
        caller.session.close()


@pytest.mark.parametrize(
    ("kind", "status"), [("429", 429), ("429-date", 429), ("500", 500), ("502", 502), ("503-before", 503)]
)
def test_a_refusal_before_the_effect(sim: Simulator, call: Caller, kind: str, status: int) -> None:
    sim.faults.add(kind, seconds=7)
    refused = call("POST", "/folders", {"name": "a", "parent": {"id": "0"}})
    assert refused.status_code == status
    assert sim.hands().folders() == set()
    after = refused.headers.get("Retry-After")
    if kind == "429-date":
        assert after is not None
        assert 4 < parsedate_to_datetime(after).timestamp() - time.time() < 9
    elif kind in {"429", "503-before"}:
        assert after == "7"
    assert call("POST", "/folders", {"name": "a", "parent": {"id": "0"}}).status_code == 201


def test_503_although_it_happened(sim: Simulator, call: Caller) -> None:
    sim.faults.add("503-after")
    assert call("POST", "/folders", {"name": "a", "parent": {"id": "0"}}).status_code == 503
    assert sim.hands().folders() == {"a"}


@pytest.mark.parametrize(("kind", "made"), [("drop-before", set()), ("drop-after", {"a"})])
def test_the_connection_is_dropped(sim: Simulator, call: Caller, kind: str, made: set[str]) -> None:
    sim.faults.add(kind)
    with pytest.raises(requests.ConnectionError):
        call("POST", "/folders", {"name": "a", "parent": {"id": "0"}})
    assert sim.hands().folders() == made


def test_a_body_is_cut(sim: Simulator, call: Caller) -> None:
    content = b"x" * 10_000
    file_id = sim.hands().put("a", content)
    sim.faults.add("truncate", match="DOWNLOAD", bytes=100)
    response = call("GET", f"/files/{file_id}/content", allow_redirects=True, stream=True)
    assert response.headers["Content-Length"] == "10000"
    got = b""
    try:
        for chunk in response.iter_content(64):
            got += chunk
    except requests.exceptions.ChunkedEncodingError:
        assert isinstance(call, OverHTTP)
    assert got == content[: len(got)]
    assert len(got) <= 100


def test_a_body_is_slow(sim: Simulator, call: Caller) -> None:
    file_id = sim.hands().put("a", b"x" * 1000)
    sim.faults.add("slow", match="DOWNLOAD", seconds=0.2)
    before = time.monotonic()
    assert call.download(file_id) == b"x" * 1000
    assert time.monotonic() - before >= 0.2


def test_other_bytes_arrive(sim: Simulator, call: Caller) -> None:
    file_id = sim.hands().put("a", b"content")
    sim.faults.add("wrong-sha1")
    got = call.download(file_id)
    assert got != b"content"
    assert len(got) == 7
    assert call.download(file_id) == b"content"


def test_content_is_not_ready(sim: Simulator, call: Caller) -> None:
    file_id = sim.hands().put("a", b"content")
    sim.faults.add("202", seconds=3)
    assert call("GET", "/users/me").status_code == 200, "it waits for a request that it makes sense for"
    waiting = call("GET", f"/files/{file_id}/content")
    assert (waiting.status_code, waiting.headers["Retry-After"], waiting.content) == (202, "3", b"")
    assert call.download(file_id) == b"content"


def test_a_commit_is_not_ready(sim: Simulator) -> None:
    caller = Caller(sim, sim.account.token)
    content = bytes(20_000_000)
    session = started(caller, content, {"folder_id": "0", "file_name": "a"})
    sim.faults.add("202")
    assert committed(caller, session, content).status_code == 202
    parts = caller.session.get(session["session_endpoints"]["list_parts"]).json()["entries"]
    commit, headers = session["session_endpoints"]["commit"], {"Digest": sha(content)}
    assert caller.session.post(commit, json={"parts": parts}, headers=headers).status_code == 201
    assert sim.hands().content("a") == content


def test_a_token_expires(sim: Simulator, call: Caller) -> None:
    token = sim.people.issue(sim.account.user_id, 3600)
    headers = {"Authorization": f"Bearer {token}"}
    sim.faults.add("token-expired", match=ME)
    refused = call("GET", "/users/me", headers=headers)
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    assert "expired_token" in refused.headers["WWW-Authenticate"]
    assert call("GET", "/users/me", headers=headers).status_code == 401, "it has really expired"
    assert call("GET", "/users/me").status_code == 200, "the account's own token never does"


def test_tokens_end_with_their_time(sim: Simulator, call: Caller) -> None:
    headers = {"Authorization": f"Bearer {sim.people.issue(sim.account.user_id, 3600)}"}
    assert call("GET", "/users/me", headers=headers).status_code == 200
    later = sim.now() + 3601
    sim.now = lambda: later
    assert "expired_token" in call("GET", "/users/me", headers=headers).headers["WWW-Authenticate"]


def test_garbage_instead_of_json(sim: Simulator, call: Caller) -> None:
    sim.faults.add("garbage")
    odd = call("GET", "/users/me")
    assert odd.status_code == 200
    assert odd.text.startswith("<html>")


def test_a_position_has_expired(sim: Simulator, call: Caller) -> None:
    position = str(call.events("now")["next_stream_position"])
    sim.faults.add("expired-position")
    sim.faults.add("expired-position", status=410)
    assert [call("GET", "/events", params={"stream_position": position}).status_code for _ in range(3)] == [
        400,
        410,
        200,
    ]


def test_a_new_change_is_lost(sim: Simulator, call: Caller) -> None:
    url = call("OPTIONS", "/events").json()["entries"][0]["url"]
    position = call.events("now")["next_stream_position"]
    sim.hands().put("a", b"")
    sim.long_poll_seconds = 0.1
    sim.faults.add("lost-new-change")
    assert call.session.get(url, params={"stream_position": position}).json() == {"message": "reconnect"}
    assert call.session.get(url, params={"stream_position": position}).json() == {"message": "new_change"}


def test_no_answer_at_all(sim: Simulator, call: Caller) -> None:
    sim.faults.add("timeout", seconds=0.5)
    with pytest.raises(requests.ReadTimeout):
        call("GET", "/users/me", timeout=(1, 0.1))


def test_any_error(sim: Simulator, call: Caller) -> None:
    sim.faults.add("error", status=409, code="name_temporarily_reserved")
    refused = call("POST", "/folders", {"name": "a", "parent": {"id": "0"}})
    assert (refused.status_code, refused.json()["code"]) == (409, "name_temporarily_reserved")


def test_a_fault_waits_for_its_request(sim: Simulator) -> None:
    call = Caller(sim, sim.account.token)
    sim.faults.add("500", at=2, match="GET /folders/:id/items")
    statuses = [call("GET", path).status_code for path in ("/folders/0/items", "/users/me", "/folders/0/items")]
    assert statuses == [200, 200, 500]
    assert [(each.kind, each.request) for each in sim.faults.happened] == [("500", "GET /folders/:id/items")]
    with pytest.raises(ValueError, match="no fault"):
        sim.faults.add("nonsense")


def test_a_seed_determines_what_goes_wrong() -> None:
    def run(seed: int) -> list[int | str]:
        sim = Simulator()
        sim.faults.seeded(seed, 0.5, [kind for kind in KINDS if kind not in {"slow", "timeout", "lost-new-change"}])
        call, seen = Caller(sim, sim.account.token), list[int | str]()
        for _ in range(40):
            try:
                seen.append(call("GET", "/users/me").status_code)
            except requests.ConnectionError:
                seen.append("dropped")
        sim.faults.clear()
        assert call("GET", "/users/me").status_code == 200
        return seen

    assert run(1) == run(1) != run(2)
    assert {200, 500, 429, 503, "dropped"} <= set(run(1)) | set(run(2)) | set(run(3))


def test_calls_are_counted_by_endpoint(sim: Simulator, call: Caller) -> None:
    file_id = call.upload("a", b"x").json()["entries"][0]["id"]
    call.download(file_id)
    call("GET", "/nothing/here")
    call("GET", "/files/7/nothing")
    assert sim.calls == {
        "POST /files/content": 1,
        "GET /files/:id/content": 1,
        "DOWNLOAD": 1,
        "GET /nothing/here": 1,
        "GET /files/:id/nothing": 1,
    }


def test_rates_are_limited_for_each_user(sim: Simulator) -> None:
    clock = [1_800_000_000.0]
    sim.now = lambda: clock[0]
    call = Caller(sim, sim.account.token)
    other = Caller(sim, sim.token_for(sim.add_user("さくら")))
    sim.limit(calls_per_minute=5, uploads_per_minute=1)
    assert call.upload("a", b"").status_code == 201
    assert call.upload("b", b"").status_code == 429
    assert [call("GET", "/users/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = call("GET", "/users/me")
    assert other("GET", "/users/me").status_code == 200
    clock[0] += int(refused.headers["Retry-After"])
    assert call("GET", "/users/me").status_code == 200


def test_storage_runs_out(sim: Simulator) -> None:
    call = Caller(sim, sim.account.token)
    sim.quota(sim.account.user_id, 10)
    assert call.upload("a", b"x" * 6).status_code == 201
    refused = call.upload("b", b"x" * 6)
    assert (refused.status_code, refused.json()["code"]) == (403, "storage_limit_exceeded")


@pytest.mark.parametrize("fault", ["duplicate", "reorder", "short", "lose"])
def test_events_in_disorder(sim: Simulator, fault: str) -> None:
    call = Caller(sim, sim.account.token)
    for number in range(30):
        sim.hands().put(f"{number:02}", b"")
    calm = [event["event_id"] for event in call.events(limit="500")["entries"]]
    share: dict[str, Any] = {fault: 0.5}
    sim.events_faults(**share, seed=4)
    position, end, told, pages = "0", str(call.events("now")["next_stream_position"]), list[str](), 0
    while position != end:
        page = call.events(position, limit="20")
        assert len(page["entries"]) <= 20
        told += [event["event_id"] for event in page["entries"]]
        position = str(page["next_stream_position"])
        pages += 1
    if fault == "duplicate":
        assert len(told) > len(calm)
        assert set(told) == set(calm)
    elif fault == "reorder":
        assert told != calm
        assert sorted(told) == sorted(calm)
    elif fault == "short":
        assert told == calm
        assert pages > 2
    else:
        assert 0 < len(told) < len(calm)


def allowed(role: str) -> set[str]:
    """What somebody with this role gets done in a folder that is shared with them."""
    sim = Simulator()
    owner = sim.hands()
    file_id = owner.put("shared/a", b"a")
    owner.put("shared/b", b"b")
    owner.make_folder("shared/sub")
    folder_id = owner.identity("shared") or ""
    user_id = sim.add_user("さくら")
    sim.collaborate(folder_id, user_id, role)
    call, hands = Caller(sim, sim.token_for(user_id)), sim.hands(folder_id, user_id)
    shared, file = f"/folders/{folder_id}", f"/files/{file_id}"
    into = {"parent": {"id": owner.identity("shared/sub")}}
    tries: dict[str, Callable[[], requests.Response]] = {
        "list": lambda: call("GET", f"{shared}/items"),
        "download": lambda: call("GET", f"{file}/content"),
        "upload": lambda: call.upload("new", b"", folder_id),
        "make folder": lambda: call("POST", "/folders", {"name": "made", "parent": {"id": folder_id}}),
        "replace": lambda: call.upload("a", b"2", file_id=file_id),
        "rename": lambda: call("PUT", file, {"name": "c"}),
        "move": lambda: call("PUT", file, into),
        "delete": lambda: call("DELETE", f"/files/{owner.identity('shared/b')}"),
        "delete what is shared": lambda: call("DELETE", shared, params={"recursive": "true"}),
    }
    done = {name for name, attempt in tries.items() if attempt().status_code < 400}
    if "upload" not in done:
        with pytest.raises(Refused):
            hands.put("by hand", b"")
    return done


def test_roles_allow_what_box_says() -> None:
    look = {"list", "download"}
    add = {"upload", "make folder"}
    change = {"replace", "rename", "move", "delete"}
    assert {role: allowed(role) for role in RIGHTS if role != "owner"} == {
        "previewer": {"list"},
        "uploader": {"list"} | add,
        "viewer": look,
        "previewer uploader": {"list"} | add,
        "viewer uploader": look | add | {"replace"},
        "editor": look | add | change,
        "co-owner": look | add | change | {"delete what is shared"},
    }
