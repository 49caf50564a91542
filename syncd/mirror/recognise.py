"""Who is who: which tracked file each sighting is, and which sightings nobody knows yet.

The order of the rules decides (product page "Who is who"): the same path; the same inode with the same name or
bytes; gone while an unknown file of its name lies in another stage; else gone, and new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from syncd import names
from syncd.model import Change, Look, Place, Placement, Role, Side, Sighting, Stage, TrackedFile

EMPTY_SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
"""SHA-1 of no bytes at all."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What one look at one side means.

    Attributes:
        changes: one for each tracked file that has a placement on that side.
        strangers: sightings that are no tracked file, in the order in which they came.
        absent: tracked files that this look should have found, and didn't.
    """

    side: Side
    changes: Mapping[int, Change]
    strangers: tuple[Sighting, ...]
    absent: frozenset[int]


def recognise(
    files: Iterable[TrackedFile],
    look: Look,
    confirmed_absent: frozenset[int],
    deleted_stages: frozenset[Stage] = frozenset(),
) -> Recognition:
    """Matches one look with what is known.

    Args:
        confirmed_absent: files that an earlier complete look had missed, too; only these count as gone.
        deleted_stages: stage folders that had vanished as a whole and were made anew: what is not in them was taken
            along, and nobody meant to delete it.
    """
    side = look.side
    placed = {file.id: (file, placement) for file in files if (placement := file.on(side)) is not None}
    at_place = {sighting.place: sighting for sighting in look.sightings}
    by_identity: dict[str, list[Sighting]] = {}
    for sighting in look.sightings:
        by_identity.setdefault(sighting.identity, []).append(sighting)

    found: dict[int, Sighting] = {}
    claimed: set[Place] = set()

    def claim(file_id: int, sighting: Sighting) -> None:
        found[file_id] = sighting
        claimed.add(sighting.place)

    for file_id, (_, before) in placed.items():  # (1) the same path: first those that nobody touched …
        here = at_place.get(before.place)
        if here is not None and here.identity == before.identity and here.place not in claimed:
            claim(file_id, here)
    owners = {before.identity: (file, before) for file, before in placed.values() if file.id not in found}
    for file_id, (file, before) in placed.items():  # … then other inodes there, unless the file itself is elsewhere
        here = at_place.get(before.place)
        if file_id in found or here is None or here.place in claimed:
            continue
        if here.identity in owners and _is_now(*owners[here.identity], here):
            continue  # a known file was dragged over this one, and Explorer replaced it
        if _elsewhere(file, before, by_identity) is None:
            claim(file_id, here)
    for file_id, (file, before) in placed.items():  # (2) the same inode and the same name or bytes
        if file_id in found:
            continue
        moved = _elsewhere(file, before, by_identity)
        if moved is not None and moved.place not in claimed:
            claim(file_id, moved)
    for file_id, (file, before) in placed.items():  # (3) moved and edited; what can't be seen may be where it was
        if file_id in found or not _could_be_gone(look, before):
            continue
        for sighting in look.sightings:
            another_stage = sighting.place.stage != before.place.stage
            if another_stage and sighting.place not in claimed and _same_name(file, before, sighting):
                claim(file_id, sighting)
                break

    changes: dict[int, Change] = {}
    absent: set[int] = set()
    for file_id, (file, before) in placed.items():
        after = found.get(file_id)
        if after is not None:
            changes[file_id] = _changed(file, side, before, after)
            continue
        if _being_saved(before, look):
            changes[file_id] = Change(file, side, "waiting", before, None)
            continue
        with_folder = before.place.stage in deleted_stages
        by = look.departed.get(before.place, "")
        could_be = _could_be_gone(look, before)
        gone = could_be and (file_id in confirmed_absent or with_folder)
        if could_be:
            absent.add(file_id)
        changes[file_id] = Change(file, side, "gone" if gone else "waiting", before, None, with_folder, by)
    strangers = sorted(
        (sighting for sighting in look.sightings if sighting.place not in claimed),
        key=lambda sighting: (sighting.modified_at, sighting.place.path),
    )
    return Recognition(side, changes, tuple(strangers), frozenset(absent))


def _could_be_gone(look: Look, before: Placement) -> bool:
    """Whether its not being seen means anything: where a listing failed, or its stage folder is away, it doesn't."""
    return look.complete and before.place.stage not in look.missing_stages


def _elsewhere(file: TrackedFile, before: Placement, by_identity: Mapping[str, list[Sighting]]) -> Sighting | None:
    """Another place at which the file itself lies now; an inode alone is reused by file systems and proves nothing."""
    for sighting in by_identity.get(before.identity, ()):
        if _is_now(file, before, sighting):
            return sighting
    return None


def _is_now(file: TrackedFile, before: Placement, sighting: Sighting) -> bool:
    """Whether a sighting with the file's inode is the file, moved."""
    return sighting.place != before.place and (
        sighting.sha1 == before.sha1 or _same_name(file, before, sighting) or _still_empty(before, sighting)
    )


def _same_name(file: TrackedFile, before: Placement, sighting: Sighting) -> bool:
    bare = names.fold(names.without_marks(sighting.place.name))
    return bare in (names.fold(names.without_marks(before.place.name)), names.fold(file.name))


def _being_saved(before: Placement, look: Look) -> bool:
    """Its editor has it open and is between taking the old file away and putting the new one in its place."""
    folder = before.place.folder
    owners = (f"{folder}/{name}" if folder else name for name in names.owner_files(before.place.name))
    return any(Place(before.place.stage, owner) in look.owner_files for owner in owners)


def _still_empty(before: Placement, sighting: Sighting) -> bool:
    return before.sha1 == EMPTY_SHA1 and sighting.size == 0


def _changed(file: TrackedFile, side: Side, before: Placement, after: Sighting) -> Change:
    if after.waits == "empty" and _still_empty(before, after):
        # an empty 該当なし is what the operator sent, not a save under way
        after = replace(after, waits=None, sha1=EMPTY_SHA1)
    elif after.waits == "empty":
        # quiet, closed and empty for a while: nobody is saving it. What says all by its name loses nothing
        speaks = file.role in (Role.RECEIPT, Role.REQUEST)
        after = replace(after, waits=None, sha1=before.sha1 if speaks else EMPTY_SHA1)
    if after.waits == "default name" and (after.identity, after.etag) == (before.identity, before.etag):
        # what an operator sent under such a name is no file that staff are about to name
        after = replace(after, waits=None, sha1=before.sha1)
    if after.waits is not None or after.sha1 is None:
        return Change(file, side, "waiting", before, after)
    same = after.place == before.place and after.sha1 == before.sha1
    return Change(file, side, "same" if same else "changed", before, after)
