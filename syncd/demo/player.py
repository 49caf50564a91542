"""Does one step of the story after the other, waits until syncd has followed, and prints what is to be seen.

Waits for what is to be seen, never for a time; what doesn't come within `PATIENCE` seconds is an error.
"""

from __future__ import annotations

import io
import secrets
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import click

from syncd.demo.chat import PATIENCE, POLL, ROOMS, Chat
from syncd.demo.days import Days, Language
from syncd.demo.hands import FolderHands, Hands
from syncd.demo.pages import pages
from syncd.demo.papers import Paper, corrected, has_comments, with_macros
from syncd.demo.steps import (
    Attach,
    Bundle,
    Confirm,
    Drag,
    Drop,
    Edit,
    Heard,
    Lies,
    Mend,
    Note,
    Pages,
    Quarantined,
    Reads,
    Rename,
    Said,
    Scene,
    SideName,
    Silence,
    Step,
    Took,
    Unmarked,
    When,
)
from syncd.demo.ward import STAGES, Nursery, StageName, Ward
from syncd.errors import SyncdError

TEXT_LINES = 12
"""So many lines of a note are printed."""


class Player:
    """The people of the story. `alive` raises SyncdError when the daemon of the day has died."""

    def __init__(self, ward: Ward, cloud: Hands, chat: Chat, days: Days, language: Language) -> None:
        self.alive: Callable[[], None] = lambda: None
        self._chat = chat
        self._ward = ward
        self._intranet = FolderHands(ward.folder / "intranet")
        self._hands: dict[SideName, Hands] = {"cloud": cloud, "intranet": self._intranet}
        self.language = language
        self._days = days
        self._acted_at = time.monotonic()

    def scene(self, number: int, scene: Scene) -> None:
        click.echo(click.style(f"\n{number}. {self._words(scene.title)}", bold=True))
        self._chat.new_scene()
        for step in scene.steps:
            if not self._act(step):
                self._see(step)

    # ── what people do ──

    def _act(self, step: Step) -> bool:
        """Does it, if it is something that people do."""
        match step:
            case Drop():
                self._drop(step)
            case Bundle():
                self._bundle(step)
            case Mend():
                self._mend(step)
            case Attach():
                self._put("cloud", step.nursery, "inbox", step.name, step.text.encode("cp932"))
            case Rename():
                inbox, name = step.nursery.stage("inbox"), self._name(step.nursery, step.paper)
                self._hands["cloud"].move(inbox, step.name, inbox, name)
                self._did("cloud", step.nursery, f"{step.name} → {name}")
            case Drag():
                self._drag(step)
            case Confirm():
                self._confirm(step)
            case Edit():
                path = self._intranet.path(step.nursery.stage(step.stage), self._name(step.nursery, step.paper))
                self._save_as_excel(path, corrected(path.read_bytes(), step.label, step.value))
                self._did("intranet", step.nursery, f"✎ {path.name}")
            case Note():
                self._put("intranet", step.nursery, "corrections", step.name, step.text.encode(), step.text.strip())
            case _:
                return False
        return True

    def _put(
        self, side: SideName, nursery: Nursery, stage: StageName, name: str, content: bytes, more: str = ""
    ) -> None:
        self._hands[side].put(nursery.stage(stage), name, content)
        self._did(side, nursery, f"+ {name}{': ' if more else ''}{more}")

    def _did(self, side: SideName, nursery: Nursery, what: str) -> None:
        self._acted_at = time.monotonic()
        click.echo(click.style(f"    {side:<8} {nursery.folder}: {what}", fg="yellow"))

    def _drop(self, step: Drop) -> None:
        content = step.paper.make(step.of or step.nursery, self._days.month, step.wrong)
        content = with_macros(content) if step.macros else content
        self._put("cloud", step.nursery, "inbox", step.name or self._name(step.nursery, step.paper), content)

    def _bundle(self, step: Bundle) -> None:
        month, written = self._days.previous, io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bundle:
            for paper in step.papers:
                bundle.writestr(paper.name(step.nursery, month), paper.make(step.nursery, month, False))
        titles = "、".join(paper.title for paper in step.papers)
        self._put("cloud", step.nursery, "inbox", f"{month[1]}月分.zip", written.getvalue(), titles)

    def _mend(self, step: Mend) -> None:
        name = self._name(step.nursery, step.paper).replace(".", "（指摘）.")
        copy = self._hands["cloud"].content(step.nursery.stage("corrections"), name)
        if not has_comments(copy):
            raise SyncdError(f"{name} of {step.nursery.id} has no comment in it", f"see {self._ward.log}")
        self._put("cloud", step.nursery, "inbox", name, corrected(copy, step.label, step.value))

    def _drag(self, drag: Drag) -> None:
        name = self._marked(drag.side, drag.nursery, drag.start, self._name(drag.nursery, drag.paper))
        source, target = drag.nursery.stage(drag.start), (drag.into or drag.nursery).stage(drag.target)
        if drag.copy:
            shutil.copy2(self._intranet.path(source, name), self._intranet.path(target, name))
        else:
            self._hands[drag.side].move(source, name, target, name)
        where = target if drag.into else STAGES[drag.target]
        self._did(drag.side, drag.nursery, f"{STAGES[drag.start]} → {where}: {name}{' (copy)' if drag.copy else ''}")

    def _confirm(self, step: Confirm) -> None:
        review, confirmed = step.nursery.stage("review"), step.nursery.stage("confirmed")
        kept = self._name(step.nursery, step.but) if step.but else ""
        names = [name for name in self._intranet.names(review) if name != kept]
        for name in names:
            self._intranet.move(review, name, confirmed, name)
        files = names[0] if len(names) == 1 else f"{len(names)}{'件' if self.language == 'ja' else ' files'}"
        self._did("intranet", step.nursery, f"{STAGES['review']} → {STAGES['confirmed']}: {files}")
        there = self._hands["cloud"]
        self._wait(lambda: set(names) <= set(there.names(confirmed)), f"{', '.join(names)} in confirmed")

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

    def _see(self, step: Step) -> None:
        match step:
            case Said():
                click.echo(f"  {self._words(step)}")
            case Lies():
                self._wait(lambda: self._lies(step), f"{step.stage} of {step.nursery.id} ({step.side})")
            case Took():
                seconds = time.monotonic() - self._acted_at
                self._show(
                    f"{seconds:.1f}秒後に両側で" if self.language == "ja" else f"on both sides after {seconds:.1f} s"
                )
            case Reads():
                self._reads(step)
            case Unmarked():
                folder, name = step.nursery.stage("review"), self._name(step.nursery, step.paper)
                self._wait(
                    lambda: not has_comments(self._hands["cloud"].content(folder, name)), f"{name} without marks"
                )
            case Heard():
                self._wait(
                    lambda: self._chat.heard(step.room, step.message, step.words, step.without),
                    f"{step.message} in {step.room}",
                )
            case Silence():
                self._silence(step)
            case Quarantined():
                quarantine = self._ward.folder / "state" / "quarantine"
                self._wait(lambda: len(list(quarantine.glob("[!.]*"))) >= step.count, "the quarantine")
            case Pages():
                self._chat.rest()
                for line in pages(self._ward, self._hands["cloud"], self._wait, self.language):
                    click.echo(line)

    def _show(self, what: str) -> None:
        click.echo(click.style(f"    = {what}", fg="green"))

    def _lies(self, step: Lies) -> bool:
        names = self._hands[step.side].names(step.nursery.stage(step.stage))
        name = f"{step.prefix}{self._name(step.nursery, step.paper, step.of)}{step.suffix}"
        stem, dot, ending = name.rpartition(".")
        name = f"{stem}{step.mark}{dot}{ending}" if step.mark else name
        if step.gone:
            return not any(each.startswith(name) for each in names)
        return name in names

    def _reads(self, step: Reads) -> None:
        folder = step.nursery.stage("corrections")
        self._wait(
            lambda: any(name.startswith(step.beginning) for name in self._hands["cloud"].names(folder)),
            f"{step.beginning}… of {step.nursery.id}",
        )
        name = next(name for name in self._hands["cloud"].names(folder) if name.startswith(step.beginning))
        self._show(f"{name}:")
        lines = self._hands["cloud"].content(folder, name).decode("utf-8-sig").splitlines()
        for line in [line for line in lines if line.strip()][:TEXT_LINES]:
            click.echo(click.style(f"      {line}", fg="green"))

    def _silence(self, step: Silence) -> None:
        self._chat.rest()
        if told := [ROOMS[room] for room in step.rooms if self._chat.spoken_to(room)]:
            raise SyncdError(f"{told[0]} was told something", f"see {self._ward.log}")
        rooms = "、".join(ROOMS[room] for room in step.rooms)
        self._show(f"{rooms}: 連絡なし" if self.language == "ja" else f"{rooms}: no message")

    def _wait(self, seen: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            self._chat.listen()
            if seen():
                return
            self.alive()
            if time.monotonic() > deadline:
                raise SyncdError(f"waited {PATIENCE:.0f} s in vain for {what}", f"see {self._ward.log}")
            time.sleep(POLL)

    # ── words ──

    def _words(self, said: Said) -> str:
        text = said.ja if self.language == "ja" else said.en
        return text.format(**self._days.words(self.language))

    def _name(self, nursery: Nursery, paper: Paper | str, of: When = "this") -> str:
        month = self._days.previous if of == "previous" else self._days.month
        return paper if isinstance(paper, str) else paper.name(nursery, month)
