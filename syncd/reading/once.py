"""Readings that are asked for twice are made once: what the gate has read of a form, its checks needn't read again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from syncd.forms.fact import Fact, Reading
from syncd.reading.reader import Reader

KEPT: Final = 200
"""How many readings are remembered; each is a few kB."""


@dataclass(frozen=True, slots=True)
class _Read:
    facts: frozenset[Fact]
    texts: frozenset[str]
    reading: Reading


class ReadOnce:
    """Reads as a `Reader` does, but not what it has just read. A content is known by its path, which is its SHA-1."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: OrderedDict[tuple[str, str], _Read] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, content: Path, name: str, facts: Sequence[Fact] = (), texts: Sequence[str] = ()) -> Reading:
        """As `Reader.read`. Raises SyncdError."""
        key = (str(content), name)
        with self._lock:
            known = self._known.get(key)
        if known is None or not (known.facts.issuperset(facts) and known.texts.issuperset(texts)):
            return self._reader.read(content, name, facts, texts)
        asked = {fact.name for fact in facts}
        values = {name: value for name, value in known.reading.facts.items() if name in asked}
        return replace(known.reading, facts=values, texts=known.reading.texts.intersection(texts))

    def read_ahead(self, content: Path, name: str, facts: Sequence[Fact], texts: Sequence[str]) -> Reading:
        """The same, remembered for whoever asks for some of it. Raises SyncdError."""
        reading = self._reader.read(content, name, facts, texts)
        with self._lock:
            self._known[str(content), name] = _Read(frozenset(facts), frozenset(texts), reading)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return reading

    def forget(self) -> None:
        """Other rules want to know other things."""
        with self._lock:
            self._known.clear()
