"""A side that is a directory tree: the `Tree` contract over the parts of this room.

Owns which part does what and what an error means for this side. Refuses what belongs to one side alone: who did it
(`syncd.intranet`) and what changed since (`syncd.clouds.folder`).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Literal

from syncd.clock import Clock
from syncd.contract import Folders, Hint, Watch
from syncd.errors import Busy, Changed, ItemTrouble, NameTaken, SyncdError, Unreachable
from syncd.model import Layout, Look, Place, Prepared, Side, Sighting
from syncd.tree import aside, folders, marker, place, readiness, staging
from syncd.tree.confine import Beneath, checked, joined
from syncd.tree.expected import Expected
from syncd.tree.listing import Counts, etag, stamp, walk
from syncd.tree.look import Manner, Scan, placed
from syncd.tree.openness import written
from syncd.tree.trouble import explained, meaning_for_one
from syncd.tree.watch import watch

_CHUNK = 1 << 20


class DirectoryTree:
    """One side in a directory. Thread-safe between operators; two calls for the same operator must not overlap.

    Args:
        modern: False works as on kernels and file systems without openat2 and renameat2.

    Attributes:
        counts: how much was asked of the disk so far.
    """

    kind = "folder"

    def __init__(self, root: Path, manner: Manner, clock: Clock, modern: bool = True) -> None:
        self.side: Side = manner.side
        self.root = root
        self.counts = Counts()
        self._manner = manner
        self._modern = modern
        self._scan = Scan(manner, clock, self.counts)

    # --- the root ----------------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """See `contract.Tree.title`."""
        return str(self.root)

    def mounted(self) -> str | None:
        """See `contract.Tree.mounted`: device and inode."""
        try:
            status = os.stat(self.root)
        except OSError:
            return None
        return f"{status.st_dev} {status.st_ino}"

    def reach(self) -> str | None:
        """See `contract.Tree.reach`."""
        with self._opened(self.side.value) as beneath:
            with beneath.folder("", os.O_RDONLY) as root, os.scandir(root) as entries:
                next(entries, None)  # a stale share opens, but can't be listed
            return marker.read(beneath, self.side.value)

    def mark(self, marker_id: str) -> None:
        """See `contract.Tree.mark`. Raises NameTaken when the tree is marked as another's."""
        with explained(self._shown("")):
            self.root.mkdir(parents=True, exist_ok=True)
        with self._opened("") as beneath:
            marker.write(beneath, self.side.value, marker_id)

    def claim(self, state: str, home: str, write: bool) -> str:
        """See `contract.Tree.claim`."""
        with self._opened("") as beneath:
            found = marker.ward(beneath)
            if found is not None and found[1] != home and (found[0] != state or still_there(found[1], home)):
                return found[1]
            if write and found != (state, home):
                marker.set_ward(beneath, state, home)
        return ""

    def ensure(self, layout: Layout, known: Mapping[str, str]) -> Folders:
        """See `contract.Tree.ensure`."""
        try:
            with self._opened(layout.folder) as beneath:
                return folders.ensure(beneath, self.side.value, layout, known)
        except (Changed, NameTaken, Busy) as error:  # folders move under our eyes: not the time to conclude anything
            raise Unreachable(error.message, error.remedy) from error

    def folder_identity(self, folder: str) -> str | None:
        """See `contract.Tree.folder_identity`."""
        with self._opened(folder) as beneath:
            return beneath.identity_of_folder(folder)

    # --- seeing ------------------------------------------------------------------------------------------------------

    def look(self, layout: Layout, memory: Mapping[Place, Sighting]) -> Look:
        """See `contract.Tree.look`. Never raises for the tree's state: a look that failed is not complete."""
        folders.refuse_names(layout, self.side.value)
        return self._scan.look(self._beneath, layout, memory)

    def gone(self, layout: Layout, identities: frozenset[str]) -> frozenset[str]:
        """See `contract.Tree.gone`: every look at a directory is a question of its own."""
        return identities

    def content(self, layout: Layout, sighting: Sighting) -> str | None:
        """See `contract.Tree.content`: a directory vouches for nothing."""
        return None

    def read(self, layout: Layout, sighting: Sighting, sink: BinaryIO) -> None:
        """See `contract.Tree.read`."""
        path = placed(layout, sighting.place)
        with self._one_file(path, reading=True) as beneath, beneath.file(path) as descriptor:
            self._require_unchanged(path, descriptor, sighting)
            if (being_written := written(descriptor)) is True:
                raise Busy(f"{self._shown(path)}: is open", "it is taken up again when it is closed")
            self.counts.reads += 1
            certain = self._scan.standing.certain(path, os.fstat(descriptor), being_written)
            digest = hashlib.sha1(usedforsecurity=False)
            while chunk := os.read(descriptor, _CHUNK):
                if not certain:
                    digest.update(chunk)
                with _of_the_sink():
                    sink.write(chunk)
            self._require_unchanged(path, descriptor, sighting)
            stats = os.fstat(descriptor)
            if not certain and not self._scan.standing.stood(layout.operator, stats, digest.hexdigest()):
                raise Changed(
                    f"{self._shown(path)}: may still be open", "it is read again when it has stood for a while"
                )

    def _require_unchanged(self, path: str, descriptor: int, sighting: Sighting) -> None:
        stats = os.fstat(descriptor)
        if etag(stats) != sighting.etag or (sighting.stamp and stamp(stats) != sighting.stamp):
            raise Changed(f"{self._shown(path)}: was changed meanwhile", "syncd looks again by itself")

    def find(self, layout: Layout, identity: str) -> Sighting | None:
        """See `contract.Tree.find`. A place outside the stages is loose. Content and openness are not judged."""
        stages = {name: stage for stage, name in layout.stages.items()}
        unlisted = ""
        with self._opened(layout.folder) as beneath:
            for listed in walk(beneath, layout.folder, self.counts):
                if not listed.whole:
                    unlisted = self._shown(joined(layout.folder, listed.path))
                for name, stats in listed.files.items():
                    if str(stats.st_ino) == identity:
                        top, _, rest = joined(listed.path, name).partition("/")
                        stage = stages.get(top) if rest else None
                        return self._sighting(Place(stage, rest if stage else joined(listed.path, name)), stats)
        if unlisted:
            raise ItemTrouble("unreadable", f"{unlisted}: can't be listed", "let the account that runs syncd read it")
        return None

    # --- doing -------------------------------------------------------------------------------------------------------

    def ready(self, layout: Layout, source: Place | None, target: Place | None, given_up: Place | None = None) -> None:
        """See `contract.Tree.ready`."""
        leaving = placed(layout, source) if source is not None else ""
        with self._one_file(leaving or layout.folder) as beneath:
            try:
                if source is not None:
                    readiness.require_way_out(beneath, _base(layout, source), source.path)
                if target is not None:
                    readiness.require_way_in(beneath, _base(layout, target), target.path, leaving)
            except ItemTrouble as trouble:
                if trouble.kind == "not_writable" and not self._sound(beneath):
                    said = f"{self._shown('')}: can't be written"
                    raise Unreachable(said, "let the account that runs syncd read and write there") from trouble
                raise
            if given_up is not None:
                readiness.require_closed(beneath, placed(layout, given_up))

    def prepare(self, content: Path, sha1: str, size: int) -> Prepared:
        """See `contract.Tree.prepare`. Raises SyncdError when `content` isn't what it should be."""
        self.counts.writes += 1
        with self._opened(marker.TEMPORARY) as beneath:
            return staging.stage(beneath, content, sha1, size)

    def place(self, layout: Layout, target: Place, prepared: Prepared) -> Sighting:
        """See `contract.Tree.place`. Raises Changed when the staged bytes or the stage folder are gone."""
        self.counts.writes += 1
        with self._one_file(placed(layout, target)) as beneath:
            path = place.place(beneath, _base(layout, target), target.path, prepared)
        return self._put(layout, replace(target, path=path), prepared)

    def replace(
        self, layout: Layout, target: Place, identity: str, etag: str, prepared: Prepared, sha1: str = ""
    ) -> Sighting:
        """See `contract.Tree.replace`. A file that somebody is writing to counts as changed."""
        self.counts.writes += 1
        with self._one_file(placed(layout, target)) as beneath:
            _base(layout, target)
            place.replace(beneath, placed(layout, target), identity, Expected(etag, sha1), prepared)
        return self._put(layout, target, prepared)

    def move(
        self, layout: Layout, source: Place, target: Place, identity: str, etag: str = "", sha1: str = ""
    ) -> Sighting:
        """See `contract.Tree.move`. The sighting's etag is that of the bytes which moved."""
        self.counts.writes += 1
        with self._one_file(placed(layout, source)) as beneath:
            base, target_base = _base(layout, source), _base(layout, target)
            before = beneath.stat(placed(layout, source))
            expected = Expected(etag, sha1) if etag else None
            path = place.move(beneath, base, placed(layout, source), target_base, target.path, identity, expected)
            stats = beneath.stat(joined(target_base, path))
        if stats is None or str(stats.st_ino) != identity:
            stats = before  # somebody moved it on at once: it was there all the same, and the next look says where to
        if stats is None or str(stats.st_ino) != identity:
            raise Changed(f"{self._shown(placed(layout, target))}: was moved on at once", "syncd looks again by itself")
        moved = self._sighting(replace(target, path=path), stats)
        self._scan.doings(layout).put(moved.place, moved.identity)
        return moved

    def remove(self, layout: Layout, source: Place, identity: str, etag: str, purge: bool, sha1: str = "") -> None:
        """See `contract.Tree.remove`. A file that somebody is writing to counts as changed.

        A directory keeps neither trash nor versions, so `purge` asks nothing more.
        """
        self.counts.writes += 1
        with self._one_file(placed(layout, source)) as beneath:
            expected = Expected(etag, sha1)
            place.remove(beneath, _base(layout, source), placed(layout, source), identity, expected)

    def find_prepared(self, layout: Layout, prepared: Prepared) -> Sighting | None:
        """See `contract.Tree.find_prepared`: staged bytes keep their inode."""
        return self.find(layout, prepared.identity)

    def discard(self, prepared: Prepared) -> None:
        """See `contract.Tree.discard`."""
        with self._opened(marker.TEMPORARY) as beneath:
            staging.discard(beneath, prepared)

    def sweep(self, keep: frozenset[str]) -> None:
        """See `contract.Tree.sweep`. What a person changed in the last instant before a kill is put back instead."""
        with self._opened(marker.TEMPORARY) as beneath:
            aside.sweep(beneath, keep, self.counts)

    def watch(self, mode: Literal["auto", "events", "poll"], hint: Hint, overflow: Callable[[], None]) -> Watch:
        """See `contract.Tree.watch`."""
        return watch(mode, self.root, hint, overflow, self._scan.standing.closings)

    def interrupt(self) -> None:
        """See `contract.Tree.interrupt`: nothing here waits for an answer."""

    def close(self) -> None:
        """See `contract.Tree.close`."""

    # --- shared ------------------------------------------------------------------------------------------------------

    def _beneath(self) -> Beneath:
        return Beneath(self.root, self._modern)

    @contextmanager
    def _opened(self, path: str) -> Iterator[Beneath]:
        """The root, open; its own absence is Unreachable, whatever it would mean for a file."""
        try:
            beneath = self._beneath()
        except OSError as error:
            raise Unreachable(
                f"{self._shown('')}: {error.strerror}", "see that the share is mounted and its root a folder"
            ) from error
        with beneath, explained(self._shown(path)):
            yield beneath

    @contextmanager
    def _one_file(self, path: str, reading: bool = False) -> Iterator[Beneath]:
        """The same for what is done with one file: its trouble is its own while the rest of the side is sound."""
        with self._opened(path) as beneath:
            try:
                yield beneath
            except OSError as error:
                raise meaning_for_one(error, self._shown(path), lambda: self._sound(beneath), reading) from error

    def _sound(self, beneath: Beneath) -> bool:
        """Whether the root can be listed and written, and is the marked one."""
        try:
            with beneath.folder(marker.TEMPORARY) as folder:
                writable = os.access(".", os.W_OK | os.X_OK, dir_fd=folder, effective_ids=True)
            return writable and marker.read(beneath, self.side.value) is not None
        except (OSError, SyncdError):
            return False

    def _shown(self, path: str) -> str:
        return f"{self.side} {self.root}/{path}".rstrip("/")

    def _put(self, layout: Layout, place: Place, prepared: Prepared) -> Sighting:
        """What syncd put there. Were it changed since, the next look finds another etag."""
        self._scan.doings(layout).put(place, prepared.identity)
        return Sighting(
            side=self.side,
            place=place,
            identity=prepared.identity,
            size=prepared.size,
            etag=staging.etag_of(prepared),
            modified_at=staging.modified_at(prepared),
            sha1=prepared.sha1,
        )

    def _sighting(self, place: Place, stats: os.stat_result) -> Sighting:
        return Sighting(
            side=self.side,
            place=place,
            identity=str(stats.st_ino),
            size=stats.st_size,
            etag=etag(stats),
            modified_at=stats.st_mtime_ns / 1e9,
            actor=self._manner.people.owner(stats),
            stamp=stamp(stats),
        )


def still_there(other: str, home: str) -> bool:
    """Whether a state that was copied to `home` still lies where it was, on the same computer."""
    machine, _, path = other.rpartition("\t")
    return machine == home.rpartition("\t")[0] and Path(path, "syncd.db").exists()


def _base(layout: Layout, at: Place) -> str:
    """The folder that is never made nor taken away for a file at this place. Raises SyncdError for no such place."""
    if not checked(at.path):
        raise SyncdError(f"a file in {layout.folder} has no name", "report this to syncd's makers")
    if at.stage is not None:
        return joined(layout.folder, layout.stages[at.stage])
    if at.path.partition("/")[0] in layout.stages.values():
        raise SyncdError(f"{at.path!r} is in a stage, not loose", "report this to syncd's makers")
    return layout.folder


@contextmanager
def _of_the_sink() -> Iterator[None]:
    """A full state folder is no fault of this side."""
    try:
        yield
    except OSError as error:
        raise SyncdError(f"the state folder can't be written: {error.strerror}", "free space there") from error
