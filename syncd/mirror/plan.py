"""The plan: from what was recognised to the moves that follow, in the order in which actors come.

Interrupted intents were settled before; then staff's gestures, then the operator's on the result, then new files,
then the rules. Each plan touches a file once; whatever else there is to do with it, the next look plans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from syncd.mirror import arrivals, notes, operators, own_names, pairing, staff
from syncd.mirror.draft import NotNow
from syncd.mirror.examined import Examined
from syncd.mirror.gestures import Gesture, of_tracked
from syncd.mirror.hindered import files_of, targets_of
from syncd.mirror.judge import judge, waiting
from syncd.mirror.situation import Situation
from syncd.model import By, Move, Side, Sighting, Stage, TrackedFile

PLANS: Mapping[str, Callable[[Situation, Gesture], Move]] = {
    "S1": staff.drag,
    "S2": staff.drag,
    "S3": staff.edit,
    "S3 in confirmed": staff.edit_confirmed,
    "S4": staff.drag,
    "S5": staff.drag,
    "S7": staff.offer_again,
    "S9 kept copy": staff.kept_copy,
    "S10": staff.delete,
    "S12": staff.rename,
    "S13": notes.changed,
    "S15": staff.drag,
    "S16": staff.drag,
    "O2": operators.edit,
    "O4": lambda situation, gesture: (
        operators.move(situation, gesture)
        if gesture.change and gesture.change.moved
        else operators.edit(situation, gesture)
    ),
    "O6": operators.move,
    "O7": operators.move,
    "O8": operators.delete,
    "O9": operators.edit,
    "O9 note": operators.note_back,
    "O10": operators.rename,
    "folder": staff.folder_back,
    "emptied": staff.emptied,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The moves to make now, and those that would follow but can't be done just now: one of their files waits."""

    moves: tuple[Move, ...] = ()
    later: tuple[Move, ...] = ()


class _Choice:
    """Moves that don't get in each other's way, nor in that of those that are under way."""

    def __init__(self, situation: Situation) -> None:
        self._hindered = situation.hindered
        self.touched: set[object] = set(situation.hindered.touched)
        self._chosen: list[Move] = []
        self._later: list[Move] = []

    def __bool__(self) -> bool:
        return bool(self._chosen)

    def choose(self, moves: Iterable[Move | None]) -> None:
        for move in moves:
            if move is None:
                continue
            touches = files_of(move) | targets_of(move)
            if not touches & self.touched:
                self.touched.update(touches)
                (self._later if self._hindered.hinders(move) else self._chosen).append(move)

    def plan(self) -> Plan:
        return Plan(tuple(self._chosen), tuple(self._later))


def plan(situation: Situation) -> tuple[Move, ...]:
    """What people's gestures lead to; empty when nobody did anything since the last outcome."""
    return whole_plan(situation).moves


def whole_plan(situation: Situation) -> Plan:
    """The same, with what has to wait."""
    choice = _Choice(situation)
    paired = pairing.pairs(situation)
    met = {(sighting.side, sighting.place) for both in paired for sighting in both}
    mine, theirs = (
        [sighting for sighting in situation.on(side).strangers if (side, sighting.place) not in met]
        for side in (Side.INTRANET, Side.CLOUD)
    )
    copies, mine = _copies(situation, [arrivals.usable(sighting) for sighting in mine])
    choice.choose(_tracked(situation, By.STAFF))
    choice.choose(copies)
    if not pairing.is_too_early(situation):
        choice.choose(_new(situation, mine, _note))  # it leaves with its file, should the operator take that away
    choice.choose(_tracked(situation, By.OPERATOR))
    choice.choose(_paired(situation, paired))
    if not pairing.is_too_early(situation):
        choice.choose(_new(situation, mine, _from_staff))
        choice.choose(_new(situation, theirs, _from_operator))
    if not choice:
        choice.choose(notes.joined(situation))
    if not choice:
        choice.choose(own_names.free_again(situation))
    return choice.plan()


def judgements(situation: Situation, examine: Callable[[TrackedFile], Examined]) -> tuple[Move, ...]:
    """What the rules lead to once no gesture is left; one file a document at a time, the oldest first."""
    return whole_judgements(situation, examine).moves


def whole_judgements(situation: Situation, examine: Callable[[TrackedFile], Examined]) -> Plan:
    """The same, with what has to wait."""
    choice = _Choice(situation)
    for file in waiting(situation):
        rivals = (other for id_, other in situation.files.items() if id_ in choice.touched)
        if not any(situation.same_document(file, other) for other in rivals):
            choice.choose([judge(situation, file, examine(file))])
    return choice.plan()


def _tracked(situation: Situation, by: By) -> Iterator[Move | None]:
    copying = arrivals.being_copied(situation) if by is By.OPERATOR else frozenset()
    for gesture in of_tracked(situation):
        if gesture.by is not by or gesture.file.id in copying:
            continue
        try:
            yield (staff.misnamed if _is_misnamed(situation, gesture) else PLANS[gesture.id])(situation, gesture)
        except NotNow:
            continue


def _is_misnamed(situation: Situation, gesture: Gesture) -> bool:
    after = gesture.change.after if gesture.change is not None else None
    return gesture.by is By.STAFF and after is not None and after.place in situation.misnamed


def _copies(situation: Situation, strangers: Sequence[Sighting]) -> tuple[list[Move], list[Sighting]]:
    """Copies that count as drags (S17), which come before what the operator did; and the strangers that are none."""
    copies: list[Move] = []
    others: list[Sighting] = []
    for sighting in strangers:
        try:
            move = arrivals.copied(situation, sighting) if sighting.waits is None and sighting.sha1 else None
        except NotNow:
            continue
        if move is None:
            others.append(sighting)
        else:
            copies.append(move)
    return copies, others


def _paired(situation: Situation, paired: list[pairing.Pair]) -> Iterator[Move | None]:
    for theirs, mine in paired:
        if theirs.sha1 is not None and mine.sha1 is not None and not theirs.waits and not mine.waits:
            yield pairing.pair(situation, theirs, mine)


def _new(
    situation: Situation, strangers: Sequence[Sighting], follow: Callable[[Situation, Sighting], Move | None]
) -> Iterator[Move | None]:
    for sighting in strangers:
        if sighting.waits is not None or sighting.sha1 is None:
            continue
        try:
            yield follow(situation, sighting)
        except NotNow:
            continue


def _note(situation: Situation, sighting: Sighting) -> Move | None:
    place = sighting.place
    if place.stage is not Stage.CORRECTIONS or place in situation.strayed or place in situation.foreign:
        return None
    return notes.new_note(situation, sighting)


def _from_staff(situation: Situation, sighting: Sighting) -> Move | None:
    if situation.pairing_anew:
        kept = pairing.kept_copy(situation, sighting)
        if kept is not None:
            return kept
    return arrivals.from_staff(situation, sighting)


def _from_operator(situation: Situation, sighting: Sighting) -> Move | None:
    if situation.pairing_anew and sighting.place.stage not in (None, Stage.INBOX):
        return pairing.restore(situation, sighting)
    return arrivals.from_operator(situation, sighting)
