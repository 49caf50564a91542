"""The journey of an operator's files, one round at a time: look, understand, carry out, judge, tell. Read this first.

A round is driven by state alone: whoever says "look at this operator" (an event, a timer, a person) changes when it
runs, never what it does. `daemon` sees to it that one worker at a time is in an operator's folders.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from syncd import outgoing
from syncd.belonging import Belonging, HashOnly, sort_out, strayed_away
from syncd.contract import Folders
from syncd.errors import Busy, Changed, FolderConflict, NeedsPerson
from syncd.examining import compare, examine, examine_ahead, verdict
from syncd.execution import carry_out, record, settle
from syncd.forms.fact import CellChange
from syncd.mirror.examined import Examined
from syncd.mirror.guard import WITHIN_SECONDS, too_many
from syncd.mirror.judge import waiting
from syncd.mirror.plan import judgements, plan
from syncd.mirror.reasons import REASONS
from syncd.mirror.recognise import Recognition, recognise
from syncd.mirror.situation import Situation
from syncd.model import (
    By,
    Decision,
    Look,
    Move,
    Operator,
    Record,
    Role,
    Side,
    Sighting,
    Stage,
    Telling,
    TrackedFile,
)
from syncd.pages import without_page
from syncd.store.observations import Absence
from syncd.tree.folders import same_folder
from syncd.world import World

LOG = logging.getLogger("syncd")
PASSES = 60
"""How often one round looks again before it leaves the rest to the next."""
FRUITLESS = 5
"""How often in a row all that was planned may be called off because files changed."""
BATCH = 5
"""From how many new contents on a look waits for the disk once, by a sync of the whole file system."""
Sinks = Callable[[], AbstractContextManager[Any]]
Progress = Callable[[str, int, int], None]
"""Told of long work: operator, files read, files to read."""


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What a round did.

    Attributes:
        moves: how many outcomes it recorded.
        look_again: something isn't quiet, or was missed once; worth another look after `settle_seconds`.
        waiting: what can't be used yet, for people: place and why.
        unseen: what could not be looked at whole, for people; '' when all could.
    """

    moves: int = 0
    look_again: bool = False
    waiting: tuple[str, ...] = ()
    unseen: str = ""


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
            return RoundResult()
        # An interrupted move needs its folders, and that they are the operator's: their names alone don't tell.
        folders = {side: _ensure(world, operator, side) for side in Side}
        _settle(world, operator)
        return _moves(world, operator, folders, progress)
    except NeedsPerson as trouble:
        hold(world, operator, str(trouble))
        return RoundResult()


def _settle(world: World, operator: Operator) -> None:
    for intent in world.ledger.open_intents(operator.id):
        settle(world, intent)


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
        moves = plan(view.situation)
        if not moves:
            examine_ahead(world, operator, waiting(view.situation))
            moves = judgements(view.situation, _examining(world, operator, held_up))
        stale = _in_the_cloud(moves) and not world.cloud.as_looked(world.layout(operator.id, Side.CLOUD))
        done = [] if stale else [move for move in moves if _with_locks(world, operator, move)]
        moved += len(done)
        fruitless = 0 if done else fruitless + 1
        if not moves:
            _remember_folders(world, operator, folders, view)
            world.freshness.scanner_waits(operator.id, len(held_up))
            return RoundResult(moved, view.look_again or bool(held_up), (*view.waiting, *held_up), view.unseen)
        if fruitless == FRUITLESS:
            return RoundResult(moved, True, ("files that change or are open whenever syncd comes to them",))
    return RoundResult(moved, True, ("more changes than one round can follow",))


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


# ── look ──


@dataclass(frozen=True, slots=True)
class View:
    """Both sides of one operator, looked at and recognised."""

    situation: Situation
    look_again: bool
    waiting: tuple[str, ...]
    held: str = ""
    unseen: str = ""


