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
from syncd.yamltext.syntax import syntax_problem

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
        line, column: of its first character, within its quotation marks if it has some; from 1, 0 when not known.
        raw: a scalar as it was written, without quotes ('' for dict and list).
        key_lines, key_columns: where each key of a dict stands.
        as_written: the text stands in one line of the file exactly as it reads, so that its characters can be counted.
    """

    value: dict[str, Node] | list[Node] | str | int | float | bool | None
    file: str
    line: int
    raw: str = ""
    key_lines: Mapping[str, int] = field(default_factory=lambda: _NO_KEYS)
    column: int = 0
    key_columns: Mapping[str, int] = field(default_factory=lambda: _NO_KEYS)
    as_written: bool = False

    def column_at(self, offset: int) -> int:
        """The column of a text's character (`offset` from 0), for a fault in the middle of it.

        Where characters can't be counted (a text over several lines, or with escapes) that of the first.
        """
        return self.column + offset if self.as_written else self.column


def decode(data: bytes) -> str:
    """Text from UTF-8 (with or without BOM), UTF-16 or CP932 bytes. Raises UnicodeDecodeError, of the likelier one."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    if len(data) >= 2 and (data[0] == 0) != (data[1] == 0):
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            return data.decode("cp932")
        except UnicodeDecodeError as other:
            raise (error if error.start > other.start else other) from None


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
        lines = (text[: bad.start()] + ".").splitlines()
        message = f"has a control character ({bad.group()!a}) that no YAML file may contain"
        problems.append(Problem(file, len(lines), message, "delete it, or type the line again", len(lines[-1])))
        return None
    builder = _Builder(file, problems)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except _GiveUp:
        return None
    except yaml.YAMLError as error:
        problems.append(syntax_problem(error, text, file))
        return None
    return builder.root or Node(None, file, 1, column=1)


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
    key_columns: dict[str, int]
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
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor is not None or event.tag is not None:
                self._refuse_decoration(event, line, column)
            self._attach(self._scalar(event, line, column), event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [], event, line, column)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            remedy = "write the value out; put text that begins with * in quotes"
            self._problem(line, column, "uses an alias (*name)", remedy)
            self._attach(Node(None, self.file, line, column=column), None)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                remedy = "one file holds one document: remove the line"
                self._problem(line, column, "has a second document (---)", remedy)
                raise _GiveUp

    def _scalar(self, event: Any, line: int, column: int) -> Node:
        """The value; its column is that of the text, not of the quotation mark before it."""
        quoted = event.style in ("'", '"')
        written = event.end_mark.index - event.start_mark.index - 2 * quoted
        bare = event.anchor is None and event.tag is None
        as_written = bare and event.start_mark.line == event.end_mark.line and written == len(event.value)
        return Node(
            _scalar(event), self.file, line, event.value, _NO_KEYS, column + quoted if bare else column, _NO_KEYS,
            as_written,
        )  # fmt: skip

    def _refuse_decoration(self, event: Any, line: int, column: int) -> None:
        if event.anchor is not None:
            remedy = "write the value out; put text that begins with & in quotes"
            self._problem(line, column, "uses an anchor (&name)", remedy)
        if event.tag is not None and (event.tag not in _TEXT_TAGS or not isinstance(event, yaml.ScalarEvent)):
            self._problem(line, column, "uses a tag (!name)", "remove it; put text that begins with ! in quotes")

    def _open(self, content: dict[str, Node] | list[Node], event: Any, line: int, column: int) -> None:
        self._refuse_decoration(event, line, column)
        key_lines: dict[str, int] = {}
        key_columns: dict[str, int] = {}
        self._attach(Node(content, self.file, line, "", key_lines, column, key_columns), event)
        self._stack.append(_Frame(content, key_lines, key_columns))
        if len(self._stack) > MOST_DEPTH:
            self._problem(line, column, f"is nested more than {MOST_DEPTH} levels deep", "is a bracket left open?")
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
            remedy = "put text that begins with { in quotes"
            self._problem(node.line, node.column, "has a list or group where a key belongs", remedy)
            return None
        key = node.raw
        if key == "<<" and event.implicit[0]:
            self._problem(node.line, node.column, "uses a merge key (<<)", "write the keys out")
            return None
        if key in frame.key_lines:
            first = frame.key_lines[key]
            message = f"has the key {shown(key)} twice (first in line {first})"
            self._problem(node.line, node.column, message, "remove one of the two")
            return None
        frame.key_lines[key], frame.key_columns[key] = node.line, node.column
        return key

    def _problem(self, line: int, column: int, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, line, message, remedy, column))
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
