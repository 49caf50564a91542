"""One daemon for one state folder: a lock that the kernel gives back when its owner dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from syncd.errors import SyncdError


def claim(folder: Path) -> int:
    """Locks the state folder; closing the returned descriptor, or death, gives it back.

    Raises:
        SyncdError: another process holds it, or the folder can't be written.
    """
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SyncdError(
            f"{folder}/lock: can't be opened ({error.strerror})", "run as the user of the daemon"
        ) from error
    for wait in (0.05, 0.1, 0.2, 0.4, 0.0):  # `claimant`, asked by another command, holds it for an instant
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(wait)
            continue
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return descriptor
    owner = _written(descriptor)
    os.close(descriptor)
    raise SyncdError(
        f"{folder}: another syncd works on this state already (process {owner or 'unknown'})",
        "stop it first, or give this one a `state:` of its own",
    )


def claimant(folder: Path) -> int | None:
    """The process that has claimed the folder, if one is alive; 0 when it can't be told which."""
    try:
        descriptor = os.open(folder / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _written(descriptor)
    finally:
        os.close(descriptor)
    return None


def _written(descriptor: int) -> int:
    text = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
    return int(text) if text.isdecimal() else 0
