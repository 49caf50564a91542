"""The EICAR test text: 68 harmless bytes that every virus scanner reports.

Kept back to front, so that no scanner reports this file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Final

_BACKWARDS: Final = rb"*H+H$!ELIF-TSET-SURIVITNA-DRADNATS-RACIE$}7)CC7)^P(45XZP\4[PA@%P!O5X"
_PART: Final = bytes(1 << 16)
_DIRECTORY: Final = b"PK\x01\x02"
_END: Final = b"PK\x05\x06"


def eicar() -> bytes:
    """The test text."""
    return _BACKWARDS[::-1]


def bulky(size: int) -> Iterable[bytes]:
    """A zip of `size` bytes, in parts, with the test text in it: found only by a scanner that looks into such a size.

    Between the one member and the directory at the end lies nothing but zeros, so that it takes no memory.
    """
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("eicar.com", eicar())
    plain = whole.getvalue()
    cut = plain.index(_DIRECTORY)
    gap = max(0, size - len(plain))
    end = bytearray(plain[cut:])
    at = end.rindex(_END) + 16
    end[at : at + 4] = (cut + gap).to_bytes(4, "little")
    yield plain[:cut]
    for done in range(0, gap, len(_PART)):
        yield _PART[: gap - done]
    yield bytes(end)
