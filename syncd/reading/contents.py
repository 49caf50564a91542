"""What stands in a file, by its kind: the facts and texts that were asked for, pages, pictures."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final

from syncd.forms.fact import Fact, Reading
from syncd.forms.grid import Grid
from syncd.forms.labels import label_key
from syncd.forms.values import DOUBT
from syncd.reading import wire
from syncd.reading.alike import alike
from syncd.reading.compound import MAGIC as COMPOUND
from syncd.reading.limits import Limits, Refused

_PICTURES: Final = frozenset({"jpg", "png", "gif", "tif", "heic"})


def read(request: wire.Read) -> Reading:
    """Raises Refused, and whatever the libraries make of damaged files."""
    looked = request.looked
    content, limits = Path(request.content), request.limits
    found, pages, images, text, code = Grid(), None, looked.images, False, False
    scan = looked.kind in _PICTURES
    attached: tuple[str, ...] = ()
    if looked.kind == "pdf":
        from syncd.reading import pdfs

        read = pdfs.pages(content, limits, wanted=bool(request.facts or request.texts), labels=labels_of(request.facts))
        found, pages, images, text, code = read.grid, len(read.grid.sheets), read.images, read.text, read.code
        scan, attached = read.scan or not read.text, read.attached
    elif looked.kind == "docx":
        from syncd.reading import documents

        written = documents.document(content, limits, labels_of(request.facts))
        found, text = written.grid, any(sheet.cells for sheet in written.grid.sheets)
        scan = written.scan or (images > 0 and not text)
    elif looked.kind in _PICTURES:
        images = 1
    else:
        found = grid(content, looked.kind, limits)
    from syncd.forms.locate import find

    return Reading(
        looked.kind,
        looked.size,
        macros=looked.macros or code,
        sheets=() if pages or looked.kind == "docx" else tuple(sheet.name for sheet in found.sheets if sheet.name),
        pages=pages,
        images=images,
        text=text,
        scan=scan,
        attached=attached,
        texts=_standing(request.texts, found, of_lines=pages is not None),
        facts=find(found, request.facts) if request.facts else {},
        alike=alike(found) if pages is None else "",
    )


def labels_of(facts: Iterable[Fact]) -> frozenset[str]:
    """What is looked for in a form, normalised."""
    labels = [label for fact in facts for label in (*fact.labels, fact.until)]
    labels += [label for fact in facts for column in fact.columns for label in column.labels]
    return frozenset(label_key(label) for label in labels) - {""}


def grid(content: Path, kind: str, limits: Limits) -> Grid:
    """The cells of anything that has cells; else none. Raises Refused."""
    if kind in ("xlsx", "xlsm"):
        from syncd.reading import workbook

        return workbook.grid(_opened(content), limits)
    if kind in ("xls", "xlsb", "ods"):
        from syncd.reading import oldbooks

        return oldbooks.grid(content, kind, limits)
    if kind == "csv":
        from syncd.reading import texts

        return texts.table(content, limits)
    return Grid()


def _opened(content: Path) -> Path | IO[bytes]:
    """The workbook itself, where it is encrypted with the password that Excel supplies."""
    with content.open("rb") as file:
        if file.read(len(COMPOUND)) != COMPOUND:
            return content
        from syncd.reading import unlocking

        plain = unlocking.package(file)
    if plain is None:
        raise Refused("encrypted", "it needs a password")
    return io.BytesIO(plain)


def _standing(wanted: Iterable[str], found: Grid, *, of_lines: bool) -> frozenset[str]:
    """Which of the wanted texts people see in one cell, or anywhere on one page, whatever their widths and spaces."""
    plain = {text: _plain(text) for text in wanted}
    between = "" if of_lines else "\0"
    standing = {text for text, looked_for in plain.items() if not looked_for}
    if len(standing) == len(plain):
        return frozenset(standing)
    from syncd.forms.book import papers_seen

    for paper in papers_seen(found):
        if len(standing) == len(plain):
            break
        written = _plain(between.join(paper.texts()))
        standing |= {text for text, looked_for in plain.items() if looked_for in written}
    return frozenset(standing)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text.replace(DOUBT, "")).casefold().split())
