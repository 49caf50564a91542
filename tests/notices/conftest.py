"""A real store with a real outbox, a chat server on this machine that can fail in every way, and rooms with words."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from syncd.model import Audience, Stage, Telling
from syncd.notices import Pace, Quiet, Rooms, Sender
from syncd.rulebook.compose import Words
from syncd.store import Store
from syncd.store.outbox import Outbox

WORDS = Words(
    messages={
        "confirmed": {"ja": "【確認済み】{施設}{月}分 {書類}の確認が終わりました。"},
        "returned": {"ja": "【修正のお願い】{施設}{月}分 {書類}: {番地}。"},
        "note_coming": {"ja": "【修正のお願い】{施設}{月}分 {書類}: 担当者からご連絡します。"},
        "arrived": {"ja": "【到着】{施設}{月}分 {一覧} が届きました。「{review}」にあります。"},
        "reopened": {"ja": "【確認済みの取消し】{施設}{月}分 {書類}を再確認します。"},
        "room_failing": {"ja": "【通知が届きません】{番地} {施設}: {詳細}"},
    },
    operators={"himawari": "ひまわり保育園", "sakura": "さくら保育園"},
    titles={"enrolment": "在籍児童数報告書", "invoice": "運営費請求書"},
    stages={Stage.REVIEW: "2_確認中", Stage.INBOX: "1_提出"},
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server does with one request."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0.0
    lost: bool = False


class ChatServer:
    """Answers as told, then with 200; keeps what it was sent."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[Answer] = []
        self.ever: Answer = Answer()
        self.gate = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.paths.append(self.path)
                outer.headers.append(dict(self.headers))
                outer.received.append(json.loads(body))
                answer = outer.answers.pop(0) if outer.answers else outer.ever
                if answer.after:
                    outer.gate.wait(answer.after)
                if answer.lost:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def json(self, room: str) -> str:
        return f"json://127.0.0.1:{self.port}/{room}"

    def logochat(self, room: str) -> str:
        return f"logochat://127.0.0.1:{self.port}/{room}"

    @property
    def texts(self) -> list[str]:
        return [body.get("text", body.get("message", "")) for body in self.received]

    def close(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def chat() -> Iterator[ChatServer]:
    server = ChatServer()
    yield server
    server.close()


@dataclass(slots=True)
class HandClock:
    """A clock that is set by hand."""

    time: float = 1_793_000_000.0

    def now(self) -> float:
        return self.time


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "state")
    yield store
    store.close()


@pytest.fixture
def outbox(store: Store) -> Outbox:
    return Outbox(store, batch_seconds=20.0, note_wait_seconds=600.0)


MakeSender = Callable[..., Sender]


@pytest.fixture
def make_sender(outbox: Outbox, clock: HandClock) -> Iterator[MakeSender]:
    made: list[Sender] = []

    def make(addresses: dict[str, tuple[str, ...]], quiet: Quiet | None = None, words: Words = WORDS) -> Sender:
        rooms, hours = Rooms(addresses), quiet or Quiet()
        sender = Sender(outbox, lambda: rooms, lambda: words, lambda: hours, clock, Pace(first=2.0, longest=900.0))
        made.append(sender)
        return sender

    yield make
    for sender in made:
        sender.stop(1.0)


def a_telling(
    message: str = "confirmed",
    operator: str = "himawari",
    file: int = 1,
    document: str | None = "enrolment",
    audience: Audience = "operator",
    stages: tuple[Stage | None, Stage | None] = (Stage.REVIEW, Stage.CONFIRMED),
    **more: Any,
) -> Telling:
    return Telling(audience, message, operator, file, document, "2026-10", "在籍.xlsx", *stages, **more)


def until(happened: Callable[[], bool], sender: Sender | None = None, seconds: float = 10.0) -> None:
    """Waits for what other threads do; lets the sender work meanwhile, as the daemon does."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
        if sender:
            sender.work()
