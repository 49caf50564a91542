"""What follows from what an operator does with files that syncd knows (O2, O4, O6–O10 of the gesture table)."""

from __future__ import annotations

from dataclasses import replace

from syncd import names
from syncd.mirror import requests
from syncd.mirror.draft import Content, Draft, content_of, folder_of, placement_of
from syncd.mirror.gate import why_not_past
from syncd.mirror.gestures import Gesture
from syncd.mirror.passage import arrive, back, facts, folder_in, label, leave_notes, make_room, say, set_aside
from syncd.mirror.situation import Situation
from syncd.model import By, Change, Move, Role, Side, Sighting, Stage, TrackedFile
from syncd.rulebook import Line


def refusal(situation: Situation, change: Change) -> tuple[Line | None, str]:
    """The workflow line that allows the operator's move, or the reason why not (a key of REASONS)."""
    file, after = change.file, change.after
    assert after is not None
    start, target = change.before.place.stage, after.place.stage or Stage.INBOX
    unchecked = why_not_past(situation, file, after.sha1, target) if target is not Stage.INBOX else ""
    if unchecked:
        return None, unchecked
    known = facts(situation, file, after.sha1)
    line = situation.rules.workflow(file.document).line(start, target, By.OPERATOR, known)
    if line is not None and line.allow and (not change.edited or target is Stage.INBOX):
        rivals = (other for other in situation.documents(Stage.REVIEW) if other.id != file.id)
        if target is Stage.REVIEW and any(situation.same_document(file, other) for other in rivals):
            return None, "newer_in_review"
        return line, ""
    if start is Stage.CORRECTIONS and target is Stage.CONFIRMED and "offered" not in known:
        return None, "not_offered"
    return None, "confirmed_is_final" if start is Stage.CONFIRMED else "not_allowed"


def move(situation: Situation, gesture: Gesture) -> Move:
    """O4, O6 and whatever else the table allows: the same move on the intranet; else put back (O7)."""
    change = gesture.change
    assert change is not None and change.after is not None
    file, after = change.file, change.after
    draft = Draft(situation, gesture.id, By.OPERATOR, after.actor)
    line, reason = refusal(situation, change)
    if line is None:
        return _put_back(draft, change, reason)
    start, target = change.before.place.stage, after.place.stage or Stage.INBOX
    intranet_now = draft.now(file, Side.INTRANET)
    content = content_of(after)
    if start is Stage.CORRECTIONS:
        leave_notes(draft, file)
    if target is Stage.CONFIRMED or (target is Stage.REVIEW and start is Stage.INBOX):
        make_room(draft, file, target)
    if start is Stage.REVIEW and intranet_now is not None and intranet_now.sha1 != file.submitted:
        set_aside(draft, file, intranet_now)
        intranet_now = None
    folder = folder_in(situation, file, target, after.place.folder)
    name = after.place.name
    cloud = draft.bring(file.id, Side.CLOUD, after, draft.free(Side.CLOUD, target, folder, name, after), content)
    wanted = draft.free(Side.INTRANET, target, folder, cloud.place.name, intranet_now)
    intranet = draft.bring(file.id, Side.INTRANET, intranet_now, wanted, content)
    again = target is Stage.INBOX
    row = replace(
        file,
        name=cloud.place.name,
        cloud=cloud,
        intranet=intranet,
        submitted=content.sha1,
        offered=None,
        submission=file.submission + 1 if again else file.submission,
        brought_by=By.OPERATOR if again else file.brought_by,
        entered_at=situation.now,
        arrived_at=situation.came_at(after) if again and change.edited else file.arrived_at,
        told=(),
        untyped=False if again else file.untyped,
    )
    draft.row(row)
    if change.edited:
        draft.keep(file.id, Side.CLOUD, row.name, content, "operator")
    draft.record(row, "moved", start, target, rule=label(line), sha1=content.sha1)
    if target is Stage.CONFIRMED:
        requests.fulfil(draft, row)
    say(draft, line, row, start, target)
    return draft.finish()


def _put_back(draft: Draft, change: Change, reason: str) -> Move:
    file, after, before = change.file, change.after, change.before
    assert after is not None
    if change.edited and after.place.stage in (None, Stage.INBOX) and before.place.stage is not Stage.INBOX:
        # new bytes in inbox are sent again, whatever became of the file whose name they bear
        arrive(draft, after, content_of(after), line=file.line)
        cloud = back(draft, file, Side.CLOUD, None, before, Content(before.sha1, before.size))
    else:
        cloud = back(draft, file, Side.CLOUD, after, before, content_of(after))
        if change.edited:
            draft.keep(file.id, Side.CLOUD, file.name, content_of(after), "operator")
    # bytes that were changed on the way to a later stage are the next gesture: the row still has the old ones
    draft.row(replace(file, cloud=replace(cloud, sha1=before.sha1)))
    start, target = before.place.stage, after.place.stage
    draft.record(file, "refused", start, target, reason=reason, sha1=after.sha1)
    draft.tell("operator", "put_back", file, start, target, reason=reason)
    return draft.finish()


