"""The reader: a few warm processes that look into files, and what their answers mean."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self, cast

from syncd.errors import SyncdError
from syncd.forms.fact import CellChange, Fact, Reading, Trouble, Value
from syncd.model import Finding
from syncd.reading import wire
from syncd.reading.child import Child, Ended, size_of
from syncd.reading.limits import Limits
from syncd.reading.wire import Insides


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a bundle: its name as people see it, no folder in it, and the file that holds its bytes."""

    name: str
    size: int
    file: Path


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a bundle held; with trouble (see `Reading`) nothing was unpacked."""

    members: tuple[Member, ...] = ()
    trouble: Trouble = ""
    detail: str = ""


class Reader:
    """Looks into files in processes of its own, any number of threads at a time.

    Whatever is in a file comes back as an answer, never as an exception. SyncdError means that nobody could look:
    no process can be started, the bytes are not there, or the reader is closed. Such a file waits.
    """

    def __init__(self, workers: int = 2, limits: Limits | None = None) -> None:
        self.limits: Final = limits or Limits()
        # Those used last come first, so that a quiet ward keeps one of them warm and the others are never started.
        self.workers: Final = workers
        self._free: queue.LifoQueue[Child | None] = queue.LifoQueue()
        for _ in range(workers):
            self._free.put(None)
        self._children: set[Child] = set()
        self._lock = threading.Lock()
        self._closed = False
        # A process dies with the thread that started it, so one thread that stays starts them all.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="reading")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends all processes, whatever they are doing; who waits for one gets a SyncdError."""
        with self._lock:
            self._closed = True
            for child in self._children:
                child.stop()  # the thread that waits for it, if any, tidies up
        for _ in range(self.workers):
            with suppress(queue.Empty):
                self._forget(self._free.get_nowait())
        for _ in range(self.workers):
            self._free.put(None)  # whoever waits for a process learns that there is none
        self._starter.shutdown()

    @property
    def processes(self) -> tuple[int, ...]:
        """The ids of the processes there are."""
        with self._lock:
            return tuple(child.pid for child in self._children)

    def read(self, content: Path, name: str, facts: Sequence[Fact] = (), texts: Sequence[str] = ()) -> Reading:
        """What a file is and what stands in it. Raises SyncdError when nobody could look."""
        size = size_of(content)
        looked = wire.Looked("other", size)
        try:
            looked = cast(wire.Looked, self._ask("look", wire.Look(os.path.abspath(content), name, self.limits)))
            if not looked.trouble:
                request = wire.Read(os.path.abspath(content), name, looked, tuple(facts), tuple(texts), self.limits)
                return wire.reading_of(cast(wire.WiredReading, self._ask("read", request)))
        except Ended as ended:
            looked = wire.Looked(looked.kind, size, ended.trouble, ended.detail, looked.macros)
        except ValueError as error:
            looked = wire.Looked(looked.kind, size, "unreadable", str(error), looked.macros)
        nothing = {fact.name: Value("missing") for fact in facts}
        return Reading(looked.kind, size, looked.trouble, looked.detail, looked.macros, facts=nothing)

    def unpack(self, content: Path, name: str, into: Path) -> Unpacked:
        """Opens a bundle: writes its members as files 0, 1, 2 … into the empty folder `into`.

        Raises:
            SyncdError: nobody could look.
        """
        size_of(content)
        folder = Path(os.path.abspath(into))
        try:
            bundle = cast(
                wire.Bundle, self._ask("unpack", wire.Unpack(os.path.abspath(content), str(folder), self.limits))
            )
        except Ended as ended:
            _empty(folder)
            return Unpacked(trouble=ended.trouble, detail=ended.detail)
        members = tuple(
            Member(member.name, member.size, folder / member.file)
            for member in bundle.members
            if member.file.isdecimal()
        )
        return Unpacked(members, bundle.trouble, bundle.detail)

    def inspect(self, content: Path, name: str, into: Path) -> Insides:
        """Everything that is inside a file; what is packed in it is written as files 0, 1, 2 … into the empty `into`.

        Raises:
            SyncdError: nobody could look.
        """
        size_of(content)
        folder = Path(os.path.abspath(into))
        request = wire.Inspect(os.path.abspath(content), name, str(folder), self.limits)
        try:
            return cast(Insides, self._ask("inspect", request))
        except Ended as ended:
            _empty(folder)
            return Insides(sealed=ended.trouble or "unreadable")

    def compare(self, old: Path, new: Path, name: str) -> tuple[CellChange, ...] | None:
        """The cells that differ between two versions of a form; None when they can't be compared.

        Raises:
            SyncdError: nobody could look.
        """
        size_of(old), size_of(new)
        try:
            request = wire.Compare(os.path.abspath(old), os.path.abspath(new), name)
            return cast("tuple[CellChange, ...] | None", self._ask("compare", request))
        except Ended:
            return None

    def mark(self, content: Path, name: str, faults: Sequence[Finding], into: Path, owner: str = "") -> bool:
        """Whether a copy with the cells of `faults` marked and commented was written to the new file `into`.

        Args:
            owner: the mark of whose it is.

        Raises:
            SyncdError: nobody could look.
        """
        size_of(content)
        request = wire.Mark(os.path.abspath(content), tuple(faults), os.path.abspath(into), owner)
        return self._written("mark", request, into)

    def unmark(self, content: Path, name: str, into: Path) -> bool:
        """Whether a form had syncd's marks, and a copy without them was written to the new file `into`.

        Raises:
            SyncdError: nobody could look.
        """
        size_of(content)
        return self._written("unmark", wire.Unmark(os.path.abspath(content), os.path.abspath(into)), into)

    def _written(self, job: str, request: object, into: Path) -> bool:
        try:
            done = bool(self._ask(job, request))
        except Ended:
            done = False
        if not done:
            into.unlink(missing_ok=True)
        return done

    def _ask(self, job: str, request: object) -> object:
        """Asks the next free process; a second one where the first died of what need not be the file's fault."""
        try:
            return self._ask_once(job, request)
        except Ended as ended:
            if not ended.again:
                raise
            return self._ask_once(job, request)

    def _ask_once(self, job: str, request: object) -> object:
        child = self._free.get()
        try:
            if child is None or not child.alive:
                self._forget(child)
                child = None
                child = self._start()
            return child.ask(job, request)
        except Ended:
            if self._closed:
                raise SyncdError("the reader of files was closed", "try again") from None
            raise
        finally:
            if child is not None and (child.tired or not child.alive):
                self._forget(child)
                child = None
            self._free.put(child)

    def _start(self) -> Child:
        if self._closed:
            raise SyncdError("the reader of files is closed", "try again")
        try:
            child = self._starter.submit(Child, self.limits).result()
        except RuntimeError as error:
            raise SyncdError(f"no process for reading files can be started ({error})", "try again") from error
        with self._lock:
            self._children.add(child)
            closed = self._closed
        if closed:
            child.stop()
        return child

    def _forget(self, child: Child | None) -> None:
        if child is not None:
            child.kill()
            with self._lock:
                self._children.discard(child)


def _empty(folder: Path) -> None:
    """Removes what a process that died had unpacked."""
    with suppress(OSError):
        for file in os.scandir(folder):
            if file.is_file(follow_symlinks=False):
                os.unlink(file.path)
