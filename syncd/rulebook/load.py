"""The rules folder: read once as bytes, then made into a `Rulebook` or refused with all its faults.

The one module of the rulebook that touches the disk. A `Snapshot` is what was read, so that exactly what was checked
can be kept as the last good set. Refuses to take a part of the rules when another part is wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from syncd.errors import Misconfigured, Problem
from syncd.model import By, Stage
from syncd.rulebook.book import Rulebook
from syncd.rulebook.messages import Messages, read_messages
from syncd.rulebook.naming import normalised
from syncd.rulebook.rule import Rule, read_rule
from syncd.rulebook.workflow import Line, Workflow, read_lines
from syncd.yamltext import Node, Reader, collect_bytes, shown
from syncd.yamltext.reading import MOST_BYTES

WORKFLOW: Final = "_workflow"
FORMS: Final = "forms"
_SUFFIXES: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rules as they lay in a folder at one moment.

    Attributes:
        folder: names the place in problems.
        files: name → bytes, of the rule files and `_workflow.yaml`.
        forms: SHA-1 of the files in `forms/`.
    """

    folder: str
    files: Mapping[str, bytes]
    forms: frozenset[str]

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
    standard, messages, faults = _standard(packaged.folder, tuple(packaged.files.items()))
    problems = list(faults)
    common, messages = _workflow(rules, standard, messages, problems)
    nodes = [
        node
        for name, data in rules.files.items()
        if not name.startswith("_") and (node := collect_bytes(data, _place(rules, name), problems)) is not None
    ]
    found = [rule for node in nodes if (rule := read_rule(node, problems, messages)) is not None]
    _refuse_twins(nodes, problems)
    if problems:
        raise Misconfigured(tuple(sorted(problems, key=lambda problem: (problem.file, problem.line))))
    workflows = {rule.document: Workflow((*rule.own_lines, *_inherited(rule, common))) for rule in found}
    by_id = MappingProxyType({rule.document: rule for rule in found})
    return Rulebook(by_id, rules.forms, messages, common, MappingProxyType(workflows))


@lru_cache(maxsize=2)
def _standard(folder: str, files: tuple[tuple[str, bytes], ...]) -> tuple[Workflow, Messages, tuple[Problem, ...]]:
    """The package's own table and messages, with their faults: by far the longest, and the same at every reload."""
    problems: list[Problem] = []
    packaged = Snapshot(folder, dict(files), frozenset())
    table, messages = _workflow(packaged, Workflow(()), MappingProxyType({}), problems)
    return table, messages, tuple(problems)


def _workflow(
    source: Snapshot, standard: Workflow, messages: Messages, problems: list[Problem]
) -> tuple[Workflow, Messages]:
    """The table and messages of a folder's `_workflow.yaml` over the standard ones."""
    own = [name for name in source.files if name.startswith("_")]
    if not own:
        return standard, messages
    place = _place(source, own[0])
    if len(own) > 1:
        problems.append(Problem(place, 0, f"there is {shown(own[1])} as well", "keep one of the two"))
    node = collect_bytes(source.files[own[0]], place, problems)
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
                problems.append(Problem(node.file, value.line, message, "give each document its own"))


def _counts(name: str) -> bool:
    """A rule file or the workflow; not a hidden file, an owner file, or another file that begins with `_`."""
    stem, dot, suffix = name.rpartition(".")
    if dot + suffix.lower() not in _SUFFIXES or name.startswith((".", "~$")):
        return False
    return not stem.startswith("_") or stem.lower() == WORKFLOW


def _place(source: Snapshot, name: str) -> str:
    return str(Path(source.folder, name))


def _bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _sha1(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.sha1(usedforsecurity=False)).hexdigest()
