"""PDF files: pypdf says what the file is made of, pdfium where on a page what is seen, and a grid is made of that."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pypdf
from pypdf.generic import BooleanObject, DictionaryObject

from syncd.forms.grid import Grid, Sheet
from syncd.reading.limits import Limits, Refused
from syncd.reading.pdf_code import brought
from syncd.reading.pdf_weight import Scale
from syncd.reading.printed.fields import Written, entry, resolved, switched_off, written
from syncd.reading.printed.fonts import untold
from syncd.reading.printed.marks import UNREADABLE
from syncd.reading.printed.patterns import is_endless

_UNPACKED: Final = 30_000_000
"""Bytes that one stream may unpack to."""
_SHARE: Final = 0.7
"""Of a job's time that is spent on the text; the rest is for the answer."""
_DEEP: Final = 12
_UNKNOWN: Final = 0.2
"""Of a page's signs; when more of them can't be told, nothing on it is read."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What stands in a PDF.

    Attributes:
        grid: one sheet a page; without cells when nobody asked for them.
        images: how many pictures; text: whether any text is seen.
        scan: there is something that only people can read: a page that is a picture, signs that no program can tell,
            writing by hand.
        code: it carries program code; attached: the names of files within it.
    """

    grid: Grid
    images: int
    text: bool
    scan: bool
    code: bool
    attached: tuple[str, ...]


def pages(content: Path, limits: Limits, *, wanted: bool, labels: Collection[str] = ()) -> Pages:
    """What stands in a PDF; `wanted`: what its pages say, too; `labels`: normalised, what is looked for in it.

    Raises Refused, and whatever pypdf makes of damaged files.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it warns of every oddity
    try:
        with content.open("rb") as file, _bounded():
            return _Document(pypdf.PdfReader(file), content, limits).pages(wanted, labels)
    except pypdf.errors.LimitReachedError as error:
        raise _beyond(str(error)[:150]) from error
    except (pypdf.errors.FileNotDecryptedError, pypdf.errors.WrongPasswordError) as error:
        raise Refused("encrypted", "it needs a password") from error


def _beyond(why: str) -> Refused:
    """pypdf has one word for what unpacks to too much, for what is too long, and for what makes no sense."""
    if "decompressing" in why:
        return Refused("bomb", f"a part unpacks to more than allowed ({why})")
    return Refused("too big" if "maximum" in why.lower() else "unreadable", f"it is damaged or too large ({why})")


def _bounded() -> AbstractContextManager[object]:
    """pypdf's own bounds, lowered to what fits into the process."""
    return pypdf.apply_configuration(
        array_based_stream_maximum_output_length=_UNPACKED,
        lzw_maximum_output_length=_UNPACKED,
        run_length_maximum_output_length=_UNPACKED,
        zlib_maximum_output_length=_UNPACKED,
        stream_decoding_work_maximum_length=4 * _UNPACKED,
        stream_parsing_work_maximum_count=500_000,
        page_tree_maximum_entries=10_000,
        jbig2dec_binary=None,
        disable_legacy_handling=True,
    )


class _Document:
    """A PDF that pypdf has opened."""

    def __init__(self, reader: pypdf.PdfReader, content: Path, limits: Limits) -> None:
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("encrypted", "it needs a password")
        self._reader, self._content, self._limits = reader, content, limits
        self._deadline = time.monotonic() + _SHARE * limits.seconds
        self._root = resolved(reader.trailer["/Root"])

    def pages(self, wanted: bool, labels: Collection[str]) -> Pages:
        if (count := len(self._reader.pages)) > self._limits.pages:
            raise Refused("too big", f"it has {count} pages, more than {self._limits.pages}")
        if not count:
            raise Refused("unreadable", "it has no pages")
        off = switched_off(self._root)
        anew = _is_true(entry(entry(self._root, "/AcroForm"), "/NeedAppearances"))
        scale = Scale(self._deadline)
        filled: list[list[Written]] = []
        images = 0
        for page in self._reader.pages:
            scale.weigh(page)
            filled.append(written(page, off, drawn_anew=anew) if wanted else [])
            images += _images(page.get("/Resources"), _DEEP, set())
            if time.monotonic() > self._deadline:
                raise Refused("too slow", "reading its pages takes too long")
        found = brought(self._reader.trailer["/Root"])
        sheets, scan = self._seen(filled, labels, layers_off=bool(off)) if wanted else ([Sheet("", {})] * count, False)
        text = any(sheet.cells for sheet in sheets)
        return Pages(Grid(tuple(sheets)), images, text, scan, found.code, found.attached)

    def _seen(
        self, filled: list[list[Written]], labels: Collection[str], *, layers_off: bool
    ) -> tuple[list[Sheet], bool]:
        """What people see on the pages; whether one of them is a picture."""
        from syncd.reading.printed import drawing, layout, seen

        found: list[layout.Laid] = []
        characters, scan = 0, False
        with drawing.opened(self._content) as document:
            for number, entries in enumerate(filled):
                known = self._reader.pages[number]
                with drawing.sheet(document, number, self._deadline) as open_sheet:
                    page = drawing.page_of(open_sheet, untold(known))
                    page.glyphs = seen.seen(open_sheet, page.glyphs, layers_off=layers_off, endless=is_endless(known))
                for each in entries:
                    box = open_sheet.box(*each.rectangle)
                    if each.drawn == "oval":
                        page.ovals.append(box)
                    elif not each.drawn:
                        page.entries.append(layout.Entry(each.text, box, each.mark))
                characters += len(page.glyphs) + sum(len(each.text) for each in entries)
                if characters > self._limits.characters:
                    raise Refused("too big", "it has too much text")
                unknown = sum(glyph.sign == UNREADABLE for glyph in page.glyphs)
                if unknown > _UNKNOWN * len(page.glyphs):
                    raise Refused("unreadable", f"the fonts of page {number + 1} don't say which sign is which")
                scan = scan or unknown > 0 or any(each.drawn == "ink" for each in entries) or layout.is_picture(page)
                found.append(layout.laid(page, f"{number + 1}ページ", labels))
        return layout.sheets(found), scan


def _is_true(thing: object) -> bool:
    return isinstance(thing, BooleanObject) and thing.value is True  # as an object even a false one is true


def _images(resources: object, depth: int, seen: set[int]) -> int:
    """Pictures that a page draws on, also within the forms that it is made of."""
    resources = resolved(resources)
    if not isinstance(resources, DictionaryObject) or id(resources) in seen or not depth:
        return 0
    seen.add(id(resources))
    drawn = entry(resources, "/XObject")
    count = 0
    for each in list(drawn.values())[:1000] if isinstance(drawn, DictionaryObject) else ():
        thing = resolved(each)
        if isinstance(thing, DictionaryObject):
            count += thing.get("/Subtype") == "/Image"
            count += _images(thing.get("/Resources"), depth - 1, seen)
    return count
