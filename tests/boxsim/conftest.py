"""What the simulator's own tests start from: a Box, and somebody who calls it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.boxsim import Simulator
from tests.boxsim.calling import Caller


@pytest.fixture
def sim() -> Simulator:
    made = Simulator()
    made.long_poll_seconds = 5
    return made


@pytest.fixture
def call(sim: Simulator) -> Iterator[Caller]:
    caller = Caller(sim, sim.account.token)
    yield caller
    caller.session.close()
