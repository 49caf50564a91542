"""What follows from what staff do with files that syncd knows (S1–S6, S10, S12, S15, S16 of the gesture table)."""

from __future__ import annotations

from dataclasses import replace

from syncd import names
from syncd.mirror import notes, requests, returning
from syncd.mirror.draft import Content, Draft, NotNow, content_of, folder_of, placement_of
from syncd.mirror.gate import why_not_past
from syncd.mirror.gestures import Gesture
from syncd.mirror.passage import arrive, back, facts, folder_in, label, leave_notes, make_room, name_after, say
from syncd.mirror.recognise import EMPTY_SHA1
from syncd.mirror.situation import Situation
from syncd.model import By, Change, Move, Place, Placement, Role, Side, Sighting, Stage, TrackedFile
from syncd.rulebook import Line


def refusal(situation: Situation, change: Change) -> tuple[Line | None, str]:
    """The workflow line that allows staff's drag, or the reason why not (a key of REASONS)."""
    file, after = change.file, change.after
    assert after is not None
    start, target = change.before.place.stage, after.place.stage
    unchecked = why_not_past(situation, file, after.sha1, target)
    if unchecked:
        return None, unchecked
    known = facts(situation, file, after.sha1)
    line = situation.rules.workflow(file.document).line(start, target, By.STAFF, known)
    if line is None or not line.allow:
        if target is Stage.CONFIRMED and start is Stage.CORRECTIONS:
            if file.offered is not None or "edited" in known:
                return None, "ward_edit"
            return None, "needs_note"
        return None, "untyped_confirm" if start is Stage.INBOX and target is Stage.CONFIRMED else "not_allowed"
    if target is Stage.CONFIRMED and "edited" in known and "offered" not in known and not line.ward_edits:
        return None, "ward_edit"
    rivals = (other for other in situation.documents(Stage.REVIEW) if other.id != file.id)
    if (
        target is Stage.REVIEW
        and start is not Stage.INBOX
        and any(situation.same_document(file, one) for one in rivals)
    ):
        return None, "newer_in_review"
    return line, ""


def drag(situation: Situation, gesture: Gesture, copied_from: Sighting | None = None) -> Move:
    """A drag to another stage: the same move in the cloud, or put back with the reason.

    Args:
        copied_from: the file was copied, not dragged (S17): the source, which becomes a version.
    """
    change = gesture.change
    assert change is not None and change.after is not None
    file, after = change.file, change.after
    start, target = change.before.place.stage, after.place.stage
    draft = Draft(situation, gesture.id, By.STAFF, after.actor)
    if after.sha1 != change.before.sha1:
        draft.keep(file.id, Side.INTRANET, file.name, content_of(after), "edit")
    line, reason = refusal(situation, change)
    if line is None or target is None:
        return _put_back(draft, change, reason)

    name = file.name if copied_from else name_after(change)
    cloud_now, name = _cloud_now(draft, file, gesture.other, target, name)
    folder = folder_in(situation, file, target, folder_of(after))
    edited, harmless = situation.edited(file, after.sha1), situation.harmless(file, after.sha1)
    had_note = any(True for _ in situation.notes_of(file.id))
    if start is Stage.CORRECTIONS:
        leave_notes(draft, file)
    if target in (Stage.CONFIRMED, Stage.REVIEW) and (target is Stage.CONFIRMED or start is Stage.INBOX):
        make_room(draft, file, target)

    # saved anew without a change: it is still the operator's, and goes on as the operator sent it
    mine = Content(file.submitted, 0) if harmless and file.submitted else content_of(after)
    cloud_content = _cloud_content(file, cloud_now, mine, target)
    cloud = draft.bring(
        file.id, Side.CLOUD, cloud_now, draft.free(Side.CLOUD, target, folder, name, cloud_now), cloud_content
    )
    wanted = draft.free(Side.INTRANET, target, folder, cloud.place.name, after)
    intranet = draft.bring(file.id, Side.INTRANET, after, wanted, mine)
    draft.remove(file.id, Side.INTRANET, copied_from)
    row = replace(
        file,
        name=cloud.place.name,
        cloud=cloud,
        intranet=intranet,
        offered=mine.sha1 if target is Stage.CORRECTIONS and edited else None,
        submitted=mine.sha1 if target is Stage.CONFIRMED else file.submitted,
        entered_at=situation.now,
        told=(),
        untyped=file.untyped or (start is Stage.INBOX and file.document is None),
    )
    draft.row(row)
    draft.record(row, "moved", start, target, rule=label(line), sha1=mine.sha1)
    if target is Stage.CONFIRMED:
        requests.fulfil(draft, row)
    changes = situation.compared.get((file.submitted or "", mine.sha1), ())
    if changes and target is Stage.CORRECTIONS:
        returning.list_changes(draft, row, changes)
    waits = target is Stage.CORRECTIONS and not edited and not had_note
    place = returning.changes_in_chat(situation, changes) if row.offered else ""
    say(draft, line, row, start, target, waits_for_note=waits, place=place)
    return draft.finish()


