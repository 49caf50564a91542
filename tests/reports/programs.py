"""The real Chromium and pdftoppm: without them a test is skipped, and fails where CI is set."""

from __future__ import annotations

import os
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest


def needed(program: str, package: str) -> str:
    """Where the program is."""
    found = shutil.which(program)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is missing: apt install {package}")
        pytest.skip(f"{program} is not installed")
    return found


def chromium(folder: Path, page: Path, *words: str) -> str:
    """Opens the page from its file, as from a share, with a profile of its own; what Chromium printed."""
    command = [
        needed("chromium", "chromium fonts-noto-cjk"), "--headless", "--no-sandbox", "--disable-gpu",
        "--disable-dev-shm-usage", "--hide-scrollbars", "--disable-background-networking", "--no-first-run",
        f"--user-data-dir={folder / 'chromium'}", *words, page.as_uri(),
    ]  # fmt: skip
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    ran = subprocess.run(
        command, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def pages_drawn(folder: Path, pdf: Path, dots: int) -> list[Path]:
    """The PDF's pages as PNG files, `dots` an inch."""
    program = needed("pdftoppm", "poppler-utils")
    ran = subprocess.run(
        [program, "-r", str(dots), "-png", str(pdf), str(folder / pdf.stem)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    return sorted(folder.glob(f"{pdf.stem}-*.png"))


def texts_of(pdf: Path) -> list[str]:
    """The text of each page, in the characters that people type (fonts also know look-alikes of some)."""
    program = needed("pdftotext", "poppler-utils")
    ran = subprocess.run([program, "-layout", str(pdf), "-"], capture_output=True, timeout=60, check=True)
    return unicodedata.normalize("NFKC", ran.stdout.decode("utf-8")).split("\f")[:-1]
