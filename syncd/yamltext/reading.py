"""From a file's bytes to `Node`s: every value with its line, every fault of the YAML itself as a Problem.

Refuses what surprises or harms: anchors, aliases and merge keys (a few bytes can mean 10⁹ values), duplicate keys,
tags, deep nesting, big files, and values that change their type (`no`, `010`, `12:30`, dates stay text).
Problems never quote a value: it could be a secret.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from syncd.errors import Misconfigured, Problem

MOST_BYTES: Final = 1_000_000
MOST_DEPTH: Final = 30
MOST_PROBLEMS: Final = 50

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_FLOAT: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NO_KEYS: Final[Mapping[str, int]] = MappingProxyType({})
_TEXT_TAGS: Final = frozenset({"!", "tag:yaml.org,2002:str"})


@dataclass(frozen=True, slots=True)
class Node:
    """One value with its place.

    Attributes:
        value: dict (by key text), list, text, int, float, bool or None (empty, `~`, `null`).
        line: counts from 1.
        raw: a scalar as it was written, without quotes ('' for dict and list).
        key_lines: where each key of a dict stands.
    """

    value: dict[str, Node] | list[Node] | str | int | float | bool | None
    file: str
    line: int
    raw: str = ""
    key_lines: Mapping[str, int] = field(default_factory=lambda: _NO_KEYS)


def decode(data: bytes) -> str:
    """Text from UTF-8 (with or without BOM), UTF-16 or CP932 bytes. Raises UnicodeDecodeError."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    if len(data) >= 2 and (data[0] == 0) != (data[1] == 0):
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp932")


def read_yaml(path: Path) -> Node:
    """The file's content. Raises Misconfigured with every fault of its YAML."""
    problems: list[Problem] = []
    node = collect_yaml(path, problems)
    if node is None or problems:
        raise Misconfigured(tuple(problems))
    return node


def parse_yaml(text: str, file: str) -> Node:
    """The text's content; `file` names it in problems. Raises Misconfigured with every fault of its YAML."""
    problems: list[Problem] = []
    node = collect_text(text, file, problems)
    if node is None or problems:
        raise Misconfigured(tuple(problems))
    return node


def collect_yaml(path: Path, problems: list[Problem]) -> Node | None:
    """As `read_yaml`, but faults are appended to `problems`; None when nothing can be read at all.

    With mere faults (a duplicate key) what could be read comes back, so that the reader can report the rest as well.
    """
    file = str(path)
    try:
        if not path.is_file():
            raise FileNotFoundError(2, "there is no such file")
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        problems.append(Problem(file, 0, f"can't be read: {error.strerror or error}", "check the path and permissions"))
        return None
    return collect_bytes(data, file, problems)


def collect_bytes(data: bytes, file: str, problems: list[Problem]) -> Node | None:
    """As `collect_yaml`, for bytes that were read already."""
    if len(data) > MOST_BYTES:
        problems.append(Problem(file, 0, "is larger than 1 MB", "a file of settings is a few kB; is it the right one?"))
        return None
    try:
        text = decode(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(file, line, "is no text that syncd can read", "save it as UTF-8 (Notepad: Save as)"))
        return None
    return collect_text(text, file, problems)


def collect_text(text: str, file: str, problems: list[Problem]) -> Node | None:
    """As `collect_yaml`, for text."""
    text = text.removeprefix("\ufeff")
    bad = _FORBIDDEN.search(text)
    if bad:
        line = len((text[: bad.start()] + ".").splitlines())
        message = f"has a control character ({bad.group()!a}) that no YAML file may contain"
        problems.append(Problem(file, line, message, "delete it, or type the line again"))
        return None
    builder = _Builder(file, problems)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except _GiveUp:
        return None
    except yaml.YAMLError as error:
        problems.append(_syntax_problem(error, text, file))
        return None
    return builder.root or Node(None, file, 1)


def shown(text: str) -> str:
    """A key or word quoted for a message: one line, short, nothing invisible."""
    return repr(str(text) if len(text) <= 40 else text[:40] + "…")


class _GiveUp(Exception):
    """There is no point in reading on; the reason is among the problems."""


@dataclass(slots=True)
class _Frame:
    """A dict or list that is still open; a dict's `key` waits for its value, None when that is to be dropped."""

    content: dict[str, Node] | list[Node]
    key_lines: dict[str, int]
    key: str | None = None
    expects_key: bool = True


