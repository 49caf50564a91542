"""The daemon while it works: in a thread of the test, or as the process that systemd would start."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from syncd.config import load
from syncd.daemon import Daemon
from tests.stories.ward import Ward

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
"""Seconds after which something that should happen at once counts as not happening; the machine may be busy."""


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> float:
    """Waits for it; returns how many seconds that took. Fails when it doesn't come."""
    began = time.monotonic()
    while not condition():
        took = time.monotonic() - began
        assert took < seconds, f"not within {seconds} s"
        time.sleep(0.01)
    return time.monotonic() - began


def rescan_every(ward: Ward, seconds: float) -> None:
    """How often the ward's daemon looks at everything, whatever the events say."""
    text = ward.config_path.read_text(encoding="utf-8")
    ward.config_path.write_text(text.replace("rescan_seconds: 2}", f"rescan_seconds: {seconds}}}"), encoding="utf-8")


@contextmanager
def working(ward: Ward, daemon: Daemon | None = None) -> Iterator[Daemon]:
    """The daemon in a thread, once it has looked at everybody; it is stopped at the end."""
    daemon = daemon or Daemon(ward.config_path, load(ward.config_path))
    status: list[int] = []
    thread = threading.Thread(target=lambda: status.append(daemon.run()), name="daemon", daemon=True)
    thread.start()
    try:
        until(lambda: daemon.working or not thread.is_alive())
        settled(daemon)
        yield daemon
    finally:
        daemon.stop()
        thread.join(PATIENCE)
    assert status, "the daemon didn't come to a good end"


def settled(daemon: Daemon, quiet_for: float = 0.5) -> None:
    """Waits until nobody is due and nothing ran for a while."""

    def rests() -> bool:
        rounds = daemon.rounds
        time.sleep(quiet_for)
        return daemon.rounds == rounds and not daemon.busy

    until(rests, 2 * PATIENCE)


@contextmanager
def process(ward: Ward, *words: str) -> Iterator[subprocess.Popen[str]]:
    """`python -m syncd run` on the ward, once it says that it works; killed at the end if it still runs."""
    log = ward.folder / "daemon.log"
    with log.open("w") as out:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "syncd", "run", "-c", str(ward.config_path), *words],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=out,
            text=True,
        )
    try:
        until(lambda: "syncd works for" in log.read_text(encoding="utf-8") or daemon.poll() is not None)
        yield daemon
    finally:
        if daemon.poll() is None:
            daemon.kill()
        daemon.wait(PATIENCE)
