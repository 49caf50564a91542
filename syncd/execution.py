"""Carrying out a move: journalled before its first effect, recorded with its outcome, finished after any crash.

Every effect is idempotent, so an interrupted move is simply carried out again. What people did in between is never
undone here: an effect that finds its file elsewhere leaves it there, and the next look sees what they did.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Literal

from syncd.contract import Tree
from syncd.errors import Busy, Changed, ItemTrouble, NameTaken
from syncd.model import Effect, Layout, Move, Place, Placement, Prepared, Role, Side, Sighting, TrackedFile
from syncd.owner_mark import unsigned
from syncd.store.ledger import Intent
from syncd.troubles import meet, of_step, went
from syncd.world import World
from syncd.yamltext import decode

LOG = logging.getLogger("syncd")
Results = dict[tuple[int, Side], Sighting]
Outcome = Literal["done", "changed", "hindered"]
"""What became of a move."""
OTHER_NAMES = 50
"""How many other names are tried when somebody takes a name in the very moment of the move."""


def carry_out(world: World, move: Move) -> Outcome:
    """Does what the move says and records it.

    Returns:
        changed: the files were no longer as planned: nothing was done, look again. hindered: one of its files can't be
        treated as it should just now, which is known from now on; what has begun is settled later.

    Raises:
        Unreachable: a side or a disk failed; the move stays open and is settled by the next round.
    """
    for text in move.texts:
        with world.versions.receive() as sink:
            sink.write(text.encode())
            sink.keep()
    if not move.effects:
        record(world, None, move, {})
        return "done"
    given_up = _given_up(move)
    for effect in move.effects:  # what can't be ended isn't begun
        tree, layout = _where(world, move, effect)
        try:
            tree.ready(layout, effect.source, effect.target, given_up.get((effect.file, effect.side)))
        except ItemTrouble as trouble:
            meet(world, of_step(move, effect, trouble))
            return "hindered"
    prepared = _prepare(world, move)
    at = world.clock.now()
    intent = Intent(world.ledger.open_intent(move, prepared, at), move, prepared, at)
    results: Results = {}
    first = move.effects[0]
    try:
        _perform(world, move, first, prepared.get(0), results)
    except (Changed, NameTaken) as obstacle:
        LOG.debug("%s: %s; planning anew", move.operator, obstacle)
        _call_off(world, intent)
        _doubt(world, move, first)
        return "changed"
    except (Busy, ItemTrouble) as error:
        met = _trouble(error)
        meet(world, of_step(move, first, met))
        if not met.uncertain:
            _call_off(world, intent)
        return "hindered"
    return _finish(world, intent, results, [results.get((first.file, first.side))])


def settle(world: World, intent: Intent) -> Outcome:
    """Finishes a move that was interrupted, from whichever point."""
    results: Results = {}
    for effect, found in zip(intent.move.effects, intent.done, strict=False):
        if found is not None:
            results[effect.file, effect.side] = found
    return _finish(world, intent, results, list(intent.done), settling=True)


def _trouble(error: Busy | ItemTrouble) -> ItemTrouble:
    """What keeps a file from being moved; one that is open is closed some time."""
    return error if isinstance(error, ItemTrouble) else ItemTrouble("open", error.message, error.remedy)


def _given_up(move: Move) -> dict[tuple[int, Side], Place]:
    """Where the files lie before the move, whose bytes it takes away or replaces."""
    lies: dict[tuple[int, Side], Place] = {}
    for effect in move.effects:
        place = effect.target if effect.kind == "replace" else effect.source
        if effect.kind != "place" and place is not None:
            lies.setdefault((effect.file, effect.side), place)
    return {
        (effect.file, effect.side): lies[effect.file, effect.side]
        for effect in move.effects
        if effect.kind in ("remove", "replace") and (effect.file, effect.side) in lies
    }


def _call_off(world: World, intent: Intent) -> None:
    world.ledger.abandon_intent(intent.id)
    _discard(world, intent.move, intent.prepared)


def _doubt(world: World, move: Move, effect: Effect) -> None:
    """The next look reads these files anew, whatever their time stamps say."""
    operator = effect.operator or move.operator
    world.ledger.remember(operator, effect.side, (), [one for one in (effect.source, effect.target) if one is not None])


def _finish(
    world: World, intent: Intent, results: Results, done: list[Sighting | None], settling: bool = False
) -> Outcome:
    """The effects that are left, and the record. Where one can't be made, the move stays open as far as it has come."""
    move = intent.move
    for index in range(len(done), len(move.effects)):
        effect = move.effects[index]
        try:
            _do(world, move, effect, intent.prepared.get(index), results, settling)
        except (Busy, ItemTrouble) as error:
            world.ledger.got_as_far_as(intent.id, done)
            meet(world, of_step(move, effect, _trouble(error)))
            return "hindered"
        done.append(results.get((effect.file, effect.side)))
    record(world, intent.id, move, results)
    went(world, move)
    return "done"


