"""The `requests` that apprise's plugins work with: the same calls, but seen and confined.

Apprise gives back only true or false; why it failed and how long the server asks to be left alone (`Retry-After`) are
lost in the plugin. So the plugin's module is lent this stand-in under the name `requests`: what it asks for goes
through the real library and the answer's status is noted for `services`. A plugin that doesn't use it still works;
then nothing is known but success or failure.

It also keeps the promises about traffic: no redirect is followed, certificates are verified, plain http only to
loopback, no answer is waited for longer than `READ_SECONDS`, nor its body than `BODY_SECONDS` or beyond `MOST_BYTES`.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import ip_address
from types import ModuleType
from typing import Any, Final
from urllib.parse import urlsplit

import requests

CONNECT_SECONDS: Final = 4.0
READ_SECONDS: Final = 120.0
"""How long an answer is waited for: a server that took the message but is slow would read it once more."""
BODY_SECONDS: Final = 10.0
REST_SECONDS: Final = 1800.0
"""How long an address is left alone that gave no answer though it had the whole request: most likely it has it."""
MOST_BYTES: Final = 1_000_000


@dataclass(slots=True)
class Exchange:
    """What came of the requests of one delivery; the last one counts.

    Attributes:
        dedupe_key: sent along, so that a server which cares can tell a repetition.
        status: of the last answer; None: there was none.
        retry_after: seconds that the server asks for.
        problem: why there was no answer: 'timeout', 'certificate', 'unreachable', 'plain http', 'unverified'.
    """

    dedupe_key: str
    status: int | None = None
    retry_after: float | None = None
    problem: str = ""


class Confined(requests.RequestException):
    """A request that syncd does not make."""


_exchange: ContextVar[Exchange | None] = ContextVar("syncd_exchange", default=None)


@contextmanager
def watching(exchange: Exchange) -> Iterator[None]:
    """Notes what this thread's requests lead to."""
    token = _exchange.set(exchange)
    try:
        yield
    finally:
        _exchange.reset(token)


def retry_after(headers: Any, now: float) -> float | None:
    """How many seconds a server asks to wait; a date is taken relative to the server's own clock when it shows it."""
    said = str(headers.get("Retry-After") or "").strip()
    if not said:
        return None
    try:
        seconds = float(said)
        return max(0.0, seconds) if seconds == seconds and seconds != float("inf") else None
    except ValueError:
        pass
    until = _moment(said)
    if until is None:
        return None
    reference = _moment(str(headers.get("Date") or ""))
    return max(0.0, until - (now if reference is None else reference))


def _moment(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def is_loopback(host: str | None) -> bool:
    """Whether that host is this machine, by its name alone."""
    name = (host or "").strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


class Watched:
    """What a plugin finds under the name `requests`."""

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Makes one request as `requests.request` does, confined, and notes what came of it."""
        exchange = _exchange.get() or Exchange("")
        exchange.status, exchange.retry_after, exchange.problem = None, None, ""
        try:
            local = self._confine(url, options)
            if exchange.dedupe_key:
                options["headers"] = {"Idempotency-Key": exchange.dedupe_key, **(options.get("headers") or {})}
            with requests.Session() as session:
                session.trust_env = not local  # a proxy from the environment is not asked for this machine itself
                response = session.request(method, url, **options)
                exchange.status = response.status_code
                exchange.retry_after = retry_after(response.headers, time.time())
                _read(response)
                return response
        except requests.RequestException as error:
            if exchange.status is None:
                exchange.problem = _problem(error)
                exchange.retry_after = REST_SECONDS if exchange.problem == "timeout" else None
            raise

    def get(self, url: str, params: Any = None, **options: Any) -> requests.Response:
        return self.request("get", url, params=params, **options)

    def post(self, url: str, data: Any = None, json: Any = None, **options: Any) -> requests.Response:
        return self.request("post", url, data=data, json=json, **options)

    def put(self, url: str, data: Any = None, **options: Any) -> requests.Response:
        return self.request("put", url, data=data, **options)

    def patch(self, url: str, data: Any = None, **options: Any) -> requests.Response:
        return self.request("patch", url, data=data, **options)

    def delete(self, url: str, **options: Any) -> requests.Response:
        return self.request("delete", url, **options)

    def head(self, url: str, **options: Any) -> requests.Response:
        return self.request("head", url, **options)

    @staticmethod
    def _confine(url: str, options: dict[str, Any]) -> bool:
        """Narrows what was asked for; True when it stays on this machine. Raises Confined."""
        parts = urlsplit(url)
        local = is_loopback(parts.hostname)
        if parts.scheme != "https" and not local:
            raise Confined("plain http")
        if not options.get("verify", True) and parts.scheme == "https":
            raise Confined("unverified")
        connect, read = _both(options.get("timeout"))
        options["timeout"] = (min(connect, CONNECT_SECONDS), min(read, READ_SECONDS))
        options["allow_redirects"] = False
        options["stream"] = True
        return local


def _both(timeout: Any) -> tuple[float, float]:
    connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    return (float(connect or CONNECT_SECONDS), float(read or READ_SECONDS))


def _read(response: requests.Response) -> None:
    """Reads the answer's body within bounds, so that a server that drips or floods can't hold a room's thread."""
    deadline = time.monotonic() + BODY_SECONDS
    body = io.BytesIO()
    piecewise = getattr(response.raw, "read1", response.raw.read)
    try:
        while body.tell() < MOST_BYTES and time.monotonic() < deadline:
            piece = piecewise(65536, decode_content=True)
            if not piece:
                break
            body.write(piece)
    except Exception:  # the status has come; a body that breaks off changes nothing
        pass
    response.close()
    body.seek(0)
    response.raw = body


def _problem(error: requests.RequestException) -> str:
    if isinstance(error, Confined):
        return str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return "certificate"
    if isinstance(error, requests.Timeout) and not isinstance(error, requests.ConnectTimeout):
        return "timeout"
    return "unreachable"


_watched: Final = Watched()


@cache
def lend(plugin: Any) -> None:
    """Gives the module of an apprise plugin (and of those it derives from) the stand-in. Done already: no harm."""
    packages = {
        ".".join(base.__module__.split(".")[:3])
        for base in plugin.__mro__
        if base.__module__.startswith("apprise.plugins.") and base.__module__ != "apprise.plugins.base"
    }
    for name, module in list(sys.modules.items()):
        lent_to = ".".join(name.split(".")[:3]) in packages and isinstance(module, ModuleType)
        if lent_to and vars(module).get("requests") is requests:
            vars(module)["requests"] = _watched


def post(url: str, *, json: Any, verify: bool, auth: tuple[str, str] | None = None) -> requests.Response:
    """One watched POST, for syncd's own services."""
    return _watched.post(url, json=json, verify=verify, auth=auth)
