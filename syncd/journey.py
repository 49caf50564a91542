"""The journey of an operator's files, one round at a time: look, understand, carry out, judge, tell. Read this first.

A round is driven by state alone: whoever says "look at this operator" (an event, a timer, a person) changes when it
runs, never what it does. `daemon` sees to it that one worker at a time is in an operator's folders.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from syncd.errors import NeedsPerson, Unreachable
from syncd.examining import examine, examine_ahead
from syncd.execution import Outcome, carry_out, record, settle
from syncd.looking import Progress, View, look, secure
from syncd.mirror.examined import Examined
from syncd.mirror.judge import waiting
from syncd.mirror.plan import judgements, plan, whole_judgements, whole_plan
from syncd.model import By, Move, Operator, Record, Side, Telling, TrackedFile
from syncd.operator_folders import FoundFolders, ensure_folders
from syncd.troubles import hindered, look_whether_over, next_try, still
from syncd.world import World

LOG = logging.getLogger("syncd")
PASSES = 60
"""How often one round looks again before it leaves the rest to the next."""
FRUITLESS = 5
"""How often in a row all that was planned may be called off because files changed."""


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What a round did.

    Attributes:
        moves: how many outcomes it recorded.
        look_again: something isn't quiet, or was missed once; worth another look after `settle_seconds`.
        next_try: when what can't be done just now is tried again, seconds since the epoch; None: nothing waits so.
        waiting: what can't be used yet, for people: place and why.
        unseen: what could not be looked at whole, for people; '' when all could.
    """

    moves: int = 0
    look_again: bool = False
    waiting: tuple[str, ...] = ()
    unseen: str = ""
    next_try: float | None = None


def round_for(world: World, operator: Operator, progress: Progress | None = None) -> RoundResult:
    """One round for one operator, until there is nothing left to do.

    Raises:
        Unreachable: a side can't be seen; nothing was concluded.
        SyncdError: this operator needs a person or a disk; the others go on.
    """
    try:
        world.take_over_memory(operator)
        world.ledger.see(operator.id, world.clock.now())
        if world.held(operator.id):
            return RoundResult()
        if world.stopped(operator.id):
            _settle(world, operator)
            return _with_next_try(world, operator, RoundResult())
        # An interrupted move needs its folders, and that they are the operator's: their names alone don't tell.
        folders = {side: ensure_folders(world, operator, side) for side in Side}
        try:
            _settle(world, operator)
        except Unreachable:
            secure(world, operator)  # what people save is kept, whatever can't be ended just now
            raise
        return _with_next_try(world, operator, _moves(world, operator, folders, progress))
    except NeedsPerson as trouble:
        hold(world, operator, str(trouble))
        return RoundResult()


def _settle(world: World, operator: Operator) -> None:
    """Ends what was interrupted; what waits for a single file waits by itself."""
    look_whether_over(world, operator.id)
    waiting = hindered(world, operator.id)
    for intent in world.ledger.open_intents(operator.id):
        if not waiting.hinders(intent.move):
            settle(world, intent)


def _with_next_try(world: World, operator: Operator, result: RoundResult) -> RoundResult:
    return replace(result, next_try=next_try(world, operator.id))


def _moves(
    world: World, operator: Operator, folders: Mapping[Side, FoundFolders], progress: Progress | None
) -> RoundResult:
    """Looks, plans and carries out until there is nothing left to do."""
    moved = fruitless = 0
    held_up: list[str] = []
    for _ in range(PASSES):
        view = look(world, operator, folders, progress=progress)
        if view.held:
            hold(world, operator, view.held)
            return RoundResult(moved)
        held_up.clear()
        planned = whole_plan(view.situation)
        moves, later = planned.moves, planned.later
        if not moves:
            examine_ahead(world, operator, waiting(view.situation))
            planned = whole_judgements(view.situation, _examining(world, operator, held_up))
            moves, later = planned.moves, (*later, *planned.later)
        stale = _in_the_cloud(moves) and not world.cloud.as_looked(world.layout(operator.id, Side.CLOUD))
        outcomes = [] if stale else [_with_locks(world, operator, move) for move in moves]
        moved += outcomes.count("done")
        fruitless = fruitless + 1 if all(outcome == "changed" for outcome in outcomes) else 0
        if not moves:
            _forget_troubles(world, operator, view, later)
            _remember_folders(world, operator, folders, view)
            world.freshness.scanner_waits(operator.id, len(held_up))
            return RoundResult(moved, view.look_again or bool(held_up), (*view.waiting, *held_up), view.unseen)
        if fruitless == FRUITLESS:
            return RoundResult(moved, True, ("files that change or are open whenever syncd comes to them",))
    return RoundResult(moved, True, ("more changes than one round can follow",))


