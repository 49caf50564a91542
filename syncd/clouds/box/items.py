"""Box's files and folders as `CloudItem`s; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from syncd.clouds.box.calls import parse_time
from syncd.contract import CloudItem

FIELDS: Final = "sequence_id,etag,name,size,sha1,parent,modified_at,created_by,modified_by,item_status,lock"
"""What is asked of every item; type and id always come."""
WEB_LINK: Final = "web link"
"""Stands where a file has its SHA-1: a bookmark, which has a name in its folder and no content."""
FOREVER: Final = 4e9
"""A lock without an end, in seconds since the epoch."""


def read(entry: Mapping[str, Any], me: str, learned_at: float) -> CloudItem | None:
    """An item as Box describes it; None for what is no file, folder or web link, or is not described whole.

    Args:
        me: id of the user that syncd is in Box.
    """
    kind, item_id, sequence, name = (entry.get(key) for key in ("type", "id", "sequence_id", "name"))
    if kind not in ("file", "folder", "web_link") or not isinstance(item_id, str) or not isinstance(name, str):
        return None
    sha1, size = entry.get("sha1"), entry.get("size")
    if not _number(sequence) or (kind == "file" and not isinstance(size, int)):
        return None
    parent, creator = _mapping(entry, "parent"), _mapping(entry, "created_by")
    return CloudItem(
        id=item_id,
        folder=kind == "folder",
        parent=str(parent.get("id") or ""),
        name=name,
        etag=str(entry.get("etag") or ""),
        sequence=int(str(sequence)),
        size=size if kind == "file" and isinstance(size, int) else 0,
        sha1=WEB_LINK if kind == "web_link" else sha1.lower() if kind == "file" and isinstance(sha1, str) else "",
        modified_at=parse_time(entry.get("modified_at")),
        actor=_actor(_mapping(entry, "modified_by") or creator),
        own=bool(me) and str(creator.get("id") or "") == me,
        locked_until=_locked_until(_mapping(entry, "lock")),
        gone=str(entry.get("item_status") or "active") != "active" or not parent.get("id"),
        learned_at=learned_at,
    )


def _number(value: object) -> bool:
    return isinstance(value, str | int) and str(value).isdigit()


def _mapping(entry: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = entry.get(key)
    return found if isinstance(found, dict) else {}


def _actor(user: Mapping[str, Any]) -> str:
    return str(user.get("login") or user.get("name") or user.get("id") or "")


def _locked_until(lock: Mapping[str, Any]) -> float:
    if not lock:
        return 0.0
    return parse_time(lock.get("expires_at") or lock.get("expired_at")) or FOREVER
