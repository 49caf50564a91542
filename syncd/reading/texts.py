"""Plain texts: their encoding, what kind they are, and comma-separated values."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from pathlib import Path, PurePath
from typing import Final

from syncd.forms.fact import FileKind
from syncd.forms.grid import Cell, Grid, Sheet, Spot
from syncd.reading.limits import Limits, Refused

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_BINARY: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\ufffe\uffff]")
_HTML: Final = re.compile(r"<(?:!doctype\s+html|html|head|body|table|script|meta)\b", re.IGNORECASE)
_MAIL: Final = re.compile(r"MIME-Version:.*?text/html", re.IGNORECASE | re.DOTALL)
_SCRIPTS: Final = re.compile(
    r"\.(?:bat|cmd|vb[se]|jse?|ws[fh]|psm?1|hta|sh|py|pl|rb|reg|url|scf|inf|sct)", re.IGNORECASE
)
HEAD: Final = 4096
"""Bytes by which kind and encoding are told."""
_SEPARATORS: Final = ",\t;"
_TRIED: Final = ("utf-8", "cp932", "euc_jp", "iso2022_jp")
_USUAL: Final = re.compile(
    "[ぁ-んァ-ヶー。、年月日合計人数金額円施設名称番号児童保育園所令和区分氏備考請求対象者職員時間費料税込率有無市町村都道府県]"
)
"""Signs that texts of offices are full of, and that hardly come from reading bytes in a wrong encoding."""
_QUOTED: Final = re.compile(r'"[^"]*"')
_FOR_EXCEL: Final = re.compile(r'="((?:[^"]|"")*)"')


def encoding_of(head: bytes) -> str:
    """In which encoding the first `HEAD` bytes of a text are written; '' when it is no text."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding if _decoded(head, encoding) is not None else ""
    if _decoded(head, "utf-8") is not None:
        return "utf-8"
    if wide := _without_bom(head):
        return wide
    found = {each: text for each in _TRIED if (text := _decoded(head, each)) is not None}
    return max(found, key=lambda each: len(_USUAL.findall(found[each])), default="")


def _without_bom(head: bytes) -> str:
    """UTF-16 that doesn't say so: every other byte of its digits, commas and line ends is nothing."""
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if len(head) % 2 == 0 and zeros.count(0) * 5 > len(zeros) and _decoded(head, encoding) is not None:
            return encoding
    return ""


def _decoded(head: bytes, encoding: str) -> str | None:
    """A beginning as text; that it ends within a character does not matter, unless the file ends there, too."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < HEAD)
    except UnicodeError:
        return None
    return None if _BINARY.search(text) else text


def kind_of(head: bytes, name: str) -> FileKind:
    """Which kind of text begins so; other when it is none."""
    text = _decoded(head, encoding_of(head) or "utf-8")
    suffix = PurePath(name).suffix
    if text is None:
        return "other"
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return "html" if _HTML.search(text) else "xml"
    if start.startswith("ID;P"):
        return "xml"  # SYLK, an exchange format for tables as old as it is rare
    if _MAIL.match(start):
        return "html"
    if _SCRIPTS.fullmatch(suffix) or start.lower().startswith("@echo off"):
        return "script"
    return "csv" if suffix.lower() == ".csv" or _is_table(text) else "text"


def _is_table(text: str) -> bool:
    """Whether all whole lines of a beginning have the same number of separators."""
    lines = [line for line in text.splitlines() if line.strip()][:20]
    if len(lines) < 2:
        return False
    return any(len({line.count(each) for line in lines}) == 1 and each in lines[0] for each in _SEPARATORS)


def table(content: Path, limits: Limits) -> Grid:
    """A csv file as one sheet. Raises Refused."""
    if content.stat().st_size > 4 * limits.characters:
        raise Refused("too big", "it has too much text")
    data = content.read_bytes()
    text = decoded(data)
    if text is None:
        raise Refused("unreadable", "it is in no known encoding")
    del data
    if _BINARY.search(text):
        raise Refused("unreadable", "it is no text")
    return Grid((Sheet("", _cells(text, separator_of(text[:HEAD]), limits)),))


def decoded(data: bytes) -> str | None:
    """A whole text, by what its beginning looks like, else in any encoding that it can be in; None for none."""
    for encoding in dict.fromkeys((encoding_of(data[:HEAD]) or "utf-8", *_TRIED)):
        try:
            return data.decode(encoding).removeprefix("\ufeff").rstrip("\x1a")
        except UnicodeError:
            continue
    return None


def separator_of(head: str) -> str:
    """What stands between values: the sign that comes equally often in most lines."""
    lines = [line for line in _QUOTED.sub("", head).splitlines()[:40] if line.strip()]

    def fit(separator: str) -> tuple[int, int]:
        counts = Counter(line.count(separator) for line in lines)
        del counts[0]
        return max(counts.values(), default=0), max(counts, default=0)

    return max(_SEPARATORS, key=fit)


def _cells(text: str, separator: str, limits: Limits) -> dict[Spot, Cell]:
    cells: dict[Spot, Cell] = {}
    try:
        for row, values in enumerate(csv.reader(text.splitlines(keepends=True), delimiter=separator), 1):
            for column, value in enumerate(values, 1):
                if value:
                    excel = _FOR_EXCEL.fullmatch(value) if value.startswith("=") else None
                    cells[row, column] = Cell(excel[1].replace('""', '"') if excel else value)
            if len(cells) > limits.cells:
                raise Refused("too big", f"it has more than {limits.cells} cells")
    except csv.Error as error:
        raise Refused("unreadable", f"it is no table ({error})") from error
    return cells
