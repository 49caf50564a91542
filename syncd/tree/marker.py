"""The root marker: `.syncd/marker` says which tree this is, so that an empty mount point is never taken for it.

Owns syncd's own folder in a tree. Refuses to replace a marker and to take a damaged one for a missing one.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
from contextlib import suppress

from syncd.errors import NameTaken, Unreachable
from syncd.tree.confine import Beneath

OWN = ".syncd"
TEMPORARY = f"{OWN}/tmp"
_PATH = f"{OWN}/marker"
_WARD = f"{OWN}/ward"
_LONGEST = 4096


def own_folders(beneath: Beneath) -> None:
    """Makes `.syncd/tmp`, for this account alone: what lies there is on its way."""
    beneath.mkdir(OWN, 0o700)
    beneath.mkdir(TEMPORARY, 0o700)


def working_folder(beneath: Beneath, place: str) -> None:
    """Makes `.syncd/tmp` if need be, but never in a tree that isn't marked: it may be an empty mount point.

    Raises:
        Unreachable: the tree has no marker.
    """
    if beneath.stat(_PATH) is None:
        raise Unreachable(f"{place}: the root marker is missing", "mount the share, or restore .syncd")
    own_folders(beneath)


def read(beneath: Beneath, place: str) -> str | None:
    """The marker's id; None when there is none. Raises Unreachable for a damaged one, OSError."""
    try:
        with beneath.file(_PATH) as descriptor:
            content = os.read(descriptor, _LONGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno not in {errno.ENOTDIR, errno.ELOOP, errno.EISDIR}:
            raise
        content = b""
    with suppress(ValueError):
        document = json.loads(content)
        if isinstance(document, dict) and isinstance(found := document.get("id"), str) and found:
            return found
    raise Unreachable(f"{place}/{_PATH}: the root marker is damaged", "put the file back from a backup")


def ward(beneath: Beneath) -> tuple[str, str] | None:
    """Which state works in this tree, and where that lies; None: nobody said so yet. Raises OSError."""
    try:
        with beneath.file(_WARD) as descriptor:
            found = json.loads(os.read(descriptor, _LONGEST))
        return str(found["state"]), str(found["home"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def set_ward(beneath: Beneath, state: str, home: str) -> None:
    """Says that this state works here from now on. Raises OSError; FileExistsError: another said so just now."""
    path = f"{TEMPORARY}/part-{secrets.token_hex(8)}"
    own_folders(beneath)
    try:
        with open(beneath.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
            file.write(json.dumps({"state": state, "home": home}).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        beneath.unlink(_WARD)
        beneath.rename(path, _WARD)
        beneath.fsync(OWN)
    finally:
        beneath.unlink(path)


def write(beneath: Beneath, place: str, marker: str) -> None:
    """Writes the marker whole or not at all. The same one being there already is fine. Raises SyncdError, OSError."""
    own_folders(beneath)
    path = f"{TEMPORARY}/part-{secrets.token_hex(8)}"
    descriptor = beneath.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        with open(descriptor, "wb") as file:
            file.write(json.dumps({"id": marker}).encode() + b"\n")
            file.flush()
            os.fsync(descriptor)
        beneath.rename(path, _PATH)
        beneath.fsync(OWN)
    except FileExistsError:
        if read(beneath, place) != marker:
            raise NameTaken(
                f"{place}/{_PATH}: this tree belongs to another syncd state",
                "point the configuration at the right root, or at the state that belongs to it",
            ) from None
    finally:
        beneath.unlink(path)


def same(before: str | None, after: str | None) -> bool:
    """Whether a tree was marked, and as the same, before and after it was looked at."""
    return before is not None and before == after
