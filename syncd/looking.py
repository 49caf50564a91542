"""Looking at both sides of one operator, and saying what is what: observations go in, a `Situation` comes out.

Every content that is seen whole is kept at once. What was looked up beside (whose a stray file is, what the rules say
of a file that staff drag out of inbox, what staff changed in a form) goes to the planner as data.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from syncd import outgoing
from syncd.belonging import Belonging, HashOnly, sort_out, strayed_away
from syncd.errors import Busy, Changed, ItemTrouble, Unreachable
from syncd.examining import compare, verdict
from syncd.forms.fact import CellChange
from syncd.mirror.guard import WITHIN_SECONDS, too_many
from syncd.mirror.hindered import READING, Hindered, reading_of
from syncd.mirror.reasons import REASONS
from syncd.mirror.recognise import Recognition, recognise
from syncd.mirror.situation import Situation
from syncd.model import (
    By,
    Change,
    Decision,
    Kept,
    Look,
    Operator,
    Origin,
    Place,
    Role,
    Side,
    Sighting,
    Stage,
    TrackedFile,
)
from syncd.operator_folders import FoundFolders
from syncd.pages import without_page
from syncd.store.observations import Absence
from syncd.troubles import hindered, meet, not_yet, of_reading, over
from syncd.world import World

IN_USE = ("locked", "open")
"""The troubles that end by themselves when people are done with a file."""
BATCH = 5
"""From how many new contents on a look waits for the disk once, by a sync of the whole file system."""
ILL: Mapping[str, tuple[str, str]] = {
    "unreadable": ("unreadable", "no right to read it"),
    "half saved": ("half_saved", "a program began to save here and didn't end it"),
}
"""What a look shows that waits for a person: the kind of trouble, and what the log says."""
Sinks = Callable[[], AbstractContextManager[Any]]
Progress = Callable[[str, int, int], None]
"""Told of long work: operator, files read, files to read."""


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
    waiting = hindered(world, operator.id)
    for side in Side:
        seen = outgoing.scanned(world, _look_at(world, operator, side, files, dry=dry, progress=progress), files)
        confirmed = frozenset(
            file
            for (file, on), absence in before.items()
            if on is side and now - absence.first_at >= world.config.intranet.settle_seconds
        )
        if not dry:
            confirmed -= _there_after_all(world, operator, side, seen, files, confirmed)
        belonging = sort_out(world, operator, files, seen, looks.get(Side.CLOUD))
        if side is Side.INTRANET:
            strayed = strayed_away(world, operator, files, frozenset(file for file, on in before if on is side))
            confirmed -= strayed
        deleted = folders[side].replaced if side in folders else frozenset()
        recognised[side] = _at_rest(belonging.added_to(recognise(files, belonging.own, confirmed, deleted)), waiting)
        looks[side] = replace(seen, sightings=belonging.own.sightings + belonging.strangers)
        if not dry:
            outgoing.say_what_may_not_go(world, operator, looks[side])
        for file in recognised[side].absent:
            first = before.get((file, side))
            absences[file, side] = Absence(first.first_at, 2) if first and first.first_at <= now else Absence(now, 1)
        if not seen.complete:
            absences.update({key: absence for key, absence in before.items() if key[1] is side})
    if not dry:
        world.ledger.set_absences(operator.id, absences)
    if not dry:
        _say_what_is_in_use(world, operator, recognised)
    situation = _situation(world, operator, files, recognised, belonging, waiting, now, min(seen_before, now))
    sightings = [sighting for one in looks.values() for sighting in one.sightings]
    placed = {(side, placement.place) for file in files for side in Side if (placement := file.on(side)) is not None}
    quiet_later = any(s.waits in ("not quiet", "open", "unscanned") for s in sightings) or any(
        change.kind == "waiting" and not _in_trouble(change)
        for one in recognised.values()
        for change in one.changes.values()
    )
    return View(
        situation,
        look_again=quiet_later or bool(absences) or not all(one.complete for one in looks.values()),
        waiting=tuple(
            f"{s.side} {s.place.stage or ''}/{s.place.path}: {s.waits}"
            for s in sightings
            if s.waits and not (s.waits == "empty" and (s.side, s.place) in placed)
        ),
        held=_vanished(world, operator, files, recognised, strayed, waiting, now),
        unseen=", ".join(f"{side} {operator.folder(side)}" for side in Side if not looks[side].complete),
    )


def _at_rest(recognition: Recognition, waiting: Hindered) -> Recognition:
    """Without what lies where it lies because a move is half done: it is nobody's gesture."""
    strangers = tuple(one for one in recognition.strangers if not waiting.under_way(one))
    return replace(recognition, strangers=strangers)


def _in_trouble(change: Change) -> bool:
    """It has its own time at which it is tried again."""
    return change.after is not None and change.after.waits == "unreadable"


