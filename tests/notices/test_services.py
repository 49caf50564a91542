"""Single addresses: syncd's own services, and that nothing goes where it must not."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from syncd.notices import Rooms, watched
from syncd.notices.message import REASONS, Message, Outcome
from syncd.notices.services import deliver
from tests.notices.conftest import Answer, ChatServer

MESSAGE = Message(
    id=123,
    room="himawari",
    title="受領",
    text="【受領】ひまわり保育園2026年10月分 在籍児童数報告書 を受け取りました。\n二行目",
    severity="info",
    dedupe_key="0123abcd",
    created_at=1_793_881_800.0,
    zone=ZoneInfo("Asia/Tokyo"),
)


def test_logochat_posts_what_the_bridge_takes(chat: ChatServer) -> None:
    assert deliver(f"logochat://u:p@127.0.0.1:{chat.port}/12/345", MESSAGE) == Outcome("sent")
    assert chat.received == [
        {
            "id": 123,
            "room": "12/345",
            "title": "受領",
            "text": MESSAGE.text,
            "severity": "info",
            "dedupe_key": "0123abcd",
        }
    ]
    assert chat.headers[0]["Authorization"].startswith("Basic ")
    assert chat.headers[0]["Content-Type"] == "application/json"


def test_logochat_rooms_may_have_japanese_names(chat: ChatServer) -> None:
    assert deliver(f"logochat://127.0.0.1:{chat.port}/{quote('ひまわり 保育園')}", MESSAGE).state == "sent"
    assert chat.received[0]["room"] == "ひまわり 保育園"


def test_spool_writes_a_text_that_can_be_pasted(tmp_path: Path) -> None:
    folder = tmp_path / "部屋 1" / "100%" / "12"
    assert deliver(f"spool://{quote(str(folder))}", MESSAGE) == Outcome("sent")
    (file,) = folder.iterdir()
    assert file.name == "20261105-213000-000123.txt"
    assert file.read_bytes().decode("utf-8") == MESSAGE.text + "\n"


def test_spool_repeats_nothing_after_a_crash(tmp_path: Path) -> None:
    for _ in range(2):
        assert deliver(f"spool://{tmp_path}/room", MESSAGE).state == "sent"
    assert len(list((tmp_path / "room").iterdir())) == 1


def test_spool_says_why_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    outcome = deliver(f"spool://{tmp_path}/file/room", MESSAGE)
    assert (outcome.state, outcome.why) == ("later", "disk")
    assert str(tmp_path) not in outcome.said("ja") and "書き込めません" in outcome.said("ja")


def test_chats_get_no_picture_from_elsewhere_and_no_doubled_title(chat: ChatServer) -> None:
    deliver(f"mmost://127.0.0.1:{chat.port}/3ccdd113474722377935511fc85d3dd4", MESSAGE)
    assert chat.received == [{"text": MESSAGE.text, "username": "syncd"}]


def test_a_proxy_from_the_environment_is_not_asked_for_this_machine(
    chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert deliver(chat.json("r"), MESSAGE).state == "sent"


def test_a_service_that_answers_nonsense_is_not_taken_for_success(chat: ChatServer) -> None:
    chat.ever = Answer(302, {"Location": "http://192.0.2.1/"})
    assert deliver(chat.json("r"), MESSAGE) == Outcome("refused", "redirected", "302")
    chat.ever = Answer(429, {"Retry-After": "soon"})
    assert deliver(chat.json("r"), MESSAGE) == Outcome("later", "answered", "429")
    chat.ever = Answer(429, {"Retry-After": "-5"})
    assert deliver(chat.json("r"), MESSAGE).retry_after == 0.0


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
def test_a_server_with_a_bad_certificate_gets_no_byte_of_the_message(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=127.0.0.1 -keyout {key}"
    subprocess.run([*command.split(), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    read: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for _ in range(2):
            connection, _ = listener.accept()
            with connection:
                try:
                    with context.wrap_socket(connection, server_side=True) as secure:
                        read.append(secure.recv(100))
                except OSError:
                    pass

    thread = threading.Thread(target=serve)
    thread.start()
    port = listener.getsockname()[1]
    assert deliver(f"jsons://127.0.0.1:{port}/r", MESSAGE) == Outcome("later", "certificate")
    assert deliver(f"logochats://127.0.0.1:{port}/r", MESSAGE) == Outcome("later", "certificate")
    thread.join()
    listener.close()
    assert not any(read)


def test_only_this_machine_is_loopback() -> None:
    for host in ("127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "LOCALHOST"):
        assert watched.is_loopback(host)
    assert not watched.is_loopback(None)
    for host in ("", "127.0.0.1.example.jp", "192.0.2.1", "localhost.example.jp", "0.0.0.0"):
        assert not watched.is_loopback(host)


def test_rooms_show_no_address() -> None:
    rooms = Rooms({"staff": ("json://user:s3cret@host/",), "himawari": ("a://b", "a://b")})
    assert "s3cret" not in repr(rooms) + str(rooms)
    assert rooms.of("himawari") == ("a://b",)
    assert rooms.of("staff:himawari") == rooms.of("staff")
    assert not rooms.has("sakura")


def test_every_reason_can_be_said_in_both_languages() -> None:
    for why in REASONS:
        for language in ("ja", "en", "fr"):
            assert "{" not in Outcome("later", why, "403").said(language) != ""
    assert Outcome("sent").said("ja") == ""
