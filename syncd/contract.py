"""What each side must be able to do: the contract that the intranet, the folder cloud and later clouds fulfil.

Every call confines itself beneath the side's root. `Unreachable` is never to be mistaken for "empty". What is wrong
with a single file, while the rest of the side can be worked on, is `ItemTrouble`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

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


Hint = Callable[[str], None]
"""Takes a path below the root; called in a thread of the watch, so it has to be quick."""


class Watch(Protocol):
    """A running watch over one tree. `poll`: its hints only name an operator's folder, not what changed in it."""

    mode: Literal["events", "poll"]

    def start(self) -> None:
        """Begins; hints may come before it returns. Raises Unreachable."""

    def whole(self) -> bool:
        """Whether every folder is watched; False: start another watch, or poll."""

    def stop(self) -> None:
        """Ends, with all its threads."""


class Tree(Protocol):
    """One side: a tree with one folder an operator and four stage folders in each."""

    side: Side
    kind: str

    @property
    def title(self) -> str:
        """The root as people know it: a path, or what the cloud calls it."""

    def mounted(self) -> str | None:
        """What tells the root from another that is mounted, or moved, to its place; None: there is none."""

    def reach(self) -> str | None:
        """The root marker's id; None when the root is there but was never marked. Raises Unreachable."""

    def mark(self, marker: str) -> None:
        """Writes the root marker (and the root, if it isn't there). Never replaces one."""

    def claim(self, state: str, home: str, write: bool) -> str:
        """Says, if `write`, that the tree is that state's, which lies at `home`; '' when it is.

        Another state at the same home has taken the place of one that was lost, and one that was moved is the same.
        Returns where the state lies whose tree it is otherwise. Raises Unreachable.

        Args:
            home: computer, tab, path.
        """

    def ensure(self, layout: Layout, known: Mapping[str, str]) -> Folders:
        """Makes the operator's folders, or puts them back by identity. Raises FolderConflict, Unreachable."""

    def folder_identity(self, folder: str) -> str | None:
        """The identity of an operator's folder, as `ensure` gives it; None: there is none. Raises Unreachable."""

    def look(self, layout: Layout, memory: Mapping[Place, Sighting]) -> Look:
        """What lies there now; SHA-1s are taken over from `memory` where place, identity and etag are the same."""

    def gone(self, layout: Layout, identities: frozenset[str]) -> frozenset[str]:
        """Of files that two looks didn't show, those that are gone.

        Where a look is answered from memory this asks, and that the way to them is whole. Raises Unreachable.
        """

    def content(self, layout: Layout, sighting: Sighting) -> str | None:
        """The SHA-1 that this side vouches for without its bytes being read; None: read them. Raises Changed."""

    def read(self, layout: Layout, sighting: Sighting, sink: BinaryIO) -> None:
        """Writes the file's bytes to `sink`.

        Raises Changed if it isn't, or doesn't stay, as sighted; Busy if open; ItemTrouble where only this file is ill.
        """

    def ready(self, layout: Layout, source: Place | None, target: Place | None, given_up: Place | None = None) -> None:
        """Raises ItemTrouble where it can be told beforehand, without a call, that a move from or to there can't be.

        So that a move isn't begun which could not be ended. A person may get in its way all the same.

        Args:
            given_up: where a file lies now that is to be taken away or replaced, so nobody may be writing to it.
        """

    def prepare(self, content: Path, sha1: str, size: int) -> Prepared:
        """Stages bytes durably on this side. Raises Unreachable (also for a full disk)."""

    def place(self, layout: Layout, target: Place, prepared: Prepared) -> Sighting:
        """Puts staged bytes where nothing lies. Done already: no harm. Raises NameTaken."""

    def replace(
        self, layout: Layout, target: Place, identity: str, etag: str, prepared: Prepared, sha1: str = ""
    ) -> Sighting:
        """Gives the file at `target` new bytes if it is still `etag`, and still `sha1`. Done already: no harm.

        Raises Changed; Busy when somebody has locked it.
        """

    def move(
        self, layout: Layout, source: Place, target: Place, identity: str, etag: str = "", sha1: str = ""
    ) -> Sighting:
        """Takes the file (if an `etag` is given: still that, and still `sha1`) from source to target.

        Done already: no harm.

        Raises Changed, NameTaken; Busy when somebody has locked it.
        """

    def remove(self, layout: Layout, source: Place, identity: str, etag: str, purge: bool, sha1: str = "") -> None:
        """Takes the file away if it is still `etag` (and `sha1`). Not there any more: no harm. Raises Changed."""

    def find(self, layout: Layout, identity: str) -> Sighting | None:
        """Where that identity lies in the operator's folder now, if anywhere (for recovery)."""

    def find_prepared(self, layout: Layout, prepared: Prepared) -> Sighting | None:
        """Where bytes that were prepared lie by now, if they had been put in place (for recovery)."""

    def discard(self, prepared: Prepared) -> None:
        """Throws staged bytes away that were not put in place."""

    def sweep(self, keep: frozenset[str]) -> None:
        """Removes staged leftovers other than the tokens in `keep` (at start)."""

    def watch(self, mode: Literal["auto", "events", "poll"], hint: Hint, overflow: Callable[[], None]) -> Watch:
        """A watch, not yet started. `overflow`: anything may have changed."""

    def interrupt(self) -> None:
        """Whoever waits for an answer fails soon, and nothing new is asked; from any thread or signal handler."""

    def close(self) -> None:
        """Ends, once nobody works with it any more."""


