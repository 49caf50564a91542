"""Unpacks what a page of a PDF is drawn with, once and to nowhere: for pdfium, which would trust it.

Whatever unpacks beyond pypdf's limits raises its LimitReachedError; drawings that draw each other again and again are
counted as often as they would be drawn. Pictures are never unpacked.
"""

from __future__ import annotations

import re
import time
from typing import Final

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from syncd.reading.limits import Refused
from syncd.reading.printed.fields import entry, resolved

MOST_OPERATORS: Final = 500_000
"""Of one page; a dense form has some ten thousand."""
_MOST_STREAMS: Final = 20_000
_MOST_BYTES: Final = 400_000_000
_DEEP: Final = 12
_OPERATOR: Final = re.compile(rb"(?<![A-Za-z0-9/._+*'-])[A-Za-z'\"][A-Za-z0-9]?[*]?(?![A-Za-z0-9])")
_DRAWN: Final = re.compile(rb"/([^\s()<>\[\]{}/%]{1,127})\s+Do(?![A-Za-z0-9])")
_OTHERS: Final = frozenset({"/Parent", "/P", "/StructParents", "/Metadata"})


class Scale:
    """Weighs pages of one document; what several of them share is unpacked once."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._known: dict[int, int] = {}
        self._kept: list[object] = []  # so that no id is given twice
        self._bytes = 0

    def weigh(self, page: pypdf.PageObject) -> None:
        """Raises Refused, and pypdf's LimitReachedError."""
        contents = page.get_contents()
        data = contents.get_data() if contents is not None else b""
        resources = page.get("/Resources")
        weight = self._drawing(data, resources, _DEEP)
        self._unpack(resources)
        if weight > MOST_OPERATORS:
            raise Refused("too big", f"a page is drawn by more than {MOST_OPERATORS} commands")

    def _drawing(self, data: bytes, resources: object, depth: int) -> int:
        """By how many commands something is drawn, those of the drawings in it included."""
        weight = sum(1 for _ in _OPERATOR.finditer(data))
        drawn: dict[str, int] = {}
        for found in _DRAWN.finditer(data):
            name = "/" + found[1].decode("latin-1")
            drawn[name] = drawn.get(name, 0) + 1
        others = entry(resources, "/XObject")
        for name, times in drawn.items() if depth and weight <= MOST_OPERATORS else ():
            other = entry(others, name)
            if isinstance(other, StreamObject) and entry(other, "/Subtype") == "/Form":
                weight += times * self._form(other, resources, depth - 1)
        return weight

    def _form(self, form: StreamObject, resources: object, depth: int) -> int:
        if id(form) not in self._known:
            self._known[id(form)] = 0  # one that draws itself is drawn once
            self._kept.append(form)
            own = entry(form, "/Resources")
            self._known[id(form)] = 1 + self._drawing(self._data(form), own if own is not None else resources, depth)
        return self._known[id(form)]

    def _data(self, stream: StreamObject) -> bytes:
        if time.monotonic() > self._deadline:
            raise Refused("too slow", "unpacking its pages takes too long")
        try:
            data = stream.get_data()
        except (pypdf.errors.LimitReachedError, MemoryError, RecursionError):
            raise
        except Exception:  # pdfium will find nothing there, either
            return b""
        self._bytes += len(data)
        if self._bytes > _MOST_BYTES:
            raise Refused("bomb", f"its pages unpack to more than {_MOST_BYTES // 1_000_000} MB")
        return data

    def _unpack(self, resources: object) -> None:
        """Everything that pages are drawn with: fonts, patterns, masks."""
        waiting: list[object] = [resources]
        while waiting:
            thing = resolved(waiting.pop())
            if id(thing) in self._known and not isinstance(thing, StreamObject):
                continue
            if isinstance(thing, ArrayObject):
                self._remember(thing)
                waiting += list(thing)[:1_000]
            elif isinstance(thing, DictionaryObject):
                if isinstance(thing, StreamObject):
                    if ~id(thing) in self._known or entry(thing, "/Subtype") == "/Image":
                        continue
                    self._known[~id(thing)] = 0
                    self._kept.append(thing)
                    if id(thing) not in self._known:
                        self._data(thing)
                else:
                    self._remember(thing)
                if len(self._kept) > _MOST_STREAMS:
                    raise Refused("too big", "its pages are made of too many parts")
                waiting += [value for name, value in dict.items(thing) if name not in _OTHERS]

    def _remember(self, thing: object) -> None:
        self._known[id(thing)] = 0
        self._kept.append(thing)
