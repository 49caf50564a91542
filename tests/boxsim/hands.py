"""A person who works with paths below a folder, without HTTP, but through the same rules and with the same events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.boxsim import access
from tests.boxsim.model import Item
from tests.boxsim.wire import Refused, not_found

if TYPE_CHECKING:
    from tests.boxsim.simulator import Simulator


class Hands:
    """Paths have `/` between names; "" is the folder itself. Every method raises Refused when Box would refuse."""

    def __init__(self, sim: Simulator, folder_id: str, user_id: str) -> None:
        self._sim = sim
        self._folder_id = folder_id
        self.user_id = user_id

    def put(self, path: str, content: bytes) -> str:
        """Uploads a file, or a new version of it; missing folders are made. Its id."""
        with self._sim.changed:
            folder, name = self._made_parent(path)
            name = self._sim.tree.name(name)
            known = self._child(folder, name)
            if known is not None and known.kind == "file":
                return self._sim.contents.replace(self.user_id, known, content).id
            return self._sim.contents.upload(self.user_id, folder, name, content).id

    def make_folder(self, path: str) -> str:
        """Makes a folder and those above it. The folder's id."""
        with self._sim.changed:
            return self._made_folder(path).id

    def rename(self, path: str, to: str) -> None:
        """Renames and moves a file or folder; missing folders are made."""
        with self._sim.changed:
            item = self._found(path)
            folder, name = self._made_parent(to)
            self._sim.tree.update(self.user_id, item, self._sim.tree.name(name), folder)

    def delete(self, path: str) -> None:
        """Puts a file, or a folder with all that is in it, into the trash."""
        with self._sim.changed:
            self._sim.tree.trash(self.user_id, self._found(path))

    def copy(self, path: str, to: str) -> str:
        """Copies a file or folder. The copy's id."""
        with self._sim.changed:
            item = self._found(path)
            folder, name = self._made_parent(to)
            return self._sim.tree.copy(self.user_id, item, folder, name).id

    def restore(self, item_id: str) -> None:
        """Takes an item out of the trash, to where it was."""
        with self._sim.changed:
            item = self._sim.state.items.get(item_id)
            if item is None or item.purged:
                raise not_found(item_id)
            self._sim.tree.restore(self.user_id, item)

    def purge(self, item_id: str) -> None:
        """Deletes an item in the trash for good."""
        with self._sim.changed:
            item = self._sim.state.items.get(item_id)
            if item is None:
                raise not_found(item_id)
            self._sim.tree.purge(self.user_id, item)

    def lock(self, path: str) -> None:
        """Locks a file for everybody else."""
        with self._sim.changed:
            self._sim.contents.lock(self.user_id, self._found(path), None, False)

    def unlock(self, path: str) -> None:
        """Ends the lock."""
        with self._sim.changed:
            self._sim.contents.unlock(self.user_id, self._found(path))

    def content(self, path: str) -> bytes | None:
        """A file's content; None for no file."""
        with self._sim.changed:
            item = self._item(path)
            return None if item is None or item.kind != "file" else self._bytes(item)

    def tree(self) -> dict[str, bytes]:
        """All files by path."""
        with self._sim.changed:
            return {path: self._bytes(item) for path, item in self._below() if item.kind == "file"}

    def folders(self) -> set[str]:
        """The paths of all folders."""
        with self._sim.changed:
            return {path for path, item in self._below() if item.kind == "folder"}

    def identity(self, path: str) -> str | None:
        """The id of a file or folder; None for nothing there."""
        with self._sim.changed:
            item = self._item(path)
            return None if item is None else self._folder_id if path == "" else item.id

    def entries(self, path: str = "") -> list[str]:
        """The names of what is in a folder, sorted."""
        with self._sim.changed:
            folder = self._item(path)
            return [] if folder is None else sorted(child.name for child in self._children(folder))

    def _bytes(self, item: Item) -> bytes:
        return self._sim.contents.kept.get(item.current.sha1)

    def _start(self) -> Item:
        self._sim.settle()
        self._sim.unsaved = True
        return access.found(self._sim.state, self.user_id, self._folder_id, "folder")

    def _children(self, folder: Item) -> list[Item]:
        """What is in a folder; in the person's "All Files" also what is shared with them."""
        state = self._sim.state
        found = [state.items[child] for child in folder.children.values()]
        if folder.is_root:
            shared = (state.items[state.collaborations[each].item_id] for each in state.mounted.get(self.user_id, ()))
            found += [
                item
                for item in shared
                if access.is_mount(state, item, self.user_id) and not access.in_trash(state, item)
            ]
        return found

    def _child(self, folder: Item, name: str) -> Item | None:
        found = self._sim.tree.child(folder, name)
        if found is None and folder.is_root:
            found = next((item for item in self._children(folder) if item.name == name), None)
        return found

    def _item(self, path: str) -> Item | None:
        here: Item | None = self._start()
        for name in path.split("/") if path else ():
            if here is None or here.kind != "folder":
                return None
            here = self._child(here, name)
        return here

    def _found(self, path: str) -> Item:
        item = self._item(path)
        if item is None:
            raise not_found(path)
        return item

    def _made_folder(self, path: str) -> Item:
        here = self._start()
        for name in map(self._sim.tree.name, path.split("/") if path else ()):
            below = self._child(here, name)
            if below is None:
                below = self._sim.tree.make_folder(self.user_id, here, name)
            if below.kind != "folder":
                raise Refused(409, "item_name_in_use", f"{path}: a file is in the way")
            here = below
        return here

    def _made_parent(self, path: str) -> tuple[Item, str]:
        parent, _, name = path.rpartition("/")
        return self._made_folder(parent), name

    def _below(self, folder: Item | None = None, prefix: str = "") -> Iterator[tuple[str, Item]]:
        for child in self._children(folder or self._start()):
            yield prefix + child.name, child
            if child.kind == "folder":
                yield from self._below(child, f"{prefix}{child.name}/")
