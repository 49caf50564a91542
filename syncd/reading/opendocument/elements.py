"""The XML of OpenDocument: names without their prefixes, elements that are passed over, lengths."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final
from xml.parsers import expat

from syncd.reading.limits import Refused

Attributes = Mapping[str, str]

_SPACES: Final = re.compile(r"urn:oasis:names:tc:opendocument:xmlns:([a-z-]+):1\.\d")
_SHORT: Final = {"xsl-fo-compatible": "fo", "drawing": "draw"}
_LENGTH: Final = re.compile(r"(-?\d*\.?\d+)(in|cm|mm|pt|pc|px)")
_INCHES: Final = {"in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72, "pc": 1 / 6, "px": 1 / 96}


def parse(
    pieces: Iterable[bytes],
    start: Callable[[str, Attributes], object],
    end: Callable[[str], object],
    text: Callable[[str], object],
) -> None:
    """Hands over the elements, called `table:table-row` whatever prefix they have. Raises Refused for damage."""
    names: dict[str, str] = {}

    def plain(name: str) -> str:
        found = names.get(name)
        if found is None:
            space, _, local = name.rpartition(" ")
            short = _SPACES.fullmatch(space)
            found = f"{_SHORT.get(short[1], short[1])}:{local}" if short else local if not space else f"?:{local}"
            if len(names) < 10_000:
                names[name] = found
        return found

    def refused(*_: object) -> None:
        raise Refused("unreadable", "it has a document type declaration")

    by = expat.ParserCreate(namespace_separator=" ")
    by.buffer_text = True
    by.StartElementHandler = lambda name, given: start(plain(name), {plain(key): each for key, each in given.items()})
    by.EndElementHandler = lambda name: end(plain(name))
    by.CharacterDataHandler = text
    by.StartDoctypeDeclHandler = refused
    try:
        for piece in pieces:
            by.Parse(piece, False)
        by.Parse(b"", True)
    except expat.ExpatError as error:
        raise Refused("unreadable", f"the workbook is damaged ({error})") from error


def inches(text: str) -> float | None:
    """A length; None for none."""
    found = _LENGTH.fullmatch(text.strip())
    return float(found[1]) * _INCHES[found[2]] if found else None


def count(given: Attributes, name: str) -> int:
    """How often something is repeated or how many it spans: 1 where that isn't said."""
    text = given.get(name, "1")
    return min(int(text), 10_000_000) if text.isdecimal() and text != "0" else 1
