"""A CONNECT proxy that leads Box's hosts to a simulator with TLS, for clients whose hosts are constants.

It opens no way to anywhere else: other hosts are refused and counted.
"""

from __future__ import annotations

import select
import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from tests.boxsim.api.context import BOX_HOSTS

_CHUNK: Final = 1 << 18
_IDLE: Final = 700
"""Seconds without a byte after which a tunnel ends: longer than a long poll."""


class Proxy:
    """A proxy on 127.0.0.1. `asked` counts the tunnels by host, `refused` those to strangers."""

    def __init__(self, target_port: int) -> None:
        self._server = _Server(target_port)
        self.asked = self._server.asked
        self.refused = self._server.refused
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True, name="proxy")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def proxy(target_port: int) -> Iterator[Proxy]:
    """A proxy for as long as the block runs."""
    made = Proxy(target_port)
    made.start()
    try:
        yield made
    finally:
        made.stop()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.asked: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        super().__init__(("127.0.0.1", 0), _Tunnel)


class _Tunnel(socketserver.StreamRequestHandler):
    rbufsize = 0
    server: _Server

    def handle(self) -> None:
        method, _, rest = self.rfile.readline(4096).decode("latin-1").partition(" ")
        host, _, port = rest.partition(" ")[0].rpartition(":")
        while self.rfile.readline(65536).strip():
            pass
        if method != "CONNECT" or host not in BOX_HOSTS or port != "443":
            self.server.refused[f"{method} {host}"] += 1
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        self.server.asked[host] += 1
        with socket.create_connection(("127.0.0.1", self.server.target_port)) as target:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with suppress(OSError):
                _relay(self.request, target)


def _relay(one: socket.socket, other: socket.socket) -> None:
    """Passes bytes both ways until one side ends."""
    for end in (one, other):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while True:
        readable, _, _ = select.select([one, other], [], [], _IDLE)
        if not readable:
            return
        for source in readable:
            content = source.recv(_CHUNK)
            if not content:
                return
            (other if source is one else one).sendall(content)
