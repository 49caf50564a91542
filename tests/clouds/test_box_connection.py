"""The way to Box: TLS that is verified, the hosts that are named, and nothing that the environment adds."""

from __future__ import annotations

import datetime
import hashlib
import io
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from syncd.clock import SystemClock
from syncd.clouds.box.box import BoxCloud
from syncd.clouds.box.calls import Call, Calls
from syncd.clouds.box.connection import open_session
from syncd.config import BaseUrls, ClientCredentials
from syncd.config import BoxCloud as Settings
from syncd.errors import Unreachable
from syncd.model import Place, Stage
from syncd.store import Store
from syncd.store.cloud_items import CloudItems
from tests.boxsim import Server, Simulator, certificates, serve
from tests.boxsim.certificates import Certificates
from tests.boxsim.proxy import proxy
from tests.clouds.box_world import TOKYO, layout


@pytest.fixture
def made(tmp_path: Path) -> Certificates:
    return certificates.make(tmp_path)


@pytest.fixture
def sim() -> Simulator:
    return Simulator()


@pytest.fixture
def server(sim: Simulator, made: Certificates) -> Iterator[Server]:
    with serve(sim, tls=(made.certificate, made.key)) as server:
        yield server


def settings(sim: Simulator) -> Settings:
    account = sim.account
    return Settings(ClientCredentials(account.client_id, account.client_secret, account.enterprise_id))


def me(calls: Calls) -> Call:
    return Call("other", "asks who syncd is", "GET", calls.at("/users/me"), expects="id")


def test_the_whole_way_goes_through_proxy_and_private_authority_to_boxs_own_hosts(
    sim: Simulator, server: Server, made: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # what the environment says counts for nothing
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nothing.pem"))
    with proxy(server.port) as way, closing(Store(tmp_path / "state")) as store:
        found = replace(settings(sim), proxy=way.url, ca_file=made.authority)
        cloud = BoxCloud(found, CloudItems(store), SystemClock(), lambda: TOKYO)
        here = layout()
        cloud.mark("0f3c")
        cloud.ensure(here, {})
        content = tmp_path / "content"
        content.write_bytes(b"bytes")
        staged = cloud.prepare(content, hashlib.sha1(b"bytes").hexdigest(), 5)
        cloud.place(here, Place(Stage.INBOX, "a.pdf"), staged)
        (seen,) = cloud.look(here, {}).sightings
        sink = io.BytesIO()
        cloud.read(here, seen, sink)
        cloud.close()
        assert sink.getvalue() == b"bytes"
        assert set(way.asked) == {"api.box.com", "upload.box.com", "dl.boxcloud.com"}
        assert not way.refused


def test_a_server_that_nobody_vouches_for_gets_no_byte(sim: Simulator, server: Server) -> None:
    here = replace(settings(sim), base_urls=BaseUrls(server.base_url, server.upload_url, server.oauth2_url))
    calls = Calls(here, SystemClock())
    calls.wait = lambda _: None
    with pytest.raises(Unreachable, match=r"(?i)certificate"):
        calls.send(me(calls))
    assert not sim.calls


def test_a_certificate_for_another_host_is_refused(sim: Simulator, server: Server, made: Certificates) -> None:
    urls = BaseUrls(
        *(url.replace("127.0.0.1", "127.0.0.2") for url in (server.base_url, server.upload_url, "https://x"))
    )
    calls = Calls(replace(settings(sim), base_urls=urls, ca_file=made.authority), SystemClock())
    calls.wait = lambda _: None
    with pytest.raises(Unreachable):
        calls.send(me(calls))
    assert not sim.calls


def test_tls_older_than_1_2_is_refused(sim: Simulator) -> None:
    adapter = open_session(settings(sim)).get_adapter("https://api.box.com")
    assert adapter._context.minimum_version is ssl.TLSVersion.TLSv1_2  # type: ignore[attr-defined]
    assert adapter._context.verify_mode is ssl.CERT_REQUIRED  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "https://box.com.evil.example/x",
        "https://evilbox.com/x",
        "http://api.box.com/2.0/users/me",
        "https://user@evil.example:443/api.box.com",
        "https://127.0.0.1/x",
    ],
)
def test_other_hosts_are_refused_before_a_byte_goes_out(sim: Simulator, url: str) -> None:
    with pytest.raises(requests.exceptions.InvalidURL):
        open_session(settings(sim)).get(url, timeout=2)


@pytest.mark.parametrize("host", ["api.box.com", "dl.boxcloud.com", "public.boxcloud.com", "upload.app.box.com"])
def test_boxs_own_hosts_and_those_that_the_config_names_are_allowed(sim: Simulator, host: str) -> None:
    dead = replace(settings(sim), proxy="http://127.0.0.1:1", hosts=("gateway.lgwan.example",))
    for name in (host, "gateway.lgwan.example"):
        with pytest.raises(requests.exceptions.ProxyError):  # it would have gone there
            open_session(dead).get(f"https://{name}/x", timeout=2)


def test_a_redirect_to_another_host_is_not_followed(sim: Simulator) -> None:
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers.get("Authorization", ""))
            self.send_response(302)
            self.send_header("Location", "http://evil.example/stolen")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with serve(sim) as server, HTTPServer(("127.0.0.1", 0), Elsewhere) as stranger:
        threading.Thread(target=stranger.handle_request, daemon=True).start()
        urls = BaseUrls(f"http://127.0.0.1:{stranger.server_address[1]}", server.upload_url, server.oauth2_url)
        session = open_session(replace(settings(sim), base_urls=urls))
        answer = session.get(f"{urls.base}/2.0/files/1/content", allow_redirects=False, timeout=5)
        assert answer.status_code == 302
        with pytest.raises(requests.exceptions.InvalidURL):
            session.get(answer.headers["Location"], timeout=2)
        session.close()
    assert len(asked) == 1


def test_the_client_shows_its_certificate(sim: Simulator, made: Certificates, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "syncd of the ward")])
    now = datetime.datetime.now(datetime.UTC)
    shown = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    public = shown.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    own = tmp_path / "client.pem"
    own.write_bytes(public + secret)
    trusted = tmp_path / "client-authority.pem"
    trusted.write_bytes(public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(trusted)
    subjects: list[object] = []

    def serve_once(listening: socket.socket) -> None:
        with closing(context.wrap_socket(listening.accept()[0], server_side=True)) as connection:
            subjects.append((connection.getpeercert() or {}).get("subject"))
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = threading.Thread(target=serve_once, args=(listening,), daemon=True)
        thread.start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}"
        found = replace(
            settings(sim), base_urls=BaseUrls(url, url, url), ca_file=made.authority, client_certificate=own
        )
        assert open_session(found).get(f"{url}/x", timeout=5).status_code == 204
        thread.join(5)
    assert "syncd of the ward" in str(subjects)
