"""Staff's folders on the intranet, over `syncd.tree`: what is being made there is waited for, and who made it is named.

Owns who did it (by Samba's log, else the file's owner) and that an empty or still unnamed file is work in progress.
Refuses to look into files.
"""

from __future__ import annotations

import functools
import os
import pwd
from pathlib import Path

from syncd.clock import Clock, SystemClock
from syncd.intranet.audit import AuditLog
from syncd.model import Side
from syncd.tree.directory import DirectoryTree
from syncd.tree.look import Manner
from syncd.tree.openness import lease_works
from syncd.tree.people import Owners, People

__all__ = ["IntranetTree", "lease_works"]


class IntranetTree(DirectoryTree):
    """The intranet side.

    Args:
        settle_seconds: how long a file must be unchanged before it counts as whole.
        modern: False works as on kernels and file systems without openat2 and renameat2.
        audit_log: Samba's full_audit log, which says who did what; None: who did it is the file's owner.
    """

    def __init__(
        self,
        root: Path,
        settle_seconds: float,
        clock: Clock | None = None,
        modern: bool = True,
        audit_log: Path | None = None,
    ) -> None:
        people: People = AuditLog(audit_log, root, _owner) if audit_log is not None else Owners(_owner)
        manner = Manner(Side.INTRANET, settle_seconds, staff=True, people=people)
        super().__init__(root, manner, clock or SystemClock(), modern)


def _owner(stats: os.stat_result) -> str:
    return _name_of(stats.st_uid)


@functools.lru_cache(maxsize=1024)
def _name_of(uid: int) -> str:
    """The user's name, or the number where nobody knows one; asked once, a directory service may be far away."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
