"""The table of what the process for reading can be asked to do; it does nothing else.

A job is one plain function from a request to a result, both frozen data that msgspec can carry. It may raise
`Refused`, OSError and MemoryError. What is added is a line here and a request in `wire`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from syncd.forms.fact import CellChange
from syncd.reading import wire


@dataclass(frozen=True, slots=True)
class Job:
    """What is sent, what comes back, and what is done in between."""

    request: type
    result: Any
    run: Callable[[Any], object]


def _look(request: wire.Look) -> wire.Looked:
    from syncd.reading.kinds import look

    return look(Path(request.content), request.name, request.limits)


def _read(request: wire.Read) -> wire.WiredReading:
    from syncd.reading.contents import read

    return wire.wired(read(request))


def _unpack(request: wire.Unpack) -> wire.Bundle:
    from syncd.reading.bundles import unpack

    return unpack(Path(request.content), Path(request.into), request.limits)


def _compare(request: wire.Compare) -> tuple[CellChange, ...] | None:
    from syncd.reading.comparison import differences

    return differences(Path(request.old), Path(request.new), request.name)


def _mark(request: wire.Mark) -> bool:
    from syncd.reading.marking import mark

    return mark(Path(request.content), request.faults, Path(request.into), request.owner)


def _unmark(request: wire.Unmark) -> bool:
    from syncd.reading.marking import unmark

    return unmark(Path(request.content), Path(request.into))


def _inspect(request: wire.Inspect) -> wire.Insides:
    from syncd.reading.insides import insides

    return insides(Path(request.content), request.name, Path(request.into), request.limits)


JOBS: Final[Mapping[str, Job]] = {
    "look": Job(wire.Look, wire.Looked, _look),
    "read": Job(wire.Read, wire.WiredReading, _read),
    "unpack": Job(wire.Unpack, wire.Bundle, _unpack),
    "compare": Job(wire.Compare, tuple[CellChange, ...] | None, _compare),
    "mark": Job(wire.Mark, bool, _mark),
    "unmark": Job(wire.Unmark, bool, _unmark),
    "inspect": Job(wire.Inspect, wire.Insides, _inspect),
}
