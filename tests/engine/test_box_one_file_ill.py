"""A fault that stays with one file, of any kind and at any request: only that file waits, visibly, and then goes on.

The oracle is the page that says what syncd promises: nobody's gesture is invented, the other files arrive in the same
round, the reason is visible, few calls are spent on it, and two rounds after it is over both sides agree.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from syncd.world import World
from tests.boxsim import Simulator
from tests.engine.box_ward import BoxWard, copied, set_aside
from tests.stories.ward import ENROLMENT, INVOICE, SAKURA_ENROLMENT

EVERY = int(os.environ.get("SYNCD_ILL_EVERY", "5"))
"""Of all cases, each how manyth is tried; 1: all."""
BAD = "012_202610_証憑 1.pdf"
GOOD = "012_202610_証憑 2.pdf"
LATER = 7_200
"""Seconds after which whatever waits has been tried again."""
CONTENT, UPLOAD, VERSION = "GET /files/:id/content", "POST /files/content", "POST /files/:id/content"
MOVE, DELETE, PURGE = "PUT /files/:id", "DELETE /files/:id", "DELETE /files/:id/trash"
MOST_CALLS = 24
"""How many calls may be spent on one ill file in its first minutes, all kinds together; a hundred were."""


def error(status: int, code: str = "") -> dict[str, Any]:
    return {"kind": "error", "status": status, "code": code}


REFUSALS = [
    error(403, "forbidden_by_policy"),
    error(403, "access_denied_insufficient_permissions"),
    error(403, "access_denied_item_locked"),
    error(409, "name_temporarily_reserved"),
    error(409, "operation_blocked_temporary"),
    error(409, "item_name_in_use"),
    error(409),
    error(400, "bad_request"),
    error(418, "teapot"),
]
FAILURES = [
    {"kind": kind} for kind in ("500", "502", "503-before", "503-after", "drop-before", "drop-after", "garbage")
]


def arrives(ward: BoxWard) -> str:
    """O1: the file is new."""
    ward.person().put(f"inbox/{BAD}", b"bad")
    return ward.person().identity(f"inbox/{BAD}") or ""


def replaced(ward: BoxWard) -> str:
    """O9: the operator gives it other bytes in review."""
    ward.person().put(f"review/{BAD}", b"bad, again")
    return ward.person().identity(f"review/{BAD}") or ""


def offered(ward: BoxWard) -> str:
    """S7: the ward's own file goes up."""
    ward.intranet(f"corrections/{BAD}").write_bytes(b"bad")
    return BAD


def edited(ward: BoxWard) -> str:
    """S2: staff change it and drag it to corrections."""
    ward.intranet(f"review/{BAD}").write_bytes(b"by the ward")
    ward.intranet(f"review/{BAD}").rename(ward.intranet(f"corrections/{BAD}"))
    return ward.person().identity(f"review/{BAD}") or ""


def confirmed(ward: BoxWard) -> str:
    """S1: staff drag it to confirmed."""
    ward.intranet(f"review/{BAD}").rename(ward.intranet(f"confirmed/{BAD}"))
    return ward.person().identity(f"review/{BAD}") or ""


def withdrawn_by_staff(ward: BoxWard) -> str:
    """S10: staff take back what they had put in themselves: out of the cloud's trash, too."""
    ward.intranet("corrections/お知らせ.pdf").unlink()
    return ward.person().identity("corrections/お知らせ.pdf") or ""


@dataclass(frozen=True)
class Case:
    """What is done with the file (its id in Box, or its name, is what requests speak of), and what it suffers."""

    act: Callable[[BoxWard], str]
    match: str
    fault: dict[str, Any] = field(hash=False)

    @property
    def took_effect(self) -> bool:
        """It was done, though Box never said so; a look tells."""
        return self.match in (UPLOAD, VERSION, MOVE, DELETE, PURGE) and self.fault["kind"].endswith("-after")

    @property
    def name(self) -> str:
        code = str(self.fault.get("code") or self.fault.get("status") or "")
        return f"{self.act.__name__}: {self.match or 'any'}: {self.fault['kind']} {code}".strip()


CASES = [
    *(
        Case(act, CONTENT, fault)
        for act in (arrives, replaced)
        for fault in (*FAILURES, {"kind": "202"}, *REFUSALS[:2])
    ),
    *(
        Case(arrives, "DOWNLOAD", {"kind": kind})
        for kind in ("wrong-sha1", "wrong-size", "500", "truncate", "drop-after")
    ),
    Case(arrives, "", {"kind": "sha1-null"}),
    *(Case(offered, UPLOAD, fault) for fault in (*FAILURES, *REFUSALS)),
    *(Case(edited, VERSION, fault) for fault in (*FAILURES, *REFUSALS)),
    *(Case(act, MOVE, fault) for act in (arrives, confirmed) for fault in (*FAILURES, *REFUSALS)),
    *(Case(withdrawn_by_staff, DELETE, fault) for fault in (*FAILURES, *REFUSALS)),
    *(Case(withdrawn_by_staff, PURGE, fault) for fault in (*FAILURES, REFUSALS[0], REFUSALS[1])),
]


