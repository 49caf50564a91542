"""What staff put where it goes to the operator: scanned first, as what comes is; what may not go is told.

What is held stands on the list of what waits, with the reason and what to do, until it is gone or put right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from syncd import names
from syncd.belonging import HELD
from syncd.examining import scan
from syncd.execution import record
from syncd.mirror.hindered import HELD_BACK
from syncd.mirror.reasons import REASONS
from syncd.model import By, Look, Move, Operator, Record, Side, Sighting, Stage, Telling, TrackedFile
from syncd.store.troubles import Trouble
from syncd.world import World

NOT_SENT: Mapping[str, str] = {"infected": "infected", **{waits: why for why, waits in HELD.items()}}
"""Why something that waits is not sent, as staff are told; nobody else hears of it."""
LOOKED_AT_AGAIN: Final = 86_400.0
"""Seconds until a held file is put on the list anew; it is looked at in every round, whatever the list says."""


def scanned(world: World, look: Look, files: Iterable[TrackedFile] = ()) -> Look:
    """The look, with what may not go up (yet) as something that waits."""
    if world.scanner is None or look.side is not Side.INTRANET:
        return look
    placed = {file.intranet.place: file.intranet for file in files if file.intranet is not None}
    tracked = frozenset(placement.identity for placement in placed.values())

    def unchanged(sighting: Sighting) -> bool:
        was = placed.get(sighting.place)
        return was is not None and (was.identity, was.sha1) == (sighting.identity, sighting.sha1)

    return replace(
        look,
        sightings=tuple(
            _scanned(world, sighting) if _travels(sighting, tracked) and not unchanged(sighting) else sighting
            for sighting in look.sightings
        ),
    )


def _travels(sighting: Sighting, tracked: frozenset[str]) -> bool:
    """Whether it goes up by itself where it lies: in confirmed only what was tracked before."""
    stage = sighting.place.stage
    return stage in (Stage.INBOX, Stage.CORRECTIONS) or (stage is Stage.CONFIRMED and sighting.identity in tracked)


def say_what_may_not_go(world: World, operator: Operator, look: Look) -> None:
    """Staff hear once of what they put there and what is not sent: what it is, and what to do with it."""
    if look.side is not Side.INTRANET:
        return
    said = world.ledger.remarks(operator.id)
    _list(world, operator, look)
    for sighting in look.sightings:
        key = f"{sighting.waits}:{sighting.place.path}:{sighting.sha1}"
        why = NOT_SENT.get(sighting.waits or "")
        if why is None or key in said:
            continue
        stage = sighting.place.stage
        note = Record(
            operator.id, None, None, sighting.place.name, None, stage, By.SYNCD, "syncd", "",
            REASONS[why], "refused" if why == "infected" else "held", sighting.sha1,
        )  # fmt: skip
        message = "infected_own" if why == "infected" else "not_sent"
        telling = Telling(
            "staff", message, operator.id, 0, None, None, "", None, stage,
            values={} if why == "infected" else {"reason": why},
        )  # fmt: skip
        record(world, None, Move("S11", operator.id, records=(note,), tellings=(telling,), remarks=(key,)), {})


def _list(world: World, operator: Operator, look: Look) -> None:
    """What is held stands on the list of troubles; what is so no longer leaves it."""
    now = world.clock.now()
    held = {one.place: one for one in look.sightings if one.waits in NOT_SENT}
    known = {one.place: one for one in world.troubles.of(operator.id) if one.work.startswith(HELD_BACK)}
    there = {one.place for one in look.sightings}
    for place, trouble in known.items():
        if place not in held and (look.complete or place in there):
            world.troubles.drop(trouble)
    for place, sighting in held.items():
        kind, before = NOT_SENT[sighting.waits or ""], known.get(place)
        if before is not None and before.kind == kind and before.next_at > now:
            continue
        since = before.since if before is not None and before.kind == kind else now
        world.troubles.put(
            Trouble(
                operator.id, Side.INTRANET, operator.id, place, f"{HELD_BACK}{sighting.identity}", kind, REASONS[kind],
                0, names.from_intranet(place.name), None, None, since, 1, now + LOOKED_AT_AGAIN, told=True,
            )
        )  # fmt: skip


def _scanned(world: World, sighting: Sighting) -> Sighting:
    if sighting.waits is not None or not sighting.size:
        return sighting
    if sighting.sha1 is None or not world.versions.has(sighting.sha1):
        return sighting  # only looked at, or not read yet
    found = scan(world, sighting.sha1)
    if found is None:
        return sighting
    if found.result == "wait":
        return replace(sighting, waits="unscanned")
    return replace(sighting, waits="infected" if found.check == "infected" else "sealed")
