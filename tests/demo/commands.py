"""syncd as somebody types it in a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
OUTCOMES = {
    "received", "moved", "renamed", "refused", "quarantined", "unknown", "unpacked", "reminded", "superseded",
}  # fmt: skip
"""What the demo's history tells of, whatever the cloud is."""


def syncd(folder: Path, *words: str, package: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    """One command to its end; `package`: where the package lies."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(package), "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "syncd", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120
    )
