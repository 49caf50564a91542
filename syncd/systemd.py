"""What syncd tells systemd: that it is ready, that it makes progress, that it stops. Nothing when not started by it.

Owns the notification socket's protocol (sd_notify). Decides nothing: when there was progress is the daemon's to say.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping


class Notifier:
    """Speaks to the service manager that started this process; without one, every call does nothing.

    Args:
        environment: where NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID are looked up; the process's own by default.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        environment = os.environ if environment is None else environment
        address = environment.get("NOTIFY_SOCKET", "")
        # A name that begins with @ lies in the abstract namespace, not in the file system.
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self.watchdog_seconds = _watchdog_seconds(environment)
        """Progress has to be reported more often than this; None: nobody waits for it."""

    def ready(self, text: str = "") -> None:
        """Start-up is over."""
        self._send("READY=1", *_status(text))

    def watchdog(self) -> None:
        """There was progress. Call it from where the work is done, never from a timer alone."""
        self._send("WATCHDOG=1")

    def status(self, text: str) -> None:
        """What `systemctl status` shows, one line. No secrets."""
        self._send(*_status(text))

    def extend(self, seconds: float) -> None:
        """Start-up or stopping takes so much longer than the unit allows."""
        self._send(f"EXTEND_TIMEOUT_USEC={int(seconds * 1_000_000)}")

    def stopping(self, text: str = "") -> None:
        """A clean stop has begun."""
        self._send("STOPPING=1", *_status(text))

    def _send(self, *lines: str) -> None:
        if not self._address or not lines:
            return
        # A service manager that can't be reached is no reason to stop working.
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
                channel.settimeout(1)
                channel.sendto("\n".join(lines).encode("utf-8", "replace"), self._address)
        except OSError:
            return


def _status(text: str) -> tuple[str, ...]:
    one_line = " ".join(text.split())
    return (f"STATUS={one_line}",) if one_line else ()


def _watchdog_seconds(environment: Mapping[str, str]) -> float | None:
    microseconds = environment.get("WATCHDOG_USEC", "")
    meant_for = environment.get("WATCHDOG_PID", "")
    if not microseconds.isdecimal() or int(microseconds) == 0 or meant_for not in {"", str(os.getpid())}:
        return None
    return int(microseconds) / 1_000_000
