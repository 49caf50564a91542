"""What a file is, by its first bytes and its parts, and whether it may be opened at all. Its name decides nothing
that its bytes can decide: texts alone, and what is locked, are told apart by it."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Final

from syncd.forms.fact import FileKind
from syncd.reading import officefiles, pictures, texts
from syncd.reading.compound import MAGIC as COMPOUND
from syncd.reading.limits import Limits, Refused
from syncd.reading.officefiles import Found
from syncd.reading.wire import Looked

_MAGIC: Final[tuple[tuple[bytes, FileKind], ...]] = (
    (b"MZ", "exe"), (b"\x7fELF", "exe"), (b"\xca\xfe\xba\xbe", "exe"), (b"\xcf\xfa\xed\xfe", "exe"),
    (b"\xfe\xed\xfa\xcf", "exe"), (b"\x4c\x00\x00\x00\x01\x14\x02\x00", "exe"),
    (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"), (b"GIF89a", "gif"),
    (b"II*\x00", "tif"), (b"MM\x00*", "tif"), (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gz"), (b"{\\rtf", "other"), (b"#!", "script"),
    (b"\x09\x08\x10\x00", "xls"), (b"\x09\x08\x08\x00", "xls"), (b"\x09\x04\x06\x00", "xls"),
    (b"\x09\x02\x06\x00", "xls"), (b"\x09\x00\x04\x00", "xls"),
)  # fmt: skip
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK")
_HEIC: Final = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
_PDF_WITHIN: Final = 1024


def look(content: Path, name: str, limits: Limits) -> Looked:
    """What a file is and, where that can be seen from outside, why it can't be read."""
    size = content.stat().st_size
    with content.open("rb") as file:
        found = _found(file, name, limits)
        if size > limits.file and not found.trouble:
            found = found.refused(Refused("too big", f"it is larger than {limits.file // 1_000_000} MB"))
        try:
            if found.kind == "png":
                pictures.check_png(file, limits)
            elif found.kind == "jpg":
                pictures.check_jpg(file, limits)
        except Refused as refused:
            found = found.refused(refused)
    return Looked(found.kind, size, found.trouble, found.detail, found.macros, found.images)


def _found(file: IO[bytes], name: str, limits: Limits) -> Found:
    head = file.read(texts.HEAD)
    if not head:
        return Found("empty")
    if head.startswith(_ZIP):
        return officefiles.in_archive(file, head, limits)
    if head.startswith(COMPOUND):
        file.seek(0)
        return officefiles.in_compound(file, name, limits)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return Found(kind)
    if head[4:8] == b"ftyp":
        return Found("heic" if head[8:12] in _HEIC else "other")
    if head[2:5] == b"-lh" and head[6:7] == b"-":
        return Found("lzh")
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return Found("pdf")
    return Found(texts.kind_of(head, name))
