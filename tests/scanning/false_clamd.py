"""Servers on real sockets that are not what they should be."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from syncd.config import Clamd

Behaviour = Callable[[socket.socket], None]


def received(connection: socket.socket, command: bytes = b"zINSTREAM\0") -> bytes:
    """Reads a whole INSTREAM conversation, as clamd does; returns the content."""
    stream = connection.makefile("rb")
    assert stream.read(len(command)) == command
    content = b""
    while length := struct.unpack("!I", stream.read(4))[0]:
        content += stream.read(length)
    return content


def says(answer: bytes) -> Behaviour:
    """Hears the whole file and gives this answer, whatever it is."""

    def behave(connection: socket.socket) -> None:
        received(connection)
        connection.sendall(answer)

    return behave


def blurts(answer: bytes) -> Behaviour:
    """Gives this answer at once and hears nothing."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 16):
            pass

    return behave


def hangs_up(connection: socket.socket) -> None:
    """Reads a little and closes."""
    connection.recv(12)


def floods(connection: socket.socket) -> None:
    """Hears the file and never ends to answer."""
    received(connection)
    while True:
        connection.sendall(b"stream: OK " * 1000)


def drips(connection: socket.socket) -> None:
    """Answers a letter at a time, each in time."""
    received(connection)
    while True:
        connection.sendall(b"s")
        threading.Event().wait(0.05)


@contextmanager
def false_clamd(*behaviours: Behaviour) -> Iterator[tuple[Clamd, list[int]]]:
    """A server whose nth connection behaves so (the last goes on for ever), and how many there were."""
    server = socket.create_server(("127.0.0.1", 0))
    count = [0]

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                behave = behaviours[min(count[0], len(behaviours) - 1)]
                count[0] += 1
                with suppress(OSError, struct.error, AssertionError), connection:
                    behave(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Clamd(server.getsockname()[:2], timeout_seconds=5, most_bytes=100_000), count
    finally:
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)
        server.close()
