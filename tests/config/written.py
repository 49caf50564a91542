"""Config files as tests write them, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncd.config import examine, load
from syncd.errors import Misconfigured

LEAST = """\
cloud: {kind: folder, root: ./cloud}
intranet: {root: ./intranet}
state: ./state
rules: ./rules
operators:
  - {id: himawari, name: ひまわり保育園}
"""
SECRET = "s3cr3t-Passw0rd"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "config.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(folder: Path, text: str, environment: dict[str, str] | None = None) -> dict[int, list[str]]:
    """The problems by line."""
    with pytest.raises(Misconfigured) as caught:
        load(write(folder, text), environment or {})
    found: dict[int, list[str]] = {}
    for problem in caught.value.problems:
        assert problem.file == str(folder / "config.yaml")
        assert "\n" not in str(problem)
        found.setdefault(problem.line, []).append(f"{problem.message} — {problem.remedy}")
    return found


def warned(folder: Path, text: str, environment: dict[str, str] | None = None) -> list[str]:
    return [str(warning) for warning in examine(write(folder, text), environment or {}).warnings]


def credentials(folder: Path, **secrets: str) -> dict[str, str]:
    place = folder / "credentials"
    place.mkdir(exist_ok=True)
    for name, value in secrets.items():
        (place / name).write_text(value)
        (place / name).chmod(0o600)
    return {"CREDENTIALS_DIRECTORY": str(place)}
