"""What goes over the pipe between syncd and the process that looks into files: msgpack, typed at both ends.

The process may have been taken over by what it read, so its answers are data of known shape and bounded size, or
they are no answers. Decimal, dates and long integers travel as extensions, because a value may be text as well.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec

from syncd.forms.fact import Fact, FileKind, One, Reading, State, Trouble, Value
from syncd.model import Finding
from syncd.reading.limits import Limits

LONGEST: Final = 64 * 1024 * 1024
"""Bytes of one message."""
HEAD: Final = struct.Struct(">I")
_DECIMAL, _DATE, _MOMENT, _LONG, _TIME = 1, 2, 3, 4, 5
_PLAIN: Final = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class Look:
    """Asks what a file is."""

    content: str
    name: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file is; with trouble it need not be asked about any further."""

    kind: FileKind
    size: int
    trouble: Trouble = ""
    detail: str = ""
    macros: bool = False
    images: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """Asks for what stands in a file that was looked at."""

    content: str
    name: str
    looked: Looked
    facts: tuple[Fact, ...]
    texts: tuple[str, ...]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Unpack:
    """Asks for a bundle's members as files in the folder `into`."""

    content: str
    into: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class Packed:
    """A member of a bundle: its name as people see it, and the file in `into` that holds it."""

    name: str
    size: int
    file: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was unpacked; with trouble nothing was."""

    members: tuple[Packed, ...] = ()
    trouble: Trouble = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Compare:
    """Asks for the cells that differ between two versions of a form."""

    old: str
    new: str
    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Asks for a copy of a form at `into` in which the cells of these findings are marked, and whose it is."""

    content: str
    faults: tuple[Finding, ...]
    into: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Unmark:
    """Asks for a copy of a form at `into` without syncd's marks."""

    content: str
    into: str


@dataclass(frozen=True, slots=True)
class Inspect:
    """Asks for everything that is inside a file, written as files in the folder `into`."""

    content: str
    name: str
    into: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class Within:
    """A file that is packed in another: its name as people see it ('' for none), and the file in `into`, '' if none."""

    name: str
    sha1: str
    file: str


@dataclass(frozen=True, slots=True)
class Insides:
    """What is inside a file.

    Attributes:
        marks: of whose it is (`owner_mark`), of itself and of all that is packed in it.
        members: every file that is packed in it, or in one of them.
        sealed: why something in it could not be opened; '' when all could.
    """

    marks: tuple[str, ...] = ()
    members: tuple[Within, ...] = ()
    sealed: str = ""


class WiredValue(msgspec.Struct, frozen=True, array_like=True):
    """A `Value` whose contents may be anything until `value_of` has looked at them."""

    state: State
    one: Any
    many: tuple[Any, ...]
    rows: tuple[dict[str, Any], ...]
    cell: str
    shown: str
    worst: str
    places: tuple[str, ...]
    others: tuple[str, ...] = ()
    through: str = ""


class WiredReading(msgspec.Struct, frozen=True):
    """A `Reading` on its way."""

    kind: FileKind
    size: int
    trouble: Trouble
    detail: str
    macros: bool
    sheets: tuple[str, ...]
    pages: int | None
    images: int
    text: bool
    scan: bool
    attached: tuple[str, ...]
    texts: tuple[str, ...]
    facts: dict[str, WiredValue]
    alike: str = ""


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """How a job ended: done; memory: it needed more than it may have; failed: it could not be done, see `detail`.

    `tired` processes have grown and are replaced by a fresh one.
    """

    state: Literal["done", "memory", "failed"]
    tired: bool
    detail: str
    result: msgspec.Raw


def wired(reading: Reading) -> WiredReading:
    return WiredReading(
        reading.kind, reading.size, reading.trouble, reading.detail, reading.macros, reading.sheets, reading.pages,
        reading.images, reading.text, reading.scan, reading.attached, tuple(sorted(reading.texts)),
        {name: _wired_value(value) for name, value in reading.facts.items()}, reading.alike,
    )  # fmt: skip


def _wired_value(value: Value) -> WiredValue:
    rows = tuple({name: _out(one) for name, one in row.items()} for row in value.rows)
    many = tuple(_out(one) for one in value.many)
    return WiredValue(
        value.state, _out(value.one), many, rows, value.cell, value.shown, value.worst, value.places, value.others,
        value.through,
    )  # fmt: skip


def _out(one: One) -> object:
    if isinstance(one, Decimal):
        return msgspec.msgpack.Ext(_DECIMAL, str(one).encode())
    if isinstance(one, datetime):
        return msgspec.msgpack.Ext(_MOMENT, one.isoformat().encode())
    if isinstance(one, date):
        return msgspec.msgpack.Ext(_DATE, one.isoformat().encode())
    if isinstance(one, timedelta):
        return msgspec.msgpack.Ext(_TIME, str(round(one.total_seconds())).encode())
    if isinstance(one, int) and one not in _PLAIN:
        return msgspec.msgpack.Ext(_LONG, str(one).encode())
    return one


def _in(code: int, data: memoryview) -> object:
    text = bytes(data).decode()
    if code == _DECIMAL:
        return Decimal(text)
    if code == _MOMENT:
        return datetime.fromisoformat(text)
    if code == _DATE:
        return date.fromisoformat(text)
    if code == _LONG:
        return int(text)
    if code == _TIME:
        return timedelta(seconds=int(text))
    raise ValueError("an unknown kind of value")


def reading_of(wired: WiredReading) -> Reading:
    """The reading that was sent. Raises ValueError for anything that is no value of a form."""
    return Reading(
        wired.kind, wired.size, wired.trouble, wired.detail, wired.macros, wired.sheets, wired.pages, wired.images,
        wired.text, wired.scan, wired.attached, frozenset(wired.texts),
        {name: _value_of(value) for name, value in wired.facts.items()}, wired.alike,
    )  # fmt: skip


def _value_of(wired: WiredValue) -> Value:
    rows: tuple[Mapping[str, One], ...] = tuple(
        {name: _one(value) for name, value in row.items()} for row in wired.rows
    )
    many = tuple(_one(value) for value in wired.many)
    return Value(
        wired.state, _one(wired.one), many, rows, wired.cell, wired.shown, wired.worst, wired.places, wired.others,
        wired.through,
    )  # fmt: skip


def _one(value: object) -> One:
    if value is None or isinstance(value, str | int | Decimal | date | timedelta):
        return value
    raise ValueError("an answer holds what no form can hold")


packer: Final = msgspec.msgpack.Encoder()


def unpacked(data: bytes | msgspec.Raw, kind: type) -> Any:
    """Raises ValueError (msgspec's own are such) for data of another shape."""
    return msgspec.msgpack.decode(data, type=kind, ext_hook=_in)


def send(pipe: int, message: bytes) -> None:
    """Writes one message whole. Raises OSError."""
    view = memoryview(HEAD.pack(len(message)) + message)
    while view:
        view = view[os.write(pipe, view) :]
