"""What a file is expected to be when an effect comes to it: its etag, and the SHA-1 of its bytes.

Owns the comparison with what is there. An etag can be put back by whoever sets a file's time, so the bytes are read
again before anything takes their place. Raises OSError for what can't be read.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import Final, Self

from syncd.tree.listing import etag
from syncd.tree.openness import written

_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Expected:
    """A file as it was seen; `sha1` '' where its bytes were not read.

    As text it is part of a name under `.syncd/tmp`, so that a start after a kill still knows it.
    """

    etag: str
    sha1: str = ""

    def __str__(self) -> str:
        return f"{self.etag}~{self.sha1}" if self.sha1 else self.etag

    @classmethod
    def read(cls, text: str) -> Self:
        """What `str` wrote."""
        found, _, sha1 = text.partition("~")
        return cls(found, sha1)

    def looks_like(self, descriptor: int) -> bool:
        """Whether the open file has the etag; its bytes may be others all the same."""
        return etag(os.fstat(descriptor)) == self.etag

    def is_at(self, descriptor: int) -> bool:
        """Whether the open file is as it was seen, bytes and all, and nobody is writing to it."""
        return (
            self.looks_like(descriptor)
            and written(descriptor) is not True
            and (not self.sha1 or _sha1(descriptor) == self.sha1)
        )


def _sha1(descriptor: int) -> str:
    digest = hashlib.sha1(usedforsecurity=False)
    while chunk := os.read(descriptor, _CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
