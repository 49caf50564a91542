"""What an xls workbook says beside its cells: pictures such as a seal, texts in boxes and comments, ticked boxes.

Owns just enough of the old format (BIFF8) to tell whether these are the same in two files. Raises Refused for damage.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from syncd.reading.compound import Compound
from syncd.reading.limits import Refused

LARGEST: Final = 32 * 1024 * 1024
_DRAWINGS, _CONTINUED, _TEXT, _OBJECT = 0xEB, 0x3C, 0x1B6, 0x5D
_PICTURE: Final = 0xF007
_NO_CHILDREN: Final = 0x0F
_TICKED: Final = 0x12


@dataclass(slots=True)
class Drawings:
    """Of a whole workbook.

    Attributes:
        pictures: how often each content (by the digest in the file) is there.
        texts: how often each text of a box or comment is there.
        ticks: the states of its check boxes, in their order.
        macros: it has program code.
    """

    pictures: Counter[bytes] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    ticks: list[str] = field(default_factory=list)
    macros: bool = False


def drawings(path: Path) -> Drawings:
    """Raises Refused, OSError."""
    with path.open("rb") as file:
        compound = Compound(file)
        if "workbook" not in compound.names:
            raise Refused("unreadable", "it is no workbook of Excel 97 or later")
        stream = compound.beginning("workbook", LARGEST)
    found = Drawings(macros="_vba_project_cur" in compound.names or "vba" in compound.names)
    art = bytearray()
    before, expected = 0, 0
    for kind, data in _records(stream):
        if kind == _DRAWINGS or (kind == _CONTINUED and before == _DRAWINGS):
            art += data
            before = _DRAWINGS
            continue
        if kind == _TEXT and len(data) >= 12:
            expected = struct.unpack_from("<H", data, 10)[0]
        elif kind == _CONTINUED and before == _TEXT and expected and data:
            found.texts["".join(_text(data)[:expected].split())] += 1
            expected = 0
        elif kind == _OBJECT:
            found.ticks += _ticks(data)
        before = kind
    found.pictures = _pictures(bytes(art))
    return found


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _text(data: bytes) -> str:
    return data[1:].decode("utf-16-le" if data[0] & 1 else "latin-1", "replace")


def _ticks(data: bytes) -> Iterator[str]:
    at = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        if kind == _TICKED and len(data) >= at + 6:
            yield str(struct.unpack_from("<H", data, at + 4)[0])
        at += 4 + size


def _pictures(art: bytes) -> Counter[bytes]:
    found: Counter[bytes] = Counter()
    at = 0
    while at + 8 <= len(art):
        version, kind, size = struct.unpack_from("<HHI", art, at)
        at += 8
        if version & _NO_CHILDREN == _NO_CHILDREN:  # a container: its children follow
            continue
        if kind == _PICTURE and len(art) >= at + 28:
            uses = struct.unpack_from("<I", art, at + 24)[0]
            found[art[at + 2 : at + 18]] += min(uses, 1_000_000)
        at += size
    return +found
