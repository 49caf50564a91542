"""A ward on paper: both trees, what is known, and effects as plain data, so that the planner can be run very often.

It keeps the planner's promises checkable: every SHA-1 that was ever seen is remembered, every record counted.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

from syncd import packaged
from syncd.mirror.examined import Examined
from syncd.mirror.plan import judgements, plan
from syncd.mirror.recognise import recognise
from syncd.mirror.situation import Situation
from syncd.model import Effect, Look, Move, Operator, Place, Placement, Record, Side, Sighting, Stage, TrackedFile
from syncd.rulebook import Rulebook
from syncd.rulebook.load import load

OPERATOR = Operator("himawari", "ひまわり保育園", "認可保育所", "012", "ひまわり保育園", "ひまわり保育園")
PASSES = 40


@functools.cache
def rules() -> Rulebook:
    folder = packaged.rules_folder()
    return load(folder, folder)


@dataclass
class Paper:
    """One file lying somewhere."""

    identity: str
    sha1: str

    @property
    def etag(self) -> str:
        return f"{self.identity}-{self.sha1}"


@dataclass
class PaperWard:
    """Two trees and a ledger."""

    trees: dict[Side, dict[Place, Paper]] = field(default_factory=lambda: {side: {} for side in Side})
    files: dict[int, TrackedFile] = field(default_factory=dict)
    absent: dict[Side, frozenset[int]] = field(default_factory=lambda: {side: frozenset() for side in Side})
    seen: set[str] = field(default_factory=set)
    records: list[Record] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    remarks: set[str] = field(default_factory=set)
    now: float = 1_790_000_000.0
    last_id: int = 0
    last_inode: int = 100

    # ── people ──

    def put(self, side: Side, place: Place, sha1: str) -> None:
        """A new file, or new bytes in a file that lies there."""
        before = self.trees[side].get(place)
        self.trees[side][place] = Paper(before.identity if before else self.inode(), sha1)

    def save(self, side: Side, place: Place, sha1: str) -> None:
        """As editors save: another inode under the same name."""
        self.trees[side][place] = Paper(self.inode(), sha1)

    def drag(self, side: Side, source: Place, target: Place) -> None:
        self.trees[side][target] = self.trees[side].pop(source)

    def delete(self, side: Side, place: Place) -> None:
        del self.trees[side][place]

    def inode(self) -> str:
        self.last_inode += 1
        return str(self.last_inode)

    # ── syncd ──

    def look(self, side: Side) -> Look:
        sightings = tuple(
            Sighting(side, place, paper.identity, 1, paper.etag, float(paper.identity), paper.sha1)
            for place, paper in self.trees[side].items()
        )
        self.seen.update(paper.sha1 for paper in self.trees[side].values())
        return Look(side, True, sightings)

    def situation(self) -> Situation:
        recognised = {}
        for side in Side:
            recognised[side] = recognise(self.files.values(), self.look(side), self.absent[side])
            self.absent[side] = recognised[side].absent
        return Situation(
            operator=OPERATOR,
            now=self.now,
            local=datetime.fromtimestamp(self.now, UTC),
            files=dict(self.files),
            cloud=recognised[Side.CLOUD],
            intranet=recognised[Side.INTRANET],
            rules=rules(),
            remarks=frozenset(self.remarks),
        )

    def planned(self) -> tuple[Move, ...]:
        situation = self.situation()
        return plan(situation) or judgements(situation, lambda file: Examined())

    def settle(self) -> int:
        """Rounds until nothing is planned; returns how many looks that took. Fails if it doesn't end."""
        for looks in range(1, PASSES):
            self.now += 1.0
            moves = self.planned()
            for move in moves:
                self.carry_out(move)
            if not moves and not any(self.absent.values()):
                return looks
        raise AssertionError(f"no end after {PASSES} looks: {[move.gesture for move in self.moves[-6:]]}")

    def carry_out(self, move: Move) -> None:
        results: dict[tuple[int, Side], tuple[Place, Paper]] = {}
        for effect in move.effects:
            self._perform(effect, results)
        ids = {row.id: row.id for row in move.after}
        for row in move.after:
            if row.id < 0:
                self.last_id += 1
                ids[row.id] = self.last_id
        for row in move.after:
            self.files[ids[row.id]] = replace(
                row,
                id=ids[row.id],
                line=ids.get(row.line, row.line) or ids[row.id],
                note_for=tuple(ids.get(one, one) for one in row.note_for),
                cloud=self._found(row.cloud, results.get((row.id, Side.CLOUD))),
                intranet=self._found(row.intranet, results.get((row.id, Side.INTRANET))),
            )
        for closed in move.closes:
            del self.files[closed]
        self.records.extend(move.records)
        self.remarks.update(move.remarks)
        self.moves.append(move)

    @staticmethod
    def _found(placement: Placement | None, result: tuple[Place, Paper] | None) -> Placement | None:
        if placement is None or result is None:
            return placement
        return replace(placement, identity=result[1].identity, etag=result[1].etag)

    def _perform(self, effect: Effect, results: dict[tuple[int, Side], tuple[Place, Paper]]) -> None:
        tree, key = self.trees[effect.side], (effect.file, effect.side)
        if effect.kind == "place":
            assert effect.target is not None and effect.target not in tree, f"{effect} overwrites"
            assert effect.sha1 in self.seen or effect.sha1, f"{effect} has bytes that nobody sent"
            tree[effect.target] = Paper(self.inode(), effect.sha1)
            results[key] = effect.target, tree[effect.target]
        elif effect.kind == "move":
            assert effect.source is not None and effect.target is not None
            assert tree[effect.source].identity == effect.identity, f"{effect} moves another file"
            assert effect.target not in tree, f"{effect} overwrites"
            tree[effect.target] = tree.pop(effect.source)
            results[key] = effect.target, tree[effect.target]
        elif effect.kind == "replace":
            assert effect.target is not None
            before = tree[effect.target]
            assert before.etag == effect.etag and before.sha1 in self.seen, f"{effect} overwrites what was not seen"
            tree[effect.target] = Paper(self.inode(), effect.sha1)
            results[key] = effect.target, tree[effect.target]
        else:
            assert effect.source is not None
            before = tree[effect.source]
            assert before.etag == effect.etag and before.sha1 in self.seen, f"{effect} removes what was not seen"
            del tree[effect.source]


def places(names: Iterable[str]) -> list[Place]:
    """Every name in every stage."""
    return [Place(stage, name) for stage in Stage for name in names]


def name_of(place: Place) -> str:
    return PurePosixPath(place.path).name
