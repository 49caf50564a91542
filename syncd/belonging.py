"""Whose is it: what lies in one operator's intranet folder, but belongs to another (S11).

Owns the questions that span operators, and hands their answers to the planner as data. It decides nothing, and where
it can't be sure that a file is nobody else's, the file waits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

from syncd import leaving, names
from syncd.errors import Busy, Changed, SyncdError
from syncd.mirror.recognise import EMPTY_SHA1, Recognition
from syncd.mirror.whose import Stopped, Why
from syncd.model import Look, Operator, Place, Role, Side, Sighting, Stage, TrackedFile, Waits
from syncd.world import World

TRAVELLING = (Stage.INBOX, Stage.CORRECTIONS)
"""Where a new file goes up by itself, so that it has to be known beforehand that it is nobody else's."""
HELD: Mapping[Why, Waits] = {
    "names_other": "names another facility",
    "says_other": "speaks of another facility",
    "sealed": "sealed",
    "own_page": "page",
    "alike_other": "says what another facility's does",
}
"""What only speaks of another, or can't be opened, stays where it lies until a person has looked."""


@dataclass(frozen=True, slots=True)
class _Theirs:
    """What the operator's cloud folder has already: contents by their SHA-1, and names."""

    contents: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, cloud: Look | None) -> _Theirs:
        seen = cloud.sightings if cloud is not None else ()
        contents = frozenset(one.sha1 for one in seen if one.sha1 is not None)
        return cls(contents, frozenset(_whole(one.place) for one in seen))


