"""Files that had to take another name, because theirs was in use, get their own once it is free.

So two files that swap their names in one look end up under each other's names on both sides. Nothing else is renamed
here: a name that people gave stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from syncd import names
from syncd.mirror.draft import Draft, NotNow, content_of, folder_of
from syncd.mirror.situation import Situation
from syncd.model import By, Change, Move, Role, Side, Sighting, TrackedFile


def free_again(situation: Situation) -> Iterator[Move]:
    """The renames that are possible now, for files on which nothing else is happening."""
    for file in situation.files.values():
        mine = situation.change(file.id, Side.INTRANET)
        theirs = situation.change(file.id, Side.CLOUD)
        if file.role not in (Role.DOCUMENT, Role.NOTE) or not situation.settled(file.id):
            continue
        if mine is None or mine.after is None or theirs is None or theirs.after is None:
            continue
        try:
            move = _on_the_intranet(situation, file, mine.after) or _in_the_cloud(situation, mine, theirs.after)
        except NotNow:
            continue
        if move is not None:
            yield move


def _on_the_intranet(situation: Situation, file: TrackedFile, now: Sighting) -> Move | None:
    """A twin, or one of several of a name, takes the name that it would have had alone."""
    other = names.without_marks(now.place.name) == names.twin(file.name)
    if not other and not any("同名" in mark for mark in names.marks(now.place.name)):
        return None
    marks = [mark for mark in names.marks(now.place.name) if "同名" not in mark]
    draft = Draft(situation, "own name", By.SYNCD, "syncd")
    own = names.to_intranet(file.name)
    for mark in marks:
        own = names.with_mark(own, mark)
    place = replace(now.place, path=str(PurePosixPath(now.place.path).with_name(own)))
    if place == now.place or not names.belongs(own, file.name) or draft.is_taken(Side.INTRANET, place, file.id):
        return None
    draft.row(replace(file, intranet=draft.bring(file.id, Side.INTRANET, now, place, content_of(now))))
    return draft.finish()


def _in_the_cloud(situation: Situation, mine: Change, now: Sighting) -> Move | None:
    """A file to which staff gave a name that was in use in the cloud, and got a number there, loses the number."""
    file, here = mine.file, mine.after
    assert here is not None
    wanted = names.to_cloud(names.from_intranet(here.place.name))
    if names.belongs(here.place.name, file.name) or not _numbered(now.place.name, wanted):
        return None
    draft = Draft(situation, "own name", By.SYNCD, "syncd")
    place = draft.free(Side.CLOUD, now.place.stage, folder_of(here), wanted, now)
    if place.name != wanted:
        return None
    row = replace(file, name=wanted, cloud=draft.bring(file.id, Side.CLOUD, now, place, content_of(now)))
    draft.row(row)
    draft.record(row, "renamed", row.stage, row.stage, reason=f"was {file.name}", sha1=now.sha1)
    return draft.finish()


def _numbered(name: str, wanted: str) -> bool:
    """Whether `name` is `wanted` with a number before its extension."""
    pure = PurePosixPath(wanted)
    number = name.removeprefix(f"{pure.stem} (").removesuffix(f"){pure.suffix}")
    return number.isdigit() and name == f"{pure.stem} ({number}){pure.suffix}"