def secure(world: World, operator: Operator) -> None:
    """Keeps every content that can be seen, and nothing more; what can't be seen just now isn't waited for."""
    files = world.ledger.known(operator.id)
    for side in Side:
        if not world.is_there(side):
            continue
        with suppress(Unreachable):
            seen = _look_at(world, operator, side, files, dry=False, progress=None)
            _keep_for(world, side, files, seen)


def _keep_for(world: World, side: Side, files: tuple[TrackedFile, ...], seen: Look) -> None:
    """Other bytes than the known ones are versions of the file in whose place they lie, whatever becomes of them."""
    placed = {on.place: (file, on) for file in files if (on := file.on(side)) is not None}
    origin: Origin = "operator" if side is Side.CLOUD else "edit"
    kept = [
        Kept(file.id, one.sha1, one.size, side, file.name, origin)
        for one in seen.sightings
        if one.place in placed and one.sha1 and one.waits is None
        for file, on in (placed[one.place],)
        if one.sha1 != on.sha1
    ]
    if kept:
        with world.store.transaction():
            world.ledger.keep(kept, world.clock.now())


def _look_at(
    world: World,
    operator: Operator,
    side: Side,
    files: tuple[TrackedFile, ...],
    *,
    dry: bool,
    progress: Progress | None,
) -> Look:
    """What lies on one side, every quiet file with its SHA-1; each content seen for the first time is kept at once."""
    tree, layout = world.tree(side), world.layout(operator.id, side)
    memory = world.ledger.memory(operator.id, side)
    seen = tree.look(layout, memory)
    if not dry:
        seen = _confirmed_anew(world, operator, seen)
    met_before = not_yet(world, operator.id)
    # Whether syncd has the right to read a file shows in every look.
    not_read = frozenset(work for work, kind in met_before.items() if kind != "unreadable")
    unread = sum(sighting.waits is None and sighting.sha1 is None for sighting in seen.sightings)
    whole: list[Sighting] = []
    read = 0
    with _sinks(world, unread, dry) as sink:
        for sighting in seen.sightings:
            if sighting.waits is None and sighting.sha1 is None:
                read += 1
                if progress is not None:
                    progress(operator.id, read, unread)
                if reading_of(sighting) in not_read:
                    sighting = replace(sighting, waits="unreadable")
                else:
                    sighting = _read(world, operator, side, sighting, _was(memory, sighting), sink, dry)
            elif sighting.waits and sighting.waits in ILL and not dry and reading_of(sighting) not in met_before:
                kind, said = ILL[sighting.waits]
                _meet(world, operator, sighting, ItemTrouble(kind, f"{side} {sighting.place.path}: {said}"))
            whole.append(sighting)
    if not dry:
        _readable_again(world, operator, seen, whole)
        forgotten = memory.keys() - {sighting.place for sighting in whole} if seen.complete else ()
        world.ledger.remember(operator.id, side, [_to_remember(memory, one) for one in whole], forgotten)
        if seen.complete:
            world.freshness.saw(side, operator.id, world.clock.now())
        else:
            world.freshness.unreachable(side, f"{layout.folder} can't be looked at whole", operator.id)
    tracked = frozenset(placed.sha1 for file in files if (placed := file.on(side)) is not None)
    return without_page(world, operator, replace(seen, sightings=tuple(whole)), tracked)


def _there_after_all(
    world: World, operator: Operator, side: Side, seen: Look, files: tuple[TrackedFile, ...], missed: frozenset[int]
) -> frozenset[int]:
    """Of files that looks have missed, those that are there when the tree is asked for them."""
    shown = {sighting.identity for sighting in seen.sightings}
    asked = {
        placed.identity: file.id
        for file in files
        if file.id in missed and (placed := file.on(side)) is not None and placed.identity not in shown
    }
    if not asked or not seen.complete:
        return frozenset()
    gone = world.tree(side).gone(world.layout(operator.id, side), frozenset(asked))
    return frozenset(file for identity, file in asked.items() if identity not in gone)


def _confirmed_anew(world: World, operator: Operator, seen: Look) -> Look:
    """The look, with confirmed files whose bytes are to be compared again (`confirmed_rehash_days`) as unread."""
    period, now = world.config.confirmed_rehash_days * 86_400.0, world.clock.now()

    def due(sighting: Sighting) -> bool:
        if sighting.place.stage is not Stage.CONFIRMED or sighting.sha1 is None or sighting.waits is not None:
            return False
        if not period or sighting.read_at > now:
            return True
        # Each file has a moment of its own within the period, so that one day has no more to read than another.
        phase = (
            zlib.crc32(f"{operator.id}/{sighting.place.path}".encode("utf-8", "surrogatepass")) % 1000 / 1000 * period
        )
        return (now + phase) // period > (sighting.read_at + phase) // period

    return replace(seen, sightings=tuple(replace(one, sha1=None) if due(one) else one for one in seen.sightings))


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


def _to_remember(memory: Mapping[Place, Sighting], sighting: Sighting) -> Sighting:
    """What was touched and can't be read yet is remembered as it was, so that it is known to be only touched."""
    return memory[sighting.place] if sighting.sha1 is None and _was(memory, sighting) else sighting


