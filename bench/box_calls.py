"""How many API calls syncd needs for a ward in Box, beside rclone, which one would use instead to mirror it.

    python bench/box_calls.py [FILES]

For the same work, on the same simulated Box: the first mirror of FILES files (10,000 by default, a hundred for each
operator), 100 changed files, 100 moved files, one idle hour. rclone only mirrors one way, and is run every 5 minutes in
the idle hour; syncd also moves each file to review in Box (a call of its own, shown apart), records it and keeps every
version. Time is simulated, so that Box's limits a minute cost none here. Needs rclone for its column; says so where it
is missing. Prints Markdown.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from syncd.clouds.box.listening import Listener
from syncd.journey import round_for
from tests.boxsim import Simulator, certificates, serve
from tests.boxsim.proxy import proxy
from tests.engine.box_ward import BoxWard

EACH = 100
CHANGED = 100
BYTES = ("DOWNLOAD", "REALTIME")
"""Requests to content and realtime hosts, which are no API calls."""
Row = tuple[str, dict[str, int], float]


def calls(sim: Simulator) -> dict[str, int]:
    """The API calls since this was last asked."""
    found = {kind: count for kind, count in sorted(sim.calls.items()) if kind not in BYTES}
    sim.calls.clear()
    return found


def names(files: int) -> list[tuple[str, str]]:
    """(operator's folder, file name)"""
    return [
        (f"{number // EACH:03}_保育園", f"{number // EACH:03}_202610_証憑 {number:05}.pdf") for number in range(files)
    ]


def sent(sim: Simulator, files: int, folder: str) -> None:
    hands = sim.hands()
    for operator, name in names(files):
        hands.put(f"{operator}/{folder}/{name}", f"{operator} {name}".encode())
    sim.calls.clear()


def changed(sim: Simulator, files: int, folder: str) -> None:
    hands = sim.hands()
    for operator, name in names(files)[:: max(1, files // CHANGED)][:CHANGED]:
        hands.put(f"{operator}/{folder}/{name}", f"{operator} {name} changed".encode())


def moved(sim: Simulator, files: int, source: str, target: str) -> None:
    hands = sim.hands()
    for operator, name in names(files)[1 :: max(1, files // CHANGED)][:CHANGED]:
        hands.rename(f"{operator}/{source}/{name}", f"{operator}/{target}/{name}")


def timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# ── syncd ──


class Ward(BoxWard):
    """As many operators as the files need; people are one user."""

    def __init__(self, folder: Path, sim: Simulator, files: int) -> None:
        self.count = -(-files // EACH)
        super().__init__(folder, sim)

    def _write(self) -> None:
        super()._write()
        path = self.folder / "config.yaml"
        head, _, _ = path.read_text(encoding="utf-8").partition("operators:\n")
        lines = "".join(f"  - {{id: op{number}, name: {number:03}_保育園}}\n" for number in range(self.count))
        path.write_text(f"{head}operators:\n{lines}", encoding="utf-8")


def syncd(folder: Path, files: int) -> Iterator[Row]:
    sim = Simulator(1)
    ward = Ward(folder, sim, files)
    ward.init()
    sent(sim, files, "inbox")
    with ward.world() as world:
        seconds = timed(lambda: settle(ward, world))
        yield "first mirror", calls(sim), seconds
        changed(sim, files, "review")
        seconds = timed(lambda: settle(ward, world))
        yield "100 changed", calls(sim), seconds
        for operator, name in names(files)[1 :: max(1, files // CHANGED)][:CHANGED]:
            source = folder / "intranet" / operator / "review" / name
            source.rename(source.parent.parent / "confirmed" / name)
        seconds = timed(lambda: settle(ward, world))
        yield "100 moved", calls(sim), seconds
        sim.long_poll_seconds = 1.1  # stands for ten minutes
        yield "idle hour", idle_hour(ward, world), 0.0


def settle(ward: Ward, world) -> None:  # type: ignore[no-untyped-def]  # a World
    while ward.rounds(world):
        pass
    world.cloud.catch_up()


def idle_hour(ward: Ward, world) -> dict[str, int]:  # type: ignore[no-untyped-def]  # a World
    asked: list[float] = []

    def catch_up() -> bool:
        asked.append(time.monotonic())
        world.cloud.catch_up()
        return False

    listener = Listener(
        world.cloud.calls, catch_up, lambda: world.cloud_items.value("position"), lambda: False, 300.0, True
    )
    listener.start()
    while len(asked) < 7:
        time.sleep(0.5)
        for operator in world.config.operators:  # the full look every five minutes
            round_for(world, operator)
    listener.stop()
    return calls(ward.sim)


# ── rclone ──


def rclone(folder: Path, files: int) -> Iterator[Row]:
    sim = Simulator(1)
    sent(sim, files, "inbox")
    with box(folder, sim) as mirror:
        seconds = timed(mirror)
        yield "first mirror", calls(sim), seconds
        changed(sim, files, "inbox")
        seconds = timed(mirror)
        yield "100 changed", calls(sim), seconds
        moved(sim, files, "inbox", "review")
        seconds = timed(mirror)
        yield "100 moved", calls(sim), seconds

        def hour() -> None:
            for _ in range(12):
                mirror()

        seconds = timed(hour)
        yield "idle hour", calls(sim), seconds


@contextmanager
def box(folder: Path, sim: Simulator) -> Iterator[Callable[[], None]]:
    """rclone's hosts are constants, so it goes through a proxy that leads them here."""
    made = certificates.make(folder)
    with serve(sim, tls=(made.certificate, made.key)) as server, proxy(server.port) as way:
        token = json.dumps(
            {"access_token": sim.account.token, "token_type": "bearer", "expiry": "2099-01-01T00:00:00Z"}
        )
        (folder / "rclone.conf").write_text(f"[box]\ntype = box\ntoken = {token}\n", encoding="utf-8")
        command = [
            "rclone", "sync", "box:", str(folder / "mirror"), "--config", str(folder / "rclone.conf"), "--ca-cert",
            str(made.authority), "--checksum", "--tpslimit", "0", "--transfers", "8", "--checkers", "8", "-q",
        ]  # fmt: skip

        def mirror() -> None:
            subprocess.run(command, env={**os.environ, "HTTPS_PROXY": way.url}, check=True)

        yield mirror


# ── the table ──


def main(files: int) -> None:
    print(f"{files} files of {-(-files // EACH)} operators; API calls, without the bytes' own host\n")
    columns: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, measure in (("syncd", syncd), ("rclone", rclone)):
            if name == "rclone" and shutil.which("rclone") is None:
                print("rclone is not installed: no column for it\n", file=sys.stderr)
                continue
            folder = Path(scratch) / name
            folder.mkdir()
            columns[name] = list(measure(folder, files))
    print("| work | " + " | ".join(f"{name}: calls" for name in columns) + " | " + "in detail |")
    print("|---|" + "---:|" * len(columns) + "---|")
    for rows in zip(*columns.values(), strict=True):
        totals = " | ".join(str(sum(counted.values())) for _, counted, _ in rows)
        detail = "; ".join(
            f"{name}: " + ", ".join(f"{count} {kind}" for kind, count in counted.items())
            for name, (_, counted, _) in zip(columns, rows, strict=True)
        )
        print(f"| {rows[0][0]} | {totals} | {detail} |")
    for name, found in columns.items():
        spent = ", ".join(f"{what} {seconds:.1f} s" for what, _, seconds in found)
        print(f"\n{name}: {spent}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
