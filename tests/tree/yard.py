"""A real tree in a temporary folder, and the hands of a person in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from syncd.intranet import IntranetTree
from syncd.model import Layout, Look, Place, Prepared, Sighting, Stage
from syncd.tree.directory import DirectoryTree


@dataclass
class HandClock:
    """A clock that a test sets; it starts far enough in the future that every file is quiet."""

    wall: float = 4e9
    ticks: float = 0.0

    def now(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.ticks


@dataclass
class Yard:
    """One operator's folders on the intranet, with what a person does there."""

    base: Path
    tree: DirectoryTree
    clock: HandClock
    modern: bool = True
    layout: Layout = field(
        default_factory=lambda: Layout("himawari", "001_ひまわり", {stage: stage.value for stage in Stage})
    )

    @property
    def root(self) -> Path:
        return self.tree.root

    @property
    def home(self) -> Path:
        return self.root / self.layout.folder

    def put(self, path: str, content: bytes = b"content") -> Path:
        target = self.home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return target

    def look(self, memory: Look | None = None) -> Look:
        return self.tree.look(self.layout, {each.place: each for each in memory.sightings} if memory else {})

    def read_all(self, seen: Look) -> Look:
        """As after a round: every quiet file was read."""
        sightings = (
            replace(
                each, sha1=hashlib.sha1((self.home / str(each.place.stage) / each.place.path).read_bytes()).hexdigest()
            )
            for each in seen.sightings
            if each.waits is None
        )
        return replace(seen, sightings=tuple(sightings))

    def read_all_of(self, path: str, content: bytes = b"content") -> Look:
        """A file put there and read."""
        self.put(path, content)
        seen = self.look()
        return self.read_all(replace(seen, sightings=tuple(replace(each, waits=None) for each in seen.sightings)))

    def _file(self, place: Place) -> Path:
        return self.home / (place.stage or "") / place.path

    def sighted(self, path: str, memory: Look | None = None) -> Sighting:
        (found,) = (each for each in self.look(memory).sightings if each.place == self.place(path))
        return found

    def place(self, path: str) -> Place:
        top, _, rest = path.partition("/")
        return Place(Stage(top), rest) if rest and top in set(Stage) else Place(None, path)

    def prepared(self, content: bytes = b"ours") -> Prepared:
        kept = self.base / "kept"
        kept.write_bytes(content)
        return self.tree.prepare(kept, hashlib.sha1(content).hexdigest(), len(content))

    def contents(self) -> dict[str, bytes]:
        """Every file of the operator's with its bytes."""
        files = (each for each in self.home.rglob("*") if each.is_file() and not each.is_symlink())
        return {str(each.relative_to(self.home)): each.read_bytes() for each in files}

    def own(self) -> list[str]:
        """What lies in syncd's own folder."""
        own = self.root / ".syncd" / "tmp"
        return sorted(str(each.relative_to(own)) for each in own.rglob("*")) if own.exists() else []


def made(base: Path, modern: bool = True) -> Yard:
    clock = HandClock()
    yard = Yard(base, IntranetTree(base / "intranet", 2.0, clock, modern=modern), clock, modern)
    yard.tree.mark("0f3c")
    yard.tree.ensure(yard.layout, {})
    return yard