def _was(memory: Mapping[Place, Sighting], sighting: Sighting) -> str:
    """The SHA-1 of what looked the same in the same place, '' for none: most likely it still is the same."""
    known = memory.get(sighting.place)
    return known.sha1 or "" if known is not None and known.etag == sighting.etag else ""


def _read(
    world: World, operator: Operator, side: Side, sighting: Sighting, was: str, open_sink: Sinks, dry: bool
) -> Sighting:
    tree, layout = world.tree(side), world.layout(operator.id, side)
    try:
        known = tree.content(layout, sighting)
        if known is not None and (dry or known == was or world.versions.has(known)):
            return replace(sighting, sha1=known, read_at=world.clock.now())
        if was and not dry and world.versions.has(was):  # only touched, or read again: nothing is to be kept anew
            with HashOnly() as only:
                tree.read(layout, sighting, only)  # type: ignore[arg-type]  # a sink is all it needs
                if only.keep()[0] == was:
                    return replace(sighting, sha1=was, read_at=world.clock.now())
        with open_sink() as sink:
            tree.read(layout, sighting, sink)
            sha1, _ = sink.keep()
    except Changed:
        return replace(sighting, waits="not quiet")
    except Busy:
        return replace(sighting, waits="open")
    except ItemTrouble as trouble:
        if not dry:
            _meet(world, operator, sighting, trouble)
        return replace(sighting, waits="unreadable")
    return replace(sighting, sha1=sha1, read_at=world.clock.now())


def _meet(world: World, operator: Operator, sighting: Sighting, trouble: ItemTrouble) -> None:
    known = world.ledger.known(operator.id)
    placed = ((file, file.on(sighting.side)) for file in known)
    file = next((file for file, on in placed if on is not None and on.place == sighting.place), None)
    meet(world, of_reading(operator.id, sighting, trouble, file))


def _readable_again(world: World, operator: Operator, seen: Look, sightings: list[Sighting]) -> None:
    """What could be read, or isn't there any more, waits no longer."""
    known = [one for one in world.troubles.of(operator.id) if one.side is seen.side and one.work.startswith(READING)]
    if known:
        ill = {sighting.place for sighting in sightings if sighting.waits in ILL}
        there = {sighting.place for sighting in sightings}
        read = (one for one in known if one.place not in ill and one.kind not in IN_USE)
        over(world, [one for one in read if seen.complete or one.place in there])


def _say_what_is_in_use(world: World, operator: Operator, recognised: Mapping[Side, Recognition]) -> None:
    """A file that is open or locked, while something has happened to it on the other side that waits for that."""
    met_before = not_yet(world, operator.id)
    waiting: set[tuple[Side, Place]] = set()
    for side, other in ((Side.CLOUD, Side.INTRANET), (Side.INTRANET, Side.CLOUD)):
        for id_, change in recognised[side].changes.items():
            seen, there = change.after, recognised[other].changes.get(id_)
            if seen is None or seen.waits != "open" or there is None or there.kind not in ("changed", "gone"):
                continue
            waiting.add((side, seen.place))
            if reading_of(seen) not in met_before:
                meet(world, of_reading(operator.id, seen, _in_use(world, operator, seen), change.file))
    known = (one for one in world.troubles.of(operator.id) if one.kind in IN_USE and one.work.startswith(READING))
    over(world, [one for one in known if (one.side, one.place) not in waiting])


def _in_use(world: World, operator: Operator, seen: Sighting) -> ItemTrouble:
    try:
        world.tree(seen.side).ready(world.layout(operator.id, seen.side), seen.place, None)
    except ItemTrouble as trouble:
        return trouble
    return ItemTrouble("open", f"{seen.side} {seen.place.path}: is open", "close it")


# ── understand ──


def _situation(
    world: World,
    operator: Operator,
    files: tuple[TrackedFile, ...],
    recognised: dict[Side, Recognition],
    belonging: Belonging,
    waiting: Hindered,
    now: float,
    seen_before: float,
) -> Situation:
    return Situation(
        operator=operator,
        now=now,
        seen_before=seen_before,
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
        handed=belonging.handed,
        misnamed=belonging.misnamed,
        remarks=world.ledger.remarks(operator.id),
        path_room=world.path_room(operator),
        pairing_anew=world.pairs_anew(operator.id),
        verdicts=_verdicts(world, operator, files, recognised),
        compared=_compared(world, files, recognised[Side.INTRANET]),
        hindered=waiting,
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
    waiting: Hindered,
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
            if key[0] not in waiting.touched and (side is Side.CLOUD or key[0] not in strayed)
        )
        by = By.OPERATOR if side is Side.CLOUD else By.STAFF
        earlier = world.ledger.lost_since(operator.id, by, since, but_for=REASONS["other_operator"])
        known = sum(file.on(side) is not None for file in files) + earlier
        if too_many(missing + earlier, known):
            return f"{missing + earlier} of {known} files vanished from the {side} within an hour"
    return ""
