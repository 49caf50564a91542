"""A hostile file with its answer, and small sound files to make hostile ones of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from syncd.forms.fact import FileKind, Trouble
from tests.reading import making as m

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"


BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"


ENCRYPTED: Trouble = "encrypted"


UNREADABLE: Trouble = "unreadable"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file and its answer.

    Attributes:
        make: its bytes.
        file: its name.
        kind, trouble, macros: what `Reader.read` says of it.
        total: what the fact 合計 is in it, None where it has none.
    """

    make: Callable[[], bytes]
    file: str
    kind: FileKind
    trouble: Trouble = ""
    macros: bool = False
    total: int | None = None


Named = Iterator[tuple[str, Hostile]]


@cache
def good() -> dict[FileKind, bytes]:
    """A small sound file of every kind."""
    return {
        "xlsx": m.xlsx(),
        "xls": m.xls(),
        "ods": m.ods(),
        "csv": "合計,12\r\n人数,3\r\n".encode("cp932"),
        "pdf": m.page(),
        "jpg": m.jpg(),
        "png": m.png(),
        "gif": b"GIF89a\1\0\1\0\0\0\0;",
        "tif": b"II*\0" + bytes(20),
        "heic": b"\0\0\0\x18ftypheic" + bytes(12),
        "docx": m.office(WORD, "word"),
        "pptx": m.office(SLIDES, "ppt"),
        "doc": m.compound({"WordDocument": bytes(600)}),
        "zip": m.zipped({"a.txt": "a", "b.txt": "b"}),
        "lzh": b"\x20\0-lh5-" + bytes(30),
        "rar": b"Rar!\x1a\7\1\0" + bytes(20),
        "7z": b"7z\xbc\xaf'\x1c" + bytes(30),
        "gz": b"\x1f\x8b\x08" + bytes(20),
        "exe": b"MZ\x90\0" + bytes(60),
        "script": b"#!/bin/sh\nrm -rf /\n",
        "html": b"<!DOCTYPE html><html><table><tr><td>12</td></tr></table></html>",
        "xml": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "text": "前略\n合計は別紙の通りです。\n".encode(),
        "empty": b"",
        "other": b"\0\1\2\3" * 8,
        "xlsm": m.zipped(m.xlsx_parts(main_type=m.MACRO_TYPE) | {"xl/vbaProject.bin": b"x"}),
    }


TOTALS: dict[FileKind, int] = {"xlsx": 12, "xlsm": 12, "xls": 12, "csv": 12}


def made(
    data: bytes, file: str, kind: FileKind, trouble: Trouble = "", macros: bool = False, total: int | None = None
) -> Hostile:
    return Hostile(lambda: data, file, kind, trouble, macros, total)


def flipped_at(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


def book(name: str, make: Callable[[], bytes], trouble: Trouble = "", total: int | None = None) -> tuple[str, Hostile]:
    return name, Hostile(make, "012_202610_在籍.xlsx", "xlsx", trouble, False, total)
