"""The plan: from what was recognised to the moves that follow, in the order in which actors come.

Interrupted intents were settled before; then staff's gestures, then the operator's on the result, then new files,
then the rules. Each plan touches a file once; whatever else there is to do with it, the next look plans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from syncd import names
from syncd.mirror import arrivals, notes, operators, own_names, pairing, staff
from syncd.mirror.draft import NotNow
from syncd.mirror.examined import Examined
from syncd.mirror.gestures import Gesture, of_tracked
from syncd.mirror.judge import judge, waiting
from syncd.mirror.situation import Situation
from syncd.model import By, Move, Role, Side, Sighting, Stage, TrackedFile

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
}


def plan(situation: Situation) -> tuple[Move, ...]:
    """What people's gestures lead to; empty when nobody did anything since the last outcome."""
    chosen: list[Move] = []
    touched: set[object] = set()

    def choose(moves: Iterator[Move | None]) -> None:
        for move in moves:
            if move is None:
                continue
            touches = files_of(move) | targets_of(move)
            if not touches & touched:
                touched.update(touches)
                chosen.append(move)

    paired = pairing.pairs(situation)
    met = {(sighting.side, sighting.place) for both in paired for sighting in both}
    mine, theirs = (
        [sighting for sighting in situation.on(side).strangers if (side, sighting.place) not in met]
        for side in (Side.INTRANET, Side.CLOUD)
    )
    copies, mine = _copies(situation, [arrivals.usable(sighting) for sighting in mine])
    choose(_tracked(situation, By.STAFF))
    choose(iter(copies))
    if not pairing.is_too_early(situation):
        choose(_new(situation, mine, _note))  # it leaves with its file, should the operator take that away
    choose(_tracked(situation, By.OPERATOR))
    choose(_paired(situation, paired))
    if not pairing.is_too_early(situation):
        choose(_new(situation, mine, _from_staff))
        choose(_new(situation, theirs, _from_operator))
    if not chosen:
        choose(iter(notes.joined(situation)))
    if not chosen:
        choose(own_names.free_again(situation))
    return tuple(chosen)


def judgements(situation: Situation, examine: Callable[[TrackedFile], Examined]) -> tuple[Move, ...]:
    """What the rules lead to once no gesture is left; one file a document at a time, the oldest first."""
    chosen: list[Move] = []
    touched: set[object] = set()
    for file in waiting(situation):
        rivals = (other for id_, other in situation.files.items() if id_ in touched)
        if any(situation.same_document(file, other) for other in rivals):
            continue
        move = judge(situation, file, examine(file))
        if move is None:
            continue
        touches = files_of(move) | targets_of(move)
        if not touches & touched:
            touched.update(touches)
            chosen.append(move)
    return tuple(chosen)


def files_of(move: Move) -> set[object]:
    """The tracked files that a move touches."""
    effects = {effect.file for effect in move.effects}
    noted = {file for row in move.after if row.role is Role.NOTE and row.id < 0 for file in row.note_for}
    return {one for one in effects | noted | {row.id for row in move.after} | set(move.closes) if one > 0}


def targets_of(move: Move) -> set[object]:
    """The places that a move fills, as Windows and Box tell them apart: two moves of one plan don't want the same."""
    return {
        (effect.side, effect.operator, effect.target.stage, names.fold(effect.target.path))
        for effect in move.effects
        if effect.target is not None
    }


def _tracked(situation: Situation, by: By) -> Iterator[Move | None]:
    copying = arrivals.being_copied(situation) if by is By.OPERATOR else frozenset()
    for gesture in of_tracked(situation):
        if gesture.by is not by or gesture.file.id in copying:
            continue
        try:
            yield PLANS[gesture.id](situation, gesture)
        except NotNow:
            continue


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
