"""Bytes on their way in: staged whole under `.syncd/tmp`, so that one rename puts them in place.

Owns the names of staged files (tokens) and how they are written, checked and made readable for the people of the
folder they go to. Refuses to stage bytes that are not the ones named, and to leave half of them behind.

A token says what it staged: `<random>-<inode>-<mtime_ns>`. So whoever finds the file after a crash knows whether it
still is that file, and the etag it is recorded with is the one syncd gave it, whatever a person did a moment later.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from syncd.errors import Changed, SyncdError
from syncd.model import Prepared
from syncd.tree import marker
from syncd.tree.confine import Beneath, give
from syncd.tree.listing import etag

_TOKEN = re.compile(r"[0-9a-f]{16}-([0-9]+)-(-?[0-9]+)")
PREFIX: Final = "new-"
_CHUNK: Final = 1 << 20
_DEFAULT_ACL: Final = "system.posix_acl_default"
_ACCESS_ACL: Final = "system.posix_acl_access"


def stage(beneath: Beneath, content: Path, sha1: str, size: int) -> Prepared:
    """Copies `content` durably to this side's file system. Raises SyncdError when it isn't as named, OSError."""
    marker.working_folder(beneath, marker.OWN)
    part = f"{marker.TEMPORARY}/part-{secrets.token_hex(8)}"
    try:
        writing = beneath.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            found = _copy(content, writing)
            os.fsync(writing)
        finally:
            os.close(writing)
        if found != (sha1, size):
            raise SyncdError(f"{content}: the kept bytes are damaged", "put the state folder back from a backup")
        stats = beneath.stat(part)
        if stats is None:
            raise Changed(f"{part}: somebody removed it", "leave the folder .syncd to syncd")
        token = f"{secrets.token_hex(8)}-{stats.st_ino}-{stats.st_mtime_ns}"
        beneath.rename(part, staged_path(token))
        beneath.fsync(marker.TEMPORARY)
    finally:
        beneath.unlink(part)
    return Prepared(token, str(stats.st_ino), sha1, size)


def _copy(content: Path, writing: int) -> tuple[str, int]:
    digest = hashlib.sha1(usedforsecurity=False)
    size = 0
    with _kept(content) as reading:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            left = memoryview(chunk)
            while left:
                left = left[os.write(writing, left) :]
    return digest.hexdigest(), size


def _kept(content: Path) -> BinaryIO:
    try:
        return open(content, "rb")
    except OSError as error:
        raise SyncdError(
            f"{content}: the kept bytes can't be read ({error.strerror})", "put the state folder back from a backup"
        ) from error


def staged_path(token: str) -> str:
    """Where a token's file lies until it is put in place. Raises SyncdError for what is no token."""
    _parsed(token)
    return f"{marker.TEMPORARY}/{PREFIX}{token}"


def is_of(token: str, stats: os.stat_result) -> bool:
    """Whether a file is the one that the token was made for, unchanged."""
    match = _TOKEN.fullmatch(token)
    return match is not None and match.groups() == (str(stats.st_ino), str(stats.st_mtime_ns))


def etag_of(prepared: Prepared) -> str:
    """The etag of the bytes as staged."""
    return f"{prepared.identity}-{prepared.size}-{_parsed(prepared.token)[1]}"


def modified_at(prepared: Prepared) -> float:
    """When the bytes were staged, seconds since the epoch."""
    return int(_parsed(prepared.token)[1]) / 1e9


def _parsed(token: str) -> tuple[str, str]:
    if (match := _TOKEN.fullmatch(token)) is None:
        raise SyncdError(f"{token!r} names no staged file", "the database is damaged: restore a backup")
    return match.group(1), match.group(2)


def is_whole(beneath: Beneath, path: str, prepared: Prepared) -> bool:
    """Whether the staged bytes lie at `path`, untouched."""
    stats = beneath.stat(path)
    return stats is not None and stat.S_ISREG(stats.st_mode) and etag(stats) == etag_of(prepared)


def dress_for_folder(beneath: Beneath, path: str, folder: str) -> None:
    """Opens a staged file to those to whom `folder` is open."""
    with beneath.folder(folder, os.O_RDONLY) as like, beneath.file(path) as descriptor:
        stats = os.fstat(like)
        give(descriptor, stats)
        os.fchmod(descriptor, stat.S_IMODE(stats.st_mode) & 0o666 | 0o600)
        with suppress(OSError):  # most folders and some file systems have no such list
            os.setxattr(descriptor, _ACCESS_ACL, os.getxattr(like, _DEFAULT_ACL))


def dress_like_file(beneath: Beneath, path: str, like: str) -> None:
    """Opens a staged file to those to whom the file `like` is open."""
    with beneath.file(like) as model, beneath.file(path) as descriptor:
        stats = os.fstat(model)
        give(descriptor, stats)
        os.fchmod(descriptor, stat.S_IMODE(stats.st_mode) & 0o777 | 0o600)
        with suppress(OSError):
            os.setxattr(descriptor, _ACCESS_ACL, os.getxattr(model, _ACCESS_ACL))


def discard(beneath: Beneath, prepared: Prepared) -> None:
    """Throws the staged bytes away, and only these (what an interrupted effect left elsewhere, `aside.sweep` finds)."""
    path = staged_path(prepared.token)
    if is_whole(beneath, path, prepared):
        beneath.unlink(path)
