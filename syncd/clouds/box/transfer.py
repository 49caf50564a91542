"""Bytes on their way to and from Box: streamed, checked by size and SHA-1, taken up again where they broke off.

Owns the two ways up (in one piece, or in parts from 20 MB) and the way down. Refuses to call bytes complete that it
has not counted and hashed itself.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit

import requests

from syncd.clouds.box import items
from syncd.clouds.box.calls import Answer, Call, Calls, Exhausted, Refused
from syncd.clouds.box.connection import CONNECT_SECONDS, READ_SECONDS
from syncd.errors import Changed, SyncdError, Unreachable

LOG = logging.getLogger("syncd")
IN_PARTS: Final = 20_000_000
"""From this size on Box takes a file in parts, in bytes."""
CHUNK: Final = 1 << 20
PARTS_PAGE: Final = 1000
SESSION_ENDED: Final = (404, 410)


def download(calls: Calls, file: str, name: str, size: int, sink: BinaryIO) -> str:
    """Writes a file's bytes to `sink`; returns their SHA-1.

    Raises:
        Changed: Box has another number of bytes by now.
        Refused, Unreachable; SyncdError: the sink can't be written.
    """
    taken = hashlib.sha1(usedforsecurity=False)
    done = fruitless = 0
    address = ""
    while True:
        before = done
        trouble = ""
        try:
            address = address or _address(calls, file, name)
            with _opened(calls, address, done) as response:
                if response.status_code not in (200, 206):
                    trouble = f"HTTP {response.status_code}"
                elif _total(response, done) not in (None, size):
                    raise Changed(f"Box: {name}: was changed meanwhile", "syncd looks again by itself")
                for piece in response.iter_content(CHUNK) if not trouble else ():
                    if done + len(piece) > size:
                        raise Changed(f"Box: {name}: was changed meanwhile", "syncd looks again by itself")
                    _write(sink, piece)
                    taken.update(piece)
                    done += len(piece)
                    if calls.stopped.is_set():
                        raise Unreachable("Box: syncd is stopping", "what is under way goes on after the next start")
        except (requests.RequestException, OSError) as error:
            trouble = type(error).__name__
        if done == size and not (size == 0 and trouble):
            return taken.hexdigest()
        trouble = trouble or "the content broke off"
        LOG.debug("Box: %s: %s after %d of %d bytes", name, trouble, done, size)
        if done > before:
            fruitless = 0
            continue
        address = ""  # it may have expired
        if fruitless == len(calls.pauses):
            raise Exhausted(f"Box: {name}: {trouble} after {done} of {size} bytes", "syncd tries again by itself")
        calls.wait(calls.pauses[fruitless])
        fruitless += 1


def _address(calls: Calls, file: str, name: str) -> str:
    call = Call("download", f"fetches {name}", "GET", calls.at(f"/files/{file}/content"))
    answer = calls.send(call)
    address = answer.headers.get("location", "")
    if answer.status not in (301, 302, 303, 307, 308) or not address:
        raise Exhausted(f"Box: fetches {name}: no address of the content", "syncd tries again by itself")
    return address


def _opened(calls: Calls, address: str, done: int) -> requests.Response:
    """The content from a byte on. Its address is signed: the token doesn't go there."""
    headers = {"Accept-Encoding": "identity"}
    if done:
        headers["Range"] = f"bytes={done}-"
    return calls.session.get(
        address, headers=headers, stream=True, allow_redirects=False, timeout=(CONNECT_SECONDS, READ_SECONDS)
    )


def _total(response: requests.Response, done: int) -> int | None:
    """How long the whole content is, as far as the answer says. Raises Changed for an answer to another question."""
    if response.status_code == 206:
        written = response.headers.get("Content-Range", "")
        unit, _, rest = written.partition(" ")
        span, _, whole = rest.partition("/")
        if unit != "bytes" or not span.startswith(f"{done}-"):
            raise requests.exceptions.ContentDecodingError("another part than was asked for")
        return int(whole) if whole.isdigit() else None
    if response.status_code == 200 and done:
        raise requests.exceptions.ContentDecodingError("the whole instead of the rest")
    length = response.headers.get("Content-Length", "")
    return int(length) if response.status_code == 200 and length.isdigit() else None


def _write(sink: BinaryIO, piece: bytes) -> None:
    try:
        sink.write(piece)
    except OSError as error:
        raise SyncdError(f"the state folder can't be written: {error.strerror}", "free space there") from error


def upload(
    calls: Calls,
    content: Path,
    sha1: str,
    size: int,
    *,
    name: str,
    parent: str = "",
    file: str = "",
    etag: str = "",
    session: str = "",
    keep_session: Callable[[str | None], None] = lambda _: None,
) -> Mapping[str, Any]:
    """A new file in the folder `parent`, or a new version of `file` if it is still `etag`; returns Box's entry.

    Args:
        session: of an upload in parts that was begun before. `keep_session` is told of it, for the next time.

    Raises:
        Refused, Uncertain, Unreachable.
    """
    if size >= IN_PARTS:
        return _InParts(calls, content, sha1, size, name, parent, file, etag, keep_session).upload(session)
    path = f"/files/{file}/content" if file else "/files/content"
    attributes: dict[str, Any] = {"name": name} if file else {"name": name, "parent": {"id": parent}}
    headers = {"content-md5": sha1, **({"if-match": etag} if etag else {})}
    with content.open("rb") as stream:
        call = Call(
            "upload", f"sends {name}", "POST", calls.at_upload(path), {"fields": items.FIELDS}, headers,
            attributes=attributes, content=stream, harmless=False, expects="entries",
        )  # fmt: skip
        return _entry(calls.send(call), name)


