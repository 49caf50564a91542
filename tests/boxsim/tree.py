"""What can be done with items: made, renamed, moved, copied, trashed, restored, purged.

Owns names being unique, etags rising, rights being asked and events being told. Both the API and people (`hands`) go
through here. Every refusal is a `Refused`, raised before anything has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from tests.boxsim import access, shapes
from tests.boxsim.events import Events
from tests.boxsim.model import Item, Kind, State, Version
from tests.boxsim.names import accepted, folded
from tests.boxsim.wire import Json, Refused, bad, forbidden, not_found

TRASH_SECONDS: Final = 30 * 86_400
"""How long something stays in the trash."""


class Tree:
    """All items of the enterprise."""

    def __init__(self, state: State, events: Events, clock: Callable[[], float]) -> None:
        self._state = state
        self._events = events
        self._clock = clock
        self.strips = ""
        self.refuse_purge = False

    def name(self, name: object) -> str:
        """A name as Box keeps it. Raises Refused."""
        return accepted(name, self.strips)

    def child(self, folder: Item, name: str) -> Item | None:
        """What is called so in a folder."""
        found = folder.children.get(folded(name))
        return None if found is None else self._state.items[found]

    def free(self, folder: Item, name: str, kind: Kind, item: Item | None = None) -> None:
        """Raises Refused (409) when a name is taken by something else than `item`."""
        taken = self.child(folder, name)
        if taken is not None and taken is not item:
            conflict = shapes.conflict(taken)
            context: Json = {"conflicts": conflict if kind == "file" else [conflict]}
            raise Refused(409, "item_name_in_use", "Item with the same name already exists", context)

    def below(self, item: Item) -> Iterator[Item]:
        """An item and all that is in it and not in the trash itself."""
        yield item
        for child in item.children.values():
            yield from self.below(self._state.items[child])

    def add(self, kind: Kind, folder: Item, name: str, actor_id: str, times: tuple[float, float] | None = None) -> Item:
        """A new item, without an event; names and rights were looked at."""
        now = self._clock()
        created, modified = times or (now, now)
        item = Item(
            id=self._state.new_id(),
            kind=kind,
            name=name,
            parent_id=folder.id,
            owner_id=folder.owner_id,
            created_at=now,
            created_by=actor_id,
            modified_at=now,
            modified_by=actor_id,
            content_created_at=created,
            content_modified_at=modified,
        )
        self._state.items[item.id] = item
        folder.children[folded(name)] = item.id
        return item

    def touch(self, item: Item, actor_id: str) -> None:
        """An item changed."""
        item.sequence += 1
        item.modified_at = self._clock()
        item.modified_by = actor_id

    def make_folder(self, actor_id: str, folder: Item, name: object) -> Item:
        """A new folder. Raises Refused."""
        access.require(self._state, folder, actor_id, "upload")
        kept = self.name(name)
        self.free(folder, kept, "folder")
        made = self.add("folder", folder, kept, actor_id)
        self._events.emit("ITEM_CREATE", made, actor_id)
        return made

    def check_update(self, actor_id: str, item: Item, name: str, target: Item) -> None:
        """Raises Refused when an item may not get this name and parent."""
        state = self._state
        if item.is_root:
            raise forbidden()
        renamed, moved = name != item.name, self._moves(actor_id, item, target)
        if not (renamed or moved):
            return
        access.require(state, item, actor_id, "rename")
        self.check_lock(item, actor_id)
        if moved:
            if access.is_mount(state, item, actor_id):
                access.require(state, item, actor_id, "rearrange")
            access.require(state, item, actor_id, "delete")
            access.require(state, target, actor_id, "upload")
            if any(folder is item for folder in access.above(state, target)):
                raise bad("Folder move creates cyclical folder structure", "cyclical_folder_structure")
        self.free(target if moved else state.items[item.parent_id or ""], name, item.kind, item)

    def _moves(self, actor_id: str, item: Item, target: Item) -> bool:
        """Whether `target` is another parent: what is shared with somebody lies in their "All Files" already."""
        state = self._state
        mounted = target.id == state.users[actor_id].root and access.is_mount(state, item, actor_id)
        return target.id != item.parent_id and not mounted

    def update(self, actor_id: str, item: Item, name: str, target: Item) -> None:
        """Renames and moves an item: an event for each. Raises Refused."""
        self.check_update(actor_id, item, name, target)
        state = self._state
        parent = state.items[item.parent_id or ""]
        renamed, moved = name != item.name, self._moves(actor_id, item, target)
        if not (renamed or moved):
            return
        if not moved:
            target = parent
        before = access.viewers(state, item)
        del parent.children[folded(item.name)]
        item.name, item.parent_id = name, target.id
        target.children[folded(name)] = item.id
        if target.owner_id != item.owner_id:
            for each in self.below(item):
                each.owner_id = target.owner_id
        self.touch(item, actor_id)
        if moved:
            self._events.emit("ITEM_MOVE", item, actor_id, before)
        if renamed:
            self._events.emit("ITEM_RENAME", item, actor_id, before)

    def check_lock(self, item: Item, actor_id: str) -> None:
        """Raises Refused when somebody else has locked the file."""
        lock = item.lock
        if lock is not None and lock.expires_at is not None and lock.expires_at <= self._clock():
            item.lock = lock = None
        if lock is not None and lock.by != actor_id:
            raise Refused(403, "access_denied_item_locked", "Access denied - item locked")

    def trash(self, actor_id: str, item: Item, recursive: bool = True) -> None:
        """Puts an item into the trash. Raises Refused."""
        state = self._state
        if item.is_root:
            raise forbidden()
        access.require(state, item, actor_id, "delete")
        if access.is_mount(state, item, actor_id):
            access.require(state, item, actor_id, "rearrange")
        self.check_lock(item, actor_id)
        if item.children and not recursive:
            raise bad("Cannot delete - folder not empty", "folder_not_empty")
        del state.items[item.parent_id or ""].children[folded(item.name)]
        item.trashed_at, item.trashed_by = self._clock(), actor_id
        item.lock = None
        item.sequence += 1
        state.trash[item.id] = None
        self._events.emit("ITEM_TRASH", item, actor_id)

    def restore(self, actor_id: str, item: Item, name: object = None, fallback: Item | None = None) -> None:
        """Takes an item out of the trash, to where it was, or to `fallback` when that is gone. Raises Refused."""
        state = self._state
        if item.id not in state.trash:
            raise not_found(item.id, "not_trashed")
        access.require(state, item, actor_id, "delete")
        parent = state.items.get(item.parent_id or "")
        if parent is None or parent.purged or access.in_trash(state, parent):
            if fallback is None:
                raise not_found(item.parent_id or "", "not_found")
            parent = fallback
        access.require(state, parent, actor_id, "upload")
        kept = item.name if name is None else self.name(name)
        self.free(parent, kept, item.kind)
        del state.trash[item.id]
        item.trashed_at = item.trashed_by = None
        item.name, item.parent_id = kept, parent.id
        parent.children[folded(kept)] = item.id
        for each in self.below(item):
            each.owner_id = parent.owner_id
        self.touch(item, actor_id)
        self._events.emit("ITEM_UNDELETE_VIA_TRASH", item, actor_id)

    def purge(self, actor_id: str, item: Item) -> None:
        """Deletes an item in the trash for good; nobody is told. Raises Refused."""
        if item.id not in self._state.trash:
            raise not_found(item.id, "not_trashed")
        access.require(self._state, item, actor_id, "delete")
        if self.refuse_purge:
            raise forbidden()
        self._forget(item)

    def empty_expired(self) -> None:
        """What was in the trash for long enough is purged."""
        due = self._clock() - TRASH_SECONDS
        for item_id in list(self._state.trash):
            item = self._state.items[item_id]
            if item.trashed_at is not None and item.trashed_at <= due:
                self._forget(item)

    def _forget(self, item: Item) -> None:
        del self._state.trash[item.id]
        for each in self.below(item):
            each.purged = True

    def copy(self, actor_id: str, item: Item, target: Item, name: object = None) -> Item:
        """A copy of a file, or of a folder with all that is in it. Raises Refused."""
        state = self._state
        if item.is_root:
            raise forbidden()
        access.require(state, item, actor_id, "download")
        access.require(state, target, actor_id, "upload")
        kept = item.name if name is None else self.name(name)
        if any(folder is item for folder in access.above(state, target)):
            raise bad("Folder cannot be copied into itself", "cyclical_folder_structure")
        self.free(target, kept, item.kind)
        made = self._copied(actor_id, item, target, kept)
        self._events.emit("ITEM_COPY", made, actor_id)
        return made

    def _copied(self, actor_id: str, item: Item, target: Item, name: str) -> Item:
        made = self.add(item.kind, target, name, actor_id, (item.content_created_at, item.content_modified_at))
        made.description = item.description
        if item.kind == "file":
            made.versions = [self.version(item.current.sha1, item.current.size, name, 1, actor_id)]
        for child in list(item.children.values()):
            below = self._state.items[child]
            self._copied(actor_id, below, made, below.name)
        return made

    def version(self, sha1: str, size: int, name: str, number: int, actor_id: str) -> Version:
        """A version that was made now."""
        now = self._clock()
        return Version(self._state.new_id(), sha1, size, name, number, now, now, actor_id)

    def renumbered(self, version: Version, number: int, actor_id: str) -> Version:
        """The same content as a version of its own."""
        now = self._clock()
        return replace(
            version,
            id=self._state.new_id(),
            number=number,
            created_at=now,
            modified_at=now,
            modified_by=actor_id,
            trashed_at=None,
            trashed_by=None,
        )
