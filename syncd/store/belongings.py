"""Whose bytes are: what an operator's cloud delivered, what staff made for it first, what syncd made of its data.

A copy of an operator's own is nobody else's (S11). What staff bring in never makes bytes an operator's: only where they
were first seen with it they are. Rows outlive the bytes, so that a copy is known years later.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha1 as hashed
from typing import Final

from syncd.store.database import Store

EMPTY: Final = hashed(usedforsecurity=False).hexdigest()
FORMER: Final = "former ids:"


@dataclass(frozen=True, slots=True)
class Owned:
    """Whose bytes are as one operator sees it.

    Attributes:
        own: they are its own, whoever else has them.
        delivered: they came by its cloud, or syncd made them of its data: nobody need look what is in them.
        other: another operator whose they are; '': the ward's own pages; None: nobody else's.
        made: syncd made them of that operator's data.
        page: they are this operator's own page.
    """

    own: bool = False
    delivered: bool = False
    other: str | None = None
    made: bool = False
    page: bool = False


class Belongings:
    """The table of pages, and what the versions say."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def made(self, sha1: str, operator: str, at: float) -> None:
        """Records that syncd made these bytes of an operator's data, though they are no version of a file: a page.

        `operator` '': they are the ward's own.
        """
        self._store.execute("INSERT OR REPLACE INTO belongings VALUES (?, ?, ?)", (sha1, operator, at))

    def owned(self, operator: str, sha1: str) -> Owned:
        """Whose bytes are, as far as they were ever seen.

        The ward's own, brought to several, are nobody's leak; a note of staff's is that of the operator for whom it
        went up (see `note_of`).
        """
        if sha1 == EMPTY:
            return Owned()
        pages = {row[0] for row in self._store.rows("SELECT operator FROM belongings WHERE sha1 = ?", (sha1,))}
        first: dict[str, tuple[str, str]] = {}
        delivered = False
        for owner, origin, side in self._store.rows(
            "SELECT operator, origin, side FROM versions WHERE sha1 = ? ORDER BY id", (sha1,)
        ):
            first.setdefault(owner, (origin, side))
            own_cloud = origin == "operator" and side == "cloud"
            delivered |= owner == operator and (own_cloud or origin == "syncd")
        delivered |= operator in pages
        if delivered or next(iter(first), None) == operator:
            return Owned(own=True, delivered=delivered, page=operator in pages)
        theirs = next((owner for owner, (origin, _) in first.items() if origin in ("operator", "edit", "syncd")), None)
        if pages:
            return Owned(other=min(pages), made=True)
        return Owned(other=theirs, made=theirs is not None and first[theirs][0] == "syncd")

    def note_of(self, operator: str, sha1: str) -> tuple[str, float] | None:
        """The one other operator for whose file staff's note of these bytes went up, and when; None: nobody's alone."""
        rows = self._store.rows(
            "SELECT versions.operator, files.role, min(versions.at) FROM versions"
            " JOIN files ON files.id = versions.file WHERE versions.sha1 = ? GROUP BY versions.operator, files.role",
            (sha1,),
        )
        notes = [(owner, at) for owner, role, at in rows if role == "note"]
        if len({owner for owner, *_ in rows}) != 1 or len(notes) != 1 or notes[0][0] == operator:
            return None
        return notes[0]

    def says(self, alike: str, operator: str, by_operator: bool, at: float) -> None:
        """Records that an operator's form says what has this fingerprint: sent in (or staff's edit of such), or not."""
        self._store.execute("INSERT OR IGNORE INTO alike VALUES (?, ?, ?, ?)", (alike, operator, by_operator, at))

    def says_the_same(self, operator: str, alike: str) -> str | None:
        """The other operator whose form says the same, if none of this one's does; None: nobody's."""
        rows = self._store.rows("SELECT operator, sent FROM alike WHERE alike = ? ORDER BY at, operator", (alike,))
        if any(owner == operator for owner, _ in rows) or not rows or not rows[0][1]:
            return None
        return str(rows[0][0])

    def former_ids(self, operator: str) -> tuple[str, ...]:
        """Under which ids the operator was known before; marks were derived from them."""
        row = self._store.row("SELECT value FROM settings WHERE key = ?", (FORMER + operator,))
        return tuple(row[0].split("\n")) if row else ()
