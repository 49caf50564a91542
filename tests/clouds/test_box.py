"""Box fulfils the contract of the clouds, over boxsdk and a simulator that strangers believe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.boxsim import Simulator
from tests.clouds.box_world import BoxWorld, Moment, layout
from tests.clouds.contract import CloudContract


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BoxWorld]:
    world = BoxWorld(tmp_path, Simulator(), layout(), Moment())
    world.cloud.mark("0f3c")
    world.cloud.ensure(world.layout, {})
    yield world
    world.stop()


class TestBox(CloudContract):
    """With what Box has and a directory hasn't: a trash."""

    has_trash = True
