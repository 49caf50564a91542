"""What stories of staff's gestures share: the moment between two notices, and what both sides are to show."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from syncd.journey import round_for
from tests.stories.ward import ENROLMENT, Ward

Save = Callable[[Path, str], None]
"""How a person gives a file new content: in place, or by another inode under its name."""
ARRIVAL = 2
"""Records of a file's way into review: received, moved."""


def rounds(ward: Ward, patience: float = 2.0, only: str | None = None) -> None:
    """What the daemon does between two batches of notices: it works until nothing is left, and sends nothing."""
    with ward.world() as world:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            world.reach()
            operators = [operator for operator in world.config.operators if only in (None, operator.id)]
            results = [round_for(world, operator) for operator in operators]
            if not any(result.moves for result in results):
                if not any(result.look_again for result in results):
                    return
                time.sleep(0.02)


def both(ward: Ward, files: Mapping[str, str], operator: str = "himawari") -> None:
    """The two sides agree on exactly these files."""
    assert ward.tree("cloud", operator) == files
    assert ward.tree("intranet", operator) == files


def told(ward: Ward, **beginnings: str) -> dict[str, str]:
    """Exactly these rooms heard something, each one text that begins so; returns the texts."""
    rooms = ward.rooms()
    assert set(rooms) == set(beginnings), rooms
    for room, beginning in beginnings.items():
        assert rooms[room].startswith(beginning), rooms[room]
        assert rooms[room].count("【") == 1, rooms[room]
    return rooms


def give_back_bare(ward: Ward, name: str = ENROLMENT) -> None:
    """Staff return the file as it is and write nothing."""
    ward.drag(ward.intranet(f"review/{name}"), ward.intranet("corrections"))
    assert ward.run() == 0
    ward.said()
