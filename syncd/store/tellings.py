"""Tellings as they lie in the database: rows to `Item`s and back, and which of a room's go along in a batch.

Owns the reading of rows; `outbox` owns the table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from syncd.model import Audience, Stage, Telling
from syncd.rulebook.compose import Item
from syncd.store.database import Row

COLUMNS: Final = (
    "id, room, audience, operator, message, file, document, period, name, from_stage, to_stage, words, seq, not_before"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A telling as it lies in the table; `seqs`: the history records of its move."""

    item: Item
    room: str
    not_before: float
    waits: bool
    seqs: tuple[int, ...]

    @property
    def subjects(self) -> tuple[object, ...]:
        """What it is about: the file, and its line of the checklist."""
        telling = self.item.telling
        document = (telling.operator, telling.document, telling.period) if telling.document else None
        return tuple(subject for subject in (telling.file or None, document) if subject is not None)


def waiting(row: Row) -> Waiting:
    """Reads a row of `COLUMNS`."""
    number, room, audience, operator, message, file, document, period, name, from_stage, to_stage, words, seq, due = row
    kept: dict[str, Any] = json.loads(words)
    telling = Telling(
        audience=cast(Audience, audience),
        message=message,
        operator=operator,
        file=file,
        document=document,
        period=period,
        name=name,
        from_stage=Stage(from_stage) if from_stage else None,
        to_stage=Stage(to_stage) if to_stage else None,
        waits_for_note=bool(kept.get("waits")),
        values=kept.get("values", {}),
    )
    seqs = tuple(kept.get("seqs") or ([seq] if seq else []))
    return Waiting(Item(number, telling, seq or 0), room, due, telling.waits_for_note, seqs)


def kept_words(values: Mapping[str, str], seqs: Sequence[int], waits: bool) -> str:
    """What has no column of its own: further words, all the move's history records, whether it waits for a note."""
    kept: dict[str, object] = {"values": dict(values)}
    if len(seqs) > 1:
        kept["seqs"] = list(seqs)
    if waits:
        kept["waits"] = True
    return json.dumps(kept)


def plain(name: str) -> str:
    """A name that SQLite can hold: bytes that are no UTF-8 become '?'; it is only for reading."""
    return name.encode("utf-8", "replace").decode("utf-8")


def batch(rows: Sequence[Waiting], now: float) -> list[Waiting]:
    """What goes along: all but what still waits for a note, unless something later about the same goes."""
    along: list[Waiting] = []
    later: set[object] = set()
    for row in reversed(rows):
        held = row.waits and row.not_before > now
        if held and later.isdisjoint(row.subjects):
            continue
        along.append(row)
        later.update(row.subjects)
    return along[::-1]


def without_note(row: Waiting) -> Waiting:
    """A returned file whose note did not come: the operator is told that somebody will be in touch."""
    telling = row.item.telling
    message = "note_coming" if telling.message == "returned" else telling.message
    return replace(row, item=replace(row.item, telling=replace(telling, message=message)))