def _entry(answer: Answer, name: str) -> Mapping[str, Any]:
    entries = answer.body.get("entries")
    if not isinstance(entries, list) or not entries or not isinstance(entries[0], dict):
        raise Refused(f"sends {name}", answer.status, "", "an answer that names no file", ())
    return entries[0]


class _InParts:
    """One upload in parts; a session that is known from before is gone on with."""

    def __init__(
        self,
        calls: Calls,
        content: Path,
        sha1: str,
        size: int,
        name: str,
        parent: str,
        file: str,
        etag: str,
        keep_session: Callable[[str | None], None],
    ) -> None:
        self._calls = calls
        self._content = content
        self._sha1 = sha1
        self._size = size
        self._name = name
        self._parent = parent
        self._file = file
        self._etag = etag
        self._keep_session = keep_session

    def upload(self, known: str) -> Mapping[str, Any]:
        session = self._resumed(known) if known else None
        if session is None:
            session = self._begun()
        try:
            return self._commit(session, self._parts(session))
        except Refused as refused:
            if refused.status in SESSION_ENDED:
                self._keep_session(None)
                raise Exhausted(f"{refused.message}", "syncd begins the upload anew by itself") from refused
            if refused.status in (409, 412):
                self._abort(session)
            raise

    def _begun(self) -> Mapping[str, Any]:
        path = f"/files/{self._file}/upload_sessions" if self._file else "/files/upload_sessions"
        body: dict[str, Any] = {"file_size": self._size, "file_name": self._name}
        if not self._file:
            body["folder_id"] = self._parent
        call = Call(
            "upload",
            f"begins to send {self._name}",
            "POST",
            self._calls.at_upload(path),
            body=body,
            expects="part_size",
        )
        session = self._calls.send(call).body
        self._keep_session(str(session.get("id")))
        return session

    def _resumed(self, session: str) -> Mapping[str, Any] | None:
        call = Call(
            "other", f"goes on sending {self._name}", "GET", self._calls.at_upload(f"/files/upload_sessions/{session}"),
            expects="part_size",
        )  # fmt: skip
        try:
            return self._calls.send(call).body
        except Refused:
            return None

    def _sent(self, session: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
        """Parts that Box had already when the session was gone on with, by their offset."""
        return self._listed(session) if session.get("num_parts_processed") else {}

    def _listed(self, session: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
        found: dict[int, Mapping[str, Any]] = {}
        offset = 0
        while True:
            call = Call(
                "other", f"looks what of {self._name} was sent", "GET", self._url(session, "list_parts", "/parts"),
                {"offset": str(offset), "limit": str(PARTS_PAGE)}, expects="entries",
            )  # fmt: skip
            entries = self._calls.send(call).body["entries"]
            for part in entries:
                found[int(part["offset"])] = part
            offset += len(entries)
            if len(entries) < PARTS_PAGE:
                return found

    def _parts(self, session: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        length = int(session["part_size"])
        sent = self._sent(session)
        parts = []
        with self._content.open("rb") as stream:
            for offset in range(0, self._size, length):
                piece = stream.read(length)
                digest = base64.b64encode(hashlib.sha1(piece, usedforsecurity=False).digest()).decode()
                part = sent.get(offset)
                if part is None or int(part["size"]) != len(piece):
                    part = self._send_part(session, offset, piece, digest)
                parts.append(part)
        return parts

    def _send_part(self, session: Mapping[str, Any], offset: int, piece: bytes, digest: str) -> Mapping[str, Any]:
        last = offset + len(piece) - 1
        headers = {"digest": f"sha={digest}", "content-range": f"bytes {offset}-{last}/{self._size}"}
        call = Call(
            "upload", f"sends a part of {self._name}", "PUT", self._url(session, "upload_part", ""), headers=headers,
            part=piece, expects="part",
        )  # fmt: skip
        try:
            part = self._calls.send(call).body["part"]
        except Refused as refused:
            if refused.status != 409:
                raise
            part = self._listed(session).get(offset)  # it had arrived, though nobody heard the answer
            if part is None or (part.get("size"), part.get("sha1")) != (len(piece), _hex(digest)):
                raise
        if not isinstance(part, dict):
            raise Refused(f"sends a part of {self._name}", 200, "", "an answer that names no part", ())
        return part

    def _commit(self, session: Mapping[str, Any], parts: list[Mapping[str, Any]]) -> Mapping[str, Any]:
        whole = base64.b64encode(bytes.fromhex(self._sha1)).decode()
        headers = {"digest": f"sha={whole}", **({"if-match": self._etag} if self._etag else {})}
        call = Call(
            "upload", f"sends {self._name}", "POST", self._url(session, "commit", "/commit"), {"fields": items.FIELDS},
            headers, body={"parts": parts}, harmless=False, slow=True, expects="entries",
        )  # fmt: skip
        entry = _entry(self._calls.send(call), self._name)
        self._keep_session(None)
        return entry

    def _abort(self, session: Mapping[str, Any]) -> None:
        self._keep_session(None)
        call = Call("other", f"gives up sending {self._name}", "DELETE", self._url(session, "abort", ""))
        try:
            self._calls.send(call)
        except SyncdError as error:
            LOG.debug("%s", error)  # Box forgets it within a week

    def _url(self, session: Mapping[str, Any], endpoint: str, ending: str) -> str:
        """Box names the addresses of a session; a missing one is made from its id."""
        endpoints = session.get("session_endpoints")
        found = endpoints.get(endpoint) if isinstance(endpoints, dict) else None
        if isinstance(found, str) and urlsplit(found).hostname:
            return found
        return self._calls.at_upload(f"/files/upload_sessions/{session['id']}{ending}")


def _hex(digest: str) -> str:
    return base64.b64decode(digest).hex()
