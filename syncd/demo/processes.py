"""What the demo starts: this very syncd with the ward's configuration, for one command or as its daemon."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from syncd.demo.ward import Ward
from syncd.errors import SyncdError

ABOVE = Path(__file__).resolve().parents[2]
"""The folder that the package lies in: of a clone, the clone."""
START_SECONDS, STOP_SECONDS = 30.0, 15.0
WORKS = b"syncd works for"
"""What the daemon says when it takes up what people do."""


def _command(ward: Ward, *words: str) -> tuple[list[str], dict[str, str]]:
    """A command line of this very syncd, and its environment."""
    paths = [str(ABOVE), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONUTF8": "1"}
    return [sys.executable, "-m", "syncd", *words, "-c", str(ward.config)], environment


def syncd(ward: Ward, *words: str) -> str:
    """One command, to its end; what it says. Raises SyncdError."""
    command, environment = _command(ward, *words)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        why = said[-1].removeprefix("syncd: ") if said else f"exit status {done.returncode}"
        raise SyncdError(f"`syncd {' '.join(words)}` failed: {why}")
    return done.stdout


class Office:
    """The daemon, on one of the story's days after the other."""

    def __init__(self, ward: Ward, process: subprocess.Popen[bytes]) -> None:
        self._ward = ward
        self._process = process

    def turn_to(self, moment: datetime) -> None:
        """Ends the day, and starts another one at that moment; returns when it is at work. Raises SyncdError."""
        self.alive()
        before = self._ward.log.stat().st_size
        assert self._process.stdin is not None
        self._process.stdin.write(f"{moment.isoformat()}\n".encode())
        self._process.stdin.flush()
        deadline = time.monotonic() + START_SECONDS
        while WORKS not in self._ward.log.read_bytes()[before:]:
            self.alive()
            if time.monotonic() > deadline:
                raise SyncdError(f"the daemon did not start within {START_SECONDS:.0f} s", f"see {self._ward.log}")
            time.sleep(0.03)

    def alive(self) -> None:
        """Raises SyncdError when it has died."""
        if self._process.poll() is not None:
            log = self._ward.log
            lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it said nothing"]
            raise SyncdError(f"the daemon stopped with {self._process.returncode}: {lines[-1]}", f"see {log}")


@contextmanager
def daemon(ward: Ward) -> Iterator[Office]:
    """The daemon, which waits for a first day."""
    _, environment = _command(ward)
    command = [sys.executable, "-m", "syncd.demo.on_a_day", str(ward.config)]
    with open(ward.log, "wb") as log:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log)
    office = Office(ward, process)
    try:
        yield office
        office.alive()
    finally:
        end(process)
        if process.stdin is not None:
            process.stdin.close()


def end(process: subprocess.Popen[Any]) -> None:
    """Asks a process to end, and ends it when it doesn't."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
