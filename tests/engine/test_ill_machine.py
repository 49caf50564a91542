"""The whole engine while single files are ill: obstacles and refusals that stay, crashes and people in between.

What the machines hold without them holds with them, and once all is healed nothing waits any more.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from syncd.mirror.hindered import HELD_BACK
from syncd.model import Side, Stage
from syncd.store.troubles import Trouble
from syncd.world import World
from tests.engine.test_box_machine import BoxEngine
from tests.engine.test_box_one_file_ill import CONTENT, DELETE, FAILURES, MOVE, REFUSALS, UPLOAD, VERSION
from tests.engine.test_machine import NAMES, SHARED_MEMORY, Engine

RUNS = int(os.environ.get("SYNCD_ILL_ENGINE_RUNS", "10"))


def waiting(world: World) -> list[Trouble]:
    """What still waits, but for what a person has to look at before it may go to the cloud."""
    return [one for one in world.troubles.all() if not one.work.startswith(HELD_BACK)]


class IllEngine(Engine):
    """Folders lie where files are to go, and some files nobody can move."""

    where, who, stages = Engine.where, Engine.who, Engine.stages

    def immutable(self, path: Path, on: bool) -> None:
        subprocess.run(["chattr", "+i" if on else "-i", path], check=True, capture_output=True)

    @rule(side=where, operator=who, stage=stages, name=st.sampled_from(NAMES))
    def a_folder_in_the_way(self, side: Side, operator: str, stage: Stage, name: str) -> None:
        path = self.root(side, operator, stage) / name
        if not path.exists():
            path.mkdir(parents=True)

    @rule(side=where, operator=who, choice=st.integers(0, 9))
    def a_file_that_nobody_can_move(self, side: Side, operator: str, choice: int) -> None:
        if files := self.files(side, operator):
            self.immutable(files[choice % len(files)], True)

    @rule()
    def all_is_well_again(self) -> None:
        for side in Side:
            for operator in ("himawari", "sakura"):
                for path in self.files(side, operator):
                    self.immutable(path, False)
                for path in sorted(self.top(side, operator).rglob("*"), reverse=True):
                    if path.is_dir() and path.name in [Path(name).name for name in NAMES]:
                        with suppress(OSError):
                            path.rmdir()

    @rule(side=where, operator=who, stage=stages, name=st.sampled_from(NAMES))
    def put(self, side: Side, operator: str, stage: Stage, name: str) -> None:
        with suppress(OSError):
            super().put(side, operator, stage, name)

    def save(self, path: Path, content: str) -> None:
        with suppress(OSError):
            super().save(path, content)

    def people_stop(self) -> None:
        self.all_is_well_again()
        with self.world() as world:
            world.troubles.try_now()
        super().people_stop()
        with self.world() as world:
            assert waiting(world) == []


class IllBoxEngine(BoxEngine):
    """Box refuses or fails what is asked of single files."""

    who = Engine.who

    @rule(
        operator=who,
        choice=st.integers(0, 9),
        match=st.sampled_from([CONTENT, UPLOAD, VERSION, MOVE, DELETE]),
        fault=st.sampled_from([*FAILURES, *REFUSALS]),
    )
    def a_file_that_box_is_bad_at(self, operator: str, choice: int, match: str, fault: dict[str, str]) -> None:
        if files := self.files(Side.CLOUD, operator):
            about = self.box.hands.identity(str(files[choice % len(files)]).lstrip("/"))
            self.ward.sim.faults.stays(match=match, about=about or "none", **fault)

    @rule(name=st.sampled_from(NAMES), fault=st.sampled_from([*FAILURES, *REFUSALS]))
    def a_name_that_box_does_not_take(self, name: str, fault: dict[str, str]) -> None:
        self.ward.sim.faults.stays(match=UPLOAD, about=Path(name).name, **fault)

    @rule()
    def all_is_well_again(self) -> None:
        self.ward.sim.faults.heal()
        self.ward.moment.ahead += 7_200

    def people_stop(self) -> None:
        self.all_is_well_again()
        super().people_stop()
        with self.world() as world:
            assert waiting(world) == []


def run(machine: type[Engine], runs: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )


def test_ill_files_in_folders_and_crashes_and_people_meanwhile() -> None:
    with tempfile.NamedTemporaryFile(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None) as file:
        if (
            shutil.which("chattr") is None
            or subprocess.run(["chattr", "+i", file.name], capture_output=True).returncode
        ):
            pytest.skip("this file system has no immutable files")
        subprocess.run(["chattr", "-i", file.name], check=True)
    run(IllEngine, RUNS)


def test_ill_files_in_box_and_crashes_and_people_meanwhile() -> None:
    run(IllBoxEngine, max(3, RUNS // 3))
