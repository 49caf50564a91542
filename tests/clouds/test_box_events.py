"""Events are hints: dropped, doubled, shuffled or cut short, they change nothing of what is known in the end."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from syncd.errors import Changed, NameTaken, NeedsPerson
from syncd.model import Layout, Place, Side, Sighting, Stage
from tests.boxsim import Hands, Refused, Simulator
from tests.clouds.box_world import BoxWorld, Moment, layout

SCHEDULES = int(os.environ.get("SYNCD_EVENT_SCHEDULES", "100"))
SHARES = 10
"""Into how many tests the schedules are divided, so that several cores share them."""
STEPS = 30
TOPS = ("himawari", "sakura")
NAMES = ("a.pdf", "b.pdf", "A.PDF", "報告書.xlsx")
FOLDERS = ("inbox", "review", "corrections", "confirmed", "inbox/10月", "review/10月", "loose")


class Schedule:
    """One random life of two operators' folders, seen through disorderly events."""

    def __init__(self, folder: Path, seed: int, sim: Simulator, **disorder: Any) -> None:
        self.chance = random.Random(seed)
        self.world = BoxWorld(folder, sim, layout(TOPS[0], TOPS[0]), Moment())
        self.layouts = [layout(top, top) for top in TOPS]
        self.world.cloud.mark(f"marker {seed}")
        self.known = {each.operator: self.world.cloud.ensure(each, {}).identities for each in self.layouts}
        self.person: Hands = sim.hands()
        sim.events_faults(**disorder, seed=seed)
        self.count = 0

    def step(self) -> None:
        acts: tuple[Callable[[], None], ...] = (
            *[self.put] * 4, *[self.rename] * 4, *[self.delete] * 2, self.make_folder, self.rename_folder,
            self.delete_folder, self.restore, self.lock, *[self.look] * 4, *[self.effect] * 3, self.restart,
        )  # fmt: skip
        try:
            self.chance.choice(acts)()
        except (Refused, KeyError, FileNotFoundError, LookupError):
            return  # people are told so, and do something else

    # ── people ──

    def somewhere(self) -> str:
        return f"{self.chance.choice(TOPS)}/{self.chance.choice(FOLDERS)}"

    def something(self) -> str:
        found = [path for path in self.person.tree() if path.partition("/")[0] in TOPS]
        return self.chance.choice(found)

    def put(self) -> None:
        self.count += 1
        self.person.put(f"{self.somewhere()}/{self.chance.choice(NAMES)}", b"%d" % (self.count % 7))

    def rename(self) -> None:
        self.person.rename(self.something(), f"{self.somewhere()}/{self.chance.choice(NAMES)}")

    def delete(self) -> None:
        self.person.delete(self.something())

    def make_folder(self) -> None:
        self.person.make_folder(f"{self.somewhere()}/{self.chance.choice(('x', 'y'))}")

    def folder(self) -> str:
        stages = {f"{top}/{stage}" for top in TOPS for stage in Stage} | set(TOPS)
        return self.chance.choice(sorted(path for path in self.person.folders() - stages if path.split("/")[0] in TOPS))

    def rename_folder(self) -> None:
        self.person.rename(self.folder(), f"{self.somewhere()}/{self.chance.choice(('x', 'y', 'z'))}")

    def delete_folder(self) -> None:
        self.person.delete(self.folder())

    def restore(self) -> None:
        trashed = list(self.world.sim.state.trash)
        self.person.restore(self.chance.choice(trashed))

    def lock(self) -> None:
        path = self.something()
        self.person.lock(path)
        self.person.unlock(path)

    # ── syncd ──

    def seen(self, each: Layout) -> tuple[Sighting, ...]:
        self.world.cloud.catch_up()
        return self.world.cloud.look(each, {}).sightings

    def look(self) -> None:
        self.seen(self.chance.choice(self.layouts))

    def effect(self) -> None:
        each = self.chance.choice(self.layouts)
        seen = self.seen(each)
        cloud = self.world.cloud
        stage = self.chance.choice(list(Stage))
        target = Place(stage, self.chance.choice(NAMES))
        content = b"by syncd %d" % (self.count % 3)
        staged = cloud.prepare(self.world.keep(content), hashlib.sha1(content).hexdigest(), len(content))
        try:
            if not seen or self.chance.random() < 0.3:
                cloud.place(each, target, staged)
                return
            one = self.chance.choice(seen)
            match self.chance.randrange(3):
                case 0:
                    cloud.move(each, one.place, target, one.identity, one.etag)
                case 1:
                    cloud.replace(each, one.place, one.identity, one.etag, staged)
                case _:
                    cloud.remove(each, one.place, one.identity, one.etag, purge=self.chance.random() < 0.3)
        except (Changed, NameTaken, NeedsPerson):
            return

    def restart(self) -> None:
        self.world.stop()
        self.world.start()

    # ── the end ──

    def agrees(self) -> None:
        """What is known is what is there; a second look asks nothing but whether there is news."""
        there = self.person.tree()
        for each in self.layouts:
            stages = {name: stage for stage, name in each.stages.items()}
            expected = {}
            for path, content in there.items():
                top, _, rest = path.partition("/")
                first, _, below = rest.partition("/")
                if top == each.folder:
                    stage = stages.get(first) if below else None
                    place = Place(stage, below if stage else rest)
                    expected[place] = hashlib.sha1(content).hexdigest()
            seen = self.seen(each)
            assert {one.place: one.etag for one in seen} == expected
            assert {one.side for one in seen} <= {Side.CLOUD}
        self.world.sim.calls.clear()
        for each in self.layouts:
            self.seen(each)
        assert set(self.world.calls) <= {"GET /events", "POST /oauth2/token"}
        assert self.world.calls["GET /events"] <= 2 * len(self.layouts)


def live(folder: Path, seed: int, **disorder: Any) -> Schedule:
    schedule = Schedule(folder, seed, Simulator(seed), **disorder)
    for _ in range(STEPS):
        schedule.step()
    return schedule


@pytest.mark.parametrize("share", range(SHARES))
def test_doubled_shuffled_late_and_short_pages_change_nothing(tmp_path: Path, share: int) -> None:
    for seed in range(share, SCHEDULES // 2, SHARES):
        schedule = live(
            tmp_path / str(seed), seed, duplicate=0.3, reorder=0.5, short=0.5, late=0.2, snapshots=seed % 2 == 1
        )
        schedule.world.sim.events_faults()
        try:
            schedule.agrees()
        except AssertionError as error:
            raise AssertionError(f"schedule {seed}") from error
        finally:
            schedule.world.stop()


@pytest.mark.parametrize("share", range(SHARES))
def test_lost_events_are_made_good_by_the_nightly_listing(tmp_path: Path, share: int) -> None:
    for seed in range(share, SCHEDULES // 2, SHARES):
        schedule = live(
            tmp_path / str(seed), 10_000 + seed, duplicate=0.2, reorder=0.4, short=0.3, lose=0.3, late=0.2,
            snapshots=seed % 2 == 1,
        )  # fmt: skip
        schedule.world.sim.events_faults()
        schedule.world.moment.ahead += 86_400
        try:
            schedule.agrees()
        except AssertionError as error:
            raise AssertionError(f"schedule {seed}") from error
        finally:
            schedule.world.stop()
