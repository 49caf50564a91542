"""An operator's folders in Box, known by their ids: made once, put back when renamed, moved or thrown away.

Owns where they have to lie. The operator's own folder is never made anew once it was known: the collaboration, by
which the operator sees it, would be lost. Then a person has to look.
"""

from __future__ import annotations

from collections.abc import Mapping

from syncd.clouds.box import invitations, items
from syncd.clouds.box.calls import Call, Calls, Refused
from syncd.clouds.box.tree import ItemTree
from syncd.config import is_folder_id
from syncd.contract import CloudItem, Folders
from syncd.errors import FolderConflict, NeedsPerson, Unreachable
from syncd.model import Layout, Stage


class BoxFolders:
    """Makes folders, and keeps them where they belong."""

    def __init__(self, calls: Calls, tree: ItemTree) -> None:
        self._calls = calls
        self._tree = tree

    def ensure(self, layout: Layout, known: Mapping[str, str]) -> Folders:
        """See `contract.Tree.ensure`. Costs no call while all lie where they were."""
        put_back: list[str] = []
        self._tree.way.require_known(layout, self._tree.top(layout))
        top = self._top(layout, known.get(""), put_back)
        self._tree.way.set_top(layout.operator, top.id)
        identities = {"": top.id}
        deleted: set[Stage] = set()
        try:
            for stage in self._free_first(layout, top):
                folder = self._stage(layout, stage, top, known.get(stage), put_back, deleted)
                identities[stage] = folder.id
        except Refused as refused:
            if refused.status in (403, 404) and self._tree.ask(top)[0] is None:
                raise lost(layout) from refused
            raise
        return Folders(identities, frozenset(deleted), tuple(put_back))

    def make_below(self, folder: CloudItem, path: str) -> CloudItem:
        """The folder at a path below another; what is missing is made. Raises FolderConflict where a file lies."""
        for part in path.split("/") if path else ():
            found = self._tree.child(folder.id, part) or self.make(folder.id, part)
            if not found.folder:
                raise FolderConflict(f"Box: {found.name} is a file, where a folder has to be", "rename the file")
            folder = found
        return folder

    def make(self, parent: str, name: str) -> CloudItem:
        """Makes a folder, or finds the one that was made while nobody heard the answer."""
        call = Call(
            "folder", f"makes the folder {name}", "POST", self._calls.at("/folders"), {"fields": items.FIELDS},
            body={"name": name, "parent": {"id": parent}}, expects="id",
        )  # fmt: skip
        try:
            return self._tree.keep(self._calls.send(call).body, listed=True)
        except Refused as refused:
            if refused.status != 409:
                raise
            self._tree.list(parent, name)
            found = self._tree.child(parent, name)
            if found is None:
                raise  # what has the name can't be seen
            return found

    def drop_empty(self, folder: str, stop: frozenset[str]) -> None:
        """Takes a subfolder away whose last file has gone, and those above it; never one of `stop`."""
        found = self._tree.item(folder)
        while found is not None and found.id not in stop and found.listed and not self._tree.children(found.id):
            url = self._calls.at(f"/folders/{found.id}")
            call = Call("folder", f"takes the empty folder {found.name} away", "DELETE", url, {"recursive": "false"})
            try:
                self._calls.send(call)
            except Refused as refused:
                if refused.status != 404:
                    return  # somebody has just put something into it, or syncd may not: it does no harm there
            self._tree.lose(found)
            found = self._tree.item(found.parent)

    # ── the operator's folder ──

    def _top(self, layout: Layout, known: str | None, put_back: list[str]) -> CloudItem:
        path = layout.folder.strip("/")
        self._list_way(path)
        there = self._tree.at(self._tree.root, path)
        if is_folder_id(path) and there is None:
            return self._by_id(layout, path)
        if there is not None and not there.folder:
            raise FolderConflict(f"Box: {path} is no folder", "take away what lies there")
        if known is None:
            return there or self._make_path(path)
        if there is not None and there.id == known:
            return there
        own = self._require(layout, known)
        if there is not None and there.id != own.id:
            raise FolderConflict(
                f"Box: the folder {known}, now called {own.name}, belongs at {path}, where another one lies",
                "move the files of one into the other and take the empty one away",
            )
        above, _, name = path.rpartition("/")
        self._move(own, self._make_path(above).id if above else self._tree.root, name)
        put_back.append(f"{own.name} → {path}")
        return self._require(layout, known)

    def _list_way(self, path: str) -> None:
        """What lies beside the operators' folders is looked at once a night, too: one may have another name."""
        folder = self._tree.root
        for part in path.split("/")[:-1]:
            found = self._tree.child(folder, part)
            if found is None or not found.folder:
                return
            if not found.listed:
                self._tree.list(found.id, found.name)
            folder = found.id

    def _by_id(self, layout: Layout, folder: str) -> CloudItem:
        found = self._tree.item(folder)
        if found is None:
            found, _ = self._tree.ask(CloudItem(folder, True, "", layout.folder, "", -1))
        if found is None:
            invited = invitations.waiting(self._calls)
            said = f"Box: {layout.operator}: the folder {folder} is not there, or syncd's user is not invited to it"
            remedy = "restore it from Box's trash, or invite syncd's user as editor; then `syncd release`"
            raise NeedsPerson(f"{said}{invitations.in_words(invited)}", f"{_accept(invited)}{remedy}")
        return found

    def _require(self, layout: Layout, folder: str) -> CloudItem:
        """The operator's folder, wherever it lies now."""
        known = self._tree.item(folder)
        if known is None:
            known, _ = self._tree.ask(CloudItem(folder, True, "", layout.folder, "", -1))
        if known is None:
            raise lost(layout, invitations.waiting(self._calls))
        return known

    def _make_path(self, path: str) -> CloudItem:
        parent = self._tree.root
        found: CloudItem | None = None
        for part in path.split("/"):
            found = self._tree.child(parent, part) or self.make(parent, part)
            if not found.folder:
                raise FolderConflict(f"Box: {part} is no folder", "take away what lies there")
            if not found.listed:
                self._tree.list(found.id, found.name)
            parent = found.id
        assert found is not None, "config refuses an empty path"
        return found

    # ── stages ──

    def _free_first(self, layout: Layout, top: CloudItem) -> list[Stage]:
        """Stages whose name is free come first: when the configuration passes names on, they make room for the next."""
        if not top.listed:
            self._tree.list(top.id, top.name)
        return sorted(layout.stages, key=lambda stage: self._tree.child(top.id, layout.stages[stage]) is not None)

    def _stage(
        self,
        layout: Layout,
        stage: Stage,
        top: CloudItem,
        known: str | None,
        put_back: list[str],
        deleted: set[Stage],
    ) -> CloudItem:
        name = layout.stages[stage]
        shown = f"{layout.folder}/{name}"
        there = self._tree.child(top.id, name)
        if there is not None and not there.folder:
            raise FolderConflict(f"Box: {shown} is no folder", "take away what lies there")
        if known is None or (there is not None and there.id == known):
            if there is not None and there.name != name:
                self._move(there, top.id, name)
                put_back.append(f"{there.name} → {shown}")
            return self._tree.child(top.id, name) or self.make(top.id, name)
        strayed = self._tree.item(known)
        if strayed is None and there is None:
            strayed, _ = self._tree.ask(CloudItem(known, True, "", name, "", -1))
        if there is not None:
            if strayed is not None:
                raise FolderConflict(
                    f"Box: {strayed.name} is the folder that belongs at {shown}, where another one lies",
                    "move the files of one into the other and take the empty one away",
                )
            return there
        if strayed is not None:
            self._move(strayed, top.id, name)
            put_back.append(f"{strayed.name} → {shown}")
            return self._tree.child(top.id, name) or self.make(top.id, name)
        restored = self._restore(known, top.id, name)
        if restored is not None:
            put_back.append(f"(Box's trash) → {shown}")
            return restored
        deleted.add(stage)
        return self.make(top.id, name)

    def _move(self, folder: CloudItem, parent: str, name: str) -> None:
        """Moves or renames a folder; that may take Box minutes, while it answers that it is busy."""
        call = Call(
            "move", f"puts the folder {folder.name} back", "PUT", self._calls.at(f"/folders/{folder.id}"),
            {"fields": items.FIELDS}, body={"name": name, "parent": {"id": parent}}, expects="id",
        )  # fmt: skip
        try:
            self._tree.keep(self._calls.send(call).body)
        except Refused as refused:
            if refused.status == 409:
                self._tree.list(parent, name)
                raise Unreachable(f"{refused.message}", "syncd looks again by itself") from refused
            raise

    def _restore(self, folder: str, parent: str, name: str) -> CloudItem | None:
        """A stage folder out of Box's trash, with all that is in it; None: it isn't there, or syncd may not."""
        call = Call(
            "folder", f"takes the folder {name} out of the trash", "POST", self._calls.at(f"/folders/{folder}"),
            {"fields": items.FIELDS}, body={"name": name, "parent": {"id": parent}}, expects="id",
        )  # fmt: skip
        try:
            self._calls.send(call)
        except Refused:
            return None
        found, _ = self._tree.ask(CloudItem(folder, True, parent, name, "", -1))
        if found is not None:
            self._tree.list_below(found.id)
        return found


def lost(layout: Layout, invited: tuple[str, ...] = ()) -> NeedsPerson:
    """The operator's folder is not there any more. A new one would be no help: the operator could not see it.

    Args:
        invited: who has invited syncd's user to something that isn't accepted yet.
    """
    return NeedsPerson(
        f"Box: the folder {layout.folder} was deleted, or syncd's user may no longer see it"
        f"{invitations.in_words(invited)}",
        f"{_accept(invited)}restore it from Box's trash, or invite syncd's user as editor again; then `syncd release`",
    )


def _accept(invited: tuple[str, ...]) -> str:
    return f"{invitations.REMEDY}, " if invited else ""
