"""The table of allowed moves: who may take a file from which stage to which, and whom that tells.

Owns lines, their order and their check. A move is allowed by a line, or it is refused: there is no other place where
this is decided. Refuses to know what a move does or how a fact is found out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, cast, get_args

from syncd.model import Audience, By, Stage
from syncd.yamltext import Node, Reader, suggestion

FACTS: Final = ("offered", "returned", "edited", "unedited", "with_note", "typed", "untyped", "held")
"""What may stand in a line's `when`; the engine says which of them hold for a file."""

_OPPOSITES: Final = (("offered", "returned"), ("edited", "unedited"), ("typed", "untyped"))
_AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)
_WARD_EDITS: Final = ("refuse", "accept")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table.

    Attributes:
        when: facts that all have to hold.
        tell, messages: whom it tells, and with which message each (in the same order).
        allow: False forbids what a later line would allow.
        ward_edits: bytes that the ward changed may make this move.
        place: file and line where it stands.
    """

    from_stage: Stage
    to_stage: Stage
    by: By
    when: frozenset[str] = frozenset()
    tell: tuple[Audience, ...] = ()
    messages: tuple[str, ...] = ()
    allow: bool = True
    ward_edits: bool = False
    place: str = ""

    def message_for(self, audience: Audience) -> str:
        """The name of the message that this audience gets; '' when the line doesn't tell it."""
        return dict(zip(self.tell, self.messages, strict=True)).get(audience, "")

    def covers(self, other: Line) -> bool:
        """Whatever would fit the other line fits this one, too."""
        return self._way() == other._way() and self.when <= other.when

    def _way(self) -> tuple[Stage, Stage, By]:
        return self.from_stage, self.to_stage, self.by


@dataclass(frozen=True, slots=True)
class Workflow:
    """The lines that hold for one document type, its own first."""

    lines: tuple[Line, ...]

    def line(self, from_stage: Stage | None, to_stage: Stage | None, by: By, facts: Collection[str]) -> Line | None:
        """The first line that fits; None, or a line that doesn't `allow`, means that the move is refused."""
        way = (from_stage, to_stage, by)
        for line in self.lines:
            if (line.from_stage, line.to_stage, line.by) == way and line.when.issubset(facts):
                return line
        return None


def read_lines(
    readers: Collection[Reader], messages: Collection[str], ward_edits: bool | None = None
) -> tuple[Line, ...]:
    """The lines of a `moves:` list; faults go to the readers' problems.

    Args:
        messages: names of the messages that there are.
        ward_edits: what the document type says for its lines that don't say it themselves.
    """
    found: list[Line] = []
    for reader in readers:
        line = _read_line(reader, messages, bool(ward_edits))
        if line is None:
            continue
        earlier = next((each for each in found if each.covers(line)), None)
        if earlier is not None:
            message = f"this line is never reached: {earlier.place} already takes all its cases"
            reader.problem(message, "remove it, or put it above and give it a narrower `when`")
        found.append(line)
    return tuple(found)


def _read_line(reader: Reader, messages: Collection[str], ward_edits: bool) -> Line | None:
    """One line; None when it is not clear which move it is about."""
    before = len(reader.problems)
    from_stage = reader.word("from", [*Stage])
    to_stage = reader.word("to", [*Stage])
    by = reader.word("by", [*By])
    when = _when(reader)
    allow = reader.boolean("allow", True)
    edits = reader.word("ward_edits", _WARD_EDITS, _WARD_EDITS[ward_edits])
    tell = cast("tuple[Audience, ...]", reader.words("tell", _AUDIENCES, single=True))
    told = _messages(reader, tell, messages)
    reader.finish()
    if from_stage and from_stage == to_stage:
        reader.problem(f"a move from {from_stage} to {to_stage} is none", "name two different stages", "to")
    if not allow and tell:
        reader.problem("a forbidden move tells nobody by itself", "remove `tell` and `message`", "tell")
    if len(reader.problems) > before or not (from_stage and to_stage and by):
        return None
    place = f"{reader.node_here.file}:{reader.node_here.line}"
    return Line(Stage(from_stage), Stage(to_stage), By(by), when, tell, told, allow, edits == "accept", place)


def _when(reader: Reader) -> frozenset[str]:
    when = frozenset(reader.words("when", FACTS, single=True))
    for one, other in _OPPOSITES:
        if one in when and other in when:
            reader.problem(
                f"when: {one} and {other} never hold together", "remove one of them, or make two lines", "when"
            )
    return when


def _messages(reader: Reader, tell: tuple[Audience, ...], known: Collection[str]) -> tuple[str, ...]:
    """The message's name for each audience."""
    node = reader.node("message")
    if node is None or node.value is None:
        if tell:
            reader.problem("`tell` without `message`", "say with which message they are told", "tell")
        return ()
    if not tell and not reader.has("tell"):
        reader.problem("`message` without `tell`", "say who is told: " + ", ".join(_AUDIENCES), "message")
    if not isinstance(node.value, dict):
        name = _message(reader, node, known)
        return (name,) * len(tell)
    names = {audience: _message(reader, each, known) for audience, each in node.value.items()}
    return _by_audience(reader, node, tell, names)


def _by_audience(reader: Reader, node: Node, tell: tuple[Audience, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    for audience in names:
        if audience not in tell:
            line, column = node.key_lines[audience], node.key_columns[audience]
            reader.problem(
                f"there is a message for {audience[:40]!r}, whom the line doesn't tell",
                suggestion(audience, tell),
                node=Node(None, node.file, line, column=column),
            )
    for audience in tell:
        if audience not in names:
            reader.problem(f"there is no message for {audience}", f"add `{audience}: <message>`", "message")
    return tuple(names.get(audience, "") for audience in tell)


def _message(reader: Reader, node: Node, known: Collection[str]) -> str:
    if isinstance(node.value, str) and node.value in known:
        return node.value
    if isinstance(node.value, dict | list):
        reader.one_of(node, known, "moves.message")
    else:
        reader.problem(f"there is no message {node.raw[:60]!r}", suggestion(node.raw, known), node=node)
    return ""
