"""What every passage into another stage has in common, whoever makes it: names, marks, notes, older versions."""

from __future__ import annotations

from dataclasses import replace
from unicodedata import normalize

from syncd import names
from syncd.mirror.draft import Content, Draft, NotNow, content_of, folder_of
from syncd.mirror.meeting import MET, comes_together, had_not_seen, waits_for_choice
from syncd.mirror.situation import Situation
from syncd.model import By, Change, Origin, Place, Placement, Role, Side, Sighting, Stage, TrackedFile
from syncd.rulebook import Line

_WRITERS: tuple[tuple[Side, Origin], ...] = ((Side.CLOUD, "operator"), (Side.INTRANET, "staff"))
"""Who writes on which side."""


def name_after(change: Change) -> str:
    """The file's own name after a change on the intranet: another only if more than marks and mapping changed."""
    assert change.after is not None
    new, old = (names.without_marks(each.place.name) for each in (change.after, change.before))
    if names.fold(new) != names.fold(old):
        return names.from_intranet(new)
    told = names.fold(names.from_intranet(old)) == names.fold(change.file.name)
    if normalize("NFC", new) == normalize("NFC", old) or not told:
        return change.file.name
    return names.from_intranet(new)  # the letter case was changed, and the cloud's name can be told from this one


def facts(situation: Situation, file: TrackedFile, sha1: str | None) -> frozenset[str]:
    """The words that a workflow line's `when` may ask for, as they hold for a file with these bytes."""
    found = {"typed" if file.document else "untyped", "edited" if situation.edited(file, sha1) else "unedited"}
    verdict = situation.verdicts.get(file.id)
    if (verdict is not None and verdict.state == "hold") or waits_for_choice(situation, file):
        found.add("held")
    if file.stage is Stage.CORRECTIONS:
        if file.offered is None:
            found.add("returned")
        elif file.offered == sha1:
            found.add("offered")
    if any(note.brought_by is By.STAFF for note in situation.notes_of(file.id)):
        found.add("with_note")
    return frozenset(found)


def folder_in(situation: Situation, file: TrackedFile, stage: Stage, folder: str) -> str:
    """The subfolder in which the file is to lie: as people have it, or as `confirmed_subfolder` orders."""
    if stage is not Stage.CONFIRMED or folder or not situation.confirmed_subfolder or not file.period:
        return folder
    year, _, month = file.period.partition("-")
    fiscal_year = int(year) - 1 if month.isdigit() and int(month) < 4 else int(year)
    return situation.confirmed_subfolder.format(
        fiscal_year=fiscal_year, period=file.period, year=year, month=month, document=file.document or ""
    ).strip("/")


def leave_notes(draft: Draft, file: TrackedFile) -> None:
    """Notes leave with the last file that they belong to; what was written into one just now becomes a version, too."""
    for note in draft.situation.notes_of(file.id):
        note = draft.planned(note)
        left = tuple(other for other in note.note_for if other != file.id)
        if left:
            draft.row(replace(note, note_for=left))
            continue
        for side, origin in _WRITERS:
            now, known = draft.now(note, side), note.on(side)
            if now is not None and known is not None and now.sha1 != known.sha1:
                draft.keep(note.id, side, note.name, content_of(now), origin)
            draft.remove(note.id, side, now)
        draft.close(note)


def make_room(draft: Draft, file: TrackedFile, stage: Stage) -> int:
    """Older versions of the same document give way to `file`, which enters `stage`.

    In confirmed the older one stays beside it on the intranet as （旧版 n）. Entering review through inbox, the
    older ones in review and corrections become versions, and entering corrections those in corrections; a staff
    edit stays visible as （職員編集 …）.

    Returns:
        how many submissions of the document there were before.
    """
    situation = draft.situation
    before = 0
    for other in list(situation.files.values()):
        if other.id == file.id or other.role not in (Role.DOCUMENT, Role.WITHDRAWN):
            continue
        if not situation.same_document(file, other):
            continue
        if other.stage is Stage.CONFIRMED and other.role is Role.DOCUMENT:
            before = max(before, other.submission, 1)  # what the ward made and had confirmed counts as sent, too
            if stage is Stage.CONFIRMED:
                _become_old(draft, other)
        elif other.stage in (Stage.REVIEW, Stage.CORRECTIONS) and not had_not_seen(file, other):
            before = max(before, other.submission)
            if stage is Stage.REVIEW or stage is other.stage is Stage.CORRECTIONS:
                _give_way(draft, other, file)
    return before


def _become_old(draft: Draft, other: TrackedFile) -> None:
    cloud, intranet = draft.now(other, Side.CLOUD), draft.now(other, Side.INTRANET)
    older = sum(
        1
        for file in draft.situation.files.values()
        if file.role is Role.OLD and draft.situation.same_document(file, other)
    )
    draft.remove(other.id, Side.CLOUD, cloud)
    was = intranet or other.intranet  # staff may have let Explorer replace it by the newer one
    if was is None:
        draft.close(other)
        return
    target = draft.free(Side.INTRANET, Stage.CONFIRMED, folder_of(was), other.name, intranet, names.old(older + 1))
    kept = draft.bring(other.id, Side.INTRANET, intranet, target, content_of(was))
    draft.row(replace(other, role=Role.OLD, cloud=None, intranet=kept))
    draft.record(other, "superseded", Stage.CONFIRMED, None, sha1=kept.sha1)


