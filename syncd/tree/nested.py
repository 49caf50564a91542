"""A file that goes into a folder of its own name, in its own place, or comes out of it.

Owns the way round: the name is taken by the file itself, so it rests beside under a name that no look shows. Whoever
begins again after a kill finds it there.
"""

from __future__ import annotations

from syncd.errors import ItemTrouble
from syncd.tree.confine import Beneath, joined, parted


def is_nested(source: str, target: str) -> bool:
    """Whether one of the two lies in a folder that bears the other's name."""
    return target.startswith(f"{source}/") or source.startswith(f"{target}/")


def resting_place(source: str, target: str, identity: str) -> str:
    """Where the file with that identity rests meanwhile: beside the shorter of the two paths."""
    return joined(parted(min(source, target, key=len))[0], f".syncd-{identity}")


def move(beneath: Beneath, source: str, target: str, identity: str) -> None:
    """Takes the file, at `source` or already at rest, to `target`. Raises ItemTrouble, OSError."""
    rest = resting_place(source, target, identity)
    if beneath.stat(rest) is None:
        beneath.rename(source, rest)
    if target.startswith(f"{source}/"):
        _make_folders(beneath, source, parted(target)[0])
    elif not _drop_folders(beneath, target, parted(source)[0]):
        beneath.rename(rest, source)
        raise ItemTrouble(
            "folder_in_the_way", f"{target}: other files lie in that folder", "rename or move that folder"
        )
    beneath.rename(rest, target)


def _make_folders(beneath: Beneath, first: str, last: str) -> None:
    """Every folder from `first` down to `last`."""
    below = last.removeprefix(first).split("/")  # '' at first, for the folder itself
    for count in range(1, len(below) + 1):
        beneath.mkdir(first + "/".join(below[:count]))


def _drop_folders(beneath: Beneath, first: str, last: str) -> bool:
    """Takes away the empty folders from `last` up to `first`; False: something lies in one."""
    folder = last
    while beneath.stat(folder) is None or beneath.rmdir(folder):
        if folder == first:
            return True
        folder = parted(folder)[0]
    return False
