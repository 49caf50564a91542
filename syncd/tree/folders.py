"""An operator's folder and its stage folders, known by identity: made once, put back when renamed or moved away.

Owns where they have to lie and how they are found again. Deletes nothing, and refuses to guess: where the known folder
and another one in its place both exist, a person has to look.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from syncd.contract import Folders
from syncd.errors import FolderConflict, SyncdError, Unreachable
from syncd.model import Layout, Stage
from syncd.tree import marker
from syncd.tree.confine import Beneath, checked, joined, parted
from syncd.tree.spelling import spell

_DEPTH: Final = 3
"""How deep inside another operator's folder a strayed folder is looked for."""


def refuse_names(layout: Layout, place: str) -> None:
    """That the configured folders lie below the root, and stages directly in the operator's. Raises SyncdError."""
    remedy = "give plain folder names in config.yaml, without `..`, `.` or a leading `/`"
    parts = _plain(layout.folder, place, remedy)
    if not parts or marker.OWN in parts:
        raise SyncdError(f"{place}: {layout.folder!r} can't be the folder of {layout.operator}", remedy)
    for stage, name in layout.stages.items():
        if len(_plain(name, place, remedy)) != 1:
            raise SyncdError(f"{place}: {name!r} can't be the folder of the stage {stage}", remedy)


def _plain(path: str, place: str, remedy: str) -> tuple[str, ...]:
    try:
        return checked(path)
    except SyncdError:
        raise SyncdError(f"{place}: {path!r} is no folder below the root", remedy) from None


def ensure(beneath: Beneath, place: str, layout: Layout, known: Mapping[str, str]) -> Folders:
    """Makes the folders, or puts them back. Raises FolderConflict, Unreachable, SyncdError, OSError."""
    refuse_names(layout, place)
    if known and marker.read(beneath, place) is None:
        raise Unreachable(
            f"{place}: the root marker is missing, though this tree was in use", "mount the share, or restore .syncd"
        )
    work = _Ensuring(beneath, place, layout, known)
    work.settle("", layout.folder)
    for stage in _free_first(beneath, layout):
        work.settle(stage, joined(layout.folder, layout.stages[stage]))
    return Folders(work.identities, frozenset(work.deleted), tuple(work.put_back))


def _free_first(beneath: Beneath, layout: Layout) -> list[Stage]:
    """Stages whose place is free come first: when the configuration passes names on, they make room for the next."""
    return sorted(
        layout.stages, key=lambda stage: beneath.stat(joined(layout.folder, layout.stages[stage])) is not None
    )


class _Ensuring:
    """One call of `ensure`."""

    def __init__(self, beneath: Beneath, place: str, layout: Layout, known: Mapping[str, str]) -> None:
        self._beneath = beneath
        self._place = place
        self._layout = layout
        self._known = known
        self._strayed: dict[str, str] | None = None
        self.identities: dict[str, str] = {}
        self.deleted: set[Stage] = set()
        self.put_back: list[str] = []

    def settle(self, key: str, path: str) -> None:
        """One folder: there, put back or made."""
        present = self._beneath.identity_of_folder(path)
        if present is None and self._beneath.stat(path) is not None:
            raise FolderConflict(f"{self._place}/{path}: is no folder", "take away what lies there")
        known = self._known.get(key)
        if known is None or (present is not None and same_folder(present, known)):
            self.identities[key] = present or self._make(path)
            return
        strayed = self._find(known)
        if present is not None:
            if strayed is not None:
                raise FolderConflict(
                    f"{self._place}: {strayed} is the folder that belongs at {path}, where another one lies",
                    "move the files of one into the other and take the empty one away",
                )
            self.identities[key] = present  # restored from a backup, or made anew by hand
        elif strayed is not None:
            self._make_parents(path)
            self._rename(strayed, path)
            self.identities[key] = known
        else:
            self.identities[key] = self._make(path)
            if key:
                self.deleted.add(Stage(key))

    def _rename(self, strayed: str, path: str) -> None:
        try:
            self._beneath.rename(strayed, path)
        except FileExistsError:
            raise Unreachable(
                f"{self._place}/{path}: somebody is making this folder right now", "syncd looks again by itself"
            ) from None
        self._beneath.fsync(parted(path)[0])
        self._beneath.fsync(parted(strayed)[0])
        self._strayed = None
        self.put_back.append(f"{strayed} → {path}")

    def _make(self, path: str) -> str:
        self._make_parents(path)
        self._beneath.mkdir(path)
        made = self._beneath.identity_of_folder(path)
        if made is None:
            raise Unreachable(
                f"{self._place}/{path}: vanished as soon as it was made", "see what else works in this tree"
            )
        return made

    def _make_parents(self, path: str) -> None:
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            self._beneath.mkdir(joined(*parts[:depth]))

    def _find(self, known: str) -> str | None:
        if self._strayed is None:
            depth = len(self._layout.folder.split("/")) + _DEPTH
            self._strayed = _search(self._beneath, set(self._known.values()), self._layout.folder, depth)
        return self._strayed.get(known)


def same_folder(one: str, other: str) -> bool:
    """Whether two identities mean one folder; a time of birth that only one of them knows doesn't tell them apart."""
    inode, _, born = one.partition(".")
    other_inode, _, other_born = other.partition(".")
    return inode == other_inode and (born == other_born or not born or not other_born)


def _search(beneath: Beneath, wanted: set[str], own: str, depth: int) -> dict[str, str]:
    """Where the wanted folders lie now: the operator's own folder first, then the whole tree down to `depth`."""
    inodes = {identity.partition(".")[0]: identity for identity in wanted}
    found: dict[str, str] = {}
    waiting = [(own, len(own.split("/")))] if beneath.stat(own) is not None else []
    waiting.append(("", 0))
    while waiting and len(found) < len(wanted):
        path, level = waiting.pop(0)
        for name, inode in _subfolders(beneath, path):
            below = joined(path, name)
            if below == marker.OWN:
                continue
            identity = inodes.get(str(inode))
            if identity is not None and same_folder(beneath.identity_of_folder(below) or "", identity):
                found.setdefault(identity, below)
            if level < depth:
                waiting.append((below, level + 1))
    return found


def _subfolders(beneath: Beneath, path: str) -> list[tuple[str, int]]:
    with beneath.folder(path, os.O_RDONLY) as descriptor, os.scandir(descriptor) as entries:
        return [(spell(each.name), each.inode()) for each in entries if each.is_dir(follow_symlinks=False)]
