"""The effects on a tree: place, replace, move, remove. Each can be repeated after a kill at any point.

Owns the order of system calls that keeps four promises: no reader sees half a file, nothing is overwritten that was
not just seen, a file is always at its source or its destination, and a person's change in the last instant survives.
Works on paths below the root; refuses to make an operator's or a stage's folder. Raises Changed, NameTaken,
OSError.
"""

from __future__ import annotations

import os
from stat import S_ISDIR, S_ISREG
from typing import NoReturn

from syncd import names
from syncd.errors import Changed, NameTaken
from syncd.model import Prepared
from syncd.tree import staging
from syncd.tree.aside import MOVED, REMOVED, aside, clear_room, is_expected, make_room, put_back, trade_places
from syncd.tree.confine import Beneath, checked, joined, parted
from syncd.tree.expected import Expected
from syncd.tree.listing import etag
from syncd.tree.openness import written
from syncd.tree.spelling import spell

_AGAIN = "syncd looks again by itself"


def place(beneath: Beneath, base: str, path: str, prepared: Prepared) -> str:
    """Puts staged bytes at `path` below the folder `base`; the path within `base` where they lie."""
    staged = staging.staged_path(prepared.token)
    target = joined(base, _settled(beneath, base, path, make=False))
    if _is(beneath, target, prepared.identity):
        _drop_second_name(beneath, staged, prepared.identity)
    else:
        if not staging.is_whole(beneath, staged, prepared):
            raise Changed(f"{target}: the staged bytes are no longer there", _AGAIN)
        target = joined(base, _settled(beneath, base, path, make=True))
        _refuse_twin(beneath, target, "")
        staging.dress_for_folder(beneath, staged, parted(target)[0])
        beneath.rename(staged, target)
    beneath.fsync(parted(target)[0])
    return target.removeprefix(base + "/")


# --- replace ---------------------------------------------------------------------------------------------------------


def replace(beneath: Beneath, target: str, identity: str, expected: Expected, prepared: Prepared) -> None:
    """Gives the file at `target` the staged bytes if it is still `expected`."""
    staged = staging.staged_path(prepared.token)
    out = aside(prepared.token, expected, target)
    if _is(beneath, target, prepared.identity):
        _finish_replacing(beneath, target, expected, out, prepared)
        return
    if _is(beneath, out, prepared.identity):  # killed before the exchange
        beneath.rename(out, staged)
    if not staging.is_whole(beneath, staged, prepared):
        raise Changed(f"{target}: the staged bytes are no longer there", _AGAIN)
    if beneath.stat(out) is not None:  # killed between the two steps of a file system that can't exchange
        _drop_second_name(beneath, target, identity)
        _replace_in_two_steps(beneath, target, expected, out, staged)
        return
    _require(beneath, target, identity, expected)
    staging.dress_like_file(beneath, staged, target)
    make_room(beneath, out)
    beneath.rename(staged, out)
    if beneath.exchange(out, target):
        _finish_replacing(beneath, target, expected, out, prepared)
    else:
        beneath.rename(out, staged)
        beneath.rename(target, out)
        _replace_in_two_steps(beneath, target, expected, out, staged)


def _finish_replacing(beneath: Beneath, target: str, expected: Expected, out: str, prepared: Prepared) -> None:
    """What was swapped out can no longer be opened by its name: now it is known whether it was what was seen."""
    beneath.fsync(parted(target)[0])
    if beneath.stat(out) is not None:
        if not is_expected(beneath, out, expected):
            _swap_back(beneath, target, out, prepared)
            raise Changed(f"{target}: was changed at the same moment", _AGAIN)
        beneath.unlink(out)
    clear_room(beneath, out)


def _swap_back(beneath: Beneath, target: str, out: str, prepared: Prepared) -> None:
    """A person saved in the last instant: theirs goes back, ours waits for another look."""
    beneath.exchange(out, target)
    if is_expected(beneath, out, Expected(staging.etag_of(prepared))):
        beneath.rename(out, staging.staged_path(prepared.token))
    else:  # and once more meanwhile: both files of theirs stay
        put_back(beneath, out, target)
    clear_room(beneath, out)
    beneath.fsync(parted(target)[0])


def _replace_in_two_steps(beneath: Beneath, target: str, expected: Expected, out: str, staged: str) -> None:
    """For file systems that can't swap two names: for an instant nothing lies at `target`."""
    if not is_expected(beneath, out, expected):
        _return(beneath, out, target)
    try:
        beneath.rename(staged, target)
    except FileExistsError:
        _return(beneath, out, target)
    beneath.fsync(parted(target)[0])
    beneath.unlink(out)
    clear_room(beneath, out)


def _return(beneath: Beneath, out: str, target: str) -> NoReturn:
    put_back(beneath, out, target)
    clear_room(beneath, out)
    raise Changed(f"{target}: was changed at the same moment", _AGAIN)


# --- move and remove -------------------------------------------------------------------------------------------------


def move(
    beneath: Beneath,
    base: str,
    source: str,
    target_base: str,
    path: str,
    identity: str,
    expected: Expected | None = None,
) -> str:
    """Takes the file from `source` (below `base`) to `path` below `target_base`; the path where it lies there.

    With `expected` only if it is still that; without, whatever its bytes are by now.
    """
    target = joined(target_base, _settled(beneath, target_base, path, make=False))
    if source != target and _is(beneath, target, identity):
        _drop_second_name(beneath, source, identity)
    else:
        _require(beneath, source, identity, expected, bytes_too=True)
        if source == target:
            return path
        if target.startswith(f"{source}/") or source.startswith(f"{target}/"):
            _move_through(beneath, source, target)
            return target.removeprefix(target_base + "/")
        target = joined(target_base, _settled(beneath, target_base, path, make=True))
        _refuse_twin(beneath, target, source)
        beneath.rename(source, target)
        if not _is(beneath, target, identity):
            put_back(beneath, target, source)
            raise Changed(f"{source}: was changed at the same moment", _AGAIN)
    beneath.fsync(parted(target)[0])
    _leave(beneath, base, source)
    return target.removeprefix(target_base + "/")


