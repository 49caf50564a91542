"""Which planned moves have to wait because one of their steps can't be done just now; and what is under way already.

Pure. A step that failed is known by its signature, so that the same gesture isn't tried again before its time, while
another gesture with the same file, or the same one with other bytes, is tried at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from syncd import names
from syncd.model import Effect, Move, Place, Role, Side, Sighting

READING = "read "
"""How the work of reading a file begins; its identity and etag follow."""
HELD_BACK = "held back "
"""How begins what is no work at all: a file that is not sent until a person has looked; its identity follows."""


@dataclass(frozen=True, slots=True)
class Hindered:
    """What a plan has to leave alone.

    Attributes:
        works: signatures of steps and readings that aren't to be tried yet.
        touched: files and targets of moves that have begun and aren't at their end.
        places: where those moves have put files, or take them from.
        identities: of files that they have put somewhere; people may have moved them on.
    """

    works: frozenset[str] = frozenset()
    touched: frozenset[object] = frozenset()
    places: frozenset[tuple[Side, Place]] = frozenset()
    identities: frozenset[tuple[Side, str]] = frozenset()

    def hinders(self, move: Move) -> bool:
        """Whether one of the move's steps isn't to be tried yet."""
        return bool(self.works) and any(work_of(effect) in self.works for effect in move.effects)

    def under_way(self, sighting: Sighting) -> bool:
        """Whether it lies there because a move is half done."""
        side = sighting.side
        return (side, sighting.place) in self.places or (side, sighting.identity) in self.identities


def work_of(effect: Effect) -> str:
    """The signature of a step: what is to be done with which bytes where."""
    said = (effect.kind, effect.side, effect.source, effect.target, effect.identity, effect.etag, effect.sha1)
    return hashlib.sha1(repr(said).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def reading_of(sighting: Sighting) -> str:
    """The signature of reading a file as it was seen."""
    return f"{READING}{sighting.identity} {sighting.etag}"


def files_of(move: Move) -> set[object]:
    """The tracked files that a move touches."""
    effects = {effect.file for effect in move.effects}
    noted = {file for row in move.after if row.role is Role.NOTE and row.id < 0 for file in row.note_for}
    return {one for one in effects | noted | {row.id for row in move.after} | set(move.closes) if one > 0}


def targets_of(move: Move) -> set[object]:
    """The places that a move fills, as Windows and Box tell them apart: two moves of one plan don't want the same."""
    return {
        (effect.side, effect.operator, effect.target.stage, names.fold(effect.target.path))
        for effect in move.effects
        if effect.target is not None
    }


def left_alone(works: Iterable[str], begun: Iterable[Move], put: Iterable[tuple[Side, str]]) -> Hindered:
    """What is to be left alone while `begun` moves wait for their end; `put`: identities of what they have put."""
    touched: set[object] = set()
    places: set[tuple[Side, Place]] = set()
    for move in begun:
        touched |= files_of(move) | targets_of(move)
        for effect in move.effects:
            if not effect.operator:
                places |= {(effect.side, place) for place in (effect.source, effect.target) if place is not None}
    return Hindered(frozenset(works), frozenset(touched), frozenset(places), frozenset(put))
