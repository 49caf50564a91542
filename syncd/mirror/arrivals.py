"""What follows from files that nobody knows yet: an operator's (O1, O11, O12), staff's (S7–S9, S11, S17, S18)."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from syncd import names
from syncd.mirror import notes, requests, staff
from syncd.mirror.draft import Content, Draft, NotNow, content_of, folder_of, placement_of
from syncd.mirror.gate import why_not_past
from syncd.mirror.gestures import Gesture
from syncd.mirror.meeting import MET, comes_together
from syncd.mirror.passage import already_received, arrive
from syncd.mirror.recognise import EMPTY_SHA1
from syncd.mirror.situation import Situation
from syncd.model import By, Change, Move, Role, Side, Sighting, Stage, TrackedFile

RECEIPT = "原本受領"
"""What the name of a receipt for a sealed original begins with."""


def from_operator(situation: Situation, sighting: Sighting) -> Move:
    """O1, O11, O12: into inbox, unless the same bytes are already in review or confirmed for that document."""
    stage = sighting.place.stage
    direct = stage not in (None, Stage.INBOX)
    draft = Draft(situation, "O11" if direct else "O1", By.OPERATOR, sighting.actor)
    content = content_of(sighting)
    known = already_received(situation, _probe(situation, sighting.place.name), content.sha1)
    if known is not None:
        new = draft.new_id()
        draft.remove(new, Side.CLOUD, sighting)
        draft.keep(known.id, Side.CLOUD, sighting.place.name, content, "operator")
        draft.record(known, "already_received", None, Stage.INBOX, reason="already_received", sha1=content.sha1)
        draft.tell("operator", "already_received", known, None, Stage.INBOX)
        return draft.finish()
    row = arrive(draft, sighting, content)
    if direct:
        draft.tell("operator", "taken_to_inbox", row, stage, Stage.INBOX)
    return draft.finish()


def _probe(situation: Situation, name: str) -> TrackedFile:
    """A file of that name, to ask which document it would be."""
    document, period = situation.type_of(name)
    return TrackedFile(
        id=0,
        line=0,
        operator=situation.operator.id,
        role=Role.DOCUMENT,
        name=name,
        document=document,
        period=period,
        cloud=None,
        intranet=None,
        submitted=None,
    )


def from_staff(situation: Situation, sighting: Sighting) -> Move | None:
    """What a new file on the intranet means, by where it lies; None: staff's own business (S9)."""
    place = sighting.place
    if place in situation.handed:
        return _handed_over(situation, sighting, situation.strayed[place])
    if place in situation.strayed:
        return _stray(situation, sighting, situation.strayed[place])
    if place in situation.foreign:
        return _foreign(situation, sighting, situation.foreign[place].why)
    if place.stage is Stage.INBOX:
        return _by_post(situation, sighting)
    if place.stage is Stage.CORRECTIONS and requests.title_in(place.name):
        return requests.ask(situation, sighting)
    if place.stage is Stage.CORRECTIONS:
        note = notes.new_note(situation, sighting)
        if note is not None or notes.looks_like_note(situation, sighting):
            return note
        return _offer_new(situation, sighting)
    if place.stage is Stage.CONFIRMED:
        return _in_confirmed(situation, sighting)
    return None


def _stray(situation: Situation, sighting: Sighting, owned: TrackedFile) -> Move:
    """S11: another operator's tracked file was dragged here: it goes back where it was."""
    assert owned.intranet is not None
    draft = Draft(situation, "S11", By.STAFF, sighting.actor)
    before = owned.intranet
    draft.remove(owned.id, Side.INTRANET, sighting)
    # an edit goes back with the file, for its own operator's round to see
    back = draft.place(owned.id, Side.INTRANET, before.place, content_of(sighting), operator=owned.operator)
    if sighting.sha1 != before.sha1:
        draft.keep(owned.id, Side.INTRANET, owned.name, content_of(sighting), "edit")
    draft.row(replace(owned, intranet=replace(back, sha1=before.sha1)))
    stage = before.place.stage
    draft.record(owned, "refused", stage, None, reason="other_operator", sha1=sighting.sha1, operator=owned.operator)
    draft.tell("staff", "put_back", owned, stage, None, operator=owned.operator, reason="other_operator")
    return draft.finish()


