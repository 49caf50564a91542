"""PDF files by pypdf: pages, text as it lies on the page, pictures counted but never decoded, program code noticed."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject

from syncd.forms.grid import Cell, Grid, Sheet, Spot
from syncd.reading.limits import Limits, Refused

_UNPACKED: Final = 30_000_000
"""Bytes that one stream may unpack to."""
_SHARE: Final = 0.7
"""Of a job's time that is spent on the text; the rest is for the answer."""
_MOST_OBJECTS: Final = 20_000
_DEEP: Final = 12
_CODE: Final = frozenset(
    {"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/ImportData", "/RichMedia"}
)
_LINKS: Final = frozenset(
    {"/Parent", "/P", "/Prev", "/StructParents", "/StructTreeRoot", "/Resources", "/Contents", "/Dest"}
)
# A line lies on the page in columns: wide gaps part them, and a single one between a Japanese word and a number does.
_GAP: Final = re.compile(r"[ \t]{2,}|\t|[\u3000]{2,}|(?<=[\u3040-\u30ff\u3400-\u9fff：:]) (?=[0-9０-９¥￥△▲−\-])")


@dataclass(frozen=True, slots=True)
class Pages:
    """What stands in a PDF: one sheet of lines and columns a page."""

    grid: Grid
    images: int
    text: bool
    code: bool


def pages(content: Path, limits: Limits) -> Pages:
    """Raises Refused, and whatever pypdf makes of damaged files."""
    logging.disable()  # it warns of every oddity
    try:
        with content.open("rb") as file, _bounded():
            return _pages(pypdf.PdfReader(file), limits)
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


def _pages(reader: pypdf.PdfReader, limits: Limits) -> Pages:
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused("encrypted", "it needs a password")
    deadline = time.monotonic() + _SHARE * limits.seconds
    if (count := len(reader.pages)) > limits.pages:
        raise Refused("too big", f"it has {count} pages, more than {limits.pages}")
    if not count:
        raise Refused("unreadable", "it has no pages")
    sheets: list[Sheet] = []
    images = characters = 0
    for number, page in enumerate(reader.pages, 1):
        text = _text(page)
        characters += len(text)
        images += _images(page.get("/Resources"), _DEEP, set())
        if characters > limits.characters:
            raise Refused("too big", "it has too much text")
        if time.monotonic() > deadline:
            raise Refused("too slow", "reading its pages takes too long")
        sheets.append(Sheet(f"{number}ページ", _cells(text)))
    found_text = any(sheet.cells for sheet in sheets)
    return Pages(Grid(tuple(sheets)), images, found_text, _has_code(reader.trailer["/Root"]))


def _text(page: pypdf.PageObject) -> str:
    """Text as it lies on the page; where pypdf can't tell how it lies, in the order of the file."""
    try:
        return page.extract_text(extraction_mode="layout")
    except (pypdf.errors.PyPdfError, MemoryError, RecursionError):
        raise
    except Exception:
        return page.extract_text()


def _cells(text: str) -> dict[Spot, Cell]:
    lines = [line.strip(" \t") for line in text.splitlines() if line.strip()]
    return {
        (row, column): Cell(word)
        for row, line in enumerate(lines, 1)
        for column, word in enumerate(_GAP.split(line), 1)
        if word
    }


def _images(resources: object, depth: int, seen: set[int]) -> int:
    """Pictures that a page draws on, also within the forms that it is made of."""
    resources = _resolved(resources)
    if not isinstance(resources, DictionaryObject) or id(resources) in seen or not depth:
        return 0
    seen.add(id(resources))
    drawn = _resolved(resources.get("/XObject"))
    count = 0
    for each in list(drawn.values())[:1000] if isinstance(drawn, DictionaryObject) else ():
        thing = _resolved(each)
        if isinstance(thing, DictionaryObject):
            count += thing.get("/Subtype") == "/Image"
            count += _images(thing.get("/Resources"), depth - 1, seen)
    return count


def _has_code(root: PdfObject) -> bool:
    """Whether anything that opens, is clicked on or is attached carries program code or a file."""
    return any(
        name in _CODE or (name == "/S" and value in _CODE) or (name == "/Subtype" and value in _CODE)
        for name, value in _entries(root)
    )


def _entries(root: PdfObject) -> Iterator[tuple[str, object]]:
    """All entries of the dictionaries that the document's root leads to; not the pages' drawing."""
    waiting: list[object] = [root]
    seen: set[int] = set()
    kept: list[object] = []  # so that no id is given twice
    while waiting and len(seen) < _MOST_OBJECTS:
        thing = _resolved(waiting.pop())
        if id(thing) in seen or not isinstance(thing, DictionaryObject | ArrayObject):
            continue
        seen.add(id(thing))
        kept.append(thing)
        if isinstance(thing, ArrayObject):
            waiting += list(thing)
            continue
        for name, value in dict.items(thing):
            yield name, value
            if name not in _LINKS:
                waiting.append(value)


def _resolved(thing: object) -> object:
    """What a reference leads to; nothing where that is damaged."""
    if not isinstance(thing, PdfObject):
        return thing
    try:
        return thing.get_object()
    except (pypdf.errors.PyPdfError, ValueError, KeyError, TypeError, AttributeError):
        return None