def edit(situation: Situation, gesture: Gesture) -> Move:
    """O2 and O9: new bytes in place count as sent again; what is confirmed gets its bytes back."""
    change = gesture.change
    assert change is not None and change.after is not None
    stage = change.before.place.stage
    if change.emptied:
        return _restore_bytes(situation, change, "emptied")
    if stage is Stage.INBOX:
        return _replace_in_inbox(situation, change)
    if stage is Stage.CORRECTIONS:
        return _correct_in_place(situation, change)
    if stage is Stage.REVIEW:
        return _resubmit_in_place(situation, change)
    return _restore_bytes(situation, change, "confirmed_is_final")


def _replace_in_inbox(situation: Situation, change: Change) -> Move:
    file, after = change.file, change.after
    assert after is not None
    draft = Draft(situation, "O2", By.OPERATOR, after.actor)
    content = content_of(after)
    intranet_now = draft.now(file, Side.INTRANET)
    wanted = draft.free(Side.INTRANET, Stage.INBOX, after.place.folder, after.place.name, intranet_now)
    intranet = draft.bring(file.id, Side.INTRANET, intranet_now, wanted, content)
    row = replace(
        file, name=after.place.name, cloud=placement_of(after), intranet=intranet, submitted=content.sha1,
        brought_by=By.OPERATOR, arrived_at=situation.came_at(after), told=() if change.renamed else file.told,
    )  # fmt: skip
    draft.row(_typed_anew(situation, row))
    draft.keep(file.id, Side.CLOUD, row.name, content, "operator")
    draft.record(row, "replaced", Stage.INBOX, Stage.INBOX, sha1=content.sha1)
    return draft.finish()


def _resubmit_in_place(situation: Situation, change: Change) -> Move:
    """As O3: the new bytes go the whole way from inbox; what lies in review keeps its own until they come after it."""
    file, after, before = change.file, change.after, change.before
    assert after is not None
    draft = Draft(situation, "O9", By.OPERATOR, after.actor)
    row = arrive(draft, after, content_of(after), line=file.line)
    draft.row(_typed_anew(situation, replace(row, bundle=file.bundle, untyped=file.untyped)))
    cloud = back(draft, file, Side.CLOUD, None, before, Content(before.sha1, before.size))
    draft.row(replace(file, cloud=cloud))
    return draft.finish()


def _correct_in_place(situation: Situation, change: Change) -> Move:
    """As O4: edited in corrections, it goes the whole way again from inbox, if the table lets it."""
    file, after = change.file, change.after
    assert after is not None
    inbox = replace(after, place=replace(after.place, stage=Stage.INBOX))
    line, reason = refusal(situation, replace(change, after=inbox))
    if line is None:
        return _restore_bytes(situation, change, reason)
    draft = Draft(situation, "O4", By.OPERATOR, after.actor)
    content = content_of(after)
    leave_notes(draft, file)
    target = draft.free(Side.CLOUD, Stage.INBOX, after.place.folder, after.place.name, after)
    cloud = draft.bring(file.id, Side.CLOUD, after, target, content)
    intranet_now = draft.now(file, Side.INTRANET)
    wanted = draft.free(Side.INTRANET, Stage.INBOX, after.place.folder, target.name, intranet_now)
    intranet = draft.bring(file.id, Side.INTRANET, intranet_now, wanted, content)
    row = replace(
        file, name=target.name, cloud=cloud, intranet=intranet, submitted=content.sha1, offered=None,
        submission=file.submission + 1, brought_by=By.OPERATOR, arrived_at=situation.came_at(after),
        entered_at=situation.now, told=(), untyped=False,
    )  # fmt: skip
    draft.row(row)
    draft.keep(file.id, Side.CLOUD, row.name, content, "operator")
    draft.record(row, "moved", Stage.CORRECTIONS, Stage.INBOX, rule=label(line), sha1=content.sha1)
    say(draft, line, row, Stage.CORRECTIONS, Stage.INBOX)
    return draft.finish()


def _restore_bytes(situation: Situation, change: Change, reason: str) -> Move:
    file, after, before = change.file, change.after, change.before
    assert after is not None
    draft = Draft(situation, "O9", By.OPERATOR, after.actor)
    draft.keep(file.id, Side.CLOUD, file.name, content_of(after), "operator")
    cloud = back(draft, file, Side.CLOUD, after, before, Content(before.sha1, before.size))
    draft.row(replace(file, cloud=cloud))
    stage = before.place.stage
    draft.record(file, "refused", stage, stage, reason=reason, sha1=after.sha1)
    draft.tell("operator", "put_back", file, stage, stage, reason=reason)
    if stage is Stage.CONFIRMED:
        draft.tell("staff", "confirmed_changed", file, stage, stage, reason=reason)
    return draft.finish()


