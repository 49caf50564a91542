"""Any directory as a cloud: a share, a drive that some other program keeps in step, or a folder to try syncd with.

Refuses to know who did something: the owner of a file on a mounted drive is whoever mounted it.
"""

from __future__ import annotations

from pathlib import Path

from syncd.clock import Clock, SystemClock
from syncd.model import Layout, Side
from syncd.tree.directory import DirectoryTree
from syncd.tree.look import Manner
from syncd.tree.people import Owners


class FolderCloud(DirectoryTree):
    """The cloud side in a directory.

    Args:
        settle_seconds: how long a file must be unchanged before it counts as whole.
        modern: False works as on kernels and file systems without openat2 and renameat2.
    """

    def __init__(self, root: Path, settle_seconds: float, clock: Clock | None = None, modern: bool = True) -> None:
        manner = Manner(Side.CLOUD, settle_seconds, staff=False, people=Owners(lambda stats: ""))
        super().__init__(root, manner, clock or SystemClock(), modern)

    def catch_up(self, within: float = 0.0) -> None:
        """See `contract.Cloud.catch_up`: every look at a directory shows it as it is."""

    def as_looked(self, layout: Layout) -> bool:
        """See `contract.Cloud.as_looked`: every effect sees for itself that its file is still as it was."""
        return True
