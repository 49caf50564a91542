"""Notes (S13): text files in corrections that say what is wrong, and travel with the files that they belong to."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from syncd import names
from syncd.mirror import requests
from syncd.mirror.draft import Content, Draft, NotNow, content_of, folder_of, placement_of
from syncd.mirror.gestures import Gesture
from syncd.mirror.passage import back
from syncd.mirror.situation import Situation
from syncd.model import By, Change, Move, Role, Side, Sighting, Stage, TrackedFile

PREFIX = "理由"
"""What the name of a note for all files of a batch begins with."""
SUFFIX = ".txt"
BEFORE_CONFIRMED = (Stage.INBOX, Stage.REVIEW, Stage.CORRECTIONS)
"""Where files lie that may be sent back with a note."""


def _plain(name: str) -> str:
    return names.fold(unicodedata.normalize("NFKC", names.without_marks(name)))


def _says(note: str, name: str) -> Literal["name", "stem"] | None:
    """Whether a note's name names the file: `<file name>.txt`, `<stem>.txt`, or either with 理由 before it."""
    plain, own = _plain(note), _plain(name)
    if plain == own:
        return None
    bare = plain.removesuffix(SUFFIX)
    choices = (bare, bare.removeprefix(PREFIX).lstrip("_-－ 　"))
    return "name" if own in choices else "stem" if names.split(own)[0] in choices else None


def named(note: str, files: Iterable[TrackedFile]) -> tuple[TrackedFile, ...]:
    """Which of these files a note's name names: the one of that name, else all of that stem."""
    said = [(file, _says(note, file.name) or _says(note, _shown(file))) for file in files]
    whole = tuple(file for file, how in said if how == "name")
    return whole or tuple(file for file, how in said if how == "stem")


def _shown(file: TrackedFile) -> str:
    """The name under which staff see it."""
    return file.intranet.place.name if file.intranet else file.name


def looks_like_note(situation: Situation, sighting: Sighting) -> bool:
    """By its name it is a note, perhaps to a file that is yet to come into corrections."""
    name = sighting.place.name
    if not _plain(name).endswith(SUFFIX):
        return False
    if _plain(name).startswith(PREFIX) or named(name, situation.documents(*BEFORE_CONFIRMED)):
        return True
    return any(_says(name, other.place.name) for other in _offers(situation))


def new_note(situation: Situation, sighting: Sighting) -> Move | None:
    """A note goes up beside its file; while that is still on its way into corrections, it waits."""
    name = sighting.place.name
    own = named(name, situation.documents(Stage.CORRECTIONS))
    if own:
        return _up(situation, sighting, tuple(file.id for file in own))
    if not _plain(name).startswith(PREFIX) or named(name, situation.documents(*BEFORE_CONFIRMED)):
        return None
    if _entering(situation):
        return None
    targets = _batch(situation)
    return _up(situation, sighting, targets) if targets else None


def _offers(situation: Situation) -> Iterator[Sighting]:
    """What staff are just putting into corrections besides notes."""
    for sighting in situation.intranet.strangers:
        if sighting.place.stage is Stage.CORRECTIONS and not _plain(sighting.place.name).endswith(SUFFIX):
            yield sighting


def _entering(situation: Situation) -> bool:
    """Whether a file is just coming into corrections, so that the batch of a note is not all there yet."""
    if any(sighting.waits in (None, "not quiet") for sighting in _offers(situation)):
        return True
    changes = situation.intranet.changes.values()
    return any(
        change.after is not None
        and change.after.place.stage is Stage.CORRECTIONS is not change.before.place.stage
        and change.file.role is Role.DOCUMENT
        for change in changes
    )


