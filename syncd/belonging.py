"""Whose is it: what lies in one operator's intranet folder, but belongs to another (S11).

Owns the questions that span operators, and hands their answers to the planner as data. It decides nothing, and where
it can't be sure that a file is nobody else's, the file waits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

from syncd import names
from syncd.errors import Busy, Changed
from syncd.mirror.recognise import EMPTY_SHA1, Recognition
from syncd.model import Look, Operator, Place, Role, Side, Sighting, Stage, TrackedFile
from syncd.world import World

TRAVELLING = (Stage.INBOX, Stage.CORRECTIONS)
"""Where a new file goes up by itself, so that it has to be known beforehand that it is nobody else's."""


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
        foreign: places of those with another operator's bytes → that operator's id.
    """

    own: Look
    strangers: tuple[Sighting, ...] = ()
    strayed: Mapping[Place, TrackedFile] = field(default_factory=dict)
    foreign: Mapping[Place, str] = field(default_factory=dict)

    def added_to(self, recognition: Recognition) -> Recognition:
        """What was recognised of the operator's own, with the strangers."""
        together = (*recognition.strangers, *self.strangers)
        order = sorted(together, key=lambda sighting: (sighting.modified_at, sighting.place.path))
        return replace(recognition, strangers=tuple(order))


def sort_out(world: World, operator: Operator, files: Iterable[TrackedFile], look: Look) -> Belonging:
    """Sorts what one look at the operator's folder shows; what nobody touched costs nothing.

    What operators send in the cloud is theirs; only staff can reach into two folders.
    """
    if look.side is Side.CLOUD:
        return Belonging(look)
    elsewhere = _Elsewhere(world, operator)
    placed = {file.intranet.place: file.intranet for file in files if file.intranet is not None}
    identities = {placement.identity for placement in placed.values()}
    own: list[Sighting] = []
    strangers: list[Sighting] = []
    strayed: dict[Place, TrackedFile] = {}
    foreign: dict[Place, str] = {}
    for sighting in look.sightings:
        here = placed.get(sighting.place)
        if here is not None and (here.identity, here.sha1) == (sighting.identity, sighting.sha1):
            own.append(sighting)
            continue
        owner = None if sighting.identity in identities else elsewhere.owner(sighting)
        if owner is not None:
            sighting = _as_it_was(owner, sighting)
            strangers.append(sighting)
            if sighting.waits is None and sighting.sha1 is not None:
                strayed[sighting.place] = owner
            continue
        origin, sighting = _origin(world, operator, sighting, elsewhere, tracked=here is not None)
        if origin is not None:
            foreign[sighting.place] = origin
        (own if origin is None else strangers).append(sighting)
    return Belonging(replace(look, sightings=tuple(own)), tuple(strangers), strayed, foreign)


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


def _as_it_was(owner: TrackedFile, sighting: Sighting) -> Sighting:
    """Empty or unnamed as it came: what was tracked so is no file that staff are still making."""
    was = owner.intranet
    if was is None or sighting.waits not in ("empty", "default name"):
        return sighting
    if (was.identity, was.etag) != (sighting.identity, sighting.etag):
        return sighting
    return replace(sighting, waits=None, sha1=was.sha1)


def _origin(
    world: World, operator: Operator, sighting: Sighting, elsewhere: _Elsewhere, *, tracked: bool
) -> tuple[str | None, Sighting]:
    """The other operator whose bytes these are, None for none; the sighting waits while that can't be told."""
    sha1 = sighting.sha1
    if sha1 is None or sighting.waits is not None or sha1 == EMPTY_SHA1 or sha1 in world.rules.forms:
        return None, sighting
    known = world.ledger.foreign(operator.id, sha1)
    travels = tracked or sighting.place.stage in TRAVELLING
    key = (operator.id, sighting.place, sighting.etag)
    if known is not None or not travels or key in world.cleared:
        return known, sighting
    try:
        origin = elsewhere.missing(sighting) or elsewhere.edited(sighting)
    except Busy:
        return None, replace(sighting, waits="not quiet")
    if origin is None:
        world.cleared.add(key)
    return origin, sighting


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
