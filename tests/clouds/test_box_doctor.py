"""`syncd doctor` on a ward whose cloud is Box, over real HTTP: each thing good, each thing wrong with its remedy."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from syncd.calls_forecast import forecast, since, spent
from syncd.cli import syncd
from syncd.clouds.box.examine_people import meant
from syncd.store import Store
from syncd.store.cloud_items import CloudItems
from tests.boxsim import Request, Response, Server, Simulator, certificates, serve
from tests.boxsim.proxy import proxy

REPOSITORY = Path(__file__).resolve().parents[2]
HIMAWARI, SAKURA = "ひまわり保育園", "さくら保育園"
STAGES = ("inbox", "review", "corrections", "confirmed")
Alter = Callable[[Request, Any], Any]


class Altered(Simulator):
    """A Box that answers as the test wants, where the simulator has no such thing: `alter` changes what it says."""

    alter: Alter | None = None

    def handle(self, request: Request) -> Response:
        response = super().handle(request)
        if self.alter is None or not response.headers.get("Content-Type", "").endswith("json"):
            return response
        document = json.loads(response.body)
        changed = self.alter(request, document)
        if changed is not None:
            response.body, response.status = json.dumps(changed).encode(), 200
        return response


class Ward:
    """Two operators in Box, whose folders lie in one that the ward owns and syncd is an editor of."""

    def __init__(self, folder: Path, sim: Altered, server: Server) -> None:
        self.folder = folder
        self.sim = sim
        self.server = server
        self.config = folder / "config.yaml"
        self.owner, self.suzuki, self.sato = (sim.add_user(name) for name in ("ward", "suzuki", "sato"))
        self.root = sim.hands(user_id=self.owner).make_folder("保育")
        self.membership = sim.collaborate(self.root, sim.account.user_id, "editor")
        (folder / "rules").mkdir()
        shutil.copy(REPOSITORY / "rules" / "enrolment.yaml", folder / "rules")
        self.write()

    def write(
        self,
        *cloud: str,
        secret: str = "",
        root: str = "",
        auth: str = "",
        urls: str | None = None,
        people: bool = True,
    ) -> None:
        """The config; `cloud`: further lines of that group."""
        account, server = self.sim.account, self.server
        way = f"{{client_id: {account.client_id}, client_secret: '{secret or account.client_secret}', "
        way += f"enterprise_id: '{account.enterprise_id}'}}"
        base = f'{{base: "{server.base_url}", upload: "{server.upload_url}", oauth2: "{server.oauth2_url}"}}'
        lines = ["cloud:", "  kind: box", f"  auth: {auth or way}", f"  root: '{root or self.root}'"]
        lines += [f"  base_urls: {base if urls is None else urls}"] if urls != "" else []
        lines += [f"  {line}" for line in cloud]
        lines += ["intranet: {root: ./intranet, settle_seconds: 0.05}", "state: ./state", "rules: ./rules"]
        lines += ["chat: {staff: ['spool://./chat/staff'], administrators: ['spool://./chat/a']}", "operators:"]
        for identifier, name, user in (("himawari", HIMAWARI, self.suzuki), ("sakura", SAKURA, self.sato)):
            meant = f", cloud_people: ['{self.login(user)}']" if people else ""
            lines.append(f"  - {{id: {identifier}, name: {name}, chat: ['spool://./chat/{identifier}']{meant}}}")
        self.config.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def login(self, user: str) -> str:
        return self.sim.state.users[user].login

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(syncd, [*words, "-c", str(self.config)])

    def doctor(self) -> dict[str, list[dict[str, str]]]:
        """What it says of the cloud and the clock, by check."""
        result = self.run("doctor", "--json")
        found: dict[str, list[dict[str, str]]] = {}
        for each in json.loads(result.stdout):
            if each["area"] in ("cloud", "clock"):
                found.setdefault(each["check"], []).append(each)
        faults = any(each["state"] == "fault" for each in json.loads(result.stdout))
        assert result.exit_code == (1 if faults else 0)
        assert self.sim.account.client_secret not in result.output
        assert self.sim.account.token not in result.output
        return found

    def one(self, check: str) -> tuple[str, str]:
        """State and text of the only line about something."""
        (found,) = self.doctor()[check]
        return found["state"], f"{found['detail']} — {found['remedy']}"

    def path(self, path: str) -> str:
        """The id of a folder below the root."""
        found = self.sim.hands(self.root, self.owner).identity(path)
        assert found is not None
        return found

    def share(self, path: str, user: str, role: str = "editor") -> str:
        return self.sim.collaborate(self.path(path), user, role)


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A ward after `syncd init`, with one person of each operator invited."""
    sim = Altered()
    with serve(sim) as server:
        made = Ward(tmp_path, sim, server)
        assert made.run("init").exit_code == 0
        made.share(HIMAWARI, made.suzuki)
        made.share(SAKURA, made.sato)
        yield made


