"""Plays the month: does what people do in folders, waits until syncd has followed, and prints what chat says.

Waits for what is to be seen, never for a time; what doesn't come within `PATIENCE` seconds is an error.
"""

from __future__ import annotations

import json
import locale
import os
import secrets
import shlex
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import click

from syncd.demo.box import MODULE, Box, BoxHands, require_clone, require_stopped, simulated_box
from syncd.demo.chat import PATIENCE, POLL, Chat
from syncd.demo.hands import FolderHands, Hands
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
from syncd.demo.processes import ABOVE, daemon, syncd
from syncd.demo.ward import FOLDER_CLOUD, NURSERIES, STAGES, Language, Nursery, StageName, Ward
from syncd.errors import SyncdError


def play(folder: Path, language: Language | str | None = None, in_box: bool = False) -> int:
    """Makes the ward in `folder` and plays the month; 0 when all went as told. Raises SyncdError.

    `in_box`: the nurseries' folders lie in a simulated Box.
    """
    chat: Language = "en" if language == "en" else "ja"
    narration: Language = chat if language else _of_terminal()
    started = time.monotonic()
    ward = Ward(folder)
    if in_box:
        require_clone()
    require_stopped(ward)
    ward.make()
    with simulated_box(ward) if in_box else nullcontext() as simulated:
        ward.configure(chat, simulated.config if simulated else FOLDER_CLOUD)
        syncd(ward, "init")
        nurseries = simulated.invite() if simulated else None
        if nurseries:
            _invited(nurseries, narration)
        with daemon(ward) as alive:
            cloud = nurseries or FolderHands(ward.folder / "cloud")
            player = _Player(ward, cloud, Chat(ward, chat), narration, alive)
            for number, scene in enumerate(MONTH, 1):
                player.scene(number, scene)
            player.chat.rest()
    syncd(ward, "history", "verify")
    if simulated:
        _calls(ward, narration)
    _farewell(ward, narration, time.monotonic() - started, player.chat.count, simulated)
    return 0


def _of_terminal() -> Language:
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or locale.getlocale()[0]
    return "ja" if (name or "").lower().startswith("ja") else "en"


class _Player:
    """Does one step after the other."""

    def __init__(self, ward: Ward, cloud: Hands, chat: Chat, language: Language, alive: Callable[[], None]) -> None:
        self.chat = chat
        self._ward = ward
        self._intranet = FolderHands(ward.folder / "intranet")
        self._hands: dict[SideName, Hands] = {"cloud": cloud, "intranet": self._intranet}
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
                self._hands["cloud"].put(step.nursery.stage("inbox"), name, content)
                self._did("cloud", step.nursery, f"+ {name}")
            case Drag():
                self._drag(step)
            case Edit():
                path = self._intranet.path(step.nursery.stage(step.stage), self._name(step.nursery, step.paper))
                self._save_as_excel(path, corrected(path.read_bytes(), step.label, step.value))
                self._did("intranet", step.nursery, f"✎ {path.name}")
            case Rename():
                inbox, name = step.nursery.stage("inbox"), self._name(step.nursery, step.paper)
                self._hands["cloud"].move(inbox, step.name, inbox, name)
                self._did("cloud", step.nursery, f"{step.name} → {name}")
            case Note():
                self._intranet.put(step.nursery.stage("corrections"), "理由.txt", step.text.encode())
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

    def _drag(self, drag: Drag) -> None:
        name = self._marked(drag.side, drag.nursery, drag.start, self._name(drag.nursery, drag.paper))
        source, target = drag.nursery.stage(drag.start), (drag.into or drag.nursery).stage(drag.target)
        if drag.copy:
            shutil.copy2(self._intranet.path(source, name), self._intranet.path(target, name))
        else:
            self._hands[drag.side].move(source, name, target, name)
        where = target if drag.into else STAGES[drag.target]
        self._did(drag.side, drag.nursery, f"{STAGES[drag.start]} → {where}: {name}{' (copy)' if drag.copy else ''}")

    def _marked(self, side: SideName, nursery: Nursery, stage: StageName, name: str) -> str:
        """The file's name, with whatever marks syncd gave it."""
        stem, _, ending = name.rpartition(".")
        for found in self._hands[side].names(nursery.stage(stage)):
            if found.startswith(stem) and found.endswith(f".{ending}"):
                return found
        raise SyncdError(f"{name} is not in {stage} of {nursery.id} ({side})", f"see {self._ward.log}")

    def _save_as_excel(self, path: Path, content: bytes) -> None:
        """Into a file of another name first, which then takes the place: a new inode under the old name."""
        temporary = path.with_name(secrets.token_hex(4).upper())
        temporary.write_bytes(content)
        temporary.replace(path)

    # ── what is to be seen ──

    def _lies(self, step: Lies) -> bool:
        names = self._hands[step.side].names(step.nursery.stage(step.stage))
        name = self._name(step.nursery, step.paper)
        stem, dot, ending = name.rpartition(".")
        if step.gone:
            return not any(each.startswith(name) for each in names)
        return (f"{stem}{step.mark}{dot}{ending}" if step.mark else name) in names

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


