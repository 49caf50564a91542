"""The yard with and without the kernel's newer calls, and the instants between two system calls."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.tree.yard import Yard, made

Instant = Callable[[str, tuple[Any, ...]], None]
_instants: list[Instant] = []


def _at_an_instant(event: str, arguments: tuple[Any, ...]) -> None:
    for each in list(_instants):
        each(event, arguments)


# What Python is about to ask of the system passes here; a hook can't be taken out again, its listeners can.
sys.addaudithook(_at_an_instant)


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return made(tmp_path)


@pytest.fixture(params=[True, False], ids=["modern", "older"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Yard:
    """With the newer calls of the kernel, and without."""
    return made(tmp_path, modern=request.param)


@dataclass
class Before:
    """Acts of a person right before a system call, one after the other."""

    queue: list[tuple[str, str, Callable[[], object]]] = field(default_factory=list)

    def __call__(self, event: str, word: str, act: Callable[[], object], skip: int = 0) -> None:
        """Once the earlier acts are done, lets `skip` calls with `word` among their names pass, then acts.

        `rename` stands for linking, too: without renameat2 a rename is a link.
        """
        self.queue += [(event, word, lambda: None)] * skip + [(event, word, act)]

    def at(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.queue:
            return
        awaited, word, act = self.queue[0]
        names = [each.decode(errors="replace") if isinstance(each, bytes) else str(each) for each in arguments]
        called = {"os.rename": "rename", "os.link": "rename"}.get(event, event)
        if called == awaited and any(word in each for each in names):
            self.queue.pop(0)
            act()


@pytest.fixture
def before() -> Iterator[Before]:
    acts = Before()
    _instants.append(acts.at)
    yield acts
    _instants.remove(acts.at)
    assert not acts.queue, "an instant that never came"


@pytest.fixture
def listening() -> Iterator[list[Instant]]:
    """Listeners to every system call that Python announces."""
    before = list(_instants)
    yield _instants
    _instants[:] = before
