"""Notes (S13): text files in corrections that say what is wrong, and travel with the files that they belong to."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import PurePosixPath

from syncd import names
from syncd.mirror.draft import Content, Draft, content_of, folder_of, placement_of
from syncd.mirror.gestures import Gesture
from syncd.mirror.situation import Situation
from syncd.model import By, Move, Role, Side, Sighting, Stage, TrackedFile

PREFIX = "理由"
"""What the name of a note for all files of a batch begins with."""


def _plain(name: str) -> str:
    return names.fold(unicodedata.normalize("NFKC", names.without_marks(name)))


def named_file(situation: Situation, name: str) -> TrackedFile | None:
    """The file in corrections that a note's name names: `<file name>.txt`, `<stem>.txt`, `理由_<either>.txt`."""
    stem = _plain(name).removesuffix(".txt").removeprefix(PREFIX).lstrip("_- 　")
    for file in situation.documents(Stage.CORRECTIONS):
        own = _plain(file.name)
        if stem in (own, str(PurePosixPath(own).with_suffix(""))) and _plain(name) != own:
            return file
    return None


def looks_like_note(situation: Situation, sighting: Sighting) -> bool:
    plain = _plain(sighting.place.name)
    return plain.endswith(".txt") and (plain.startswith(PREFIX) or named_file(situation, plain) is not None)


def new_note(situation: Situation, sighting: Sighting) -> Move | None:
    """A note goes up beside its file; one for a whole batch waits until a file enters."""
    if not looks_like_note(situation, sighting):
        return None
    only = named_file(situation, sighting.place.name)
    targets = (only.id,) if only else _batch(situation)
    if not targets:
        return None
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
    _announce(draft, targets)
    return draft.finish()


def _announce(draft: Draft, targets: tuple[int, ...]) -> None:
    draft.noted(*targets)
    for target in targets:
        file = draft.situation.files[target]
        draft.tell("operator", "note_added", file, Stage.CORRECTIONS, Stage.CORRECTIONS)


def _batch(situation: Situation) -> tuple[int, ...]:
    """The files that a note without a name belongs to: those that came into corrections last, together."""
    files = list(situation.documents(Stage.CORRECTIONS))
    bare = [file for file in files if not any(True for _ in situation.notes_of(file.id))]
    latest = max((file.entered_at for file in bare or files), default=0.0)
    reach = situation.note_wait_seconds if bare else situation.batch_seconds
    return tuple(file.id for file in bare or files if latest - file.entered_at <= reach)


def joined(situation: Situation) -> list[Move]:
    """Files that entered corrections shortly after a note for the whole batch: it is theirs, too."""
    moves: list[Move] = []
    for note in situation.files.values():
        if note.role is not Role.NOTE or note.brought_by is not By.STAFF:
            continue
        if not _plain(note.name).startswith(PREFIX) or named_file(situation, note.name) is not None:
            continue
        newest = max((situation.files[one].entered_at for one in note.note_for if one in situation.files), default=None)
        if newest is None:
            continue
        late = tuple(
            file.id
            for file in situation.documents(Stage.CORRECTIONS)
            if not any(True for _ in situation.notes_of(file.id))
            and 0 <= file.entered_at - newest <= situation.batch_seconds
        )
        if late:
            draft = Draft(situation, "S13", By.STAFF)
            draft.row(replace(note, note_for=note.note_for + late))
            _announce(draft, late)
            moves.append(draft.finish())
    return moves


def changed(situation: Situation, gesture: Gesture) -> Move:
    """Staff edit or rename a note (followed, told as a follow-up), or drag it away (withdrawn from the cloud)."""
    change = gesture.change
    assert change is not None and change.after is not None
    note, after = change.file, change.after
    draft = Draft(situation, "S13", By.STAFF, after.actor)
    cloud_now = draft.now(note, Side.CLOUD)
    if change.moved:
        draft.remove(note.id, Side.CLOUD, cloud_now, purge=True)
        draft.close(note)
        draft.record(note, "withdrawn", change.before.place.stage, None, sha1=change.before.sha1)
        return draft.finish()
    content = content_of(after)
    name = names.to_cloud(names.from_intranet(after.place.name))
    target = draft.free(Side.CLOUD, Stage.CORRECTIONS, folder_of(after), name, cloud_now)
    cloud = draft.bring(note.id, Side.CLOUD, cloud_now, target, content)
    draft.row(replace(note, name=target.name, cloud=cloud, intranet=placement_of(after)))
    if change.edited:
        draft.keep(note.id, Side.INTRANET, target.name, content, "staff")
        draft.record(note, "note", Stage.CORRECTIONS, Stage.CORRECTIONS, sha1=content.sha1)
        _announce(draft, tuple(one for one in note.note_for if one in situation.files))
    return draft.finish()


def reasons(draft: Draft, file: TrackedFile, text: str) -> None:
    """The note that syncd itself writes beside a file which the rules return."""
    content: Content = draft.text(text)
    new = draft.new_id()
    folder = folder_of(file.intranet) if file.intranet else ""
    target = draft.free(Side.CLOUD, Stage.CORRECTIONS, folder, f"{PREFIX}_{file.name}.txt")
    cloud = draft.place(new, Side.CLOUD, target, content)
    here = draft.free(Side.INTRANET, Stage.CORRECTIONS, folder, target.name)
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
