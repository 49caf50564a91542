"""A ward's file and an operator's of one document that come in one look: neither answers the other, both stay.

Pure. Each counts for what its author could have seen, and nobody had seen the other's: a person of the ward says which
one counts, and both sides hear of both.
"""

from __future__ import annotations

from typing import Final

from syncd import names
from syncd.mirror.situation import Situation
from syncd.model import By, Role, Side, Stage, TrackedFile

MET: Final = "met"
"""Among what was told of a file: it came together with the other side's."""
CHECK: Final = "met"
"""The check by which such a file waits for a person."""


def comes_together(situation: Situation, side: Side, name: str, sha1: str | None) -> bool:
    """Whether the other side brings the same document with other bytes in this very look, to be looked at in inbox.

    Args:
        side: where the file with that name (as the cloud has it) and these bytes came.
    """
    other = Side.INTRANET if side is Side.CLOUD else Side.CLOUD
    ours = _probe(situation, name)
    for stranger in situation.on(other).strangers:
        stage = stranger.place.stage
        if stage is not Stage.INBOX and (other is Side.INTRANET or stage in (Stage.REVIEW, Stage.CONFIRMED)):
            continue  # elsewhere on the intranet it is offered or staff's own
        if stranger.sha1 in (None, sha1) or stranger.place in situation.strayed or stranger.place in situation.foreign:
            continue
        theirs = stranger.place.name if other is Side.CLOUD else names.from_intranet(stranger.place.name)
        if situation.same_document(ours, _probe(situation, theirs)):
            return True
    return False


def waits_for_choice(situation: Situation, file: TrackedFile) -> bool:
    """Whether it came together with the other side's file, and that one is still there."""
    return MET in file.told and any(
        other.id != file.id
        and other.role is Role.DOCUMENT
        and other.brought_by is not file.brought_by
        and other.stage in (Stage.INBOX, Stage.REVIEW, Stage.CORRECTIONS)
        and situation.same_document(file, other)
        for other in situation.files.values()
    )


def had_not_seen(file: TrackedFile, other: TrackedFile) -> bool:
    """Whether `file` of an operator was sent before the ward's `other` was there to be answered."""
    return file.brought_by is By.OPERATOR and other.submitted is None and file.arrived_at <= other.entered_at


def _probe(situation: Situation, name: str) -> TrackedFile:
    document, period = situation.type_of(name)
    return TrackedFile(0, 0, situation.operator.id, Role.DOCUMENT, name, document, period, None, None, None)
