"""Other workbooks, compound files, what is encrypted, what carries program code."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from functools import cache, partial

import pypdf

from syncd.forms.fact import FileKind
from tests.reading import making as m
from tests.reading.hostile_books import LAUGHS
from tests.reading.hostile_file import (
    BINARY,
    ENCRYPTED,
    SPREADSHEET,
    UNREADABLE,
    WORD,
    Hostile,
    Named,
    good,
)


def spreadsheets() -> Named:
    """The other kinds of workbook."""
    wide = '<table:table-cell table:number-columns-repeated="16000" office:value-type="float" office:value="1"/>'
    yield "ods repeating columns", Hostile(lambda: m.ods(wide), "a.ods", "ods")
    high = wide.replace("16000", "1000").replace(
        "/>",
        '/></table:table-row><table:table-row table:number-rows-repeated="1000000">' + wide.replace("16000", "1000"),
        1,
    )
    yield "ods repeating rows and columns", Hostile(lambda: m.ods(high), "a.ods", "ods", "too big")
    yield "ods with laughs", Hostile(lambda: _ods_declared(LAUGHS), "a.ods", "ods", UNREADABLE)
    yield (
        "ods without content",
        Hostile(lambda: m.zipped({"mimetype": SPREADSHEET}), "a.ods", "ods", UNREADABLE),
    )
    yield "odt", Hostile(lambda: m.zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "a.odt", "other")
    yield "xlsb without content", Hostile(lambda: m.office(BINARY, "xl"), "a.xlsb", "xlsb", UNREADABLE)
    far = m.record(0x203, struct.pack("<HHHd", 0, 0, 0, 1.0)) + m.record(
        0x203, struct.pack("<HHHd", 65535, 255, 0, 1.0)
    )
    yield "xls with a cell at the far corner", Hostile(lambda: m.xls(cells=far), "a.xls", "xls")
    yield (
        "xls with a record that is too long",
        Hostile(lambda: m.xls(cells=struct.pack("<HH", 0x203, 60_000) + b"x"), "a.xls", "xls", UNREADABLE),
    )
    yield "xls before 1995", Hostile(lambda: b"\x09\x04\x06\0\0\0\x10\0\0\0" + bytes(40), "a.xls", "xls", UNREADABLE)
    yield "SYLK called xls", Hostile(lambda: b"ID;PWXL;N;E\r\nC;Y1;X1;K12\r\nE\r\n", "a.xls", "xml")
    yield "web page called xls", Hostile(lambda: good()["html"], "012_202610_在籍.xls", "html")
    yield (
        "web archive called xls",
        Hostile(lambda: b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>", "a.xls", "html"),
    )


def _ods_declared(declaration: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(m.ods())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    content = declaration.encode() + parts["content.xml"].replace(b"12", b"&i;")
    return m.zipped({**parts, "content.xml": content})


def encrypted() -> Named:
    package = {"EncryptionInfo": bytes(200), "EncryptedPackage": bytes(9000)}
    suffixes: tuple[tuple[str, FileKind], ...] = (
        ("xlsx", "xlsx"),
        ("XLSM", "xlsm"),
        ("docx", "docx"),
        ("pptx", "pptx"),
        ("xlsb", "xlsb"),
        ("bin", "xlsx"),
    )
    for suffix, kind in suffixes:
        yield f"encrypted {suffix}", Hostile(lambda: m.compound(package), f"a.{suffix}", kind, ENCRYPTED)
    yield "encrypted, small", Hostile(lambda: m.compound({"EncryptedPackage": b"x" * 50}), "a.xlsx", "xlsx", ENCRYPTED)
    yield "encrypted xls", Hostile(lambda: m.xls(before=m.record(0x2F, bytes(54))), "a.xls", "xls", ENCRYPTED)
    yield (
        "encrypted xls of 1995",
        Hostile(lambda: m.compound({"Book": m.biff(before=m.record(0x2F, bytes(4)))}), "a.xls", "xls", ENCRYPTED),
    )
    yield (
        "encrypted doc",
        Hostile(lambda: m.compound({"WordDocument": bytes(11) + b"\1" + bytes(600)}), "a.doc", "doc", ENCRYPTED),
    )
    yield "encrypted ods", Hostile(lambda: m.ods(manifest="<manifest:encryption-data/>"), "a.ods", "ods", ENCRYPTED)
    for algorithm in ("RC4-40", "RC4-128", "AES-128", "AES-256"):
        yield (
            f"pdf with a password, {algorithm}",
            Hostile(
                partial(locked_pdf, "secret", algorithm),
                "a.pdf",
                "pdf",
                ENCRYPTED,
            ),
        )
        yield (
            f"pdf with an owner only, {algorithm}",
            Hostile(
                partial(locked_pdf, "", algorithm),
                "a.pdf",
                "pdf",
            ),
        )


@cache
def locked_pdf(password: str, algorithm: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(m.page()))
    writer.encrypt(password, "owner", algorithm=algorithm)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def macros() -> Named:
    def code(
        name: str, make: Callable[[], bytes], file: str, kind: FileKind, total: int | None = None
    ) -> tuple[str, Hostile]:
        return name, Hostile(make, file, kind, "", True, total)

    yield code("xlsm by its type and its code", lambda: good()["xlsm"], "a.xlsx", "xlsm", 12)
    yield code(
        "xlsx with a hidden vbaProject",
        lambda: m.zipped(m.xlsx_parts() | {"xl/vbaProject.bin": b"x"}),
        "a.xlsx",
        "xlsm",
        12,
    )
    yield code(
        "xlsx with a vbaProject elsewhere",
        lambda: m.zipped(m.xlsx_parts() | {"q/VBAPROJECT.BIN": b"x"}),
        "a.xlsx",
        "xlsm",
        12,
    )
    plain = Hostile(lambda: m.zipped(m.xlsx_parts(main_type=m.MACRO_TYPE)), "a.xlsm", "xlsm", "", False, 12)
    yield "xlsm without code", plain
    yield code(
        "Excel 4 macro sheet in xlsx",
        lambda: m.zipped(m.xlsx_parts() | {"xl/macrosheets/sheet1.xml": "<x/>"}),
        "a.xlsx",
        "xlsm",
        12,
    )
    yield code(
        "docm", lambda: m.office("application/vnd.ms-word.document.macroEnabled.main+xml", "word"), "a.docx", "docx"
    )
    yield code("docx with a vbaProject", lambda: m.office(WORD, "word", "word/vbaProject.bin"), "a.docx", "docx")
    yield code(
        "pptm",
        lambda: m.office("application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml", "ppt"),
        "a.pptx",
        "pptx",
    )
    yield code(
        "xls with VBA", lambda: m.xls(storages=["_VBA_PROJECT_CUR", "VBA"], extra={"dir": b"x"}), "a.xls", "xls", 12
    )
    yield code("xls with a macro sheet", lambda: m.xls(sheet_kind=1), "a.xls", "xls")
    yield code(
        "doc with macros", lambda: m.compound({"WordDocument": bytes(600)}, storages=["Macros", "VBA"]), "a.doc", "doc"
    )
    yield code("ods with Basic", lambda: _ods_with("Basic/Standard/Module1.xml"), "a.ods", "ods")
    yield code("ods with Python", lambda: _ods_with("Scripts/python/a.py"), "a.ods", "ods")
    action = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
    for name, root, page, more in (
        ("opening", b"/OpenAction 6 0 R", b"", action),
        ("named", b"/Names<</JavaScript<</Names[(a) 6 0 R]>>>>", b"", action),
        ("page", b"", b"/AA<</O 6 0 R>>", action),
        ("link", b"", b"/Annots[<</Type/Annot/Subtype/Link/A 6 0 R>>]", action),
        ("form", b"/AcroForm<</Fields[<</T(a)/AA<</K 6 0 R>>>>]>>", b"", action),
        ("launch", b"/OpenAction 6 0 R", b"", b"<</S/Launch/F(cmd.exe)>>"),
        ("rich media", b"", b"/Annots[<</Type/Annot/Subtype/RichMedia>>]", b"<<>>"),
        ("next", b"/OpenAction<</S/GoTo/Next 6 0 R>>", b"", action),
    ):
        made = m.page(root=root, page=page, more=[more])
        yield code(f"pdf with code: {name}", partial(bytes, made), "a.pdf", "pdf")


def _ods_with(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(m.ods())) as archive:
        return m.zipped({each: archive.read(each) for each in archive.namelist()} | {name: b"x"})


def compounds() -> Named:
    data = m.xls()
    for name, at, value in (
        ("sector size", 30, b"\xff\xff"),
        ("mini sector size", 32, b"\1\0"),
        ("directory", 48, b"\xf0\xff\xff\x0f"),
        ("table", 76, b"\xf0\xff\xff\x0f"),
    ):
        yield (
            f"compound with a wrong {name}",
            Hostile(
                partial(_with, data, at, value),
                "a.xls",
                "other",
                UNREADABLE,
            ),
        )
    yield "compound in circles", Hostile(_circle, "a.xls", "xls", UNREADABLE)
    yield (
        "compound with a million tables",
        Hostile(lambda: data[:44] + b"\xff\xff\xff\xff" + data[48:], "a.xls", "xls", "", False, 12),
    )
    yield "compound head alone", Hostile(lambda: data[:8], "a.xls", "other", UNREADABLE)
    yield "message of Outlook", Hostile(lambda: m.compound({"__properties_version1.0": bytes(64)}), "a.msg", "other")
    yield "slides of 2003", Hostile(lambda: m.compound({"PowerPoint Document": bytes(64)}), "a.ppt", "other")


def _with(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


def _circle() -> bytes:
    """The sectors of a large stream follow each other in a circle."""
    data = bytearray(m.compound({"Workbook": m.record(0x809, bytes(16)) + m.record(0x5C, bytes(8000)) * 3}))
    table = data.index(struct.pack("<I", 1) + struct.pack("<I", 2) + struct.pack("<I", 3))
    struct.pack_into("<I", data, table + 4 * 5, 1)
    return bytes(data)