def _move_through(beneath: Beneath, source: str, target: str) -> None:
    """A file goes into a folder of its own name, or comes out of one and takes its name: for an instant it is aside."""
    stats = beneath.stat(source)
    if stats is None:
        raise Changed(f"{source}: is not there any more", _AGAIN)
    out = aside(MOVED, Expected(etag(stats)), target)
    make_room(beneath, out)
    beneath.rename(source, out)
    try:
        folder = parted(source)[0]
        while folder.startswith(target) and beneath.rmdir(folder):  # those that held nothing else
            folder = parted(folder)[0]
        trade_places(beneath, out, target)
    except OSError:
        trade_places(beneath, out, source)
        raise
    finally:
        clear_room(beneath, out)


def remove(beneath: Beneath, base: str, source: str, identity: str, expected: Expected) -> None:
    """Takes the file at `source` (below `base`) away if it is still `expected`."""
    out = aside(REMOVED, expected, source)
    if beneath.stat(out) is not None:  # killed before it was unlinked
        _drop_second_name(beneath, source, identity)
    elif beneath.stat(source) is not None:
        _require(beneath, source, identity, expected)
        make_room(beneath, out)
        beneath.rename(source, out)
    if beneath.stat(out) is not None:
        if not is_expected(beneath, out, expected):
            _return(beneath, out, source)
        beneath.unlink(out)
    clear_room(beneath, out)
    _leave(beneath, base, source)


def _leave(beneath: Beneath, base: str, source: str) -> None:
    """Makes the departure from a folder durable, and takes away subfolders that became empty, never `base` itself."""
    folder = parted(source)[0]
    while len(folder) > len(base) and (not _is_folder(beneath, folder) or beneath.rmdir(folder)):
        folder = parted(folder)[0]
    if _is_folder(beneath, folder):
        beneath.fsync(folder)


# --- what the effects share ------------------------------------------------------------------------------------------


def _is(beneath: Beneath, path: str, identity: str) -> bool:
    stats = beneath.stat(path)
    return stats is not None and str(stats.st_ino) == identity


def _is_folder(beneath: Beneath, path: str) -> bool:
    stats = beneath.stat(path)
    return stats is not None and S_ISDIR(stats.st_mode)


def _require(beneath: Beneath, path: str, identity: str, expected: Expected | None, *, bytes_too: bool = False) -> None:
    """That the file is what was seen, and with `expected` also that nobody is writing to it. Raises Changed.

    Its bytes are read again where nobody does so later (`bytes_too`): what is taken aside is read there. Without
    `expected` a file is only moved and keeps its bytes, whoever writes to it; stopping could leave half a move undone.
    """
    stats = beneath.stat(path)
    if stats is None or not S_ISREG(stats.st_mode) or str(stats.st_ino) != identity:
        raise Changed(f"{path}: is not there any more", _AGAIN)
    if expected is None:
        return
    if etag(stats) != expected.etag:
        raise Changed(f"{path}: was changed meanwhile", _AGAIN)
    try:
        with beneath.file(path) as descriptor:
            busy = written(descriptor)
            same = busy or not bytes_too or expected.is_at(descriptor)
    except PermissionError:
        busy, same = None, True
    except BlockingIOError:
        busy = same = True
    if busy:
        raise Changed(f"{path}: is being written to", "it is taken up again when it is closed")
    if not same:
        raise Changed(f"{path}: was changed meanwhile, though its time says otherwise", _AGAIN)


def _drop_second_name(beneath: Beneath, path: str, identity: str) -> None:
    """Where renaming is linking and unlinking, a kill in between leaves two names of one file."""
    stats = beneath.stat(path)
    if stats is not None and str(stats.st_ino) == identity and stats.st_nlink > 1:
        beneath.unlink(path)


def _settled(beneath: Beneath, base: str, path: str, make: bool) -> str:
    """`path` with subfolders as they lie there: one that Windows takes for the same is used, not doubled."""
    if (stats := beneath.stat(base)) is None or not S_ISDIR(stats.st_mode):
        raise Changed(f"{base}: the folder is not there", _AGAIN)
    folder, name = parted(path)
    found = ""
    for part in checked(folder):
        if beneath.stat(joined(base, found, part)) is None:
            part = _twin(beneath, joined(base, found), part, "") or part
            if make:
                beneath.mkdir(joined(base, found, part))
        found = joined(found, part)
    return joined(found, name)


def _refuse_twin(beneath: Beneath, target: str, source: str) -> None:
    """That nothing lies there which Windows takes for `target`; `source` itself is about to go."""
    folder, name = parted(target)
    leaving = parted(source)[1] if parted(source)[0] == folder else ""
    if (twin := _twin(beneath, folder, name, leaving)) is not None:
        raise NameTaken(f"{target}: {twin!r} lies there, which Windows takes for the same name", _AGAIN)


def _twin(beneath: Beneath, folder: str, name: str, leaving: str) -> str | None:
    """What lies in `folder` and counts as `name` without being it."""
    if beneath.stat(folder) is None:
        return None
    folded = names.fold(name)
    with beneath.folder(folder, os.O_RDONLY) as descriptor, os.scandir(descriptor) as entries:
        present = (spell(each.name) for each in entries)
        return next((p for p in present if p not in {name, leaving} and names.fold(p) == folded), None)
