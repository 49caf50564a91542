"""Hostile and odd files, each with the one clear answer it gets. Pure: bytes come out, nothing is written."""

from __future__ import annotations

from syncd.forms.fact import FileKind
from tests.reading.hostile_archives import bombs, cut_off, flipped, zips
from tests.reading.hostile_books import workbooks, xml
from tests.reading.hostile_documents import documents
from tests.reading.hostile_file import TOTALS, Hostile, Named, good, made
from tests.reading.hostile_old_books import compounds, encrypted, macros, spreadsheets
from tests.reading.hostile_pages import drawings, pdfs, pictures, texts


def hostile() -> dict[str, Hostile]:
    """All of them by name."""
    found: dict[str, Hostile] = {}
    for family in (
        _wrong_names,
        cut_off,
        flipped,
        zips,
        bombs,
        workbooks,
        xml,
        spreadsheets,
        encrypted,
        macros,
        compounds,
        pdfs,
        drawings,
        documents,
        pictures,
        texts,
    ):
        for name, each in family():
            assert name not in found, name
            found[name] = each
    return found


def _wrong_names() -> Named:
    """Whatever its name says, a file is what its bytes are; only a text can't be told from a csv by them."""
    for kind, data in good().items():
        for suffix in ("xlsx", "xls", "pdf", "jpg", "csv", "zip", "txt", "exe"):
            is_kind: FileKind = "csv" if kind == "text" and suffix == "csv" else kind
            name = f"012_202610_在籍.{suffix}"
            yield f"{kind} called {suffix}", made(data, name, is_kind, "", kind == "xlsm", TOTALS.get(kind))
    for suffix in ("bat", "vbs", "js", "ps1", "hta", "URL"):
        yield f"text called {suffix}", Hostile(lambda: b"echo 1\r\necho 2\r\n", f"a.{suffix}", "script")