def _do(world: World, move: Move, effect: Effect, staged: Prepared | None, results: Results, settling: bool) -> None:
    """One effect of a move that has begun, whatever people have done meanwhile."""
    if settling and staged is not None and _found_placed(world, move, effect, staged, results):
        return
    try:
        _perform(world, move, effect, staged, results, settling)
    except (Changed, NameTaken):
        _perform_anyway(world, move, effect, staged, results)


def record(world: World, intent: int | None, move: Move, results: Mapping[tuple[int, Side], Sighting]) -> None:
    """Outcome, history and notices, in one transaction."""
    targets = {(effect.file, effect.side): effect.target for effect in move.effects if effect.kind != "remove"}
    after = tuple(_as_found(row, results, targets) for row in move.after)
    with world.store.transaction():
        at = world.clock.now()  # one writer at a time: later records have later times
        said = _note_text(world, _notes(move.after))
        world.outbox.retract(move.retracted)
        texts = {file: _note_text(world, _all(world, move, file)) for file in move.noted}
        released = {file for file, text in texts.items() if world.outbox.note_arrived((file,), at, text)}
        tellings = tuple(
            replace(telling, values={**telling.values, **said}) if telling.message == "note_added" else telling
            for telling in move.tellings
            if not (telling.message == "note_added" and telling.file in released)
        )
        settled = world.ledger.settle_intent(intent, replace(move, after=after, tellings=tellings), at)
    for number, one in zip(settled.quarantined, move.quarantined, strict=True):
        world.versions.quarantine(number, one.name, one.sha1)


def _notes(files: Iterable[TrackedFile]) -> tuple[TrackedFile, ...]:
    return tuple(file for file in files if file.role is Role.NOTE)


def _all(world: World, move: Move, file: int) -> tuple[TrackedFile, ...]:
    """Every note that the file has once the move is done."""
    known = {row.id: row for row in (*world.ledger.known(move.operator), *move.after)}
    return _notes(row for row in known.values() if file in row.note_for and row.id not in move.closes)


def _note_text(world: World, notes: Iterable[TrackedFile]) -> dict[str, str]:
    """What the notes say, for chat, where the ward allows that; in whichever encoding Notepad saved them."""
    if not world.config.chat.note_text:
        return {}
    said = []
    for note in notes:
        if not note.name.lower().endswith(".txt"):
            continue  # a marked copy
        try:
            said.append(unsigned(decode(world.versions.read(note.intranet.sha1))) if note.intranet is not None else "")
        except UnicodeDecodeError:
            continue  # no text after all: the file itself is beside its document
    return {"note": "\n".join(said)} if said else {}


def _as_found(
    row: TrackedFile, results: Mapping[tuple[int, Side], Sighting], targets: Mapping[tuple[int, Side], Place | None]
) -> TrackedFile:
    """The row with what only the effects could know: identity, etag and, if a name was taken, another name."""

    def patched(side: Side, placement: Placement | None) -> Placement | None:
        found = results.get((row.id, side))
        if placement is None or found is None:
            return placement
        # A plan may say another place than its last effect's target: what somebody did there is then the next gesture.
        wanted = targets[row.id, side]
        place = placement.place if found.place == wanted else found.place
        return replace(placement, place=place, identity=found.identity, etag=found.etag, size=found.size)

    return replace(row, cloud=patched(Side.CLOUD, row.cloud), intranet=patched(Side.INTRANET, row.intranet))


def _prepare(world: World, move: Move) -> dict[int, Prepared]:
    """Stages all bytes that the move will put in place, so that the rest is renames."""
    prepared: dict[int, Prepared] = {}
    try:
        for index, effect in enumerate(move.effects):
            if effect.kind in ("place", "replace"):
                prepared[index] = _staged(world, effect)
    except BaseException:
        _discard(world, move, prepared)
        raise
    return prepared


