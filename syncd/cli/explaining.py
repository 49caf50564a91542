"""What the engine would do with one file: asked of the planner itself with gestures that nobody has made.

Nothing is decided here: whether a move is open is what `mirror` says when it is handed that move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syncd.mirror.situation import Situation
    from syncd.model import By, Change, Move, Place, Side, Sighting, Stage, TrackedFile


@dataclass(frozen=True, slots=True)
class Way:
    """A move to another stage that somebody could make now; `why`: the line that allows it, or the reason against."""

    by: By
    start: Stage | None
    target: Stage
    open: bool
    why: str


def ways(situation: Situation, file: TrackedFile) -> Iterator[Way]:
    """Every move of the file by staff and by the operator, with what would come of it."""
    from syncd.mirror.draft import NotNow
    from syncd.model import By, Side, Stage

    for side, by in ((Side.INTRANET, By.STAFF), (Side.CLOUD, By.OPERATOR)):
        change = situation.change(file.id, side)
        if change is None or change.after is None or change.kind == "waiting":
            continue
        start = change.before.place.stage
        for target in Stage:
            if target is start:
                continue
            try:
                move = _if_moved(situation, file, side, change, target)
            except NotNow as why:
                yield Way(by, start, target, False, str(why))
                continue
            if move is not None:
                yield _outcome(situation, file, by, start, target, move)


def _if_moved(situation: Situation, file: TrackedFile, side: Side, change: Change, target: Stage) -> Move | None:
    from syncd.mirror.gestures import of_tracked
    from syncd.mirror.plan import PLANS
    from syncd.model import Side

    assert change.after is not None
    after = replace(change.after, place=replace(change.after.place, stage=target))
    moved = replace(change, kind="changed", after=after)
    recognition = situation.on(side)
    changes: Mapping[int, Change] = {**recognition.changes, file.id: moved}
    recognition = replace(recognition, changes=changes)
    supposed = replace(situation, cloud=recognition) if side is Side.CLOUD else replace(situation, intranet=recognition)
    for gesture in of_tracked(supposed):
        if gesture.change is moved:
            return PLANS[gesture.id](supposed, gesture)
    return None


def _outcome(situation: Situation, file: TrackedFile, by: By, start: Stage | None, target: Stage, move: Move) -> Way:
    """What the move's records say of this very move."""
    from syncd.mirror.passage import facts

    for record in move.records:
        if (record.from_stage, record.to_stage, record.by) == (start, target, by):
            if record.outcome == "refused":
                return Way(by, start, target, False, record.reason)
            change = situation.change(file.id, _side_of(by))
            sha1 = change.after.sha1 if change is not None and change.after is not None else None
            line = situation.rules.workflow(file.document).line(start, target, by, facts(situation, file, sha1))
            return Way(by, start, target, True, line.place if line is not None else record.rule)
    return Way(by, start, target, False, "it would be put back")


def _side_of(by: By) -> Side:
    from syncd.model import By, Side

    return Side.CLOUD if by is By.OPERATOR else Side.INTRANET


def next_moves(situation: Situation, side: Side, place: Place, file: TrackedFile | None) -> tuple[Move, ...]:
    """What the next round would do with what lies at that place."""
    from syncd.mirror.hindered import files_of
    from syncd.mirror.plan import plan

    found = []
    for move in plan(situation):
        here = any(effect.side == side and place in (effect.source, effect.target) for effect in move.effects)
        rows = any((on := row.on(side)) is not None and on.place == place for row in move.after)
        if here or rows or (file is not None and file.id in files_of(move)):
            found.append(move)
    return tuple(found)


def sighted(situation: Situation, side: Side, place: Place) -> Sighting | None:
    """What was just seen there, if anything."""
    recognition = situation.on(side)
    seen = [change.after for change in recognition.changes.values() if change.after is not None]
    return next((one for one in (*seen, *recognition.strangers) if one.place == place), None)