# --- the whole -------------------------------------------------------------------------------------------------------


def test_a_ward_in_order(ward: Ward) -> None:
    before = ward.sim.hands().tree(), ward.sim.hands().folders(), len(ward.sim.state.events)
    ward.sim.calls.clear()
    found = ward.doctor()
    calls = dict(ward.sim.calls)
    assert (ward.sim.hands().tree(), ward.sim.hands().folders(), len(ward.sim.state.events)) == before
    assert {name for name in calls if not name.startswith(("GET ", "OPTIONS "))} == {"POST /oauth2/token", "DOWNLOAD"}
    assert sum(calls.values()) < 40
    assert {each["state"] for lines in found.values() for each in lines} == {"ok"}
    assert set(found) == {
        *("host api", "host upload", "way in", "account", "space", "storage", "scopes", "events", "long poll", "root"),
        *("marker", "writing", "calls", "intranet", "zone", "Box"),
        *(f"{check} {who}" for check in ("folders", "rights", "people") for who in ("himawari", "sakura")),
    }
    account = found["account"][0]["detail"]
    assert ward.login(ward.sim.account.user_id) in account and "boxsim" in account and "active" in account
    assert ward.login(ward.suzuki) in found["people himawari"][0]["detail"]
    assert "not reported by Box" in found["storage"][0]["detail"]
    shown = ward.run("doctor").stdout
    assert "2 operators: as it should be" in shown and "FAULT " not in shown


def test_before_init_it_says_what_to_do_and_makes_nothing(tmp_path: Path) -> None:
    sim = Altered()
    with serve(sim) as server:
        ward = Ward(tmp_path, sim, server)
        found = ward.doctor()
        assert "`syncd init`" in found["marker"][0]["remedy"]
        assert "then invite the operator's people" in found["folders himawari"][0]["remedy"]
        assert sim.hands(ward.root, ward.owner).folders() == set()
        assert not (tmp_path / "state").exists()


# --- the way there and in --------------------------------------------------------------------------------------------


def test_hosts_that_can_not_be_reached(ward: Ward) -> None:
    assert "without TLS, within this computer" in ward.one("host api")[1]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    base, upload, login = ward.server.base_url, ward.server.upload_url, ward.server.oauth2_url
    ward.write(urls=f'{{base: "http://127.0.0.1:{port}", upload: "{upload}", oauth2: "{login}"}}')
    found = ward.doctor()
    assert found["host api"][0]["state"] == "fault" and "Connection refused" in found["host api"][0]["detail"]
    assert "way in" not in found and "root" not in found
    assert "calls" in found
    ward.write(urls=f'{{base: "{base}", upload: "http://127.0.0.1:{port}", oauth2: "{login}"}}')
    found = ward.doctor()
    assert (found["host upload"][0]["state"], found["way in"][0]["state"]) == ("fault", "ok")


def test_a_name_that_can_not_be_resolved(ward: Ward) -> None:
    ward.write(urls='{base: "https://box.invalid", upload: "https://box.invalid", oauth2: "https://box.invalid"}')
    assert "the name box.invalid can't be resolved" in ward.one("host api")[1]