def _staged(world: World, effect: Effect) -> Prepared:
    content = world.versions.path(effect.sha1)
    return world.tree(effect.side).prepare(content, effect.sha1, content.stat().st_size)


def _discard(world: World, move: Move, prepared: Mapping[int, Prepared]) -> None:
    for index, staged in prepared.items():
        world.tree(move.effects[index].side).discard(staged)


def _where(world: World, move: Move, effect: Effect) -> tuple[Tree, Layout]:
    return world.tree(effect.side), world.layout(effect.operator or move.operator, effect.side)


def _perform(
    world: World, move: Move, effect: Effect, staged: Prepared | None, results: Results, settling: bool = False
) -> None:
    tree, layout = _where(world, move, effect)
    key = (effect.file, effect.side)
    earlier = results.get(key)
    etag = earlier.etag if earlier else effect.etag
    match effect.kind:
        case "place":
            assert effect.target is not None and staged is not None
            results[key] = tree.place(layout, effect.target, staged)
        case "replace":
            assert effect.target is not None and staged is not None
            target = earlier.place if earlier else effect.target
            results[key] = tree.replace(layout, target, effect.identity, etag, staged, effect.before)
        case "move":
            assert effect.source is not None and effect.target is not None
            # Only what begins a move may still be called off: later, a file goes along whatever its bytes are by now.
            etag = effect.etag if effect is move.effects[0] and not settling else ""
            results[key] = tree.move(layout, effect.source, effect.target, effect.identity, etag, effect.before)
        case "remove":
            assert effect.source is not None
            tree.remove(layout, effect.source, effect.identity, effect.etag, effect.purge, effect.before)


def _found_placed(world: World, move: Move, effect: Effect, staged: Prepared, results: Results) -> bool:
    """Whether staged bytes are in the tree already, perhaps moved on by a person: then the effect has happened."""
    tree, layout = _where(world, move, effect)
    found = tree.find_prepared(layout, staged)
    if found is None or found.size != staged.size or effect.target is None:
        return False
    if effect.kind == "replace":
        # the swapped-out bytes may still lie among the staged ones; a repetition clears them away
        try:
            _perform(world, move, effect, staged, results)
        except (Changed, NameTaken):
            LOG.debug("%s: %s was moved on", move.operator, effect.target)
    results[effect.file, effect.side] = replace(found, place=effect.target)
    return True


def _perform_anyway(world: World, move: Move, effect: Effect, staged: Prepared | None, results: Results) -> None:
    """The rest of a move that has begun: what a person changed meanwhile stays as they made it."""
    tree, layout = _where(world, move, effect)
    if effect.kind == "place":
        assert effect.target is not None
        staged = _staged(world, effect)  # what was staged may be gone
        for target in _other_names(effect.target):
            try:
                results[effect.file, effect.side] = tree.place(layout, target, staged)
                return
            except NameTaken:
                continue
        tree.discard(staged)
    elif effect.kind == "move":
        assert effect.target is not None
        found = tree.find(layout, effect.identity)
        if found is not None and found.place != effect.source:
            # a person moved it on: that is the next gesture, made from where the move took the file
            if effect.source is not None and found.place.stage == effect.source.stage:
                found = _take_along(tree, layout, found, effect.target)
            results[effect.file, effect.side] = replace(found, place=effect.target)
            return
        for target in _other_names(effect.target) if found is not None else ():
            assert found is not None
            try:
                results[effect.file, effect.side] = tree.move(layout, found.place, target, effect.identity)
                return
            except NameTaken:
                continue
            except Changed:
                return
    elif staged is not None:
        tree.discard(staged)
    LOG.debug("%s: %s of %s found its file changed", move.operator, effect.kind, effect.target or effect.source)


def _take_along(tree: Tree, layout: Layout, found: Sighting, target: Place) -> Sighting:
    """A file that a person renamed within its stage goes to the other stage all the same, under the new name."""
    try:
        return tree.move(layout, found.place, replace(found.place, stage=target.stage), found.identity)
    except (Changed, NameTaken):
        return found


def _other_names(target: Place) -> list[Place]:
    pure = PurePosixPath(target.path)
    others = [str(pure.with_name(f"{pure.stem} ({number}){pure.suffix}")) for number in range(2, OTHER_NAMES)]
    return [target, *(replace(target, path=path) for path in others)]
