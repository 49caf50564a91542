"""Every story has a ward of its own, once with a directory as the cloud and once with Box; both servers are shared."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.box_ward import Box
from tests.stories.ward import ChatServer, NewWard, Ward

MEMORY = Path("/dev/shm")
"""Where it is there, wards with Box lie in memory: what a disk does to a ward is shown by those with a directory."""


BOX_STORIES = os.environ.get("SYNCD_BOX_STORIES", "everyday")
"""`everyday`: of Box only these files' stories are told, with their first parameters; `rest`: all others; `all`."""
EVERYDAY = frozenset(
    {"test_checked_documents.py", "test_operator_moves.py", "test_operator_sends.py", "test_staff_corrections.py"}
)
"""Between them they do to a cloud whatever syncd ever does to one; CI tells all stories of both."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What only a directory can tell isn't told of Box."""
    told: set[str] = set()
    kept = []
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            kept.append(item)
            continue
        story = item.nodeid.partition("[")[0]
        seldom = _of_box(item) and (story in told or item.path.name not in EVERYDAY)
        if _of_box(item) and item.get_closest_marker("folder_only"):
            continue
        if _of_box(item):
            told.add(story)
        if BOX_STORIES == "all" or seldom == (BOX_STORIES == "rest"):
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
