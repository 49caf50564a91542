"""Makes small files of every kind byte by byte, so that a test can make each of them wrong in one place."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
CELLS = '<row r="1"><c r="A1" t="inlineStr"><is><t>合計</t></is></c><c r="B1"><v>12</v></c></row>'


def zipped(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else method
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 5, 9, 0, 0)), data, stored)
    return target.getvalue()


def common(name: bytes, data: bytes, packed: int = -1, *, flags: int = 0, method: int = 0) -> bytes:
    """What a zip says of a member both before it and in its directory."""
    packed = len(data) if packed < 0 else packed
    return struct.pack("<HHHHHIIIHH", 20, flags, method, 0, 0x5B65, zlib.crc32(data), packed, len(data), len(name), 0)


def directory(members: Sequence[tuple[bytes, bytes, int]], start: int, *, attributes: int = 0) -> bytes:
    """The end of a zip: of each member what is `common`, its name and where it begins; `start`: where this begins."""
    entries = b"".join(
        b"PK\1\2" + struct.pack("<BB", 20, 3) + about + struct.pack("<HHHII", 0, 0, 0, attributes, offset) + name
        for about, name, offset in members
    )
    count = len(members) & 0xFFFF
    return entries + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(entries), start, 0)


def raw_zip(members: Sequence[tuple[bytes, bytes]], *, flags: int = 0, method: int = 0, attributes: int = 0) -> bytes:
    """A zip whose names are bytes as they are; data is stored, whatever `method` claims."""
    body, listed = bytearray(), []
    for name, data in members:
        about = common(name, data, flags=flags, method=method)
        listed.append((about, name, len(body)))
        body += b"PK\3\4" + about + name + data
    return bytes(body) + directory(listed, len(body), attributes=attributes)


def sheet(cells: str = CELLS, after: str = "", root: str = f'<worksheet xmlns="{MAIN}">') -> str:
    return f"{DECLARATION}{root}<sheetData>{cells}</sheetData>{after}</worksheet>"


CONTENT_TYPES, ROOT = "[Content_Types].xml", "_rels/.rels"


def xlsx_parts(
    sheets: Sequence[str] = (), *, strings: str = "", styles: str = "", main_type: str = SHEET_TYPE, book: str = ""
) -> dict[str, bytes | str]:
    """The parts of a workbook with these sheet parts (one with a label and a number where none is given)."""
    sheets = sheets or [sheet()]
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    related += f'<Relationship Id="s" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>' if strings else ""
    related += f'<Relationship Id="t" Type="{RELATIONS}/styles" Target="styles.xml"/>' if styles else ""
    package = "http://schemas.openxmlformats.org/package/2006"
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{package}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{main_type}"/></Types>',
        "_rels/.rels": f'{DECLARATION}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": book
        or f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{DECLARATION}<Relationships xmlns="{package}/relationships">{related}'
        "</Relationships>",
    }
    parts |= {f"xl/worksheets/sheet{number}.xml": text for number, text in zip(numbers, sheets, strict=True)}
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    if styles:
        parts["xl/styles.xml"] = styles
    return parts


def xlsx(cells: str = CELLS, after: str = "", **more: str) -> bytes:
    return zipped(xlsx_parts([sheet(cells, after)], **more))


def strings(*texts: str) -> str:
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return f'{DECLARATION}<sst xmlns="{MAIN}">{items}</sst>'


def styles(*formats: str) -> str:
    """Style n (from 1) shows numbers by the format n; style 0 as they are."""
    codes = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>' for n, code in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(len(formats)))
    return (
        f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellStyleXfs><xf numFmtId="14"/>'
        f'</cellStyleXfs><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>'
    )


def office(main_type: str, folder: str, *more: str, part: str = "<d><body/></d>") -> bytes:
    """A file with the frame of an Office document and nothing in it but `part`."""
    parts = xlsx_parts(main_type=main_type)
    kept = {name: str(parts[name]).replace("xl/workbook", f"{folder}/document") for name in (CONTENT_TYPES, ROOT)}
    return zipped({**kept, f"{folder}/document.xml": part, **dict.fromkeys(more, "x")})


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def docx(body: str) -> bytes:
    """A Word document with that body."""
    return office(WORD, "word", part=f"{DECLARATION}<w:document {W}><w:body>{body}</w:body></w:document>")


def paragraph(text: str, properties: str = "") -> str:
    return f'<w:p><w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def word_table(*rows: Sequence[str], widths: Sequence[int] = ()) -> str:
    """A table of texts, or of whole cells where one begins with `<w:tc>`."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    written = "".join(
        "<w:tr>" + "".join(cell if cell.startswith("<w:tc>") else f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row)
        + "</w:tr>" for row in rows
    )  # fmt: skip
    return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{written}</w:tbl>"


def ods(cell: str = '<table:table-cell office:value-type="float" office:value="12"/>', *, manifest: str = "") -> bytes:
    office_space, table = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table"))
    content = (
        f'<office:document-content xmlns:office="{office_space}" xmlns:table="{table}"><office:body>'
        f'<office:spreadsheet><table:table table:name="表1"><table:table-row>{cell}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "content.xml": content,
        }
    )


