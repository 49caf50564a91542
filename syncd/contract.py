"""What each side must be able to do: the contract that the intranet, the folder cloud and later clouds fulfil.

Every call confines itself beneath the side's root. `Unreachable` is never to be mistaken for "empty".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from syncd.model import Layout, Look, Place, Prepared, Side, Sighting, Stage


@dataclass(frozen=True, slots=True)
class Folders:
    """What `ensure` found and did.

    Attributes:
        identities: of the operator's folder (key '') and of each stage folder (key: the stage).
        deleted: stage folders that were known and had vanished; they were made anew and are empty.
        put_back: folders that had been renamed or moved away and now lie where they belong, as text for people.
    """

    identities: Mapping[str, str]
    deleted: frozenset[Stage] = frozenset()
    put_back: tuple[str, ...] = ()


class Tree(Protocol):
    """One side: a tree with one folder an operator and four stage folders in each."""

    side: Side
    kind: str

    def reach(self) -> str | None:
        """The root marker's id; None when the root is there but was never marked. Raises Unreachable."""

    def mark(self, marker: str) -> None:
        """Writes the root marker (and the root, if it isn't there). Never replaces one."""

    def ensure(self, layout: Layout, known: Mapping[str, str]) -> Folders:
        """Makes the operator's folders, or puts them back by identity. Raises FolderConflict, Unreachable."""

    def folder_identity(self, folder: str) -> str | None:
        """The identity of an operator's folder, as `ensure` gives it; None: there is none. Raises Unreachable."""

    def look(self, layout: Layout, memory: Mapping[Place, Sighting]) -> Look:
        """What lies there now; SHA-1s are taken over from `memory` where place, identity and etag are the same."""

    def read(self, layout: Layout, sighting: Sighting, sink: BinaryIO) -> None:
        """Writes the file's bytes to `sink`. Raises Changed if it isn't, or doesn't stay, as sighted; Busy if open."""

    def prepare(self, content: Path, sha1: str, size: int) -> Prepared:
        """Stages bytes durably on this side. Raises Unreachable (also for a full disk)."""

    def place(self, layout: Layout, target: Place, prepared: Prepared) -> Sighting:
        """Puts staged bytes where nothing lies. Done already: no harm. Raises NameTaken."""

    def replace(self, layout: Layout, target: Place, identity: str, etag: str, prepared: Prepared) -> Sighting:
        """Gives the file at `target` new bytes if it is still `etag`. Done already: no harm. Raises Changed."""

    def move(self, layout: Layout, source: Place, target: Place, identity: str, etag: str = "") -> Sighting:
        """Takes the file (if an `etag` is given: still that) from source to target. Done already: no harm.

        Raises Changed, NameTaken.
        """

    def remove(self, layout: Layout, source: Place, identity: str, etag: str, purge: bool) -> None:
        """Takes the file away if it is still `etag`. Not there any more: no harm. Raises Changed."""

    def find(self, layout: Layout, identity: str) -> Sighting | None:
        """Where that identity lies in the operator's folder now, if anywhere (for recovery)."""

    def discard(self, prepared: Prepared) -> None:
        """Throws staged bytes away that were not put in place."""

    def sweep(self, keep: frozenset[str]) -> None:
        """Removes staged leftovers other than the tokens in `keep` (at start)."""


@dataclass(frozen=True, slots=True)
class CloudChanges:
    """What a cloud says has changed since a cursor.

    Attributes:
        cursor: opaque; persist it only together with what it brought.
        folders: operator folders (as in `Operator.cloud_folder`) to look at; None: look at all.
    """

    cursor: str
    folders: frozenset[str] | None


class Cloud(Tree, Protocol):
    """A tree that other people reach over the network."""

    def changes(self, cursor: str | None, layouts: tuple[Layout, ...]) -> CloudChanges:
        """Which operators' folders changed since `cursor`. A lost or expired cursor gives `folders=None`."""