def _give_way(draft: Draft, other: TrackedFile, newer: TrackedFile) -> None:
    cloud, intranet = draft.now(other, Side.CLOUD), draft.now(other, Side.INTRANET)
    draft.remove(other.id, Side.CLOUD, cloud)
    known = (other.submitted, newer.submitted)  # what staff had offered may have been sent back unchanged
    if intranet is not None and intranet.sha1 not in known and other.stage is Stage.REVIEW:
        set_aside(draft, other, intranet)
    else:
        draft.remove(other.id, Side.INTRANET, intranet)
    leave_notes(draft, other)
    draft.close(other)
    draft.record(other, "superseded", other.stage, None, sha1=other.submitted)


def set_aside(draft: Draft, file: TrackedFile, edited: Sighting | Placement) -> None:
    """A staff edit of bytes that are no longer current stays beside the new ones, as a file of staff's own."""
    mark = names.staff_edit(draft.situation.local)
    target = draft.free(Side.INTRANET, edited.place.stage, folder_of(edited), file.name, edited, mark)
    draft.bring(draft.new_id(), Side.INTRANET, edited, target, content_of(edited))


def already_received(situation: Situation, file: TrackedFile, sha1: str) -> TrackedFile | None:
    """The file in review or confirmed that is the same document with the same bytes (O12).

    Raises NotNow while it is unclear whether that file is still there.
    """
    for other in situation.documents(Stage.REVIEW, Stage.CONFIRMED):
        change = situation.change(other.id, Side.CLOUD)
        if other.id == file.id or change is None or not situation.same_document(file, other):
            continue
        if ((change.after and change.after.sha1) or change.before.sha1) != sha1:
            continue
        if change.kind == "waiting" and change.after is None:
            raise NotNow(f"{other.name} may be gone")
        if change.kind != "gone":
            return other
    return None


def arrive(
    draft: Draft, sighting: Sighting, content: Content, *, line: int = 0, name: str | None = None
) -> TrackedFile:
    """A file that an operator sent enters inbox on both sides, from wherever in the cloud it lies."""
    name = name or sighting.place.name
    folder = sighting.place.folder
    new = draft.new_id()
    target = draft.free(Side.CLOUD, Stage.INBOX, folder, name, sighting)
    cloud = draft.bring(new, Side.CLOUD, sighting, target, content)
    mirrored = draft.free(Side.INTRANET, Stage.INBOX, folder, target.name)
    intranet = draft.place(new, Side.INTRANET, mirrored, content)
    document, period = draft.situation.type_of(target.name)
    row = TrackedFile(
        id=new,
        line=line or new,
        operator=draft.situation.operator.id,
        role=Role.DOCUMENT,
        name=target.name,
        document=document,
        period=period,
        cloud=cloud,
        intranet=intranet,
        submitted=content.sha1,
        brought_by=By.OPERATOR,
        arrived_at=draft.situation.came_at(sighting),
        entered_at=draft.situation.now,
        told=(MET,) if comes_together(draft.situation, Side.CLOUD, target.name, content.sha1) else (),
    )
    draft.row(row)
    draft.keep(new, Side.CLOUD, target.name, content, "operator")
    draft.record(row, "received", None, Stage.INBOX, sha1=content.sha1, by=By.OPERATOR, actor=sighting.actor)
    if len(mirrored.path.encode("utf-16-le")) // 2 > draft.situation.path_room:
        situation = draft.situation
        example = situation.rules.example(row.document, situation.operator, situation.local.date())
        for audience in ("staff", "operator"):
            draft.tell(audience, "unsafe_name", row, None, Stage.INBOX, example=example)
    return row


def say(
    draft: Draft,
    line: Line,
    file: TrackedFile,
    start: Stage | None,
    target: Stage | None,
    *,
    instead: dict[str, str] | None = None,
    waits_for_note: bool = False,
    **values: str,
) -> None:
    """Tells those whom the line names, with the line's message (or what `instead` has for an audience)."""
    for audience in line.tell:
        draft.tell(
            audience,
            (instead or {}).get(audience) or line.message_for(audience),
            file,
            start,
            target,
            undoes=draft.by is By.STAFF,
            waits_for_note=waits_for_note and audience == "operator",
            **values,
        )


def label(line: Line) -> str:
    """How the history names the workflow line that allowed a move."""
    return f"{line.from_stage}→{line.to_stage} by {line.by}"


def _makes_way(situation: Situation, place: Place) -> bool:
    """Whether a file that an operator put there just now is about to be taken to inbox (O11)."""
    new = (one for one in situation.cloud.strangers if one.place == place and one.waits in (None, "not quiet"))
    return place.stage is not Stage.INBOX and not situation.pairing_anew and any(True for _ in new)


def back(
    draft: Draft, file: TrackedFile, side: Side, now: Sighting | None, before: Placement, content: Content
) -> Placement:
    """The file lies again where it was, with `content`; beside it, when that name is in use by now."""
    target: Place = before.place
    if (now is None or now.place != before.place) and draft.is_taken(side, before.place, file.id):
        if side is Side.CLOUD and _makes_way(draft.situation, before.place):
            raise NotNow(f"{file.name} waits until what the operator put in its place is in inbox")
        stage, folder = before.place.stage, folder_of(before) if side is Side.INTRANET else before.place.folder
        target = draft.free(side, stage, folder, file.name, now)
    return draft.bring(file.id, side, now, target, content)
