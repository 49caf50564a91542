"""A small ward for stories: two real trees, the real daemon, real apprise against a real HTTP server.

A story reads: tree before → gesture → tree after → chat → history. `Ward` has a word for each of these. Its rules look
into no form, so a paper may be nothing but a text, whatever its name says; real ones are `tests.samples`.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from syncd.config import load
from syncd.daemon import Daemon
from syncd.model import Side
from syncd.world import World
from tests.samples import tiny
from tests.stories.box_ward import Box, BoxPath, BoxRoot

STAGES = ("inbox", "review", "corrections", "confirmed")
RULE = """\
document: {id}
title: {title}
match:
  name: '{{facility}}_{{period}}_{title}*'
files: {files}
required: {{kinds: [認可保育所], every: month}}
due: {{month: same, day: 5}}
personal_information: [{personal}]
"""
RULES: Mapping[str, str] = {
    "enrolment.yaml": RULE.format(id="enrolment", title="在籍児童数報告書", files="one", personal="児童氏名"),
    "invoice.yaml": RULE.format(id="invoice", title="運営費請求書", files="one", personal=""),
    "evidence.yaml": RULE.format(id="evidence", title="証憑", files="many", personal=""),
}
ENROLMENT = "012_202610_在籍児童数報告書.xlsx"
INVOICE = "012_202610_運営費請求書.pdf"
SAKURA_ENROLMENT = "013_202610_在籍児童数報告書.xlsx"
CHANGES = "変更箇所_"
"""How the name of a list of what the ward changed begins; it comes and goes with each offered form."""
FOLDER = "cloud: {kind: folder, root: ./cloud}\n"


class ChatServer:
    """A chat service: takes apprise's `json://` posts and keeps them by room. `failing` rooms answer 500."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, str]] = []
        self.failing: set[str] = set()
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                room = self.path.strip("/")
                with outer._lock:
                    failed = room in outer.failing
                    if not failed:
                        outer.posts.append((room, json.loads(raw)["message"]))
                self.send_response(500 if failed else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Shifted:
    """A clock that is so many seconds ahead."""

    def __init__(self, ahead: float) -> None:
        self._ahead = ahead

    def now(self) -> float:
        return time.time() + self._ahead

    def monotonic(self) -> float:
        return time.monotonic()


class Ward:
    """Two nurseries (himawari 012, sakura 013) and a ward office, in `folder`; the cloud there, too, or in `box`."""

    def __init__(
        self,
        folder: Path,
        chat: ChatServer,
        *,
        rules: Mapping[str, str] = RULES,
        settings: str = "",
        stages: str = "",
        box: BoxRoot | None = None,
        pages: bool = False,
    ) -> None:
        self.folder = folder
        self.pages = pages
        self.chat = chat
        self.box = box
        self._read = len(chat.posts)
        self.settings, self.stages = settings, stages
        self.operators = {"himawari": ("ひまわり保育園", "012"), "sakura": ("さくら保育園", "013")}
        (folder / "rules").mkdir(parents=True)
        for name, text in rules.items():
            (folder / "rules" / name).write_text(text, encoding="utf-8")
        self.write_config()
        self.init()

    # ── the ward's files ──

    def write_config(self, **overrides: str) -> None:
        url = f"json://127.0.0.1:{self.chat.port}"
        operators = "".join(
            f"  - {{id: {id}, name: {name}, kind: 認可保育所, code: '{code}', chat: ['{url}/{id}']}}\n"
            for id, (name, code) in self.operators.items()
        )
        text = (
            f"{self.box.config if self.box else FOLDER}"
            "intranet: {root: ./intranet, settle_seconds: 0.05, rescan_seconds: 2}\n"
            f"state: ./state\nrules: ./rules\npages: {'true' if self.pages else 'false'}\n"
            f"chat: {{batch_seconds: 0.1, note_wait_seconds: {overrides.get('note_wait', '0.3')},"
            f" staff: ['{url}/staff'], administrators: ['{url}/administrators']}}\n"
            f"{self.settings}{self.stages}operators:\n{operators}"
        )
        (self.folder / "config.yaml").write_text(overrides.get("text", text), encoding="utf-8")

    @property
    def config_path(self) -> Path:
        return self.folder / "config.yaml"

    def init(self) -> None:
        """What `syncd init` does."""
        with self.world() as world:
            for side in Side:
                world.mark(side)
            for operator in world.config.operators:
                for side in Side:
                    layout, known = world.layout(operator.id, side), world.ledger.folders(operator.id, side)
                    world.ledger.set_folders(operator.id, side, world.tree(side).ensure(layout, known).identities)

    def world(self, **options: Any) -> World:
        return World(load(self.config_path), **options)

    # ── where things are ──

    def root(self, side: str) -> Path:
        """The root of a side, as people see it."""
        return self.box.path if self.box and side == "cloud" else self.folder / side

    def cloud(self, place: str, operator: str = "himawari") -> Path:
        """`place` like `inbox/name`; a path in the operator's cloud folder."""
        return self.root("cloud") / self.operators[operator][0] / place

    def intranet(self, place: str, operator: str = "himawari") -> Path:
        return self.root("intranet") / self.operators[operator][0] / place

    def tree(self, side: str, operator: str = "himawari", *, lists: bool = False) -> dict[str, str]:
        """Every file of the operator on that side → the text in it; `lists`: those of what the ward changed, too."""
        root = self.cloud("", operator) if side == "cloud" else self.intranet("", operator)
        return {
            str(path.relative_to(root)): tiny.text_of(path.read_bytes())
            for path in sorted(root.rglob("*"))
            if path.is_file() and (lists or not path.name.startswith(CHANGES))
        }

    # ── gestures ──

    @staticmethod
    def put(path: Path, content: str | bytes) -> None:
        """Puts a file there at once, whole (or gives one new content in place)."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    @staticmethod
    def drag(source: Path, target: Path) -> None:
        """A drag in Explorer: a rename on the server. A target folder keeps the name."""
        if target.is_dir():
            target = target / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)

    @staticmethod
    def replace(source: Path, target: Path) -> None:
        """A drag onto a file of that name: the program asks whether to replace it, and the answer is yes."""
        if isinstance(target, BoxPath) and target.exists():
            target.unlink()  # Box has no such question; its own programs put the old file into the trash
        source.replace(target)

    @staticmethod
    def copy(source: Path, target: Path) -> None:
        if isinstance(source, BoxPath) and isinstance(target, BoxPath):
            source.copied_to(target)
        else:
            shutil.copy2(source, target)

    @staticmethod
    def save_like_excel(path: Path, content: str) -> None:
        """A temporary file beside it, then renamed over the old one: another inode under the same name."""
        temporary = path.with_name("5A3B2C10")
        temporary.write_text(content, encoding="utf-8")
        old = path.with_name("6B4C3D21.tmp")
        path.rename(old)
        temporary.rename(path)
        old.unlink()

    # ── syncd ──

    def run(self, at: datetime | None = None) -> int:
        """`syncd run --once`; returns its exit status. `at`: the time that syncd takes it for, later than now."""
        clock = Shifted(at.timestamp() - time.time()) if at else None
        return Daemon(self.config_path, load(self.config_path), clock).run(once=True)

    def arrive(self, name: str = ENROLMENT, content: str = "v1", operator: str = "himawari") -> None:
        """The operator sends a file and it is accepted to review; chat so far counts as read."""
        self.put(self.cloud(f"inbox/{name}", operator), content)
        assert self.run() == 0
        self.said()

    def quiet(self) -> None:
        """Nothing is left to do: another round plans nothing, writes nothing, says nothing (never 6)."""

        def state() -> tuple[object, int]:
            trees = {id: (self.tree("cloud", id), self.tree("intranet", id)) for id in self.operators}
            return trees, len(self.history(None))

        before, posts = state(), len(self.chat.posts)
        assert self.run() in (0, 3)
        after = state()
        assert after == before, self.history(None)[before[1] :]
        assert self.chat.posts[posts:] == []

    # ── what came of it ──

    def said(self, room: str | None = None) -> list[str]:
        """The chat messages since the last call, of one room or of all (`room: text`)."""
        new = self.chat.posts[self._read :]
        self._read = len(self.chat.posts)
        return [text if room else f"{where}: {text}" for where, text in new if room in (None, where)]

    def rooms(self) -> dict[str, str]:
        """The chat messages since the last call by room, joined."""
        new = self.chat.posts[self._read :]
        self._read = len(self.chat.posts)
        rooms: dict[str, str] = {}
        for where, text in new:
            rooms[where] = f"{rooms[where]}\n{text}" if where in rooms else text
        return rooms

    def history(self, operator: str | None = "himawari") -> list[dict[str, Any]]:
        with self.world(read_only=True) as world:
            return [dict(row) for row in world.history.rows(operator)]

    def moves(self, operator: str | None = "himawari") -> list[tuple[str | None, str | None, str, str]]:
        """(from, to, by, outcome) of every record."""
        return [(row["from"], row["to"], row["by"], row["outcome"]) for row in self.history(operator)]

    def kept(self, content: str) -> bool:
        """Whether this text can be had back from the state folder."""
        return self.kept_bytes(content.encode())

    def kept_bytes(self, content: bytes) -> bool:
        """Whether these bytes can be had back from the state folder."""
        import hashlib

        sha1 = hashlib.sha1(content).hexdigest()
        with self.world(read_only=True) as world:
            return world.versions.has(sha1) and world.versions.read(sha1) == content

    def lose_database(self) -> None:
        for path in (self.folder / "state").glob("syncd.db*"):
            path.unlink()

    def sql(self, statement: str) -> list[Any]:
        with sqlite3.connect(self.folder / "state" / "syncd.db") as connection:
            return connection.execute(statement).fetchall()


class NewWard:
    """Makes a ward whose cloud is of the story's kind."""

    def __init__(self, folder: Path, chat: ChatServer, box: Box | None) -> None:
        self._folder = folder
        self._chat = chat
        self._box = box

    def __call__(
        self, *, rules: Mapping[str, str] = RULES, settings: str = "", stages: str = "", pages: bool = False
    ) -> Ward:
        box = self._box.root() if self._box else None
        where = self._folder / "ward"
        return Ward(where, self._chat, rules=rules, settings=settings, stages=stages, box=box, pages=pages)
