"""Bundles: zip archives that people send, unpacked within limits. Names in them are text, never paths."""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from syncd.reading import archives
from syncd.reading.limits import Limits, Refused
from syncd.reading.officefiles import in_archive
from syncd.reading.wire import Bundle, Packed

_OTHERS: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_UNSHOWN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_UTF8: Final = 0x800
_LONGEST: Final = 200
_ZIP: Final = b"PK\x03\x04"


def unpack(content: Path, into: Path, limits: Limits) -> Bundle:
    """Writes the members as files 0, 1, 2 … into the folder `into`; with trouble it leaves nothing there."""
    unpacking = _Unpacking(into, limits)
    try:
        unpacking.open(content, (), limits.depth)
        if not unpacking.found:
            raise Refused("unreadable", "there is no file in it")
    except (Refused, MemoryError, OSError) as error:
        unpacking.remove()
        if not isinstance(error, Refused):
            raise
        return Bundle(trouble=error.trouble, detail=error.detail)
    names = _told_apart([(each.folders, each.name) for each in unpacking.found])
    return Bundle(
        tuple(
            Packed(name, each.size, str(number))
            for number, (name, each) in enumerate(zip(names, unpacking.found, strict=True))
        )
    )


@dataclass(frozen=True, slots=True)
class _Found:
    folders: tuple[str, ...]
    name: str
    size: int


class _Unpacking:
    """What was written so far, over all archives within archives."""

    def __init__(self, into: Path, limits: Limits) -> None:
        self.found: list[_Found] = []
        self._into, self._limits = into, limits
        self._written = 0
        self._inner = 0

    def open(self, content: Path, above: tuple[str, ...], depth: int) -> None:
        """Unpacks one archive; `depth` archives may lie within each other, this one counted."""
        if not depth:
            raise Refused("bomb", f"archives lie more than {self._limits.depth} deep within each other")
        with archives.opened(content) as archive:
            archives.check(archive, self._limits, self._limits.members)
            for member in archive.infolist():
                folders, name = shown_name(member)
                if name and _is_file(member):
                    self._take(archive, member, (*above, *folders), name, depth)

    def _take(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, folders: tuple[str, ...], name: str, depth: int
    ) -> None:
        file = self._into / str(len(self.found))
        size, begin = self._write(archive, member, file)
        if begin != _ZIP or not self._is_bundle(file):
            self.found.append(_Found(folders, name, size))
            if len(self.found) > self._limits.members:
                raise Refused("too big", f"it has more than {self._limits.members} members")
            return
        self._inner += 1
        inner = self._into / f"inner{self._inner}"
        file.rename(inner)
        self.open(inner, (*folders, name.removesuffix(".zip")), depth - 1)
        inner.unlink()

    def _write(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: Path) -> tuple[int, bytes]:
        size, begin = 0, b""
        with file.open("xb") as target:
            for piece in archives.pieces(archive, member, self._limits):
                begin = begin or piece[:4]
                size += len(piece)
                self._written += len(piece)
                if self._written > self._limits.total:
                    raise Refused("bomb", f"it unpacks to more than {self._limits.total // 1_000_000} MB")
                target.write(piece)
        return size, begin

    def _is_bundle(self, file: Path) -> bool:
        with file.open("rb") as opened:
            return in_archive(opened, opened.read(4096), self._limits).kind == "zip"

    def remove(self) -> None:
        for file in self._into.iterdir():
            if file.name.isdecimal() or file.name.startswith("inner"):
                file.unlink()


def shown_name(member: zipfile.ZipInfo) -> tuple[tuple[str, ...], str]:
    """Folders and name as people see them; no name for what only a program has put there."""
    parts = [_UNSHOWN.sub("", part).strip()[:_LONGEST] for part in re.split(r"[/\\]", _decoded(member))]
    name = parts.pop()
    folders = tuple(part for part in parts if part not in ("", ".", "..") and not part.endswith(":"))
    if name in ("", ".", "..") or name.lower() in _OTHERS or name.startswith("._") or "__MACOSX" in folders:
        return folders, ""
    return folders, name


def _decoded(member: zipfile.ZipInfo) -> str:
    """A name in the encoding that its program had: Windows in Japan writes cp932, a Mac UTF-8 without saying so."""
    if member.flag_bits & _UTF8:
        return member.orig_filename
    raw = member.orig_filename.encode("cp437")
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.orig_filename


def _is_file(member: zipfile.ZipInfo) -> bool:
    """Whether it is a plain file: no folder, link or device."""
    kind = stat.S_IFMT(member.external_attr >> 16) if member.create_system == 3 else 0
    return kind in (0, stat.S_IFREG) and not member.filename.endswith(("/", "\\"))


def _told_apart(names: list[tuple[tuple[str, ...], str]]) -> list[str]:
    """Names without folders; twins with their folders before them, or else a number behind."""
    twins = Counter(_same(name) for _, name in names)
    wide = [name if twins[_same(name)] == 1 else "_".join((*folders, name)) for folders, name in names]
    told: list[str] = []
    taken: set[str] = set()
    for name in wide:
        path, number, given = PurePosixPath(name), 2, name
        while _same(given) in taken:
            given, number = f"{path.stem} ({number}){path.suffix}", number + 1
        taken.add(_same(given))
        told.append(given)
    return told


def _same(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