class HashOnly:
    """A sink that keeps nothing, for looking without changing anything."""

    def __init__(self) -> None:
        self._sha1 = hashlib.sha1(usedforsecurity=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def write(self, data: bytes) -> int:
        self._sha1.update(data)
        return len(data)

    def keep(self) -> tuple[str, int]:
        return self._sha1.hexdigest(), 0


@dataclass(frozen=True, slots=True)
class Belonging:
    """One look, sorted.

    Attributes:
        own: what may be the operator's.
        strangers: what isn't, or isn't known to be: never recognised as a file of the operator's.
        strayed: places of those that are another operator's tracked file itself.
        foreign: places of those that are known to be another's, or to hold something that is → why.
        handed: places of those of `strayed` that are to be handed over (S20).
        misnamed: places of the operator's own files that staff gave a name that speaks of another.
    """

    own: Look
    strangers: tuple[Sighting, ...] = ()
    strayed: Mapping[Place, TrackedFile] = field(default_factory=dict)
    foreign: Mapping[Place, Stopped] = field(default_factory=dict)
    misnamed: frozenset[Place] = frozenset()
    handed: frozenset[Place] = frozenset()

    def added_to(self, recognition: Recognition) -> Recognition:
        """What was recognised of the operator's own, with the strangers."""
        together = (*recognition.strangers, *self.strangers)
        order = sorted(together, key=lambda sighting: (sighting.modified_at, sighting.place.path))
        return replace(recognition, strangers=tuple(order))


def sort_out(
    world: World, operator: Operator, files: Sequence[TrackedFile], look: Look, cloud: Look | None = None
) -> Belonging:
    """Sorts what one look at the operator's folder shows; what nobody touched costs nothing.

    What operators send in the cloud is theirs; only staff can reach into two folders.

    Args:
        cloud: what lies in the operator's cloud folder now.
    """
    if look.side is Side.CLOUD:
        return Belonging(look)
    elsewhere = _Elsewhere(world, operator)
    theirs = _Theirs.of(cloud)
    placed = {file.intranet.place: file for file in files if file.intranet is not None}
    identities = {file.intranet.identity: file for file in placed.values() if file.intranet is not None}
    of_files = {_bare(file.intranet.place) for file in placed.values() if file.intranet is not None}
    of_files |= {names.fold(file.name) for file in files}
    anew = world.pairs_anew(operator.id)
    own: list[Sighting] = []
    strangers: list[Sighting] = []
    strayed: dict[Place, TrackedFile] = {}
    foreign: dict[Place, Stopped] = {}
    misnamed: set[Place] = set()
    handed: set[Place] = set()
    for sighting in look.sightings:
        here = placed.get(sighting.place)
        was = here.intranet if here is not None else None
        if was is not None and (was.identity, was.sha1) == (sighting.identity, sighting.sha1):
            own.append(sighting)
            continue
        owner = None if sighting.identity in identities else elsewhere.owner(sighting)
        if owner is not None:
            sighting = _as_it_was(owner, sighting)
            strangers.append(sighting)
            if sighting.waits is None and sighting.sha1 is not None:
                strayed[sighting.place] = owner
                if leaving.may_be_handed_over(world, operator, sighting, owner):
                    handed.add(sighting.place)
            continue
        known = here or identities.get(sighting.identity)
        tracked = known if known is not None and (here is not None or is_file_of(known, sighting)) else None
        try:
            # one of a file's name may be that file, dragged or copied, wherever it lies
            travels = sighting.place.stage in TRAVELLING or _bare(sighting.place) in of_files or anew
            stopped = _stopped(
                world, operator, sighting, elsewhere, tracked, theirs, travels=travels or tracked is not None
            )
        except Busy:
            strangers_or_own = own if tracked is not None else strangers
            strangers_or_own.append(replace(sighting, waits="not quiet"))
            continue
        if stopped is None:
            own.append(sighting)
        elif (
            stopped.why in ("sealed", "alike_other")
            and here is tracked is not None
            and sighting.place.stage is Stage.REVIEW
        ):
            own.append(sighting)  # it stays on the intranet until it leaves review, and is stopped then
        elif stopped.quarantine or (tracked is not None and stopped.why in ("says_other", "alike_other")):
            foreign[sighting.place] = stopped
            strangers.append(sighting)
        elif tracked is not None and stopped.why == "names_other":
            misnamed.add(sighting.place)
            own.append(sighting)
        else:
            (own if tracked is not None else strangers).append(replace(sighting, waits=HELD[stopped.why]))
    return Belonging(
        replace(look, sightings=tuple(own)), tuple(strangers), strayed, foreign, frozenset(misnamed), frozenset(handed)
    )


def strayed_away(
    world: World, operator: Operator, files: Iterable[TrackedFile], gone: frozenset[int]
) -> frozenset[int]:
    """Files that lie, or may turn out to lie, in another operator's folder: that operator's round comes first.

    Saved by Excel and dragged at once, a file has another inode and other bytes: while it is missing here, its name
    tells whose it is, so it isn't put back before what has just come there was looked at.
    """
    if not gone:
        return frozenset()
    ledger = world.ledger
    unquiet = {_bare(seen.place) for seen in ledger.unquiet_elsewhere(operator.id)}

    def lies_elsewhere(file: TrackedFile, identity: str) -> bool:
        if ledger.owner_of(identity, operator.id) is not None:
            return False  # inodes are used again
        return any(is_file_of(file, seen) for seen in ledger.seen_elsewhere(identity, operator.id))

    return frozenset(
        file.id
        for file in files
        if file.id in gone
        and file.intranet is not None
        and (_bare(file.intranet.place) in unquiet or lies_elsewhere(file, file.intranet.identity))
    )


def is_file_of(owner: TrackedFile, sighting: Sighting) -> bool:
    """An inode alone proves nothing; with the name or the bytes it does."""
    placed = owner.intranet
    return placed is not None and (placed.sha1 == sighting.sha1 or _bare(placed.place) == _bare(sighting.place))


def _bare(place: Place) -> str:
    return names.fold(names.without_marks(place.name))


def _whole(place: Place) -> str:
    """The name with the folders that it lies in."""
    return f"{names.fold(place.folder)}/{_bare(place)}"


def _as_it_was(owner: TrackedFile, sighting: Sighting) -> Sighting:
    """Empty or unnamed as it came: what was tracked so is no file that staff are still making."""
    was = owner.intranet
    if was is None or sighting.waits not in ("empty", "default name"):
        return sighting
    if (was.identity, was.etag) != (sighting.identity, sighting.etag):
        return sighting
    return replace(sighting, waits=None, sha1=was.sha1)


def _stopped(
    world: World,
    operator: Operator,
    sighting: Sighting,
    elsewhere: _Elsewhere,
    tracked: TrackedFile | None,
    theirs: _Theirs,
    *,
    travels: bool,
) -> Stopped | None:
    """Why this may not leave for the operator's cloud; None when it may, or stays here anyway (not `travels`).

    Raises Busy while that can't be told.
    """
    sha1, place = sighting.sha1, sighting.place
    before = (tracked.name, tracked.intranet.place.path) if tracked is not None and tracked.intranet else ()
    usable = sha1 is not None and sighting.waits is None and sha1 != EMPTY_SHA1 and sha1 not in world.rules.forms
    owned = world.ledger.owned(operator.id, sha1 or "")
    if usable and not owned.own and sha1 not in theirs.contents:
        known = _known(world, operator, sighting, elsewhere, travels=travels)
        if known is not None:
            return known
    named = sighting.waits in (None, "empty") and _whole(place) not in theirs.names
    if travels and named and leaving.misnamed(world, operator, place.path, before):
        return Stopped("names_other")
    if usable and travels and owned.page:
        return Stopped("own_page")
    if not usable or not travels or owned.delivered or sha1 in theirs.contents:
        return None
    assert sha1 is not None
    if not world.versions.has(sha1):
        return None  # only looked at
    try:
        came_at = _came_at(world, operator, sighting)
        return leaving.stopped_inside(world, operator, sha1, names.from_intranet(place.name), came_at, tracked)
    except SyncdError as error:
        raise Busy(error.message, error.remedy) from error


def _known(
    world: World, operator: Operator, sighting: Sighting, elsewhere: _Elsewhere, *, travels: bool
) -> Stopped | None:
    """Whether these bytes are known as another's, or are just becoming so there. Raises Busy."""
    assert sighting.sha1 is not None
    stopped = leaving.known_of_another(world, operator, sighting.sha1)
    if stopped is not None or not travels:
        return stopped
    key = (operator.id, sighting.place, sighting.etag)
    if key not in world.cleared:
        if (elsewhere.missing(sighting) or elsewhere.edited(sighting)) is not None:
            return Stopped("other_operator")
        world.cleared.add(key)
    return leaving.copied_note(world, operator, sighting.sha1, _came_at(world, operator, sighting))


def _came_at(world: World, operator: Operator, sighting: Sighting) -> float:
    """When a file came to lie where it does: a copy may keep the time of its last change, but not that of its inode."""
    layout = world.layout(operator.id, Side.INTRANET)
    stage = layout.stages[sighting.place.stage] if sighting.place.stage is not None else ""
    path = world.config.intranet.root / layout.folder / stage / sighting.place.path
    try:
        return max(sighting.modified_at, path.lstat().st_ctime)
    except OSError:
        return world.clock.now()


class _Elsewhere:
    """The other operators' folders on the intranet, looked at when somebody asks."""

    def __init__(self, world: World, operator: Operator) -> None:
        self._world = world
        self._operator = operator

    @cached_property
    def _others(self) -> Mapping[str, tuple[tuple[TrackedFile, ...], Look]]:
        """Known files and a fresh look, by operator."""
        ledger, tree = self._world.ledger, self._world.intranet
        others = (other.id for other in self._world.config.operators if other.id != self._operator.id)
        return {
            other: (
                ledger.known(other),
                tree.look(self._world.layout(other, Side.INTRANET), ledger.memory(other, Side.INTRANET)),
            )
            for other in others
        }

    def owner(self, sighting: Sighting) -> TrackedFile | None:
        """The other operator's file that this is, dragged here; never while something lies at its own place."""
        owner = self._world.ledger.owner_of(sighting.identity, self._operator.id)
        if owner is None or owner.intranet is None or not is_file_of(owner, sighting):
            return None
        _, look = self._others.get(owner.operator, ((), None))
        if look is None or any(seen.place == owner.intranet.place for seen in look.sightings):
            return None  # inodes are used again
        return owner

    def missing(self, sighting: Sighting) -> str | None:
        """The operator in whose folder a file of this name is missing just now: saved, and dragged here at once."""
        for other, (files, look) in self._others.items():
            there = {_bare(seen.place) for seen in look.sightings}
            identities = {seen.identity for seen in look.sightings}
            for file in files:
                placed = file.intranet
                if placed is None or file.role is not Role.DOCUMENT or file.submitted is None or not look.complete:
                    continue
                name = _bare(placed.place)
                if name == _bare(sighting.place) and name not in there and placed.identity not in identities:
                    return other
        return None

    def edited(self, sighting: Sighting) -> str | None:
        """The operator whose file staff have just given these bytes. Raises Busy while that can't be told."""
        for other, seen in self._unread(sighting.size):
            with HashOnly() as sink:
                try:
                    self._world.intranet.read(self._world.layout(other, Side.INTRANET), seen, sink)  # type: ignore[arg-type]  # a sink is all it needs
                except Changed as error:
                    raise Busy(error.message, error.remedy) from error
                if sink.keep()[0] == sighting.sha1:
                    return other
        return None

    def _unread(self, size: int) -> Iterator[tuple[str, Sighting]]:
        """Files of other operators that staff have changed and that were not read yet, of that size."""
        for other, (files, look) in self._others.items():
            sent = [file.intranet for file in files if file.intranet is not None and file.submitted is not None]
            places = {placed.place for placed in sent}
            identities = {placed.identity for placed in sent}
            for seen in look.sightings:
                if seen.sha1 is None and seen.size == size and (seen.place in places or seen.identity in identities):
                    yield other, seen
