"""Which file systems are mounted from elsewhere, so that this computer sees only what it does there itself."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Final

_REMOTE: Final = ("cifs", "smb", "nfs", "fuse", "9p", "afs", "ceph", "virtiofs", "vboxsf", "gluster", "lustre")
_MOUNTED: Final = Path("/proc/self/mountinfo")
_ANEW_SECONDS: Final = 5.0
_OCTAL: Final = re.compile(r"\\([0-7]{3})")  # how mountinfo writes blanks


def is_remote(root: Path) -> bool:
    """Whether the tree is on a mounted share, where events tell only of what this computer does."""
    real = os.path.realpath(root) + "/"
    best = ("", "")
    for fields, kind in _mounts():
        point = _OCTAL.sub(lambda match: chr(int(match.group(1), 8)), fields[4]).rstrip("/") + "/"
        if real.startswith(point) and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1].startswith(_REMOTE)


class Mounts:
    """The same by device number, for many files; read anew now and then, since numbers are given to others.

    Args:
        listed: where the kernel lists what is mounted.
    """

    def __init__(self, listed: Path = _MOUNTED) -> None:
        self._listed = listed
        self._remote: frozenset[str] = frozenset()
        self._read_at: float | None = None

    def is_remote(self, device: int) -> bool:
        """Whether the file system with that number is such a one; one that isn't listed is not."""
        now = time.monotonic()
        if self._read_at is None or now - self._read_at > _ANEW_SECONDS:
            self._remote = frozenset(fields[2] for fields, kind in _mounts(self._listed) if kind.startswith(_REMOTE))
            self._read_at = now
        return f"{os.major(device)}:{os.minor(device)}" in self._remote


def _mounts(listed: Path = _MOUNTED) -> list[tuple[list[str], str]]:
    lines = listed.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    parted = (line.partition(" - ") for line in lines)
    return [(left.split(), right.split()[0]) for left, _, right in parted]
