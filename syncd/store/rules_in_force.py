"""The last good set of rules, kept in the state folder so that a bad edit doesn't survive a restart.

Beside it, every text that a rule file ever had while it was in force, by its version: what judged a document can be
read years later.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from syncd import packaged
from syncd.errors import Misconfigured, SyncdError
from syncd.rulebook import Rulebook, load

PAST = "rules-past"


def rules_folder(state: Path) -> Path | None:
    """The folder with the last good rules; None when none were ever saved."""
    for name in ("rules-in-force", "rules-in-force.old"):  # the latter: a crash came between the two renames
        if (state / name).is_dir():
            return state / name
    return None


def load_in_force(folder: Path, state: Path) -> tuple[Rulebook, Misconfigured | None]:
    """The ward's rules; while those have faults, the last good ones, with the faults.

    Raises:
        Misconfigured: there are faults and no last good ones.
    """
    try:
        return load(folder, packaged.rules_folder()), None
    except Misconfigured as faults:
        last_good = rules_folder(state)
        if last_good is None:
            raise
        return load(last_good, packaged.rules_folder()), faults


def save_rules(state: Path, folder: Path) -> bool:
    """Makes a copy of `folder` the rules in force, in one step; False: it was the same already.

    Raises:
        SyncdError: it can't be copied; the rules in force stay.
    """
    current = rules_folder(state)
    try:
        _keep_past(state / PAST, folder)
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


def past_rule(state: Path, file: str, version: str) -> Path | None:
    """The rule file of that name as it was when a document was judged by that version; None: it isn't kept."""
    kept = state / PAST / f"{version}-{Path(file).name}"
    return kept if kept.is_file() else None


def _keep_past(past: Path, folder: Path) -> None:
    """Keeps each rule file's text under its version (as `rulebook.load` has it), once; blank forms are not kept."""
    from syncd.rulebook.load import version_of

    past.mkdir(mode=0o700, exist_ok=True)
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in (".yaml", ".yml") or path.name.startswith((".", "~$")) or not path.is_file():
            continue
        data = path.read_bytes()
        kept = past / f"{version_of(data)}-{path.name}"
        if not kept.exists():
            new = past / f".{kept.name}.new"
            _write(new, data)
            new.rename(kept)


def _write(path: Path, data: bytes) -> None:
    with open(path, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


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
