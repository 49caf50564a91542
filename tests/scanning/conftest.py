"""One clamd for the whole room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scanning.clamd import RunningClamd, running_clamd


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningClamd]:
    """A clamd that knows EICAR."""
    with running_clamd(tmp_path_factory.mktemp("clamd")) as running:
        yield running
