"""The simulator as a transport of `requests`, without sockets: for thousands of runs in one process.

    session.mount("http://box.test", InProcess(sim))

What would be a broken connection is a `requests.ConnectionError`, what would take too long a `ReadTimeout`; neither
takes real time. A long poll does.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

from tests.boxsim.wire import Request, Response

if TYPE_CHECKING:
    from tests.boxsim.simulator import Simulator

_Timeout = float | tuple[float | None, float | None] | None


class InProcess(BaseAdapter):
    """Answers in the thread that asks."""

    def __init__(self, sim: Simulator) -> None:
        super().__init__()
        self._sim = sim

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer. Raises requests.ConnectionError, requests.ReadTimeout."""
        patience = _patience(timeout)
        response = self._sim.handle(_request(request, patience))
        if response.dropped:
            if response.silent and patience is not None:
                raise requests.ReadTimeout("Read timed out.", request=request)
            raise requests.ConnectionError("Remote end closed connection without response", request=request)
        made = _response(request, response)
        if not stream:
            _ = made.content
        return made

    def close(self) -> None:
        """Nothing is held open."""


def _patience(timeout: _Timeout) -> float | None:
    return timeout[1] if isinstance(timeout, tuple) else timeout


def _request(request: requests.PreparedRequest, patience: float | None) -> Request:
    parts = urlsplit(request.url or "")
    return Request(
        method=request.method or "GET",
        host=parts.netloc,
        path=unquote(parts.path),
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers={name.lower(): _text(value) for name, value in request.headers.items()},
        body=io.BytesIO(_body(request.body)),
        scheme=parts.scheme,
        patience=patience,
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _body(body: Any) -> bytes:
    """The bytes of whatever `requests` takes as a body: text, bytes, files, iterators."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    if hasattr(body, "read"):
        chunks: Iterable[bytes | str] = iter(lambda: body.read(1 << 20), b"")
        return b"".join(chunk.encode() if isinstance(chunk, str) else chunk for chunk in _until_empty(chunks))
    return b"".join(chunk.encode() if isinstance(chunk, str) else chunk for chunk in body)


def _until_empty(chunks: Iterable[bytes | str]) -> Iterable[bytes | str]:
    for chunk in chunks:
        if not chunk:
            return
        yield chunk


class _Slow(io.RawIOBase):
    """Bytes that arrive little by little."""

    def __init__(self, content: bytes, seconds: float) -> None:
        self._rest = io.BytesIO(content)
        self._pause = seconds / 8
        self._piece = max(1, -(-len(content) // 8))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        piece = self._rest.read(min(self._piece, len(buffer)))
        if piece:
            time.sleep(self._pause)
        buffer[: len(piece)] = piece
        return len(piece)


def _response(request: requests.PreparedRequest, response: Response) -> requests.Response:
    headers = dict(response.headers)
    if response.status not in {204, 304}:
        headers.setdefault("Content-Length", str(len(response.body)))
    content = response.body if response.cut is None else response.body[: response.cut]
    body: io.IOBase = io.BytesIO(content)
    if response.seconds:
        body = io.BufferedReader(_Slow(content, response.seconds), buffer_size=1)
    made = requests.Response()
    made.status_code = response.status
    made.headers = CaseInsensitiveDict(headers)
    made.encoding = "utf-8" if "json" in headers.get("Content-Type", "") else None
    made.reason = str(response.status)
    made.url = request.url or ""
    made.request = request
    made.raw = HTTPResponse(
        body=body,
        headers=headers,
        status=response.status,
        preload_content=False,
        decode_content=False,
        enforce_content_length=False,
        request_method=request.method,
    )
    return made
