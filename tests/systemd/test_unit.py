"""The unit file: systemd has nothing to say against it, and little can go wrong through it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).resolve().parents[2] / "systemd" / "syncd.service"
MOST_EXPOSURE = 1.5
# Each of these makes a folder that the service may write to.
WRITABLE = {"StateDirectory", "CacheDirectory", "LogsDirectory", "ConfigurationDirectory", "RuntimeDirectory"}


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("systemd-analyze is missing: install systemd")
        pytest.skip("systemd-analyze is not installed")
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "SYSTEMD_PAGER": ""}
    return subprocess.run(
        [program, *arguments, str(UNIT)], capture_output=True, text=True, env=environment, timeout=60, check=False
    )


def settings() -> list[tuple[str, str]]:
    lines = [line for line in UNIT.read_text(encoding="utf-8").splitlines() if "=" in line and line[0] not in "#;"]
    return [(key, value) for key, _, value in (line.partition("=") for line in lines)]


def test_verify_has_nothing_to_say() -> None:
    result = analyze("verify", "--man=no")
    # It exits with 0 for unknown keys; only its silence means that all is well.
    assert (result.returncode, result.stderr, result.stdout) == (0, "", "")


def test_the_exposure_is_low() -> None:
    result = analyze("security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSURE * 10:.0f}")
    assert result.returncode == 0, result.stdout
    overall = re.search(r"Overall exposure level for syncd\.service: ([0-9.]+)", result.stdout)
    assert overall is not None
    assert float(overall.group(1)) <= MOST_EXPOSURE


def test_it_writes_to_the_state_and_the_trees_only() -> None:
    given = settings()
    assert ("ProtectSystem", "strict") in given
    assert [value for key, value in given if key == "ReadWritePaths"] == ["-/srv/syncd"]
    assert [value for key, value in given if key in WRITABLE] == ["syncd"]


def test_it_is_started_watched_and_given_secrets_by_systemd() -> None:
    given = dict(settings())
    assert given["Type"] == "notify"
    assert float(given["WatchdogSec"]) > 0
    assert given["LoadCredential"] == "syncd:/etc/syncd/credentials"
    assert given["RestartPreventExitStatus"] == "2"
    assert given["IPAddressDeny"] == "any"