def _up(situation: Situation, sighting: Sighting, targets: tuple[int, ...]) -> Move:
    draft = Draft(situation, "S13", By.STAFF, sighting.actor)
    content = content_of(sighting)
    new = draft.new_id()
    name = names.to_cloud(names.from_intranet(sighting.place.name))
    target = draft.free(Side.CLOUD, Stage.CORRECTIONS, folder_of(sighting), name)
    row = TrackedFile(
        id=new,
        line=new,
        operator=situation.operator.id,
        role=Role.NOTE,
        name=target.name,
        document=None,
        period=None,
        cloud=draft.place(new, Side.CLOUD, target, content),
        intranet=placement_of(sighting),
        submitted=None,
        brought_by=By.STAFF,
        arrived_at=sighting.modified_at,
        entered_at=situation.now,
        note_for=targets,
    )
    draft.row(row)
    draft.keep(new, Side.INTRANET, row.name, content, "staff")
    draft.record(row, "note", None, Stage.CORRECTIONS, sha1=content.sha1)
    _announce(draft, targets, content.sha1)
    return draft.finish()


def _announce(draft: Draft, targets: tuple[int, ...], sha1: str) -> None:
    draft.noted(*targets)
    for target in targets:
        file = draft.situation.files[target]
        draft.tell("operator", "note_added", file, Stage.CORRECTIONS, Stage.CORRECTIONS, of=sha1)


def _batch(situation: Situation) -> tuple[int, ...]:
    """The files that a note without a name belongs to: those that came into corrections last, together."""
    files = list(situation.documents(Stage.CORRECTIONS))
    bare = [file for file in files if not any(True for _ in situation.notes_of(file.id))]
    latest = max((file.entered_at for file in bare or files), default=0.0)
    reach = situation.note_wait_seconds if bare else situation.batch_seconds
    return tuple(file.id for file in bare or files if latest - file.entered_at <= reach)


def _found_again(situation: Situation) -> list[Move]:
    """Notes that were paired after a lost database are their files' again; people know of them."""
    moves: list[Move] = []
    for note in situation.files.values():
        if note.role is not Role.NOTE or note.note_for:
            continue
        meant = _made_for(note.name, situation) or named(note.name, situation.documents(Stage.CORRECTIONS))
        files = tuple(file.id for file in meant) or _batch(situation)
        if files:
            draft = Draft(situation, "pair", By.SYNCD)
            draft.row(replace(note, note_for=files))
            moves.append(draft.finish())
    return moves


def _made_for(companion: str, situation: Situation) -> tuple[TrackedFile, ...]:
    """The file for which syncd made what has that name."""
    return tuple(
        file
        for file in situation.documents(Stage.CORRECTIONS)
        if companion in (names.note_for(file.name), names.marked_copy(file.name), names.list_of_changes(file.name))
    )


def joined(situation: Situation) -> list[Move]:
    """Files that entered corrections shortly after a note for the whole batch: it is theirs, too."""
    moves = _found_again(situation)
    if moves:
        return moves
    for note in situation.files.values():
        if note.role is not Role.NOTE or note.brought_by is not By.STAFF:
            continue
        if not _plain(note.name).startswith(PREFIX) or named(note.name, situation.documents(Stage.CORRECTIONS)):
            continue
        theirs = (situation.files[one].entered_at for one in note.note_for if one in situation.files)
        newest = max((note.entered_at, *theirs))
        late = tuple(
            file.id
            for file in situation.documents(Stage.CORRECTIONS)
            if not any(True for _ in situation.notes_of(file.id))
            and 0 <= file.entered_at - newest <= situation.batch_seconds
        )
        if late:
            draft = Draft(situation, "S13", By.STAFF)
            draft.row(replace(note, note_for=note.note_for + late))
            _announce(draft, late, note.intranet.sha1 if note.intranet else "")
            moves.append(draft.finish())
    return moves


