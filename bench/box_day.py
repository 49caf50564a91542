"""How many API calls a nursery's papers cost in Box on a working day, gesture by gesture, in the running daemon.

    python bench/box_day.py [OPERATORS]

OPERATORS nurseries (5 by default) each send a form, get it back with a note, send it again and have it confirmed.
Beside the calls for the gestures themselves stand those for Box's events, and those for 提出状況.pdf, which is put up
at most once in `cloud.page_seconds` and when there is something new to do. All on the simulated Box. Prints Markdown.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from syncd.config import load
from syncd.daemon import Daemon
from tests.stories.box_ward import Box
from tests.stories.ward import ChatServer, Ward

QUIET_SECONDS = 1.0
PATIENCE = 60.0
PAGE = "提出状況.pdf"
NOT_THE_API = ("DOWNLOAD", "REALTIME", "POST /oauth2/token")


class Nurseries(Ward):
    """As many nurseries as the bench is told; full looks are rare, as in a real ward."""

    count = 5

    def write_config(self, **overrides: str) -> None:
        self.operators = {f"op{number}": (f"{number:03}_保育園", f"{number:03}") for number in range(1, self.count + 1)}
        super().write_config(**overrides)
        text = self.config_path.read_text(encoding="utf-8")
        self.config_path.write_text(text.replace("rescan_seconds: 2", "rescan_seconds: 300"), encoding="utf-8")


def settled(daemon: Daemon, box: Box) -> None:
    """Nothing has been called and no round has ended for a while."""
    last: tuple[int, int] | None = None
    while (now := (daemon.rounds, sum(box.sim.calls.values()))) != last:
        last = now
        time.sleep(QUIET_SECONDS)


def each(
    ward: Ward, daemon: Daemon, box: Box, gesture: Callable[[str], None], done: Callable[[str], bool]
) -> Counter[str]:
    """The calls that the gesture cost all nurseries together."""
    before = Counter(box.sim.calls)
    for operator in ward.operators:
        gesture(operator)
        deadline = time.monotonic() + PATIENCE
        while not done(operator):
            if time.monotonic() > deadline:
                raise SystemExit(f"{operator}: the gesture was not followed within {PATIENCE:.0f} s")
            time.sleep(0.02)
        settled(daemon, box)
    return Counter(box.sim.calls) - before


def main(operators: int) -> None:
    Nurseries.count = operators
    folder = Path(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
    box, chat = Box(), ChatServer()
    ward = Nurseries(folder / "ward", chat, box=box.root(), pages=True)
    daemon = Daemon(ward.config_path, load(ward.config_path))
    thread = threading.Thread(target=daemon.run, daemon=True)
    thread.start()

    def name(operator: str) -> str:
        return f"{ward.operators[operator][1]}_202610_運営費請求書.pdf"

    def returned(operator: str) -> None:
        ward.put(ward.intranet("corrections/理由.txt", operator), "直してください")
        ward.drag(ward.intranet(f"review/{name(operator)}", operator), ward.intranet("corrections", operator))

    def shown(operator: str) -> Path:
        return next(
            (path for path in ward.intranet("review", operator).iterdir() if "運営費" in path.name), Path("/none")
        )

    def confirmed(operator: str) -> None:
        ward.drag(shown(operator), ward.intranet(f"confirmed/{name(operator)}", operator))

    try:
        while not daemon.working:
            time.sleep(0.05)
        settled(daemon, box)
        rows = [
            ("sent", lambda one: ward.put(ward.cloud(f"inbox/{name(one)}", one), f"{one} v1"),
             lambda one: ward.intranet(f"review/{name(one)}", one).exists()),
            ("returned with a note", returned, lambda one: ward.cloud("corrections/理由.txt", one).exists()),
            ("sent again", lambda one: ward.put(ward.cloud(f"inbox/{name(one)}", one), f"{one} v2"),
             lambda one: shown(one).exists()),
            ("confirmed", confirmed, lambda one: ward.cloud(f"confirmed/{name(one)}", one).exists()),
        ]  # fmt: skip
        print(
            f"{operators} nurseries, API calls for each\n\n"
            "| gesture | files | events | page | all |\n|---|---:|---:|---:|---:|"
        )
        total = Counter[str]()
        for title, gesture, done in rows:
            spent = each(ward, daemon, box, gesture, done)
            line = _sorted(spent)
            total += line
            print(
                f"| {title} | "
                + " | ".join(f"{line[key] / operators:.1f}" for key in ("files", "events", "page", "all"))
                + " |"
            )
        print(
            "| **together** | "
            + " | ".join(f"{total[key] / operators:.1f}" for key in ("files", "events", "page", "all"))
            + " |"
        )
    finally:
        daemon.stop()
        thread.join(20)
        box.close()
        chat.close()
        shutil.rmtree(folder, ignore_errors=True)


def _sorted(spent: Counter[str]) -> Counter[str]:
    """A new version of a file is a page here: nothing else gets one in these gestures."""
    calls = {call: number for call, number in spent.items() if call not in NOT_THE_API}
    events = sum(number for call, number in calls.items() if call.endswith("/events"))
    pages = calls.get("POST /files/:id/content", 0)
    whole = sum(calls.values())
    return Counter({"files": whole - events - pages, "events": events, "page": pages, "all": whole})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
