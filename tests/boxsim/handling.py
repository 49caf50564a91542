"""One request from start to end: counted, made to suffer what is planned, asked for its token, answered."""

from __future__ import annotations

import json
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING, Final

from tests.boxsim import control, routes
from tests.boxsim.api import downloads
from tests.boxsim.api.context import UPLOAD_HOST, Context
from tests.boxsim.events import expired_position
from tests.boxsim.faults import AFTER, Fault
from tests.boxsim.routes import Route
from tests.boxsim.wire import Refused, Request, Response, answer, refusal

if TYPE_CHECKING:
    from tests.boxsim.simulator import Simulator

REALTIME: Final = "REALTIME"
_REALM: Final = 'Bearer realm="Service"'
_SPOKEN: Final = 10_000
"""Bytes of a body in which it says what it is about."""
_GATEWAY: Final = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


def handle(sim: Simulator, request: Request) -> Response:
    """The answer to a request. Reads the body first, so that no slow client holds the lock."""
    body = request.body.read()
    if request.path.startswith("/_sim/"):
        return control.handle(sim, request, body)
    with sim.changed:
        sim.settle()
        request_id = f"{sim.state.random.randrange(16**16):016x}"
        try:
            return _handle(sim, request, body)
        except Refused as refused:
            return refusal(refused, request_id)
        finally:
            sim.unsaved = True


def _handle(sim: Simulator, request: Request, body: bytes) -> Response:
    host, path = place(request.path)
    if host == "api" and request.host.partition(":")[0] == UPLOAD_HOST:
        host = "upload"
    is_realtime = path == "/realtime/subscribe" and request.method == "GET"
    found = None if is_realtime else routes.find(request.method, path)
    name = REALTIME if is_realtime else found[0].name if found else routes.name_of(request.method, path)
    sim.calls[name] += 1
    fault = sim.faults.next(name, _said(request.path, body, name))
    if fault is not None and (instead := _instead(sim, fault)) is not None:
        return instead
    if is_realtime:
        response = _wait_for_news(sim, request, fault)
    elif found is None:
        raise Refused(404, "not_found", f"There is no {name}")
    else:
        route, ids = found
        if route.host not in {host, "either"}:
            raise Refused(404, "not_found", f"{name} is not on this host: it is on the {route.host} host")
        response = _answered(Context(sim, request, body, "", ids), route, fault)
    return response if fault is None else _suffered(response, fault)


def _said(path: str, body: bytes, name: str) -> bytes:
    """What a request speaks of, for faults that stay with an item."""
    told = downloads.told(path) if name == "DOWNLOAD" else b""
    return path.encode() + told + body[:_SPOKEN]


def place(path: str) -> tuple[str, str]:
    """Which host a path belongs to, and the path there."""
    for prefix, host in (("/api/2.0/", "upload"), ("/2.0/", "api"), ("/api/oauth2/", "api")):
        if path.startswith(prefix):
            rest = path[len(prefix) - 1 :]
            return host, f"/oauth2{rest}" if "oauth2" in prefix else rest
    return "other", path


def _answered(context: Context, route: Route, fault: Fault | None) -> Response:
    sim = context.sim
    try:
        if route.needs_token:
            context.user_id = _who(sim, context.request, fault)
            _check_rate(sim, context.user_id, route.counts_as_upload)
        if fault is not None and fault.kind == "expired-position":
            raise Refused(int(fault.number("status", 400)), "invalid_stream_position", expired_position().message)
        return route.endpoint(context)
    except Refused as refused:
        return refusal(refused, f"{sim.state.random.randrange(16**16):016x}")


