"""What goes over the wire, apart from how it gets there: a request, a response, and Box's way to refuse.

Both transports (the HTTP server and the in-process adapter) make a `Request` and carry out a `Response`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final, Protocol

Json = dict[str, Any]
"""A JSON object, as it is read or will be written."""

_ZONE: Final = timezone(timedelta(hours=-8))
"""Box tells times with its own offset, not in UTC."""


class Readable(Protocol):
    """Where a request's body comes from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, all of them when negative; none at the end."""


@dataclass(slots=True)
class Request:
    """One HTTP request. Names of headers are in lower case; `patience` is for how many seconds the client waits."""

    method: str
    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Readable = field(default_factory=io.BytesIO)
    scheme: str = "http"
    patience: float | None = None


@dataclass(slots=True)
class Response:
    """One HTTP response, and what befalls it on its way.

    `cut`: only so many bytes of the body arrive, though Content-Length promises all. `seconds`: how long the body
    takes. `dropped`: the connection ends without an answer, after so many `silent` seconds. `closes`: it ends after it.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: int | None = None
    seconds: float = 0.0
    dropped: bool = False
    silent: float = 0.0
    closes: bool = False


class Refused(Exception):
    """What Box answers instead of doing it: status, code and, for conflicts, what is in the way."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str = "",
        context: Json | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message or code}")
        self.status = status
        self.code = code
        self.message = message or code.replace("_", " ").capitalize()
        self.context = context
        self.headers = dict(headers or {})


def answer(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, {"Content-Type": "application/json", **(headers or {})}, body)


def refusal(refused: Refused, request_id: str) -> Response:
    """The error response, as Box shapes it: a 304 or a wrong token is told by the headers alone."""
    if refused.status == 304:
        return Response(304, dict(refused.headers))
    document: Json = {
        "type": "error",
        "status": refused.status,
        "code": refused.code,
        "help_url": "https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/",
        "message": refused.message,
        "request_id": request_id,
    }
    if refused.context is not None:
        document["context_info"] = refused.context
    return answer(document, refused.status, refused.headers)


def not_found(what: str = "", code: str = "not_found") -> Refused:
    """404: not there, or nothing that this user may know of."""
    return Refused(
        404, code, "Not Found", {"errors": [{"reason": "invalid_parameter", "name": "item", "message": what}]}
    )


def forbidden(code: str = "access_denied_insufficient_permissions") -> Refused:
    """403: this user may see it, but not do that."""
    return Refused(403, code, "Access denied - insufficient permission")


def bad(message: str, code: str = "bad_request") -> Refused:
    """400: the request makes no sense."""
    return Refused(400, code, message)


def stamp(seconds: float) -> str:
    """A time as Box writes it: whole seconds with an offset."""
    return datetime.fromtimestamp(int(seconds), _ZONE).isoformat()


def parsed_time(text: object) -> float | None:
    """Seconds since the epoch; None for nothing. Raises Refused for what is no time."""
    if text is None:
        return None
    if isinstance(text, str):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    raise bad(f"{text!r} is not an RFC 3339 date-time")


def parsed_json(body: bytes) -> Json:
    """The JSON object in a request's body; an empty one for no body. Raises Refused."""
    if not body.strip():
        return {}
    try:
        document = json.loads(body)
    except ValueError:
        raise bad("Entity body is not a correctly formatted JSON object") from None
    if not isinstance(document, dict):
        raise bad("Entity body should be a correctly nested JSON object")
    return document