def _cloud_content(file: TrackedFile, cloud: Sighting | Placement | None, mine: Content, target: Stage) -> Content:
    """What the cloud is to hold: the ward's bytes only where they are offered or final, else what the operator sent."""
    if target in (Stage.CORRECTIONS, Stage.CONFIRMED) or file.submitted is None:
        return mine
    if file.offered is not None or cloud is None:
        return Content(file.submitted, 0)
    return content_of(cloud)


def _cloud_now(
    draft: Draft, file: TrackedFile, other: Change | None, target: Stage | None, name: str
) -> tuple[Sighting | Placement | None, str]:
    """The cloud's copy of a file that staff just moved, when the operator touched it in the same look.

    New bytes there go their own way from inbox: staff can't have seen them. A move there is put right by the move
    that staff made, and recorded as refused.
    """
    now = draft.now(file, Side.CLOUD)
    if other is None or other.kind != "changed" or other.after is None or now is None:
        return now, name
    if other.edited:
        arrive(draft, other.after, content_of(other.after), line=file.line, name=file.name)
        return None, name
    if other.moved and other.after.place.stage != target:
        overrule(draft, file, other, "not_allowed")
    if other.renamed and name == file.name:
        name = other.after.place.name
    return now, name


def overrule(draft: Draft, file: TrackedFile, other: Change, reason: str) -> None:
    """The operator's move of the same look is beaten by what staff did."""
    assert other.after is not None
    start, target = other.before.place.stage, other.after.place.stage
    draft.record(
        file, "refused", start, target, reason=reason, sha1=other.after.sha1, by=By.OPERATOR, actor=other.after.actor
    )
    draft.tell("operator", "put_back", file, start, target, reason=reason)


def _put_back(draft: Draft, change: Change, reason: str) -> Move:
    file, after = change.file, change.after
    assert after is not None
    intranet = back(draft, file, Side.INTRANET, after, change.before, content_of(after))
    # what was edited on the way is the next gesture, made where the file lies again: the row still has the old bytes
    row = replace(file, intranet=replace(intranet, sha1=change.before.sha1))
    draft.row(row)
    start, target = change.before.place.stage, after.place.stage
    draft.record(row, "refused", start, target, reason=reason, sha1=after.sha1)
    draft.tell("staff", "put_back", row, start, target, reason=reason)
    return draft.finish()


def misnamed(situation: Situation, gesture: Gesture) -> Move:
    """A name that speaks of another facility is not followed (never 8): the file is put back under the one it had."""
    change = gesture.change
    assert change is not None and change.after is not None
    draft = Draft(situation, gesture.id, By.STAFF, change.after.actor)
    if change.edited:
        draft.keep(change.file.id, Side.INTRANET, change.file.name, content_of(change.after), "edit")
    return _put_back(draft, change, "names_other")


def edit(situation: Situation, gesture: Gesture) -> Move:
    """S3: what staff save stays on the intranet until the file leaves the stage; a new name is followed."""
    change = gesture.change
    assert change is not None and change.after is not None
    file, after = change.file, change.after
    draft = Draft(situation, gesture.id, By.STAFF, after.actor)
    stage = change.before.place.stage
    if change.edited:
        draft.keep(file.id, Side.INTRANET, file.name, content_of(after), "edit")
        draft.record(file, "edited", stage, stage, sha1=after.sha1)
    draft.row(replace(file, intranet=placement_of(after)))
    if change.renamed:
        _follow_name(draft, change)
    return draft.finish()


def rename(situation: Situation, gesture: Gesture) -> Move:
    """S12: followed in the cloud; in inbox and review the type is looked for again."""
    return edit(situation, gesture)


