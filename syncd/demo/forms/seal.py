"""A round red seal as a picture, drawn dot by dot: it says nothing and belongs to nobody."""

from __future__ import annotations

import functools
import struct
import zlib

SIZE = 48
"""Dots across."""
WHITE, RED = b"\xff\xff\xff", b"\xcc\x22\x22"


@functools.cache
def dots() -> bytes:
    """One bit a dot, row by row: 0 is white, 1 is red."""
    middle = (SIZE - 1) / 2
    packed = bytearray(SIZE * SIZE // 8)
    for at in range(SIZE * SIZE):
        y, x = divmod(at, SIZE)
        distance = ((x - middle) ** 2 + (y - middle) ** 2) ** 0.5
        stroke = abs(x - middle) < 2 or (abs(y - middle) < 2 and distance < 16)
        if 20 <= distance <= 23 or (stroke and distance < 18):
            packed[at // 8] |= 0x80 >> at % 8
    return bytes(packed)


@functools.cache
def png() -> bytes:
    """The picture as a file."""
    row = SIZE // 8
    raw = b"".join(b"\0" + dots()[start : start + row] for start in range(0, SIZE * row, row))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 1, 3, 0, 0, 0)),
        (b"PLTE", WHITE + RED),
        (b"IDAT", zlib.compress(raw, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
