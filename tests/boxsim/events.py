"""The event streams: what happened, who gets to know, and the disorder in which Box tells it.

Owns who is told what, the positions and the long polls. The items that events speak of are looked up when a page is
fetched: an event never says how something was.
"""

from __future__ import annotations

import copy
import random
import threading
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.boxsim import access
from tests.boxsim.model import FIRST_POSITION, Channel, Event, Item, State
from tests.boxsim.wire import Refused, bad

LARGEST_PAGE: Final = 500
_CHANGES: Final = frozenset(
    {
        "ITEM_CREATE",
        "ITEM_UPLOAD",
        "ITEM_MOVE",
        "ITEM_RENAME",
        "ITEM_COPY",
        "ITEM_MODIFY",
        "ITEM_TRASH",
        "ITEM_UNDELETE_VIA_TRASH",
        "ITEM_MAKE_CURRENT_VERSION",
        "LOCK_CREATE",
        "LOCK_DESTROY",
        "COLLAB_ADD_COLLABORATOR",
        "COLLAB_REMOVE_COLLABORATOR",
        "COLLAB_ROLE_CHANGE",
    }
)
"""What `stream_type=changes` tells."""


@dataclass(slots=True)
class Disorder:
    """With which probability events come twice, out of order, in short pages, not at all, or a page later.

    `snapshots`: they say how their item was when it happened, not how it is now.
    """

    duplicate: float = 0.0
    reorder: float = 0.0
    short: float = 0.0
    lose: float = 0.0
    late: float = 0.0
    snapshots: bool = False
    seed: int = 0


class Events:
    """The log of an enterprise. `changed` is the simulator's lock; its waiters are woken by every event."""

    def __init__(self, state: State, clock: Callable[[], float], changed: threading.Condition) -> None:
        self._state = state
        self._clock = clock
        self._changed = changed
        self._disorder = Disorder()
        self._random = random.Random(0)
        self._held: dict[str, list[Event]] = {}

    def misbehave(self, disorder: Disorder) -> None:
        """From now on pages are so disorderly, reproducibly."""
        self._disorder = disorder
        self._random = random.Random(disorder.seed)

    def emit(self, kind: str, item: Item, actor_id: str, also: set[str] | None = None) -> None:
        """Something happened to an item: told to all who see it now, and to those who did (`also`)."""
        state = self._state
        number = len(state.events)
        was = copy.copy(item) if self._disorder.snapshots else None
        made = Event(f"{state.random.randrange(16**32):032x}", number, kind, item.id, actor_id, self._clock(), was)
        state.events.append(made)
        for user_id in sorted(access.viewers(state, item) | (also or set())):
            state.streams.setdefault(user_id, []).append(number)
        self._changed.notify_all()

    def latest(self) -> int:
        """The position after the last event."""
        return FIRST_POSITION + len(self._state.events)

    def expire(self) -> None:
        """From now on every position that was given out before is too old."""
        self._state.events.append(
            Event("", len(self._state.events), "", "", "", self._clock())  # nobody's: only makes a later position
        )
        self._state.oldest_number = len(self._state.events)

    def number_of(self, position: str) -> int:
        """The number of the first event at a position that a client gave. Raises Refused."""
        if position == "now":
            return len(self._state.events)
        if position in {"", "0", "null"}:
            return self._state.oldest_number
        if not position.isascii() or not position.isdigit() or len(position) > 19:
            raise bad("Invalid stream_position", "invalid_parameter")
        number = int(position) - FIRST_POSITION
        if number < 0 or number > len(self._state.events):
            raise bad("Invalid stream_position", "invalid_parameter")
        if number < self._state.oldest_number:
            raise expired_position()
        return number

    def page(self, user_id: str, position: str, limit: int, kind: str) -> tuple[list[Event], int]:
        """A user's next events and the position after them. Raises Refused for a position that is none or expired."""
        state = self._state
        first = self.number_of(position)
        stream = state.streams.get(user_id, [])
        start = bisect_left(stream, first)
        disorder = self._disorder
        if self._happens(disorder.short):
            limit = self._random.randint(1, limit)
        if start < len(stream) and self._happens(disorder.duplicate):
            start = max(0, start - self._random.randrange(limit))
        numbers = stream[start : start + limit]
        after = len(state.events) if start + limit >= len(stream) else numbers[-1] + 1
        found = [state.events[number] for number in numbers]
        if kind == "changes":
            found = [event for event in found if event.kind in _CHANGES]
        return self._delayed(user_id, self._disorderly(found, limit)), FIRST_POSITION + after

    def _delayed(self, user_id: str, events: list[Event]) -> list[Event]:
        """Some of a page's events come with the next page, after those of that one."""
        before = self._held.pop(user_id, [])
        if not self._disorder.late:
            return events + before
        held = [event for event in events if self._random.random() < self._disorder.late]
        if held:
            self._held[user_id] = held
        return [event for event in events if event not in held] + before

    def _happens(self, probability: float) -> bool:
        return probability > 0 and self._random.random() < probability

    def _disorderly(self, events: list[Event], limit: int) -> list[Event]:
        """The page as it is told: without some, in another order, and with some twice as long as there is room."""
        told = [event for event in events if not self._happens(self._disorder.lose)]
        for event in list(told):
            if len(told) < limit and self._happens(self._disorder.duplicate):
                told.insert(self._random.randint(0, len(told)), event)
        for index in range(len(told)):
            if self._happens(self._disorder.reorder):
                other = self._random.randrange(len(told))
                told[index], told[other] = told[other], told[index]
        return told

    def subscribe(self, user_id: str, seconds: float) -> str:
        """A channel on which a user's news can be waited for."""
        channels = self._state.channels
        now = self._clock()
        for old in [name for name, channel in channels.items() if channel.expires_at < now]:
            del channels[old]
        made = f"{self._state.random.randrange(16**20):020x}"
        channels[made] = Channel(user_id, now + seconds)
        return made

    def wait(self, channel_id: str, position: str | None, seconds: float) -> bool:
        """Waits, at most so many real seconds, until a user has something new since `position` (or since now).

        Lets go of the lock meanwhile. False for nothing new, and for a channel that isn't there any more.
        """
        channel = self._state.channels.get(channel_id)
        if channel is None or channel.expires_at < self._clock():
            return False
        stream = self._state.streams.setdefault(channel.user_id, [])
        try:
            seen = self.number_of(position or "now")
        except Refused:
            return True
        return self._changed.wait_for(lambda: bool(stream) and stream[-1] >= seen, seconds)


def expired_position() -> Refused:
    """What an old position is answered with; Box doesn't document it, so clients must take any such 4xx for it."""
    return bad("The stream_position is no longer available", "invalid_stream_position")
