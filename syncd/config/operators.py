"""The operators of config.yaml: who they are, where their folders lie, that none gets in another's way."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from syncd.config import folders
from syncd.config.rooms import room_urls
from syncd.errors import Problem
from syncd.model import Operator, Side
from syncd.yamltext import Reader

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_PEOPLE: Final = re.compile(r"(?:\*|[^\s@*]+)@[^\s@*]+")
RESERVED_IDS: Final = frozenset({"staff", "administrators"})


@dataclass(frozen=True, slots=True)
class _Entry:
    operator: Operator
    reader: Reader

    @property
    def shown(self) -> str:
        """The id as it was written, for messages: what came from outside is never shown."""
        node = self.reader.node("id")
        return node.raw if node is not None else "?"


class Operators:
    """Reads the list `operators`; faults go to the reader's problems.

    Args:
        top: of the whole file.
        folder: where relative paths begin.
        box_root: the id of the Box folder under which theirs lie, which may be named by their ids; None: no Box.
    """

    def __init__(self, top: Reader, folder: Path, warnings: list[Problem], box_root: str | None) -> None:
        self._top = top
        self._folder = folder
        self._warnings = warnings
        self._box_root = box_root

    def read(self) -> tuple[Operator, ...]:
        """All operators, in the order of the file."""
        entries = [_Entry(self._one(reader), reader) for reader in self._top.groups("operators", required=True)]
        self._refuse_repeated_ids(entries)
        for side in Side:
            self._refuse_clashing_folders(entries, side)
        self._warn_of_shared(entries, "code", lambda operator: (operator.code,) if operator.code else ())
        self._warn_of_shared(entries, "chat", lambda operator: operator.chat)
        return tuple(entry.operator for entry in entries)

    def _one(self, reader: Reader) -> Operator:
        identifier = reader.text("id")
        if identifier and not _ID.fullmatch(identifier):
            reader.problem("an operator's id is one word", "use a–z, 0–9, _ and -, at most 64 of them", "id")
        if identifier.casefold() in RESERVED_IDS:
            reader.problem(
                f"an operator's id can't be {identifier.casefold()}", "that is a chat room; take another", "id"
            )
        name = reader.text("name")
        operator = Operator(
            id=identifier,
            name=name,
            kind=reader.text("kind", ""),
            code=reader.optional_text("code"),
            intranet_folder=self._path(reader, "intranet_folder", name),
            cloud_folder=self._path(reader, "cloud_folder", name),
            chat=room_urls(reader, "chat", self._folder, self._warnings),
            staff_chat=room_urls(reader, "staff_chat", self._folder, self._warnings),
            cloud_people=self._people(reader),
            corporation=reader.text("corporation", "", digits=True),
        )
        reader.finish()
        return operator

    def _people(self, reader: Reader) -> tuple[str, ...]:
        """Logins and `*@domain`, which `syncd doctor` holds against those who can see the folder in Box."""
        people = []
        for node in reader.items("cloud_people", single=True):
            if isinstance(node.value, str) and _PEOPLE.fullmatch(node.value):
                people.append(node.value)
            else:
                remedy = "write a login in Box, like suzuki@example.jp, or *@example.jp for all of that domain"
                reader.problem("operators.cloud_people has an entry that is no login", remedy, node=node)
        if people and self._box_root is None:
            line, column = reader.spot("cloud_people")
            message = "cloud_people is only looked at where the cloud is Box"
            remedy = "take it out, or see who has rights on the share"
            self._warnings.append(Problem(reader.node_here.file, line, message, remedy, column))
        return tuple(dict.fromkeys(people))

    def _path(self, reader: Reader, key: str, name: str) -> str:
        root = self._box_root if key == "cloud_folder" else None
        path = reader.text(key, name, digits=root is not None)
        given = reader.has(key)
        if root is not None and folders.is_folder_id(path):
            fault = folders.fault_of_folder_id(path, root) if given else "is nothing but digits, as Box folder ids are"
            remedy = "write the digits at the end of the folder's address in Box, or a path below cloud.root"
        else:
            fault = folders.fault_of_path(path) if path else None
            remedy = "take another folder name"
        if fault:
            message = f"operators.{key if given else 'name'} {fault}"
            remedy = remedy if given else f"add {key} with a name that can be a folder's"
            reader.problem(message, remedy, key if given else "name")
        return path

    def _refuse_repeated_ids(self, entries: list[_Entry]) -> None:
        for position, earlier in folders.repeated(entry.operator.id for entry in entries).items():
            entry, first = entries[position], entries[earlier]
            if entry.operator.id:
                message = f"operator id {entry.shown} is there twice (first in line {first.reader.line('id')})"
                entry.reader.problem(message, "give each operator an id of its own", "id")

    def _refuse_clashing_folders(self, entries: list[_Entry], side: Side) -> None:
        key = f"{side}_folder"
        words = {"the same": "is the same as", "inside": "lies inside", "around": "lies around"}
        seen: dict[tuple[str, ...], _Entry] = {}
        for entry in entries:
            parts = self._parts(entry.operator, side)
            for other, relation in _clashes(parts, seen):
                line = other.reader.line(key)
                message = f"{key} of {entry.shown} {words[relation]} that of {other.shown} (line {line})"
                remedy = "operators never share a folder: give each its own"
                entry.reader.problem(message, remedy, key if entry.reader.has(key) else "name")
            seen.setdefault(parts, entry)

    def _parts(self, operator: Operator, side: Side) -> tuple[str, ...]:
        """The folder, to compare with others; an id is no part of any path."""
        path = operator.folder(side)
        is_id = self._box_root is not None and side is Side.CLOUD and folders.is_folder_id(path)
        return (f"/{path}",) if is_id else folders.folded(path)

    def _warn_of_shared(self, entries: list[_Entry], key: str, values: Callable[[Operator], tuple[str, ...]]) -> None:
        """What two operators have in common may be meant (one company), but would show one what is the other's."""
        first: dict[str, _Entry] = {}
        for entry in entries:
            for value in values(entry.operator):
                other = first.setdefault(value, entry)
                if other is not entry:
                    message = f"{entry.shown} has the same {key} as {other.shown}"
                    line, column = entry.reader.spot(key)
                    problem = Problem(entry.reader.node_here.file, line, message, "is that meant?", column)
                    self._warnings.append(problem)
                    break


def _clashes(parts: tuple[str, ...], seen: dict[tuple[str, ...], _Entry]) -> list[tuple[_Entry, str]]:
    """Entries with the same folder, one around it, or one inside it."""
    if parts == ("",):
        return []
    if parts in seen:
        return [(seen[parts], "the same")]
    around = [(seen[parts[:depth]], "inside") for depth in range(1, len(parts)) if parts[:depth] in seen]
    inside = [(entry, "around") for other, entry in seen.items() if other[: len(parts)] == parts]
    return around + inside
