"""What can be done with a file's content: uploaded, replaced, promoted, locked. Keeps the bytes by their SHA-1."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from tests.boxsim import access
from tests.boxsim.events import Events
from tests.boxsim.model import Item, Lock, State, Version
from tests.boxsim.tree import Tree
from tests.boxsim.wire import Refused, not_found


class Bytes:
    """Contents by SHA-1: in memory, or in a folder when there is one."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._memory: dict[str, bytes] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def keep(self, content: bytes, sha1: str) -> None:
        """Keeps bytes whose SHA-1 the caller has."""
        if self._folder is None:
            self._memory[sha1] = content
        elif not (path := self._folder / sha1).exists():
            part = path.with_suffix(".part")
            part.write_bytes(content)
            os.replace(part, path)

    def get(self, sha1: str) -> bytes:
        """The bytes that were kept."""
        return self._memory[sha1] if self._folder is None else (self._folder / sha1).read_bytes()


def digest(content: bytes) -> str:
    """SHA-1 in hex, which is what Box knows contents by."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


Times = tuple[float | None, float | None]
"""When a file's content was made and changed according to whoever uploads it."""


class Contents:
    """The contents of all files."""

    def __init__(self, state: State, tree: Tree, events: Events, kept: Bytes, clock: Callable[[], float]) -> None:
        self._state = state
        self._tree = tree
        self._events = events
        self._clock = clock
        self.kept = kept

    def check_room(self, folder: Item, size: int) -> None:
        """Raises Refused when the folder's owner has no room for so many bytes."""
        quota = self._state.users[folder.owner_id].quota
        if quota is not None and self.used(folder.owner_id) + size > quota:
            raise Refused(403, "storage_limit_exceeded", "Account storage limit reached")

    def used(self, user_id: str) -> int:
        """How many bytes a user's files have, with all versions and the trash."""
        return sum(
            version.size
            for item in self._state.items.values()
            if item.owner_id == user_id and item.kind == "file" and not item.purged
            for version in item.versions
        )

    def check_new(self, actor_id: str, folder: Item, name: object, size: int) -> str:
        """The name under which a new file would be kept. Raises Refused when it can't be."""
        access.require(self._state, folder, actor_id, "upload")
        kept = self._tree.name(name)
        self._tree.free(folder, kept, "file")
        self.check_room(folder, size)
        return kept

    def upload(self, actor_id: str, folder: Item, name: object, content: bytes, times: Times = (None, None)) -> Item:
        """A new file. Raises Refused."""
        kept = self.check_new(actor_id, folder, name, len(content))
        now = self._clock()
        made = self._tree.add("file", folder, kept, actor_id, (times[0] or now, times[1] or now))
        made.versions = [self._version(content, kept, 1, actor_id)]
        self._events.emit("ITEM_UPLOAD", made, actor_id)
        return made

    def check_version(self, actor_id: str, file: Item, name: object, size: int) -> str:
        """The name that a file will have with its new version. Raises Refused when it can't have one."""
        access.require(self._state, file, actor_id, "version")
        self._tree.check_lock(file, actor_id)
        kept = file.name if name is None else self._tree.name(name)
        folder = self._state.items[file.parent_id or ""]
        if kept != file.name:
            self._tree.check_update(actor_id, file, kept, folder)
        self.check_room(folder, size)
        return kept

    def replace(
        self, actor_id: str, file: Item, content: bytes, name: object = None, times: Times = (None, None)
    ) -> Item:
        """A new version of a file. Raises Refused."""
        kept = self.check_version(actor_id, file, name, len(content))
        if kept != file.name:
            self._tree.update(actor_id, file, kept, self._state.items[file.parent_id or ""])
        file.versions.append(self._version(content, kept, file.current.number + 1, actor_id))
        self._tree.touch(file, actor_id)
        file.content_modified_at = times[1] or self._clock()
        self._events.emit("ITEM_UPLOAD", file, actor_id)
        return file

    def _version(self, content: bytes, name: str, number: int, actor_id: str) -> Version:
        sha1 = digest(content)
        self.kept.keep(content, sha1)
        return self._tree.version(sha1, len(content), name, number, actor_id)

    def version(self, file: Item, version_id: str) -> Version:
        """One of a file's versions. Raises Refused."""
        for version in file.versions:
            if version.id == version_id:
                return version
        raise not_found(version_id)

    def promote(self, actor_id: str, file: Item, version: Version) -> Version:
        """Makes an old version the newest one, by a copy of it. Raises Refused."""
        access.require(self._state, file, actor_id, "version")
        self._tree.check_lock(file, actor_id)
        made = self._tree.renumbered(version, file.current.number + 1, actor_id)
        file.versions.append(made)
        self._tree.touch(file, actor_id)
        self._events.emit("ITEM_MAKE_CURRENT_VERSION", file, actor_id)
        return made

    def trash_version(self, actor_id: str, file: Item, version: Version) -> None:
        """Puts an old version into the trash. Raises Refused."""
        access.require(self._state, file, actor_id, "delete")
        self._tree.check_lock(file, actor_id)
        if version is file.current:
            raise Refused(403, "access_denied_insufficient_permissions", "The current version can't be deleted")
        version.trashed_at, version.trashed_by = self._clock(), actor_id

    def lock(self, actor_id: str, file: Item, expires_at: float | None, prevents_download: bool) -> None:
        """Locks a file for everybody else. Raises Refused."""
        access.require(self._state, file, actor_id, "lock")
        self._tree.check_lock(file, actor_id)
        file.lock = Lock(self._state.new_id(), actor_id, self._clock(), expires_at, prevents_download)
        file.sequence += 1
        self._events.emit("LOCK_CREATE", file, actor_id)

    def unlock(self, actor_id: str, file: Item) -> None:
        """Ends a lock: one's own, or as the owner anybody's. Raises Refused."""
        access.require(self._state, file, actor_id, "lock")
        if file.lock is None:
            return
        if file.owner_id != actor_id:
            self._tree.check_lock(file, actor_id)
        file.lock = None
        file.sequence += 1
        self._events.emit("LOCK_DESTROY", file, actor_id)
