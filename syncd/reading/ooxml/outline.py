"""Changing XML without rewriting it: where elements begin and end in the bytes, and pieces put in or taken out.

Everything that isn't touched stays as it is, byte for byte, whatever it means.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final
from xml.parsers import expat

from syncd.reading.ooxml.package import MOST_ELEMENTS, Attributes, Unusable, local, parser

_START_TAG: Final = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")


@dataclass(frozen=True, slots=True)
class Node:
    """An element in the bytes: `start` to `end`, its content from `inner` to `close` (all equal when `<a/>`)."""

    name: str
    attributes: Mapping[str, str]
    depth: int
    start: int
    inner: int
    close: int
    end: int

    @property
    def empty(self) -> bool:
        return self.inner == self.end

    def of(self, xml: bytes) -> bytes:
        return xml[self.start : self.end]

    def text(self, xml: bytes) -> str:
        """Its content as text; for elements that hold nothing but text."""
        return html.unescape(xml[self.inner : self.close].decode()) if not self.empty else ""

    def attribute(self, name: str) -> str:
        """By its name without prefix; '' for none."""
        return next((value for key, value in self.attributes.items() if local(key) == name), "")


@dataclass(frozen=True, slots=True)
class Edit:
    """The bytes from `start` to `end` become `new`."""

    start: int
    end: int
    new: bytes = b""


def none(_: str, __: Attributes) -> bool:
    """No element."""
    return False


def outline(xml: bytes, depth: int = 2, also: Callable[[str, Attributes], bool] = none) -> list[Node]:
    """The elements down to a depth (the root's is 1) and, deeper, those that `also` wants, in order of their start.

    Raises `Unusable` unless it is well-formed UTF-8 without a document type.
    """
    found: list[Node | None] = []
    open_: list[tuple[int, int, str, dict[str, str]] | None] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_) < depth or also(local(name), attributes):
            if len(found) >= MOST_ELEMENTS:
                raise Unusable("it has too many elements")
            open_.append((len(found), by.CurrentByteIndex, local(name), attributes))
            found.append(None)
        else:
            open_.append(None)

    def end(_: str) -> None:
        if (begun := open_.pop()) is None:
            return
        place, at, name, attributes = begun
        tag = _START_TAG.match(xml, at)
        if tag is None:
            raise Unusable("its elements can't be told")
        if tag.group().endswith(b"/>"):
            found[place] = Node(name, attributes, len(open_) + 1, at, tag.end(), tag.end(), tag.end())
        else:
            close = by.CurrentByteIndex
            found[place] = Node(name, attributes, len(open_) + 1, at, tag.end(), close, xml.index(b">", close) + 1)

    by = parser(start, end)
    by.XmlDeclHandler = _encoded
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unusable("it is not UTF-8")
    try:
        by.Parse(xml, True)
    except expat.ExpatError as error:
        raise Unusable(str(error)) from error
    return [node for node in found if node is not None]


def _encoded(_: str, encoding: str | None, __: int) -> None:
    if (encoding or "utf-8").lower() not in ("utf-8", "us-ascii"):
        raise Unusable("it is not UTF-8")


def inside(nodes: Sequence[Node], parent: Node, name: str = "") -> list[Node]:
    """The children of an element, of one name or all; `nodes` in order of their start."""
    first = bisect_right(nodes, parent.start, key=lambda node: node.start)
    found = takewhile(lambda node: node.start < parent.end, islice(nodes, first, None))
    return [node for node in found if node.depth == parent.depth + 1 and name in ("", node.name)]


def edited(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with all edits made; edits don't overlap, and of several at one place the first comes first."""
    pieces: list[bytes] = []
    at = 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        pieces += [xml[at : edit.start], edit.new]
        at = edit.end
    return b"".join([*pieces, xml[at:]])


def appended(xml: bytes, parent: Node, new: bytes) -> Edit:
    """Puts elements at the end of one that may be empty."""
    if not parent.empty:
        return Edit(parent.close, parent.close, new)
    tag = parent.of(xml)
    name = re.match(rb"<([^\s/>]+)", tag)
    assert name is not None
    return Edit(parent.start, parent.end, tag[:-2].rstrip() + b">" + new + b"</" + name[1] + b">")


def counted(xml: bytes, parent: Node, count: int) -> Edit | None:
    """Sets the `count` of an element, where it has one."""
    found = re.search(rb"""\scount\s*=\s*["']([0-9]*)["']""", xml[parent.start : parent.inner])
    if found is None:
        return None
    return Edit(parent.start + found.start(1), parent.start + found.end(1), str(count).encode())


def placed(xml: bytes, nodes: Sequence[Node], name: str, order: Sequence[str], new: bytes) -> Edit:
    """Puts in a child of the root that has to stand in a certain order; `order` names all that there are."""
    root = nodes[0]
    later = set(order[order.index(name) + 1 :])
    follower = next((node for node in inside(nodes, root) if node.name in later), None)
    return appended(xml, root, new) if follower is None else Edit(follower.start, follower.start, new)
