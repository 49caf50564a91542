"""What the service manager hears, over real sockets."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.systemd import Notifier


@pytest.fixture(params=["file", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """An address for NOTIFY_SOCKET and the socket that hears what is sent there."""
    address = str(tmp_path / "notify") if request.param == "file" else f"@syncd-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind("\0" + address[1:] if address.startswith("@") else address)
        channel.settimeout(2)
        yield address, channel


def test_everything_reaches_the_manager(manager: tuple[str, socket.socket]) -> None:
    address, channel = manager
    notifier = Notifier({"NOTIFY_SOCKET": address})
    notifier.ready("2 operators")
    notifier.watchdog()
    notifier.status("himawari:\n  名簿.xlsx")
    notifier.extend(2.5)
    notifier.stopping()
    assert [channel.recv(1000).decode() for _ in range(5)] == [
        "READY=1\nSTATUS=2 operators",
        "WATCHDOG=1",
        "STATUS=himawari: 名簿.xlsx",
        "EXTEND_TIMEOUT_USEC=2500000",
        "STOPPING=1",
    ]


def test_without_a_manager_nothing_happens(tmp_path: Path) -> None:
    for environment in ({}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": str(tmp_path / "gone")}):
        notifier = Notifier(environment)
        notifier.ready()
        notifier.watchdog()
        notifier.status("")
        notifier.stopping()


def test_a_manager_that_does_not_listen_holds_nothing_up(manager: tuple[str, socket.socket]) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": manager[0]})
    manager[1].close()
    notifier.watchdog()


def test_how_often_progress_is_expected() -> None:
    assert Notifier({}).watchdog_seconds is None
    assert Notifier({"WATCHDOG_USEC": "180000000"}).watchdog_seconds == 180
    assert Notifier({"WATCHDOG_USEC": "500000", "WATCHDOG_PID": str(os.getpid())}).watchdog_seconds == 0.5
    assert Notifier({"WATCHDOG_USEC": "500000", "WATCHDOG_PID": "1"}).watchdog_seconds is None
    assert Notifier({"WATCHDOG_USEC": "0"}).watchdog_seconds is None
    assert Notifier({"WATCHDOG_USEC": "soon"}).watchdog_seconds is None
