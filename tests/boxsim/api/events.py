"""The event stream and the long poll that says when to look at it."""

from __future__ import annotations

from typing import Final

from tests.boxsim.api.context import Context
from tests.boxsim.events import LARGEST_PAGE
from tests.boxsim.wire import Response, answer, bad

_STREAMS: Final = frozenset({"all", "changes", "sync"})
RETRY_TIMEOUT: Final = 610
"""Seconds without an answer after which a client should poll anew."""


def get(context: Context) -> Response:
    query = context.request.query
    kind = query.get("stream_type") or "all"
    if kind not in _STREAMS:
        raise bad(f"stream_type is one of {', '.join(sorted(_STREAMS))} here", "invalid_parameter")
    limit = context.number("limit", 100, LARGEST_PAGE) or 100
    position = query.get("stream_position", "0")
    if position == "now":
        return answer({"chunk_size": 0, "next_stream_position": context.sim.events.latest(), "entries": []})
    found, following = context.sim.events.page(context.user_id, position, limit, "all" if kind == "all" else "changes")
    entries = [context.shapes.event(event) for event in found]
    return answer({"chunk_size": len(entries), "next_stream_position": following, "entries": entries})


def options(context: Context) -> Response:
    """Where to wait for news."""
    ttl = 10
    channel = context.sim.events.subscribe(context.user_id, ttl * 60)
    server = {
        "type": "realtime_server",
        "url": f"{context.realtime_base()}/realtime/subscribe?channel={channel}&stream_type=changes",
        "ttl": str(ttl),
        "max_retries": "10",
        "retry_timeout": RETRY_TIMEOUT,
    }
    return answer({"chunk_size": 1, "entries": [server]})
