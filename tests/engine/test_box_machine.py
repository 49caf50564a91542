"""The whole engine with Box as the cloud: crashes and faults between any two requests, people in between."""

from __future__ import annotations

import os
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from syncd.errors import Busy, Unreachable
from syncd.model import Side
from syncd.world import World
from tests.boxsim import Simulator
from tests.engine.box_ward import OPERATORS, BoxWard
from tests.engine.test_machine import SHARED_MEMORY, Crash, Engine
from tests.stories.box_ward import BoxPath

EXAMPLES = int(os.environ.get("SYNCD_BOX_ENGINE_RUNS", "12"))


class BoxEngine(Engine):
    """People work in Box and on the intranet; Box fails, and tells its events in disorder."""

    interruptions = (Crash, Unreachable, Busy)

    @initialize()
    def open_ward(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None))
        self.ward = BoxWard(self.folder, Simulator())
        self.ward.init()
        self.ward.sim.events_faults(duplicate=0.3, reorder=0.5, short=0.5, late=0.2, snapshots=True)
        self.step = 0
        self.written: set[str] = {""}
        self.at_stake: set[str] = set()

        class Here(BoxPath):
            hands = self.ward.sim.hands()

        self.box = Here("/")

    def world(self) -> AbstractContextManager[World]:
        return self.ward.world()

    def top(self, side: Side, operator: str) -> Path:
        name = OPERATORS[operator][0]
        return self.box / name if side is Side.CLOUD else self.folder / side.value / name

    def rest(self, world: World) -> None:
        world.cloud.catch_up()

    def saw(self, before: set[str]) -> None:
        """Events come late, so what lay in Box may not have been seen yet; what was once kept stays."""
        with self.world() as world:
            self.at_stake |= {world.versions.read(sha1).decode() for sha1 in world.versions}

    def save(self, path: Path, content: str) -> None:
        if isinstance(path, BoxPath):
            path.write_text(content)
        else:
            super().save(path, content)

    @rule(seed=st.integers(0, 9999), rate=st.sampled_from([0.05, 0.2, 0.6]))
    def rounds_in_bad_weather(self, seed: int, rate: float) -> None:
        self.ward.sim.faults.seeded(seed, rate)
        try:
            self.look(None)
        finally:
            self.ward.sim.faults.clear()
            self.ward.moment.ahead += 60

    @rule()
    def a_night_passes(self) -> None:
        self.ward.moment.ahead += 86_400

    def people_stop(self) -> None:
        """The night's listing finds what an event that is lost would have told."""
        self.ward.moment.ahead += 86_400
        self.ward.sim.events_faults()
        super().people_stop()


def test_crashes_faults_and_disorder_anywhere_and_people_meanwhile() -> None:
    run_state_machine_as_test(
        BoxEngine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )
