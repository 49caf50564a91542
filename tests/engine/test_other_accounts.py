"""The daemon as its unit runs it, without any capability, while others write into its tree as other accounts."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.stories.daemons import PATIENCE, ROOT, until
from tests.stories.ward import ChatServer, Ward

GAMES = 5
SETTLE = 0.25
WHOLE = b"first half " * 1000 + b"second half " * 1000
PAUSE = 12 * SETTLE
"""Longer than a file has to stand where nobody tells of closings, shorter than where one should have been told."""

Begins = Callable[[int], None]


def whole_size(file: int) -> None:
    os.ftruncate(file, len(WHOLE))


@pytest.fixture
def ward() -> Iterator[Ward]:
    """One that is quiet a little longer, so that a busy machine can follow."""
    if os.geteuid() != 0:
        if os.environ.get("CI"):
            pytest.fail("only root can become another account")
        pytest.skip("only root can become another account")
    chat = ChatServer()
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        ward = Ward(Path(name) / "ward", chat)
        text = ward.config_path.read_text(encoding="utf-8")
        ward.config_path.write_text(text.replace("settle_seconds: 0.05", f"settle_seconds: {SETTLE}"), encoding="utf-8")
        yield ward
    chat.close()


class Account:
    """The account that the daemon runs as, without any capability, and another one's files.

    Where that account can't come to this checkout's Python, it is root without the right to lease what isn't its own.
    """

    def __init__(self) -> None:
        none = ["setpriv", f"--reuid={GAMES}", f"--regid={GAMES}", "--clear-groups", "--inh-caps=-all"]
        none.append("--bounding-set=-all")
        python = shlex.quote(sys.executable)
        tried = subprocess.run(
            [*none, "sh", "-c", f"{python} -c 'import syncd, ctypes.util'"], cwd=ROOT, capture_output=True, check=False
        )
        reached = tried.returncode == 0
        self.words = none if reached else ["setpriv", "--inh-caps=-lease", "--bounding-set=-lease"]
        self.own, self.other = (GAMES, 0) if reached else (0, GAMES)

    def begun_by(self, owner: int, path: Path) -> int:
        """A file of that account, open for writing."""
        writing = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
        os.fchown(writing, owner, owner)
        return writing


@pytest.fixture
def account(ward: Ward) -> Account:
    found = Account()
    subprocess.run(["chown", "-R", f"{found.own}:{found.own}", str(ward.folder.parent)], check=True)
    return found


@contextmanager
def daemon(ward: Ward, account: Account, watch: str) -> Iterator[None]:
    text = ward.config_path.read_text(encoding="utf-8")
    ward.config_path.write_text(
        text.replace("rescan_seconds: 2", f"rescan_seconds: 2, watch: {watch}"), encoding="utf-8"
    )
    log = ward.folder / "daemon.log"
    with log.open("w") as out:
        running = subprocess.Popen(
            [*account.words, sys.executable, "-m", "syncd", "run", "-c", str(ward.config_path)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            stderr=out,
        )
    try:
        until(lambda: "syncd works for" in log.read_text(encoding="utf-8") or running.poll() is not None)
        assert running.poll() is None, log.read_text(encoding="utf-8")
        yield
    finally:
        running.terminate()
        running.wait(PATIENCE)


def arrived(ward: Ward, name: str) -> bytes | None:
    path = ward.cloud(f"corrections/{name}")
    return path.read_bytes() if path.exists() else None


@pytest.mark.parametrize("begins", [None, whole_size])
def test_what_another_account_writes_with_pauses_travels_whole(
    ward: Ward, account: Account, begins: Begins | None
) -> None:
    """As `F_SETLEASE` tells nothing of it, by what the kernel told of its closing."""
    with daemon(ward, account, "auto"):
        writing = account.begun_by(account.other, ward.intranet("corrections/a.csv"))
        if begins is not None:
            begins(writing)
        for at in (0, 12000):
            os.pwrite(writing, WHOLE[at : at + 12000], at)
            deadline = time.monotonic() + PAUSE
            while time.monotonic() < deadline:
                assert arrived(ward, "a.csv") is None
                time.sleep(0.05)
        os.close(writing)
        until(lambda: arrived(ward, "a.csv") == WHOLE)


def test_where_nobody_tells_it_has_to_stand_first(ward: Ward, account: Account) -> None:
    """The pauses are shorter than that; and what was whole when syncd came travels by itself."""
    before = account.begun_by(account.other, ward.intranet("corrections/before.csv"))
    os.write(before, WHOLE)
    os.close(before)
    writing = account.begun_by(account.other, ward.intranet("corrections/a.csv"))
    os.write(writing, WHOLE[:11000])
    with daemon(ward, account, "poll"):
        for at in (11000, 17000):
            deadline = time.monotonic() + 5 * SETTLE
            while time.monotonic() < deadline:
                assert arrived(ward, "a.csv") is None
                time.sleep(0.05)
            os.pwrite(writing, WHOLE[at : at + 6000], at)
        os.close(writing)
        until(lambda: arrived(ward, "a.csv") == WHOLE)
        until(lambda: arrived(ward, "before.csv") == WHOLE)


def test_what_is_the_daemons_own_is_waited_for_as_long_as_it_is_open(ward: Ward, account: Account) -> None:
    """As with `force user` on the share."""
    with daemon(ward, account, "auto"):
        writing = account.begun_by(account.own, ward.intranet("corrections/b.csv"))
        os.write(writing, WHOLE[:11000])
        deadline = time.monotonic() + PAUSE
        while time.monotonic() < deadline:
            assert arrived(ward, "b.csv") is None
            time.sleep(0.05)
        os.pwrite(writing, WHOLE[11000:], 11000)
        os.close(writing)
        until(lambda: arrived(ward, "b.csv") == WHOLE)