def _follow_name(draft: Draft, change: Change) -> None:
    situation, file, after = draft.situation, change.file, change.after
    assert after is not None
    name, folder = name_after(change), folder_of(after)
    cloud_now = draft.now(file, Side.CLOUD)
    if name == file.name and (cloud_now is None or cloud_now.place.folder == folder):
        return
    cloud, stage = file.cloud, change.before.place.stage
    if cloud is not None:
        there = cloud_now.place.stage if cloud_now is not None else cloud.place.stage
        target = draft.free(Side.CLOUD, there, folder, names.to_cloud(name), cloud_now)
        if cloud_now is not None:  # else it is gone, and comes back under the new name or not at all
            draft.bring(file.id, Side.CLOUD, cloud_now, target, content_of(cloud_now))
        name = target.name
        # the row keeps the stage that was agreed, so that what the operator did meanwhile still shows
        cloud = replace(cloud, place=Place(cloud.place.stage, target.path))
    row = draft.changed(file, name=name, cloud=cloud)
    if stage in (Stage.INBOX, Stage.REVIEW):
        document, period = situation.type_of(name, file.bundle)
        row = draft.changed(
            file,
            document=document,
            period=period,
            untyped=stage is Stage.REVIEW and document is None,
            told=(),
        )
    draft.record(row, "renamed", stage, stage, reason=f"was {file.name}", sha1=after.sha1)


def offer_again(situation: Situation, gesture: Gesture) -> Move:
    """Staff save a file in corrections: a newer correction, offered in place of what was there."""
    change = gesture.change
    assert change is not None and change.after is not None
    file, after, other = change.file, change.after, gesture.other
    draft = Draft(situation, "S2", By.STAFF, after.actor)
    cloud_now = draft.now(file, Side.CLOUD)
    name = name_after(change)
    if other is not None and other.kind == "changed" and other.after is not None:
        if other.edited:
            arrive(draft, other.after, content_of(other.after), line=file.line, name=file.name)
            cloud_now = None
        elif other.moved:
            overrule(draft, file, other, "newer_correction")
    content, intranet, folder = content_of(after), placement_of(after), folder_of(after)
    renamed = other is not None and other.renamed and not other.moved and not other.edited and not change.renamed
    if renamed and other is not None and other.after is not None:  # what the operator renamed meanwhile is followed
        name, folder = other.after.place.name, other.after.place.folder
        wanted = draft.free(Side.INTRANET, Stage.CORRECTIONS, folder, name, after)
        intranet = draft.bring(file.id, Side.INTRANET, after, wanted, content)
        draft.record(
            file, "renamed", Stage.CORRECTIONS, Stage.CORRECTIONS, reason=f"to {name}", by=By.OPERATOR,
            actor=other.after.actor,
        )  # fmt: skip
    target = draft.free(Side.CLOUD, Stage.CORRECTIONS, folder, names.to_cloud(name), cloud_now)
    cloud = draft.bring(file.id, Side.CLOUD, cloud_now, target, content)
    offered = content.sha1 if situation.edited(file, content.sha1) else None
    row = replace(file, name=cloud.place.name, cloud=cloud, intranet=intranet, offered=offered)
    draft.row(row)
    draft.keep(file.id, Side.INTRANET, row.name, content, "edit" if file.submitted else "staff")
    stage = Stage.CORRECTIONS
    draft.record(row, "offered" if offered else "returned", stage, stage, sha1=content.sha1)
    changes = situation.compared.get((file.submitted or "", content.sha1), ())
    returning.drop_list(draft, file)
    if changes:
        returning.list_changes(draft, row, changes)
    place = returning.changes_in_chat(situation, changes)
    draft.tell("operator", "ward_corrected" if offered else "returned", row, stage, stage, place=place)
    return draft.finish()


def edit_confirmed(situation: Situation, gesture: Gesture) -> Move:
    """What is confirmed stays as it is: the confirmed bytes come back, the changed ones are kept."""
    change = gesture.change
    assert change is not None and change.after is not None
    file, after, before = change.file, change.after, change.before
    draft = Draft(situation, "S3", By.STAFF, after.actor)
    draft.keep(file.id, Side.INTRANET, file.name, content_of(after), "edit")
    intranet = back(draft, file, Side.INTRANET, after, before, Content(before.sha1, before.size))
    draft.row(replace(file, intranet=intranet))
    stage = before.place.stage
    draft.record(file, "refused", stage, stage, reason="confirmed_is_final", sha1=after.sha1)
    draft.tell("staff", "put_back", file, stage, stage, reason="confirmed_is_final")
    return draft.finish()


def emptied(situation: Situation, gesture: Gesture) -> Move:
    """Nothing is left of a file's content: an accident. It lies again where and as it was, and staff are told."""
    change = gesture.change
    assert change is not None and change.after is not None
    file, after, before = change.file, change.after, change.before
    draft = Draft(situation, "S3", By.STAFF, after.actor)
    intranet = back(draft, file, Side.INTRANET, after, before, Content(before.sha1, before.size))
    draft.row(replace(file, intranet=intranet))
    start, target = before.place.stage, after.place.stage
    draft.record(file, "refused", start, target, reason="emptied", sha1=EMPTY_SHA1)
    draft.tell("staff", "put_back", file, start, target, reason="emptied")
    return draft.finish()


