"""What lies in a folder and all its subfolders, one listing a folder.

Owns the walk: ordinary files and folders only, nothing followed, one folder open at a time. Refuses to decide what a
file is to syncd; a folder that could not be listed whole says so instead of looking empty.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from syncd import names
from syncd.tree.confine import Beneath, joined
from syncd.tree.spelling import encode, spell

LONGEST: Final = 3500
"""Bytes of a path below the root that syncd still works with; Linux takes 4,096 for a whole path."""

_SYSTEM: Final = frozenset({"$recycle.bin", "system volume information", "lost+found", "@eadir", "#recycle"})


@dataclass(slots=True)
class Counts:
    """How much was asked of the disk; for tests and the curious."""

    scans: int = 0  # folders listed
    stats: int = 0  # files looked at
    opens: int = 0  # files asked whether somebody writes to them
    reads: int = 0  # files read whole
    writes: int = 0  # effects: staged, placed, replaced, moved, removed


@dataclass(frozen=True, slots=True)
class Listed:
    """One folder.

    Attributes:
        path: below where the walk began; '' for that folder itself.
        ill: files of which nothing but the name can be had, with their inodes.
        whole: False when it could not be listed to its end.
    """

    path: str
    files: dict[str, os.stat_result] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)
    ill: dict[str, int] = field(default_factory=dict)
    whole: bool = True


def etag(found: os.stat_result) -> str:
    """Differs whenever the content may have changed; survives a rename."""
    return f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"


def stamp(found: os.stat_result) -> str:
    """Moves with whatever is done to the file, a change of its bytes among it, and can't be put back by people."""
    return str(found.st_ctime_ns)


def too_long(path: str) -> bool:
    """Whether a path is one that not every call could take."""
    return len(path) > LONGEST // 4 and len(encode(path)) > LONGEST


def walk(beneath: Beneath, start: str, counts: Counts, skip: frozenset[str] = frozenset()) -> Iterator[Listed]:
    """The folder `start` and what is below it, without folders of systems, of saves, and those in `skip` (below it)."""
    waiting = [""]
    while waiting:
        path = waiting.pop()
        listed = _list(beneath, joined(start, path), path, counts)
        yield listed
        deeper = [joined(path, name) for name in sorted(listed.folders, reverse=True) if not _of_a_system(name)]
        waiting.extend(each for each in deeper if each not in skip and not too_long(joined(start, each)))


def _of_a_system(name: str) -> bool:
    return name.startswith(".") or name.casefold() in _SYSTEM or names.save_folder(name) is not None


def _list(beneath: Beneath, folder: str, path: str, counts: Counts) -> Listed:
    counts.scans += 1
    files: dict[str, os.stat_result] = {}
    folders: dict[str, int] = {}
    ill: dict[str, int] = {}
    try:
        with beneath.folder(folder, os.O_RDONLY) as descriptor, os.scandir(descriptor) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders[spell(entry.name)] = entry.inode()
                elif entry.is_file(follow_symlinks=False):
                    counts.stats += 1
                    try:
                        files[spell(entry.name)] = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:
                        continue  # it has just gone
                    except OSError:
                        ill[spell(entry.name)] = entry.inode()
    except OSError:
        return Listed(path, files, folders, ill, whole=False)
    return Listed(path, files, folders, ill)
