"""One process for reading, seen from syncd: started, asked, killed."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from syncd.errors import SyncdError
from syncd.forms.fact import Trouble
from syncd.reading import wire
from syncd.reading.jobs import JOBS
from syncd.reading.limits import Limits

# -S and the caller's own search path: nothing is imported but what syncd itself would import.
_BEGIN: Final = (
    "import sys; sys.path[:] = sys.argv[3:]; "
    "import msgspec; from syncd.reading.limits import Limits; from syncd.reading.worker import main; "
    "main(int(sys.argv[1]), msgspec.json.decode(sys.argv[2], type=Limits))"
)
_PIECE: Final = 1 << 20


class Ended(Exception):
    """A job did not come to its end; the process that did it is gone or worn out.

    Attributes:
        trouble: what that says of the file.
        again: it may well be no fault of the file.
    """

    def __init__(self, trouble: Trouble, detail: str, *, again: bool = False) -> None:
        super().__init__(detail)
        self.trouble: Trouble = trouble
        self.detail = detail
        self.again = again


class Child:
    """A process of its own that does one job at a time. It dies with the thread that made it."""

    def __init__(self, limits: Limits) -> None:
        """Raises SyncdError when no process can be started."""
        self.tired = False
        self._limits = limits
        command = [sys.executable, "-I", "-S", "-c", _BEGIN, str(os.getpid()), msgspec.json.encode(limits).decode()]
        try:
            self._process = subprocess.Popen(
                command + [os.path.abspath(path) for path in sys.path],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                bufsize=0, cwd="/", env={"LC_ALL": "C.UTF-8"}, start_new_session=True,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            raise SyncdError(
                f"no process for reading files can be started ({error})",
                "free memory and processes on this machine; files wait in inbox meanwhile",
            ) from error

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, name: str, request: object) -> object:
        """What a job answers.

        Raises:
            Ended: it came to no end.
        """
        job = JOBS[name]
        deadline = time.monotonic() + self._limits.seconds
        try:
            self._write(wire.packer.encode((name, request)), deadline)
            answer: wire.Answer = wire.unpacked(self._read(deadline), wire.Answer)
        except Ended:
            self.kill()
            raise
        except ValueError as error:
            self.kill()
            raise Ended("unreadable", f"the process for reading gave no sense ({error})") from error
        self.tired = answer.tired
        if answer.state == "memory":
            raise Ended("too big", "reading it needs more memory than allowed")
        if answer.state == "failed":
            trouble, _, detail = answer.detail.partition(": ")
            raise Ended(_trouble(trouble), detail if _trouble(trouble) == trouble else answer.detail)
        try:
            return wire.unpacked(answer.result, job.result)
        except ValueError as error:
            self.kill()
            raise Ended("unreadable", f"the process for reading gave no sense ({error})") from error

    def stop(self) -> None:
        """Ends it at once, from any thread; whoever waits for its answer gets `Ended`."""
        with suppress(ProcessLookupError):
            self._process.kill()

    def kill(self) -> None:
        """Ends it and gives back what it took; for whoever asks it. Again does nothing."""
        self.stop()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def _write(self, message: bytes, deadline: float) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        view = memoryview(wire.HEAD.pack(len(message)) + message)
        try:
            while view:
                _await(pipe.fileno(), select.POLLOUT, deadline)
                view = view[os.write(pipe.fileno(), view[: select.PIPE_BUF]) :]
        except (OSError, ValueError) as error:
            raise self._death() from error

    def _read(self, deadline: float) -> bytes:
        (size,) = wire.HEAD.unpack(self._exactly(wire.HEAD.size, deadline))
        if size > wire.LONGEST:
            raise Ended("too big", "its answer is too long")
        return self._exactly(size, deadline)

    def _exactly(self, size: int, deadline: float) -> bytes:
        pipe = self._process.stdout
        assert pipe is not None
        data = bytearray()
        while len(data) < size:
            try:
                _await(pipe.fileno(), select.POLLIN, deadline)
                piece = os.read(pipe.fileno(), min(_PIECE, size - len(data)))
            except (OSError, ValueError) as error:
                raise self._death() from error
            if not piece:
                raise self._death()
            data += piece
        return bytes(data)

    def _death(self) -> Ended:
        """Why it died. A library that gets no memory aborts; the kernel ends what takes too long."""
        try:
            ended = -self._process.wait(1)
        except subprocess.TimeoutExpired:
            ended = 0
        if ended == signal.SIGABRT:
            return Ended("too big", "reading it needs more memory than allowed")
        if ended in (signal.SIGXCPU, signal.SIGALRM):
            return Ended("too slow", "reading it takes too long")
        return Ended("unreadable", f"reading it ended its process ({_signal(ended)})", again=True)


def _await(pipe: int, event: int, deadline: float) -> None:
    """Until a pipe can be read or written. Raises Ended at the deadline."""
    waiting = select.poll()
    waiting.register(pipe, event)
    if not waiting.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise Ended("too slow", "reading it takes too long")


def _trouble(word: str) -> Trouble:
    troubles: Sequence[Trouble] = ("encrypted", "unreadable", "too big", "too slow", "bomb")
    return next((trouble for trouble in troubles if trouble == word), "unreadable")


def _signal(number: int) -> str:
    return signal.Signals(number).name if number in set(signal.Signals) else f"status {-number}"


def size_of(content: Path) -> int:
    """Raises SyncdError when the kept bytes aren't there."""
    try:
        return content.stat().st_size
    except OSError as error:
        raise SyncdError(f"{content}: can't be read ({error.strerror})", "check the state's disk") from error
