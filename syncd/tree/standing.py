"""Files whose openness can't be told: they count as whole once they have stood, in size, times and content.

Another account's file gives no lease to one without CAP_LEASE, and on a mounted share a lease tells of this computer
only. Such a file is used when its closing was told (`closings`), or else when it was read twice, far enough apart, with
nothing in it or about it changed. What is known of it is lost with the process, and then it only waits anew.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from syncd.clock import Clock
from syncd.tree.closings import Closings
from syncd.tree.mounts import Mounts

STANDS: Final = 8
"""How many times `settle_seconds` lie between the two readings; in all less than `run --once` waits."""
STANDS_OPEN: Final = 60
"""The same where a closing would have been told and wasn't, so that the file is most likely open."""


@dataclass(frozen=True, slots=True)
class _Reading:
    version: tuple[int, int, int, int]
    sha1: str
    at: float


class Standing:
    """One tree's memory of first readings."""

    def __init__(self, clock: Clock, settle_seconds: float) -> None:
        self.closings = Closings()
        self.mounts = Mounts()
        self._clock = clock
        self._settle_seconds = settle_seconds
        self._readings: dict[str, dict[int, _Reading]] = {}
        self._only_moved: dict[str, frozenset[int]] = {}

    def certain(self, path: str, stats: os.stat_result, written: bool | None) -> bool:
        """Whether it is known that nobody is writing to the file.

        Args:
            path: below the root.
            written: what a lease says (`openness.written`).
        """
        if self.mounts.is_remote(stats.st_dev):
            return False  # neither lease nor closing says anything of other computers
        return written is False or self.closings.is_closed(path, stats)

    def ripe(self, operator: str, stats: os.stat_result) -> bool:
        """Whether it is worth reading: never read so far, or the first reading is long enough ago."""
        reading = self._readings.get(operator, {}).get(stats.st_ino)
        if reading is None or reading.version != _version(stats):
            return True
        times = STANDS_OPEN if self.closings.would_know(stats) else STANDS
        return self._clock.monotonic() - reading.at >= times * self._settle_seconds

    def stood(self, operator: str, stats: os.stat_result, sha1: str) -> bool:
        """Whether what was just read is what was read long enough ago; else it is the first reading from now on."""
        readings = self._readings.setdefault(operator, {})
        if stats.st_ino in self._only_moved.get(operator, ()):
            return True
        before = readings.get(stats.st_ino)
        if before is not None and (before.version, before.sha1) == (_version(stats), sha1):
            return self.ripe(operator, stats)
        readings[stats.st_ino] = _Reading(_version(stats), sha1, self._clock.monotonic())
        return False

    def looked(self, operator: str, uncertain: frozenset[int], only_moved: frozenset[int]) -> None:
        """What the last look at an operator's folder found; all others are forgotten.

        Args:
            only_moved: files that were whole where they lay before, and are as they were there.
        """
        readings = self._readings.get(operator, {})
        for inode in readings.keys() - uncertain:
            readings.pop(inode, None)  # another operator's round may be looking here, too
        self._only_moved[operator] = only_moved


def _version(stats: os.stat_result) -> tuple[int, int, int, int]:
    """Differs after whatever the kernel saw happen to the file: nobody can put its ctime back."""
    return (stats.st_dev, stats.st_size, stats.st_mtime_ns, stats.st_ctime_ns)
