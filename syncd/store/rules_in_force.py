"""The last good set of rules, kept in the state folder so that a bad edit doesn't survive a restart.

It copies folders and knows nothing of what is in them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from syncd.errors import SyncdError


def rules_folder(state: Path) -> Path | None:
    """The folder with the last good rules; None when none were ever saved."""
    for name in ("rules-in-force", "rules-in-force.old"):  # the latter: a crash came between the two renames
        if (state / name).is_dir():
            return state / name
    return None


def save_rules(state: Path, folder: Path) -> bool:
    """Makes a copy of `folder` the rules in force, in one step; False: it was the same already.

    Raises:
        SyncdError: it can't be copied; the rules in force stay.
    """
    current = rules_folder(state)
    try:
        if current is not None and _content(current) == _content(folder):
            return False
        new, old, in_force = (state / f"rules-in-force{ending}" for ending in (".new", ".old", ""))
        shutil.rmtree(new, ignore_errors=True)
        _copy(folder, new)
        if in_force.is_dir():
            shutil.rmtree(old, ignore_errors=True)
            in_force.rename(old)
        new.rename(in_force)
        _sync(state)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise SyncdError(
            f"{error.filename or folder}: the rules can't be copied to {state} ({error.strerror})",
            "check rights and space; the rules in force stay",
        ) from error
    return True


def _files(folder: Path) -> Iterator[Path]:
    """Its files, without editors' leftovers; a broken link is none."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path.relative_to(folder)


def _content(folder: Path) -> dict[Path, bytes]:
    return {name: (folder / name).read_bytes() for name in _files(folder)}


def _copy(folder: Path, target: Path) -> None:
    target.mkdir(mode=0o700)
    for name in _files(folder):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        with open(folder / name, "rb") as source, open(target / name, "xb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
