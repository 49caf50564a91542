"""What lies in an operator's folder now, and which of it can be used: the scan behind `Tree.look`.

Owns the judgement of a single file: known, quiet, open, empty, not yet named, perhaps open. Reads no content and
concludes nothing from what is missing; a look that could not see everything says that it is not complete.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from stat import S_ISDIR

from syncd import names
from syncd.clock import Clock
from syncd.errors import SyncdError
from syncd.model import Layout, Look, Place, Side, Sighting, Stage, Waits
from syncd.tree import marker
from syncd.tree.confine import Beneath, joined
from syncd.tree.listing import Counts, Listed, etag, stamp, too_long, walk
from syncd.tree.openness import written
from syncd.tree.people import Doings, People
from syncd.tree.standing import STANDS_OPEN, Standing


def placed(layout: Layout, place: Place) -> str:
    """The path below the side's root."""
    stage = "" if place.stage is None else layout.stages[place.stage]
    return joined(layout.folder, stage, place.path)


@dataclass(frozen=True, slots=True)
class Manner:
    """How one side looks at files.

    Attributes:
        settle_seconds: how long a file must be unchanged before it counts as whole.
        staff: files that are empty or still named by Explorer are being made, not sent.
        people: who puts files there, writes and takes them away.
    """

    side: Side
    settle_seconds: float
    staff: bool
    people: People


class Scan:
    """Looks; remembers between two looks since when it knows files whose time stamps or openness can't be trusted."""

    def __init__(self, manner: Manner, clock: Clock, counts: Counts) -> None:
        self.manner = manner
        self.clock = clock
        self.counts = counts
        self.standing = Standing(clock, manner.settle_seconds)
        self._first_seen: dict[str, dict[tuple[Place, str], float]] = {}
        self._doings: dict[str, Doings] = {}

    def doings(self, layout: Layout) -> Doings:
        """What one operator's looks remember of people."""
        return self._doings.setdefault(layout.operator, Doings(self.manner.people))

    def look(self, opened: Callable[[], Beneath], layout: Layout, memory: Mapping[Place, Sighting]) -> Look:
        """One look. A root that is away, unmarked or another one afterwards gives a look that is not complete.

        A stage folder that isn't there is no failure but is named in `missing_stages`: the absence of its files means
        that somebody took the folder, not the files.
        """
        side = self.manner.side
        try:
            with opened() as beneath:
                before = marker.read(beneath, side.value)
                view = _View(self, beneath, layout, memory)
                sightings = view.sightings()
                departed = view.glance.departed(memory, {each.place for each in sightings})
            with opened() as again:
                after = marker.read(again, side.value)
        except (OSError, SyncdError):
            return Look(side, False, ())
        self._first_seen[layout.operator] = view.first_seen
        self.standing.looked(layout.operator, frozenset(view.uncertain), frozenset(view.only_moved))
        complete = view.whole and marker.same(before, after)
        return Look(side, complete, sightings, frozenset(view.missing), frozenset(view.owner_files), departed)

    def first_seen(self, layout: Layout, key: tuple[Place, str]) -> float:
        """When a file was first seen as it is, on the clock that only goes forward."""
        return self._first_seen.get(layout.operator, {}).get(key, self.clock.monotonic())


EMPTIED_SETTLES = 5
"""How many times `settle_seconds` a file that had content must lie empty: many programs empty before they write."""
SAVING_SECONDS = 600.0
"""How long a program is believed to be saving by way of a folder; then it has left it behind."""


