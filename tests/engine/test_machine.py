"""The whole engine on real trees and a real database, with crashes between any two effects and people in between.

Holds the seven "never" that are about bytes, stages and rounds: nothing seen is lost, nothing half-written shows,
each file is in one stage, every move has one record, and when people stop, both sides agree and stay silent.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from syncd import names
from syncd.config import load
from syncd.journey import round_for
from syncd.model import Role, Side, Stage
from syncd.world import World
from tests.stories.ward import RULES

EXAMPLES = int(os.environ.get("SYNCD_ENGINE_RUNS", "60"))
NAMES = (
    "012_202610_在籍児童数報告書.xlsx",
    "012_202610_運営費請求書.pdf",
    "写真.jpg",
    "理由.txt",
    "sub/012_202609_在籍児童数報告書.xlsx",
)
OPERATORS = {"himawari": "ひまわり保育園", "sakura": "さくら保育園"}
SHARED_MEMORY = Path("/dev/shm")


class Crash(BaseException):
    """The power went out."""


@dataclass
class Fuse:
    """Lets so many effects happen, then crashes before or after the next."""

    left: int
    after: bool

    def burn(self, effect: Callable[..., Any], *given: Any) -> Any:
        self.left -= 1
        if self.left < 0 and not self.after:
            raise Crash
        result = effect(*given)
        if self.left < 0:
            raise Crash
        return result


class Fused:
    """A real tree whose effects burn a fuse."""

    def __init__(self, tree: Any, fuse: Fuse) -> None:
        self._tree, self._fuse = tree, fuse

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._tree, name)
        if name not in ("prepare", "place", "replace", "move", "remove"):
            return found
        return lambda *given: self._fuse.burn(found, *given)


class Engine(RuleBasedStateMachine):
    """People and syncd in turn, in any order."""

    folder: Path
    interruptions: tuple[type[BaseException], ...] = (Crash,)
    """What may end the rounds early."""

    @initialize()
    def open_ward(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None))
        (self.folder / "rules").mkdir()
        for name, text in RULES.items():
            (self.folder / "rules" / name).write_text(text, encoding="utf-8")
        operators = "".join(
            f"  - {{id: {id}, name: {name}, code: '{code:03}'}}\n"
            for code, (id, name) in enumerate(OPERATORS.items(), 12)
        )
        (self.folder / "config.yaml").write_text(
            "cloud: {kind: folder, root: ./cloud}\nintranet: {root: ./intranet, settle_seconds: 0}\n"
            f"state: ./state\nrules: ./rules\noperators:\n{operators}",
            encoding="utf-8",
        )
        self.step = 0
        self.written: set[str] = {""}
        self.at_stake: set[str] = set()
        with self.world() as world:
            for side in Side:
                world.mark(side)
            for operator in world.config.operators:
                for side in Side:
                    world.ledger.set_folders(
                        operator.id, side, world.tree(side).ensure(world.layout(operator.id, side), {}).identities
                    )

    def world(self) -> AbstractContextManager[World]:
        return World(load(self.folder / "config.yaml"))

    def top(self, side: Side, operator: str) -> Path:
        """The operator's folder."""
        return self.folder / side.value / OPERATORS[operator]

    def rest(self, world: World) -> None:
        """What a daemon knows before it looks."""

    def teardown(self) -> None:
        if hasattr(self, "step"):
            try:
                self.people_stop()
            finally:
                shutil.rmtree(self.folder)

    # ── people ──

    def files(self, side: Side, operator: str) -> list[Path]:
        return sorted(path for path in self.top(side, operator).rglob("*") if path.is_file())

    def root(self, side: Side, operator: str, stage: Stage) -> Path:
        return self.top(side, operator) / stage.value

    who = st.sampled_from(list(OPERATORS))
    where = st.sampled_from(list(Side))
    stages = st.sampled_from(list(Stage))

    def content(self) -> str:
        self.step += 1
        self.written.add(f"bytes {self.step}")
        return f"bytes {self.step}"

    @rule(side=where, operator=who, stage=stages, name=st.sampled_from(NAMES))
    def put(self, side: Side, operator: str, stage: Stage, name: str) -> None:
        path = self.root(side, operator, stage) / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(self.content())

    @rule(operator=who, name=st.sampled_from(NAMES))
    def send(self, operator: str, name: str) -> None:
        self.put(Side.CLOUD, operator, Stage.INBOX, name)

    @rule(side=where, operator=who, choice=st.integers(0, 9))
    def save_as_editors_do(self, side: Side, operator: str, choice: int) -> None:
        files = self.files(side, operator)
        if files:
            path = files[choice % len(files)]
            self.save(path, self.content())

    def save(self, path: Path, content: str) -> None:
        new = path.with_name("~$new.tmp")
        new.write_text(content)
        new.rename(path)

    @rule(side=where, operator=who, choice=st.integers(0, 9), stage=stages, rename=st.booleans())
    def drag(self, side: Side, operator: str, choice: int, stage: Stage, rename: bool) -> None:
        files = self.files(side, operator)
        if files:
            path = files[choice % len(files)]
            target = self.root(side, operator, stage) / (f"名前 {self.step}.txt" if rename else path.name)
            if target.parent.is_dir() and not target.exists():
                path.rename(target)

    @rule(operator=who, choice=st.integers(0, 9), stage=stages, into=who)
    def copy_on_the_intranet(self, operator: str, choice: int, stage: Stage, into: str) -> None:
        files = self.files(Side.INTRANET, operator)
        if files:
            path = files[choice % len(files)]
            target = self.root(Side.INTRANET, into, stage) / path.name
            if target.parent.is_dir() and not target.exists():
                shutil.copy2(path, target)

    @rule(side=where, operator=who, choice=st.integers(0, 9))
    def delete(self, side: Side, operator: str, choice: int) -> None:
        files = self.files(side, operator)
        if files:
            files[choice % len(files)].unlink()

    # ── syncd ──

    @rule()
    def rounds(self) -> None:
        self.look(None)

    @rule(effects=st.integers(0, 8), after=st.booleans())
    def rounds_with_a_crash(self, effects: int, after: bool) -> None:
        self.look(Fuse(effects, after))

    def look(self, fuse: Fuse | None) -> int:
        """A round for each operator; nothing that lay there before it may be lost by it."""
        before = self.shown()
        moves = 0
        try:
            with self.world() as world:
                if fuse is not None:
                    world.cloud, world.intranet = Fused(world.cloud, fuse), Fused(world.intranet, fuse)
                for operator in world.config.operators:
                    moves += round_for(world, operator).moves
        except self.interruptions:
            pass
        else:
            self.saw(before)
        self.nothing_lost(before)
        return moves

    def saw(self, before: set[str]) -> None:
        """The rounds have seen what lay there before them."""
        self.at_stake |= before

    def shown(self) -> set[str]:
        return {path.read_text() for side in Side for operator in OPERATORS for path in self.files(side, operator)}

    def nothing_lost(self, before: set[str]) -> None:
        shown = self.shown()
        assert shown <= self.written | self.notes(), f"half a file under its real name: {shown - self.written}"
        with self.world() as world:
            kept = {world.versions.read(sha1).decode() for sha1 in world.versions}
        lost = (before | self.at_stake) - shown - kept
        assert not lost, f"{lost} can't be had back"

    def notes(self) -> set[str]:
        return {text for text in self.shown() if text.startswith("・")}

    def people_stop(self) -> None:
        for _ in range(12):
            if self.look(None) == 0 and self.look(None) == 0:
                break
        else:
            raise AssertionError("syncd goes on and on")
        with self.world() as world:
            assert world.history.verify().ok
            assert world.ledger.open_intents() == []
            for operator in world.config.operators:
                self.agreed(world, operator.id)
            self.rest(world)
            changes = world.store.row("SELECT total_changes()")
            for operator in world.config.operators:
                assert round_for(world, operator).moves == 0
            assert world.store.row("SELECT total_changes()") == changes, "a round with nothing to do wrote"

    def agreed(self, world: World, operator: str) -> None:
        tracked: dict[Side, set[str]] = {side: set() for side in Side}
        for file in world.ledger.known(operator):
            for side in Side:
                placement = file.on(side)
                if placement is not None:
                    path = self.root(side, operator, placement.place.stage or Stage.INBOX) / placement.place.path
                    assert path.is_file(), f"{file.name} isn't at {path}"
                    tracked[side].add(str(path))
            if file.role in (Role.DOCUMENT, Role.NOTE):
                assert file.cloud is not None and file.intranet is not None, f"{file.name} is on one side only"
                assert file.cloud.place.stage == file.intranet.place.stage, f"{file.name} is in two stages"
                if file.stage in (Stage.CORRECTIONS, Stage.CONFIRMED):
                    assert file.cloud.sha1 == file.intranet.sha1, f"{file.name} differs in {file.stage}"
        unknown = {str(path) for path in self.files(Side.CLOUD, operator)} - tracked[Side.CLOUD]
        assert not unknown, f"the cloud has files that nobody tracks: {unknown}"
        assert not any(names.marks(path.name) for path in self.files(Side.CLOUD, operator))


def test_crashes_anywhere_and_people_meanwhile() -> None:
    run_state_machine_as_test(
        Engine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )
