"""Invitations to syncd's user that nobody has accepted yet: the folder is shared, and can't be seen all the same."""

from __future__ import annotations

from syncd.clouds.box.calls import Call, Calls
from syncd.errors import SyncdError


def waiting(calls: Calls) -> tuple[str, ...]:
    """Who has invited syncd's user, as which; Box doesn't say to which folder. () also where it can't be asked."""
    call = Call(
        "other", "asks for invitations", "GET", calls.at("/collaborations"),
        {"status": "pending", "fields": "created_by,role"}, expects="entries",
    )  # fmt: skip
    try:
        entries = calls.send(call).body["entries"]
    except SyncdError:
        return ()
    return tuple(_said(entry) for entry in entries if isinstance(entry, dict)) if isinstance(entries, list) else ()


def _said(entry: dict[str, object]) -> str:
    inviting = entry.get("created_by")
    who = inviting if isinstance(inviting, dict) else {}
    return f"{who.get('login') or who.get('name') or 'somebody'} as {entry.get('role') or 'collaborator'}"


def in_words(found: tuple[str, ...]) -> str:
    """For people, to be added to why a folder can't be seen; '' for none."""
    if not found:
        return ""
    several = "s" * (len(found) > 1)
    return f"; its user has {len(found)} invitation{several} not accepted yet (from {', '.join(found[:3])})"


REMEDY = "accept it as syncd's user, or let the app's invitations be accepted by themselves (Admin Console)"
