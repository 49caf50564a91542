"""Pictures, looked at from outside only: is the file whole, and how large would it be unpacked? Nothing is decoded."""

from __future__ import annotations

import os
import struct
from typing import IO, Final

from syncd.reading.limits import Limits, Refused

_TAIL: Final = 1 << 20
_SIZES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})


def check_png(file: IO[bytes], limits: Limits) -> None:
    """Raises Refused when it breaks off or is too large."""
    end = file.seek(0, os.SEEK_END)
    offset = 8
    while True:
        file.seek(offset)
        head = file.read(16)
        if len(head) < 12:
            raise Refused("unreadable", "the picture breaks off")
        length, kind = struct.unpack_from(">I4s", head)
        if offset == 8 and (kind != b"IHDR" or length != 13):
            raise Refused("unreadable", "the picture is damaged (no head)")
        if offset == 8:
            if len(head) < 16:
                raise Refused("unreadable", "the picture breaks off")
            _check_size(struct.unpack_from(">II", head, 8), limits)
        offset += 12 + length
        if offset > end:
            raise Refused("unreadable", "the picture breaks off")
        if kind == b"IEND":
            return


def check_jpg(file: IO[bytes], limits: Limits) -> None:
    """Raises Refused when it breaks off or is too large."""
    end = file.seek(0, os.SEEK_END)
    offset = 2
    while True:
        file.seek(offset)
        head = file.read(9)
        if len(head) < 4 or head[0] != 0xFF:
            raise Refused("unreadable", "the picture is damaged (no size)")
        if head[1] == 0xFF or head[1] in _ALONE:
            offset += 1 if head[1] == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", head, 2)
        if head[1] in _SIZES:
            if len(head) < 9:
                raise Refused("unreadable", "the picture breaks off")
            _check_size(struct.unpack_from(">HH", head, 5), limits)
            break
        if head[1] == 0xDA or length < 2:
            raise Refused("unreadable", "the picture is damaged (no size)")
        offset += 2 + length
    # Cameras write more behind the end of the picture, so it is looked for, not expected at the very end.
    file.seek(max(offset, end - _TAIL))
    if b"\xff\xd9" not in file.read():
        raise Refused("unreadable", "the picture breaks off")


def _check_size(size: tuple[int, ...], limits: Limits) -> None:
    width, height = size
    if not width or not height:
        raise Refused("unreadable", "the picture has no size")
    if width * height > limits.pixels:
        raise Refused("bomb", f"the picture has {width} × {height} pixels")
