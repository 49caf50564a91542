"""Box as tests of its client want it: marked, with one operator's folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.boxsim import Simulator
from tests.clouds.box_world import BoxWorld, Moment, layout


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BoxWorld]:
    world = BoxWorld(tmp_path, Simulator(), layout(), Moment())
    world.cloud.mark("0f3c")
    world.cloud.ensure(world.layout, {})
    world.sim.calls.clear()
    world.moment.waited = 0.0
    yield world
    world.stop()
