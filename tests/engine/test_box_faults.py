"""Every fault of Box at every request of a busy round ends in the same trees, the same history, the same messages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.boxsim import Simulator
from tests.engine.box_ward import BoxWard, copied, set_aside
from tests.stories.ward import ENROLMENT, INVOICE, SAKURA_ENROLMENT

FAULTS = (
    "429", "429-date", "500", "502", "503-before", "503-after", "drop-before", "drop-after", "truncate", "garbage",
    "202", "wrong-sha1", "token-expired", "expired-position", "timeout", "locked", "blocked",
)  # fmt: skip
ERRORS: dict[str, dict[str, Any]] = {
    "locked": {"status": 403, "code": "access_denied_item_locked"},
    "blocked": {"status": 409, "code": "operation_blocked_temporary"},
}
EVERY = int(os.environ.get("SYNCD_FAULTS_EVERY", "47"))
"""Of all pairs of a request and a fault, each how manyth is tried; 1: all."""
SHARES = 2
BIG = "013_202610_証憑 大.pdf"
BIG_SIZE = 20_000_100
CARE = "012_202610_証憑 1.pdf"
SECOND = "012_202610_証憑 2.pdf"
THIRD = "012_202610_証憑 3.pdf"


def before(ward: BoxWard) -> None:
    """A ward in the middle of its month."""
    ward.init()
    himawari, sakura = ward.person(), ward.person("sakura")
    for name in (ENROLMENT, INVOICE, CARE, SECOND, THIRD):
        himawari.put(f"inbox/{name}", f"sent {name}".encode())
    sakura.put(f"inbox/{SAKURA_ENROLMENT}", b"sakura's")
    with ward.world() as world:
        ward.until_quiet(world)
    ward.intranet(f"review/{SECOND}").rename(ward.intranet(f"confirmed/{SECOND}"))
    ward.intranet("corrections/お知らせ.pdf").write_bytes(b"the ward's own")
    with ward.world() as world:
        ward.until_quiet(world)


def people(ward: BoxWard) -> None:
    """A busy moment: whatever can happen at once."""
    himawari, sakura = ward.person(), ward.person("sakura")
    ward.intranet(f"review/{ENROLMENT}").rename(ward.intranet(f"confirmed/{ENROLMENT}"))  # S1
    edited = ward.intranet(f"review/{INVOICE}")
    edited.write_bytes(b"by the ward")
    edited.rename(ward.intranet(f"corrections/{INVOICE}"))  # S2
    ward.intranet(f"corrections/{INVOICE}.txt").write_text("8行目", encoding="utf-8")  # S13
    ward.intranet("corrections/お知らせ.pdf").unlink()  # S10, out of the trash, too
    ward.intranet("inbox/012_202610_証憑 郵送.pdf").write_bytes(b"by post")  # S8
    himawari.put(f"inbox/{CARE}", b"sent again")  # O3
    himawari.rename(f"confirmed/{SECOND}", f"review/{SECOND}")  # O7
    himawari.delete(f"review/{THIRD}")  # O8
    sakura.put("inbox/10月/写真.jpg", b"unknown")  # O1
    sakura.put("証憑はこちら/013_202610_証憑.pdf", b"loose")  # O1
    sakura.rename("corrections", "おためし")  # a stage folder
    ward.intranet(f"inbox/{BIG}", "sakura").write_bytes(b"%" * BIG_SIZE)  # S8, in parts


@dataclass(frozen=True)
class Outcome:
    """What is the same whatever went wrong on the way."""

    trees: Any
    records: Any
    told: Any
    requests: int


def played(folder: Path, prepared: Path, disturb: Callable[[Simulator], None]) -> Outcome:
    """The busy moment, from the prepared ward on."""
    copied(prepared, folder)
    ward = BoxWard(folder, Simulator(7, folder / "box"))
    try:
        with ward.world() as world:
            ward.until_quiet(world)  # a copied file has another inode
            people(ward)
            ward.sim.calls.clear()
            disturb(ward.sim)
            ward.until_quiet(world)
            requests = sum(ward.sim.calls.values())
            ward.sim.faults.clear()
            ward.moment.ahead += 90_000
            ward.until_quiet(world)  # the night's listing finds nothing to do
            assert world.history.verify().ok
            assert not world.ledger.holds(), world.ledger.holds()
            return Outcome(ward.trees(), ward.records(world), ward.told(world), requests)
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    sim = Simulator(7, folder / "box")
    before(BoxWard(folder, sim))
    sim.save()
    return set_aside(folder)


@pytest.fixture(scope="module")
def smooth(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    outcome = played(tmp_path_factory.mktemp("smooth") / "ward", prepared, lambda sim: None)
    assert outcome.requests > 30
    return outcome


def test_the_busy_moment_ends_as_it_should(smooth: Outcome) -> None:
    cloud = smooth.trees["cloud himawari"]
    assert cloud == {
        f"review/{CARE}": "sent again",
        f"confirmed/{ENROLMENT}": f"sent {ENROLMENT}",
        f"confirmed/{SECOND}": f"sent {SECOND}",
        f"corrections/{INVOICE}": "by the ward",
        f"corrections/{INVOICE}.txt": "8行目",
        "review/012_202610_証憑 郵送.pdf": "by post",
    }
    assert len(smooth.trees["cloud sakura"][f"review/{BIG}"]) == BIG_SIZE


@pytest.mark.parametrize("share", range(SHARES))
def test_every_fault_at_every_request(share: int, prepared: Path, smooth: Outcome, tmp_path: Path) -> None:
    pairs = [(at, kind) for at in range(1, smooth.requests + 1) for kind in FAULTS]
    for number, (at, kind) in enumerate(pairs[share::SHARES]):
        if number % EVERY:
            continue

        def disturb(sim: Simulator, at: int = at, kind: str = kind) -> None:
            sim.faults.add("error" if kind in ERRORS else kind, at=at, **ERRORS.get(kind, {}))

        outcome = played(tmp_path / f"{at}-{kind}", prepared, disturb)
        where = f"{kind} at request {at}"
        assert outcome.trees == smooth.trees, where
        assert outcome.records == smooth.records, where
        assert outcome.told == smooth.told, where
