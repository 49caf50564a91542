"""Files on their way out: taken aside under `.syncd/tmp` before they are unlinked, and put back if they were changed.

Owns the one moment in which a person's bytes lie under no name of theirs. A file is taken aside to
`.syncd/tmp/out-<for>~<etag>~<sha1>/<its path>`: after a kill the name alone says what was expected there and where it
came from, so nothing that syncd has not seen whole is ever unlinked. Refuses to overwrite on the way back.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from syncd import names
from syncd.tree.confine import Beneath, joined, parted
from syncd.tree.expected import Expected
from syncd.tree.listing import Counts, walk
from syncd.tree.marker import TEMPORARY
from syncd.tree.staging import PREFIX as STAGED
from syncd.tree.staging import is_of

REMOVED: Final = "removed"
"""What stands for the token where a file is taken out for good, not replaced."""

MOVED: Final = "moved"
"""What stands for the token where a file changes places with the folder that lay, or is to lie, at its name."""

_PREFIX: Final = "out-"
_VARIANTS: Final = 999
_LONGEST_NAME: Final = 255


def aside(holder: str, expected: Expected, path: str) -> str:
    """Where the file at `path` is taken; `holder`: token, or REMOVED."""
    return f"{TEMPORARY}/{_PREFIX}{holder}~{expected}/{path}"


def make_room(beneath: Beneath, path: str) -> None:
    """Makes the folders in which a file taken aside to `path` is to lie."""
    folder = parted(path)[0]
    below = folder.removeprefix(TEMPORARY + "/").split("/")
    for depth in range(1, len(below) + 1):
        beneath.mkdir(joined(TEMPORARY, *below[:depth]), 0o700, durable=False)


def clear_room(beneath: Beneath, path: str) -> None:
    """Takes away the folders of `make_room` that are empty."""
    folder = parted(path)[0]
    while folder != TEMPORARY and beneath.rmdir(folder):
        folder = parted(folder)[0]


def is_expected(beneath: Beneath, path: str, expected: Expected) -> bool:
    """Whether the file at `path` is as it was seen, and nobody is writing to it."""
    try:
        with beneath.file(path) as descriptor:
            return expected.is_at(descriptor)
    except OSError:
        return False


def put_back(beneath: Beneath, path: str, target: str) -> str:
    """Brings what was taken aside back to `target`, or beside what lies there now; where it lies. Raises OSError."""
    for candidate in _beside(target):
        try:
            beneath.rename(path, candidate)
        except FileExistsError:
            continue
        beneath.fsync(parted(candidate)[0])
        return candidate
    raise FileExistsError(target)


def trade_places(beneath: Beneath, path: str, target: str) -> None:
    """Brings what was taken aside to `target`, for which the folders are made, or of which the empty one is taken away.

    Raises FileExistsError, OSError; the file then lies where it was taken.
    """
    folder = parted(target)[0]
    parts = folder.split("/") if folder else []
    for depth in range(1, len(parts) + 1):
        beneath.mkdir("/".join(parts[:depth]))
    beneath.rmdir(target)
    beneath.rename(path, target)
    beneath.fsync(folder)


def _finish_trading(beneath: Beneath, path: str, target: str, stats: os.stat_result, counts: Counts) -> None:
    """After a kill: to the target, unless the file has its name in the tree as well (a rename by link and unlink)."""
    if stats.st_nlink > 1 and _lies_around(beneath, target, stats.st_ino, counts):
        beneath.unlink(path)
        return
    with suppress(OSError):  # what lies in the way is a person's; the next start tries again
        trade_places(beneath, path, target)


def _lies_around(beneath: Beneath, target: str, inode: int, counts: Counts) -> bool:
    """Whether the file lies at the target, instead of one of its folders, or somewhere below it."""
    above = target
    while above:
        found = beneath.stat(above)
        if found is not None and found.st_ino == inode:
            return True
        above = parted(above)[0]
    below = (stats for listed in walk(beneath, target, counts) for stats in listed.files.values())
    return any(stats.st_ino == inode for stats in below)


def _beside(target: str) -> Iterator[str]:
    yield target
    folder, name = parted(target)
    stem, extension = names.split(name)
    for number in range(1, _VARIANTS):
        tail = f" ({number}){extension}"
        room = _LONGEST_NAME - len(tail.encode("utf-8", "surrogatepass"))
        short = stem.encode("utf-8", "surrogatepass")[:room].decode("utf-8", "ignore")
        yield joined(folder, short + tail)


def sweep(beneath: Beneath, keep: frozenset[str], counts: Counts) -> None:
    """Clears `.syncd/tmp` of what an earlier run left, but for the tokens in `keep`. Raises OSError.

    What cannot be put back yet (its folder is away) is left for the next time.
    """
    if beneath.stat(TEMPORARY) is None:
        return
    top = next(walk(beneath, TEMPORARY, counts))
    for name in top.folders:
        holder, _, expected = name.removeprefix(_PREFIX).partition("~")
        if name.startswith(_PREFIX) and holder not in keep:
            _sweep_aside(beneath, f"{TEMPORARY}/{name}", holder, Expected.read(expected), counts)
    for name, stats in top.files.items():
        token = name.removeprefix(STAGED)
        if name.startswith("part-") or (name.startswith(STAGED) and token not in keep and is_of(token, stats)):
            beneath.unlink(f"{TEMPORARY}/{name}")


def _sweep_aside(beneath: Beneath, folder: str, holder: str, expected: Expected, counts: Counts) -> None:
    listings = list(walk(beneath, folder, counts))
    for listed in listings:
        for name, stats in listed.files.items():
            target = joined(listed.path, name)
            path = joined(folder, target)
            if holder == MOVED:
                _finish_trading(beneath, path, target, stats, counts)
            elif holder != REMOVED and is_of(holder, stats):
                beneath.unlink(path)  # the staged bytes, which were never put in place
            elif is_expected(beneath, path, expected) and (holder == REMOVED or beneath.stat(target) is not None):
                beneath.unlink(path)
            elif beneath.stat(parted(target)[0]) is not None:
                put_back(beneath, path, target)
    for listed in reversed(listings):
        beneath.rmdir(joined(folder, listed.path))