def _forget_troubles(world: World, operator: Operator, view: View, later: tuple[Move, ...]) -> None:
    """What hindered moves that nobody wants any more is over; where not all could be seen, that can't be told."""
    if view.unseen:
        return
    changes = (change for side in Side for change in view.situation.on(side).changes.values())
    unclear = frozenset(change.file.id for change in changes if change.kind == "waiting")
    begun = tuple(intent.move for intent in world.ledger.open_intents(operator.id))
    still(world, operator.id, (*later, *begun), unclear)


def planned(world: World, operator: Operator) -> tuple[Move, ...]:
    """What the next round would do first; changes nothing."""
    if world.stopped(operator.id):
        return ()
    view = look(world, operator, {}, dry=True)
    if view.held:
        return ()
    return plan(view.situation) or judgements(view.situation, _examining(world, operator, []))


def _examining(world: World, operator: Operator, held_up: list[str]) -> Callable[[TrackedFile], Examined]:
    """Looks into a file that waits in inbox; who could not be looked at yet is added to `held_up`, for people."""

    def look_into(file: TrackedFile) -> Examined:
        examined = examine(world, operator, file)
        held_up.extend(f"{file.name}: {one.say}" for one in examined.findings if one.result == "wait")
        return examined

    return look_into


def _remember_folders(world: World, operator: Operator, folders: Mapping[Side, FoundFolders], view: View) -> None:
    """A vanished folder counts as replaced only when its files are back, so that a crash in between forgets nothing."""
    for side, found in folders.items():
        if found.replaced and not any(change.with_folder for change in view.situation.on(side).changes.values()):
            world.ledger.set_folders(operator.id, side, found.identities)
    if world.pairs_anew(operator.id) and not view.look_again:
        world.paired(operator.id)


# ── carry out ──


def _in_the_cloud(moves: tuple[Move, ...]) -> bool:
    return any(effect.side is Side.CLOUD for move in moves for effect in move.effects)


def _with_locks(world: World, operator: Operator, move: Move) -> Outcome:
    """Carries a move out; one that spans operators only while their folders are nobody else's."""
    others = {effect.operator for effect in move.effects if effect.operator not in ("", operator.id)}
    held = []
    try:
        for other in sorted(others):
            lock = world.lock(other)
            if not lock.acquire(blocking=False):
                world.look_soon(operator.id)
                return "changed"
            held.append(lock)
        return carry_out(world, move)
    finally:
        for lock in held:
            lock.release()


# ── what needs a person ──


def hold(world: World, operator: Operator, reason: str) -> None:
    """Stops one operator, and says so once; nothing is deleted, the others go on."""
    with world.store.transaction():
        if not world.ledger.hold(operator.id, reason, world.clock.now()):
            return
        tellings = tuple(
            Telling(audience, message, operator.id, 0, None, None, "", None, None, values={"reason": reason})  # type: ignore[arg-type]
            for audience, message in (("staff", "held"), ("administrators", "held_admin"))
        )
        note = Record(operator.id, None, None, "", None, None, By.SYNCD, "syncd", "", reason, "held", None)
        record(world, None, Move("D2", operator.id, records=(note,), tellings=tellings), {})
    LOG.warning("%s is held: %s", operator.id, reason)
