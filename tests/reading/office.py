"""A real LibreOffice that saves forms again, once for all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest


def saved_again(files: Sequence[Path], kind: str, into: Path, profile: Path, open_as: str = "") -> None:
    """Opens the files and saves them as `kind` into a folder, in one start of the program."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("CI") == "1":
            pytest.fail("soffice is missing; install libreoffice-calc")
        pytest.skip("needs soffice (libreoffice-calc)")
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind, "--outdir"]
    command += [str(into), f"--infilter={open_as}"] if open_as else [str(into)]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, timeout=180, check=False)
    suffix = kind.partition(":")[0]
    missing = [file.name for file in files if not (into / f"{file.stem}.{suffix}").exists()]
    assert not missing, (missing, done.stdout, done.stderr)
