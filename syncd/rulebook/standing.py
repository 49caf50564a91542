"""How far one document has come, by the files there are of it.

Pure. Owns what counts when there are several files: the least advanced one, so that staff see what still needs work.
Refuses to know what is expected (`expected`) and when it is late (`checklist`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from syncd.model import Role, Stage, TrackedFile

if TYPE_CHECKING:
    from syncd.rulebook.checklist import LineState

_PERSON: Final = ("misplaced", "refused", "unknown", "ambiguous")
_ADVANCED: Final = {Stage.INBOX: 0, Stage.REVIEW: 1, Stage.CORRECTIONS: 2, Stage.CONFIRMED: 3}


@dataclass(frozen=True, slots=True)
class Known:
    """What syncd knows of the operators' documents.

    Attributes:
        files: all that are in the workflow.
        waiting: files in inbox that nobody could look at yet, by id.
        first_arrivals: when a succession of files (`TrackedFile.line`) was first sent in, however often since then.
        cells: where faults were found in a file, by id.
        since: operator → the day from which on its documents are asked for.
    """

    files: Sequence[TrackedFile] = ()
    waiting: Mapping[int, Literal["scanner", "person"]] = field(default_factory=dict)
    first_arrivals: Mapping[int, float] = field(default_factory=dict)
    cells: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    since: Mapping[str, date] = field(default_factory=dict)


def waiting_for(files: Iterable[TrackedFile], unscanned: Collection[str]) -> dict[int, Literal["scanner", "person"]]:
    """What files in inbox wait for, by what people were told of them.

    Args:
        unscanned: operators of whom files wait for the scanner.
    """
    found: dict[int, Literal["scanner", "person"]] = {}
    for file in files:
        if file.role is not Role.DOCUMENT or file.stage is not Stage.INBOX:
            continue
        if any(_asks_a_person(key, file) for key in file.told):
            found[file.id] = "person"
        elif file.operator in unscanned:
            found[file.id] = "scanner"
    return found


def _asks_a_person(key: str, file: TrackedFile) -> bool:
    """The key is about this name and, where it names one, this content."""
    kind, _, rest = key.partition(":")
    if kind == "hold":
        return rest.startswith(f"{file.name}:") and rest.endswith(f":{file.submitted}")
    return kind in _PERSON and rest == file.name


@dataclass(frozen=True, slots=True)
class Standing:
    """The common answer of a document's files; as in `ChecklistLine`.

    Attributes:
        first_at: when the document was first sent in, which counts for lateness; None: it is not there.
    """

    state: LineState = "missing"
    waiting: Literal["", "scanner", "person"] = ""
    offered: bool = False
    first_at: float | None = None
    arrived_at: float | None = None
    since: float | None = None
    submissions: int = 0
    cells: tuple[str, ...] = ()
    files: int = 0


MISSING: Final = Standing()


def standing(files: Sequence[TrackedFile], known: Known, is_nil: Callable[[TrackedFile], bool]) -> Standing:
    """How far the document has come whose files these are.

    Withdrawn ones count only while there is no other. A document that only 該当なし answers for is not applicable as
    soon as it is out of inbox, unless it was sent back.
    """
    if len(files) == 1 and files[0].role is Role.DOCUMENT and files[0].stage is Stage.CONFIRMED:
        return _confirmed(files[0], known, is_nil)  # by far the most, and read at every look
    current = [file for file in files if file.role is not Role.WITHDRAWN]
    if not current:
        return _withdrawn(files) if files else MISSING
    stages = {file.id: Stage.CONFIRMED if file.role is Role.OLD else file.stage or Stage.INBOX for file in current}
    stage = min(stages.values(), key=_ADVANCED.__getitem__)
    those = [file for file in current if stages[file.id] is stage]
    entered = [file.entered_at for file in those]
    answered = stage in (Stage.REVIEW, Stage.CONFIRMED) and all(map(is_nil, current))
    waits = {known.waiting[file.id] for file in those if file.id in known.waiting} if stage is Stage.INBOX else set()
    cells = (cell for file in those for cell in known.cells.get(file.id, ())) if stage is Stage.CORRECTIONS else ()
    return Standing(
        state="not applicable" if answered else stage.value,
        waiting="scanner" if "scanner" in waits else "person" if waits else "",
        offered=stage is Stage.CORRECTIONS and any(file.offered is not None for file in those),
        first_at=min(known.first_arrivals.get(file.line, file.arrived_at) for file in current),
        arrived_at=max(file.arrived_at for file in current),
        since=max(entered) if stage is Stage.CONFIRMED else min(entered),
        submissions=max(file.submission for file in current),
        cells=tuple(dict.fromkeys(cells)),
        files=len(current),
    )


def _confirmed(file: TrackedFile, known: Known, is_nil: Callable[[TrackedFile], bool]) -> Standing:
    state: LineState = "not applicable" if is_nil(file) else "confirmed"
    first = known.first_arrivals.get(file.line, file.arrived_at)
    return Standing(state, "", False, first, file.arrived_at, file.entered_at, file.submission, (), 1)


def _withdrawn(files: Sequence[TrackedFile]) -> Standing:
    latest = max(files, key=lambda file: file.entered_at)
    return Standing(
        state="withdrawn",
        arrived_at=latest.arrived_at,
        since=latest.entered_at,
        submissions=latest.submission,
    )