def before(ward: BoxWard) -> None:
    """A ward in the middle of its month."""
    ward.init()
    for name in (BAD, GOOD):
        ward.person().put(f"inbox/{name}", f"sent {name}".encode())
    with ward.world() as world:
        ward.until_quiet(world)
    ward.intranet("corrections/お知らせ.pdf").write_bytes(b"the ward's own")
    with ward.world() as world:
        ward.until_quiet(world)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    sim = Simulator(7, folder / "box")
    before(BoxWard(folder, sim))
    sim.save()
    return set_aside(folder)


def others(ward: BoxWard) -> None:
    """What else happens at the same time."""
    ward.person().put(f"inbox/{ENROLMENT}", b"arrives")
    ward.person("sakura").put(f"inbox/{SAKURA_ENROLMENT}", b"sakura's")
    ward.intranet(f"review/{GOOD}").rename(ward.intranet(f"confirmed/{GOOD}"))
    ward.intranet(f"corrections/{INVOICE}").write_bytes(b"offered")


def others_are_done(ward: BoxWard) -> None:
    cloud, intranet = ward.trees()["cloud himawari"], ward.trees()["intranet himawari"]
    for tree in (cloud, intranet):
        assert tree.get(f"review/{ENROLMENT}") == "arrives"
        assert tree.get(f"confirmed/{GOOD}") == f"sent {GOOD}"
        assert tree.get(f"corrections/{INVOICE}") == "offered"
    assert ward.trees()["cloud sakura"] == ward.trees()["intranet sakura"] == {f"review/{SAKURA_ENROLMENT}": "sakura's"}


def ended(ward: BoxWard, act: Callable[[BoxWard], str]) -> Any:
    """Both sides as they are where nothing goes wrong."""
    with ward.world() as world:
        ward.until_quiet(world)
        act(ward)
        others(ward)
        ward.until_quiet(world)
    return ward.trees()


@pytest.mark.parametrize("case", CASES[::EVERY], ids=lambda case: case.name)
def test_only_that_file_waits_and_then_goes_on(case: Case, prepared: Path, tmp_path: Path) -> None:
    smooth = tmp_path / "smooth"
    copied(prepared, smooth)
    wanted = ended(BoxWard(smooth, Simulator(7, smooth / "box")), case.act)
    shutil.rmtree(smooth)
    folder = tmp_path / "ward"
    copied(prepared, folder)
    ward = BoxWard(folder, Simulator(7, folder / "box"))
    with ward.world() as world:
        ward.until_quiet(world)  # a copied file has another inode
        ward.sim.faults.stays(match=case.match, about=case.act(ward), **case.fault)
        others(ward)
        ward.sim.calls.clear()
        ward.rounds(world)
        others_are_done(ward)
        for _ in range(5):
            ward.rounds(world)
            ward.moment.ahead += 20
        spent = sum(count for call, count in ward.sim.calls.items() if case.match and call == case.match)
        assert spent <= MOST_CALLS, ward.sim.calls
        assert waits(world) or case.took_effect
        assert not nobodys_gesture(ward, world)
        assert not world.ledger.holds()
        ward.sim.faults.heal()
        ward.moment.ahead += LATER
        for _ in range(2):
            ward.rounds(world)
            ward.moment.ahead += 20
        assert world.troubles.all() == ()
        assert not world.ledger.open_intents()
        assert ward.trees() == wanted
        assert not nobodys_gesture(ward, world)
        assert ward.rounds(world) == 0
        assert world.history.verify().ok


def waits(world: World) -> bool:
    """It is told after some tries, and no more than once."""
    troubles = world.troubles.all()
    if len(troubles) != 1 or troubles[0].operator != "himawari":
        return False
    rows = world.store.rows("SELECT room FROM tellings WHERE message IN ('item_waits', 'item_waits_admin')")
    return troubles[0].told and len(rows) == len(set(rows)) > 0


def nobodys_gesture(ward: BoxWard, world: World) -> list[Any]:
    """Records of what nobody did: the operator withdrew nothing and moved nothing by themselves."""
    return [
        row
        for row in world.history.rows("himawari")
        if row["by"] == "operator" and row["outcome"] not in ("received", "replaced", "edited")
    ]
