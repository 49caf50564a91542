"""The content host: it knows no tokens, only links that expire."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from typing import Final

from tests.boxsim.api.context import Context
from tests.boxsim.model import Item, Version
from tests.boxsim.wire import Refused, Response

LINK_SECONDS: Final = 900
_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")


def link(secret: str, now: float, file: Item, version: Version) -> str:
    """The path of a link to a version's content."""
    told = json.dumps([file.id, version.id, now + LINK_SECONDS]).encode()
    return f"/dl/{base64.urlsafe_b64encode(told).decode()}/{_signature(secret, told)}"


def told(path: str) -> bytes:
    """What a link says of the file that it is for."""
    try:
        return base64.urlsafe_b64decode(path.split("/")[2].encode())
    except (ValueError, IndexError):
        return b""


def _signature(secret: str, told: bytes) -> str:
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()[:32]


def get(context: Context) -> Response:
    """The bytes, all or those of one range."""
    try:
        told = base64.urlsafe_b64decode(context.ids[0].encode())
    except ValueError:
        raise Refused(404, "not_found", "No such link") from None
    if not hmac.compare_digest(_signature(context.state.secret, told), context.ids[1]):
        raise Refused(404, "not_found", "No such link")
    file_id, version_id, expires_at = json.loads(told)
    file = context.state.items[file_id]
    if expires_at < context.sim.now() or file.purged:
        raise Refused(403, "forbidden", "This link has expired")
    version = context.sim.contents.version(file, version_id)
    content = context.sim.contents.kept.get(version.sha1)
    headers = {
        "Content-Type": "application/octet-stream",
        "Accept-Ranges": "bytes",
        "ETag": f'"{version.sha1}"',
        "Content-Disposition": "attachment",
        "Cache-Control": "private",
    }
    wanted = context.request.headers.get("range")
    if wanted is None:
        return Response(200, headers, content)
    span = _span(wanted, len(content))
    if span is None:
        return Response(416, {"Content-Range": f"bytes */{len(content)}"})
    first, last = span
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(206, headers, content[first : last + 1])


def _span(wanted: str, size: int) -> tuple[int, int] | None:
    match = _RANGE.fullmatch(wanted.strip())
    if match is None or match.group() == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(size - 1, int(last)) if last else size - 1
    return (start, end) if start <= end else None
