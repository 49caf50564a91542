"""The smallest real files of each kind, with a text in them, for tests that only care what bytes a paper has.

`paper("請求書.pdf", "v1")` is a PDF that says v1 and `text_of` reads that back, so a story can go on speaking of "v1".
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from html import escape, unescape
from pathlib import PurePath
from typing import Final

from syncd.demo.forms.workbook import zipped

_NS: Final = "http://schemas.openxmlformats.org"
_REL: Final = f"{_NS}/officeDocument/2006/relationships"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TEXT: Final = re.compile(rb"<(?:w:)?t[^>]*>([^<]*)</(?:w:)?t>")
_PDF: Final = re.compile(rb"\n%text ([0-9a-f]*)\n")
_JPEG: Final = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
_DOT: Final = bytes.fromhex(
    f"ffdb004300{'ff' * 64}ffc0000b080001000101011100ffc40014000100000000000000000000000000000003"
    "ffc40014100100000000000000000000000000000000ffda0008010100003f0047ffd9"
)
"""One white dot: all of a JPEG that follows its head and comments."""


def paper(name: str, text: str) -> bytes:
    """A file of the kind that its name says, with that text; of a kind that nobody knows: the text. Empty stays so."""
    make = _KINDS.get(PurePath(name).suffix.lower())
    return make(text) if make and text else text.encode()


def text_of(content: bytes) -> str:
    """The text in such a file; any other bytes as text."""
    if content.startswith(b"PK\3\4"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                part = next(name for name in archive.namelist() if name.endswith(("sheet1.xml", "document.xml")))
                found = _TEXT.search(archive.read(part))
        except (zipfile.BadZipFile, StopIteration):
            found = None
        if found:
            return unescape(found[1].decode())
    if content.startswith(b"%PDF-") and (found := _PDF.search(content)):
        return bytes.fromhex(found[1].decode()).decode()
    if content.startswith(_JPEG):
        return content[len(_JPEG) + 4 : -len(_DOT)].decode("utf-8", "replace")
    return content.decode("utf-8", "replace")


def workbook(text: str) -> bytes:
    """An xlsx with one cell, about 1 kB."""
    sheet = f'<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c></row>'
    main = f'xmlns="{_NS}/spreadsheetml/2006/main"'
    listed = '<sheet name="Sheet1" sheetId="1" r:id="rId1"/>'
    parts = {
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{_REL}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relation(f"{_REL}/worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>",
    }
    return _office("spreadsheetml.sheet", parts, {"xl/worksheets/sheet1.xml": "spreadsheetml.worksheet"})


def letter(text: str) -> bytes:
    """A docx with one paragraph."""
    words = f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    document = f'<w:document xmlns:w="{_NS}/wordprocessingml/2006/main"><w:body>{words}</w:body></w:document>'
    return _office("wordprocessingml.document", {"word/document.xml": document}, {})


def pdf(text: str, padding: int = 0) -> bytes:
    """A PDF of one page that shows the text, as far as that is ASCII; `padding`: that many bytes more."""
    shown = text.encode("ascii", "replace").hex()
    drawn = b"BT /F1 12 Tf 60 780 Td <%s> Tj ET" % shown.encode()
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 %s >> >> >>"
        % font,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
    )
    written = bytearray(b"%%PDF-1.4\n%%text %s\n" % text.encode().hex().encode())
    written += b"%" * padding + b"\n" * bool(padding)
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, count = len(written), len(objects) + 1
    written += b"xref\n0 %d\n0000000000 65535 f \n" % count
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, start)
    return bytes(written)


def picture(text: str) -> bytes:
    """A JPEG of one white dot, with the text as its comment."""
    comment = text.encode()
    return _JPEG + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + _DOT


def _relation(kind: str, target: str) -> str:
    relation = f'<Relationship Id="rId1" Type="{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_NS}/package/2006/relationships">{relation}</Relationships>'


def _office(kind: str, parts: Mapping[str, str], more: Mapping[str, str]) -> bytes:
    """An Office file of these parts, the first of which is its main one; `more`: the kinds of others."""
    first = next(iter(parts))
    types = {first: f"{kind}.main", **more}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.{each}+xml"/>'
        for name, each in types.items()
    )
    content_types = (
        f'<Types xmlns="{_NS}/package/2006/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>'
    )
    texts = {"[Content_Types].xml": content_types, "_rels/.rels": _relation(f"{_REL}/officeDocument", first), **parts}
    return zipped({name: (_XML + text).encode() for name, text in texts.items()})


_KINDS: Final[Mapping[str, Callable[[str], bytes]]] = {
    ".xlsx": workbook,
    ".docx": letter,
    ".pdf": pdf,
    ".jpg": picture,
}