def look(
    world: World,
    operator: Operator,
    folders: Mapping[Side, FoundFolders],
    *,
    dry: bool = False,
    progress: Progress | None = None,
) -> View:
    """Looks at both sides, keeps every new content, and says what is what."""
    now = world.clock.now()
    seen_before = world.freshness.seen_at(Side.CLOUD, operator.id) or 0.0
    files = world.ledger.known(operator.id)
    before = world.ledger.absences(operator.id)
    recognised: dict[Side, Recognition] = {}
    looks: dict[Side, Look] = {}
    strayed: frozenset[int] = frozenset()
    absences: dict[tuple[int, Side], Absence] = {}
    for side in Side:
        seen = outgoing.scanned(world, _look_at(world, operator, side, dry=dry, progress=progress))
        if not dry:
            outgoing.say_what_may_not_go(world, operator, seen)
        confirmed = frozenset(
            file
            for (file, on), absence in before.items()
            if on is side and now - absence.first_at >= world.config.intranet.settle_seconds
        )
        belonging = sort_out(world, operator, files, seen)
        if side is Side.INTRANET:
            strayed = strayed_away(world, operator, files, frozenset(file for file, on in before if on is side))
            confirmed -= strayed
        deleted = folders[side].replaced if side in folders else frozenset()
        recognised[side] = belonging.added_to(recognise(files, belonging.own, confirmed, deleted))
        looks[side] = replace(seen, sightings=belonging.own.sightings + belonging.strangers)
        for file in recognised[side].absent:
            first = before.get((file, side))
            absences[file, side] = Absence(first.first_at, 2) if first and first.first_at <= now else Absence(now, 1)
        if not seen.complete:
            absences.update({key: absence for key, absence in before.items() if key[1] is side})
    if not dry:
        world.ledger.set_absences(operator.id, absences)
    situation = replace(
        _situation(world, operator, files, recognised, belonging, now), seen_before=min(seen_before, now)
    )
    sightings = [sighting for one in looks.values() for sighting in one.sightings]
    placed = {(side, placement.place) for file in files for side in Side if (placement := file.on(side)) is not None}
    quiet_later = any(s.waits in ("not quiet", "open", "unreadable", "unscanned") for s in sightings) or any(
        change.kind == "waiting" for one in recognised.values() for change in one.changes.values()
    )
    return View(
        situation,
        look_again=quiet_later or bool(absences) or not all(one.complete for one in looks.values()),
        waiting=tuple(
            f"{s.side} {s.place.stage or ''}/{s.place.path}: {s.waits}"
            for s in sightings
            if s.waits and not (s.waits == "empty" and (s.side, s.place) in placed)
        ),
        held=_vanished(world, operator, files, recognised, strayed, now),
        unseen=", ".join(f"{side} {operator.folder(side)}" for side in Side if not looks[side].complete),
    )


def _look_at(world: World, operator: Operator, side: Side, *, dry: bool, progress: Progress | None) -> Look:
    """What lies on one side, every quiet file with its SHA-1; each content seen for the first time is kept at once."""
    tree, layout = world.tree(side), world.layout(operator.id, side)
    memory = world.ledger.memory(operator.id, side)
    seen = tree.look(layout, memory)
    unread = sum(sighting.waits is None and sighting.sha1 is None for sighting in seen.sightings)
    whole: list[Sighting] = []
    read = 0
    with _sinks(world, unread, dry) as sink:
        for sighting in seen.sightings:
            if sighting.waits is None and sighting.sha1 is None:
                read += 1
                if progress is not None:
                    progress(operator.id, read, unread)
                sighting = _read(world, operator, side, sighting, sink, dry)
            whole.append(sighting)
    if not dry:
        forgotten = memory.keys() - {sighting.place for sighting in whole} if seen.complete else ()
        world.ledger.remember(operator.id, side, whole, forgotten)
        if seen.complete:
            world.freshness.saw(side, operator.id, world.clock.now())
        else:
            world.freshness.unreachable(side, f"{layout.folder} can't be looked at whole", operator.id)
    return without_page(world, operator, replace(seen, sightings=tuple(whole)))


