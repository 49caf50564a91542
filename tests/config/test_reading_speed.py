"""How long a big ward's config takes to read (a measurement, `make bench`)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from syncd.config import load


@pytest.mark.bench
def test_two_hundred_operators(tmp_path: Path) -> None:
    """The target is 0.2 s: the daemon reads it again whenever it was saved."""
    operators = "".join(
        f"  - {{id: n{number}, name: 第{number}保育園, code: '{number:03}', cloud_folder: 区/{number:03}_園,"
        f" chat: ['spool://./chat/{number}'], staff_chat: []}}\n"
        for number in range(200)
    )
    path = tmp_path / "config.yaml"
    path.write_text(
        "cloud: {kind: folder, root: ./cloud}\nintranet: {root: ./intranet}\nstate: ./state\nrules: ./rules\n"
        f"operators:\n{operators}",
        encoding="utf-8",
    )
    started = time.perf_counter()
    config = load(path, {})
    took = time.perf_counter() - started
    print(f"\n200 operators read in {took:.3f} s")
    assert len(config.operators) == 200
    assert took < 0.2, f"{took:.3f} s"