class Cloud(Tree, Protocol):
    """A tree that other people reach over the network."""

    def catch_up(self, within: float = 0.0) -> None:
        """Learns what others did there, unless that was done less than `within` seconds ago. Raises Unreachable."""

    def as_looked(self, layout: Layout) -> bool:
        """Whether nothing has changed in the operator's folder since the last look, as far as can be told cheaply."""


@dataclass(frozen=True, slots=True)
class CloudItem:
    """A file or folder of a cloud that knows its items by id, as it was when last heard of.

    Attributes:
        parent: id of the folder that it lies in.
        etag: the cloud's own, for conditional requests.
        sequence: rises with every change; what is older than what is known is no news.
        sha1: of a file; '' for a folder, and where the cloud doesn't say (yet).
        modified_at: seconds since the epoch.
        actor: who changed it last.
        own: syncd made it.
        locked_until: seconds since the epoch; 0: not locked.
        listed: a folder whose items are all known.
        gone: in the trash, or out of reach; kept so that late news of it are known to be old.
        learned_at: when syncd first heard of it.
    """

    id: str
    folder: bool
    parent: str
    name: str
    etag: str
    sequence: int
    size: int = 0
    sha1: str = ""
    modified_at: float = 0.0
    actor: str = ""
    own: bool = False
    locked_until: float = 0.0
    listed: bool = False
    gone: bool = False
    learned_at: float = 0.0


class CloudMemory(Protocol):
    """What a cloud remembers between two looks: its tree by ids, how far it has followed the events, its calls."""

    def item(self, item_id: str) -> CloudItem | None:
        """What is known under that id, gone or not."""

    def children(self, parent: str) -> tuple[CloudItem, ...]:
        """What lies in a folder, by name; nothing that is gone."""

    def named(self, parent: str, name: str) -> tuple[CloudItem, ...]:
        """What has that name in a folder; letter case and Unicode composition don't count."""

    def put(self, items: Iterable[CloudItem]) -> None:
        """Keeps what is known of them now."""

    def unlist(self) -> None:
        """No folder counts as listed any more; what is known stays."""

    def forget_gone(self, before: float) -> None:
        """Forgets what is gone and was first heard of before then."""

    def value(self, key: str) -> str | None:
        """A setting of the cloud's own."""

    def set_value(self, key: str, value: str | None) -> None:
        """Sets one, or removes it (None)."""

    def transaction(self) -> AbstractContextManager[None]:
        """All that is kept inside is kept together or not at all."""

    def add_calls(self, day: str, calls: Mapping[str, int]) -> None:
        """Counts calls of a day (`2026-11-25`) by kind."""
