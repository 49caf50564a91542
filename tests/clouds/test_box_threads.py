"""Workers change Box while the listener hears of it: nobody waits for anybody for ever."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

from syncd.errors import Changed, NameTaken
from syncd.model import Place, Stage
from tests.boxsim import Simulator
from tests.clouds.box_world import BoxWorld, Moment, layout

ROUNDS = 40
PATIENCE = 60.0


def test_listener_workers_and_people_go_on_side_by_side(tmp_path: Path) -> None:
    world = BoxWorld(tmp_path, Simulator(), layout("園0", "0"), Moment())
    layouts = [layout(f"園{number}", str(number)) for number in range(4)]
    cloud = world.cloud
    cloud.mark("0f3c")
    for each in layouts:
        cloud.ensure(each, {})
        cloud.look(each, {})
    staged = cloud.prepare(world.keep(b"bytes"), hashlib.sha1(b"bytes").hexdigest(), 5)
    failures: list[BaseException] = []
    over = threading.Event()

    def guarded(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)

        return run

    def worker(number: int) -> Callable[[], None]:
        here = layouts[number]

        def work() -> None:
            for turn in range(ROUNDS):
                try:
                    put = cloud.place(here, Place(Stage.INBOX, f"{turn}.pdf"), staged)
                    cloud.move(here, put.place, Place(Stage.REVIEW, f"{turn}.pdf"), put.identity, put.etag)
                    cloud.as_looked(here)
                    cloud.look(here, {})
                except (Changed, NameTaken):
                    continue

        return work

    def listener() -> None:
        while not over.is_set():
            cloud.catch_up()

    def people() -> None:
        hands = world.sim.hands()
        for turn in range(ROUNDS * 10):
            hands.put(f"園{turn % 4}/confirmed/{turn}.txt", b"%d" % turn)

    jobs = [*(worker(number) for number in range(4)), people]
    threads = [threading.Thread(target=guarded(job), daemon=True) for job in jobs]
    listening = threading.Thread(target=guarded(listener), daemon=True)
    for thread in (*threads, listening):
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    over.set()
    listening.join(PATIENCE)
    assert not any(thread.is_alive() for thread in (*threads, listening)), "somebody waits for somebody"
    assert failures == []
    cloud.catch_up()
    for each in layouts:
        found = {f"{one.place.stage}/{one.place.path}" for one in cloud.look(each, {}).sightings}
        assert found == _below(world, each.folder)
    world.stop()


def _below(world: BoxWorld, folder: str) -> set[str]:
    return {path.partition("/")[2] for path in world.sim.hands().tree() if path.startswith(f"{folder}/")}
