"""Files met for the first time on both sides at once: after a lost database (D4), or copied there by hand (O11).

Nothing is deleted and nothing overwritten here: what is the same becomes one file, what differs is left as it lies.
"""

from __future__ import annotations

from dataclasses import replace

from syncd import names
from syncd.mirror.draft import Draft, content_of, placement_of
from syncd.mirror.situation import Situation
from syncd.model import By, Move, Place, Role, Side, Sighting, Stage, TrackedFile

Pair = tuple[Sighting, Sighting]


def pairs(situation: Situation) -> list[Pair]:
    """The (cloud, intranet) strangers that are one file each.

    At ordinary times only what agrees in stage, name and bytes, or may turn out to once both are quiet. After a lost
    database: by stage and name, then by stage and bytes, then by name or bytes in whatever stage.
    """
    cloud = [sighting for sighting in situation.cloud.strangers if sighting.place.stage is not None]
    intranet = [
        sighting
        for sighting in situation.intranet.strangers
        if sighting.place.stage is not None and not _is_kept_copy(sighting)
    ]
    found: list[Pair] = []
    tests = [_same_file, _perhaps_same_file]
    if situation.pairing_anew:
        tests = [_same_file, _same_place, _same_bytes_in_stage, _same_name_anywhere, _same_bytes_anywhere]
    for test in tests:
        for theirs in list(cloud):
            for mine in intranet:
                if test(theirs, mine):
                    found.append((theirs, mine))
                    cloud.remove(theirs)
                    intranet.remove(mine)
                    break
    return found


def _same_place(theirs: Sighting, mine: Sighting) -> bool:
    folder = "/".join(names.to_intranet(part) for part in theirs.place.folder.split("/")) if theirs.place.folder else ""
    return (
        theirs.place.stage == mine.place.stage
        and folder == mine.place.folder
        and names.belongs(mine.place.name, theirs.place.name)
    )


def _same_file(theirs: Sighting, mine: Sighting) -> bool:
    if not _same_place(theirs, mine):
        return False
    if "not quiet" in (theirs.waits, mine.waits):  # both were just put there: whether they are one shows shortly
        return theirs.size == mine.size
    return theirs.sha1 is not None and theirs.sha1 == mine.sha1


def _perhaps_same_file(theirs: Sighting, mine: Sighting) -> bool:
    """One of them is still being written: whether they are one file shows when it is quiet."""
    return _same_place(theirs, mine) and "not quiet" in (theirs.waits, mine.waits)


def _is_kept_copy(mine: Sighting) -> bool:
    """What only the intranet ever has: its marks say that it has no counterpart."""
    marks = "".join(names.marks(mine.place.name))
    return any(word in marks for word in ("旧版", "取下げ", "職員編集"))


def _same_bytes_in_stage(theirs: Sighting, mine: Sighting) -> bool:
    return theirs.place.stage == mine.place.stage and _same_bytes_anywhere(theirs, mine)


def _same_name_anywhere(theirs: Sighting, mine: Sighting) -> bool:
    return names.belongs(mine.place.name, theirs.place.name)


def _same_bytes_anywhere(theirs: Sighting, mine: Sighting) -> bool:
    return theirs.size > 0 and theirs.sha1 is not None and theirs.sha1 == mine.sha1


def pair(situation: Situation, theirs: Sighting, mine: Sighting) -> Move:
    """One file where it is; unequal bytes in review are a desk copy (S3), elsewhere staff are told."""
    draft = Draft(situation, "pair", By.SYNCD, "syncd")
    row = _row(draft, theirs.place, theirs)
    row = replace(row, cloud=placement_of(theirs), intranet=placement_of(mine), submitted=theirs.sha1)
    if theirs.place.stage is Stage.CORRECTIONS and names.fold(row.name).startswith("理由"):
        row = replace(row, role=Role.NOTE, submitted=None, brought_by=By.STAFF)
    draft.row(row)
    stage = mine.place.stage
    draft.keep(row.id, Side.CLOUD, row.name, content_of(theirs), "operator")
    if mine.sha1 != theirs.sha1:
        draft.keep(row.id, Side.INTRANET, row.name, content_of(mine), "edit")
    draft.record(row, "paired", theirs.place.stage, stage, sha1=theirs.sha1)
    elsewhere = theirs.place.stage != stage
    if elsewhere or (mine.sha1 != theirs.sha1 and stage is not Stage.REVIEW):
        draft.tell("staff", "unmatched", row, theirs.place.stage, stage)
    return draft.finish()


def restore(situation: Situation, theirs: Sighting) -> Move:
    """After a lost database: what only the cloud has in a later stage comes to the intranet again."""
    draft = Draft(situation, "pair", By.SYNCD, "syncd")
    row = _row(draft, theirs.place, theirs)
    target = draft.free(Side.INTRANET, theirs.place.stage, theirs.place.folder, row.name)
    intranet = draft.place(row.id, Side.INTRANET, target, content_of(theirs))
    row = replace(row, cloud=placement_of(theirs), intranet=intranet, submitted=theirs.sha1)
    draft.row(row)
    draft.keep(row.id, Side.CLOUD, row.name, content_of(theirs), "operator")
    draft.record(row, "restored", None, theirs.place.stage, sha1=theirs.sha1)
    return draft.finish()


def kept_copy(situation: Situation, mine: Sighting) -> Move | None:
    """After a lost database: marked files that only the intranet ever has are known by their marks."""
    marks = "".join(names.marks(mine.place.name))
    if "旧版" in marks and mine.place.stage is Stage.CONFIRMED:
        role = Role.OLD
    elif "取下げ" in marks and mine.place.stage is not Stage.INBOX:
        role = Role.WITHDRAWN
    else:
        return None
    draft = Draft(situation, "pair", By.SYNCD, "syncd")
    row = _row(draft, Place(mine.place.stage, names.from_intranet(mine.place.name)), mine)
    draft.row(replace(row, role=role, intranet=placement_of(mine), submitted=mine.sha1))
    draft.keep(row.id, Side.INTRANET, row.name, content_of(mine), "operator")
    draft.record(row, "paired", None, mine.place.stage, sha1=mine.sha1)
    return draft.finish()


def _row(draft: Draft, place: Place, sighting: Sighting) -> TrackedFile:
    situation, new = draft.situation, draft.new_id()
    found = situation.rules.match(place.name, situation.operator, situation.local.date())
    only = found.candidates[0] if len(found.candidates) == 1 else None
    return TrackedFile(
        id=new,
        line=new,
        operator=situation.operator.id,
        role=Role.DOCUMENT,
        name=place.name,
        document=only.document if only else None,
        period=only.period if only else None,
        cloud=None,
        intranet=None,
        submitted=None,
        arrived_at=sighting.modified_at,
        entered_at=situation.now,
        untyped=only is None and place.stage is not Stage.INBOX,
    )
