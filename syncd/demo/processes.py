"""What the demo starts: this very syncd with the ward's configuration, for one command or as its daemon."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from syncd.demo.ward import Ward
from syncd.errors import SyncdError

ABOVE = Path(__file__).resolve().parents[2]
"""The folder that the package lies in: of a clone, the clone."""
STOP_SECONDS = 15.0


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


@contextmanager
def daemon(ward: Ward) -> Iterator[Callable[[], None]]:
    """The daemon, running; yields what raises SyncdError when it has died."""
    command, environment = _command(ward, "run")
    with open(ward.log, "wb") as log:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def alive() -> None:
        if process.poll() is not None:
            lines = ward.log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it said nothing"]
            raise SyncdError(f"the daemon stopped with {process.returncode}: {lines[-1]}", f"see {ward.log}")

    try:
        yield alive
        alive()
    finally:
        end(process)


def end(process: subprocess.Popen[Any]) -> None:
    """Asks a process to end, and ends it when it doesn't."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