@contextmanager
def _sinks(world: World, unread: int, dry: bool) -> Iterator[Sinks]:
    """Where bytes that are read go: all of one look become durable together, or nowhere when only looking."""
    if dry:
        yield HashOnly
    elif unread < BATCH:
        yield world.versions.receive
    else:
        with world.versions.batch() as batch:
            yield batch.receive


def _read(world: World, operator: Operator, side: Side, sighting: Sighting, open_sink: Sinks, dry: bool) -> Sighting:
    tree, layout = world.tree(side), world.layout(operator.id, side)
    try:
        known = tree.content(layout, sighting)
        if known is not None and (dry or world.versions.has(known)):
            return replace(sighting, sha1=known)
        with open_sink() as sink:
            tree.read(layout, sighting, sink)
            sha1, _ = sink.keep()
    except Changed:
        return replace(sighting, waits="not quiet")
    except Busy:
        return replace(sighting, waits="open")
    return replace(sighting, sha1=sha1)


# ── understand ──


def _situation(
    world: World,
    operator: Operator,
    files: tuple[TrackedFile, ...],
    recognised: dict[Side, Recognition],
    belonging: Belonging,
    now: float,
) -> Situation:
    return Situation(
        operator=operator,
        now=now,
        local=datetime.fromtimestamp(now, world.config.zone),
        files={file.id: file for file in files},
        cloud=recognised[Side.CLOUD],
        intranet=recognised[Side.INTRANET],
        rules=world.rules,
        batch_seconds=world.config.chat.batch_seconds,
        note_wait_seconds=world.config.chat.note_wait_seconds,
        confirmed_subfolder=world.config.confirmed_subfolder,
        language=world.config.language,
        stages=world.config.stages,
        foreign=belonging.foreign,
        strayed=belonging.strayed,
        remarks=world.ledger.remarks(operator.id),
        path_room=world.path_room(operator),
        pairing_anew=world.pairs_anew(operator.id),
        verdicts=_verdicts(world, operator, files, recognised),
        compared=_compared(world, files, recognised[Side.INTRANET]),
    )


def _verdicts(
    world: World, operator: Operator, files: tuple[TrackedFile, ...], recognised: Mapping[Side, Recognition]
) -> dict[int, Decision]:
    """What the rules say of files in inbox and corrections that people are taking out of there, or perhaps copying."""
    moved = {id for one in recognised.values() for id, change in one.changes.items() if change.moved}
    copied = recognised[Side.INTRANET].strangers
    return {
        file.id: verdict(world, operator, file)
        for file in files
        if (file.id in moved or copied)
        and file.role is Role.DOCUMENT
        and file.stage in (Stage.INBOX, Stage.CORRECTIONS)
        and file.submitted is not None
    }


def _compared(
    world: World, files: tuple[TrackedFile, ...], intranet: Recognition
) -> dict[tuple[str, str], tuple[CellChange, ...]]:
    """What staff changed in the files that they move, copy or save in corrections."""
    found: dict[tuple[str, str], tuple[CellChange, ...]] = {}
    for file in files:
        change = intranet.changes.get(file.id)
        sha1 = change.after.sha1 if change is not None and change.after is not None else None
        if change is None or sha1 is None or file.submitted is None or sha1 == file.submitted:
            continue
        if change.moved or intranet.strangers or (change.edited and file.stage is Stage.CORRECTIONS):
            changes = compare(world, file.submitted, sha1, file.name)
            if changes is not None:
                found[file.submitted, sha1] = changes
    return found


def _vanished(
    world: World,
    operator: Operator,
    files: tuple[TrackedFile, ...],
    recognised: dict[Side, Recognition],
    strayed: frozenset[int],
    now: float,
) -> str:
    """Why the operator must be stopped, '' if it needn't: too much is gone from one side (D2).

    What lies in another operator's folder (`strayed`) is not gone, and comes back from there (S11).
    """
    since = max(now - WITHIN_SECONDS, world.ledger.released_at(operator.id) or 0.0)
    absences = world.ledger.absences(operator.id)
    for side, recognition in recognised.items():
        if not any(change.kind == "gone" for change in recognition.changes.values()):
            continue
        missing = sum(
            key in absences and absences[key].first_at >= since
            for key in ((file, side) for file in recognition.absent)
            if side is Side.CLOUD or key[0] not in strayed
        )
        by = By.OPERATOR if side is Side.CLOUD else By.STAFF
        earlier = world.ledger.lost_since(operator.id, by, since, but_for=REASONS["other_operator"])
        known = sum(file.on(side) is not None for file in files) + earlier
        if too_many(missing + earlier, known):
            return f"{missing + earlier} of {known} files vanished from the {side} within an hour"
    return ""


