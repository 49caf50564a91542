"""Which kind of archive or compound file something is, whether it carries program code, whether it is locked."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import IO, Final

from syncd.forms.fact import FileKind, Trouble
from syncd.reading import archives, unlocking, vba
from syncd.reading.compound import Compound
from syncd.reading.limits import Limits, Refused

_TYPES: Final = "[content_types].xml"
_MAIN_PARTS: Final[tuple[tuple[bytes, FileKind, bool], ...]] = (
    (b"spreadsheetml.sheet.main+xml", "xlsx", False),
    (b"spreadsheetml.template.main+xml", "xlsx", False),
    (b"sheet.macroEnabled.main+xml", "xlsm", False),  # its type alone runs nothing
    (b"template.macroEnabled.main+xml", "xlsm", False),
    (b"addin.macroEnabled.main+xml", "xlsm", True),
    (b"sheet.binary.macroEnabled.main", "xlsb", False),
    (b"wordprocessingml.document.main+xml", "docx", False),
    (b"wordprocessingml.template.main+xml", "docx", False),
    (b"ms-word.document.macroEnabled", "docx", True),
    (b"ms-word.template.macroEnabled", "docx", True),
    (b"presentationml.presentation.main+xml", "pptx", False),
    (b"presentationml.slideshow.main+xml", "pptx", False),
    (b"ms-powerpoint.", "pptx", True),
)
_MAIN_FOLDERS: Final[tuple[tuple[str, FileKind], ...]] = (("xl/", "xlsx"), ("word/", "docx"), ("ppt/", "pptx"))
_OPEN_DOCUMENT: Final = b"application/vnd.oasis.opendocument."
_CODE: Final = re.compile(r"(?:^|/)vbadata\.xml$|^xl/macrosheets/|^(?:basic|scripts)/.")
_PROJECT: Final = re.compile(r"(?:^|/)vbaproject\.bin$")
_LARGEST_PROJECT: Final = 20_000_000
_PICTURE: Final = re.compile(r"^(?:xl/media|word/media|ppt/media|pictures)/.")
_LOCKED_KINDS: Final[dict[str, FileKind]] = {
    ".xlsx": "xlsx", ".xlsm": "xlsm", ".xlsb": "xlsb", ".docx": "docx", ".docm": "docx", ".pptx": "pptx"
}  # fmt: skip
_HEAD: Final = 4096
_PROJECTS: Final = frozenset(("vba", "_vba_project_cur", "macros", "_vba_project"))
_FILEPASS, _BOUNDSHEET, _END = 0x2F, 0x85, 0x0A
_MACRO_SHEET, _MODULE = 1, 6
_GLOBALS: Final = 4_000_000
"""Bytes of an xls workbook stream in which its sheets must have been named."""


@dataclass(frozen=True, slots=True)
class Found:
    """What something is; `trouble` and `images` as in `Reading`."""

    kind: FileKind
    macros: bool = False
    trouble: Trouble = ""
    detail: str = ""
    images: int = 0

    def refused(self, why: Refused) -> Found:
        return replace(self, trouble=why.trouble, detail=why.detail)


def in_archive(file: IO[bytes], head: bytes, limits: Limits) -> Found:
    """What a zip archive is."""
    found = Found(_guessed(head))
    try:
        with archives.opened(file) as archive:
            found = _archive(archive)
            found = replace(found, images=sum(1 for name in archive.namelist() if _PICTURE.search(name.lower())))
            archives.check(archive, limits, limits.members if found.kind == "zip" else limits.parts)
            if found.kind == "ods" and b"encryption-data" in _part(archive, "meta-inf/manifest.xml"):
                raise Refused("encrypted", "it needs a password")
    except Refused as refused:
        return found.refused(refused)
    return found


def _guessed(head: bytes) -> FileKind:
    """Of an archive whose list of members is gone: what its first members are called."""
    if b"[Content_Types].xml" not in head and b"_rels/.rels" not in head and b"xl/" not in head:
        return "ods" if _OPEN_DOCUMENT + b"spreadsheet" in head else "zip"
    return next((kind for folder, kind in _MAIN_FOLDERS if folder.encode() in head), "xlsx")


def _archive(archive: zipfile.ZipFile) -> Found:
    names = [name.lower().replace("\\", "/") for name in archive.namelist()]
    code = any(_CODE.search(name) for name in names) or _has_project(archive)
    if "mimetype" in names and (written := _part(archive, "mimetype")).startswith(_OPEN_DOCUMENT):
        return Found("ods" if written.startswith(_OPEN_DOCUMENT + b"spreadsheet") else "other", code)
    if "meta-inf/manifest.mf" in names:
        return Found("exe")
    if _TYPES not in names and "_rels/.rels" not in names:
        return Found("zip")
    types = _part(archive, _TYPES)
    for mark, found, macros in _MAIN_PARTS:
        if mark in types:
            return Found("xlsm" if found == "xlsx" and code else found, macros or code)
    kind = next((kind for folder, kind in _MAIN_FOLDERS if any(name.startswith(folder) for name in names)), None)
    return Found(kind, code) if kind else Found("other", code)


def _has_project(archive: zipfile.ZipFile) -> bool:
    """A VBA project with a line of code, or one that can't be looked into."""
    projects = [member for member in archive.infolist() if _PROJECT.search(member.filename.lower().replace("\\", "/"))]
    for member in projects:
        try:
            if member.file_size > _LARGEST_PROJECT or vba.project_has_code(archive.read(member)):
                return True
        except Exception:  # whatever is wrong with it, it may be code
            return True
    return False


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a part; nothing where that can't be had, which is found out later."""
    for member in archive.infolist():
        if member.filename.lower().replace("\\", "/") == name and not member.flag_bits & archives.ENCRYPTED:
            try:
                with archive.open(member) as part:
                    return part.read(1_000_000)
            except Exception:  # whatever is wrong with it, it names no kind
                return b""
    return b""