class _Builder:
    """Builds nodes from parser events with a stack of its own, so that no input can exhaust Python's."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.root: Node | None = None
        self._allowed = len(problems) + MOST_PROBLEMS
        self._stack: list[_Frame] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor is not None or event.tag is not None:
                self._refuse_decoration(event, line)
            self._attach(Node(_scalar(event), self.file, line, event.value, _NO_KEYS), event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [], event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._problem(line, "uses an alias (*name)", "write the value out; put text that begins with * in quotes")
            self._attach(Node(None, self.file, line), None)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._problem(line, "has a second document (---)", "one file holds one document: remove the line")
                raise _GiveUp

    def _refuse_decoration(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            self._problem(line, "uses an anchor (&name)", "write the value out; put text that begins with & in quotes")
        if event.tag is not None and (event.tag not in _TEXT_TAGS or not isinstance(event, yaml.ScalarEvent)):
            self._problem(line, "uses a tag (!name)", "remove it; put text that begins with ! in quotes")

    def _open(self, content: dict[str, Node] | list[Node], event: Any, line: int) -> None:
        self._refuse_decoration(event, line)
        key_lines: dict[str, int] = {}
        self._attach(Node(content, self.file, line, "", key_lines), event)
        self._stack.append(_Frame(content, key_lines))
        if len(self._stack) > MOST_DEPTH:
            self._problem(line, f"is nested more than {MOST_DEPTH} levels deep", "is a bracket left open?")
            raise _GiveUp

    def _attach(self, node: Node, event: Any) -> None:
        """Puts a node where it belongs; `event` None: an alias, already refused."""
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        if isinstance(frame.content, list):
            frame.content.append(node)
        elif frame.expects_key:
            frame.expects_key = False
            frame.key = None if event is None else self._key(frame, node, event)
        else:
            frame.expects_key = True
            if frame.key is not None:
                frame.content[frame.key] = node

    def _key(self, frame: _Frame, node: Node, event: Any) -> str | None:
        """The key's text, or None when its value has to be dropped."""
        if not isinstance(event, yaml.ScalarEvent):
            self._problem(node.line, "has a list or group where a key belongs", "put text that begins with { in quotes")
            return None
        key = node.raw
        if key == "<<" and event.implicit[0]:
            self._problem(node.line, "uses a merge key (<<)", "write the keys out")
            return None
        if key in frame.key_lines:
            first = frame.key_lines[key]
            self._problem(node.line, f"has the key {shown(key)} twice (first in line {first})", "remove one of the two")
            return None
        frame.key_lines[key] = node.line
        return key

    def _problem(self, line: int, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, line, message, remedy))
        if len(self.problems) >= self._allowed:
            raise _GiveUp


def _scalar(event: Any) -> str | int | float | bool | None:
    text: str = event.value
    if not event.implicit[0]:  # quoted, a block, or tagged as text
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


_SAYS: Final = (
    ("values are not allowed", "a colon makes no sense here", "check the indentation; put text with ': ' in quotes"),
    ("start any token", "text begins with a sign that means something in YAML", "put it in quotes"),
    ("expected ',' or", "a bracket [ or { is not closed as expected", "check commas and brackets"),
    ("expected key", "this line doesn't fit the lines above", "check its indentation, and that quotes are closed"),
    ("expected '-'", "this line doesn't fit the list above", "check its indentation"),
    ("expected ':'", "a key without ': ' after it", "write `key: value`, with a space after the colon"),
    ("end of stream", "a quotation mark is not closed", "close it"),
    ("escape", 'a backslash in "…" must be doubled', "write \\\\ or use '…'"),
    ("alphabetic or numeric", "text begins with * or &", "put it in quotes"),
)


def _syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    wrong = str(getattr(error, "problem", "") or "")
    mark = getattr(error, "problem_mark", None)
    if "end of stream" in wrong:  # where the quotation begins says more than where the file ends
        mark = getattr(error, "context_mark", None) or mark
    line = mark.line + 1 if mark else 0
    lines = [*text.splitlines(), ""]
    content = lines[line - 1] if 0 < line <= len(lines) else ""
    message, remedy = next(((says, do) for sign, says, do in _SAYS if sign in wrong), (wrong or "it can't be read", ""))
    if mark is not None and content[mark.column : mark.column + 1] == "\t":
        message, remedy = "a tab stands where spaces belong", "replace tabs by spaces"
    elif any("：" in each and ": " not in each for each in lines[max(0, line - 2) : line]):
        remedy = "write a half-width colon and a space (': '), not ："
    elif re.search(r":\s+[{]", content):
        remedy = "put text that begins with { in quotes"
    return Problem(file, line, f"is no valid YAML: {message}", remedy or "compare it with the example")
