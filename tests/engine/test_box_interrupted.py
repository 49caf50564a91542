"""A move that Box interrupted while people go on: finished in its own operator's folders, or held for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from syncd.journey import round_for
from syncd.world import World
from tests.boxsim import Simulator
from tests.engine.box_ward import OPERATORS, BoxWard

NOTICE = "お知らせ.pdf"
HIMAWARI, SAKURA = (name for name, _ in OPERATORS.values())


@pytest.fixture
def ward(tmp_path: Path) -> BoxWard:
    ward = BoxWard(tmp_path, Simulator(1))
    ward.init()
    return ward


@contextmanager
def interrupted(ward: BoxWard) -> Iterator[World]:
    """Staff put a file into corrections, its upload gets no answer, and nobody can tell whether it is there."""
    with ward.world() as world:
        operator = world.config.operator("himawari")
        assert operator is not None
        ward.until_quiet(world)
        ward.intranet(f"corrections/{NOTICE}").write_bytes(b"only for himawari")
        for _ in range(30):
            ward.sim.faults.add("503-before", match="POST /files/content")
            ward.sim.faults.add("503-before", match="/items")
        while not world.ledger.open_intents():
            round_for(world, operator)
            ward.moment.ahead += 61
        ward.sim.faults.clear()
        yield world


def below(ward: BoxWard, folder: str) -> dict[str, bytes]:
    return ward.sim.hands(folder).tree()


@pytest.mark.parametrize(
    "act",
    [
        lambda hands: hands.delete(f"{HIMAWARI}/corrections"),
        lambda hands: hands.rename(f"{HIMAWARI}/corrections", f"{HIMAWARI}/修正"),
        lambda hands: hands.rename(HIMAWARI, "ひまわり"),
    ],
    ids=["stage deleted", "stage renamed", "operator renamed"],
)
def test_folders_are_put_in_place_before_it_is_finished(ward: BoxWard, act: Callable[[object], None]) -> None:
    with interrupted(ward) as world:
        act(ward.sim.hands())
        ward.until_quiet(world)
        assert ward.person().tree() == {f"corrections/{NOTICE}": b"only for himawari"}
        assert not world.ledger.holds()


def test_exchanged_folders_never_get_each_others_files(ward: BoxWard) -> None:
    hands = ward.sim.hands()
    own, other = hands.identity(HIMAWARI), hands.identity(SAKURA)
    assert own is not None and other is not None
    with interrupted(ward) as world:
        hands.rename(HIMAWARI, "exchanged")
        hands.rename(SAKURA, HIMAWARI)
        hands.rename("exchanged", SAKURA)
        for _ in range(5):
            ward.rounds(world)
            ward.moment.ahead += 61
        assert below(ward, other) == {}
        assert {hold.operator for hold in world.ledger.holds()} == {"himawari", "sakura"}


def test_while_a_person_has_to_look_box_is_left_alone(ward: BoxWard) -> None:
    with interrupted(ward) as world:
        ward.sim.quota(ward.sim.account.user_id, 1)
        for _ in range(3):
            ward.rounds(world)
        (hold,) = world.ledger.holds()
        assert "quota" in hold.reason or "room" in hold.reason
        ward.sim.calls.clear()
        for _ in range(20):
            ward.rounds(world)
        assert set(ward.sim.calls) == {"GET /events"}
        ward.sim.quota(ward.sim.account.user_id, None)
        world.ledger.release("himawari", world.clock.now())
        ward.until_quiet(world)
        assert ward.person().tree() == {f"corrections/{NOTICE}": b"only for himawari"}