def changed(situation: Situation, gesture: Gesture) -> Move:
    """Staff edit or rename a note (followed, told as a follow-up), or drag it away (withdrawn from the cloud)."""
    change = gesture.change
    assert change is not None and change.after is not None
    note, after = change.file, change.after
    draft = Draft(situation, "S13", By.STAFF, after.actor)
    if change.moved:
        if change.edited:
            draft.keep(note.id, Side.INTRANET, note.name, content_of(after), "staff")
        if note.brought_by is By.STAFF:
            taken_away(draft, change)
        else:
            _put_back(draft, change)
        return draft.finish()
    cloud_now = draft.now(note, Side.CLOUD)
    other = gesture.other
    if other is not None and other.edited and other.after is not None:
        if names.has_findings(note.name):
            raise NotNow(f"the operator corrected {note.name}: that is sent again, and the copy leaves")
        draft.keep(note.id, Side.CLOUD, note.name, content_of(other.after), "operator")
    content = content_of(after)
    name = _name_in_cloud(note, after.place.name)
    target = draft.free(Side.CLOUD, Stage.CORRECTIONS, folder_of(after), name, cloud_now)
    cloud = draft.bring(note.id, Side.CLOUD, cloud_now, target, content)
    by = By.STAFF if change.edited else note.brought_by  # what staff wrote into syncd's note is theirs
    row = replace(note, name=target.name, cloud=cloud, intranet=placement_of(after), brought_by=by)
    draft.row(requests.renamed(row, after.place.name))
    if change.edited:
        draft.keep(note.id, Side.INTRANET, target.name, content, "staff")
        draft.record(note, "note", Stage.CORRECTIONS, Stage.CORRECTIONS, sha1=content.sha1)
        targets = tuple(one for one in note.note_for if one in situation.files)
        for file in targets:
            draft.retract(file, change.before.sha1, last=False)
        _announce(draft, targets, content.sha1)
    return draft.finish()


def _name_in_cloud(note: TrackedFile, shown: str) -> str:
    """A marked copy keeps its mark there, which other files have on the intranet only."""
    if names.belongs(shown, note.name):
        return note.name
    name = names.to_cloud(names.from_intranet(shown))
    return names.marked_copy(name) if names.FINDINGS in names.marks(shown) else name


def _put_back(draft: Draft, change: Change) -> None:
    """What syncd found and wrote down stays beside the file."""
    note, after = change.file, change.after
    assert after is not None
    start, target = change.before.place.stage, after.place.stage
    draft.row(replace(note, intranet=back(draft, note, Side.INTRANET, after, change.before, content_of(after))))
    draft.record(note, "refused", start, target, reason="not_allowed", sha1=after.sha1)
    draft.tell("staff", "put_back", note, start, target, reason="not_allowed")


def taken_away(draft: Draft, change: Change) -> None:
    """A note that staff delete or drag out of corrections leaves the cloud at once: a mistake must be retractable."""
    note, situation = change.file, draft.situation
    draft.remove(note.id, Side.CLOUD, draft.now(note, Side.CLOUD), purge=True)
    draft.close(note)
    draft.record(note, "withdrawn", change.before.place.stage, None, sha1=change.before.sha1)
    if note.role is Role.REQUEST:
        draft.tell("operator", "withdrawn_by_ward", note, change.before.place.stage, None, undoes=True)
    for file in note.note_for:
        others = any(other.id != note.id for other in situation.notes_of(file))
        draft.retract(file, change.before.sha1, last=not others)
        if others:
            draft.noted(file)


def beside(draft: Draft, file: TrackedFile, name: str, content: Content) -> None:
    """A companion that syncd itself makes for a file in corrections: a note, a marked copy, a list."""
    new = draft.new_id()
    folder = folder_of(file.intranet) if file.intranet else ""
    target = draft.free(Side.CLOUD, Stage.CORRECTIONS, folder, name)
    cloud = draft.place(new, Side.CLOUD, target, content)
    plain = names.without_findings(target.name)
    mark = names.FINDINGS if plain != target.name else ""
    here = draft.free(Side.INTRANET, Stage.CORRECTIONS, folder, plain, mark=mark)
    intranet = draft.place(new, Side.INTRANET, here, content)
    draft.row(
        TrackedFile(
            id=new,
            line=new,
            operator=file.operator,
            role=Role.NOTE,
            name=target.name,
            document=None,
            period=None,
            cloud=cloud,
            intranet=intranet,
            submitted=None,
            brought_by=By.SYNCD,
            arrived_at=draft.situation.now,
            entered_at=draft.situation.now,
            note_for=(file.id,),
        )
    )
    draft.keep(new, Side.INTRANET, target.name, content, "syncd")
