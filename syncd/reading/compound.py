"""Compound files (OLE): the small file systems in which old Office, and every encrypted Office file, keep things."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Sequence
from typing import IO, Final

from syncd.reading.limits import Refused

MAGIC: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_LAST_SECTOR: Final = 0xFFFFFFFA
_MOST_ENTRIES: Final = 20_000
_STORAGE, _STREAM, _ROOT = 1, 2, 5

_Entry = tuple[str, int, int, int, tuple[int, int, int]]
"""Name in lower case, kind, first sector, size; the entries left and right of it, and the first one within."""


class Compound:
    """The names in a compound file, and the beginnings of its streams. Raises Refused for damage.

    Attributes:
        names: of all streams and storages, in lower case, wherever they lie; of several of a name the one that lies
            highest is meant.
        paths: of the same, with the storages they lie in: `_vba_project_cur/vba/dir`.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        head = file.read(512)
        if len(head) < 512 or not head.startswith(MAGIC):
            raise Refused("unreadable", "the compound file is damaged (no head)")
        shift, mini_shift = struct.unpack_from("<HH", head, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise Refused("unreadable", "the compound file is damaged (size of sectors)")
        self._size = 1 << shift
        tables, directory, _, self._cutoff, self._mini_start = struct.unpack_from("<IIIII", head, 44)
        self._next = self._allocation(head, tables)
        self._streams: dict[str, tuple[int, int]] = {}
        self.paths: dict[str, tuple[int, int]] = {}
        self._all: list[tuple[str, int, int]] = []
        self._mini: tuple[array[int], bytes] | None = None
        self._root = (_LAST_SECTOR, 0)
        self._read_directory(directory)
        if not self._streams:
            raise Refused("unreadable", "the compound file is damaged (it has no directory)")
        self.names = frozenset(self._streams)

    def size(self, name: str) -> int:
        """How many bytes a stream claims to have."""
        return self._streams[name.lower()][1]

    def beginning(self, name: str, most: int) -> bytes:
        """The first `most` bytes of a stream, by its name or path."""
        return self._stream(*(self.paths.get(name) or self._streams[name.lower()]), most)

    def streams(self, most: int) -> Iterator[tuple[str, bytes]]:
        """Every stream, also where several have one name: its name in lower case and its first `most` bytes."""
        for name, start, size in self._all:
            yield name, self._stream(start, size, most)

    def _stream(self, start: int, whole: int, most: int) -> bytes:
        size = min(whole, most)
        if whole >= self._cutoff:
            return self._chain(start, size)
        mini, container = self._small()
        data = bytearray()
        while start < len(mini) and len(data) < size:
            data += container[start * 64 : start * 64 + 64]
            if len(data) > len(container):
                raise Refused("unreadable", "the compound file is damaged (a chain without end)")
            start = mini[start]
        return bytes(data[:size])

    def _small(self) -> tuple[array[int], bytes]:
        """Where small streams lie: which piece follows which, and all the pieces."""
        if self._mini is None:
            mini = array("I")
            table = self._chain(self._mini_start, 1 << 22)
            mini.frombytes(table[: len(table) // 4 * 4])
            self._mini = mini, self._chain(*self._root)
        return self._mini

    def _allocation(self, head: bytes, tables: int) -> array[int]:
        """Which sector follows which."""
        places = list(struct.unpack_from("<109I", head, 76))
        following, count = struct.unpack_from("<II", head, 68)
        seen = 0
        while following < _LAST_SECTOR and seen < min(count, 10_000):
            numbers = array("I")
            numbers.frombytes(self._sector(following))
            places += numbers[:-1]
            following = numbers[-1]
            seen += 1
        following_sector = array("I")
        for place in [place for place in places if place < _LAST_SECTOR][: min(tables, 1_000_000)]:
            following_sector.frombytes(self._sector(place))
        return following_sector

    def _sector(self, number: int) -> bytes:
        self._file.seek((number + 1) * self._size)
        data = self._file.read(self._size)
        if not data:
            raise Refused("unreadable", "the compound file is damaged (it breaks off)")
        return data.ljust(self._size, b"\0")

    def _chain(self, sector: int, most: int) -> bytes:
        data = bytearray()
        steps = 0
        while sector < len(self._next) and len(data) < most:
            data += self._sector(sector)
            sector = self._next[sector]
            steps += 1
            if steps > len(self._next):
                raise Refused("unreadable", "the compound file is damaged (a chain without end)")
        return bytes(data[:most])

    def _read_directory(self, sector: int) -> None:
        data = self._chain(sector, _MOST_ENTRIES * 128)
        entries: list[_Entry] = []
        for offset in range(0, len(data) - 127, 128):
            length, kind = struct.unpack_from("<HB", data, offset + 64)
            name = data[offset : offset + min(max(length - 2, 0), 64)].decode("utf-16-le", "replace").lower()
            start, size = struct.unpack_from("<II", data, offset + 116)
            entries.append((name, kind, start, size, struct.unpack_from("<III", data, offset + 68)))
            if kind == _ROOT:
                self._root = (start, min(size, 1 << 26))
            if kind == _STREAM:
                self._all.append((name, start, size))
        self.paths = dict(_paths(entries))
        for path, place in sorted(self.paths.items(), key=lambda each: each[0].count("/")):
            self._streams.setdefault(path.rpartition("/")[2], place)
        for name, kind, start, size, _ in entries:  # also what hangs on no storage
            if kind in (_STORAGE, _STREAM, _ROOT):
                self._streams.setdefault(name, (start, size))


def _paths(entries: Sequence[_Entry]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Where each stream and storage lies, by the tree that the directory is."""
    waiting = [(entry[4][2], "") for entry in entries[:1]]
    seen: set[int] = set()
    while waiting:
        number, above = waiting.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        name, kind, start, size, (left, right, child) = entries[number]
        waiting += [(left, above), (right, above)]
        if kind in (_STORAGE, _STREAM):
            yield above + name, (start, size)
        if kind == _STORAGE:
            waiting.append((child, f"{above}{name}/"))
