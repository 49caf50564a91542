"""What is inside a file: every file that is packed in it, whatever packs it, and the marks of whose it is.

Zip and tar archives, office files with what is embedded in them, old office files and mails with their packages, PDF
files with attachments, within each other. Owns how things are packed; refuses to know what they say. What can't be
opened whole is called sealed: nobody could say what it holds.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import struct
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final

from syncd.owner_mark import marks_in
from syncd.reading import archives, unlocking
from syncd.reading.bundles import shown_name
from syncd.reading.compound import MAGIC as COMPOUND
from syncd.reading.compound import Compound
from syncd.reading.kinds import look
from syncd.reading.limits import Limits, Refused
from syncd.reading.wire import Insides, Within

DEEPEST: Final = 8
"""How many things may be packed within each other."""
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK")
_GZIP: Final = b"\x1f\x8b"
_SEALED: Final = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
"""Packers that nothing here opens."""
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"\x01\x00\x00\x00", b"\xd7\xcd\xc6\x9a")
_TEXT_PARTS: Final = (".xml", ".rels", ".vml")
_CELLS: Final = (
    "xl/worksheets/",
    "xl/calcchain",
    "xl/styles",
    "xl/theme",
    "word/styles",
    "word/theme",
    "word/fonttable",
)
"""Parts in which no mark stands; they are the largest."""
_PACKAGE, _OLE10, _ATTACHED = "package", "\x01ole10native", "__substg1.0_3701"
_MAIL: Final = (
    b"from:",
    b"received:",
    b"return-path:",
    b"mime-version:",
    b"message-id:",
    b"delivered-to:",
    b"subject:",
)
_PIECE: Final = 1 << 20
_PART: Final = 64 << 20


def insides(content: Path, name: str, into: Path, limits: Limits) -> Insides:
    """Everything that is in a file; what is packed in it is written to the folder `into` as files 0, 1, 2 …

    Pictures and what is only the frame of an office file are hashed, not written. Raises OSError.
    """
    walk = _Walk(into, limits)
    looked = look(content, name, limits)
    if looked.trouble in ("encrypted", "bomb", "too big"):
        return Insides(sealed=looked.trouble)
    walk.file(content, 0)
    return Insides(tuple(sorted(walk.marks)), tuple(walk.members), walk.sealed)


class _Walk:
    """What was found so far, over everything that is packed in each other."""

    def __init__(self, into: Path, limits: Limits) -> None:
        self.marks: set[str] = set()
        self.members: list[Within] = []
        self.sealed = ""
        self._into, self._limits = into, limits
        self._total = 0

    def file(self, path: Path, depth: int) -> None:
        """Looks into one file."""
        if depth > DEEPEST:
            self.sealed = self.sealed or "deep"
            return
        with path.open("rb") as file:
            head = file.read(512)
            file.seek(0)
            try:
                self._open(file, head, depth)
            except Refused as refused:
                self.sealed = self.sealed or refused.trouble

    def _open(self, file: IO[bytes], head: bytes, depth: int) -> None:
        if head.startswith(_ZIP):
            self._zip(file, depth)
        elif head.startswith(COMPOUND):
            self._compound(file, depth)
        elif head.startswith(_GZIP):
            self._gzip(file, depth)
        elif head[257:262] == b"ustar":
            self._tar(file, depth)
        elif head.startswith(_SEALED) or (head[2:5] == b"-lh" and head[6:7] == b"-"):
            self.sealed = self.sealed or "packed"
        else:
            self._plain(file, head, depth)

    # ── what packs things ──

    def _zip(self, file: IO[bytes], depth: int) -> None:
        with archives.opened(file) as archive:
            names = [member.filename.lower().replace("\\", "/") for member in archive.infolist()]
            office = "[content_types].xml" in names or "mimetype" in names
            archives.check(archive, self._limits, self._limits.parts)
            for member in archive.infolist():
                if not member.filename.endswith("/"):
                    self._member(archive, member, office, depth)

    def _member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, office: bool, depth: int) -> None:
        plain = member.filename.lower().replace("\\", "/")
        if office and plain.endswith(_TEXT_PARTS):
            if not plain.startswith(_CELLS):
                self._search(archives.pieces(archive, member, self._limits))
            return
        folders, name = shown_name(member)
        name = "" if office else "/".join((*folders, name or "-"))
        self._take(name, archives.pieces(archive, member, self._limits), depth)

    def _compound(self, file: IO[bytes], depth: int) -> None:
        compound = Compound(file)
        if "encryptedpackage" in compound.names:
            plain = unlocking.package(file)
            if plain is None:
                raise Refused("encrypted", "it needs a password")
            self._zip(io.BytesIO(plain), depth)
            return
        for name, data in compound.streams(self._limits.one):
            if name in (_PACKAGE, "contents") or name.startswith(_ATTACHED):
                self._take("", [data], depth)
            elif name == _OLE10:
                self._take("", [_native(data)], depth)
            else:
                self.marks |= marks_in(data)

    def _gzip(self, file: IO[bytes], depth: int) -> None:
        try:
            with gzip.open(file) as packed:
                self._take("", iter(lambda: packed.read(_PIECE), b""), depth)
        except (OSError, EOFError, ValueError) as error:
            raise Refused("unreadable", "the archive is damaged") from error

    def _tar(self, file: IO[bytes], depth: int) -> None:
        try:
            with tarfile.open(fileobj=file, mode="r:") as archive:
                for info in archive:
                    member = archive.extractfile(info) if info.isfile() else None
                    if member is not None:
                        self._take(info.name, iter(lambda member=member: member.read(_PIECE), b""), depth)  # type: ignore[misc]
        except (tarfile.TarError, OSError, EOFError, ValueError) as error:
            raise Refused("unreadable", "the archive is damaged") from error

    def _plain(self, file: IO[bytes], head: bytes, depth: int) -> None:
        self._search(iter(lambda: file.read(_PIECE), b""))
        if b"%PDF-" in head:
            file.seek(0)
            self._pdf(file, depth)
        elif any(line.lower().startswith(_MAIL) for line in head.splitlines()[:3]):
            file.seek(0)
            self._mail(file, depth)
        elif not head.startswith(_PICTURES) and zipfile.is_zipfile(file):  # an archive that unpacks itself
            file.seek(0)
            self._zip(file, depth)

    def _pdf(self, file: IO[bytes], depth: int) -> None:
        import pypdf

        try:
            reader = pypdf.PdfReader(file)
            if reader.is_encrypted and not reader.decrypt(""):
                raise Refused("encrypted", "it needs a password")
            said = " ".join(str(value) for value in (reader.metadata or {}).values())
            self.marks |= marks_in(said.encode("utf-8", "replace"))
            for name, contents in reader.attachments.items():
                for data in contents:
                    self._take(str(name), [bytes(data)], depth)
        except Refused:
            raise
        except Exception as error:  # whatever the library makes of a damaged file: it has no attachments to be had
            if depth:
                return
            self.marks |= marks_in(str(error).encode("utf-8", "replace"))

    def _mail(self, file: IO[bytes], depth: int) -> None:
        import email.parser
        import email.policy

        message = email.parser.BytesParser(policy=email.policy.default).parse(file)
        for part in message.walk():
            data = part.get_payload(decode=True) if not part.is_multipart() else None
            if isinstance(data, bytes) and data:
                self._take(str(part.get_filename() or ""), [data], depth)

    # ── what is packed ──

    def _take(self, name: str, pieces: Iterable[bytes], depth: int) -> None:
        """One packed file: hashed, written, and looked into."""
        if len(self.members) >= self._limits.parts:
            raise Refused("too big", "it has too many members")
        sha1 = hashlib.sha1(usedforsecurity=False)
        size, begin = 0, b""
        file = self._into / str(len(self.members))
        with file.open("xb") as target:
            for piece in pieces:
                begin = begin or piece[:16]
                size += len(piece)
                self._count(len(piece))
                sha1.update(piece)
                target.write(piece)
        written = file.name
        if not size or begin.startswith(_PICTURES):
            file.unlink()
            written = ""
        self.members.append(Within(name, sha1.hexdigest(), written))
        if written:
            self.file(file, depth + 1)

    def _search(self, pieces: Iterator[bytes]) -> None:
        before = b""
        for piece in pieces:
            self._count(len(piece))
            self.marks |= marks_in(before + piece)
            before = piece[-64:]

    def _count(self, size: int) -> None:
        self._total += size
        if self._total > self._limits.total:
            raise Refused("bomb", f"it unpacks to more than {self._limits.total // 1_000_000} MB")


def _native(stream: bytes) -> bytes:
    """The file in an `Ole10Native` stream: behind its label, its name and the path that it had."""
    try:
        data = io.BytesIO(stream[4:])
        if struct.unpack("<H", data.read(2))[0] == 2:
            for _ in range(2):
                _skip_text(data)
            data.read(4)
            length = struct.unpack("<I", data.read(4))[0]
            data.read(length)
            size = struct.unpack("<I", data.read(4))[0]
            found = data.read(size)
            if found and len(found) == size:
                return found
    except struct.error:
        pass
    return stream[4:]


def _skip_text(data: IO[bytes]) -> None:
    while data.read(1) not in (b"\0", b""):
        pass
