"""Every story has a ward of its own; the chat server is shared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.ward import ChatServer, Ward


@pytest.fixture(scope="session")
def chat() -> Iterator[ChatServer]:
    server = ChatServer()
    yield server
    server.close()


@pytest.fixture
def ward(tmp_path: Path, chat: ChatServer) -> Ward:
    return Ward(tmp_path, chat)
