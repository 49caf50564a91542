"""The rules folder: read once as bytes, then made into a `Rulebook` or refused with all its faults.

The one module of the rulebook that touches the disk. A `Snapshot` is what was read, so that exactly what was checked
can be kept as the last good set. Refuses to take a part of the rules when another part is wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from syncd.errors import Misconfigured, Problem
from syncd.model import By, Stage
from syncd.rulebook.book import Rulebook
from syncd.rulebook.calendar import Calendar, read_calendar
from syncd.rulebook.messages import Messages, read_messages
from syncd.rulebook.names import check_names
from syncd.rulebook.naming import normalised
from syncd.rulebook.rule import Rule, read_rule
from syncd.rulebook.workflow import Line, Workflow, read_lines
from syncd.yamltext import Node, Reader, collect_bytes, shown
from syncd.yamltext.reading import MOST_BYTES

WORKFLOW: Final = "_workflow"
CALENDAR: Final = "_calendar"
FORMS: Final = "forms"
VERSION_DIGITS: Final = 7
_SUFFIXES: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rules as they lay in a folder at one moment.

    Attributes:
        folder: names the place in problems.
        files: name → bytes, of the rule files, `_workflow.yaml` and `_calendar.yaml`.
        forms: SHA-1 of the files in `forms/`.
    """

    folder: str
    files: Mapping[str, bytes]
    forms: frozenset[str]

    @property
    def version(self) -> str:
        """A short name for exactly these rules."""
        return self.fingerprint[:VERSION_DIGITS]

    @property
    def fingerprint(self) -> str:
        """Differs when anything that matters differs."""
        digest = hashlib.sha256()
        for name, data in sorted(self.files.items()):
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
        digest.update("\0".join(sorted(self.forms)).encode())
        return digest.hexdigest()


def load(folder: Path, packaged: Path) -> Rulebook:
    """The rules of a folder; `packaged` has the `_workflow.yaml` that holds where the folder's says nothing.

    Raises Misconfigured with every fault of every file.
    """
    return build(snapshot(folder), snapshot(packaged))


def snapshot(folder: Path) -> Snapshot:
    """What lies in a rules folder now. Raises Misconfigured when it can't be read."""
    try:
        found = sorted(path for path in folder.iterdir() if _counts(path.name) and path.is_file())
        files = {path.name: _bytes(path) for path in found}
        forms = folder / FORMS
        blanks = sorted(path for path in forms.rglob("*") if path.is_file()) if forms.is_dir() else []
        hashes = frozenset(_sha1(path) for path in blanks)
    except OSError as error:
        what = f"the rules can't be read: {error.strerror or error}"
        problem = Problem(str(error.filename or folder), 0, what, "check `rules:` in config.yaml, and permissions")
        raise Misconfigured((problem,)) from error
    return Snapshot(str(folder), MappingProxyType(files), hashes)


def build(rules: Snapshot, packaged: Snapshot) -> Rulebook:
    """The rulebook of a snapshot. Raises Misconfigured with every fault of every file."""
    standard, messages, calendar, faults = _standard(packaged.folder, tuple(packaged.files.items()))
    problems = list(faults)
    common, messages = _workflow(rules, standard, messages, problems)
    calendar = _calendar(rules, calendar, problems)
    nodes = {
        name: node
        for name, data in rules.files.items()
        if not name.startswith("_") and (node := collect_bytes(data, _place(rules, name), problems)) is not None
    }
    found = [
        replace(rule, version=version_of(rules.files[name]))
        for name, node in nodes.items()
        if (rule := read_rule(node, problems, messages)) is not None
    ]
    _refuse_twins(list(nodes.values()), problems)
    _refuse_waiting_for_nothing(found, {_place(rules, name): node for name, node in nodes.items()}, problems)
    by_id = MappingProxyType({rule.document: rule for rule in found})
    if len(nodes) == sum(not name.startswith("_") for name in rules.files):
        problems += check_names(by_id, _documents(nodes.values()) - set(by_id))
    if problems:
        raise Misconfigured(tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column))))
    workflows = {rule.document: Workflow((*rule.own_lines, *_inherited(rule, common))) for rule in found}
    return Rulebook(by_id, rules.forms, messages, common, MappingProxyType(workflows), rules.version, calendar)


def _documents(nodes: Iterable[Node]) -> set[str]:
    """The ids that rule files give themselves, whatever else is wrong with them."""
    values = [
        node.value["document"].value for node in nodes if isinstance(node.value, dict) and "document" in node.value
    ]
    return {value for value in values if isinstance(value, str)}