def in_compound(file: IO[bytes], name: str, limits: Limits) -> Found:
    """What a compound file is."""
    found = Found("other")
    try:
        compound = Compound(file)
        names = compound.names
        if "encryptedpackage" in names:
            return _locked(file, name, limits)
        code = not names.isdisjoint(_PROJECTS) and vba.has_code(compound)
        book = next((each for each in ("workbook", "book") if each in names), "")
        if book:
            found = Found("xls", code)
            return _workbook(compound, book, code)
        if "worddocument" in names:
            # Bit 8 of the flags at 10: the document is encrypted.
            found = Found("doc", code)
            start = compound.beginning("worddocument", 12)
            if len(start) == 12 and start[11] & 1:
                raise Refused("encrypted", "it needs a password")
            return found
        return Found("other", code)
    except Refused as refused:
        return found.refused(refused)


def _locked(file: IO[bytes], name: str, limits: Limits) -> Found:
    """An encrypted Office file: a workbook that Excel opens without asking is what is in it, else it is locked."""
    if (plain := unlocking.package(file)) is not None:
        found = in_archive(io.BytesIO(plain), plain[:_HEAD], limits)
        if found.kind in ("xlsx", "xlsm"):
            return found
    kind = _LOCKED_KINDS.get(PurePath(name).suffix.lower(), "xlsx")
    return Found(kind, trouble="encrypted", detail="it needs a password")


def _workbook(compound: Compound, book: str, code: bool) -> Found:
    """Looks through the records that come before the sheets: locked? macro sheets?"""
    stream = compound.beginning(book, _GLOBALS)
    offset = 0
    while offset + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, offset)
        if record == _FILEPASS:
            plain = unlocking.stream(compound.beginning(book, compound.size(book)))
            if plain is None:
                return Found("xls", code, "encrypted", "it needs a password")
            stream = plain  # in clear, and this record is none any more
            continue
        if record == _BOUNDSHEET and offset + 9 < len(stream) and stream[offset + 9] in (_MACRO_SHEET, _MODULE):
            code = True
        if record == _END:
            break
        offset += 4 + length
    return Found("xls", code)
