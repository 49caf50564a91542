"""Bytes on their way in: written to a temporary file, hashed on the way, nobody's until they are kept."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from syncd.errors import SyncdError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def refused(place: Path, error: OSError) -> SyncdError:
    """What a disk that refuses means to a person."""
    return SyncdError(
        f"{place}: bytes can't be kept ({error.strerror or error})",
        "free space on the state's disk and check its health; what was kept before is unharmed",
    )


class Incoming(io.FileIO):
    """A temporary file that hashes what is written to it, from its beginning to its end.

    A full disk raises SyncdError, not OSError, so that nobody takes it for a fault of the side the bytes come from.

    Attributes:
        path: where the bytes are until they are kept.
        size: bytes written so far.
    """

    def __init__(self, folder: Path, keep: Callable[[Incoming], None]) -> None:
        self.path: Final = folder / secrets.token_hex(16)
        self.size = 0
        self._digest = hashlib.sha1(usedforsecurity=False)
        self._keep = keep
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            super().__init__(os.fspath(self.path), "xb", opener=_private)
        except OSError as error:
            raise refused(folder, error) from error

    def write(self, data: ReadableBuffer, /) -> int:
        """Writes all of `data`."""
        view = memoryview(data).cast("B")
        done = 0
        try:
            while done < len(view):
                done += super().write(view[done:])
        except OSError as error:
            raise refused(self.path.parent, error) from error
        self._digest.update(view)
        self.size += done
        return done

    @property
    def sha1(self) -> str:
        """Of what was written so far."""
        return self._digest.hexdigest()

    def keep(self) -> tuple[str, int]:
        """The content is whole: keeps it and returns its SHA-1 and size. In a batch it is kept when the batch ends.

        Raises:
            SyncdError: the disk refuses; nothing was kept.
        """
        self._keep(self)
        return self.sha1, self.size


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)