def version_of(data: bytes) -> str:
    """A short name for exactly this text of a rule file."""
    return hashlib.sha256(data).hexdigest()[:VERSION_DIGITS]


@lru_cache(maxsize=2)
def _standard(
    folder: str, files: tuple[tuple[str, bytes], ...]
) -> tuple[Workflow, Messages, Calendar, tuple[Problem, ...]]:
    """The package's own table, messages and calendar, with their faults: the longest, and the same at every reload."""
    problems: list[Problem] = []
    packaged = Snapshot(folder, dict(files), frozenset())
    table, messages = _workflow(packaged, Workflow(()), MappingProxyType({}), problems)
    return table, messages, _calendar(packaged, Calendar(), problems), tuple(problems)


def _workflow(
    source: Snapshot, standard: Workflow, messages: Messages, problems: list[Problem]
) -> tuple[Workflow, Messages]:
    """The table and messages of a folder's `_workflow.yaml` over the standard ones."""
    node = _own(source, WORKFLOW, problems)
    if node is None:
        return standard, messages
    reader = Reader(node, problems)
    reader.know("moves")
    messages = read_messages(reader.group("messages"), messages)
    given = reader.node("moves")
    if given is not None and given.value is None:
        reader.problem("`moves` has no lines", "write `moves: []` if no move is allowed, or remove the key", "moves")
    lines = read_lines(reader.groups("moves"), messages)
    reader.finish()
    return standard if given is None else Workflow(lines), messages


def _calendar(source: Snapshot, standard: Calendar, problems: list[Problem]) -> Calendar:
    """The calendar of a folder's `_calendar.yaml` over the standard one."""
    node = _own(source, CALENDAR, problems)
    return standard if node is None else read_calendar(node, problems, standard)


def _own(source: Snapshot, stem: str, problems: list[Problem]) -> Node | None:
    """What the folder's one file of that name says, if there is one."""
    own = [name for name in source.files if name.rpartition(".")[0].lower() == stem]
    if not own:
        return None
    place = _place(source, own[0])
    if len(own) > 1:
        problems.append(Problem(place, 0, f"there is {shown(own[1])} as well", "keep one of the two"))
    return collect_bytes(source.files[own[0]], place, problems)


def _inherited(rule: Rule, common: Workflow) -> Iterator[Line]:
    """The common lines; whether the ward's edits may be confirmed is the document's to say."""
    for line in common.lines:
        confirms = line.to_stage is Stage.CONFIRMED and line.by is By.STAFF
        if rule.ward_edits is None or not confirms:
            yield line
        else:
            yield replace(line, ward_edits=rule.ward_edits)


def _refuse_twins(nodes: list[Node], problems: list[Problem]) -> None:
    """Two rules with one id or one title can't be told apart."""
    for key in ("document", "title"):
        first: dict[str, Node] = {}
        for node in nodes:
            value = node.value.get(key) if isinstance(node.value, dict) else None
            if value is None or not isinstance(value.value, str):
                continue
            other = first.setdefault(normalised(value.value), node)
            if other is not node:
                message = f"{key} {shown(value.value)} is also that of {Path(other.file).name}"
                problems.append(Problem(node.file, value.line, message, "give each document its own", value.column))


def _refuse_waiting_for_nothing(rules: list[Rule], nodes: Mapping[str, Node], problems: list[Problem]) -> None:
    """A document that waits until the others are confirmed needs others, of the same kind of period."""
    waited_for = {rule.every for rule in rules if rule.required and not (rule.due and rule.due.after)}
    for rule in rules:
        if rule.due is None or not rule.due.after or rule.every in waited_for:
            continue
        message = f"due.after: no other document is required every {rule.every.replace('_', ' ')}"
        value = nodes[rule.file].value
        due = value["due"] if isinstance(value, dict) else nodes[rule.file]
        remedy = "give it a due day, or require the others"
        problems.append(Problem(rule.file, due.line, message, remedy, due.column))


def _counts(name: str) -> bool:
    """A rule file, the workflow or the calendar; not a hidden or owner file, nor another that begins with `_`."""
    stem, dot, suffix = name.rpartition(".")
    if dot + suffix.lower() not in _SUFFIXES or name.startswith((".", "~$")):
        return False
    return not stem.startswith("_") or stem.lower() in (WORKFLOW, CALENDAR)


def _place(source: Snapshot, name: str) -> str:
    return str(Path(source.folder, name))


def _bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _sha1(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.sha1(usedforsecurity=False)).hexdigest()
