"""How changes are noticed in a tree: what the kernel tells, how much it can tell, and whether open files show.

Tries it out in `.syncd` only, and only where a root is marked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from syncd.config import Config
from syncd.diagnosis import Diagnosis, fault, ok, warning
from syncd.examination.open_files import open_files
from syncd.model import Side
from syncd.tree.mounts import is_remote
from syncd.tree.watch import self_test

WATCHES: Final = Path("/proc/sys/fs/inotify/max_user_watches")
NEARLY: Final = 0.8


def watcher(config: Config, roots: Mapping[Side, Path]) -> Iterator[Diagnosis]:
    """Of the sides that are marked directories. Raises OSError."""
    folders = 0
    for side, root in roots.items():
        found, events = _mode(config, side, root)
        yield found
        folders += sum(1 for _ in os.walk(root)) if events else 0
    if folders:
        yield _limit(folders)
    if Side.INTRANET in roots:
        yield from open_files(config, roots[Side.INTRANET])


def _mode(config: Config, side: Side, root: Path) -> tuple[Diagnosis, bool]:
    """Also whether events would be used."""
    wanted, check = config.intranet.watch, side.value
    every = f"a full look comes every {config.intranet.rescan_seconds:g} s in any case"
    if is_remote(root):
        if wanted == "events":
            said = f"{root} is a mounted share: events tell only what this computer does, and {every}"
            return warning("watcher", check, said, "set intranet.watch: poll (or auto)"), True
        return ok("watcher", check, f"{root} is a mounted share, so it is looked at again and again"), False
    come = self_test(root)
    if wanted == "poll":
        better = "; `watch: auto` would take the kernel's events" if come else ""
        return ok("watcher", check, f"{root} is looked at again and again, as intranet.watch says{better}"), False
    if come:
        return ok("watcher", check, f"events come from {root} at once"), True
    said = f"no event came for a file that was made under {root}"
    if wanted == "events":
        remedy = "set intranet.watch: poll, or raise fs.inotify.max_user_instances"
        return fault("watcher", check, said, remedy), True
    remedy = "raise fs.inotify.max_user_instances, or set intranet.watch: poll"
    return warning("watcher", check, f"{said}; it is looked at again and again", remedy), False


def _limit(folders: int) -> Diagnosis:
    try:
        most = int(WATCHES.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return ok("watcher", "limit", f"{folders} folders; how many the kernel watches isn't told here")
    said = f"{folders} folders to watch, fs.inotify.max_user_watches is {most}"
    remedy = f"sysctl fs.inotify.max_user_watches={max(folders * 4, 65536)}, and the same in /etc/sysctl.d"
    if folders > most:
        return fault("watcher", "limit", said, remedy)
    return warning("watcher", "limit", said, remedy) if folders > most * NEARLY else ok("watcher", "limit", said)