# ── carry out ──


def _in_the_cloud(moves: tuple[Move, ...]) -> bool:
    return any(effect.side is Side.CLOUD for move in moves for effect in move.effects)


def _with_locks(world: World, operator: Operator, move: Move) -> bool:
    """Carries a move out; one that spans operators only while their folders are nobody else's."""
    others = {effect.operator for effect in move.effects if effect.operator not in ("", operator.id)}
    held = []
    try:
        for other in sorted(others):
            lock = world.lock(other)
            if not lock.acquire(blocking=False):
                world.look_soon(operator.id)
                return False
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


# ── folders ──


@dataclass(frozen=True, slots=True)
class FoundFolders:
    """An operator's folders on one side, there and in their places.

    Attributes:
        replaced: stages whose folder is another than the known one, which was deleted.
    """

    identities: Mapping[str, str]
    replaced: frozenset[Stage]


def _ensure(world: World, operator: Operator, side: Side) -> FoundFolders:
    layout = world.layout(operator.id, side)
    known = world.ledger.folders(operator.id, side)
    found = world.tree(side).ensure(layout, known)
    if not known:
        _refuse_others(world, operator, side, found)
    # Not `found.deleted`: that is said only once, and syncd may be killed before the files are back.
    replaced = frozenset(stage for stage in Stage if _differ(known.get(stage), found.identities.get(stage)))
    if not replaced:
        world.ledger.set_folders(operator.id, side, found.identities)
    given = world.gave_other_names(operator.id, side)
    for folder in found.put_back:
        LOG.info("%s: %s", operator.id, folder)
        _record_folder(world, operator, folder, given)
    world.keep_folder_names(operator.id, side)
    return FoundFolders(found.identities, replaced)


def _differ(known: str | None, now: str | None) -> bool:
    return known is not None and now is not None and not same_folder(known, now)


def _refuse_others(world: World, operator: Operator, side: Side, found: Folders) -> None:
    """A new operator's folder must not be the one that another's files lie in; its config is about to change names."""
    own = found.identities.get("", "")
    for other in world.config.operators:
        theirs = world.ledger.folders(other.id, side).get("") if other.id != operator.id else None
        if theirs is not None and same_folder(theirs, own):
            raise FolderConflict(
                f"{side} {operator.folder(side)}: is the folder of {other.id}",
                "give the new operator a folder of its own, or wait until that one's has its new name",
            )


def _record_folder(world: World, operator: Operator, folder: str, given: bool) -> None:
    """A folder lies where it belongs again, or (`given`) under the name that the config gives it now."""
    reason, outcome = ("the config gives it another name", "renamed") if given else ("folder put back", "restored")
    note = Record(operator.id, None, None, folder, None, None, By.SYNCD, "syncd", "", reason, outcome, None)
    telling = Telling("staff", "folder_put_back", operator.id, 0, None, None, "", None, None, values={"detail": folder})
    record(world, None, Move("folder", operator.id, records=(note,), tellings=() if given else (telling,)), {})


def _remember_folders(world: World, operator: Operator, folders: Mapping[Side, FoundFolders], view: View) -> None:
    """A vanished folder counts as replaced only when its files are back, so that a crash in between forgets nothing."""
    for side, found in folders.items():
        if found.replaced and not any(change.with_folder for change in view.situation.on(side).changes.values()):
            world.ledger.set_folders(operator.id, side, found.identities)
    if world.pairs_anew(operator.id) and not view.look_again:
        world.paired(operator.id)
