"""Who did what in a tree, as far as its side can tell: asked anew in each look for what changed since the one before.

Owns since when somebody's doing may explain what is seen now, and how long it is waited for word of it. Refuses to
know where that word comes from (`syncd.intranet`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

from syncd.model import Place

_LATE_SECONDS: Final = 1.0
"""How long after a change the word of it may still come; it is waited for no longer, in all, in one look."""
_STEP_SECONDS: Final = 0.004
_MOST: Final = 2_000
"""So many places that something was taken from are kept in mind for each operator."""


class People(Protocol):
    """What a side knows of its people. Positions count what it was told so far."""

    tells: bool
    """Whether word of what people do comes at all."""

    def position(self) -> int:
        """Takes in what came by now; how far that reaches."""

    def brought(self, path: str, stats: os.stat_result, since: int) -> str | None:
        """Who put what is at that path below the root there, or wrote it, since then; None: nobody told."""

    def took(self, path: str, since: int) -> str | None:
        """Who took away what was at that path, since then; None: nobody told."""

    def owner(self, stats: os.stat_result) -> str:
        """Whose the file is: who it was, where nobody told."""


class Owners:
    """A side that knows nothing but whose a file is."""

    tells = False

    def __init__(self, owner: Callable[[os.stat_result], str]) -> None:
        self.owner = owner

    def position(self) -> int:
        return 0

    def brought(self, path: str, stats: os.stat_result, since: int) -> str | None:
        return None

    def took(self, path: str, since: int) -> str | None:
        return None


class Doings:
    """What one operator's looks have to remember of each other."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._position = 0
        self._since: dict[Place, int] = {}
        self._gone: dict[Place, int] = {}
        self._own: set[tuple[Place, str]] = set()

    def put(self, place: Place, identity: str) -> None:
        """syncd itself put the file there: nobody's word of it will come."""
        self._own.add((place, identity))

    def glance(self, at: Callable[[Place], str]) -> Glance:
        """The next look begins; `at` gives a place's path below the root."""
        before, self._position = self._position, self._people.position()
        own, self._own = self._own, set()
        since, self._since = self._since, {}
        return Glance(self._people, at, before, since, self._since, self._gone, own)


class Glance:
    """One look while it is going on."""

    def __init__(
        self,
        people: People,
        at: Callable[[Place], str],
        since: int,
        waited: Mapping[Place, int],
        waiting: dict[Place, int],
        gone: dict[Place, int],
        own: set[tuple[Place, str]],
    ) -> None:
        self._people = people
        self._at = at
        self._began = since
        self._waited, self._waiting, self._gone, self._own = waited, waiting, gone, own
        self._patience = _LATE_SECONDS

    def actor(self, place: Place, stats: os.stat_result, before: str, acted_on: bool) -> str:
        """Who put the file there or wrote it last.

        Args:
            before: who that was by the last look, if the file was seen there and not read yet.
            acted_on: the file isn't waited for, so who it was has to be known now.
        """
        people = self._people
        if not people.tells:
            return people.owner(stats)
        since = self._waiting[place] = self._waited.get(place, self._began)
        path = self._at(place)
        found = people.brought(path, stats, since)
        if acted_on and (place, str(stats.st_ino)) not in self._own:
            while found is None and self._may_come(stats.st_ctime):
                people.position()
                found = people.brought(path, stats, since)
        return found or before or people.owner(stats)

    def _may_come(self, changed_at: float) -> bool:
        age = time.time() - changed_at
        if self._patience <= 0 or not 0 <= age < _LATE_SECONDS:
            return False
        time.sleep(_STEP_SECONDS)
        self._patience -= _STEP_SECONDS
        return True

    def departed(self, known: Iterable[Place], seen: set[Place]) -> dict[Place, str]:
        """Who took away what was known and isn't seen, where somebody told."""
        if not self._people.tells:
            return {}
        for place in set(self._gone) & seen:
            self._gone.pop(place, None)
        for place in known:
            if place not in seen:
                self._gone.setdefault(place, self._waited.get(place, self._began))
        for place in list(self._gone)[:-_MOST]:
            self._gone.pop(place, None)
        told = {place: self._people.took(self._at(place), since) for place, since in list(self._gone.items())}
        return {place: name for place, name in told.items() if name}
