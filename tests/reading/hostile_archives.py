"""Archives that are cut off, damaged, locked, lying, or bombs."""

from __future__ import annotations

import bz2
import io
import struct
import zipfile
import zlib
from functools import cache, partial

from syncd.forms.fact import FileKind, Trouble
from tests.reading import making as m
from tests.reading.hostile_file import (
    ENCRYPTED,
    SPREADSHEET,
    UNREADABLE,
    WORD,
    Hostile,
    Named,
    flipped_at,
    good,
)


def cut_off() -> Named:
    """Uploads break off. What is missing at the end is told; the kind still shows at the beginning."""
    archives: tuple[FileKind, ...] = ("xlsx", "xlsm", "docx", "pptx", "ods", "zip")
    for kind in archives:
        data = good()[kind]
        for part in range(1, 8):
            cut = max(120, len(data) * part // 8)
            shown: FileKind = "xlsx" if kind == "xlsm" else kind
            if kind in ("docx", "pptx") and b"word/" not in data[:cut] and b"ppt/" not in data[:cut]:
                shown = "xlsx"
            yield f"{kind} cut off at {part}/8", _cut(data, cut, kind, shown)
    for sectors in range(1, 5):
        yield f"xls cut off after {sectors} sectors", _cut(m.xls(), 512 * sectors, "xls", "other")
    pictures: tuple[FileKind, ...] = ("png", "jpg")
    for kind in pictures:
        data = good()[kind]
        for cut in range(12, len(data) - 1, len(data) // 8):
            yield f"{kind} cut off at {cut}", _cut(data, cut, kind, kind)
    for cut in (20, 60, 120, 200):
        yield f"pdf cut off at {cut}", _cut(good()["pdf"], cut, "pdf", "pdf")


def _cut(data: bytes, at: int, suffix: str, kind: FileKind) -> Hostile:
    return Hostile(lambda: data[:at], f"a.{suffix}", kind, UNREADABLE)


def flipped() -> Named:
    """A bit that fell over in the sheet is found by its checksum."""
    data = good()["xlsx"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        member = archive.getinfo("xl/worksheets/sheet1.xml")
    start = member.header_offset + 30 + len(member.filename)
    for at in range(start, start + member.compress_size, member.compress_size // 24):
        yield f"xlsx with bit {at} flipped", Hostile(partial(flipped_at, data, at), "a.xlsx", "xlsx", UNREADABLE)
    stored = m.zipped(m.xlsx_parts(), zipfile.ZIP_STORED)
    at = stored.index(b"<v>12") + 3
    yield "xlsx with a digit changed", Hostile(lambda: flipped_at(stored, at), "a.xlsx", "xlsx", UNREADABLE)
    head = data.index(b"PK\1\2")
    yield "zip directory damaged", Hostile(lambda: flipped_at(data, head), "a.xlsx", "xlsx", UNREADABLE)


def zips() -> Named:
    names = (
        "/etc/passwd",
        "../../../../tmp/evil",
        "..\\..\\evil.txt",
        "C:\\evil.txt",
        "a/../../b",
        "\0",
        "a\0b.txt",
        "‮txt.exe",
    )
    for name in names:
        yield f"zip of {name!r}", _zip(m.raw_zip([(name.encode(), b"x")], flags=0x800))
    yield "zip of cp932 names", _zip(m.raw_zip([("４月\\在籍 表.xlsx".encode("cp932"), m.xlsx())]))
    yield "zip of a name in no encoding", _zip(m.raw_zip([(b"\xff\xfe\xfd.txt", b"x")]))
    yield "zip with a link", _zip(m.raw_zip([(b"link", b"/etc/passwd")], attributes=0o120777 << 16))
    yield "zip with a device", _zip(m.raw_zip([(b"null", b"")], attributes=0o020666 << 16))
    yield "zip without members", _zip(m.zipped({}))
    yield "zip of folders", _zip(m.zipped({"a/": "", "b/": ""}))
    yield "zip of twins", _zip(m.raw_zip([(b"a.txt", b"1"), (b"a.txt", b"2")]))
    yield "zip with more behind it", _zip(good()["zip"] + b"x" * 100)
    yield "zip with a password", _zip(m.raw_zip([(b"a.txt", b"x" * 20)], flags=1), ENCRYPTED)
    yield "zip with AES", _zip(m.raw_zip([(b"a.txt", b"x" * 20)], flags=1, method=99), ENCRYPTED)
    yield "xlsx with a locked part", Hostile(lambda: _locked_part(), "a.xlsx", "xlsx", ENCRYPTED)
    for method in (1, 6, 9, 12, 14, 93, 95, 98):
        yield f"zip packed by method {method}", _zip(m.raw_zip([(b"a.txt", b"x")], method=method), UNREADABLE)
    yield "zip of 201 members", _zip(m.raw_zip([(b"%d" % n, b"") for n in range(201)]), "too big")
    yield "zip of 70,000 members", Hostile(_many_members, "a.zip", "zip", "too big")
    yield "java program", Hostile(lambda: m.zipped({"META-INF/MANIFEST.MF": "x", "A.class": "x"}), "a.zip", "exe")
    yield "epub", Hostile(lambda: m.zipped({"mimetype": "application/epub+zip", "a.html": ""}), "a.zip", "zip")
    yield "zip whose end lies about its directory", _zip(_patched_end(12, 0x7FFFFFFF), UNREADABLE)
    yield "zip whose directory lies elsewhere", _zip(_patched_end(16, 0x7FFFFFFF), UNREADABLE)
    yield "zip head alone", _zip(b"PK\3\4", UNREADABLE)
    yield "zip with a wrong checksum", Hostile(lambda: _wrong_checksum(), "a.xlsx", "xlsx", UNREADABLE)


def _zip(data: bytes, trouble: Trouble = "") -> Hostile:
    return Hostile(lambda: data, "a.zip", "zip", trouble)


def _locked_part() -> bytes:
    """Only the sheet is marked as locked, in the directory."""
    data = bytearray(good()["xlsx"])
    data[data.rindex(b"xl/worksheets") - 46 + 8] |= 1
    return bytes(data)


def _wrong_checksum() -> bytes:
    data = bytearray(good()["xlsx"])
    data[data.rindex(b"xl/worksheets") - 46 + 16] ^= 1
    return bytes(data)


def _many_members() -> bytes:
    """More than the two bytes that count them can say; the directory has them all."""
    return m.raw_zip([(b"%d" % number, b"") for number in range(70_000)])


def _patched_end(offset: int, value: int) -> bytes:
    data = bytearray(good()["zip"])
    struct.pack_into("<I", data, data.rindex(b"PK\5\6") + offset, value)
    return bytes(data)


@cache
def zeros(size: int, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    return m.zipped({"zeros.bin": bytes(size)}, method)


def bombs() -> Named:
    yield "bomb of zeros", Hostile(lambda: zeros(15_000_000), "a.zip", "zip", "bomb")
    yield "bomb of claims", Hostile(lambda: _claiming(0x30000000), "a.zip", "zip", "bomb")
    yield "bomb in many parts", Hostile(_in_parts, "a.zip", "zip", "bomb")
    yield "bomb of full overlap", Hostile(lambda: _overlapping(), "a.zip", "zip", "bomb")
    yield "bomb of quoted overlap", Hostile(_quoted, "a.zip", "zip", "bomb")
    yield "bomb as a workbook", Hostile(lambda: _with_part("xl/big.xml", 15_000_000), "a.xlsx", "xlsx", "bomb")
    yield (
        "bomb as a text document",
        Hostile(
            lambda: m.zipped({"[Content_Types].xml": f'<T ContentType="{WORD}"/>', "word/a.xml": bytes(15_000_000)}),
            "a.docx",
            "docx",
            "bomb",
        ),
    )
    yield (
        "bomb as ods",
        Hostile(
            lambda: m.zipped({"mimetype": SPREADSHEET, "content.xml": bytes(15_000_000)}),
            "a.ods",
            "ods",
            "bomb",
        ),
    )
    yield "bz2 bomb in a zip", Hostile(lambda: zeros(3_000_000, zipfile.ZIP_BZIP2), "a.zip", "zip", UNREADABLE)
    yield "lzma bomb in a zip", Hostile(lambda: zeros(3_000_000, zipfile.ZIP_LZMA), "a.zip", "zip", UNREADABLE)
    yield "bz2 bomb", Hostile(lambda: bz2.compress(bytes(10_000_000)), "a.bz2", "other")
    yield "gz bomb", Hostile(lambda: b"\x1f\x8b\x08" + zlib.compress(bytes(10_000_000)), "a.gz", "gz")


def _claiming(size: int) -> bytes:
    """The directory claims more than is there."""
    data = bytearray(good()["zip"])
    struct.pack_into("<I", data, data.index(b"PK\1\2") + 24, size)
    return bytes(data)


def _with_part(name: str, size: int) -> bytes:
    return m.zipped(m.xlsx_parts() | {name: bytes(size)})


def _packed(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _in_parts() -> bytes:
    """Sixty parts of nine megabytes, none of which is too large for itself."""
    nine = bytes(9_000_000)
    packed = _packed(nine)
    body, listed = bytearray(), []
    about = m.common(b"00", nine, len(packed), method=8)
    for number in range(60):
        name = b"%02d" % number
        listed.append((about, name, len(body)))
        body += b"PK\3\4" + about + name + packed
    return bytes(body) + m.directory(listed, len(body))


def _overlapping() -> bytes:
    """Many names for the same bytes."""
    million = bytes(1_000_000)
    packed = _packed(million)
    about = m.common(b"00", million, len(packed), method=8)
    body = b"PK\3\4" + about + b"00" + packed
    return body + m.directory([(about, b"%02d" % number, 0) for number in range(100)], len(body))


def _quoted() -> bytes:
    """The first member quotes the head of the second as stored bytes, and so ends where that one does."""
    data = b"x" * 2000
    second = m.common(b"z", data)
    both = b"PK\3\4" + second + b"z" + data
    first = m.common(b"y", both)
    head = b"PK\3\4" + first + b"y"
    body = head + both
    return body + m.directory([(first, b"y", 0), (second, b"z", len(head))], len(body))
