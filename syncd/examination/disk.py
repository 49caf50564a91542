"""Room on a disk: bytes, and places for files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from syncd.diagnosis import Area, Diagnosis, fault, ok, warning

LITTLE, LEAST = 1_000_000_000, 100_000_000
"""Bytes: with less the administrator should act, with less than `LEAST` nothing can be relied on."""
LITTLE_SHARE: Final = 0.05


def space(area: Area, path: Path) -> Diagnosis:
    """How much is free where `path` lies. Raises OSError."""
    found = os.statvfs(path)
    return judged(area, found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize, found.f_favail, found.f_files)


def judged(area: Area, free: int, total: int, free_files: int, files: int) -> Diagnosis:
    """What free bytes and places for files mean; file systems that make places as they are needed say `files` 0."""
    share = free / total if total else 1.0
    said = f"{free / 1e9:.1f} GB free of {total / 1e9:.1f} GB ({share:.0%})"
    if free < LEAST:
        return fault(area, "space", said, "free space there, or make the disk larger")
    if files and free_files < files / 100:
        return warning(area, "space", f"{said}, but only {free_files} more files fit", "take away files nobody needs")
    if free < LITTLE or share < LITTLE_SHARE:
        return warning(area, "space", said, "free space there before it is full")
    return ok(area, "space", said)
