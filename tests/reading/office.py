"""A real LibreOffice that saves forms again, once for all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest


def saved_again(files: Sequence[Path], kind: str, into: Path, profile: Path) -> None:
    """Opens the files and saves them as `kind` into a folder, in one start of the program."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("CI") == "1":
            pytest.fail("soffice is missing; install libreoffice-calc")
        pytest.skip("needs soffice (libreoffice-calc)")
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind, "--outdir"]
    done = subprocess.run([*command, str(into), *map(str, files)], capture_output=True, timeout=180, check=False)
    missing = [file.name for file in files if not (into / f"{file.stem}.{kind}").exists()]
    assert not missing, (missing, done.stdout, done.stderr)
