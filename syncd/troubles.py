"""One file that can't be read, put, moved or taken away waits by itself; everything else goes on.

Owns how often it is tried again (ever less often, by the ward's clock), when people hear of it and that they hear
when it is over. Whoever meets a trouble calls `meet`; the plan leaves alone what isn't to be tried yet.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from syncd.errors import ItemTrouble, SyncdError
from syncd.mirror.hindered import HELD_BACK, READING, Hindered, left_alone, reading_of, work_of
from syncd.model import Effect, Move, Place, Side, Sighting, Telling, TrackedFile
from syncd.reports.troubles import SIDES, kind_of
from syncd.reports.view import WaitingFile
from syncd.store.troubles import Trouble
from syncd.world import World

LOG = logging.getLogger("syncd")
PAUSES: Final = (1.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds between the tries of what costs nothing to try."""
COSTLY_PAUSES: Final = (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0)
"""The same where each try is a call of a cloud that counts them."""
TOLD_AFTER: Final = 3
"""After how many tries in vain people hear of it."""


def meet(world: World, met: Trouble) -> Trouble:
    """It was tried in vain, for the first time or once more: says when it is tried again, and after some tries why."""
    known = next((one for one in world.troubles.of(met.operator) if _same(one, met)), None)
    now = world.clock.now()
    since, tries = (known.since, known.tries + 1) if known is not None else (now, 1)
    pauses = PAUSES if world.tree(met.side).kind == "folder" else COSTLY_PAUSES
    told = known is not None and known.told
    says = not told and tries >= TOLD_AFTER and now - since >= kind_of(met.kind).told_after
    pause = pauses[min(tries, len(pauses)) - 1]
    trouble = replace(_typed(world, met), since=since, tries=tries, next_at=now + pause, told=told or says)
    with world.store.transaction():
        world.troubles.put(trouble)
        if says:
            _tell(world, trouble, "item_waits")
    LOG.log(logging.INFO if tries == 1 else logging.DEBUG, "%s: waits: %s", met.operator, met.detail)
    return trouble


def _typed(world: World, met: Trouble) -> Trouble:
    """With what the file is by its name, where nobody knows it better."""
    operator = world.config.operator(met.operator)
    if met.document is not None or met.file or operator is None:
        return met
    match = world.rules.match(met.name, operator, world.local_now().date(), "")
    if match.state != "one":
        return met
    return replace(met, document=match.candidates[0].document, period=match.candidates[0].period)


def of_reading(operator: str, sighting: Sighting, error: ItemTrouble, file: TrackedFile | None) -> Trouble:
    """The trouble of a file that can't be read as it was seen."""
    own = file.name if file is not None else sighting.place.name
    return _of(operator, operator, sighting.side, sighting.place, reading_of(sighting), error, file, own)


def of_step(move: Move, effect: Effect, error: ItemTrouble) -> Trouble:
    """The trouble of a move, one step of which can't be made."""
    row = next((row for row in move.after if row.id == effect.file), None) or next(iter(move.after), None)
    first, second = (effect.target, effect.source)
    if effect.kind == "move" and not kind_of(error.kind).at_target:
        first, second = second, first
    place = first or second or Place(None, "")
    owner = effect.operator or move.operator
    return _of(move.operator, owner, effect.side, place, work_of(effect), error, row, row.name if row else place.name)


def _of(
    operator: str,
    owner: str,
    side: Side,
    place: Place,
    work: str,
    error: ItemTrouble,
    file: TrackedFile | None,
    name: str,
) -> Trouble:
    return Trouble(
        operator, side, owner, place, work, error.kind, str(error), max(0, file.id) if file else 0, name,
        file.document if file else None, file.period if file else None, 0.0, 0, 0.0,
    )  # fmt: skip


def over(world: World, troubles: Iterable[Trouble]) -> None:
    """They are over; who heard of one hears that, too."""
    for trouble in troubles:
        with world.store.transaction():
            world.troubles.drop(trouble)
            if trouble.told:
                _tell(world, trouble, "item_goes_on")
        LOG.info("%s: waits no longer: %s", trouble.operator, trouble.detail)


