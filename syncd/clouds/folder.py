"""Any directory as a cloud: a share, a drive that some other program keeps in step, or a folder to try syncd with.

Owns the cursor: fingerprints of the operators' folders as they were last time. Refuses to know who did something; the
owner of a file on a mounted drive is whoever mounted it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from syncd.clock import Clock, SystemClock
from syncd.contract import CloudChanges
from syncd.model import Layout, Side
from syncd.tree.digest import UNSEEN, digest
from syncd.tree.directory import DirectoryTree
from syncd.tree.look import Manner


class FolderCloud(DirectoryTree):
    """The cloud side in a directory.

    Args:
        settle_seconds: how long a file must be unchanged before it counts as whole.
        modern: False works as on kernels and file systems without openat2 and renameat2.
    """

    def __init__(self, root: Path, settle_seconds: float, clock: Clock | None = None, modern: bool = True) -> None:
        manner = Manner(Side.CLOUD, settle_seconds, staff=False, actor=lambda stats: "")
        super().__init__(root, manner, clock or SystemClock(), modern)

    def changes(self, cursor: str | None, layouts: tuple[Layout, ...]) -> CloudChanges:
        """See `contract.Cloud.changes`. Raises Unreachable."""
        self.reach()
        with self._opened("") as beneath:
            now = {each.folder: digest(beneath, each.folder, self.counts) for each in layouts}
        before = _understood(cursor)
        fresh = json.dumps(now, sort_keys=True)
        if before is None:
            return CloudChanges(fresh, None)
        changed = {folder for folder, seen in now.items() if seen == UNSEEN or before.get(folder) != seen}
        return CloudChanges(fresh, frozenset(changed))


def _understood(cursor: str | None) -> dict[str, object] | None:
    with suppress(ValueError, TypeError):
        document = json.loads(cursor or "")
        if isinstance(document, dict):
            return document
    return None