def _who(sim: Simulator, request: Request, fault: Fault | None) -> str:
    """Whose token the request has. Raises Refused (401)."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    user_id = sim.people.who(token) if kind.lower() == "bearer" else None
    if user_id is not None and (fault is None or fault.kind != "token-expired"):
        return user_id
    if not token:
        raise Refused(401, "unauthorized", "Unauthorized", headers={"WWW-Authenticate": _REALM})
    is_known = token in sim.state.tokens
    if is_known and token != sim.account.token:
        del sim.state.tokens[token]
    reason = "expired_token: the access token has expired" if is_known else "The access token provided is invalid."
    header = f'{_REALM}, error="invalid_token", error_description="{reason}"'
    raise Refused(401, "unauthorized", "Unauthorized", headers={"WWW-Authenticate": header})


def _check_rate(sim: Simulator, user_id: str, is_upload: bool) -> None:
    seconds = sim.rates.wait(user_id, is_upload, sim.now())
    if seconds is not None:
        headers = {"Retry-After": str(seconds)}
        raise Refused(
            429, "rate_limit_exceeded", "Request rate limit exceeded, please try again later", headers=headers
        )


def _wait_for_news(sim: Simulator, request: Request, fault: Fault | None) -> Response:
    """Holds until a user has news. An impatient client is gone before that."""
    longest = sim.long_poll_seconds
    patience = request.patience
    seconds = longest if patience is None else min(longest, patience)
    if fault is not None and fault.kind == "lost-new-change":
        sim.changed.wait_for(lambda: False, seconds)
        is_news = False
    else:
        query = request.query
        is_news = sim.events.wait(query.get("channel", ""), query.get("stream_position"), seconds)
    if not is_news and patience is not None and patience < longest:
        return Response(dropped=True, silent=patience)
    response = answer({"message": "new_change" if is_news else "reconnect"})
    response.closes = True
    return response


def _instead(sim: Simulator, fault: Fault) -> Response | None:
    """The answer of a fault that keeps the request from being carried out."""
    after = str(int(fault.number("seconds", 1)))
    match fault.kind:
        case "429":
            raise Refused(429, "rate_limit_exceeded", "Request rate limit exceeded", headers={"Retry-After": after})
        case "429-date":
            date = formatdate(sim.now() + fault.number("seconds", 1), usegmt=True)
            raise Refused(429, "rate_limit_exceeded", "Request rate limit exceeded", headers={"Retry-After": date})
        case "500":
            raise Refused(500, "internal_server_error", "Internal Server Error")
        case "502":
            return Response(502, {"Content-Type": "text/html"}, _GATEWAY)
        case "503-before":
            raise _unavailable(fault)
        case "garbage":
            return Response(200, {"Content-Type": "text/html"}, _GATEWAY)
        case "202":
            return Response(202, {"Retry-After": after})
        case "drop-before":
            return Response(dropped=True)
        case "timeout":
            return Response(dropped=True, silent=fault.number("seconds", 3600))
        case "error":
            raise Refused(int(fault.number("status", 400)), str(fault.options.get("code", "bad_request")))
    return None


def _unavailable(fault: Fault) -> Refused:
    """503, with `Retry-After` when the fault says for how long."""
    headers = {"Retry-After": str(int(fault.number("seconds", 1)))} if "seconds" in fault.options else {}
    return Refused(503, "unavailable", "Unavailable", headers=headers)


def _suffered(response: Response, fault: Fault) -> Response:
    """The answer of a request that was carried out."""
    if fault.kind not in AFTER:
        return response
    match fault.kind:
        case "503-after":
            raise _unavailable(fault)
        case "drop-after":
            return replace(response, dropped=True)
        case "truncate":
            if not response.body:
                return replace(response, dropped=True)
            return replace(response, cut=int(fault.number("bytes", len(response.body) // 2)))
        case "slow":
            return replace(response, seconds=fault.number("seconds", 1))
        case "wrong-size":
            return replace(response, body=response.body + b" (longer)")
        case "sha1-null":
            return replace(response, body=_without_sha1(response.body, str(fault.options.get("about", ""))))
        case _:
            return replace(response, body=_altered(response.body))


def _altered(body: bytes) -> bytes:
    """As many bytes, but others."""
    if not body:
        return body
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 0xFF]) + body[middle + 1 :]


def _without_sha1(body: bytes, file_id: str) -> bytes:
    """The same JSON, silent about the content of one file."""
    if not body.startswith((b"{", b"[")):
        return body
    document = json.loads(body)
    waiting = [document]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if each.get("type") == "file" and each.get("id") == file_id and "sha1" in each:
                each["sha1"] = None
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return json.dumps(document).encode()
