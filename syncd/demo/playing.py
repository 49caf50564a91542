"""Plays the month: does what people do in folders, waits until syncd has followed, and prints what chat says.

Waits for what is to be seen, never for a time; what doesn't come within `PATIENCE` seconds is an error.
"""

from __future__ import annotations

import locale
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from syncd.demo.month import (
    MONTH,
    WHERE_TO_LOOK,
    Drag,
    Drop,
    Edit,
    Heard,
    Lies,
    Note,
    Quarantined,
    Rename,
    Said,
    Scene,
    SideName,
    Step,
)
from syncd.demo.papers import INVOICE, Paper, corrected
from syncd.demo.ward import NURSERIES, STAGES, Language, Nursery, StageName, Ward
from syncd.errors import SyncdError

PATIENCE = 20.0
POLL = 0.03
STOP_SECONDS = 15.0
ROOMS = {"staff": "区の担当", "administrators": "システム管理者"} | {one.id: one.name for one in NURSERIES}


def play(folder: Path, language: Language | str | None = None) -> int:
    """Makes the ward in `folder` and plays the month; 0 when all went as told. Raises SyncdError."""
    chat: Language = "en" if language == "en" else "ja"
    narration: Language = chat if language else _of_terminal()
    started = time.monotonic()
    ward = Ward(folder)
    ward.make(chat)
    _syncd(ward, "init")
    with _daemon(ward) as alive:
        player = _Player(ward, _Chat(ward, chat), narration, alive)
        for number, scene in enumerate(MONTH, 1):
            player.scene(number, scene)
        player.chat.rest()
    _syncd(ward, "history", "verify")
    _farewell(ward, narration, time.monotonic() - started, player.chat.count)
    return 0


def _of_terminal() -> Language:
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or locale.getlocale()[0]
    return "ja" if (name or "").lower().startswith("ja") else "en"


# ── the daemon ──


