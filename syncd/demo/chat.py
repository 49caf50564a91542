"""What chat says, read from the rooms' folders as it comes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syncd.demo.days import Language
from syncd.demo.ward import NURSERIES, Ward
from syncd.errors import SyncdError

if TYPE_CHECKING:
    from syncd.rulebook import Rulebook

PATIENCE = 20.0
POLL = 0.05
ROOMS = {"staff": "区の担当", "administrators": "システム管理者"} | {one.id: one.name for one in NURSERIES}


class Chat:
    """Reads the rooms' folders, and prints every message once."""

    def __init__(self, ward: Ward, rules: Rulebook, language: Language) -> None:
        self._heads = {name: _head(texts[language]) for name, texts in rules.messages.items()}
        self._ward = ward
        self._read: set[Path] = set()
        self._heard: list[tuple[str, str]] = []
        self._spoken_to: set[str] = set()
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
                self._spoken_to.add(room)
                click.echo(click.style(f"    💬 {ROOMS[room]}", fg="cyan"))
                for line in text.splitlines():
                    click.echo(click.style(f"       {line}", fg="cyan"))

    def heard(self, room: str, message: str, words: Sequence[str] = (), without: Sequence[str] = ()) -> bool:
        """Whether the room was told so, with these words; each message counts once. Raises SyncdError for others."""
        head = self._heads[message]
        for index, (where, text) in enumerate(self._heard):
            for line in text.splitlines() if where == room else ():
                if line.startswith(head) and all(word in line for word in words):
                    if told := [word for word in without if word in line]:
                        raise SyncdError(f"{ROOMS[room]} was told {told[0]}: {line}")
                    self._heard[index] = (where, text.replace(line, "", 1))
                    return True
        return False

    def new_day(self) -> None:
        """From now on `spoken_to` counts anew."""
        self._spoken_to.clear()

    def new_scene(self) -> None:
        """What was said before is no answer to what follows."""
        self._heard.clear()

    def spoken_to(self, room: str) -> bool:
        """Whether a room heard anything on this day."""
        return room in self._spoken_to

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
