"""Fonts whose codes mean nothing but to themselves: what is written with them people see and programs can't tell.

A font says by ToUnicode, by a named encoding or by the names of its signs which sign is which. One that is embedded and
says nothing of it would be read as whatever its codes happen to be.
"""

from __future__ import annotations

import re
from typing import Final

from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from syncd.reading.printed.fields import entry, resolved

_DEEP: Final = 8
_MOST: Final = 500
_ORDERINGS: Final = frozenset({"Japan1", "Japan2", "GB1", "CNS1", "Korea1", "KR"})
_TELLING: Final = re.compile(r"/(?:uni[0-9A-F]{4,}|u[0-9A-F]{4,6}|[A-Za-z]{1,20}|\.notdef|a[0-9]{1,3}(?:\.[a-z]+)?)")
_NUMBERED: Final = re.compile(r"/(?:g|G|c|C|cid|CID|glyph|index|Char)[0-9]+")


def untold(page: DictionaryObject) -> frozenset[str]:
    """The names of the fonts of a page that don't say which sign is which."""
    found: set[str] = set()
    _gather(entry(page, "/Resources"), found, _DEEP, set())
    return frozenset(found)


def _gather(resources: object, found: set[str], depth: int, seen: set[int]) -> None:
    if not isinstance(resources, DictionaryObject) or id(resources) in seen or not depth or len(seen) > _MOST:
        return
    seen.add(id(resources))
    fonts = entry(resources, "/Font")
    for name in list(fonts)[:_MOST] if isinstance(fonts, DictionaryObject) else ():
        font = entry(fonts, name)
        if isinstance(font, DictionaryObject) and not _is_told(font):
            base = entry(font, "/BaseFont")
            found.add(str(base)[1:] if isinstance(base, str) else "")
    drawn = entry(resources, "/XObject")
    for name in list(drawn)[:_MOST] if isinstance(drawn, DictionaryObject) else ():
        form = entry(drawn, name)
        if isinstance(form, StreamObject) and entry(form, "/Subtype") == "/Form":
            _gather(entry(form, "/Resources"), found, depth - 1, seen)


def _is_told(font: DictionaryObject) -> bool:
    kind, encoding = entry(font, "/Subtype"), entry(font, "/Encoding")
    if isinstance(entry(font, "/ToUnicode"), StreamObject):
        return True
    if kind == "/Type0":
        return _is_told_by_numbers(font, encoding)
    if isinstance(encoding, DictionaryObject):
        differences = entry(encoding, "/Differences")
        names = (
            [str(each) for each in differences if isinstance(each, str)] if isinstance(differences, ArrayObject) else []
        )
        told = sum(1 for name in names if _TELLING.fullmatch(name) and not _NUMBERED.fullmatch(name))
        return told == len(names) and (bool(names) or kind != "/Type3")
    if isinstance(encoding, str):
        return kind != "/Type3"
    # Without an encoding the file's own table counts; a TrueType's is made of whatever numbers its maker took.
    return kind != "/Type3" and entry(entry(font, "/FontDescriptor"), "/FontFile2") is None


def _is_told_by_numbers(font: DictionaryObject, encoding: object) -> bool:
    """Of a font whose signs have numbers: they are those of a known collection."""
    descendants = entry(font, "/DescendantFonts")
    descendant = resolved(descendants[0]) if isinstance(descendants, ArrayObject) and descendants else None
    ordering = entry(entry(descendant, "/CIDSystemInfo"), "/Ordering")
    if isinstance(encoding, str) and encoding not in ("/Identity-H", "/Identity-V"):
        return True
    return str(ordering) in _ORDERINGS
