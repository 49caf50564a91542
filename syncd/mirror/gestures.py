"""What people did, by the names of the gesture tables: staff's first, then the operator's.

Naming is all that happens here; what follows from a gesture is planned in the neighbouring rooms.
"""

from __future__ import annotations

from dataclasses import dataclass

from syncd.mirror.situation import Situation
from syncd.model import By, Change, Role, Side, Sighting, Stage, TrackedFile


@dataclass(frozen=True, slots=True)
class Gesture:
    """One thing that somebody did to one file.

    Attributes:
        id: "O1" … "S18"; "folder" when a whole stage folder vanished, "pair" for a file met on both sides at once,
            "emptied" when staff left nothing of a file's content.
        change: what happened to a tracked file on the actor's side; None for a file seen for the first time.
        other: what happened to the same file on the other side in the same look.
        sighting: the file seen for the first time; `twin`: its counterpart on the other side (only for "pair").
    """

    id: str
    by: By
    change: Change | None = None
    other: Change | None = None
    sighting: Sighting | None = None
    twin: Sighting | None = None

    @property
    def file(self) -> TrackedFile:
        assert self.change is not None
        return self.change.file


STAFF_DRAGS: dict[tuple[Stage | None, Stage | None], str] = {
    (Stage.REVIEW, Stage.CONFIRMED): "S1",
    (Stage.REVIEW, Stage.CORRECTIONS): "S2",
    (Stage.CONFIRMED, Stage.REVIEW): "S5",
    (Stage.CORRECTIONS, Stage.CONFIRMED): "S16",
    (Stage.CORRECTIONS, Stage.REVIEW): "S16",
    (Stage.INBOX, Stage.REVIEW): "S15",
    (Stage.INBOX, Stage.CORRECTIONS): "S15",
    (Stage.INBOX, Stage.CONFIRMED): "S15",
}
OPERATOR_MOVES: dict[tuple[Stage | None, Stage | None], str] = {
    (Stage.CORRECTIONS, Stage.CONFIRMED): "O6",
    (Stage.CORRECTIONS, Stage.INBOX): "O4",
    (Stage.CORRECTIONS, None): "O4",
}
STAFF_EDITS: dict[Stage | None, str] = {Stage.CORRECTIONS: "S7", Stage.CONFIRMED: "S3 in confirmed"}
OPERATOR_EDITS: dict[Stage | None, str] = {Stage.INBOX: "O2", Stage.CORRECTIONS: "O4"}


def of_tracked(situation: Situation) -> list[Gesture]:
    """The gestures on files that syncd knows; a file on which anything is unclear yet has none."""
    staff: list[Gesture] = []
    operator: list[Gesture] = []
    for file in situation.files.values():
        mine = situation.change(file.id, Side.INTRANET)
        theirs = situation.change(file.id, Side.CLOUD)
        if any(change is not None and change.kind == "waiting" for change in (mine, theirs)):
            continue
        if mine is not None and mine.kind != "same":
            staff.append(Gesture(_staff(mine), By.STAFF, mine, theirs))
        if theirs is not None and theirs.kind != "same":
            operator.append(Gesture(_operator(theirs), By.OPERATOR, theirs, mine))
    return sorted(staff, key=_order) + sorted(operator, key=_order)


def _order(gesture: Gesture) -> tuple[bool, bool]:
    """What is gone comes last: it may have been replaced by what was moved over it. Notes go with their files."""
    return gesture.change is not None and gesture.change.kind == "gone", gesture.file.role is Role.NOTE


def _staff(change: Change) -> str:
    if change.kind == "gone":
        return "folder" if change.with_folder else "S10"
    if change.emptied:
        return "emptied"
    if change.file.role in (Role.NOTE, Role.REQUEST):
        return "S13"
    if change.file.role is not Role.DOCUMENT:
        return "S9 kept copy"
    assert change.after is not None
    if change.moved:
        drag = STAFF_DRAGS.get((change.before.place.stage, change.after.place.stage), "S1")
        edited = change.after.sha1 != change.file.submitted
        return "S4" if drag == "S1" and edited and change.after.place.stage is Stage.CONFIRMED else drag
    if change.edited:
        return STAFF_EDITS.get(change.before.place.stage, "S3")
    return "S12"


def _operator(change: Change) -> str:
    if change.kind == "gone":
        return "folder" if change.with_folder else "O8"
    if change.file.role in (Role.NOTE, Role.REQUEST):
        return "O9 note"
    assert change.after is not None
    if change.emptied:
        return "O9"
    if change.moved:
        return OPERATOR_MOVES.get((change.before.place.stage, change.after.place.stage), "O7")
    if change.edited:
        return OPERATOR_EDITS.get(change.before.place.stage, "O9")
    return "O10"
