"""Whether a move from or to a place could be made, as far as that can be told without making it.

Owns the answers before anything is begun: a folder or a file in the way, a folder that can't be written, a file
that is open. Raises ItemTrouble, OSError. What it finds good may still fail: nobody is kept from changing things a
moment later.
"""

from __future__ import annotations

import os
from stat import S_ISDIR

from syncd.errors import ItemTrouble
from syncd.tree.confine import Beneath, joined, parted
from syncd.tree.openness import written
from syncd.tree.spelling import spell


def require_way_out(beneath: Beneath, base: str, source: str) -> None:
    """That a file can leave the folder in which it lies, below `base`."""
    folder = joined(base, parted(source)[0])
    if beneath.stat(folder) is not None:
        _require_writable(beneath, folder)


def require_way_in(beneath: Beneath, base: str, target: str, leaving: str) -> None:
    """That a file can be put at `target` below `base`. `leaving`: the path of what goes away from there just then."""
    goal = joined(base, target)
    stats = beneath.stat(goal)
    if stats is not None and S_ISDIR(stats.st_mode) and not _holds_only(beneath, goal, leaving):
        raise ItemTrouble(
            "folder_in_the_way", f"{goal}: a folder of that name lies there", "rename or move that folder"
        )
    folder = goal
    while len(folder) > len(base):
        folder = parted(folder)[0]
        stats = beneath.stat(folder)
        if stats is None:
            continue
        if not S_ISDIR(stats.st_mode):
            if folder == leaving:
                continue
            raise ItemTrouble("file_in_the_way", f"{folder}: is a file, where a folder has to be", "rename that file")
        _require_writable(beneath, folder)
        return


def _holds_only(beneath: Beneath, folder: str, leaving: str) -> bool:
    """Whether nothing is left in the folder once the file at `leaving`, somewhere below, has gone out of it."""
    if not leaving.startswith(f"{folder}/"):
        return False
    for part in leaving.removeprefix(f"{folder}/").split("/"):
        with beneath.folder(folder, os.O_RDONLY) as descriptor, os.scandir(descriptor) as entries:
            if {spell(each.name) for each in entries} != {part}:
                return False
        folder = joined(folder, part)
    return True


def require_closed(beneath: Beneath, path: str) -> None:
    """That nobody has the file open for writing, who would go on writing into what is no longer there."""
    try:
        with beneath.file(path) as descriptor:
            being_written = written(descriptor)
    except BlockingIOError:
        being_written = True
    except OSError:
        return  # gone or unreadable: whoever comes to it sees that
    if being_written:
        raise ItemTrouble("written_to", f"{path}: is open for writing", "it is taken up again when it is closed")


def _require_writable(beneath: Beneath, folder: str) -> None:
    with beneath.folder(folder) as descriptor:
        if not os.access(".", os.W_OK | os.X_OK, dir_fd=descriptor, effective_ids=True):
            raise ItemTrouble(
                "not_writable", f"{folder}: the folder can't be written", "let the account that runs syncd write there"
            )
