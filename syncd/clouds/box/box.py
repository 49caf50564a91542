"""Box as one side: the contract over the parts of this room.

Owns which part does what, and what Box's answers mean for this side: a file that is no longer as seen, a name that is
taken, a side that can't be reached, an operator that needs a person. Looks cost no call while nothing changes.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Literal
from zoneinfo import ZoneInfo

import requests

from syncd import names
from syncd.clock import Clock
from syncd.clouds.box import items, transfer
from syncd.clouds.box.calls import Calls, Refused
from syncd.clouds.box.contact import AGAIN, Contact
from syncd.clouds.box.effects import Effects, beside
from syncd.clouds.box.events import Events
from syncd.clouds.box.folders import BoxFolders, lost
from syncd.clouds.box.listening import Listener
from syncd.clouds.box.marker import RootMarker
from syncd.clouds.box.tree import ItemTree
from syncd.config import BoxCloud as Settings
from syncd.contract import CloudItem, CloudMemory, Folders, Hint, Watch
from syncd.errors import Changed, ItemTrouble, NameTaken, SyncdError, Unreachable
from syncd.model import Layout, Look, Place, Prepared, Side, Sighting, Waits
from syncd.tree.directory import still_there

LOG = logging.getLogger("syncd")


class BoxCloud:
    """One ward's folders in Box. Thread-safe between operators; two calls for the same operator must not overlap.

    Args:
        memory: what is known of Box between two runs.
        zone: in which the night's full listing and the days of counted calls are meant.
        session: for tests; else one is opened.
        patient: see `Calls`.
    """

    kind = "box"
    side = Side.CLOUD

    def __init__(
        self,
        settings: Settings,
        memory: CloudMemory,
        clock: Clock,
        zone: Callable[[], ZoneInfo],
        session: requests.Session | None = None,
        *,
        patient: bool = True,
    ) -> None:
        self.settings = settings
        self.calls = Calls(settings, clock, session, patient=patient)
        self._clock = clock
        self.tree = ItemTree(self.calls, memory, settings.root, clock.now)
        self._events = Events(self.calls, memory, self.tree, clock.now, lambda: (settings.true_up, zone()))
        self._contact = Contact(self.calls, memory, self.tree, self._events, clock, zone)
        self._folders = BoxFolders(self.calls, self.tree)
        self._effects = Effects(self.calls, memory, self.tree, self._folders, self._contact.catch_up, clock.now)
        self._marker = RootMarker(self.calls, memory, self.tree, self._folders, self._effects)
        self._listener: Listener | None = None
        self._layouts: dict[str, Layout] = {}
        self._looked: dict[str, tuple[str, int]] = {}
        self._discarded: set[str] = set()
        self._prepared: set[str] = set()

    # ── the root ──

    @property
    def title(self) -> str:
        """See `contract.Tree.title`."""
        return f"Box folder {self.settings.root}"

    def mounted(self) -> str | None:
        """See `contract.Tree.mounted`."""
        return self.settings.root

    def reach(self) -> str | None:
        """See `contract.Tree.reach`. Costs no call while Box was reached before."""
        self._contact.require()
        with self._contact.meaning("looks for the root marker"):
            return self._marker.read()

    def mark(self, marker: str) -> None:
        """See `contract.Tree.mark`. Raises NameTaken when the root is marked as another's."""
        found = self.reach()
        if found is None:
            with self._contact.meaning("writes the root marker"):
                self._marker.write(marker)
            found = self.reach()
        if found != marker:
            raise NameTaken(
                f"{self.title}: it belongs to another syncd state",
                "point cloud.root at the right folder, or state at the one that belongs to it",
            )

    def claim(self, state: str, home: str, write: bool) -> str:
        """See `contract.Tree.claim`. Costs no call once it is known."""
        self._contact.require()
        with self._contact.meaning("looks whose the root is"):
            found = self._marker.ward()
            if found is not None and found[1] != home and (found[0] != state or still_there(found[1], home)):
                return found[1]
            if write and found != (state, home):
                self._marker.set_ward(state, home)
        return ""

    def ensure(self, layout: Layout, known: Mapping[str, str]) -> Folders:
        """See `contract.Tree.ensure`. Raises NeedsPerson when the operator's folder is out of reach."""
        self._contact.require()
        if known and self.reach() is None:
            raise Unreachable(
                f"{self.title}: the root marker is missing, though it was in use", "restore .syncd in Box"
            )
        with self._contact.meaning(f"puts the folders of {layout.operator} in place"):
            return self._folders.ensure(layout, known)

    def folder_identity(self, folder: str) -> str | None:
        """See `contract.Tree.folder_identity`."""
        self._contact.require()
        with self._contact.meaning(f"looks for {folder}"):
            found = self.tree.top(Layout("", folder, {}))
        return None if found is None else found.id

    # ── keeping up ──

    def catch_up(self, within: float = 0.0) -> None:
        """See `contract.Cloud.catch_up`."""
        self._contact.catch_up(within)

    def as_looked(self, layout: Layout) -> bool:
        """See `contract.Cloud.as_looked`."""
        if self._listener is None or not self._listener.hears():
            self._contact.catch_up(1.0, to_the_end=False)
        top = self.tree.top(layout)
        return top is not None and (top.id, self.tree.turn(top.id)) == self._looked.get(layout.operator)

    def watch(self, mode: Literal["auto", "events", "poll"], hint: Hint, overflow: Callable[[], None]) -> Watch:
        """See `contract.Tree.watch`. Hints name operators' folders; `mode` is for trees on a disk."""

        def tell(concerned: frozenset[str] | None) -> None:
            if concerned is None:
                overflow()
                return
            tops = {layout.operator: self.tree.top(layout) for layout in list(self._layouts.values())}
            told = False
            for operator, top in tops.items():
                if top is None or top.id in concerned:
                    hint(self._layouts[operator].folder)
                    told = True
            if not told:
                overflow()

        self._contact.tell = tell
        self._listener = Listener(
            self.calls,
            lambda: self._contact.catch_up(0.0, to_the_end=False),
            lambda: self._events.position,
            lambda: self._contact.own_doings,
            self.settings.poll_seconds,
            self.settings.long_poll,
        )
        return self._listener

    def interrupt(self) -> None:
        """See `contract.Tree.interrupt`."""
        self.calls.stopped.set()

    def close(self) -> None:
        """See `contract.Tree.close`."""
        self._contact.tell = lambda _: None
        self.calls.close()
        self._contact.write_counts()

    # ── seeing ──

    def look(self, layout: Layout, memory: Mapping[Place, Sighting]) -> Look:
        """See `contract.Tree.look`."""
        self._contact.require()
        self._layouts[layout.operator] = layout
        with self._contact.meaning(f"lists the folder of {layout.operator}"):
            top = self.tree.top(layout)
            if top is None:
                return Look(self.side, True, (), frozenset(layout.stages))
            try:
                whole = self.tree.list_below(top.id)
            except Refused as refused:
                if refused.status in (403, 404) and self.tree.ask(top)[0] is None:
                    raise lost(layout) from refused
                raise
            self._looked[layout.operator] = (top.id, self.tree.turn(top.id))
            found: dict[Place, CloudItem] = {}
            for place, item in self.tree.files(layout, top.id):
                if place in found:
                    whole = False  # one of them has gone or has another name by now; its event is yet to come
                    self.tree.ask(found[place])
                    self.tree.ask(item)
                found[place] = item
            missing = frozenset(layout.stages) - set(self.tree.stage_folders(layout, top.id).values())
        owners = frozenset(place for place in found if place.name.startswith(("~$", ".~lock.")))
        sightings = (self._sight(place, item, memory, found) for place, item in found.items())
        ordered = sorted(
            (each for each in sightings if each), key=lambda each: (each.place.stage or "", each.place.path)
        )
        return Look(self.side, whole, tuple(ordered), missing, owners)

    def gone(self, layout: Layout, identities: frozenset[str]) -> frozenset[str]:
        """See `contract.Tree.gone`: their folders are listed, and then the way there has to answer."""
        self._contact.require()
        with self._contact.meaning(f"looks whether files of {layout.operator} are gone"):
            known = {identity: self.tree.last_known(identity) for identity in identities}
            for parent in sorted({item.parent for item in known.values() if item is not None}):
                folder = self.tree.item(parent)
                if folder is None:
                    continue
                try:
                    self.tree.list(parent, folder.name)
                except Refused as refused:
                    if refused.status not in (403, 404):
                        raise
                    self.tree.ask(folder)
            top = self.tree.top(layout)
            if top is None or self.tree.ask(top)[0] is None:
                raise lost(layout)
            self.tree.way.require_root()
            return frozenset(identity for identity in identities if self._place_of(layout, identity) is None)

    def _place_of(self, layout: Layout, identity: str) -> Place | None:
        item = self.tree.item(identity)
        return None if item is None else self.tree.place(layout, item)

    def _sight(
        self, place: Place, item: CloudItem, memory: Mapping[Place, Sighting], around: Mapping[Place, CloudItem]
    ) -> Sighting | None:
        waits = self._waits(place, item, around)
        known = memory.get(place)
        if known is not None and known.sha1 is not None and (known.identity, known.etag) == (item.id, item.sha1):
            return replace(known, waits=waits)
        if names.ignored(place.name) or any(names.save_folder(part) is not None for part in place.folder.split("/")):
            return None
        return replace(self._seen(place, item), sha1=None, waits=waits)

    def _waits(self, place: Place, item: CloudItem, around: Mapping[Place, CloudItem]) -> Waits | None:
        owned = any(replace(place, path=beside(place, name)) in around for name in names.owner_files(place.name))
        return "open" if owned or item.locked_until > self._clock.now() else None

    def _seen(self, place: Place, item: CloudItem) -> Sighting:
        return Sighting(
            side=self.side,
            place=place,
            identity=item.id,
            size=item.size,
            etag=item.sha1,
            modified_at=item.modified_at,
            sha1=item.sha1,
            actor=item.actor,
        )

    def content(self, layout: Layout, sighting: Sighting) -> str | None:
        """See `contract.Tree.content`: Box computes SHA-1s itself."""
        item = self.tree.item(sighting.identity)
        if item is None or item.sha1 != sighting.etag:
            raise Changed(f"Box: {sighting.place.path}: was changed meanwhile", AGAIN)
        if item.sha1 == items.WEB_LINK:
            raise ItemTrouble("web_link", f"Box: {item.name}: it is a bookmark, no file", "put the file itself there")
        if not item.sha1:
            self._ask_for_sha1(layout, item)
        return item.sha1

    def _ask_for_sha1(self, layout: Layout, item: CloudItem) -> None:
        """Box told of a file without saying what its content is; asked for it alone, it may."""
        with self._contact.one_item("reads", layout, item.id, item):
            now, _ = self.tree.ask(item)
        if now is None or now.sha1:
            raise Changed(f"Box: {item.name}: was changed meanwhile", AGAIN)
        raise ItemTrouble("no_sha1", f"Box: {item.name}: Box doesn't say what its content is", "see whether it opens")

    def read(self, layout: Layout, sighting: Sighting, sink: BinaryIO) -> None:
        """See `contract.Tree.read`."""
        self._contact.require()
        name = sighting.place.path
        item = self.tree.item(sighting.identity)
        with self._contact.one_item("reads", layout, sighting.identity, item):
            try:
                found = transfer.download(self.calls, sighting.identity, name, sighting.size, sink)
                if found != sighting.etag:
                    raise Changed(f"Box: {name}: was changed, or arrived damaged", AGAIN)
            except Changed:
                if item is not None and self.tree.ask(item)[0] == item:
                    said = f"Box: {name}: what arrives isn't what Box says that it is"
                    raise ItemTrouble("damaged", said, "see whether it opens in Box") from None
                raise

    def find(self, layout: Layout, identity: str) -> Sighting | None:
        """See `contract.Tree.find`."""
        with self._contact.one_item("reads", layout, identity):
            known = self.tree.item(identity) or CloudItem(identity, False, "", identity, "", -1)
            item, _ = self.tree.ask(known)
            place = self.tree.place(layout, item) if item is not None else None
            return None if item is None or place is None else self._seen(place, item)

    # ── doing ──

    def ready(self, layout: Layout, source: Place | None, target: Place | None, given_up: Place | None = None) -> None:
        """See `contract.Tree.ready`: as far as Box is known just now. Box has no open files."""
        self._effects.ready(layout, source, target)

    def prepare(self, content: Path, sha1: str, size: int) -> Prepared:
        """See `contract.Tree.prepare`. Box shows a file once it is whole, so nothing has to be staged there."""
        self._contact.require()
        with content.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha1").hexdigest()
        if (found, content.stat().st_size) != (sha1, size):
            raise SyncdError(
                f"{content}: is not the content {sha1}", "see `syncd doctor`: the state's disk may be failing"
            )
        token = f"{self._clock.now():.3f} {uuid.uuid4()} {content}"
        self._prepared.add(token)
        return Prepared(token, "", sha1, size)

    def find_prepared(self, layout: Layout, prepared: Prepared) -> Sighting | None:
        """See `contract.Tree.find_prepared`: what syncd itself made there since, with those bytes."""
        self._contact.catch_up(0.0)
        with self._contact.meaning(f"looks for an upload to {layout.operator}"):
            top = self.tree.top(layout)
            if top is None:
                return None
            for folder in self._all_folders(top.id):
                self.tree.list(folder)
            found = self._effects.made_since(layout, prepared.sha1, _staged_at(prepared))
            return None if found is None else self._seen(*found)

    def _all_folders(self, folder: str) -> Iterator[str]:
        yield folder
        for each in self.tree.children(folder):
            if each.folder:
                yield from self._all_folders(each.id)

    def place(self, layout: Layout, target: Place, prepared: Prepared) -> Sighting:
        """See `contract.Tree.place`."""
        content = self._staged(prepared)
        with self._contact.one_item("puts", layout, f"{target.stage} {target.path}"):
            item = self._effects.place(layout, target, content, prepared.sha1, prepared.size)
            return self._put(target, item, prepared.sha1)

    def replace(
        self, layout: Layout, target: Place, identity: str, etag: str, prepared: Prepared, sha1: str = ""
    ) -> Sighting:
        """See `contract.Tree.replace`: Box's etag is another after every change of the bytes."""
        content = self._staged(prepared)
        with self._contact.one_item("puts", layout, identity, self.tree.item(identity)):
            item = self._effects.replace(layout, target, identity, etag, content, prepared.sha1, prepared.size)
            return self._put(target, item, prepared.sha1)

    def move(
        self, layout: Layout, source: Place, target: Place, identity: str, etag: str = "", sha1: str = ""
    ) -> Sighting:
        """See `contract.Tree.move`."""
        with self._contact.one_item("moves", layout, identity, self.tree.item(identity)):
            item = self._effects.move(layout, source, target, identity, etag)
            return self._seen(replace(target, path=beside(target, item.name)), item)

    def remove(self, layout: Layout, source: Place, identity: str, etag: str, purge: bool, sha1: str = "") -> None:
        """See `contract.Tree.remove`. Raises ItemTrouble when the trash may not be emptied, too."""
        with self._contact.one_item("takes away", layout, identity, self.tree.item(identity)):
            self._effects.remove(layout, source, identity, etag, purge)

    def discard(self, prepared: Prepared) -> None:
        """See `contract.Tree.discard`."""
        self._prepared.discard(prepared.token)
        self._discarded.add(prepared.token)

    def sweep(self, keep: frozenset[str]) -> None:
        """See `contract.Tree.sweep`."""
        self._discarded |= self._prepared - keep
        self._prepared &= keep

    # ── shared ──

    def _staged(self, prepared: Prepared) -> Path:
        if prepared.token in self._discarded:
            raise SyncdError("staged bytes were thrown away before they were put in place", AGAIN)
        return Path(prepared.token.split(" ", 2)[2])

    def _put(self, target: Place, item: CloudItem, sha1: str) -> Sighting:
        if item.sha1 != sha1:
            self.tree.ask(item)
            raise Changed(f"Box: {target.path}: was changed as soon as it was there", AGAIN)
        return self._seen(replace(target, path=beside(target, item.name)), item)


def _staged_at(prepared: Prepared) -> float:
    return float(prepared.token.split(" ", 1)[0])