class _View:
    """One look at one operator's folder while it is going on."""

    def __init__(self, scan: Scan, beneath: Beneath, layout: Layout, memory: Mapping[Place, Sighting]) -> None:
        self._scan = scan
        self._manner = scan.manner
        self._clock = scan.clock
        self._beneath = beneath
        self._layout = layout
        self._memory = memory
        self._familiar = {each.etag for each in memory.values() if each.sha1 is not None}
        self._had_content = {each.identity for each in memory.values() if each.size}
        self.first_seen: dict[tuple[Place, str], float] = {}
        self.missing: set[Stage] = set()
        self.owner_files: set[Place] = set()
        self.uncertain: set[int] = set()
        self.only_moved: set[int] = set()
        self.whole = True
        self.glance = scan.doings(layout).glance(lambda place: placed(layout, place))

    def sightings(self) -> tuple[Sighting, ...]:
        found: dict[str, list[Sighting]] = {}
        for stage, listed in self._folders():
            self.whole &= listed.whole
            saving, left = self._save_folders(stage, listed)
            for name in listed.files:
                if names.shows_owner(name):
                    self.owner_files.add(Place(stage, joined(listed.path, name)))
            beside = listed.files.keys() | saving
            for name, stats in listed.files.items():
                place = Place(stage, joined(listed.path, name))
                if (sighting := self._sight(place, name, stats, beside)) is not None:
                    found.setdefault(sighting.identity, []).append(sighting)
            for sighting in (*left, *self._ill(stage, listed)):
                found.setdefault(sighting.identity, []).append(sighting)
        return tuple(sorted((s for each in found.values() for s in self._one(each)), key=_order))

    def _ill(self, stage: Stage | None, listed: Listed) -> Iterator[Sighting]:
        """Files that nobody can look at, and a subfolder that can't be listed: seen all the same, so not gone."""
        for name, inode in listed.ill.items():
            yield self._unreadable(Place(stage, joined(listed.path, name)), str(inode))
        if not listed.whole and listed.path:
            yield self._unreadable(Place(stage, listed.path), f"folder {listed.path}")

    def _unreadable(self, place: Place, identity: str) -> Sighting:
        return Sighting(self._manner.side, place, identity, 0, identity, 0.0, waits="unreadable")

    def _save_folders(self, stage: Stage | None, listed: Listed) -> tuple[set[str], list[Sighting]]:
        """What Macs save by way of a folder, as if an owner file lay beside each document; what they left behind."""
        saving: set[str] = set()
        left: list[Sighting] = []
        for name, inode in listed.folders.items():
            document = names.save_folder(name)
            place = Place(stage, joined(listed.path, name))
            stats = self._beneath.stat(placed(self._layout, place)) if document is not None else None
            if document is None or stats is None:
                continue
            if self._clock.now() - stats.st_mtime < SAVING_SECONDS:
                if document:
                    saving.add(f"~${document}")
                    self.owner_files.add(Place(stage, joined(listed.path, f"~${document}")))
                continue
            left.append(
                Sighting(self._manner.side, place, str(inode), 0, etag(stats), stats.st_mtime, waits="half saved")
            )
        return saving, left

    def _folders(self) -> Iterator[tuple[Stage | None, Listed]]:
        layout = self._layout
        for stage, name in layout.stages.items():
            folder = joined(layout.folder, name)
            if (stats := self._beneath.stat(folder)) is None:
                self.missing.add(stage)
            elif not S_ISDIR(stats.st_mode):
                self.whole = False
            else:
                yield from ((stage, listed) for listed in walk(self._beneath, folder, self._scan.counts))
        if self._beneath.stat(layout.folder) is not None:
            stages = frozenset(layout.stages.values())
            yield from ((None, listed) for listed in walk(self._beneath, layout.folder, self._scan.counts, stages))

    def _one(self, sightings: list[Sighting]) -> list[Sighting]:
        """An inode seen twice was moved during the look, or has two names; only one of them can be the file."""
        if len(sightings) == 1:
            return sightings
        there = [each for each in sightings if self._still(each)]
        if len(there) < 2:
            return there
        known = [each for each in there if (was := self._memory.get(each.place)) and was.identity == each.identity]
        file = known[0] if known else min(there, key=_order)
        return [each if each is file else replace(each, sha1=None, waits="unsafe") for each in there]

    def _still(self, sighting: Sighting) -> bool:
        stats = self._beneath.stat(placed(self._layout, sighting.place))
        return stats is not None and str(stats.st_ino) == sighting.identity

    def _sight(self, place: Place, name: str, stats: os.stat_result, beside: Collection[str]) -> Sighting | None:
        version = etag(stats)
        known = self._memory.get(place)
        owned = any(each in beside for each in names.owner_files(name))
        familiar_here = known is not None and known.etag == version and known.sha1 is not None
        if known is not None and familiar_here and known.stamp == stamp(stats):
            if place.stage is Stage.CONFIRMED:
                self.only_moved.add(stats.st_ino)  # should it be read again, it need not stand first
            waits: Waits | None = "open" if owned else None
            if known.waits == waits and known.modified_at == stats.st_mtime_ns / 1e9:
                return known
            actor = self.glance.actor(place, stats, known.actor, acted_on=False)
            return replace(known, waits=waits, modified_at=stats.st_mtime_ns / 1e9, actor=actor)
        if names.ignored(name) and not familiar_here:
            return None
        # Before stamps were kept there was none: such a file is read once, but it hasn't been touched just now.
        touched = known is not None and familiar_here and known.stamp != ""
        waits = self._waits(place, name, stats, owned, touched)
        unread = known is not None and known.identity == str(stats.st_ino) and (known.sha1 is None or familiar_here)
        return Sighting(
            side=self._manner.side,
            place=place,
            identity=str(stats.st_ino),
            size=stats.st_size,
            etag=version,
            modified_at=stats.st_mtime_ns / 1e9,
            waits=waits,
            actor=self.glance.actor(place, stats, known.actor if known and unread else "", acted_on=waits is None),
            stamp=stamp(stats),
        )

    def _waits(self, place: Place, name: str, stats: os.stat_result, owned: bool, touched: bool) -> Waits | None:
        """Why the file can't be read yet.

        Args:
            touched: it looks as it did, but something was done to it: rights, or bytes with their time put back.
        """
        if too_long(placed(self._layout, place)):
            return "unsafe"
        # A known file that was only moved is whole: a drag shows at once.
        familiar = etag(stats) in self._familiar
        if not familiar and self._manner.staff and names.default_named(name):
            return "default name"
        if (touched or not familiar) and not self._quiet(place, stats):
            return "not quiet"
        waits: Waits | None = "open" if owned else self._open(place, familiar and not touched)
        if waits is None and not familiar and self._manner.staff and stats.st_size == 0:
            stands = stats.st_ino not in self.uncertain or self._quiet(place, stats, STANDS_OPEN)
            return "empty" if stands else "not quiet"
        return waits

    def _quiet(self, place: Place, stats: os.stat_result, emptied_settles: int = EMPTIED_SETTLES) -> bool:
        known = self._memory.get(place)
        emptied = not stats.st_size and (str(stats.st_ino) in self._had_content or (known is not None and known.size))
        settle = self._manner.settle_seconds * (emptied_settles if emptied else 1)
        age = self._clock.now() - max(stats.st_mtime_ns, stats.st_ctime_ns) / 1e9
        if age >= 0:
            return age >= settle
        # Time stamps of the future: somebody's clock is wrong, so only what was seen here counts.
        key = (place, f"{etag(stats)}-{stats.st_ctime_ns}")
        since = self.first_seen[key] = self._scan.first_seen(self._layout, key)
        return self._clock.monotonic() - since >= settle

    def _open(self, place: Place, familiar: bool) -> Waits | None:
        self._scan.counts.opens += 1
        path = placed(self._layout, place)
        try:
            with self._beneath.file(path) as descriptor:
                if (being_written := written(descriptor)) is True:
                    return "open"
                stats = os.fstat(descriptor)
        except BlockingIOError:
            return "open"
        except FileNotFoundError:
            return "not quiet"
        except OSError:
            return "unreadable"
        standing = self._scan.standing
        if standing.certain(path, stats, being_written):
            return None
        if familiar:
            self.only_moved.add(stats.st_ino)
            return None
        self.uncertain.add(stats.st_ino)
        return None if standing.ripe(self._layout.operator, stats) else "not quiet"


def _order(sighting: Sighting) -> tuple[str, str]:
    return (sighting.place.stage or "", sighting.place.path)
