"""The simulator on a loopback port: HTTP/1.1 with connections that are kept, and TLS when it is asked for."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.boxsim.wire import Readable, Request, Response, bad, refusal

if TYPE_CHECKING:
    from tests.boxsim.simulator import Simulator

_CHUNK: Final = 1 << 16
_PIECES: Final = 8
"""In how many pieces a slow body is sent."""


class Server:
    """A simulator that listens on 127.0.0.1. `tls`: certificate and key, PEM."""

    def __init__(self, sim: Simulator, port: int = 0, tls: tuple[Path, Path] | None = None) -> None:
        self._http = _HTTPServer(("127.0.0.1", port), sim, tls)
        self.port = int(self._http.server_address[1])
        scheme = "http" if tls is None else "https"
        self.base_url = f"{scheme}://127.0.0.1:{self.port}"
        self.upload_url = f"{self.base_url}/api"
        self.oauth2_url = f"{self.base_url}/api/oauth2"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True, name="boxsim")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stops listening and ends all connections."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
        self._http.end_connections()


@contextmanager
def serve(sim: Simulator, port: int = 0, tls: tuple[Path, Path] | None = None) -> Iterator[Server]:
    """A server for as long as the block runs; then the state is saved."""
    server = Server(sim, port, tls)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        sim.save()


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], sim: Simulator, tls: tuple[Path, Path] | None) -> None:
        self.sim = sim
        self.context: ssl.SSLContext | None = None
        if tls is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.minimum_version = ssl.TLSVersion.TLSv1_2
            self.context.load_cert_chain(*tls)
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Handler)

    def finish_request(self, request: object, client_address: object) -> None:
        """The TLS handshake happens in the connection's own thread: a client that is slow at it stops nobody."""
        assert isinstance(request, socket.socket)
        connection = request
        try:
            if self.context is not None:
                connection = self.context.wrap_socket(request, server_side=True)
            with self._guard:
                self._open.add(connection)
            _Handler(connection, client_address, self)
        except (OSError, ssl.SSLError):
            pass  # the client is gone
        finally:
            with self._guard:
                self._open.discard(connection)
            if connection is not request:
                with suppress(OSError):
                    connection.close()

    def end_connections(self) -> None:
        with self._guard:
            connections = list(self._open)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Body:
    """What a client sends: as long as Content-Length says, or in chunks."""

    def __init__(self, source: Readable, length: int | None) -> None:
        self._source = source
        self._left = length

    def read(self, size: int = -1, /) -> bytes:
        """The whole body. Raises ConnectionError when the client ends too soon."""
        if self._left is None:
            return b"".join(self._chunks())
        content = self._exactly(self._left)
        self._left = 0
        return content

    def _exactly(self, size: int) -> bytes:
        content = self._source.read(size) if size else b""
        if len(content) != size:
            raise ConnectionError("the client ended in the middle of its body")
        return content

    def _chunks(self) -> Iterator[bytes]:
        while True:
            size = int(self._line().partition(b";")[0], 16)
            if size == 0:
                while self._line():
                    pass
                self._left = 0
                return
            yield self._exactly(size)
            self._exactly(2)

    def _line(self) -> bytes:
        line = bytearray()
        while not line.endswith(b"\n"):
            line += self._exactly(1)
            if len(line) > 4096:
                raise ConnectionError("no chunk's size")
        return bytes(line).strip()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = _CHUNK
    server: _HTTPServer

    def _answer(self) -> None:
        chunked = "chunked" in self.headers.get("Transfer-Encoding", "").lower()
        body = _Body(self.rfile, None if chunked else int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            host=self.headers.get("Host", ""),
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            scheme="http" if self.server.context is None else "https",
        )
        try:
            response = self.server.sim.handle(request)
        except ConnectionError:
            self.close_connection = True
            return
        except ValueError as error:
            response = refusal(bad(str(error)), "boxsim")
            response.closes = True
        if response.dropped:
            time.sleep(response.silent)
            self.close_connection = True
            return
        self._send(response)

    do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = _answer

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status not in {204, 304}:
            self.send_header("Content-Length", str(len(response.body)))
        if response.closes:
            self.send_header("Connection", "close")
        self.end_headers()
        content = memoryview(response.body)
        if response.cut is not None:
            content = content[: response.cut]
            self.close_connection = True
        if response.seconds:
            self.wfile.flush()
            size = max(1, -(-len(content) // _PIECES))
            for start in range(0, len(content), size):
                time.sleep(response.seconds / _PIECES)
                self.wfile.write(content[start : start + size])
                self.wfile.flush()
        else:
            self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Tests read what was called from the counts."""