_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(streams: Mapping[str, bytes], *, storages: Sequence[str] = ()) -> bytes:
    """A compound file with these streams, small ones in its mini stream."""
    sectors: list[bytes] = []
    follows: list[int] = []

    def put(data: bytes) -> int:
        start = len(sectors)
        pieces = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        sectors.extend(pieces)
        follows.extend([*range(start + 1, start + len(pieces)), _END])
        return start if pieces else _END

    mini, mini_follows = b"", list[int]()
    entries = []
    for name, data in streams.items():
        if len(data) >= 4096:
            entries.append((name, 2, put(data), len(data)))
            continue
        start = len(mini) // 64
        mini += data + b"\0" * (-len(data) % 64)
        mini_follows += [*range(start + 1, len(mini) // 64), _END] if data else []
        entries.append((name, 2, start if data else _END, len(data)))
    entries += [(name, 1, 0, 0) for name in storages]
    root = ("Root Entry", 5, put(mini) if mini else _END, len(mini))
    mini_table = put(struct.pack(f"<{len(mini_follows)}I", *mini_follows)) if mini else _END
    directory = put(b"".join(_entry(number, *entry, len(entries)) for number, entry in enumerate([root, *entries])))
    tables = len(follows) // 127 + 1
    first = len(follows)
    follows += [_TABLE] * tables
    table = struct.pack(f"<{len(follows)}I", *follows).ljust(tables * 512, b"\xff")
    places = [*range(first, first + tables)]
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(10) + struct.pack("<IIIII", tables, directory, 0, 4096, mini_table)
    head += struct.pack("<III", (len(mini_follows) + 127) // 128, _END, 0)
    head += struct.pack(f"<{len(places)}I", *places).ljust(436, b"\xff")
    return head + b"".join(sectors) + table


def _entry(number: int, name: str, kind: int, start: int, size: int, others: int) -> bytes:
    """A directory entry; the root's child is the first, each one's right sibling is the next."""
    written = name.encode("utf-16-le") + b"\0\0"
    right = number + 1 if 0 < number < others else _FREE
    child = 1 if number == 0 and others else _FREE
    head = written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1)
    return head + struct.pack("<III", _FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def biff(*, before: bytes = b"", sheet_kind: int = 0, cells: bytes | None = None, name: str = "表1") -> bytes:
    """The stream of an xls workbook with one sheet: a label in A1, 12 in B1."""
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0x1DBB, 0x7CC, 0, 6)) + before
    text = name.encode("utf-16-le")
    bound_size = 4 + 8 + len(text)
    codepage = record(0x42, struct.pack("<H", 1200))
    offset = len(begin) + len(codepage) + bound_size + 4
    bound = record(0x85, struct.pack("<IBBBB", offset, 0, sheet_kind, len(name), 1) + text)
    if cells is None:
        label = "合計".encode("utf-16-le")
        cells = record(0x204, struct.pack("<HHHHB", 0, 0, 0, 2, 1) + label)
        cells += record(0x203, struct.pack("<HHHd", 0, 1, 0, 12.0))
    inside = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x1DBB, 0x7CC, 0, 6))
    inside += record(0x200, struct.pack("<IIHHH", 0, 1, 0, 2, 0)) + cells + record(0x0A, b"")
    return begin + codepage + bound + record(0x0A, b"") + inside


def xls(*, storages: Sequence[str] = (), extra: Mapping[str, bytes] | None = None, **more: object) -> bytes:
    return compound({"Workbook": biff(**more), **(extra or {})}, storages=storages)  # type: ignore[arg-type]


def pdf(*objects: bytes, root: int = 1, trailer: bytes = b"", version: bytes = b"%PDF-1.7\n") -> bytes:
    """A PDF of these objects, numbered from 1, with a right table of their places."""
    body, places = version, []
    for number, data in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
    return body + table + tail % (len(objects) + 1, root, trailer, len(body))


def stream(data: bytes, entries: bytes = b"", *, packed: bool = False) -> bytes:
    if packed:
        data, entries = zlib.compress(data, 9), entries + b"/Filter/FlateDecode"
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), entries, data)


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
WORDS = b"BT /F 12 Tf 72 700 Td (Total 12) Tj ET"


def page(contents: bytes = WORDS, *, root: bytes = b"", page: bytes = b"", more: Sequence[bytes] = ()) -> bytes:
    """A PDF with one page; `root` and `page` are further entries, `more` the objects from 6 on."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R%s>>" % root,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>%s>>" % page,
        contents if contents.startswith(b"<<") else stream(contents),
        FONT,
        *more,
    )


def png(width: int = 1, height: int = 1) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def jpg(width: int = 1, height: int = 1) -> bytes:
    size = struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"
    return (
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" + b"\xff\xc0" + struct.pack(">H", len(size) + 2) + size
        + b"\xff\xda\0\x08\1\1\0\0\x3f\0" + b"\x7f" * 40 + b"\xff\xd9"
    )  # fmt: skip