def _invited(nurseries: BoxHands, language: Language) -> None:
    """Says who is who in Box."""
    japanese = language == "ja"
    said = (
        "Box で園ごとの利用者をその園のフォルダーに招待（履歴にはこの名前で残ります）:"
        if japanese
        else "In Box, each nursery's user is invited to its folder; the history names them so:"
    )
    click.echo(click.style(f"\n{said}", bold=True))
    for folder, login in nurseries.logins().items():
        click.echo(click.style(f"    cloud    {folder}: {login}", fg="yellow"))


def _calls(ward: Ward, language: Language) -> None:
    """Says in one line what syncd asked Box for."""
    calls = json.loads(syncd(ward, "status", "--json"))["sides"]["cloud"]["calls"]["month"]
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(calls.items(), key=lambda one: (-one[1], one[0])))
    total = sum(calls.values())
    said = f"syncd が Box に送った要求: {total}件" if language == "ja" else f"What syncd asked of Box: {total} calls"
    click.echo(click.style(f"\n{said} ({kinds})", bold=True))


def _farewell(ward: Ward, language: Language, seconds: float, messages: int, simulated: Box | None) -> None:
    config = _shown(ward.config)
    folder = os.path.dirname(config) or "."
    places = {
        "folder": folder,
        "syncd": _program(),
        "config": config,
        "paper": _a_paper(),
        "cloud": "Box (simulated)" if simulated else f"{folder}/cloud",
        "box": _again(ward, simulated) if simulated else "",
    }
    japanese = language == "ja"
    title = (
        f"{seconds:.0f}秒、連絡{messages}件。見る所:"
        if japanese
        else f"Done in {seconds:.0f} s, {messages} messages. Look at:"
    )
    click.echo(click.style(f"\n{title}", bold=True))
    for template, said in WHERE_TO_LOOK:
        if place := template.format(**places):
            click.echo(f"  {place}")
            click.echo(f"      {said.ja if japanese else said.en}")


def _shown(path: Path) -> str:
    """As it is typed here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _program() -> str:
    """What is typed for syncd: its name where it is found, else the way to it."""
    if shutil.which("syncd"):
        return "syncd"
    started = Path(sys.argv[0])
    return _shown(started) if started.name == "syncd" else f"{_shown(Path(sys.executable))} -m syncd"


def _again(ward: Ward, simulated: Box) -> str:
    """What starts the same Box again; the simulator is found from the clone only."""
    at_home = Path.cwd() == ABOVE
    python, data = (_shown(Path(sys.executable)), _shown(ward.box)) if at_home else (sys.executable, str(ward.box))
    line = shlex.join([python, "-m", MODULE, "--port", str(simulated.port), "--data", data])
    return line if at_home else f"cd {shlex.quote(str(ABOVE))} && {line}"


def _a_paper() -> str:
    nursery, today = NURSERIES[0], date.today()
    return f"{nursery.folder}/{STAGES['confirmed']}/{INVOICE.name(nursery, (today.year, today.month))}"