def _handed_over(situation: Situation, sighting: Sighting, owned: TrackedFile) -> Move:
    """S20: staff give a form that was sent in with another facility's to the one of that corporation whose it is.

    It enters here as S8, and leaves the cloud that it came from; neither side hears the other's name.
    """
    draft = Draft(situation, "S20", By.STAFF, sighting.actor)
    row = _up(draft, sighting, names.to_cloud(names.from_intranet(sighting.place.name)), offered=False)
    # it was delivered by a cloud of the corporation: from now on these bytes are this operator's, too
    draft.keep(row.id, Side.CLOUD, row.name, content_of(sighting), "operator")
    draft.remove(owned.id, Side.CLOUD, owned.cloud, operator=owned.operator)
    draft.close(owned)
    draft.record(row, "received", None, Stage.INBOX, sha1=row.submitted)
    draft.record(
        owned, "handed_over", Stage.INBOX, None, reason="handed_over", sha1=owned.submitted, operator=owned.operator
    )
    draft.tell("operator", "handed_over", owned, Stage.INBOX, None, operator=owned.operator)
    draft.tell("operator", "handed_in", row, None, Stage.INBOX)
    return draft.finish()


def _foreign(situation: Situation, sighting: Sighting, why: str) -> Move:
    """S11: what is another operator's never travels from here; the other operator is not told."""
    draft = Draft(situation, "S11", By.STAFF, sighting.actor)
    probe = _probe(situation, names.from_intranet(sighting.place.name))
    content = content_of(sighting)
    covered = _covered(situation, sighting)
    if covered is not None and covered.intranet is not None:  # saved over a file of the operator's: that comes back
        was = covered.intranet
        back = draft.bring(covered.id, Side.INTRANET, sighting, was.place, Content(was.sha1, was.size))
        draft.row(replace(covered, intranet=back))
    else:
        draft.remove(draft.new_id(), Side.INTRANET, sighting)
    draft.quarantine(sighting.place.name, content, why)
    draft.record(probe, "quarantined", sighting.place.stage, None, reason=why, sha1=content.sha1)
    draft.tell("staff", "foreign_file", replace(probe, document=None), sighting.place.stage, None, reason=why)
    return draft.finish()


def _covered(situation: Situation, sighting: Sighting) -> TrackedFile | None:
    """The operator's own file in whose place this lies now, and which isn't seen anywhere else."""
    for file in situation.files.values():
        change = situation.change(file.id, Side.INTRANET)
        if change is not None and change.after is None and change.before.place == sighting.place:
            return file if change.kind in ("gone", "waiting") else None
    return None


def copied(situation: Situation, sighting: Sighting) -> Move | None:
    """S17: a copy in a stage where dragging would be allowed counts as the drag."""
    if sighting.place in situation.strayed or sighting.place in situation.foreign:
        return None
    stage = sighting.place.stage
    key = names.same_document_key(sighting.place.name)
    for file in situation.files.values():
        change = situation.change(file.id, Side.INTRANET)
        if file.role is not Role.DOCUMENT or change is None or change.after is None or change.kind == "waiting":
            continue
        if stage is None or stage == file.stage or change.after.sha1 != sighting.sha1:
            continue
        if names.same_document_key(file.name) != key:
            continue
        if change.kind != "same":
            raise NotNow(f"{file.name} was saved just before it was copied")
        dragged = Change(file, Side.INTRANET, "changed", change.before, sighting)
        line, _ = staff.refusal(situation, dragged)
        if line is not None:
            other = situation.change(file.id, Side.CLOUD)
            if other is not None and other.kind == "waiting":
                raise NotNow(f"{file.name} is not quiet in the cloud")
            return staff.drag(situation, Gesture("S17", By.STAFF, dragged, other), copied_from=change.after)
    return None


def being_copied(situation: Situation) -> frozenset[int]:
    """Files that staff seem to be copying to another stage: what the operator does with them waits for that."""
    unfinished = [one for one in situation.intranet.strangers if one.waits in ("not quiet", "open")]
    return frozenset(
        file.id
        for sighting in unfinished
        for file in situation.files.values()
        if file.intranet is not None
        and file.intranet.size == sighting.size
        and names.same_document_key(file.name) == names.same_document_key(sighting.place.name)
    )


def _by_post(situation: Situation, sighting: Sighting) -> Move:
    """S8: staff put in what came by post: up to the cloud, then handled as if the operator had sent it."""
    draft = Draft(situation, "S8", By.STAFF, sighting.actor)
    name = names.to_cloud(names.from_intranet(sighting.place.name))
    content = content_of(sighting)
    known = already_received(situation, _probe(situation, name), content.sha1)
    if known is not None:
        draft.remove(draft.new_id(), Side.INTRANET, sighting)
        draft.keep(known.id, Side.INTRANET, name, content, "staff")
        draft.record(known, "already_received", None, Stage.INBOX, reason="already_received", sha1=content.sha1)
        draft.tell("staff", "put_back", known, None, Stage.INBOX, reason="already_received")
        return draft.finish()
    row = _up(draft, sighting, name, offered=False)
    draft.record(row, "received", None, Stage.INBOX, sha1=content.sha1)
    return draft.finish()


