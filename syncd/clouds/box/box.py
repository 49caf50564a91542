"""Box as one side: the contract over the parts of this room.

Owns which part does what, and what Box's answers mean for this side: a file that is no longer as seen, a name that is
taken, a side that can't be reached, an operator that needs a person. Looks cost no call while nothing changes.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, Literal
from zoneinfo import ZoneInfo

import requests

from syncd import names
from syncd.clock import Clock
from syncd.clouds.box import items, transfer
from syncd.clouds.box.calls import Call, Calls, Refused, Uncertain
from syncd.clouds.box.events import Events
from syncd.clouds.box.folders import BoxFolders
from syncd.clouds.box.listening import Listener
from syncd.clouds.box.names import acceptable
from syncd.clouds.box.tree import ItemTree
from syncd.config import BoxCloud as Settings
from syncd.config import ClientCredentials
from syncd.contract import CloudItem, CloudMemory, Folders, Hint, Watch
from syncd.errors import Changed, NameTaken, NeedsPerson, SyncdError, Unreachable
from syncd.model import Layout, Look, Place, Prepared, Side, Sighting, Stage, Waits
from syncd.tree.confine import checked

LOG = logging.getLogger("syncd")
OWN: Final = ".syncd"
MARKER: Final = "marker"
TRIES: Final = 4
"""How often an effect is begun anew while others rename the same file."""
RECOVER_SECONDS: Final = 2.0
"""How long a failure to reach Box is believed without asking again."""
FULL: Final = frozenset({"storage_limit_exceeded", "file_size_limit_exceeded"})


class BoxCloud:
    """One ward's folders in Box. Thread-safe between operators; two calls for the same operator must not overlap.

    Args:
        memory: what is known of Box between two runs.
        zone: in which the night's full listing and the days of counted calls are meant.
        session: for tests; else one is opened.
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
    ) -> None:
        self.settings = settings
        self.calls = Calls(settings, clock, session)
        self._memory = memory
        self._clock = clock
        self._zone = zone
        self.tree = ItemTree(self.calls, memory, settings.root, clock.now)
        self.folders = BoxFolders(self.calls, self.tree)
        self._events = Events(self.calls, memory, self.tree, clock.now, lambda: (settings.true_up, zone()))
        self._layouts: dict[str, Layout] = {}
        self._looked: dict[str, int] = {}
        self._discarded: set[str] = set()
        self._staged: set[str] = set()
        self._catching_up = threading.RLock()
        self._caught_up_at = float("-inf")
        self._trouble: tuple[Unreachable, float] | None = None
        self._tell: Callable[[frozenset[str] | None], None] = lambda _: None

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
        self._reached()
        with self._meaning("looks for the root marker"):
            own = self.tree.child(self.tree.root, OWN)
            if own is None or not own.folder:
                return None
            if not own.listed:
                self.tree.list(own.id, own.name)
            marker = self.tree.child(own.id, MARKER)
            return None if marker is None else self._marker(marker)

    def mark(self, marker: str) -> None:
        """See `contract.Tree.mark`. Raises NameTaken when the root is marked as another's."""
        found = self.reach()
        if found is None:
            with self._meaning("writes the root marker"):
                own = self.tree.child(self.tree.root, OWN) or self.folders.make(self.tree.root, OWN)
                content = json.dumps({"id": marker}).encode() + b"\n"
                self._memory.set_value(f"marker {hashlib.sha1(content, usedforsecurity=False).hexdigest()}", marker)
                self._send_marker(own, content)
            found = self.reach()
        if found != marker:
            raise NameTaken(
                f"{self.title}: it belongs to another syncd state",
                "point cloud.root at the right folder, or state at the one that belongs to it",
            )

    def _send_marker(self, own: CloudItem, content: bytes) -> None:
        import tempfile

        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            sha1 = hashlib.sha1(content, usedforsecurity=False).hexdigest()
            self._upload_new(own, MARKER, Path(file.name), sha1, len(content))

    def _marker(self, item: CloudItem) -> str:
        """The marker's id; its bytes are fetched once."""
        known = self._memory.value(f"marker {item.sha1}")
        if known is not None:
            return known
        import io

        sink = io.BytesIO()
        transfer.download(self.calls, item.id, item.name, item.size, sink)
        try:
            found = json.loads(sink.getvalue())["id"]
        except (ValueError, KeyError, TypeError):
            found = None
        if not isinstance(found, str) or not found:
            raise Unreachable(f"{self.title}/{OWN}/{MARKER}: the root marker is damaged", "restore its former version")
        self._memory.set_value(f"marker {item.sha1}", found)
        return found

    def ensure(self, layout: Layout, known: Mapping[str, str]) -> Folders:
        """See `contract.Tree.ensure`. Raises NeedsPerson when the operator's folder is out of reach."""
        self._reached()
        if known and self.reach() is None:
            raise Unreachable(
                f"{self.title}: the root marker is missing, though it was in use", "restore .syncd in Box"
            )
        with self._meaning(f"puts the folders of {layout.operator} in place"):
            return self.folders.ensure(layout, known)

    def folder_identity(self, folder: str) -> str | None:
        """See `contract.Tree.folder_identity`."""
        self._reached()
        with self._meaning(f"looks for {folder}"):
            found = self.tree.top(Layout("", folder, {}))
        return None if found is None else found.id

    # ── keeping up ──

    def catch_up(self, within: float = 0.0) -> None:
        """See `contract.Cloud.catch_up`."""
        self._catch_up(within)

    def _catch_up(self, within: float) -> bool:
        """Returns whether others have changed anything."""
        with self._catching_up:
            if self._clock.monotonic() - self._caught_up_at < within:
                return False
            try:
                with self._meaning("asks what is new"):
                    if not self.tree.me:
                        self.tree.me = self._me()
                    concerned = self._events.follow()
            except SyncdError as error:
                trouble = error if isinstance(error, Unreachable) else Unreachable(error.message, error.remedy)
                self._trouble = (trouble, self._clock.monotonic())
                self._write_counts()
                raise trouble from error
            self._trouble = None
            self._caught_up_at = self._clock.monotonic()
            self._write_counts()
        if concerned is None or concerned:
            self._tell(concerned)
        return concerned is None or bool(concerned)

    def _reached(self) -> None:
        """Box was reached when it was last called. Raises Unreachable."""
        trouble = self._trouble
        if trouble is not None and self._clock.monotonic() - trouble[1] < RECOVER_SECONDS:
            raise trouble[0]
        if trouble is not None or self._caught_up_at == float("-inf"):
            with self._catching_up:
                if self._trouble is not None or self._caught_up_at == float("-inf"):
                    self._catch_up(0.0)

    def _me(self) -> str:
        """The id of syncd's own user; asked once for one way in."""
        auth = self.settings.auth
        way = (
            f"{auth.client_id} {auth.enterprise_id} {auth.user_id}"
            if isinstance(auth, ClientCredentials)
            else auth.path
        )
        key = f"me {hashlib.sha256(f'{self.settings.base_urls.base} {way}'.encode()).hexdigest()[:16]}"
        known = self._memory.value(key)
        if known is None:
            call = Call("other", "asks who syncd is", "GET", self.calls.at("/users/me"), {"fields": "id"}, expects="id")
            known = str(self.calls.send(call).body["id"])
            self._memory.set_value(key, known)
        return known

    def as_looked(self, layout: Layout) -> bool:
        """See `contract.Cloud.as_looked`."""
        self._catch_up(1.0)
        top = self.tree.top(layout)
        return top is not None and self.tree.turn(top.id) == self._looked.get(layout.operator)

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

        self._tell = tell
        return Listener(
            self.calls,
            lambda: self._catch_up(0.0),
            lambda: self._events.position,
            self.settings.poll_seconds,
            self.settings.long_poll,
        )

    def close(self) -> None:
        """See `contract.Tree.close`."""
        self._tell = lambda _: None
        self.calls.close()
        self._write_counts()

    def _write_counts(self) -> None:
        counted = self.calls.take_counted()
        if counted:
            day = datetime.fromtimestamp(self._clock.now(), self._zone()).date().isoformat()
            self._memory.add_calls(day, counted)

    # ── seeing ──

    def look(self, layout: Layout, memory: Mapping[Place, Sighting]) -> Look:
        """See `contract.Tree.look`."""
        self._reached()
        self._layouts[layout.operator] = layout
        with self._meaning(f"lists the folder of {layout.operator}"):
            top = self.tree.top(layout)
            if top is None:
                return Look(self.side, True, (), frozenset(layout.stages))
            self.tree.list_below(top.id)
            self._looked[layout.operator] = self.tree.turn(top.id)
            found: dict[Place, CloudItem] = {}
            whole = True
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

    def _sight(
        self, place: Place, item: CloudItem, memory: Mapping[Place, Sighting], beside: Mapping[Place, CloudItem]
    ) -> Sighting | None:
        waits = self._waits(place, item, beside)
        known = memory.get(place)
        if known is not None and known.sha1 is not None and (known.identity, known.etag) == (item.id, item.sha1):
            return replace(known, waits=waits)
        if names.ignored(place.name):
            return None
        return replace(self._seen(place, item), sha1=None, waits=waits)

    def _waits(self, place: Place, item: CloudItem, beside: Mapping[Place, CloudItem]) -> Waits | None:
        owned = any(replace(place, path=_beside(place, name)) in beside for name in names.owner_files(place.name))
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
            raise Changed(f"Box: {sighting.place.path}: was changed meanwhile", "syncd looks again by itself")
        return item.sha1

    def read(self, layout: Layout, sighting: Sighting, sink: BinaryIO) -> None:
        """See `contract.Tree.read`."""
        self._reached()
        name = sighting.place.path
        with self._meaning(f"fetches {name}", self.tree.item(sighting.identity)):
            found = transfer.download(self.calls, sighting.identity, name, sighting.size, sink)
            if found != sighting.etag:
                item = self.tree.item(sighting.identity)
                if item is not None:
                    self.tree.ask(item)
                raise Changed(f"Box: {name}: was changed, or arrived damaged", "syncd looks again by itself")

    def find(self, layout: Layout, identity: str) -> Sighting | None:
        """See `contract.Tree.find`."""
        with self._meaning(f"looks for a file of {layout.operator}"):
            known = self.tree.item(identity) or CloudItem(identity, False, "", identity, "", -1)
            item, _ = self.tree.ask(known)
            place = self.tree.place(layout, item) if item is not None else None
            return None if item is None or place is None else self._seen(place, item)

    # ── doing ──

    def prepare(self, content: Path, sha1: str, size: int) -> Prepared:
        """See `contract.Tree.prepare`. Box shows a file once it is whole, so nothing has to be staged there."""
        self._reached()
        with content.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha1").hexdigest()
        if (found, content.stat().st_size) != (sha1, size):
            raise SyncdError(
                f"{content}: is not the content {sha1}", "see `syncd doctor`: the state's disk may be failing"
            )
        token = f"{self._clock.now():.3f} {uuid.uuid4()} {content}"
        self._staged.add(token)
        return Prepared(token, "", sha1, size)

    def _staged_content(self, prepared: Prepared) -> Path:
        if prepared.token in self._discarded:
            raise SyncdError(
                "staged bytes were thrown away before they were put in place", "syncd looks again by itself"
            )
        return Path(prepared.token.split(" ", 2)[2])

    def find_prepared(self, layout: Layout, prepared: Prepared) -> Sighting | None:
        """See `contract.Tree.find_prepared`: what syncd itself made there since, with those bytes."""
        self._catch_up(0.0)
        with self._meaning(f"looks for an upload to {layout.operator}"):
            top = self.tree.top(layout)
            if top is None:
                return None
            for folder in self._all_folders(top.id):
                self.tree.list(folder)
            since = float(prepared.token.split(" ", 1)[0])
            for place, item in self.tree.files(layout, top.id):
                if item.own and item.sha1 == prepared.sha1 and item.learned_at >= since:
                    return self._seen(place, item)
        return None

    def _all_folders(self, folder: str) -> Iterator[str]:
        yield folder
        for each in self.tree.children(folder):
            if each.folder:
                yield from self._all_folders(each.id)

    def place(self, layout: Layout, target: Place, prepared: Prepared) -> Sighting:
        """See `contract.Tree.place`."""
        content = self._staged_content(prepared)
        with self._meaning(f"sends {target.path}"):
            parent = self._parent(layout, target)
            name = acceptable(target.name)
            item = self._free(parent, name, prepared.sha1)
            if item is None:
                item = self._upload_new(parent, name, content, prepared.sha1, prepared.size)
            return self._put(target, item, prepared.sha1)

    def _free(self, parent: CloudItem, name: str, sha1: str) -> CloudItem | None:
        """None when the name is free; the file when it is there with those bytes already. Raises NameTaken."""
        there = self.tree.child(parent.id, name)
        if there is None:
            return None
        if not there.folder and there.sha1 == sha1 and there.name == name:
            return there
        if self.tree.ask(there)[0] is None:
            return self._free(parent, name, sha1)
        there = self.tree.child(parent.id, name)
        if there is None:
            return None
        raise NameTaken(f"Box: {name} is there already", "syncd looks again by itself")

    def _upload_new(self, parent: CloudItem, name: str, content: Path, sha1: str, size: int) -> CloudItem:
        key = f"upload {parent.id} {sha1}"
        for _ in range(TRIES):
            try:
                entry = transfer.upload(
                    self.calls, content, sha1, size, name=name, parent=parent.id,
                    sessions={"session": self._memory.value(key) or ""},
                    keep_session=lambda session: self._memory.set_value(key, session),
                )  # fmt: skip
                return self.tree.keep(entry)
            except Uncertain as doubt:
                LOG.debug("%s", doubt)
                self.tree.list(parent.id, parent.name)
                self._catch_up(0.0)
                item = self._arrived(sha1)
                if item is not None:
                    return item
            except Refused as refused:
                if refused.status != 409 or refused.code not in ("item_name_in_use", ""):
                    raise
                item = self._in_the_way(parent, name, refused)
                if not item.folder and item.sha1 == sha1:
                    return item
                raise NameTaken(f"Box: {name} is there already", "syncd looks again by itself") from refused
        raise Unreachable(f"Box: sends {name}: no certain answer", "syncd tries again by itself")

    def _arrived(self, sha1: str) -> CloudItem | None:
        """A file that syncd made just now, though nobody heard the answer; wherever people may have moved it."""
        for layout in list(self._layouts.values()):
            top = self.tree.top(layout)
            for _, item in self.tree.files(layout, top.id) if top is not None else ():
                if item.own and item.sha1 == sha1 and self._clock.now() - item.learned_at < 60.0:
                    return item
        return None

    def _in_the_way(self, parent: CloudItem, name: str, refused: Refused) -> CloudItem:
        for conflict in refused.conflicts:
            kind, item_id = conflict.get("type"), conflict.get("id")
            if kind in ("file", "folder") and isinstance(item_id, str):
                known = self.tree.item(item_id) or CloudItem(item_id, kind == "folder", parent.id, name, "", -1)
                found, _ = self.tree.ask(known)
                if found is not None:
                    return found
        self.tree.list(parent.id, parent.name)
        found = self.tree.child(parent.id, name)
        if found is None:
            raise Unreachable(f"{refused.message}", "syncd looks again by itself") from refused
        return found

    def replace(self, layout: Layout, target: Place, identity: str, etag: str, prepared: Prepared) -> Sighting:
        """See `contract.Tree.replace`."""
        content = self._staged_content(prepared)
        with self._meaning(f"sends {target.path}", self.tree.item(identity)):
            doubtful = False
            for _ in range(TRIES):
                item = self._known(identity, target.path)
                if item.sha1 == prepared.sha1:
                    return self._put(target, item, prepared.sha1)
                if item.sha1 != etag or self.tree.place(layout, item) != target:
                    raise Changed(f"Box: {target.path}: was changed meanwhile", "syncd looks again by itself")
                try:
                    entry = transfer.upload(
                        self.calls, content, prepared.sha1, prepared.size, name=item.name, file=identity, etag=item.etag
                    )
                    return self._put(target, self.tree.keep(entry), prepared.sha1)
                except Uncertain as doubt:
                    LOG.debug("%s", doubt)
                    doubtful = True
                except Refused as refused:
                    if refused.status not in (409, 412):
                        raise
                self.tree.ask(item)
            if doubtful:
                raise Unreachable(f"Box: sends {target.path}: no certain answer", "syncd tries again by itself")
            raise Changed(f"Box: {target.path}: changes again and again", "syncd looks again by itself")

    def move(self, layout: Layout, source: Place, target: Place, identity: str, etag: str = "") -> Sighting:
        """See `contract.Tree.move`. Box moves whatever the file is by then, so what has moved is looked at."""
        with self._meaning(f"moves {source.path}", self.tree.item(identity)):
            item = self._known(identity, source.path)
            place = self.tree.place(layout, item)
            if place == target or (place is not None and place == self._mapped(target)):
                return self._seen(place, item)
            if place != source or (etag and item.sha1 != etag):
                raise Changed(f"Box: {source.path}: was changed meanwhile", "syncd looks again by itself")
            parent = self._parent(layout, target)
            name = acceptable(target.name)
            there = self.tree.child(parent.id, name)
            if there is not None and there.id != identity and self.tree.ask(there)[0] is not None:
                again = self.tree.child(parent.id, name)
                if again is not None and again.id != identity:
                    raise NameTaken(f"Box: {target.path} is there already", "syncd looks again by itself")
            moved = self._move(item, parent, name)
            if etag and moved.sha1 != etag:
                old = self.tree.item(item.parent)
                if old is not None:
                    self._move(moved, old, item.name)
                raise Changed(f"Box: {source.path}: was changed in the very moment of the move", "syncd looks again")
            self._clear_up(layout, item.parent)
            return self._seen(replace(target, path=_beside(target, moved.name)), moved)

    def _mapped(self, target: Place) -> Place:
        return replace(target, path=_beside(target, acceptable(target.name)))

    def _move(self, item: CloudItem, parent: CloudItem, name: str) -> CloudItem:
        body: dict[str, object] = {"parent": {"id": parent.id}}
        if name != item.name:
            body["name"] = name
        call = Call(
            "move", f"moves {item.name}", "PUT", self.calls.at(f"/files/{item.id}"), {"fields": items.FIELDS},
            body=body, expects="id",
        )  # fmt: skip
        try:
            return self.tree.keep(self.calls.send(call).body)
        except Refused as refused:
            if refused.status != 409 or refused.code not in ("item_name_in_use", ""):
                raise
            self._in_the_way(parent, name, refused)
            raise NameTaken(f"Box: {name} is there already", "syncd looks again by itself") from refused

    def remove(self, layout: Layout, source: Place, identity: str, etag: str, purge: bool) -> None:
        """See `contract.Tree.remove`. `purge` takes the file out of the trash, with all its versions."""
        with self._meaning(f"takes {source.path} away", self.tree.item(identity)):
            for _ in range(TRIES):
                item = self.tree.item(identity)
                if item is None:
                    break
                if item.sha1 != etag:
                    raise Changed(f"Box: {source.path}: was changed meanwhile", "syncd looks again by itself")
                call = Call(
                    "delete", f"takes {item.name} away", "DELETE", self.calls.at(f"/files/{identity}"),
                    headers={"if-match": item.etag} if item.etag else {},
                )  # fmt: skip
                try:
                    self.calls.send(call)
                except Refused as refused:
                    if refused.status == 412:
                        self.tree.ask(item)
                        continue
                    if refused.status != 404:
                        raise
                self.tree.lose(item)
                self._clear_up(layout, item.parent)
                break
            else:
                raise Changed(f"Box: {source.path}: changes again and again", "syncd looks again by itself")
            if purge:
                self._purge(identity, source.path)

    def _purge(self, identity: str, name: str) -> None:
        call = Call("delete", f"takes {name} out of the trash", "DELETE", self.calls.at(f"/files/{identity}/trash"))
        try:
            self.calls.send(call)
        except Refused as refused:
            if refused.status == 403:
                raise NeedsPerson(
                    f"Box: {name} was withdrawn but may not be taken out of the trash: {refused.message}",
                    "empty it there as the owner of the folder; make syncd's user its owner or co-owner",
                ) from refused
            if refused.status != 404:
                raise

    def discard(self, prepared: Prepared) -> None:
        """See `contract.Tree.discard`."""
        self._staged.discard(prepared.token)
        self._discarded.add(prepared.token)

    def sweep(self, keep: frozenset[str]) -> None:
        """See `contract.Tree.sweep`."""
        self._discarded |= self._staged - keep
        self._staged &= keep

    # ── shared ──

    def _known(self, identity: str, shown: str) -> CloudItem:
        item = self.tree.item(identity)
        if item is None:
            raise Changed(f"Box: {shown}: is not there any more", "syncd looks again by itself")
        return item

    def _parent(self, layout: Layout, place: Place) -> CloudItem:
        """The folder of a place, made if it isn't there. Raises SyncdError for no such place."""
        if not checked(place.path):
            raise SyncdError(f"a file of {layout.operator} has no name", "report this to syncd's makers")
        top = self.tree.top(layout)
        if top is None:
            raise Changed(f"Box: the folder of {layout.operator} is not there", "syncd looks again by itself")
        base: CloudItem | None = top
        if place.stage is not None:
            base = self.tree.child(top.id, layout.stages[place.stage])
        elif place.path.partition("/")[0] in layout.stages.values():
            raise SyncdError(f"{place.path!r} is in a stage, not loose", "report this to syncd's makers")
        if base is None or not base.folder:
            raise Changed(
                f"Box: the folder {layout.stages.get(place.stage or Stage.INBOX)} is not there", "syncd looks again"
            )
        return self.folders.make_below(base, "/".join(acceptable(part) for part in place.folder.split("/") if part))

    def _clear_up(self, layout: Layout, folder: str) -> None:
        """A subfolder goes with its last file; the operator's folder and those of the stages stay."""
        top = self.tree.top(layout)
        if top is not None and folder != top.id:
            stay = frozenset({top.id, *self.tree.stage_folders(layout, top.id)})
            try:
                self.folders.drop_empty(folder, stay)
            except SyncdError as error:
                LOG.debug("%s", error)  # an empty folder does no harm

    def _put(self, target: Place, item: CloudItem, sha1: str) -> Sighting:
        if item.sha1 != sha1:
            self.tree.ask(item)
            raise Changed(f"Box: {target.path}: was changed as soon as it was there", "syncd looks again by itself")
        return self._seen(replace(target, path=_beside(target, item.name)), item)

    @contextmanager
    def _meaning(self, what: str, item: CloudItem | None = None) -> Iterator[None]:
        """What is left of Box's answers, as this side's errors."""
        try:
            yield
        except Unreachable as error:
            if not self.calls.stopped.is_set():
                self._trouble = (error, self._clock.monotonic())
            raise
        except Uncertain as error:
            raise Unreachable(error.message, error.remedy) from error
        except Refused as refused:
            raise self._explained(what, item, refused) from refused

    def _explained(self, what: str, item: CloudItem | None, refused: Refused) -> SyncdError:
        if refused.code == "access_denied_item_locked" and item is not None:
            self.tree.ask(item)
            return Changed(f"Box: {item.name} is locked", "it is taken up again when it is unlocked")
        if refused.status in (404, 412) and item is not None:
            self.tree.ask(item)
            return Changed(f"Box: {item.name}: is no longer as it was seen", "syncd looks again by itself")
        if refused.code in FULL:
            return NeedsPerson(refused.message, "make room in Box, or raise the quota; then `syncd release`")
        if refused.status in (403, 404):
            return NeedsPerson(refused.message, "see that syncd's user is editor of the folder; then `syncd release`")
        if refused.status == 400:
            return NeedsPerson(refused.message, "rename what Box can't take; then `syncd release`")
        return Unreachable(refused.message, f"syncd tries again; it {what}")


def _beside(place: Place, name: str) -> str:
    """The path of a file of that name in the place's folder."""
    return f"{place.folder}/{name}" if place.folder else name
