"""A real clamd with a signature database of the tests' own, which knows nothing but EICAR."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from syncd.config import Clamd
from syncd.scanning import eicar

STREAM_MOST = 2_000_000
"""What the tests' clamd takes, in bytes."""
SIGNATURE = "Syncd.Eicar.Test.UNOFFICIAL"


@dataclass(frozen=True, slots=True)
class RunningClamd:
    """One that answers.

    Attributes:
        socket: where; its path is short.
        process: the server itself.
    """

    socket: Path
    process: subprocess.Popen[bytes]

    def settings(self, timeout_seconds: float = 20.0, most_bytes: int = STREAM_MOST) -> Clamd:
        """As config.yaml would have it."""
        return Clamd(self.socket, timeout_seconds, most_bytes)

    def stop(self) -> None:
        """It hangs from now on: connections are taken, nothing is answered."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """It works off what has come in."""
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def running_clamd(folder: Path, stream_most: int = STREAM_MOST, more: str = "") -> Iterator[RunningClamd]:
    """A clamd with its files in `folder`, until the end; without the program a skip, under CI a failure.

    Args:
        stream_most: its StreamMaxLength in bytes.
        more: further lines of its configuration; of two lines for one setting the first counts.
    """
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        message = "clamd isn't installed (Debian: clamav-daemon)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    for each in ("db", "tmp"):
        (folder / each).mkdir(parents=True, exist_ok=True)
    (folder / "db/eicar.ndb").write_text(f"Syncd.Eicar.Test:0:*:{eicar().hex()}\n")
    with tempfile.TemporaryDirectory(prefix="clamd-") as short:  # a socket's path has 107 bytes at most
        address = Path(short) / "clamd.ctl"
        (folder / "clamd.conf").write_text(more + _configuration(folder, address, stream_most))
        with (folder / "clamd.log").open("wb") as log:
            process = subprocess.Popen([program, "-c", folder / "clamd.conf"], stdout=log, stderr=log)
        try:
            _wait_for(process, address, folder / "clamd.log")
            yield RunningClamd(address, process)
        finally:
            process.kill()
            process.wait()


def _configuration(folder: Path, address: Path, stream_most: int) -> str:
    return f"""LocalSocket {address}
DatabaseDirectory {folder / "db"}
TemporaryDirectory {folder / "tmp"}
StreamMaxLength {stream_most}
AlertExceedsMax yes
AlertEncrypted yes
MaxThreads 2
Foreground yes
"""


def _wait_for(process: subprocess.Popen[bytes], address: Path, log: Path) -> None:
    for _ in range(3000):
        if process.poll() is not None:
            break
        with suppress(OSError), socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(10)
            asking.connect(os.fspath(address))
            asking.sendall(b"zPING\0")
            if asking.recv(16) == b"PONG\0":
                return
        time.sleep(0.01)
    pytest.fail(f"clamd doesn't start: {log.read_text(errors='replace')[-2000:]}")