def rename(situation: Situation, gesture: Gesture) -> Move:
    """O10: followed on the intranet; in inbox the type is looked for again."""
    change = gesture.change
    assert change is not None and change.after is not None
    file, after = change.file, change.after
    draft = Draft(situation, gesture.id, By.OPERATOR, after.actor)
    stage = after.place.stage
    row = replace(file, name=after.place.name, cloud=placement_of(after))
    intranet_now = draft.now(file, Side.INTRANET)
    if intranet_now is not None:
        marks = names.marks(intranet_now.place.name)
        wanted = draft.free(Side.INTRANET, stage, after.place.folder, row.name, intranet_now, "".join(marks[:1]))
        row = replace(row, intranet=draft.bring(file.id, Side.INTRANET, intranet_now, wanted, content_of(intranet_now)))
    if stage is Stage.INBOX:
        row = _typed_anew(situation, replace(row, told=()))
    draft.row(row)
    draft.record(row, "renamed", stage, stage, reason=f"was {file.name}", sha1=after.sha1)
    return draft.finish()


def _typed_anew(situation: Situation, row: TrackedFile) -> TrackedFile:
    document, period = situation.type_of(row.name, row.bundle)
    return replace(row, document=document, period=period)


def delete(situation: Situation, gesture: Gesture) -> Move:
    """O8: withdrawn from inbox; kept as （取下げ） in review and corrections; put back in confirmed."""
    change = gesture.change
    assert change is not None
    file, before = change.file, change.before
    draft = Draft(situation, gesture.id, By.OPERATOR)
    stage = before.place.stage
    intranet_now = draft.now(file, Side.INTRANET)
    if file.role in (Role.NOTE, Role.REQUEST):
        return note_back(situation, gesture)
    if stage is Stage.INBOX:
        draft.remove(file.id, Side.INTRANET, intranet_now)
        draft.close(file)
        draft.record(file, "withdrawn", stage, None, sha1=before.sha1)
        return draft.finish()
    if stage is Stage.CONFIRMED or intranet_now is None:
        cloud = back(draft, file, Side.CLOUD, None, before, Content(before.sha1, before.size))
        draft.row(replace(file, cloud=cloud))
        draft.record(file, "refused", stage, None, reason="confirmed_is_final", sha1=before.sha1)
        for audience in ("staff", "operator"):
            draft.tell(audience, "put_back", file, stage, None, reason="confirmed_is_final")
        return draft.finish()
    leave_notes(draft, file)
    wanted = draft.free(
        Side.INTRANET, intranet_now.place.stage, folder_of(intranet_now), file.name, intranet_now, names.WITHDRAWN
    )
    intranet = draft.bring(file.id, Side.INTRANET, intranet_now, wanted, content_of(intranet_now))
    draft.row(replace(file, role=Role.WITHDRAWN, cloud=None, intranet=intranet))
    draft.record(file, "withdrawn", stage, None, sha1=before.sha1)
    draft.tell("staff", "withdrawn", file, stage, None)
    return draft.finish()


def note_back(situation: Situation, gesture: Gesture) -> Move:
    """Notes are the ward's: whatever an operator does with one, it comes back as it was."""
    change = gesture.change
    assert change is not None
    file, before, after = change.file, change.before, change.after
    if after is not None and change.edited and names.has_findings(file.name):
        return _corrected_copy(situation, change)
    draft = Draft(situation, "O7", By.OPERATOR, after.actor if after else "")
    if isinstance(after, Sighting) and change.edited:
        draft.keep(file.id, Side.CLOUD, file.name, content_of(after), "operator")
    cloud = back(draft, file, Side.CLOUD, after, before, Content(before.sha1, before.size))
    draft.row(replace(file, cloud=cloud))
    target = after.place.stage if after else None
    draft.record(file, "refused", before.place.stage, target, reason="note_is_the_wards", sha1=before.sha1)
    draft.tell("operator", "put_back", file, before.place.stage, target, reason="note_is_the_wards")
    return draft.finish()


def _corrected_copy(situation: Situation, change: Change) -> Move:
    """O4: the operator corrected the copy that syncd had marked: it counts as the document sent again."""
    file, after = change.file, change.after
    assert after is not None
    draft = Draft(situation, "O4", By.OPERATOR, after.actor)
    intranet_now = draft.now(file, Side.INTRANET)
    lines = [situation.files[one].line for one in file.note_for if one in situation.files]
    arrive(draft, after, content_of(after), line=min(lines, default=0), name=names.without_findings(after.place.name))
    if intranet_now is not None and file.intranet is not None and intranet_now.sha1 != file.intranet.sha1:
        draft.keep(file.id, Side.INTRANET, file.name, content_of(intranet_now), "staff")
    draft.remove(file.id, Side.INTRANET, intranet_now)
    draft.close(file)
    return draft.finish()
