"""The history's head, written where the database is not: it tells a lost or shortened history from a whole one.

A head is {seq, chain, at}, signed with HMAC-SHA256 when a key is given. Owns the little files, judges nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from syncd.errors import SyncdError


@dataclass(frozen=True, slots=True)
class Head:
    """Where a history ended: the last record's number, chain value and time (ISO-8601)."""

    seq: int
    chain: str
    at: str


@dataclass(frozen=True, slots=True)
class Found:
    """What lies at one of the places of the head.

    Attributes:
        head: None when there is none or it can't be read.
        state: 'good', 'missing', 'unreachable' (its folder is not there), 'broken', 'unsigned', 'forged' (wrong key).
    """

    place: Path
    head: Head | None
    state: str


def key_of(file: Path) -> bytes:
    """The signing key in a file (a systemd credential).

    Raises:
        SyncdError: not readable, or shorter than 16 bytes.
    """
    try:
        key = file.read_bytes().strip()
    except OSError as error:
        raise SyncdError(
            f"{file}: the history's key can't be read ({error.strerror})", "check the credential"
        ) from error
    if len(key) < 16:
        raise SyncdError(f"{file}: the history's key is too short", "make one: `openssl rand -hex 32`")
    return key


def find(place: Path, key: bytes | None) -> Found:
    """Reads the head at `place`."""
    try:
        content = json.loads(place.read_bytes())
        head = Head(int(content["seq"]), str(content["chain"]), str(content["at"]))
    except FileNotFoundError:
        return Found(place, None, "missing" if place.parent.is_dir() else "unreachable")
    except OSError:
        return Found(place, None, "unreachable")
    except (ValueError, KeyError, TypeError):
        return Found(place, None, "broken")
    if key is None:
        return Found(place, head, "good")
    if "hmac" not in content:
        return Found(place, head, "unsigned")
    genuine = hmac.compare_digest(str(content["hmac"]).encode(), _signature(head, key).encode())
    return Found(place, head, "good" if genuine else "forged")


def write(place: Path, head: Head, key: bytes | None) -> None:
    """Replaces the head at `place` in one step. Raises OSError; makes no folder."""
    content = {"seq": head.seq, "chain": head.chain, "at": head.at}
    if key is not None:
        content["hmac"] = _signature(head, key)
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with open(temporary, "w", encoding="ascii", opener=_private) as file:
            json.dump(content, file)
            file.write("\n")
        # Not synced: the database is what is durable. A head that a power cut leaves behind is brought forward at the
        # next start, an unreadable one is written anew; syncing it would be most of what a move costs.
        temporary.replace(place)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


def _signature(head: Head, key: bytes) -> str:
    return hmac.new(key, f"{head.seq} {head.chain} {head.at}".encode(), hashlib.sha256).hexdigest()
