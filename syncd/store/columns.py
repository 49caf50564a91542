"""How the nouns lie in the database: files and sightings as rows, moves under way as JSON.

Pure translation; whatever goes in comes out equal. A name that is not UTF-8 on its disk (Python carries such bytes as
lone surrogates) is stored as a BLOB in a column and as an escape in JSON, because SQLite takes no surrogates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from syncd.model import By, Move, Place, Placement, Prepared, Role, Side, Sighting, Stage, TrackedFile

FILE: Final = (
    "id, line, operator, role, name, document, period, "
    "cloud_stage, cloud_path, cloud_identity, cloud_etag, cloud_size, cloud_sha1, "
    "intranet_stage, intranet_path, intranet_identity, intranet_etag, intranet_size, intranet_sha1, "
    "submitted, offered, brought_by, submission, arrived_at, entered_at, told, note_for, untyped, bundle"
)
SIGHTING: Final = "stage, path, identity, size, etag, modified_at, sha1, waits, actor, stamp, read_at"


def bound(text: str) -> str | bytes:
    """A name as a column can hold it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def text(value: str | bytes) -> str:
    """The name that `bound` put into a column."""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogatepass")


def printable(value: str) -> str:
    """A name as it can stand in the history: bytes that are no text become visible escapes."""
    return value.encode("utf-8", "backslashreplace").decode()


def _stage_out(stage: Stage | None) -> str:
    return stage.value if stage else ""


def _stage_in(column: str) -> Stage | None:
    return Stage(column) if column else None


def _placement_out(placement: Placement | None) -> tuple[Any, ...]:
    if placement is None:
        return (None,) * 6
    place = placement.place
    return (
        _stage_out(place.stage),
        bound(place.path),
        placement.identity,
        placement.etag,
        placement.size,
        placement.sha1,
    )


def _placement_in(columns: Sequence[Any]) -> Placement | None:
    stage, path, identity, etag, size, sha1 = columns
    if path is None:
        return None
    return Placement(Place(_stage_in(stage), text(path)), identity, etag, size, sha1)


def file_out(file: TrackedFile) -> tuple[Any, ...]:
    """A tracked file as the columns `FILE`."""
    return (
        file.id,
        file.line,
        file.operator,
        file.role.value,
        bound(file.name),
        file.document,
        file.period,
        *_placement_out(file.cloud),
        *_placement_out(file.intranet),
        file.submitted,
        file.offered,
        file.brought_by.value,
        file.submission,
        file.arrived_at,
        file.entered_at,
        json.dumps(file.told),
        json.dumps(file.note_for),
        file.untyped,
        bound(file.bundle),
    )


def file_in(columns: Sequence[Any]) -> TrackedFile:
    """The columns `FILE` as a tracked file."""
    return TrackedFile(
        id=columns[0],
        line=columns[1],
        operator=columns[2],
        role=Role(columns[3]),
        name=text(columns[4]),
        document=columns[5],
        period=columns[6],
        cloud=_placement_in(columns[7:13]),
        intranet=_placement_in(columns[13:19]),
        submitted=columns[19],
        offered=columns[20],
        brought_by=By(columns[21]),
        submission=columns[22],
        arrived_at=columns[23],
        entered_at=columns[24],
        told=tuple(json.loads(columns[25])),
        note_for=tuple(json.loads(columns[26])),
        untyped=bool(columns[27]),
        bundle=text(columns[28]),
    )


def sighting_out(seen: Sighting) -> tuple[Any, ...]:
    """A sighting as the columns `SIGHTING`."""
    return (
        _stage_out(seen.place.stage),
        bound(seen.place.path),
        seen.identity,
        seen.size,
        seen.etag,
        seen.modified_at,
        seen.sha1,
        seen.waits,
        bound(seen.actor),
        seen.stamp,
        seen.read_at,
    )


def sighting_in(side: Side, columns: Sequence[Any]) -> Sighting:
    """The columns `SIGHTING` as a sighting."""
    stage, path, identity, size, etag, modified_at, sha1, waits, actor, stamp, read_at = columns
    place = Place(_stage_in(stage), text(path))
    return Sighting(side, place, identity, size, etag, modified_at, sha1, waits, text(actor), stamp, read_at)


def move_out(move: Move) -> str:
    """A move as JSON."""
    return json.dumps(msgspec.to_builtins(move), separators=(",", ":"))


def move_in(column: str) -> Move:
    """The move that `move_out` wrote."""
    return msgspec.convert(json.loads(column), Move)


def prepared_out(prepared: Mapping[int, Prepared]) -> str:
    """Staged bytes by the index of their effect, as JSON."""
    builtins = {str(index): msgspec.to_builtins(one) for index, one in prepared.items()}
    return json.dumps(builtins, separators=(",", ":"))


def prepared_in(column: str) -> dict[int, Prepared]:
    """What `prepared_out` wrote."""
    return {int(index): msgspec.convert(one, Prepared) for index, one in json.loads(column).items()}


def done_out(done: Sequence[Sighting | None]) -> str:
    """What came of a move's first effects, as JSON."""
    return json.dumps(msgspec.to_builtins(list(done)), separators=(",", ":"))


def done_in(column: str) -> tuple[Sighting | None, ...]:
    """What `done_out` wrote."""
    return msgspec.convert(json.loads(column), tuple[Sighting | None, ...])