def _offer_new(situation: Situation, sighting: Sighting) -> Move:
    """S7: what staff put into corrections goes up and is offered."""
    for file in situation.documents(Stage.INBOX, Stage.CORRECTIONS):
        unchecked = why_not_past(situation, file, sighting.sha1, Stage.CONFIRMED)
        if unchecked and file.intranet is not None and file.intranet.sha1 == sighting.sha1:
            return _copy_refused(situation, sighting, file, unchecked)
    draft = Draft(situation, "S7", By.STAFF, sighting.actor)
    row = _up(draft, sighting, names.to_cloud(names.from_intranet(sighting.place.name)), offered=True)
    draft.record(row, "received", None, Stage.CORRECTIONS, sha1=sighting.sha1)
    draft.tell("operator", "ward_corrected", row, None, Stage.CORRECTIONS)
    return draft.finish()


def _copy_refused(situation: Situation, sighting: Sighting, file: TrackedFile, reason: str) -> Move:
    """A copy of what nobody could look into is not the ward's own version: it goes, the file stays where it is."""
    draft = Draft(situation, "S17", By.STAFF, sighting.actor)
    draft.remove(draft.new_id(), Side.INTRANET, sighting)
    draft.record(file, "refused", file.stage, sighting.place.stage, reason=reason, sha1=sighting.sha1)
    draft.tell("staff", "put_back", file, file.stage, sighting.place.stage, reason=reason)
    return draft.finish()


def _up(draft: Draft, sighting: Sighting, name: str, *, offered: bool) -> TrackedFile:
    """A file that staff made enters the same stage in the cloud."""
    situation, content = draft.situation, content_of(sighting)
    new = draft.new_id()
    folder = folder_of(sighting)
    target = draft.free(Side.CLOUD, sighting.place.stage, folder, name)
    cloud = draft.place(new, Side.CLOUD, target, content)
    probe = _probe(situation, target.name)
    row = replace(
        probe,
        id=new,
        line=new,
        name=target.name,
        cloud=cloud,
        intranet=placement_of(sighting),
        submitted=None if offered else content.sha1,
        offered=content.sha1 if offered else None,
        brought_by=By.STAFF,
        submission=0 if offered else 1,
        arrived_at=situation.came_at(sighting),
        entered_at=situation.now,
        told=(MET,) if not offered and comes_together(situation, Side.INTRANET, name, content.sha1) else (),
    )
    draft.row(row)
    # what came by post is the operator's, whoever scanned it: it must not reach another one (S11)
    draft.keep(new, Side.INTRANET, target.name, content, "staff" if offered else "operator")
    return row


def _names_receipt(name: str) -> bool:
    return unicodedata.normalize("NFKC", name).startswith(RECEIPT)


def usable(sighting: Sighting) -> Sighting:
    """A receipt or a request says all by its name: it may be empty."""
    stage, name = sighting.place.stage, sighting.place.name
    speaks = (stage is Stage.CONFIRMED and _names_receipt(name)) or (
        stage is Stage.CORRECTIONS and requests.title_in(name) is not None
    )
    if sighting.waits == "empty" and speaks:
        return replace(sighting, waits=None, sha1=EMPTY_SHA1)
    return sighting


def _in_confirmed(situation: Situation, sighting: Sighting) -> Move | None:
    """S18: a receipt is recorded; S9: any other file is staff's own and said once to be no part of the record."""
    name = sighting.place.name
    draft = Draft(situation, "S18", By.STAFF, sighting.actor)
    probe = _probe(situation, names.from_intranet(name))
    if _names_receipt(name):
        new = draft.new_id()
        content = content_of(sighting) if sighting.size else draft.text("")
        row = replace(
            probe, id=new, line=new, role=Role.RECEIPT, document=None, period=None, intranet=placement_of(sighting),
            submitted=content.sha1, brought_by=By.STAFF, entered_at=situation.now,
        )  # fmt: skip
        draft.row(row)
        draft.keep(new, Side.INTRANET, row.name, content, "staff")
        draft.record(row, "original_received", None, Stage.CONFIRMED, sha1=content.sha1)
        return draft.finish()
    # known by its path when edited, by identity and bytes when renamed
    keys = (f"own:{sighting.place.path}", f"own:{sighting.identity}:{sighting.sha1}")
    fresh = [key for key in keys if key not in situation.remarks]
    if not fresh:
        return None
    for key in fresh:
        draft.remark(key)
    if len(fresh) == len(keys):
        draft.tell("staff", "own_file", probe, None, Stage.CONFIRMED)
    return draft.finish()
