"""The clock: its zone, and whether the shares go by the same time."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from syncd.clock import Clock
from syncd.config import Config
from syncd.diagnosis import Diagnosis, ok, warning
from syncd.model import Side
from syncd.tree import marker
from syncd.tree.confine import Beneath

MOST: Final = 2.0
"""Seconds that a file server's clock may be apart: files count as quiet by its times."""
GRAIN: Final = 0.1
"""How far a time may lie before the call that made it: kernels stamp files with the last tick."""


def zone(config: Config, clock: Clock) -> Diagnosis:
    """Which time the ward goes by."""
    now = datetime.fromtimestamp(clock.now(), config.zone)
    return ok("clock", "zone", f"{config.timezone}, where it is {now:%Y-%m-%d %H:%M:%S}")


def shares(roots: Mapping[Side, Path]) -> Iterator[Diagnosis]:
    """Of the sides that are marked directories. Raises OSError."""
    for side, root in roots.items():
        yield judged(side, root, _apart(root))


def judged(side: Side, root: Path, apart: float) -> Diagnosis:
    """What it means that a share's times are so many seconds apart."""
    if abs(apart) <= MOST:
        return ok("clock", side.value, f"{root} goes by this computer's time")
    said = f"{root} is {abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} this computer"
    return warning("clock", side.value, said, "let both keep their time by NTP")


def _apart(root: Path) -> float:
    """By how much a file that is made now lies in the future there."""
    name = f"{marker.TEMPORARY}/part-clock-{secrets.token_hex(8)}"
    with Beneath(root) as beneath:
        marker.own_folders(beneath)
        before = time.time()
        descriptor = beneath.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            os.write(descriptor, b"\n")
            os.fsync(descriptor)  # a mounted share stamps the file when it gets the bytes
            made = os.fstat(descriptor).st_mtime
            after = time.time()
        finally:
            os.close(descriptor)
            beneath.unlink(name)
    return min(0.0, made - before + GRAIN) or max(0.0, made - after)