def went(world: World, move: Move) -> None:
    """A move was made: whatever hindered it is over."""
    known = world.troubles.of(move.operator)
    if known:
        works = {work_of(effect) for effect in move.effects}
        places = {(effect.side, place) for effect in move.effects for place in (effect.source, effect.target)}
        over(world, [one for one in known if _made(one, works, places)])


def _made(trouble: Trouble, works: set[str], places: set[tuple[Side, Place | None]]) -> bool:
    of_a_move = not trouble.work.startswith((READING, HELD_BACK))
    return of_a_move and (trouble.work in works or (trouble.side, trouble.place) in places)


def still(world: World, operator: str, waiting: Iterable[Move], unclear: frozenset[int]) -> None:
    """Nothing else is left to do: what hindered moves that nobody wants any more is over.

    Args:
        waiting: the moves that can't be made just now, begun or not.
        unclear: files that can't be seen well enough to say what is wanted of them.
    """
    known = [one for one in world.troubles.of(operator) if not one.work.startswith((READING, HELD_BACK))]
    if known:
        works = {work_of(effect) for move in waiting for effect in move.effects}
        over(world, [one for one in known if one.work not in works and one.file not in unclear])


def not_yet(world: World, operator: str) -> Mapping[str, str]:
    """What isn't to be tried again yet: work → the kind of its trouble."""
    now = world.clock.now()
    return {one.work: one.kind for one in world.troubles.of(operator) if now < one.next_at}


def look_whether_over(world: World, operator: str) -> None:
    """What can be told without trying: what no longer is in the way is tried again at once."""
    now = world.clock.now()
    for one in world.troubles.of(operator):
        kind = kind_of(one.kind)
        if one.next_at <= now or not kind.shows or world.config.operator(one.owner) is None:
            continue
        source, target = (None, one.place) if kind.at_target else (one.place, None)
        try:
            given_up = one.place if one.kind == "written_to" else None
            world.tree(one.side).ready(world.layout(one.owner, one.side), source, target, given_up)
        except SyncdError:
            continue
        world.troubles.put(replace(one, next_at=now))


def hindered(world: World, operator: str) -> Hindered:
    """What the next plan has to leave alone."""
    begun = world.ledger.open_intents(operator)
    put = [(one.side, one.identity) for intent in begun for one in intent.done if one is not None]
    put += [
        (intent.move.effects[index].side, staged.identity)
        for intent in begun
        for index, staged in intent.prepared.items()
        if staged.identity
    ]
    return left_alone(not_yet(world, operator), (intent.move for intent in begun), put)


def next_try(world: World, operator: str) -> float | None:
    """When something of the operator is tried again, seconds since the epoch; None: nothing waits.

    What was due in this round and wasn't tried (its file is open, say) waits for a look; that isn't hurried.
    """
    now = world.clock.now()
    times = (one.next_at for one in world.troubles.of(operator))
    return min((at if at > now else now + PAUSES[-1] for at in times), default=None)


def _same(one: Trouble, other: Trouble) -> bool:
    return (one.side, one.owner, one.place) == (other.side, other.owner, other.place)


def _tell(world: World, trouble: Trouble, message: str) -> None:
    kind, language = kind_of(trouble.kind), world.config.language
    stage = trouble.place.stage
    values = {
        "reason": kind.reason[language],
        "instead": kind.next[language],
        "place": world.config.stages[stage] if stage else "",
    }
    tellings = [
        Telling(
            whom, message if whom == "staff" else f"{message}_admin", trouble.operator, trouble.file, trouble.document,
            trouble.period, trouble.name, None, stage, values=values,
        )
        for whom in kind.whom
    ]  # fmt: skip
    world.outbox.add(tellings, (), world.clock.now())


def for_people(world: World) -> tuple[WaitingFile, ...]:
    """Everything that waits so, in the words of those who look at the ward's pages."""
    language = world.config.language
    found = []
    for one in world.troubles.all():
        owner = world.config.operator(one.owner)
        if owner is None:
            continue
        kind, stage = kind_of(one.kind), one.place.stage
        parts = (SIDES[one.side][language], world.config.stages[stage] if stage else "", one.place.path)
        since = datetime.fromtimestamp(one.since, world.config.zone)
        place = " / ".join(part for part in parts if part)
        found.append(WaitingFile(owner.id, place, kind.reason[language], kind.next[language], since))
    return tuple(found)