def delete(situation: Situation, gesture: Gesture) -> Move:
    """S10: withdrawn from inbox or, if staff themselves had put it in, from corrections; else put back."""
    change = gesture.change
    assert change is not None
    file, before, other = change.file, change.before, gesture.other
    if any(stranger.place == before.place for stranger in situation.intranet.strangers):
        raise NotNow(f"another operator's file was put over {file.name}")  # that one has to leave first
    draft = Draft(situation, gesture.id, By.STAFF, change.taken_by)
    stage = before.place.stage
    replaced = other is not None and other.kind == "changed" and other.edited
    if stage is Stage.INBOX and file.role is Role.DOCUMENT and not replaced:
        draft.remove(file.id, Side.CLOUD, draft.now(file, Side.CLOUD))
        draft.close(file)
        draft.record(file, "withdrawn", stage, None, sha1=before.sha1)
        draft.tell("operator", "withdrawn_by_ward", file, stage, None)
        return draft.finish()
    if file.role in (Role.NOTE, Role.REQUEST) and file.brought_by is By.STAFF:
        notes.taken_away(draft, change)
        return draft.finish()
    theirs = file.role is Role.DOCUMENT and file.submitted is None and not replaced
    if theirs or file.role is Role.RECEIPT:
        draft.remove(file.id, Side.CLOUD, draft.now(file, Side.CLOUD), purge=True)
        leave_notes(draft, file)
        draft.close(file)
        draft.record(file, "withdrawn", stage, None, sha1=before.sha1)
        if theirs:
            draft.tell("operator", "withdrawn_by_ward", file, stage, None, undoes=True)
        return draft.finish()
    intranet = back(draft, file, Side.INTRANET, None, before, Content(before.sha1, before.size))
    draft.row(replace(file, intranet=intranet))
    draft.record(file, "refused", stage, None, reason="deleted_tracked", sha1=before.sha1)
    draft.tell("staff", "put_back", file, stage, None, reason="deleted_tracked")
    return draft.finish()


def kept_copy(situation: Situation, gesture: Gesture) -> Move:
    """A withdrawn, superseded or receipt file, which only the intranet has: put back, or taken up again."""
    change = gesture.change
    assert change is not None and change.after is not None
    file, after, before = change.file, change.after, change.before
    draft = Draft(situation, gesture.id, By.STAFF, after.actor)
    start, target = before.place.stage, after.place.stage
    content = content_of(after)
    if after.sha1 != before.sha1:
        draft.keep(file.id, Side.INTRANET, file.name, content, "edit")
    if file.role is Role.WITHDRAWN and change.moved and target is Stage.CORRECTIONS:
        wanted = draft.free(Side.INTRANET, target, folder_of(after), file.name, after)
        intranet = draft.bring(file.id, Side.INTRANET, after, wanted, content)
        place = draft.free(Side.CLOUD, target, folder_of(after), file.name)
        cloud = draft.place(file.id, Side.CLOUD, place, content)
        offered = content.sha1 if content.sha1 != file.submitted else None
        row = replace(
            file, role=Role.DOCUMENT, name=place.name, cloud=cloud, intranet=intranet, offered=offered,
            entered_at=situation.now,
        )  # fmt: skip
        draft.row(row)
        draft.record(row, "moved", start, target, sha1=content.sha1)
        draft.tell(
            "operator", "ward_corrected" if offered else "returned", row, start, target, waits_for_note=not offered
        )
        return draft.finish()
    if file.role is Role.RECEIPT or not (change.moved or (file.role is Role.OLD and change.edited)):
        draft.row(replace(file, intranet=placement_of(after)))
        return draft.finish()
    intranet = back(draft, file, Side.INTRANET, after, before, Content(before.sha1, before.size))
    draft.row(replace(file, intranet=intranet))
    draft.record(file, "refused", start, target, reason="not_allowed", sha1=after.sha1)
    draft.tell("staff", "put_back", file, start, target, reason="not_allowed")
    return draft.finish()


def folder_back(situation: Situation, gesture: Gesture) -> Move:
    """A stage folder had been deleted as a whole: its files come back, on whichever side."""
    change = gesture.change
    assert change is not None
    file, before = change.file, change.before
    draft = Draft(situation, "folder", By.SYNCD)
    placement: Placement = back(draft, file, change.side, None, before, Content(before.sha1, before.size))
    if change.side is Side.CLOUD:
        draft.row(replace(file, cloud=placement))
    else:
        draft.row(replace(file, intranet=placement))
    stage = before.place.stage
    draft.record(file, "restored", None, stage, reason="folder_deleted", sha1=before.sha1)
    draft.tell("staff", "folder_put_back", file, None, stage)
    return draft.finish()
