"""What syncd changes in Box: puts files there, gives them new content, moves them, takes them away.

Owns what Box's answers mean for such an effect: done already, no longer as seen, a name that is taken. Where an answer
is lost it looks what has happened before it does anything again, so that no file is there twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from syncd.clouds.box import items, transfer
from syncd.clouds.box.calls import Call, Calls, Exhausted, Refused, Uncertain
from syncd.clouds.box.contact import AGAIN
from syncd.clouds.box.folders import BoxFolders, lost
from syncd.clouds.box.names import acceptable
from syncd.clouds.box.tree import ItemTree
from syncd.contract import CloudItem, CloudMemory
from syncd.errors import Changed, FolderConflict, ItemTrouble, NameTaken, SyncdError
from syncd.model import Layout, Place, Stage
from syncd.tree.confine import checked

LOG = logging.getLogger("syncd")
TRIES: Final = 4
"""How often an effect is begun anew while others change the same file, or while answers are lost."""


class Effects:
    """Idempotent changes; each returns the item as it is afterwards.

    Args:
        catch_up: learns what is new in Box.
        now: seconds since the epoch.
    """

    def __init__(
        self,
        calls: Calls,
        memory: CloudMemory,
        tree: ItemTree,
        folders: BoxFolders,
        catch_up: Callable[[], object],
        now: Callable[[], float],
    ) -> None:
        self._calls = calls
        self._memory = memory
        self._tree = tree
        self._folders = folders
        self._catch_up = catch_up
        self._now = now

    # ── beforehand ──

    def ready(self, layout: Layout, source: Place | None, target: Place | None) -> None:
        """See `contract.Tree.ready`."""
        top = self._tree.top(layout)
        if top is None:
            return
        if source is not None:
            item = self._at(layout, top, source)
            if item is not None and not item.folder and item.locked_until > self._now():
                raise ItemTrouble("locked", f"Box: {source.path}: is locked", "ask who locked it to unlock it")
        if target is not None:
            self._require_way_in(layout, top, source, target)

    def _require_way_in(self, layout: Layout, top: CloudItem, source: Place | None, target: Place) -> None:
        """That no folder bears the file's name, and no file that of a folder in which it is to lie."""
        there = self._at(layout, top, target)
        within = source is not None and source.stage is target.stage and source.path.startswith(f"{target.path}/")
        if there is not None and there.folder and not within:
            said = f"Box: {target.path}: a folder of that name lies there"
            raise ItemTrouble("folder_in_the_way", said, "rename or move that folder")
        parts = target.folder.split("/") if target.folder else []
        for count in range(1, len(parts) + 1):
            place = replace(target, path="/".join(parts[:count]))
            above = self._at(layout, top, place)
            if above is not None and not above.folder and place != source:
                said = f"Box: {above.name}: is a file, where a folder has to be"
                raise ItemTrouble("file_in_the_way", said, "rename that file")

    def _at(self, layout: Layout, top: CloudItem, place: Place) -> CloudItem | None:
        stage = "" if place.stage is None else f"{layout.stages[place.stage]}/"
        parts = [acceptable(part) for part in place.path.split("/")]
        return self._tree.at(top.id, stage + "/".join(parts))

    # ── new files ──

    def place(self, layout: Layout, target: Place, content: Path, sha1: str, size: int) -> CloudItem:
        """See `contract.Tree.place`."""
        parent = self._parent(layout, target)
        name = acceptable(target.name)
        there = self._there(parent, name)
        if there is None:
            return self.upload(parent, name, content, sha1, size, layout)
        if not there.folder and (there.sha1, there.name) == (sha1, name):
            return there
        raise NameTaken(f"Box: {name} is there already", AGAIN)

    def upload(
        self, parent: CloudItem, name: str, content: Path, sha1: str, size: int, layout: Layout | None = None
    ) -> CloudItem:
        """A new file; a session of an upload in parts is gone on with, also after a crash."""
        began = self._now()
        session = f"upload {parent.id} {sha1}"
        for _ in range(self._tries):
            try:
                entry = transfer.upload(
                    self._calls, content, sha1, size, name=name, parent=parent.id,
                    session=self._memory.value(session) or "",
                    keep_session=lambda found: self._memory.set_value(session, found),
                )  # fmt: skip
                return self._kept(entry, sha1, size)
            except Uncertain as doubt:
                LOG.debug("%s", doubt)
                with _in_doubt():
                    self._tree.list(parent.id, parent.name)
                    self._catch_up()
                arrived = self.made_since(layout, sha1, began) if layout is not None else None
                if arrived is not None:
                    return arrived[1]
            except Refused as refused:
                if refused.status == 404 and self._tree.ask(parent)[0] is None:
                    raise Changed(f"Box: the folder {parent.name} is not there any more", AGAIN) from refused
                if not _name_in_use(refused):
                    raise
                there = self._in_the_way(parent, name, refused)
                if not there.folder and there.sha1 == sha1:
                    return there
                raise NameTaken(f"Box: {name} is there already", AGAIN) from refused
        raise Exhausted(f"Box: sends {name}: no certain answer", "syncd tries again by itself")  # and it isn't there

    @property
    def _tries(self) -> int:
        return TRIES if self._calls.pauses else 1

    def _kept(self, entry: Mapping[str, Any], sha1: str, size: int) -> CloudItem:
        """What Box says of bytes that it has just compared with their SHA-1; it may be silent about that."""
        item = self._tree.keep(entry)
        return replace(item, sha1=sha1) if not item.sha1 and item.size == size else item

    def made_since(self, layout: Layout, sha1: str, since: float) -> tuple[Place, CloudItem] | None:
        """A file with those bytes in the operator's folder that syncd made and first heard of since then.

        It is what an upload made whose answer was lost, wherever people may have moved it by now.
        """
        top = self._tree.top(layout)
        for place, item in self._tree.files(layout, top.id) if top is not None else ():
            if item.own and item.sha1 == sha1 and item.learned_at >= since:
                return place, item
        return None

    # ── new content ──

    def replace(
        self, layout: Layout, target: Place, identity: str, etag: str, content: Path, sha1: str, size: int
    ) -> CloudItem:
        """See `contract.Tree.replace`."""
        session = f"version {identity} {sha1}"
        taken = False
        for _ in range(self._tries):
            item = self._known(identity, target)
            if item.sha1 == sha1:
                return item
            if item.sha1 != etag or self._tree.place(layout, item) != target:
                raise Changed(f"Box: {target.path}: was changed meanwhile", AGAIN)
            try:
                entry = transfer.upload(
                    self._calls, content, sha1, size, name=item.name, file=identity, etag=item.etag,
                    session=self._memory.value(session) or "",
                    keep_session=lambda found: self._memory.set_value(session, found),
                )  # fmt: skip
                return self._kept(entry, sha1, size)
            except Uncertain as doubt:
                LOG.debug("%s", doubt)
                taken = False
            except Refused as refused:
                if refused.status not in (409, 412):
                    raise
                taken = True
            with _in_doubt():
                self._tree.ask(item)
        item = self._known(identity, target)
        if item.sha1 == sha1:
            return item
        if taken:
            raise ItemTrouble("name_reserved", f"Box: {target.path}: its name is said to be in use", AGAIN)
        raise Exhausted(f"Box: sends {target.path}: no certain answer", "syncd tries again by itself")

    # ── moves ──

    def move(self, layout: Layout, source: Place, target: Place, identity: str, etag: str) -> CloudItem:
        """See `contract.Tree.move`. Box moves whatever the file is by then, so what has moved is looked at."""
        item = self._known(identity, source)
        place = self._tree.place(layout, item)
        if place is not None and place in (target, replace(target, path=beside(target, acceptable(target.name)))):
            return item
        if place != source or (etag and item.sha1 != etag):
            raise Changed(f"Box: {source.path}: was changed meanwhile", AGAIN)
        parent = self._parent(layout, target)
        name = acceptable(target.name)
        there = self._there(parent, name)
        if there is not None and there.id != identity:
            raise NameTaken(f"Box: {target.path} is there already", AGAIN)
        moved = self._put_into(item, parent, name)
        renamed = name == item.name != moved.name
        if etag and (moved.sha1 != etag or renamed):
            old = self._tree.item(item.parent)
            if old is not None:
                self._put_into(moved, old, moved.name if renamed else item.name)
            raise Changed(f"Box: {source.path}: was changed in the very moment of the move", AGAIN)
        self._clear_up(layout, item.parent)
        return moved

    def _put_into(self, item: CloudItem, parent: CloudItem, name: str) -> CloudItem:
        body: dict[str, object] = {"parent": {"id": parent.id}}
        if name != item.name:
            body["name"] = name
        call = Call(
            "move", f"moves {item.name}", "PUT", self._calls.at(f"/files/{item.id}"), {"fields": items.FIELDS},
            body=body, expects="id",
        )  # fmt: skip
        try:
            moved = self._tree.keep(self._calls.send(call).body)
            return moved if moved.sha1 else replace(moved, sha1=item.sha1)
        except Exhausted as error:
            with _in_doubt():
                found, _ = self._tree.ask(item)
            if found is not None and (found.parent, found.name) == (parent.id, name):
                return found
            error.happened = False
            raise
        except Refused as refused:
            if refused.status == 404 and self._tree.ask(parent)[0] is None:
                raise Changed(f"Box: the folder {parent.name} is not there any more", AGAIN) from refused
            if not _name_in_use(refused):
                raise
            self._in_the_way(parent, name, refused)
            raise NameTaken(f"Box: {name} is there already", AGAIN) from refused

    # ── away ──

    def remove(self, layout: Layout, source: Place, identity: str, etag: str, purge: bool) -> None:
        """See `contract.Tree.remove`. `purge` takes the file out of the trash, with all its versions."""
        for _ in range(TRIES):
            item = self._tree.item(identity)
            if item is not None and self._tree.place(layout, item) != source:
                return  # a person has moved it on: that is the next gesture
            if item is None or self._trashed(layout, item, source, etag):
                break
        else:
            raise Changed(f"Box: {source.path}: changes again and again", AGAIN)
        if item is not None:
            self._tree.lose(item)
            self._clear_up(layout, item.parent)
        if purge:
            self._purge(identity, source.path)

    def _trashed(self, layout: Layout, item: CloudItem, source: Place, etag: str) -> bool:
        """False when it was changed at once, perhaps in its name only."""
        if item.sha1 != etag:
            raise Changed(f"Box: {source.path}: was changed meanwhile", AGAIN)
        call = Call(
            "delete", f"takes {item.name} away", "DELETE", self._calls.at(f"/files/{item.id}"),
            headers={"if-match": item.etag} if item.etag else {},
        )  # fmt: skip
        try:
            self._calls.send(call)
        except Exhausted as error:
            with _in_doubt():
                if self._tree.ask(item)[0] is None:
                    return True
            error.happened = False
            raise
        except Refused as refused:
            if refused.status == 412:
                self._tree.ask(item)
                return False
            if refused.status != 404:
                raise
            if refused.code != "trashed":
                self._require_folder(layout)
        return True

    def _require_folder(self, layout: Layout) -> None:
        """Without access everything is as if it were gone. Raises NeedsPerson when the operator's folder is."""
        top = self._tree.top(layout)
        if top is None or self._tree.ask(top)[0] is None:
            raise lost(layout)

    def _purge(self, identity: str, name: str) -> None:
        """Raises ItemTrouble: the file is in the trash, so the removal is half done."""
        call = Call("delete", f"takes {name} out of the trash", "DELETE", self._calls.at(f"/files/{identity}/trash"))
        try:
            self._calls.send(call)
        except Exhausted as error:
            error.happened = True
            raise
        except Refused as refused:
            if refused.status != 404:
                raise ItemTrouble(
                    "in_the_trash",
                    f"Box: {name} was withdrawn but may not be taken out of the trash: {refused.message}",
                    "delete it there as the owner of the folder",
                    uncertain=True,
                ) from refused

    # ── shared ──

    def _known(self, identity: str, place: Place) -> CloudItem:
        item = self._tree.item(identity)
        if item is None:
            raise Changed(f"Box: {place.path}: is not there any more", AGAIN)
        return item

    def _there(self, parent: CloudItem, name: str) -> CloudItem | None:
        """What has that name there; asked for, unless nothing is known to have it."""
        there = self._tree.child(parent.id, name)
        if there is None:
            return None
        self._tree.ask(there)
        return self._tree.child(parent.id, name)

    def _in_the_way(self, parent: CloudItem, name: str, refused: Refused) -> CloudItem:
        """What Box says has the name. Raises ItemTrouble when nothing is there that syncd could see."""
        for conflict in refused.conflicts:
            kind, item_id = conflict.get("type"), conflict.get("id")
            if kind in ("file", "folder") and isinstance(item_id, str):
                known = self._tree.item(item_id) or CloudItem(item_id, kind == "folder", parent.id, name, "", -1)
                found, _ = self._tree.ask(known)
                if found is not None:
                    return found
        self._tree.list(parent.id, parent.name)
        found = self._tree.child(parent.id, name)
        if found is None:
            raise ItemTrouble("name_reserved", refused.message, "see what has that name there") from refused
        return found

    def _parent(self, layout: Layout, place: Place) -> CloudItem:
        """The folder of a place, made if it isn't there. Raises SyncdError for no such place."""
        if not checked(place.path):
            raise SyncdError(f"a file of {layout.operator} has no name", "report this to syncd's makers")
        top = self._tree.top(layout)
        if top is None:
            raise Changed(f"Box: the folder of {layout.operator} is not there", AGAIN)
        base: CloudItem | None = top
        if place.stage is not None:
            base = self._tree.child(top.id, layout.stages[place.stage])
        elif place.path.partition("/")[0] in layout.stages.values():
            raise SyncdError(f"{place.path!r} is in a stage, not loose", "report this to syncd's makers")
        if base is None or not base.folder:
            raise Changed(f"Box: the folder {layout.stages[place.stage or Stage.INBOX]} is not there", AGAIN)
        try:
            return self._folders.make_below(
                base, "/".join(acceptable(part) for part in place.folder.split("/") if part)
            )
        except FolderConflict as conflict:
            raise ItemTrouble("file_in_the_way", conflict.message, conflict.remedy) from conflict

    def _clear_up(self, layout: Layout, folder: str) -> None:
        """A subfolder goes with its last file; the operator's folder and those of the stages stay."""
        top = self._tree.top(layout)
        if top is not None and folder != top.id:
            stay = frozenset({top.id, *self._tree.stage_folders(layout, top.id)})
            try:
                self._folders.drop_empty(folder, stay)
            except SyncdError as error:
                LOG.debug("%s", error)  # an empty folder does no harm


@contextmanager
def _in_doubt() -> Iterator[None]:
    """Around what is asked to find out whether a call took effect: without an answer, nobody knows."""
    try:
        yield
    except Exhausted as error:
        error.happened = True
        raise


def beside(place: Place, name: str) -> str:
    """The path of a file of that name in the place's folder."""
    return f"{place.folder}/{name}" if place.folder else name


def _name_in_use(refused: Refused) -> bool:
    return refused.status == 409 and refused.code in ("item_name_in_use", "")
