"""`scanner` of config.yaml: where clamd listens, how long to wait for it, how much it takes. Asks clamd nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from syncd.config.settings import Clamd
from syncd.config.values import given, path_below
from syncd.yamltext import Reader

_HOST_AND_PORT: Final = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]+)):(?P<port>[0-9]{1,5})")
_LONGEST_SOCKET: Final = 107
"""Bytes that the kernel has for the path of a unix socket."""
_MOST: Final = 4_000_000_000
"""Bytes: what INSTREAM can announce."""


def read_scanner(top: Reader, folder: Path) -> Clamd | None:
    """The settings; None: none is given, or a fault. Relative paths begin at `folder`."""
    if not top.has("scanner"):
        top.know("scanner")
        return None
    reader = top.group("scanner")
    usual = Clamd(folder)
    socket = _socket(reader, folder)
    clamd = Clamd(
        socket or folder,
        timeout_seconds=reader.number("timeout_seconds", usual.timeout_seconds, least=0.05),
        most_bytes=reader.integer("most_bytes", usual.most_bytes, least=1, most=_MOST),
    )
    reader.finish()
    return clamd if socket is not None else None


def _socket(reader: Reader, folder: Path) -> Path | tuple[str, int] | None:
    reader.know("socket")
    text = reader.text("socket") if given(reader) else ""
    if not text:
        return None
    if parts := _HOST_AND_PORT.fullmatch(text.strip()):
        port = int(parts["port"])
        if 0 < port < 65536:
            return parts["six"] or parts["host"], port
        reader.problem("scanner.socket has no such port", "write host:port with a port from 1 to 65535", "socket")
        return None
    if "://" in text:
        remedy = "write a path like /run/clamav/clamd.ctl, or host:port like 127.0.0.1:3310"
        reader.problem("scanner.socket is no socket", remedy, "socket")
        return None
    path = path_below(folder, reader, "socket")
    if path is not None and len(os.fsencode(path)) > _LONGEST_SOCKET:
        message = f"scanner.socket is longer than a socket's path can be ({_LONGEST_SOCKET} bytes)"
        reader.problem(message, "have clamd make its socket at a shorter path (LocalSocket in clamd.conf)", "socket")
        return None
    return path
