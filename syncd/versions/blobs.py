"""The content-addressed store of kept bytes: `versions/ab/abcdef…` under the state folder, and `quarantine/`.

What is kept is whole and on the disk before anybody relies on its SHA-1. It never changes bytes and removes none that
the caller calls referenced; whose bytes they are is not known here.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final

from syncd.errors import SyncdError
from syncd.names import to_intranet
from syncd.versions.incoming import Incoming, refused

_SHA1: Final = re.compile(r"[0-9a-f]{40}")
CHUNK: Final = 1 << 20


class Batch:
    """Several contents brought to the disk together; they are kept when the batch ends, or none of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.whole: Final[list[Incoming]] = []

    @contextmanager
    def receive(self) -> Iterator[Incoming]:
        """One content; ended without `keep` it leaves nothing behind."""
        incoming = Incoming(self._folder, self.whole.append)
        try:
            with incoming:
                yield incoming
        finally:
            if incoming not in self.whole:
                incoming.path.unlink(missing_ok=True)


class Versions:
    """Every content once, under its SHA-1.

    Args:
        folder: the state folder; `versions/` and `quarantine/` in it are made (0700) when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "versions"
        self._incoming = self._folder / ".incoming"
        self._quarantine = folder / "quarantine"
        self._guard = threading.Lock()  # between putting in and purging

    # ── in ──

    @contextmanager
    def receive(self) -> Iterator[Incoming]:
        """A file-like object that takes one content; `keep()` keeps it, leaving without `keep()` forgets it."""
        incoming = Incoming(self._incoming, self._keep_one)
        try:
            with incoming:
                yield incoming
        finally:
            incoming.path.unlink(missing_ok=True)

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        """Keeps many contents with one wait for the disk.

        Raises:
            SyncdError: the disk refuses; none of the batch is kept.
        """
        batch = Batch(self._incoming)
        try:
            yield batch
            if batch.whole:
                self._keep_all(batch.whole)
        finally:
            for incoming in batch.whole:
                incoming.path.unlink(missing_ok=True)

    def put_file(self, path: Path) -> tuple[str, int]:
        """Keeps the bytes of a file of syncd's own; returns SHA-1 and size."""
        with self.receive() as incoming, path.open("rb") as source:
            shutil.copyfileobj(source, incoming, CHUNK)
            return incoming.keep()

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """A private folder for work on contents, gone afterwards."""
        folder = self._incoming / f"work-{secrets.token_hex(8)}"
        try:
            folder.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise refused(folder, error) from error
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def put(self, content: bytes) -> tuple[str, int]:
        """Keeps bytes at hand; returns SHA-1 and size."""
        with self.receive() as incoming:
            incoming.write(content)
            return incoming.keep()

    def _keep_one(self, incoming: Incoming) -> None:
        try:
            os.fsync(incoming.fileno())
            target = self._put_in_place(incoming)
            _sync(target.parent, os.fsync)
        except OSError as error:
            raise refused(self._folder, error) from error

    def _keep_all(self, several: Iterable[Incoming]) -> None:
        try:
            _sync(self._incoming, _syncfs)
            for incoming in several:
                self._put_in_place(incoming)
            _sync(self._folder, _syncfs)
        except OSError as error:
            raise refused(self._folder, error) from error

    def _put_in_place(self, incoming: Incoming) -> Path:
        """Bytes that are there already are replaced by the same bytes: this mends what has rotted."""
        target = self.path(incoming.sha1)
        with self._guard:
            if not target.parent.is_dir():
                target.parent.mkdir(mode=0o700, exist_ok=True)
                _sync(self._folder, os.fsync)
            incoming.path.replace(target)
        return target

    # ── out ──

    def path(self, sha1: str) -> Path:
        """Where these bytes lie, or would lie."""
        if not _SHA1.fullmatch(sha1):
            raise ValueError(f"no SHA-1: {sha1!r}")
        return self._folder / sha1[:2] / sha1

    def has(self, sha1: str) -> bool:
        """Whether these bytes are kept."""
        return self.path(sha1).is_file()

    @contextmanager
    def open(self, sha1: str) -> Iterator[BinaryIO]:
        """The kept bytes, verified before the first of them is handed out.

        Raises:
            SyncdError: they are not there, or no longer what they were.
        """
        place = self.path(sha1)
        try:
            file = place.open("rb")
        except OSError as error:
            raise SyncdError(f"{place}: the kept bytes can't be read ({error.strerror})", "see backups") from error
        with file:
            if _sha1_of(file) != sha1:
                raise SyncdError(f"{place}: the kept bytes are damaged", "take them from a backup; check the disk")
            file.seek(0)
            yield file

    def read(self, sha1: str) -> bytes:
        """The kept bytes, verified. Raises SyncdError."""
        with self.open(sha1) as file:
            return file.read()

    def __iter__(self) -> Iterator[str]:
        """SHA-1 of everything that is kept, in order."""
        for folder in sorted(self._folder.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(path.name for path in folder.iterdir() if _SHA1.fullmatch(path.name))

    def damaged(self) -> Iterator[str]:
        """Reads everything and names what is no longer what it was."""
        for sha1 in self:
            with suppress(FileNotFoundError), self.path(sha1).open("rb") as file:
                if _sha1_of(file) != sha1:
                    yield sha1

    # ── away ──

    def sweep(self) -> None:
        """Removes what a crash left half received. Only for the daemon, at start."""
        shutil.rmtree(self._incoming, ignore_errors=True)
        for leftover in self._quarantine.glob(".*"):
            leftover.unlink(missing_ok=True)

    def purge(self, referenced: AbstractSet[str], before: float) -> tuple[str, ...]:
        """Removes bytes that are not referenced and were last put in before that time (seconds since the epoch).

        Returns:
            SHA-1 of what was removed. The time protects bytes that are kept but not yet recorded anywhere.
        """
        removed = []
        for sha1 in self:
            if sha1 in referenced:
                continue
            with self._guard, suppress(FileNotFoundError):
                if self.path(sha1).stat().st_mtime < before:
                    self.path(sha1).unlink()
                    removed.append(sha1)
        return tuple(removed)

    # ── quarantine ──

    def quarantine(self, number: int, name: str, sha1: str) -> Path:
        """Lays a copy of kept bytes into `quarantine/`, where an administrator finds it by its number. Done: no harm.

        Raises:
            SyncdError: the bytes are not kept, or the disk refuses.
        """
        target = self._quarantine / f"{number}_{_safe(name)}"
        temporary = self._quarantine / f".{number}"
        if target.exists():
            return target
        try:
            self._quarantine.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self.open(sha1) as source, open(temporary, "wb", opener=_private) as copy:
                shutil.copyfileobj(source, copy, CHUNK)
                copy.flush()
                os.fsync(copy.fileno())
            temporary.replace(target)
            _sync(self._quarantine, os.fsync)
        except OSError as error:
            raise refused(target, error) from error
        return target

    def drop_quarantined(self, number: int) -> None:
        """Removes the copy with that number from `quarantine/`. Not there: no harm."""
        for path in self._quarantine.glob(f"{number}_*"):
            path.unlink(missing_ok=True)


def _sha1_of(file: BufferedReader) -> str:
    return hashlib.file_digest(file, _new_sha1).hexdigest()


def _new_sha1() -> hashlib._Hash:
    return hashlib.sha1(usedforsecurity=False)


def _safe(name: str) -> str:
    """The name as a file can bear it after a number; it need not be reversible, the database has the true one."""
    text = to_intranet(name.encode("utf-8", "backslashreplace").decode())
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) > 16:
        stem, dot, ending = text, "", ""
    return stem.encode()[:180].decode("utf-8", "ignore") + dot + ending


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


def _sync(folder: Path, by: Callable[[int], None]) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        by(descriptor)
    finally:
        os.close(descriptor)


def _syncfs(descriptor: int) -> None:
    """Everything of that file system to the disk: the wait is one, however many files there are."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syncfs(descriptor) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
