"""Two of the staff at work over SMB and an operator in the cloud, while syncd moves: by seed, with an oracle.

Whatever they do and however it falls together: every content that was whole while syncd could see it is reachable, none
lies in two stages or twice, both sides agree on each file that is tracked, and then nothing more happens.
"""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from syncd.model import Role, Side, Stage
from tests.samba.conftest import NewShared, on_share
from tests.samba.server import Person
from tests.stories.daemons import settled, working
from tests.stories.ward import Ward

OPERATIONS = int(os.environ.get("SYNCD_SMB_OPERATIONS", "50"))
BURST = 50
"""So many operations are made before everybody waits until syncd has nothing left to do."""
POLLED = 2.5
"""Seconds after which a tree that is looked at again and again has been looked at once more."""
STAGES = tuple(stage.value for stage in Stage)


@dataclass
class Office:
    """The people, and what they know of what they wrote."""

    ward: Ward
    staff: tuple[Person, Person]
    chance: random.Random
    scratch: Path
    sent: list[str] = field(default_factory=list)
    whole: set[str] = field(default_factory=set)
    """Contents that lay still until syncd rested, so that it has seen them."""
    log: list[str] = field(default_factory=list)

    def content(self, what: str) -> str:
        self.sent.append(f"{what} {len(self.sent)} {self.chance.random()}")
        return self.sent[-1]

    def name(self) -> str:
        return f"012_202610_証憑_{self.chance.randrange(30):02}.pdf"

    # ── what there is to work on ──

    def files(self, side: str, *stages: str) -> list[str]:
        root = self.ward.cloud("") if side == "cloud" else self.ward.intranet("")
        found = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
        return sorted(str(path) for path in found if path.parts[0] in stages and path.suffix == ".pdf")

    def some(self, side: str, *stages: str) -> str:
        found = self.files(side, *stages)
        return self.chance.choice(found) if found else ""

    def share(self, place: str) -> str:
        return on_share(self.ward, place)

    def local(self, content: str) -> Path:
        path = self.scratch / "local"
        path.write_text(content, encoding="utf-8")
        return path

    # ── staff ──

    def staff_bring(self, person: Person) -> None:
        stage = self.chance.choice(("inbox", "corrections", "corrections", "review"))
        person.put(self.local(self.content("brought")), self.share(f"{stage}/{self.name()}"))

    def staff_drag(self, person: Person) -> None:
        if place := self.some("intranet", *STAGES):
            target = self.chance.choice(STAGES)
            person.rename(self.share(place), self.share(f"{target}/{place.partition('/')[2]}"))

    def staff_drag_over(self, person: Person) -> None:
        one, other = self.some("intranet", "review"), self.some("intranet", "corrections")
        if one and other:
            person.rename(self.share(one), self.share(other), over=True)

    def staff_overwrite(self, person: Person) -> None:
        if place := self.some("intranet", "review", "corrections"):
            person.put(self.local(self.content("edited")), self.share(place))

    def staff_save_like_excel(self, person: Person) -> None:
        if place := self.some("intranet", "review", "corrections"):
            folder = place.rpartition("/")[0]
            person.put(self.local(self.content("saved")), self.share(f"{folder}/5A3B2C10"))
            person.rename(self.share(place), self.share(f"{folder}/6B4C3D21.tmp"))
            person.rename(self.share(f"{folder}/5A3B2C10"), self.share(place))
            person.delete(self.share(f"{folder}/6B4C3D21.tmp"))

    def staff_rename(self, person: Person) -> None:
        if place := self.some("intranet", "review", "corrections"):
            stage, _, name = place.partition("/")
            new = self.chance.choice((name.replace(".pdf", ".PDF"), f"済_{name}", self.name()))
            person.rename(self.share(place), self.share(f"{stage}/{new}"))

    def staff_delete(self, person: Person) -> None:
        if place := self.some("intranet", *STAGES):
            person.delete(self.share(place))

    def staff_folder(self, person: Person) -> None:
        stage = self.chance.choice(("review", "corrections"))
        person.make_folder(self.share(f"{stage}/10月分"))
        if place := self.some("intranet", stage):
            person.rename(self.share(place), self.share(f"{stage}/10月分/{place.rpartition('/')[2]}"))

    # ── the operator ──

    def operator_send(self, person: Person) -> None:
        path = self.ward.cloud(f"inbox/{self.name()}")
        if not path.exists():
            self.ward.put(path, self.content("submitted"))

    def operator_move(self, person: Person) -> None:
        if place := self.some("cloud", *STAGES):
            target = self.ward.cloud(f"{self.chance.choice(STAGES)}/{place.partition('/')[2]}")
            if not target.exists():
                self._try(lambda: self.ward.drag(self.ward.cloud(place), target))

    def operator_delete(self, person: Person) -> None:
        if place := self.some("cloud", *STAGES):
            self._try(self.ward.cloud(place).unlink)

    @staticmethod
    def _try(act: object) -> None:
        try:
            act()  # type: ignore[operator]
        except OSError:
            return  # syncd was first

    # ── a day's work ──

    def work(self, operations: int) -> None:
        doings = {
            self.operator_send: 8, self.staff_drag: 10, self.staff_bring: 4, self.staff_overwrite: 4,
            self.staff_save_like_excel: 3, self.staff_rename: 3, self.staff_delete: 2, self.staff_folder: 1,
            self.staff_drag_over: 1, self.operator_move: 3, self.operator_delete: 2,
        }  # fmt: skip
        chosen = self.chance.choices(list(doings), list(doings.values()), k=operations)
        for doing in chosen:
            person = self.chance.choice(self.staff)
            doing(person)
            self.log.append(doing.__name__)
            if self.chance.random() < 0.3:
                time.sleep(self.chance.uniform(0, 0.3))

    # ── what has to hold ──

    def contents(self, side: str) -> dict[str, str]:
        return {place: text for place, text in self.ward.tree(side).items() if text in set(self.sent)}

    def told(self, contents: Iterable[str]) -> list[str]:
        """What the history says of the documents with these contents."""
        hashes = {hashlib.sha1(text.encode()).hexdigest() for text in contents}
        rows = self.ward.history()
        files = {row["file"] for row in rows if row["sha1"] in hashes}
        said = ("at", "file", "from", "to", "by", "outcome", "reason", "sha1")
        return [" ".join(str(row[key]) for key in said) for row in rows if row["file"] in files]

    def check(self) -> None:
        there = {side: self.contents(side) for side in ("cloud", "intranet")}
        self.whole |= {text for places in there.values() for text in places.values()}
        lost = [text for text in self.whole if not self.ward.kept(text)]
        lost = [text for text in lost if all(text not in places.values() for places in there.values())]
        assert not lost, lost
        for side, places in there.items():
            staged = Counter(text for place, text in places.items() if place.partition("/")[0] in STAGES)
            twice = {text: [place for place in places if places[place] == text] for text in staged if staged[text] > 1}
            assert not twice, (side, twice, self.told(twice))
        with self.ward.world(read_only=True) as world:
            for file in world.ledger.known("himawari"):
                at = {side: placed for side in Side if (placed := file.on(side)) is not None}
                for side, placed in at.items():
                    place = f"{placed.place.stage}/{placed.place.path}"
                    root = self.ward.cloud("") if side is Side.CLOUD else self.ward.intranet("")
                    assert (root / place).is_file(), (side, place, file)
                if len(at) == 2:
                    assert at[Side.CLOUD].place.stage == at[Side.INTRANET].place.stage, file
                elif file.role is Role.DOCUMENT:
                    assert Side.INTRANET in at, file


def rested(ward: Ward) -> None:
    """Nothing is left to do; where so much was deleted that syncd stopped (D2), a person lets it go on."""
    for _ in range(3):
        if ward.run() == 0:
            return
        with ward.world() as world:
            world.ledger.release("himawari", world.clock.now())
    raise AssertionError(ward.history()[-3:])


@pytest.mark.parametrize("watch", ["events", "poll"])
def test_nothing_is_lost_doubled_or_in_two_stages(
    shared: NewShared, staff: tuple[Person, Person], tmp_path: Path, watch: str
) -> None:
    ward = shared(watch)
    seed = os.environ.get("SYNCD_SMB_SEED", "1")
    office = Office(ward, staff, random.Random(f"{watch} {seed}"), tmp_path)
    done = 0
    while done < OPERATIONS / 2:
        with working(ward) as daemon:
            for _ in range(3):
                office.work(BURST)
                done += BURST
                if watch == "poll":
                    time.sleep(POLLED)
                settled(daemon, 0.7)
                if done >= OPERATIONS / 2:
                    break
        rested(ward)
        office.check()
        ward.quiet()
