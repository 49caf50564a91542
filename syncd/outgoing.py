"""What staff put into corrections goes to the operator: it is scanned first, like what comes the other way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from syncd.belonging import HELD
from syncd.examining import scan
from syncd.execution import record
from syncd.mirror.reasons import REASONS
from syncd.model import By, Look, Move, Operator, Record, Side, Sighting, Stage, Telling
from syncd.world import World

NOT_SENT: Mapping[str, str] = {"infected": "infected", **{waits: why for why, waits in HELD.items()}}
"""Why something that waits is not sent, as staff are told; nobody else hears of it."""


def scanned(world: World, look: Look) -> Look:
    """The look, with what may not go up (yet) as something that waits."""
    if world.scanner is None or look.side is not Side.INTRANET:
        return look
    return replace(look, sightings=tuple(_scanned(world, sighting) for sighting in look.sightings))


def say_what_may_not_go(world: World, operator: Operator, look: Look) -> None:
    """Staff hear once of what they put there and what is not sent: what it is, and what to do with it."""
    if look.side is not Side.INTRANET:
        return
    said = world.ledger.remarks(operator.id)
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


def _scanned(world: World, sighting: Sighting) -> Sighting:
    if sighting.place.stage is not Stage.CORRECTIONS or sighting.waits is not None or not sighting.size:
        return sighting
    if sighting.sha1 is None or not world.versions.has(sighting.sha1):
        return sighting  # only looked at, or not read yet
    found = scan(world, sighting.sha1)
    if found is None:
        return sighting
    return replace(sighting, waits="infected" if found.result == "quarantine" else "unscanned")
