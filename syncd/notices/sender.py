"""Drains the outbox: makes notices of due batches and sends them, each room's in its own order.

Every address of every room has a lane of its own, so that a server which fails or hangs holds up nobody else. That a
notice is being sent is committed before the call: after a crash it is sent again, never forgotten. A failing server is
left alone for longer and longer, or for as long as it asks.
"""

from __future__ import annotations

import logging
import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from syncd.errors import SyncdError
from syncd.model import Notice
from syncd.notices.message import Message, Outcome
from syncd.notices.needs import Clock, Outbox, Pending
from syncd.notices.quiet import Quiet
from syncd.notices.rooms import Rooms
from syncd.notices.services import deliver

if TYPE_CHECKING:
    from syncd.rulebook.compose import Words

_LOG: Final = logging.getLogger("syncd.notices")
_TITLE: Final = re.compile(r"【([^】\n]{1,60})】")
_OVERTAKE_AFTER: Final = 6  # attempts; a message that a server can't stomach must not silence the room for ever
_LONGEST_WORD: Final = 3600.0  # seconds; no server may ask for more

ONCE_SECONDS: Final = 45.0
"""How long `run --once` waits for slow servers; whoever gave no answer until then hears the notice again next time."""
Lane = tuple[str, str]  # room, address


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a failing address is left alone: doubling from `first` to `longest` seconds, a fifth more or less."""

    first: float = 2.0
    longest: float = 900.0

    def wait(self, attempts: int, asked: float | None) -> float:
        """Seconds until the next attempt; what the server `asked` for counts, up to an hour."""
        if asked is not None:
            return min(max(asked, min(1.0, self.first)), _LONGEST_WORD) * random.uniform(1.0, 1.1)
        return min(self.first * 2.0 ** min(attempts - 1, 30), self.longest) * random.uniform(0.8, 1.2)


class Sender:
    """Sends what the outbox holds until it is stopped.

    Args:
        rooms, words, quiet: asked for anew each time, so that a changed configuration counts at once.
        quiet: hours in which nothing is sent; the administrators' room is never quiet.
    """

    def __init__(
        self,
        outbox: Outbox,
        rooms: Callable[[], Rooms],
        words: Callable[[], Words],
        quiet: Callable[[], Quiet],
        clock: Clock,
        pace: Pace | None = None,
    ) -> None:
        self._outbox, self._clock, self._pace = outbox, clock, pace or Pace()
        self._rooms, self._words, self._quiet = rooms, words, quiet
        self._settled: Rooms | None = None
        self._busy: dict[Lane, threading.Thread] = {}
        self._guard = threading.Lock()
        self._poked = threading.Event()
        self._stopping = threading.Event()
        outbox.deliveries.recover()

    # ── the daemon's way ──

    def run(self) -> None:
        """Works until `stop`; meant for a thread of its own."""
        while not self._stopping.is_set():
            wait = 1.0
            try:
                next_at = self.work()
                if next_at is not None:
                    wait = min(wait, max(0.02, next_at - self._clock.now()))
            except Exception:  # a full disk, say: moves go on, and so does the sender
                _LOG.exception("notices: the outbox can't be worked on just now")
                wait = 5.0
            self._poked.wait(wait)
            self._poked.clear()

    def poke(self) -> None:
        """Something new may be in the outbox."""
        self._poked.set()

    def stop(self, seconds: float = 5.0) -> None:
        """Ends `run`; waits that long for what is being sent. What is not done then is sent again after the start."""
        self._stopping.set()
        self.poke()
        deadline = time.monotonic() + seconds
        for thread in self._threads():
            thread.join(max(0.0, deadline - time.monotonic()))

    def work(self) -> float | None:
        """Makes due notices and lets every lane go that may; returns when there is something to do next."""
        now = self._clock.now()
        self._take_over(now)
        self._make(now, at_once=False)
        due: list[float] = []
        batch = self._outbox.next_batch_at()
        if batch is not None and batch > now:  # one that is due already lies in a quiet room
            due.append(batch)
        for lane in self._lanes(now):
            pending = self._outbox.deliveries.pending(*lane)
            if not pending:
                continue
            if pending[0].next_at <= now:
                self._start(lane, hurry=False)
            else:
                due.append(pending[0].next_at)
        return min(due, default=None)

    # ── the way of `run --once` ──

    def send_all_once(self, seconds: float = ONCE_SECONDS) -> int:
        """Makes notices of all that doesn't wait for a note, tries each lane once, whatever it waited for, and returns
        when all have been tried (or after `seconds`). Returns how many lanes were tried; quiet hours hold."""
        now = self._clock.now()
        self._take_over(now)
        self._make(now, at_once=True)
        lanes = [lane for lane in self._lanes(now) if self._outbox.deliveries.pending(*lane)]
        deadline = time.monotonic() + seconds
        self._go_all(lanes, deadline, hurry=True)
        self._make(self._clock.now(), at_once=True)  # that a room is failing
        self._go_all([("administrators", url) for url in self._rooms().of("administrators")], deadline, hurry=False)
        return len(lanes)

    # ── inside ──

    def _go_all(self, lanes: Sequence[Lane], deadline: float, *, hurry: bool) -> None:
        for lane in lanes:
            self._start(lane, hurry=hurry)
        for thread in self._threads():
            thread.join(max(0.0, deadline - time.monotonic()))

    def _take_over(self, now: float) -> None:
        """Changed addresses: those that are gone are not waited for."""
        rooms = self._rooms()
        if rooms == self._settled:
            return
        for room in self._outbox.deliveries.rooms():
            self._outbox.deliveries.settle(room, rooms.of(room), now)
        self._settled = rooms

    def _make(self, now: float, *, at_once: bool) -> None:
        due = self._outbox.next_batch_at()
        if due is None or (due > now and not at_once):
            return
        silent = self._quiet().until(now) > now
        self._outbox.make_notices(
            now,
            self._words(),
            addressed=self._rooms().has,
            quiet=lambda room: silent and room != "administrators",
            at_once=at_once,
        )

    def _lanes(self, now: float) -> list[Lane]:
        """The lanes that may go now: something waits, the room is not quiet."""
        open_rooms = self._outbox.deliveries.rooms()
        if not open_rooms:
            return []
        rooms, silent = self._rooms(), self._quiet().until(now) > now
        return [(room, url) for room in open_rooms if room == "administrators" or not silent for url in rooms.of(room)]

    def _threads(self) -> list[threading.Thread]:
        with self._guard:
            return list(self._busy.values())

    def _start(self, lane: Lane, *, hurry: bool) -> None:
        with self._guard:
            if lane in self._busy or self._stopping.is_set():
                return
            # A daemon thread: a server that never answers must not keep the process alive.
            thread = threading.Thread(target=self._go, args=(lane, hurry), name=f"notices {lane[0]}", daemon=True)
            self._busy[lane] = thread
            thread.start()

    def _go(self, lane: Lane, hurry: bool) -> None:
        try:
            self._drain(lane, hurry)
        except Exception:
            _LOG.exception("notices: room %s can't be worked on just now", lane[0])
        finally:
            with self._guard:
                del self._busy[lane]
            self.poke()

    def _drain(self, lane: Lane, hurry: bool) -> None:
        """Sends what the address has yet to take, oldest first, until one must be tried later."""
        passed: set[int] = set()
        while not self._stopping.is_set():
            left = [pending for pending in self._outbox.deliveries.pending(*lane) if pending.notice.id not in passed]
            if not left or (left[0].next_at > self._clock.now() and not hurry and not passed):
                return
            outcome = self._attempt(lane, left[0])
            if outcome is None or outcome.state != "later":
                continue
            if passed or outcome.retry_after is not None or left[0].attempts + 1 < _OVERTAKE_AFTER:
                return
            passed.add(left[0].notice.id)

    def _attempt(self, lane: Lane, pending: Pending) -> Outcome | None:
        """One call to one address; None: it had been settled meanwhile."""
        room, url = lane
        notice, deliveries = pending.notice, self._outbox.deliveries
        if not deliveries.claim(notice, url):
            return None
        outcome = deliver(url, self._message(notice))
        now = self._clock.now()
        error = outcome.said(self._words().language)
        if outcome.state == "later":
            wait = self._pace.wait(pending.attempts + 1, outcome.retry_after)
            self._record(lane, notice, "waiting", now, error, now + wait)
            _LOG.warning("notices: room %s: notice %d waits: %s", room, notice.id, error)
            return outcome
        self._record(lane, notice, outcome.state, now, error)
        if outcome.state == "refused":
            _LOG.error("notices: room %s: notice %d failed: %s", room, notice.id, error)
            self._outbox.tell_failing(room, error, now)
        return outcome

    def _record(
        self,
        lane: Lane,
        notice: Notice,
        state: Literal["waiting", "sent", "refused"],
        now: float,
        error: str,
        next_at: float = 0.0,
    ) -> None:
        """Insists: what was sent but not recorded would be sent again. The lane waits while the disk is full."""
        room, url = lane
        urls = self._rooms().of(room)
        while True:
            try:
                self._outbox.deliveries.record(notice, url, urls, state, now, error=error, next_at=next_at)
                return
            except SyncdError as failure:
                _LOG.error("notices: room %s: notice %d can't be recorded: %s", room, notice.id, failure)
                if self._stopping.wait(5.0):
                    raise

    def _message(self, notice: Notice) -> Message:
        title = _TITLE.match(notice.text)
        return Message(
            id=notice.id,
            room=notice.room,
            title=title[1] if title else notice.text.splitlines()[0][:60],
            text=notice.text,
            severity="warning" if notice.room == "administrators" else "info",
            dedupe_key=notice.dedupe_key,
            created_at=notice.created_at,
            zone=self._quiet().zone,
        )
