"""One document type: what its rule file may say, and how that is read.

Owns the keys of a rule file and their check. Refuses keys of later versions rather than skip them: a file whose checks
nobody ran has not passed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, Literal, cast, get_args

from syncd.errors import Problem
from syncd.rulebook import naming
from syncd.rulebook.period import Every
from syncd.rulebook.workflow import Line, read_lines
from syncd.yamltext import Node, Reader, suggestion

Roll = Literal["next_business_day", "previous_business_day", "none"]

_NOT_YET: Final = ("facts", "checks", "examples")
_LAST_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ID: Final = re.compile(r"[^\W_][\w-]{0,59}")
_REMIND_MOST: Final = 366


@dataclass(frozen=True, slots=True)
class Required:
    """Of whom the document is expected: `kinds` of operators (empty: all), once `every` period."""

    kinds: tuple[str, ...]
    every: Every


@dataclass(frozen=True, slots=True)
class Due:
    """The due day.

    Attributes:
        month: same or next as the period's (last) month; or a month of the year (1–12), for fiscal years.
        day: of the month; 29–31 mean the last day of a month that is shorter.
        roll: where a due day goes that is no business day.
        remind: days before (< 0) and after the due day, rising.
    """

    month: Literal["same", "next"] | int
    day: int
    roll: Roll
    remind: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A document type.

    Attributes:
        pattern: of its file names, as written; `pieces` is the same, taken apart.
        extensions: without dot, case folded; empty: any.
        many: several files together are the document.
        own_lines: its own lines of the workflow, before the common ones.
        ward_edits: what the ward changed may be confirmed; None: the common table says.
        file, line: where its name pattern stands.
    """

    document: str
    title: str
    pattern: str
    pieces: tuple[naming.Piece, ...]
    extensions: frozenset[str]
    many: bool
    required: Required | None
    due: Due | None
    personal_information: tuple[str, ...]
    own_lines: tuple[Line, ...]
    ward_edits: bool | None
    file: str
    line: int

    @property
    def place(self) -> str:
        """File and line of its name pattern."""
        return f"{self.file}:{self.line}"

    @property
    def short_place(self) -> str:
        """The same without the folder, for the history: it outlives folders."""
        return f"{PurePath(self.file).name}:{self.line}"

    @property
    def every(self) -> Every:
        """Which kind of period its file names carry."""
        return self.required.every if self.required else "month"


def read_rule(node: Node, problems: list[Problem], messages: Collection[str]) -> Rule | None:
    """A rule from its file; None after a fault, all faults in `problems`. `messages`: the names that moves may use."""
    before = len(problems)
    reader = Reader(node, problems)
    document, title = reader.text("document"), reader.text("title")
    if document and not _ID.fullmatch(document):
        reader.problem("document must be a short name of letters, digits, - and _", "e.g. enrolment", "document")
    pattern, pieces, extensions, line = _match(reader, title)
    many = reader.word("files", ("one", "many"), "one") == "many"
    required = _required(reader)
    due = _due(reader, required)
    personal = reader.texts("personal_information")
    ward_edits = reader.word("ward_edits", ("refuse", "accept")) == "accept" if reader.has("ward_edits") else None
    reader.know("ward_edits")
    own_lines = read_lines(reader.groups("moves"), messages, ward_edits)
    _refuse_later_keys(reader)
    reader.finish()
    if len(problems) > before:
        return None
    return Rule(
        document, title, pattern, pieces, extensions, many, required, due, personal, own_lines, ward_edits,
        node.file, line,
    )  # fmt: skip


def _refuse_later_keys(reader: Reader) -> None:
    given = reader.given()
    for key in _NOT_YET:
        if key in given:
            reader.know(key)
            remedy = "remove it and have people check this document: a file that wasn't checked must not pass"
            reader.problem(f"this version of syncd can't run `{key}`", remedy, key)


def _match(reader: Reader, title: str) -> tuple[str, tuple[naming.Piece, ...], frozenset[str], int]:
    """The pattern as written and taken apart, the extensions, and the pattern's line."""
    match = reader.group("match", required=True)
    pattern = match.text("name") if reader.has("match") else ""
    extensions = frozenset(
        naming.normalised(each).strip().removeprefix(".") for each in match.texts("extension", single=True)
    )
    match.know("name")
    match.finish()
    placeholders, brace = naming.stray(pattern)
    for each in placeholders:
        if each not in naming.PLACEHOLDERS:
            message = f"match.name: there is no placeholder {{{each[:40]}}}"
            match.problem(message, suggestion(each, naming.PLACEHOLDERS), "name")
        elif placeholders.count(each) > 1 and each != "title":
            match.problem(f"match.name has {{{each}}} more than once", "keep one of them", "name")
            break
    kinds = [piece.kind for piece in naming.pieces(pattern, title)]
    if {"facility", "period"} in [set(pair) for pair in itertools.pairwise(kinds)]:
        match.problem("match.name has {facility} directly beside {period}", "put _ between them", "name")
    if brace:
        match.problem("match.name has a brace without its partner", "close it, or remove it", "name")
    if "/" in pattern or "\\" in pattern:
        match.problem("match.name has a slash: it can never match", "it is the name of a file, not a path", "name")
    _, ending = naming.split_extension(naming.normalised(pattern))
    if ending and ending in extensions:
        message = f"match.name ends with .{ending}, but is matched to the name without extension"
        match.problem(message, f"remove .{ending}", "name")
    return pattern, naming.pieces(pattern, title), extensions, match.line("name")


def _required(reader: Reader) -> Required | None:
    if not reader.has("required"):
        reader.know("required")
        return None
    required = reader.group("required")
    kinds = required.texts("kinds", single=True)
    every = required.word("every", get_args(Every), "month")
    required.finish()
    return Required(kinds, cast("Every", every))


def _due(reader: Reader, required: Required | None) -> Due | None:
    if not reader.has("due"):
        reader.know("due")
        return None
    due = reader.group("due")
    month = _due_month(due, required)
    day = due.integer("day", least=1, most=31)
    if isinstance(month, int) and day > _LAST_DAYS[month - 1]:
        due.problem(f"due: there is no {month}/{day} every year", f"the last one is {_LAST_DAYS[month - 1]}", "day")
    roll = due.word("roll", get_args(Roll), "next_business_day")
    remind = due.integers("remind", least=-_REMIND_MOST, most=_REMIND_MOST)
    due.finish()
    return Due(month, day, cast("Roll", roll), tuple(sorted(set(remind))))


def _due_month(due: Reader, required: Required | None) -> Literal["same", "next"] | int:
    node = due.node("month")
    if node is None or not isinstance(node.value, int) or isinstance(node.value, bool):
        return "next" if due.word("month", ("same", "next")) == "next" else "same"
    if required is None or required.every != "fiscal_year":
        remedy = "write same or next; a number is for documents that are required every fiscal_year"
        due.problem(f"due.month can't be {node.value} here", remedy, "month")
        return "same"
    return due.integer("month", least=1, most=12)
