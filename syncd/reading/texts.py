"""Plain texts: their encoding, what kind they are, and comma-separated values."""

from __future__ import annotations

import codecs
import csv
import re
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


def encoding_of(head: bytes) -> str:
    """In which encoding the first `HEAD` bytes of a text are written; '' when it is no text."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding if _decoded(head, encoding) is not None else ""
    return next((encoding for encoding in ("utf-8", "cp932") if _decoded(head, encoding) is not None), "")


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
    try:
        text = data.decode(encoding_of(data[:HEAD]) or "utf-8")
    except UnicodeError:
        try:
            text = data.decode("cp932")
        except UnicodeError as error:
            raise Refused("unreadable", "it is in no known encoding") from error
    del data
    if _BINARY.search(text):
        raise Refused("unreadable", "it is no text")
    text = text.removeprefix("\ufeff").rstrip("\x1a")
    head = text[:HEAD]
    separator = max(_SEPARATORS, key=head.count)
    return Grid((Sheet("", _cells(text, separator, limits)),))


def _cells(text: str, separator: str, limits: Limits) -> dict[Spot, Cell]:
    cells: dict[Spot, Cell] = {}
    try:
        for row, values in enumerate(csv.reader(text.splitlines(keepends=True), delimiter=separator), 1):
            for column, value in enumerate(values, 1):
                if value:
                    cells[row, column] = Cell(value)
            if len(cells) > limits.cells:
                raise Refused("too big", f"it has more than {limits.cells} cells")
    except csv.Error as error:
        raise Refused("unreadable", f"it is no table ({error})") from error
    return cells
