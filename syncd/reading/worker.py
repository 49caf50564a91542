"""The process that looks into files: confined, then one job after the other, from its input to its output.

Started by `child` only. It ends when its input ends.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Final, Literal

import msgspec

from syncd.reading import confinement, wire
from syncd.reading.jobs import JOBS
from syncd.reading.limits import Limits, Refused

TIRED: Final = 0.6
"""A process that keeps more than this share of its memory after a job is replaced."""
_NOTHING: Final = wire.packer.encode(None)


def main(parent: int, limits: Limits) -> None:
    """Works until its input ends; `parent` is the process that started it."""
    requests, answers = os.dup(0), os.dup(1)
    os.dup2(2, 1)  # whatever a library prints is no answer
    confinement.confine(parent, limits.memory, limits.total)
    gc.set_threshold(100_000, 50, 100)  # a form is many small objects and no cycles
    while (request := _received(requests)) is not None:
        confinement.allow(limits.seconds)
        wire.send(answers, wire.packer.encode(_answer(request, limits)))
        confinement.rest()


def _received(pipe: int) -> bytes | None:
    """The next request; None at the end."""
    head = _exactly(pipe, wire.HEAD.size)
    return _exactly(pipe, wire.HEAD.unpack(head)[0]) if head else None


def _exactly(pipe: int, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = os.read(pipe, size - len(data))
        if not piece:
            return b""
        data += piece
    return bytes(data)


def _answer(request: bytes, limits: Limits) -> wire.Answer:
    name, given = msgspec.msgpack.decode(request, type=tuple[str, msgspec.Raw])
    job = JOBS[name]
    state: Literal["done", "memory", "failed"] = "done"
    detail, result = "", _NOTHING
    try:
        result = wire.packer.encode(job.run(wire.unpacked(given, job.request)))
    except MemoryError:
        state = "memory"
    except Refused as error:
        state, detail = "failed", f"{error.trouble}: {error.detail}"
    except Exception as error:
        # Whatever a library makes of bytes that somebody sent, the file can't be read, and the next one may be.
        state, detail = "failed", f"{type(error).__name__}: {error}"[:300]
    tired = state == "memory" or _resident() > TIRED * limits.memory
    return wire.Answer(state, tired, detail, msgspec.Raw(result))


def _resident() -> int:
    """Bytes that are in memory and only this process's."""
    _, resident, shared, *_rest = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
