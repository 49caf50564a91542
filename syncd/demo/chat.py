"""What chat says, read from the rooms' folders as it comes."""

from __future__ import annotations

import time
from pathlib import Path

import click

from syncd.demo.ward import NURSERIES, Language, Ward

PATIENCE = 20.0
POLL = 0.03
ROOMS = {"staff": "区の担当", "administrators": "システム管理者"} | {one.id: one.name for one in NURSERIES}


class Chat:
    """Reads the rooms' folders, and prints every message once."""

    def __init__(self, ward: Ward, language: Language) -> None:
        from syncd.rulebook import load

        rules = load(ward.folder / "rules", ward.folder / "rules")
        self._heads = {name: _head(texts[language]) for name, texts in rules.messages.items()}
        self._ward = ward
        self._read: set[Path] = set()
        self._heard: list[tuple[str, str]] = []
        self.count = 0

    def listen(self) -> None:
        """Prints what has come since."""
        for room in ROOMS:
            for path in sorted(self._ward.room(room).glob("[!.]*.txt")):
                if path in self._read:
                    continue
                self._read.add(path)
                self.count += 1
                text = path.read_text(encoding="utf-8").strip()
                self._heard.append((room, text))
                click.echo(click.style(f"    💬 {ROOMS[room]}", fg="cyan"))
                for line in text.splitlines():
                    click.echo(click.style(f"       {line}", fg="cyan"))

    def heard(self, room: str, message: str) -> bool:
        """Whether the room was told so; each message counts once."""
        for index, (where, text) in enumerate(self._heard):
            if where == room and self._heads[message] in text:
                self._heard[index] = (where, text.replace(self._heads[message], "", 1))
                return True
        return False

    def rest(self) -> None:
        """Waits until nothing is left to be said."""
        from syncd.store import Store
        from syncd.store.outbox import Outbox

        store = Store(self._ward.folder / "state", read_only=True)
        try:
            deadline = time.monotonic() + PATIENCE
            while Outbox(store).counts()["waiting"] and time.monotonic() < deadline:
                time.sleep(POLL)
        finally:
            store.close()
        self.listen()


def _head(template: str) -> str:
    """What a message begins with: 【受領】, [Received]."""
    closing = min((at for sign in "】]" if (at := template.find(sign)) >= 0), default=len(template) - 1)
    return template[: closing + 1]
