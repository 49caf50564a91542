"""Zip archives, checked before anything is unpacked: bundles that people send, and office files, which are zips too."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from syncd.reading.limits import Limits, Refused

ENCRYPTED: Final = 0x41
"""Flag bits of a member that needs a password."""
_LOCAL_HEAD: Final = 30
_PIECE: Final = 1 << 16
_READABLE: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGE: Final = (
    zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, struct.error, EOFError, OSError, KeyError
)  # fmt: skip
"""What the zip library makes of damaged files."""


@contextmanager
def opened(content: Path | IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """An archive whose list of members could be read. Raises Refused (unreadable) for any damage, also while used."""
    try:
        with zipfile.ZipFile(content) as archive:
            yield archive
    except DAMAGE as error:
        detail = str(error)[:100] or type(error).__name__
        raise Refused("unreadable", f"the archive is damaged ({detail})") from error
    except Exception as error:
        if type(error).__module__ != "zlib":
            raise
        raise Refused("unreadable", "the archive is damaged (deflated data)") from error


def check(archive: zipfile.ZipFile, limits: Limits, most: int) -> None:
    """Refuses what is encrypted, lies about its members, or would unpack beyond the limits; `most` members at most."""
    members = [member for member in archive.infolist() if not member.filename.endswith("/")]
    if len(members) > most:
        raise Refused("too big", f"it has {len(members)} members, more than {most}")
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise Refused("encrypted", "it needs a password")
    _check_overlap(members)
    if sum(member.file_size for member in members) > limits.total:
        raise Refused("bomb", f"it unpacks to more than {limits.total // 1_000_000} MB")
    for member in members:
        if member.compress_type not in _READABLE:
            raise Refused("unreadable", f"a member is packed by method {member.compress_type}, which is not read")
        check_growth(member.file_size, member.compress_size, limits)


def check_growth(unpacked: int, packed: int, limits: Limits) -> None:
    """Refuses a member that is too large or too well packed to be a document."""
    if unpacked > limits.one:
        raise Refused("bomb", f"a member unpacks to more than {limits.one // 1_000_000} MB")
    if unpacked > limits.free and unpacked > limits.ratio * max(packed, 1):
        raise Refused("bomb", f"a member unpacks to more than {limits.ratio} times its size")


def _check_overlap(members: list[zipfile.ZipInfo]) -> None:
    """Members that share bytes are how a small file claims to hold a huge one; honest programs write none."""
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < 0:
            raise Refused("unreadable", "the archive is damaged (a member lies before its beginning)")
        if member.header_offset < end:
            raise Refused("bomb", "its members overlap")
        end = member.header_offset + _LOCAL_HEAD + member.compress_size


def pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> Iterator[bytes]:
    """A member's bytes. The library gives no more than the size that `check` saw, and compares the checksum."""
    total = 0
    with archive.open(member) as stream:
        while piece := stream.read(_PIECE):
            total += len(piece)
            check_growth(total, member.compress_size, limits)
            yield piece


def check_contents(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Unpacks everything to nowhere: for libraries that would trust the sizes in the headers."""
    for member in archive.infolist():
        for _ in pieces(archive, member, limits):
            pass
