"""Whether it shows that somebody has a file open for writing: tried with files that lie there, other accounts' too."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from syncd.config import Config
from syncd.diagnosis import Diagnosis, fault, ok, warning
from syncd.examination.access import account, daemon_account
from syncd.intranet import lease_works
from syncd.tree.mounts import is_remote
from syncd.tree.openness import written
from syncd.tree.standing import STANDS

_MOST: Final = 20_000
"""After so many files of its own account it isn't looked any further for another's."""


def open_files(config: Config, root: Path) -> Iterator[Diagnosis]:
    """Of the intranet. Raises OSError."""
    stands = f"{STANDS * config.intranet.settle_seconds:g} s"
    if is_remote(root):
        said = f"{root} is a mounted share: nobody tells who has a file open, so each waits until it has stood {stands}"
        yield ok("watcher", "open files", said)
        return
    if not lease_works(root):
        said = f"the file system of {root} doesn't tell which files are open; each waits until it has stood {stands}"
        yield warning("watcher", "open files", said, "lay the tree on a local file system, such as ext4 or xfs")
        return
    keeper = daemon_account(config)
    found = _of_another(config, root, keeper)
    if found is None:
        yield ok(
            "watcher", "open files", f"a file that is open under {root} is waited for; all are {account(keeper)}'s"
        )
        return
    path, owner = found
    if _shows(path, keeper):
        yield ok("watcher", "open files", f"a file that is open under {root} is waited for; tried {owner}'s {path}")
        return
    said = (
        f"{path} is {owner}'s: whether it is open can't be told, so it and its like wait until they have stood {stands}"
    )
    remedy = f"set `force user = {account(keeper)}` on the share , then chown -R {account(keeper)} {root}"
    yield fault("watcher", "open files", said, remedy)


def _of_another(config: Config, root: Path, keeper: int) -> tuple[Path, str] | None:
    """The first file found in an operator's folder that isn't the keeper's, and whose it is."""
    looked = 0
    for operator in config.operators:
        for folder, _, names in os.walk(root / operator.intranet_folder):
            for name in names:
                path = Path(folder, name)
                try:
                    status = path.lstat()
                except OSError:
                    continue
                if stat.S_ISREG(status.st_mode) and status.st_uid != keeper:
                    return path, account(status.st_uid)
                looked += 1
                if looked >= _MOST:
                    return None
    return None


def _shows(path: Path, keeper: int) -> bool:
    if os.geteuid() != keeper:
        return False  # what root may ask, the daemon may not
    try:
        with path.open("rb") as file:
            return written(file.fileno()) is not None
    except OSError:
        return False
