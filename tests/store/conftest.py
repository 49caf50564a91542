"""A real store in a temporary folder, and small nouns to put into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from syncd.model import By, Place, Placement, Record, Role, Stage, Telling, TrackedFile
from syncd.store import Store
from syncd.store.history import History
from syncd.store.ledger import Ledger


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "state")
    yield store
    store.close()


@pytest.fixture
def history(store: Store) -> History:
    return History(store)


@dataclass
class Told:
    """An outbox that only listens."""

    heard: list[tuple[Telling, tuple[int, ...], float]] = field(default_factory=list)

    def __call__(self, tellings: Sequence[Telling], seqs: Sequence[int], at: float) -> None:
        self.heard += [(telling, tuple(seqs), at) for telling in tellings]


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def ledger(store: Store, history: History, told: Told) -> Ledger:
    return Ledger(store, history, told)


def sha1(letter: str) -> str:
    return letter * 40


def a_placement(letter: str = "a", stage: Stage | None = Stage.REVIEW, path: str = "在籍.xlsx") -> Placement:
    return Placement(Place(stage, path), f"inode-{letter}-{path}", f"etag-{letter}", 10, sha1(letter))


def a_file(file_id: int = -1, operator: str = "himawari", letter: str = "a", **fields: object) -> TrackedFile:
    given: dict[str, object] = {
        "id": file_id,
        "line": 0,
        "operator": operator,
        "role": Role.DOCUMENT,
        "name": "在籍.xlsx",
        "document": "enrolment",
        "period": "2026-10",
        "cloud": a_placement(letter),
        "intranet": a_placement(letter),
        "submitted": sha1(letter),
    }
    return TrackedFile(**(given | fields))  # type: ignore[arg-type]


def a_record(operator: str = "himawari", outcome: str = "received", **fields: object) -> Record:
    given: dict[str, object] = {
        "operator": operator,
        "document": "enrolment",
        "period": "2026-10",
        "file": "在籍.xlsx",
        "from_stage": None,
        "to_stage": Stage.INBOX,
        "by": By.OPERATOR,
        "actor": "",
        "rule": "O1",
        "reason": "",
        "outcome": outcome,
        "sha1": sha1("a"),
    }
    return Record(**(given | fields))  # type: ignore[arg-type]


class Make:
    """The small nouns, as one fixture."""

    file = staticmethod(a_file)
    record = staticmethod(a_record)
    placement = staticmethod(a_placement)
    sha1 = staticmethod(sha1)


@pytest.fixture
def make() -> Make:
    return Make()