def _command(ward: Ward, *words: str) -> tuple[list[str], dict[str, str]]:
    """A command line of this very syncd, and its environment."""
    here = str(Path(__file__).resolve().parents[2])
    paths = [here, os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONUTF8": "1"}
    return [sys.executable, "-m", "syncd", *words, "-c", str(ward.config)], environment


def _syncd(ward: Ward, *words: str) -> None:
    """One command, to its end."""
    command, environment = _command(ward, *words)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        why = said[-1].removeprefix("syncd: ") if said else f"exit status {done.returncode}"
        raise SyncdError(f"`syncd {' '.join(words)}` failed: {why}")


@contextmanager
def _daemon(ward: Ward) -> Iterator[Callable[[], None]]:
    """The daemon, running; yields what raises SyncdError when it has died."""
    command, environment = _command(ward, "run")
    with open(ward.log, "wb") as log:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def alive() -> None:
        if process.poll() is not None:
            lines = ward.log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it said nothing"]
            raise SyncdError(f"the daemon stopped with {process.returncode}: {lines[-1]}", f"see {ward.log}")

    try:
        yield alive
        alive()
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# ── what chat says ──


class _Chat:
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


# ── what people do ──


class _Player:
    """Does one step after the other."""

    def __init__(self, ward: Ward, chat: _Chat, language: Language, alive: Callable[[], None]) -> None:
        self.chat = chat
        self._ward = ward
        self._language = language
        self._alive = alive
        today = date.today()
        self._month = (today.year, today.month)

    def scene(self, number: int, scene: Scene) -> None:
        click.echo(click.style(f"\n{number}. {self._words(scene.title)}", bold=True))
        for step in scene.steps:
            self._step(step)

    def _words(self, said: Said) -> str:
        return said.ja if self._language == "ja" else said.en

    def _step(self, step: Step) -> None:
        match step:
            case Said():
                click.echo(f"  {self._words(step)}")
            case Drop():
                content = step.paper.make(step.nursery, self._month, step.wrong)
                name = step.name or step.paper.name(step.nursery, self._month)
                self._write(self._path("cloud", step.nursery, "inbox", name), content)
                self._did("cloud", step.nursery, f"+ {name}")
            case Drag():
                self._drag(step)
            case Edit():
                path = self._path("intranet", step.nursery, step.stage, self._name(step.nursery, step.paper))
                self._save_as_excel(path, corrected(path.read_bytes(), step.label, step.value))
                self._did("intranet", step.nursery, f"✎ {path.name}")
            case Rename():
                source = self._path("cloud", step.nursery, "inbox", step.name)
                target = source.with_name(self._name(step.nursery, step.paper))
                source.rename(target)
                self._did("cloud", step.nursery, f"{source.name} → {target.name}")
            case Note():
                self._write(self._path("intranet", step.nursery, "corrections", "理由.txt"), step.text.encode())
                self._did("intranet", step.nursery, f"+ 理由.txt: {step.text.strip()}")
            case Lies():
                self._wait(lambda: self._lies(step), f"{step.stage} of {step.nursery.id} ({step.side})")
            case Heard():
                self._wait(lambda: self.chat.heard(step.room, step.message), f"{step.message} in {step.room}")
            case Quarantined():
                folder = self._ward.folder / "state" / "quarantine"
                self._wait(lambda: len(list(folder.glob("[!.]*"))) >= step.count, "the quarantine")

    def _did(self, side: SideName, nursery: Nursery, what: str) -> None:
        click.echo(click.style(f"    {side:<8} {nursery.folder}: {what}", fg="yellow"))

    def _name(self, nursery: Nursery, paper: Paper | str) -> str:
        return paper if isinstance(paper, str) else paper.name(nursery, self._month)

    def _path(self, side: SideName, nursery: Nursery, stage: StageName, name: str) -> Path:
        return self._ward.stage(side, nursery, stage) / name

    def _drag(self, drag: Drag) -> None:
        name = self._name(drag.nursery, drag.paper)
        source = self._marked(drag.side, drag.nursery, drag.start, name)
        into = drag.into or drag.nursery
        target = self._path(drag.side, into, drag.target, source.name)
        if drag.copy:
            shutil.copy2(source, target)
        else:
            source.rename(target)
        where = f"{into.folder}/" if drag.into else ""
        stages = f"{source.parent.name} → {where}{target.parent.name}"
        self._did(drag.side, drag.nursery, f"{stages}: {source.name}{' (copy)' if drag.copy else ''}")

    def _marked(self, side: SideName, nursery: Nursery, stage: StageName, name: str) -> Path:
        """The file, whatever marks syncd gave it."""
        stem, _, ending = name.rpartition(".")
        found = sorted(self._ward.stage(side, nursery, stage).glob(f"{stem}*.{ending}"))
        if not found:
            raise SyncdError(f"{name} is not in {stage} of {nursery.id} ({side})", f"see {self._ward.log}")
        return found[0]

    def _write(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)

    def _save_as_excel(self, path: Path, content: bytes) -> None:
        """Into a file of another name first, which then takes the place: a new inode under the old name."""
        temporary = path.with_name(secrets.token_hex(4).upper())
        temporary.write_bytes(content)
        temporary.replace(path)

    # ── what is to be seen ──

    def _lies(self, step: Lies) -> bool:
        folder = self._ward.stage(step.side, step.nursery, step.stage)
        name = self._name(step.nursery, step.paper)
        stem, dot, ending = name.rpartition(".")
        if step.gone:
            return not any(path.name.startswith(name) for path in folder.iterdir())
        return (folder / (f"{stem}{step.mark}{dot}{ending}" if step.mark else name)).is_file()

    def _wait(self, seen: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            self.chat.listen()
            if seen():
                return
            self._alive()
            if time.monotonic() > deadline:
                raise SyncdError(f"waited {PATIENCE:.0f} s in vain for {what}", f"see {self._ward.log}")
            time.sleep(POLL)


def _farewell(ward: Ward, language: Language, seconds: float, messages: int) -> None:
    config = os.path.relpath(ward.config)
    shown = config if not config.startswith("..") else str(ward.config)
    folder = os.path.dirname(shown) or "."
    japanese = language == "ja"
    title = (
        f"{seconds:.0f}秒、連絡{messages}件。見る所:"
        if japanese
        else f"Done in {seconds:.0f} s, {messages} messages. Look at:"
    )
    click.echo(click.style(f"\n{title}", bold=True))
    for place, said in WHERE_TO_LOOK:
        click.echo(f"  {place.format(folder=folder, config=shown, paper=_a_paper())}")
        click.echo(f"      {said.ja if japanese else said.en}")


def _a_paper() -> str:
    nursery, today = NURSERIES[0], date.today()
    return f"{nursery.folder}/{STAGES['confirmed']}/{INVOICE.name(nursery, (today.year, today.month))}"
