"""Uploads in parts: a session, its parts, and the commit that makes a file of them."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Final

from tests.boxsim import access
from tests.boxsim.api.context import Context
from tests.boxsim.api.uploads import times, uploaded
from tests.boxsim.contents import digest
from tests.boxsim.model import Part, UploadSession
from tests.boxsim.wire import Json, Refused, Response, answer, bad, forbidden, not_found, stamp

SMALLEST: Final = 20_000_000
PART_SIZE: Final = 8 * 1024 * 1024
SESSION_SECONDS: Final = 7 * 86_400
_SPAN: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def create(context: Context) -> Response:
    """A session for a new file."""
    body = context.json
    folder = context.folder({"id": body.get("folder_id")})
    size = _size(body)
    name = context.sim.contents.check_new(context.user_id, folder, body.get("file_name"), size)
    return _created(context, folder.id, None, name, size)


def create_version(context: Context) -> Response:
    """A session for a new version of a file."""
    file = context.item("file")
    size = _size(context.json)
    name = context.sim.contents.check_version(context.user_id, file, context.json.get("file_name"), size)
    return _created(context, file.parent_id or "", file.id, name, size)


def _size(body: Json) -> int:
    size = body.get("file_size")
    if not isinstance(size, int) or isinstance(size, bool):
        raise bad("'file_size' is required", "missing_file_size")
    if size < SMALLEST:
        raise bad(f"A session is for at least {SMALLEST} bytes", "file_size_too_small")
    return size


def _created(context: Context, folder_id: str, file_id: str | None, name: str, size: int) -> Response:
    state = context.state
    expires_at = context.sim.now() + SESSION_SECONDS
    session_id = state.new_secret().upper()
    made = UploadSession(session_id, context.user_id, folder_id, file_id, name, size, PART_SIZE, expires_at)
    state.sessions[made.id] = made
    return answer(_shown(context, made), 201)


def _shown(context: Context, session: UploadSession) -> Json:
    base = f"{context.upload_base()}/files/upload_sessions/{session.id}"
    return {
        "type": "upload_session",
        "id": session.id,
        "session_expires_at": stamp(session.expires_at),
        "part_size": session.part_size,
        "total_parts": session.total_parts,
        "num_parts_processed": len(session.parts),
        "session_endpoints": {
            "upload_part": base,
            "commit": f"{base}/commit",
            "abort": base,
            "list_parts": f"{base}/parts",
            "status": base,
            "log_event": f"{base}/log",
            "plan": f"{base}/plan",
        },
    }


def _session(context: Context) -> UploadSession:
    session = context.state.sessions.get(context.ids[0])
    if session is None:
        raise not_found(context.ids[0])
    if session.user_id != context.user_id:
        raise forbidden("forbidden")
    if session.expires_at <= context.sim.now():
        raise Refused(410, "session_expired", "The upload session has expired")
    return session


def get(context: Context) -> Response:
    return answer(_shown(context, _session(context)))


def put_part(context: Context) -> Response:
    """One part: aligned, whole, and never again."""
    session = _session(context)
    match = _SPAN.fullmatch(context.request.headers.get("content-range", "").strip())
    if match is None:
        raise bad("Content-Range is needed: bytes first-last/total")
    first, last, total = map(int, match.groups())
    is_whole = last + 1 - first == min(session.part_size, session.size - first)
    if total != session.size or first % session.part_size or not is_whole or len(context.body) != last + 1 - first:
        raise Refused(416, "invalid_part_range", "Content-Range does not match the session's parts")
    sha1 = digest(context.body)
    if _claimed(context.request.headers) != sha1:
        raise Refused(412, "sha1_mismatch", "Digest does not match the part")
    if first in session.parts:
        raise Refused(409, "range_overlaps_existing_part", "This range has been uploaded already")
    part = Part(f"{context.state.random.randrange(16**8):08X}", first, len(context.body), sha1)
    context.sim.contents.kept.keep(context.body, sha1)
    session.parts[first] = part
    return answer({"part": _shown_part(part)})


def _claimed(headers: Mapping[str, str]) -> str | None:
    """The SHA-1 of the `Digest` header, in hex."""
    algorithm, _, encoded = headers.get("digest", "").partition("=")
    if algorithm.lower() != "sha":
        raise bad("The header Digest is needed: sha=BASE64")
    try:
        return base64.b64decode(encoded, validate=True).hex()
    except ValueError:
        return None


def _shown_part(part: Part) -> Json:
    return {"part_id": part.id, "offset": part.offset, "size": part.size, "sha1": part.sha1}


def parts(context: Context) -> Response:
    session = _session(context)
    offset, limit = context.number("offset", 0, 100_000), context.number("limit", 1000, 1000)
    every = [_shown_part(session.parts[first]) for first in sorted(session.parts)]
    entries = every[offset : offset + limit]
    order = [{"by": "offset", "direction": "ASC"}]
    document = {"total_count": len(every), "entries": entries, "offset": offset, "limit": limit, "order": order}
    return answer(document)


def plan(context: Context) -> Response:
    """Which parts needn't be sent because Box has them: none. Not in the description; boxsdk 10.18 asks."""
    session = _session(context)
    return answer({"upload_session_id": session.id, "hits": [], "misses": context.json.get("parts", [])})


def commit(context: Context) -> Response:
    """Makes a file of the parts. Afterwards there is no session any more."""
    session = _session(context)
    body = context.json
    listed = body.get("parts")
    offered = {(each.get("part_id"), each.get("offset")) for each in listed} if isinstance(listed, list) else set()
    held = [session.parts[first] for first in sorted(session.parts)]
    if len(held) != session.total_parts or offered != {(part.id, part.offset) for part in held}:
        raise bad("The parts are not those of the session", "parts_mismatch")
    content = b"".join(context.sim.contents.kept.get(part.sha1) for part in held)
    if _claimed(context.request.headers) != digest(content):
        raise bad("Digest does not match the whole file", "bad_digest")
    attributes = body.get("attributes") if isinstance(body.get("attributes"), dict) else {}
    given = times(attributes or {})
    state, user_id = context.state, context.user_id
    if session.file_id is None:
        folder = access.found(state, user_id, session.folder_id, "folder")
        file = context.sim.contents.upload(user_id, folder, session.name, content, given)
    else:
        file = access.found(state, user_id, session.file_id, "file")
        context.check_match(file)
        context.sim.contents.replace(user_id, file, content, session.name, given)
    del state.sessions[session.id]
    return uploaded(context, file)


def abort(context: Context) -> Response:
    del context.state.sessions[_session(context).id]
    return Response(204)