def test_a_host_that_never_answers(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncd.clouds.box.examine.SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        ward.write(urls=f'{{base: "{url}", upload: "{url}", oauth2: "{url}"}}')
        kind, said = ward.one("host api")
    assert kind == "fault" and "doesn't answer in time" in said


def test_authorities(tmp_path: Path) -> None:
    made = certificates.make(tmp_path)
    sim = Altered()
    with serve(sim, tls=(made.certificate, made.key)) as server:
        ward = Ward(tmp_path, sim, server)
        kind, said = ward.one("host api")
        assert kind == "fault" and "certificate can't be verified" in said and "name its PEM as cloud.ca_file" in said
        ward.write(f"ca_file: {made.authority}")
        kind, said = ward.one("host api")
        assert kind == "ok" and "TLSv1." in said and "verified by cloud.ca_file" in said
        other = tmp_path / "other"
        other.mkdir()
        ward.write(f"ca_file: {certificates.make(other).authority}")
        assert "cloud.ca_file lacks the authority" in ward.one("host api")[1]


def test_proxies(tmp_path: Path) -> None:
    made = certificates.make(tmp_path)
    sim = Altered()
    with serve(sim, tls=(made.certificate, made.key)) as server, proxy(server.port) as way:
        ward = Ward(tmp_path, sim, server)
        ward.write(f"ca_file: {made.authority}", f"proxy: {way.url}", urls="")
        kind, said = ward.one("host api")
        assert kind == "ok" and f"api.box.com answers by way of {way.url.removeprefix('http://')}: TLSv1." in said
        assert {"api.box.com", "upload.box.com"} <= set(way.asked)
        refused = '{base: "https://private.box.com", upload: "https://upload.box.com/api"}'
        ward.write(f"ca_file: {made.authority}", f"proxy: {way.url}", urls=refused)
        assert "doesn't let syncd go to private.box.com (HTTP 403)" in ward.one("host api")[1]
        ward.write(f"ca_file: {made.authority}", "proxy: http://user:pa55w0rd@127.0.0.1:1", urls="")
        kind, said = ward.one("host api")
        assert kind == "fault" and "the proxy 127.0.0.1:1 can't be reached" in said and "pa55w0rd" not in said


@contextmanager
def answering(content: bytes) -> Iterator[int]:
    """A port whose every connection gets these bytes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(content)

        threading.Thread(target=run, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def test_a_proxy_that_wants_a_password(ward: Ward) -> None:
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with answering(refusal) as port:
        ward.write(f"proxy: http://127.0.0.1:{port}", urls="")
        kind, said = ward.one("host api")
    assert kind == "fault" and "wants a name and a password" in said


def test_a_host_without_encryption(ward: Ward) -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n") as port:
        ward.write(urls=f'{{base: "https://127.0.0.1:{port}"}}')
        kind, said = ward.one("host api")
    assert kind == "fault" and "no encrypted connection" in said


def test_a_wrong_secret(ward: Ward) -> None:
    assert ward.one("way in")[0] == "ok"
    ward.write(secret="wrong-secret")
    found = ward.doctor()
    line = found["way in"][0]
    assert line["state"] == "fault" and "The client credentials are invalid" in line["detail"]
    assert "client_secret anew from the app's page" in line["remedy"]
    assert "wrong-secret" not in json.dumps(found)
    assert "root" not in found


def test_a_wrong_enterprise(ward: Ward) -> None:
    account = ward.sim.account
    ward.write(auth=f"{{client_id: {account.client_id}, client_secret: '{account.client_secret}', enterprise_id: '1'}}")
    kind, said = ward.one("way in")
    assert kind == "fault" and "enterprise_id is right" in said and "admin console" in said


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"error": "unauthorized_client", "error_description": "This app is not authorized"}, "admin console"),
        ({"error": "invalid_grant", "error_description": "Please check the 'kid' claim"}, "download the file anew"),
        ({"error": "invalid_grant", "error_description": "Current date time MUST be before 'exp'"}, "clock is off"),
    ],
)
def test_other_ways_in_that_are_barred(ward: Ward, answer: dict[str, str], said: str) -> None:
    original = ward.sim.handle

    def handle(request: Request) -> Response:
        response = original(request)
        if request.path.endswith("/oauth2/token"):
            response.status, response.body = 400, json.dumps(answer).encode()
        return response

    ward.sim.handle = handle  # type: ignore[method-assign]
    kind, found = ward.one("way in")
    assert kind == "fault" and said in found and answer["error_description"] in found


def test_a_key_file_and_a_clock_that_is_an_hour_off(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    path = ward.folder / "box.json"
    path.write_text(json.dumps(ward.sim.jwt_config()))
    path.chmod(0o600)
    ward.write(auth="{jwt_config: ./box.json}")
    found = ward.doctor()
    assert (found["way in"][0]["state"], found["Box"][0]["state"]) == ("ok", "ok")

    ahead = 3600.0
    ward.sim.now = lambda: time.time() + ahead
    monkeypatch.setattr(
        BaseHTTPRequestHandler, "date_time_string", lambda self, timestamp=None: formatdate(ward.sim.now(), usegmt=True)
    )
    found = ward.doctor()
    assert found["way in"][0]["state"] == "fault" and "clock is off" in found["way in"][0]["remedy"]
    assert found["Box"][0]["state"] == "fault" and "behind Box's clock" in found["Box"][0]["detail"]
    ahead = 60.0
    ward.write()
    line = ward.doctor()["Box"][0]
    assert line["state"] == "warning" and line["detail"].startswith(("59 s behind", "60 s behind", "61 s behind"))


# --- who syncd is, and what it may do --------------------------------------------------------------------------------


def test_an_account_that_is_not_active(ward: Ward) -> None:
    def inactive(request: Request, document: Any) -> Any:
        return {**document, "status": "inactive"} if request.path.endswith("/users/me") else None

    ward.sim.alter = lambda request, document: inactive(request, document) if "status" in document else None
    kind, said = ward.one("account")
    assert kind == "fault" and "make that user active" in said


def test_little_space(ward: Ward) -> None:
    ward.sim.quota(ward.sim.account.user_id, 1_000_000)
    kind, said = ward.one("space")
    assert kind == "warning" and "of 1 MB" in said


def test_the_zone_that_box_reports(ward: Ward) -> None:
    def zone(request: Request, document: Any) -> Any:
        if request.path.endswith("/storage_policy_assignments"):
            return {"entries": [{"type": "storage_policy_assignment", "id": "a", "storage_policy": {"id": "5"}}]}
        return {"id": "5", "name": "Tokyo / Osaka"} if request.path.endswith("/storage_policies/5") else None

    ward.sim.alter = zone
    assert ward.one("storage") == ("ok", "Box keeps what syncd owns in Tokyo / Osaka — ")


def test_more_rights_than_it_needs(ward: Ward) -> None:
    def everything(request: Request, document: Any) -> Any:
        wide = request.path.endswith("/2.0/users") or request.query.get("stream_type") == "admin_logs_streaming"
        return {"entries": []} if wide else None

    ward.sim.alter = everything
    kind, said = ward.one("scopes")
    assert kind == "warning" and "all users" in said and "what everybody does" in said


def test_events_that_can_not_be_had(ward: Ward) -> None:
    ward.sim.faults.add("error", match="GET /events", at=2, status=403, code="insufficient_scope")
    found = ward.doctor()
    assert found["events"][0]["state"] == "fault" and "scope" in found["events"][0]["remedy"]
    assert "long poll" not in found


def test_a_realtime_host_that_nobody_named(ward: Ward) -> None:
    def elsewhere(request: Request, document: Any) -> Any:
        if request.method == "OPTIONS" and request.path.endswith("/events"):
            return {
                "entries": [{"type": "realtime_server", "url": "https://push.example.net/subscribe?channel=S3CR3T"}]
            }
        return None

    ward.sim.alter = elsewhere
    kind, said = ward.one("long poll")
    assert kind == "warning" and "add it to cloud.hosts" in said and "cloud.long_poll: false" in said
    assert "push.example.net" in said and "S3CR3T" not in said
    ward.write("long_poll: false")
    assert ward.one("long poll")[0] == "ok"


# --- folders ---------------------------------------------------------------------------------------------------------


def test_a_wrong_root(ward: Ward) -> None:
    ward.write(root="4711")
    found = ward.doctor()
    assert found["root"][0]["state"] == "fault" and "sees no folder 4711" in found["root"][0]["detail"]
    assert "folders himawari" not in found
    other = ward.sim.hands(user_id=ward.owner).make_folder("別")
    ward.sim.collaborate(other, ward.sim.account.user_id, "editor")
    ward.write(root=other)
    found = ward.doctor()
    assert "no root marker" in found["marker"][0]["detail"] and "restore .syncd" in found["marker"][0]["remedy"]
    ward.sim.hands(other, ward.owner).put(".syncd/marker", b'{"id": "another"}')
    assert "marked as another state's" in ward.one("marker")[1]
    ward.sim.hands(other, ward.owner).put(".syncd/marker", b"{")
    assert "damaged" in ward.one("marker")[1]


def test_content_that_can_not_be_fetched(ward: Ward) -> None:
    for _ in range(9):
        ward.sim.faults.add("error", match="GET /files/:id/content", status=403, code="forbidden_by_policy")
    kind, said = ward.one("marker")
    assert kind == "fault" and "can't be fetched" in said


def test_a_revoked_role(ward: Ward) -> None:
    ward.sim.revoke(ward.membership)
    found = ward.doctor()
    assert found["root"][0]["state"] == "fault" and "invite" in found["root"][0]["remedy"]
    ward.sim.collaborate(ward.root, ward.sim.account.user_id, "viewer uploader")
    found = ward.doctor()
    assert found["rights himawari"][0]["state"] == "fault"
    assert "syncd may not move or rename, delete in ひまわり保育園" in found["rights himawari"][0]["detail"]
    assert "viewer uploader is not enough" in found["rights himawari"][0]["remedy"]


def test_a_role_that_only_reads(ward: Ward) -> None:
    ward.sim.revoke(ward.membership)
    ward.sim.collaborate(ward.root, ward.sim.account.user_id, "viewer")
    found = ward.doctor()
    assert "upload" in found["rights sakura"][0]["detail"]
    assert found["writing"][0]["state"] == "fault"


def test_folders_that_are_missing_renamed_or_in_the_trash(ward: Ward) -> None:
    hands = ward.sim.hands(ward.root, ward.owner)
    hands.delete(f"{HIMAWARI}/review")
    kind, said = ward.one("folders himawari")
    assert kind == "fault" and "has no folder review" in said
    hands.make_folder(f"{HIMAWARI}/review")
    assert "review is another folder than the one that the state knows" in ward.one("folders himawari")[1]
    hands.rename(SAKURA, "さくら")
    assert "it was moved or renamed to さくら — `syncd run` puts it back" in ward.one("folders sakura")[1]
    hands.delete("さくら")
    kind, said = ward.one("folders sakura")
    assert kind == "fault" and "trash" in said


def test_a_folder_by_its_id(ward: Ward) -> None:
    folder = ward.path(SAKURA)
    text = ward.config.read_text(encoding="utf-8")
    ward.config.write_text(text.replace("id: sakura,", f"id: sakura, cloud_folder: '{folder}',"), encoding="utf-8")
    assert ward.one("folders sakura")[0] == "ok"
    ward.config.write_text(text.replace("id: sakura,", "id: sakura, cloud_folder: '4711',"), encoding="utf-8")
    kind, said = ward.one("folders sakura")
    assert kind == "fault" and "sees no folder 4711" in said and "as editor or co-owner" in said


def test_box_going_away_in_the_middle_ends_it(ward: Ward) -> None:
    ward.sim.faults.add("drop-before", match="GET /folders/:id/collaborations", at=2)
    found = ward.doctor()
    assert found["Box"][0]["state"] == "fault"
    assert "folders sakura" not in found and "calls" in found


# --- who sees them ---------------------------------------------------------------------------------------------------


def test_somebody_whom_nobody_named(ward: Ward) -> None:
    tanaka = ward.sim.add_user("tanaka")
    made = ward.share(HIMAWARI, tanaka, "viewer")
    kind, said = ward.one("people himawari")
    assert kind == "fault" and f"{ward.login(tanaka)} (viewer)" in said and "end that collaboration" in said
    ward.write(people=False)
    kind, said = ward.one("people himawari")
    assert kind == "ok" and ward.login(tanaka) in said and "not checked" in said
    ward.write()
    ward.sim.revoke(made)
    assert ward.one("people himawari")[0] == "ok"
    ward.share(f"{HIMAWARI}/confirmed", tanaka, "viewer")  # a stage alone
    assert ward.one("people himawari")[0] == "fault"


def test_somebody_of_another_operator(ward: Ward) -> None:
    ward.share(SAKURA, ward.suzuki)
    found = ward.doctor()
    assert found["people sakura"][0]["state"] == "fault"
    (across,) = found["people"]
    assert across["state"] == "warning" and "sees the folders of himawari, sakura" in across["detail"]
    ward.write(people=False)
    assert [each["state"] for each in ward.doctor()["people"]] == ["warning"]


def test_who_is_in_the_root_sees_all(ward: Ward) -> None:
    clerk = ward.sim.add_user("clerk")
    ward.sim.collaborate(ward.root, clerk, "co-owner")
    found = ward.doctor()
    assert [each["state"] for each in found["people"]] == ["ok"]
    assert ward.login(clerk) in found["people"][0]["detail"]
    assert found["people himawari"][0]["state"] == "ok"
    ward.sim.collaborate(ward.root, ward.suzuki, "viewer")
    assert [each["state"] for each in ward.doctor()["people"]] == ["ok", "fault"]


def test_nobody_was_invited(ward: Ward) -> None:
    for collaboration in list(ward.sim.state.collaborations):
        if collaboration != ward.membership:
            ward.sim.revoke(collaboration)
    kind, said = ward.one("people himawari")
    assert kind == "warning" and "invite the operator's people" in said


def test_invitations_and_groups(ward: Ward) -> None:
    grantees: dict[str, Any] = {}

    def more(request: Request, document: Any) -> Any:
        if not request.path.endswith(f"/folders/{ward.path(HIMAWARI)}/collaborations") or not grantees:
            return None
        added = {"type": "collaboration", "id": "9", "role": "editor", **grantees}
        return {**document, "entries": [*document["entries"], added]}

    ward.sim.alter = more
    grantees |= {"status": "pending", "accessible_by": None, "invite_email": "yamada@else.example", "item": None}
    kind, said = ward.one("people himawari")
    assert kind == "fault" and "yamada@else.example (editor, invited)" in said
    text = ward.config.read_text(encoding="utf-8")
    ward.config.write_text(text.replace("cloud_people: [", "cloud_people: ['*@ELSE.example', "), encoding="utf-8")
    kind, said = ward.one("people himawari")
    assert kind == "warning" and "not accepted yet" in said
    grantees |= {"status": "rejected"}
    assert ward.one("people himawari")[0] == "ok"
    grantees |= {"status": "accepted", "accessible_by": {"type": "group", "id": "8", "name": "全員"}}
    kind, said = ward.one("people himawari")
    assert kind == "warning" and "the group 全員" in said


def test_who_is_in_a_folder_may_be_hidden(ward: Ward) -> None:
    ward.sim.faults.add("error", match="GET /folders/:id/collaborations", at=2, status=403, code="access_denied")
    found = ward.doctor()
    assert found["people himawari"][0]["state"] == "warning"
    assert found["people sakura"][0]["state"] == "ok"


@pytest.mark.parametrize(("access", "expected"), [("open", "fault"), ("company", "warning"), ("collaborators", "")])
def test_shared_links(ward: Ward, access: str, expected: str) -> None:
    review = ward.path(f"{HIMAWARI}/review")

    def linked(request: Request, document: Any) -> Any:
        link = {"url": "https://app.box.com/s/S3CR3T", "access": "open", "effective_access": access}
        entries = document.get("entries", []) if request.path.endswith("/items") else []
        found = [each for each in entries if each.get("id") == review]
        for each in found:
            each["shared_link"] = link
        return document if found else None

    ward.sim.alter = linked
    found = ward.doctor().get("links himawari", [])
    assert [each["state"] for each in found] == ([expected] if expected else [])
    assert all(f"{HIMAWARI}/review" in each["detail"] and "S3CR3T" not in each["detail"] for each in found)


def test_logins() -> None:
    assert meant("suzuki@example.jp", "Suzuki@Example.JP")
    assert meant("*@example.jp", "sato@example.jp")
    assert not meant("*@example.jp", "sato@evil-example.jp")
    assert not meant("*@example.jp", "sato@example.jp.evil")
    assert not meant("suzuki@example.jp", "asuzuki@example.jp")


# --- calls -----------------------------------------------------------------------------------------------------------


def test_what_calls_cost(ward: Ward) -> None:
    ward.write("monthly_calls: 1000")
    found = json.loads(ward.run("status", "--json").stdout)["sides"]["cloud"]
    assert found["kind"] == "box"
    calls = found["calls"]
    assert list(calls) == ["today", "month", "forecast", "quota"]
    assert calls["today"]["token"] == 1 and calls["quota"] == 1000
    assert sum(calls["month"].values()) <= calls["forecast"]
    assert f"{sum(calls['today'].values())} today" in ward.run("status").stdout
    assert ward.one("calls")[0] == "ok"
    today = datetime.now(ZoneInfo("Asia/Tokyo")).date()
    for calls, expected in ((900, "ok" if (today + timedelta(days=1)).day == 1 else "warning"), (900, "fault")):
        store = Store(ward.folder / "state")
        CloudItems(store).add_calls(today.isoformat(), {"list": calls})
        store.close()
        kind, said = ward.one("calls")
        assert (kind, "cloud.monthly_calls is 1000" in said) == (expected, True)


def test_the_forecast() -> None:
    day = date(2026, 11, 10)
    assert forecast({}, day) == 0
    assert forecast({day: 10}, day) == 10 * 21  # from the first day on, until the 30th
    steady = {date(2026, 10, 1 + each): 100 for each in range(31)} | {
        date(2026, 11, 1 + each): 100 for each in range(9)
    }
    assert forecast(steady, day) == 900 + 100 + 20 * 100
    assert forecast(steady | {day: 40}, day) == 3000
    assert forecast(steady | {day: 500}, day) == 900 + 500 + 20 * 100
    assert forecast({date(2026, 11, 2): 80}, day) == 80 + 10 + 20 * 10
    assert forecast({date(2026, 12, 31): 31}, date(2026, 12, 31)) == 31
    assert since(date(2026, 11, 10)) == date(2026, 10, 13) and since(date(2026, 11, 30)) == date(2026, 11, 1)
    found = spent({"2026-10-31": {"list": 9}, "2026-11-09": {"list": 1}, "2026-11-10": {"list": 2, "token": 1}}, day)
    assert (found.today, found.month) == ({"list": 2, "token": 1}, {"list": 3, "token": 1})


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_is_looked_at(ward: Ward, stage: str) -> None:
    ward.sim.hands(ward.root, ward.owner).delete(f"{SAKURA}/{stage}")
    assert f"has no folder {stage}" in ward.one("folders sakura")[1]
