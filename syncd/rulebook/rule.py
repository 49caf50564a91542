"""One document type: what its rule file may say, and how that is read.

Owns the keys of a rule file and their check. Refuses keys that it doesn't know rather than skip them: a file whose
checks nobody ran has not passed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from syncd.errors import Problem
from syncd.forms.check import Check
from syncd.forms.fact import Fact
from syncd.rulebook import naming
from syncd.rulebook.checks import Example, read_checks, read_examples
from syncd.rulebook.expected import KEYS_DUE, KEYS_REQUIRED, Closes, Due, Required, read_closes, read_due, read_required
from syncd.rulebook.facts import read_facts
from syncd.rulebook.period import Every
from syncd.rulebook.workflow import Line, read_lines
from syncd.yamltext import Node, Reader, suggestion

_ID: Final = re.compile(r"[^\W_][\w-]{0,59}")
_ELSEWHERE: Final = {
    **dict.fromkeys(("name", "extension"), "match"),
    **dict.fromkeys(KEYS_REQUIRED, "required"),
    **dict.fromkeys(KEYS_DUE, "due"),
}
"""Keys that administrators write one level too high, and where they belong."""


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
        version: a short hash of its file's text, so that it can be said later which rule judged.
        closes: when a fiscal year's periods are over, and nobody is asked for them any more.
        original: the sealed paper original has to come, too.
        facts, checks, examples: what is read from the form, what has to hold, and samples that show it.
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
    version: str = ""
    closes: Closes = field(default_factory=Closes)
    original: bool = False
    facts: tuple[Fact, ...] = ()
    checks: tuple[Check, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def place(self) -> str:
        """File and line of its name pattern."""
        return f"{self.file}:{self.line}"

    @property
    def short_place(self) -> str:
        """The same without the folder, and with the version, for the history: it outlives folders and edits."""
        version = f"@{self.version}" if self.version else ""
        return f"{PurePath(self.file).name}:{self.line}{version}"

    @property
    def every(self) -> Every:
        """Which kind of period its file names carry."""
        return self.required.every if self.required else "month"


def read_rule(node: Node, problems: list[Problem], messages: Collection[str]) -> Rule | None:
    """A rule from its file; None after a fault, all faults in `problems`. `messages`: the names that moves may use."""
    before = len(problems)
    reader = Reader(node, problems)
    if node.value is None:
        reader.problem("the file is empty", "write `document:`, `title:` and `match:`, or delete it")
        return None
    document, title = reader.text("document"), reader.text("title")
    if document and not _ID.fullmatch(document):
        reader.problem("document must be a short name of letters, digits, - and _", "e.g. enrolment", "document")
    pattern, pieces, extensions, line = _match(reader, title)
    many = reader.word("files", ("one", "many"), "one") == "many"
    required = read_required(reader)
    due = read_due(reader, required)
    closes = read_closes(reader)
    original = reader.boolean("original", False)
    personal = reader.texts("personal_information")
    ward_edits = reader.word("ward_edits", ("refuse", "accept")) == "accept" if reader.has("ward_edits") else None
    reader.know("ward_edits")
    own_lines = read_lines(reader.groups("moves"), messages, ward_edits)
    facts = read_facts(reader)
    checks, examples = read_checks(reader, facts), read_examples(reader)
    reader.finish(_ELSEWHERE)
    if len(problems) > before:
        return None
    return Rule(
        document, title, pattern, pieces, extensions, many, required, due, personal, own_lines, ward_edits,
        node.file, line, closes=closes, original=original, facts=facts, checks=checks, examples=examples,
    )  # fmt: skip


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
            message, place = f"match.name: there is no placeholder {{{each[:40]}}}", pattern.find(f"{{{each}}}")
            match.problem(message, suggestion(each, naming.PLACEHOLDERS), node=match.node("name"), offset=place)
        elif placeholders.count(each) > 1 and each != "title":
            place = pattern.rfind(f"{{{each}}}")
            message = f"match.name has {{{each}}} more than once"
            match.problem(message, "keep one of them", node=match.node("name"), offset=place)
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
