"""What staff put into corrections goes to the operator: it is scanned first, like what comes the other way."""

from __future__ import annotations

from dataclasses import replace

from syncd.examining import scan
from syncd.execution import record
from syncd.model import By, Look, Move, Operator, Record, Side, Sighting, Stage, Telling
from syncd.world import World


def scanned(world: World, look: Look) -> Look:
    """The look, with what may not go up (yet) as something that waits."""
    if world.scanner is None or look.side is not Side.INTRANET:
        return look
    return replace(look, sightings=tuple(_scanned(world, sighting) for sighting in look.sightings))


def say_what_may_not_go(world: World, operator: Operator, look: Look) -> None:
    """Staff hear of an infected file of theirs, once; it is theirs to remove."""
    said = world.ledger.remarks(operator.id)
    for sighting in look.sightings:
        key = f"infected:{sighting.place.path}:{sighting.sha1}"
        if sighting.waits != "infected" or key in said:
            continue
        note = Record(
            operator.id, None, None, sighting.place.name, None, Stage.CORRECTIONS, By.SYNCD, "syncd", "",
            "suspected of a virus: it is not sent", "refused", sighting.sha1,
        )  # fmt: skip
        telling = Telling("staff", "infected_own", operator.id, 0, None, None, "", None, Stage.CORRECTIONS)
        record(world, None, Move("S7", operator.id, records=(note,), tellings=(telling,), remarks=(key,)), {})


def _scanned(world: World, sighting: Sighting) -> Sighting:
    if sighting.place.stage is not Stage.CORRECTIONS or sighting.waits is not None or not sighting.size:
        return sighting
    if sighting.sha1 is None or not world.versions.has(sighting.sha1):
        return sighting  # only looked at, or not read yet
    found = scan(world, sighting.sha1)
    if found is None:
        return sighting
    return replace(sighting, waits="infected" if found.result == "quarantine" else "unscanned")
