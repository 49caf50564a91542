"""The ward that the commands are tried on."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.ward import Ward


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ward]:
    """A ward after `syncd init`; signals and logging are afterwards as they were."""
    monkeypatch.delenv("SYNCD_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    logger, root = logging.getLogger("syncd"), logging.getLogger()
    kept = (logger.level, list(logger.handlers), list(root.handlers))
    made = Ward(tmp_path)
    assert made.run("init").exit_code == 0
    yield made
    logging.captureWarnings(False)
    logger.setLevel(kept[0])
    logger.handlers[:] = kept[1]
    root.handlers[:] = kept[2]
    for number, handler in handlers.items():
        signal.signal(number, handler)
