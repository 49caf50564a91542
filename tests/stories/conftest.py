"""Every story has a ward of its own, once with a directory as the cloud and once with Box; both servers are shared."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.box_ward import Box
from tests.stories.ward import ChatServer, NewWard, Ward

MEMORY = Path("/dev/shm")
"""Where it is there, wards with Box lie in memory: what a disk does to a ward is shown by those with a directory."""


TOLD = os.environ.get("SYNCD_STORIES", "everyday")
"""`everyday`: a share of the stories; `rest`: all others, as CI tells them; `all`."""
A_DOZEN = 12
"""With so many parameters a story is told every day."""
OF_BOX = frozenset({"test_checked_documents.py", "test_operator_moves.py", "test_operator_sends.py"})
"""Every day these are told of Box, too, with their first parameters: they do to a cloud whatever syncd ever does."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What only a directory can tell isn't told of Box; and of the rest, what `TOLD` says."""
    told: Counter[tuple[str, bool]] = Counter()
    kept = []
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            kept.append(item)
            continue
        of_box = _of_box(item)
        if of_box and item.get_closest_marker("folder_only"):
            continue
        story = (item.nodeid.partition("[")[0], of_box)
        told[story] += 1
        everyday = told[story] <= (1 if of_box else A_DOZEN) and (not of_box or item.path.name in OF_BOX)
        if TOLD == "all" or everyday == (TOLD == "everyday"):
            kept.append(item)
    items[:] = kept


def _of_box(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return callspec is not None and callspec.params.get("cloud_kind") == "box"


@pytest.fixture(scope="session")
def chat() -> Iterator[ChatServer]:
    server = ChatServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def box() -> Iterator[Box]:
    made = Box()
    yield made
    made.close()


@pytest.fixture(params=["folder", "box"])
def cloud_kind(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def new_ward(tmp_path: Path, chat: ChatServer, cloud_kind: str, request: pytest.FixtureRequest) -> Iterator[NewWard]:
    """Makes a ward with the rules and settings that a story asks for."""
    if cloud_kind == "folder":
        yield NewWard(tmp_path, chat, None)
        return
    memory = MEMORY if MEMORY.is_dir() else tmp_path
    with tempfile.TemporaryDirectory(prefix="syncd-", dir=memory) as folder:
        yield NewWard(Path(folder), chat, request.getfixturevalue("box"))


@pytest.fixture
def ward(new_ward: NewWard) -> Ward:
    return new_ward()
