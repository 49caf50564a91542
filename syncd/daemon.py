"""The daemon: says when to look at whom, keeps the workers going, sends what is to be said, stops in good order.

Watchers, timers and signals only ever name an operator; what then happens is `journey`. Nothing here knows a gesture.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from syncd.clerk import Clerk
from syncd.clock import Clock
from syncd.config import Config, examine
from syncd.errors import Busy, Misconfigured, SyncdError, Unreachable
from syncd.hints import Hints
from syncd.journey import RoundResult, round_for
from syncd.looking import Progress, secure
from syncd.model import Side
from syncd.notices.sender import Sender
from syncd.outstanding import words
from syncd.schedule import Schedule
from syncd.systemd import Notifier
from syncd.watched_files import WatchedFiles
from syncd.watches import Hinted, Watches
from syncd.world import World

LOG = logging.getLogger("syncd")
WORKERS = 4
TICK_SECONDS = 0.2
CATCH_UP_SECONDS = 1.0
"""How recent what is known of the cloud has to be while `--once` works."""
STOP_SECONDS = 9.0
RETRY_SECONDS = (1.0, 5.0, 15.0, 30.0, 60.0)
REST_SECONDS = 30.0
"""How long a changed config waits for rounds under way; then the others go on, and it is tried again later."""
STUCK_SECONDS = 600.0
EXPIRE_SECONDS = 86_400.0
ALARM_SECONDS = 3600.0
"""After so long even what should have passed by itself is told."""
PATIENT_LOOKS = 6
"""How many looks at what waits come quickly, and how often a folder must be unreadable before people hear of it."""
LONGEST_PAUSE_SECONDS = 60.0


class Daemon:
    """One ward's daemon. `run` returns the exit status."""

    def __init__(self, config_path: Path, config: Config, clock: Clock | None = None) -> None:
        self.config_path = config_path
        self._config = config
        self._clock = clock
        self._stop = threading.Event()
        self._schedule = Schedule()
        self._failures: dict[str, int] = {}
        self._pausing_since: float | None = None
        self._failed = False
        self._idle: dict[str, int] = {}
        self._unseen: dict[str, int] = {}
        # From now on, not from when the work begins: what is saved while syncd starts must not go unnoticed.
        self._files = WatchedFiles(config_path, config.rules)
        self._hinted: Hinted = queue.Queue()
        self._notifier = Notifier()
        self._progressed = time.monotonic()
        self.world: World | None = None
        """What it works on; None before the start and after the end."""
        self.working = False
        """Whether it takes up what people do, rather than starting or stopping."""

    def run(self, once: bool = False, progress: Progress | None = None) -> int:
        """Works until SIGTERM or SIGINT, or with `once` until everything left waits for the outside.

        Raises:
            Misconfigured, SyncdError: it can't start.
        """
        with World(self._config, clock=self._clock) as world:
            world.store.lock_daemon()
            self._listen_to_signals(once)
            world.look_soon = self._schedule.soon
            self.world = world
            self._start(world)
            sender = Sender(world.outbox, lambda: world.rooms, lambda: words(world), lambda: world.quiet, world.clock)
            if once:
                self._work_once(world, progress)
                if not self._stop.is_set():
                    Clerk(world, lambda: self.rounds).once()
                    sender.send_all_once()
                else:
                    self._failed = True
            else:
                self._work(world, sender, progress)
            held = bool(world.ledger.holds())
            self.world = None
        return 3 if held else 1 if self._failed else 0

    def stop(self) -> None:
        """Ends the work in good order; may be called from any thread or a signal handler."""
        self._stop.set()
        self._schedule.stop()
        world = self.world
        if world is not None:
            world.cloud.interrupt()

    @property
    def rounds(self) -> int:
        """How many rounds came to an end since it works."""
        return self._schedule.finished

    @property
    def busy(self) -> bool:
        """Whether a round is under way, or one that is due waits for a worker."""
        return bool(self._schedule.running) or self._schedule.overdue(0.0)

    def _stop_in_time(self, once: bool) -> None:
        """Stops; where the main thread itself waits for an answer (at the start, or with `once`), not for its end."""
        self.stop()

        def give_up() -> None:
            if self.world is not None:
                LOG.warning("stopped while waiting for an answer; the next start goes on")
                os._exit(1 if once else 0)  # every effect is journalled

        timer = threading.Timer(STOP_SECONDS, give_up)
        timer.daemon = True
        timer.start()

    def _listen_to_signals(self, once: bool) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self._stop_in_time(once))

    # ── start ──

    def _start(self, world: World) -> None:
        world.require_own_roots()
        if world.check_history():
            LOG.warning("the database is older than the history's head: files are paired anew")
            world.tell_administrators("database_lost", "")
        if world.rules_problems is not None:
            world.tell_administrators_once("rules_refused", str(world.rules_problems))
        else:
            world.reload_rules()
            world.forget_telling("rules_refused")
        world.versions.sweep()
        world.complete_quarantine()
        try:
            world.reach()
            staged = frozenset(one.token for each in world.ledger.open_intents() for one in each.prepared.values())
            for side in Side:
                world.tree(side).sweep(staged)
        except Unreachable as error:
            self._unreachable(world, error)

    # ── once ──

    def _work_once(self, world: World, progress: Progress | None) -> None:
        patience = 10 * world.config.intranet.settle_seconds
        waiting_since, looks = time.monotonic(), 0
        world.troubles.try_now()  # who runs it wants to know how things are now
        while not self._stop.is_set():
            looks += 1
            self._catch_up(world)
            results = [self._round(world, operator.id, progress) for operator in world.config.operators]
            if any(result is None for result in results):
                self._failed = True
            again = [result for result in results if result is not None]
            if any(result.moves for result in again):
                waiting_since, looks = time.monotonic(), 0
                continue
            until = world.clock.now() + patience - (time.monotonic() - waiting_since)
            if not any(result.look_again or _within(result.next_try, until) for result in again):
                return
            if time.monotonic() - waiting_since > patience and looks >= PATIENT_LOOKS:  # a busy machine looks seldom
                for place in (place for result in again for place in result.waiting):
                    LOG.info("left waiting: %s", place)
                for operator in self._unseen:
                    self._failed = True
                    self._not_whole(world, operator)
                return
            self._stop.wait(min(0.5, max(0.02, world.config.intranet.settle_seconds / 4)))

    def _catch_up(self, world: World) -> None:
        """What others did in the cloud meanwhile; where that can't be known, the rounds say so."""
        try:
            world.cloud.catch_up(CATCH_UP_SECONDS)
        except Unreachable as error:
            LOG.debug("%s", error)

    def _round(self, world: World, operator_id: str, progress: Progress | None) -> RoundResult | None:
        """One round; None when it failed, which was logged and counted."""
        operator = world.config.operator(operator_id)
        if operator is None:
            return RoundResult()
        with world.lock(operator_id):
            try:
                result = None
                if self._reach(world):
                    result = round_for(world, operator, progress)
                elif not world.stopped(operator_id):
                    secure(world, operator)  # what people save on the side that is there is kept meanwhile
            except Unreachable as error:
                self._operator_unreachable(world, operator_id, error)
            except Busy as error:
                LOG.info("%s: %s", operator_id, error)
            except SyncdError as error:
                LOG.error("%s: %s", operator_id, error)
            except OSError as error:
                LOG.error("%s: %s — is the disk full, or the share gone?", operator_id, error)
            except Exception:
                LOG.exception("%s: an unforeseen error; the others go on", operator_id)
            else:
                if result is not None:
                    self._succeeded(world, operator_id, result)
                    return result
        self._failures[operator_id] = self._failures.get(operator_id, 0) + 1
        return None

    def _reach(self, world: World) -> bool:
        try:
            world.reach()
        except Unreachable as error:
            self._unreachable(world, error)
            return False
        world.forget_telling("side_unreachable")
        return True

    def _succeeded(self, world: World, operator_id: str, result: RoundResult) -> None:
        self._failures.pop(operator_id, None)
        if result.unseen:
            self._unseen[operator_id] = self._unseen.get(operator_id, 0) + 1
        else:
            self._unseen.pop(operator_id, None)
            world.forget_telling("side_unreachable", operator_id)
            self._pausing_since = None

    # ── day in, day out ──

    def _work(self, world: World, sender: Sender, progress: Progress | None) -> None:
        watches = Watches(lambda: world.trees, world.config.intranet.watch, self._hinted)
        watches.start()
        clerk = Clerk(world, lambda: self.rounds)
        names = ["sender", "clerk", *(f"worker {number + 1}" for number in range(WORKERS))]
        jobs: list[Callable[[], None]] = [
            sender.run,
            clerk.run,
            *[lambda: self._worker(world, self._noting(progress))] * WORKERS,
        ]
        threads = [threading.Thread(target=job, name=name, daemon=True) for name, job in zip(names, jobs, strict=True)]
        for thread in threads:
            thread.start()
        self._look_at_all(world)
        self._notifier.ready()
        LOG.info("syncd works for %d operators", len(world.config.operators))
        self.working = True
        try:
            self._tick(world, watches)
        finally:
            self.working = False
            deadline = time.monotonic() + STOP_SECONDS
            self._notifier.stopping()
            self.stop()
            clerk.stop()
            sender.stop(STOP_SECONDS / 3)
            watches.stop()
            for thread in threads:
                thread.join(max(0.0, deadline - time.monotonic()))
            if any(thread.is_alive() for thread in threads):
                LOG.warning("stopped in the middle of a move; the next start finishes it")
                os._exit(0)  # every effect is journalled; waiting longer would only be killed

    def _noting(self, progress: Progress | None) -> Progress:
        """A long first look is no standstill: the watchdog hears of every file that is read."""

        def note(operator: str, read: int, of: int) -> None:
            self._progressed = time.monotonic()
            if progress is not None:
                progress(operator, read, of)

        return note

    def _tick(self, world: World, watches: Watches) -> None:
        hints = Hints(world)
        files = self._files
        next_full = time.monotonic() + world.config.intranet.rescan_seconds
        next_expiry = time.monotonic() + 60.0
        finished = -1
        set_aside: list[tuple[Side, str]] = []
        stopped = world.stopped_operators()
        config_since: float | None = None
        while not self._stop.wait(TICK_SECONDS):
            now = time.monotonic()
            set_aside = self._take_hints(world, hints, watches, set_aside)
            config_changed, rules_changed = files.changed()
            if config_changed and config_since is None:
                config_since = now
            if config_since is not None and now >= config_since:
                config_since = self._take_over_config(world, files, now, config_since)
            if rules_changed:
                self._reload_rules(world)
            still = world.stopped_operators()
            if still != stopped:
                for operator in stopped - still:
                    self._schedule.soon(operator)
                stopped = still
            if now >= next_full:
                watches.mend()
                self._look_at_all(world)
                next_full = now + world.config.intranet.rescan_seconds
            if now >= next_expiry:
                self._expire(world)
                next_expiry = now + EXPIRE_SECONDS
            world.freshness.flush()
            if self._schedule.finished != finished or not self._schedule.running:
                finished, self._progressed = self._schedule.finished, now
            if now - self._progressed < STUCK_SECONDS:
                self._notifier.watchdog()

    def _take_over_config(self, world: World, files: WatchedFiles, now: float, since: float) -> float | None:
        """A round sees one config from its beginning to its end, so those under way end first.

        Returns:
            None when it was taken over or refused; else since when (or from when on) it waits for rounds to end.
        """
        if self._schedule.rest():
            self._reload_config(world)
            files.follow(world.config.rules)
            self._schedule.go_on()
            return None
        if now - since < REST_SECONDS:
            return since
        LOG.warning("the changed config waits: %s is still being worked on", ", ".join(sorted(self._schedule.running)))
        self._schedule.go_on()
        return now + 2 * REST_SECONDS

    def _worker(self, world: World, progress: Progress | None) -> None:
        while (operator := self._schedule.take()) is not None:
            try:
                result = self._round(world, operator, progress)
            finally:
                self._schedule.done(operator)
            if result is None:
                step = min(self._failures.get(operator, 1), len(RETRY_SECONDS)) - 1
                self._schedule.soon(operator, RETRY_SECONDS[step])
            else:
                self._after(world, operator, result)

    def _after(self, world: World, operator: str, result: RoundResult) -> None:
        """When to look next at what waits: soon at first, then less and less often; an event makes it soon again."""
        if self._unseen.get(operator) == PATIENT_LOOKS:
            self._not_whole(world, operator)
        if result.next_try is not None:
            self._schedule.soon(operator, max(TICK_SECONDS, result.next_try - world.clock.now()))
        if not result.look_again:
            self._idle.pop(operator, None)
            return
        idle = self._idle[operator] = 0 if result.moves else self._idle.get(operator, 0) + 1
        pause = world.config.intranet.settle_seconds / 2 * 2.0 ** max(0, min(idle, 20) - PATIENT_LOOKS)
        self._schedule.soon(operator, min(max(0.02, pause), LONGEST_PAUSE_SECONDS))

    # ── hints ──

    def _take_hints(
        self, world: World, hints: Hints, watches: Watches, set_aside: list[tuple[Side, str]]
    ) -> list[tuple[Side, str]]:
        """Wakes whom the events concern; those about an operator being worked on wait until its round is over."""
        pending = set(set_aside)
        while True:
            try:
                side, path = self._hinted.get_nowait()
            except queue.Empty:
                break
            if path is None:
                self._look_at_all(world)
            else:
                pending.add((side, path))
        later: list[tuple[Side, str]] = []
        woken: set[str] = set()
        for side, path in pending:
            operator = hints.operator_of(side, path)
            if operator is None:
                if hints.concerns_all(path):
                    self._look_at_all(world)
            elif operator in woken:
                continue
            elif self._schedule.is_running(operator):
                later.append((side, path))
            elif watches.polls(side) or not hints.agrees(side, operator, path):
                woken.add(operator)
                self._idle.pop(operator, None)
                self._schedule.soon(operator)
        return later

    def _look_at_all(self, world: World) -> None:
        for operator in world.config.operators:
            self._schedule.soon(operator.id)

    # ── files that administrators edit ──

    def _reload_rules(self, world: World) -> None:
        try:
            world.reload_rules()
        except Misconfigured as faults:
            LOG.error("rules refused, those in force stay:\n%s", faults)
            world.forget_telling("rules_refused")  # whoever saves them again hears again what is wrong
            world.tell_administrators_once("rules_refused", str(faults))
        except SyncdError as error:
            LOG.error("%s", error)
        else:
            LOG.info("rules taken over")
            world.forget_telling("rules_refused")
            world.tell_administrators("rules_accepted", "")
            self._look_at_all(world)

    def _reload_config(self, world: World) -> None:
        reading = examine(self.config_path)
        try:
            if reading.config is None:
                raise Misconfigured(reading.problems)
            world.adopt(reading.config)
        except SyncdError as error:
            LOG.error("config refused, the old one stays in force:\n%s", error)
            world.tell_administrators("config_refused", str(error))
        else:
            LOG.info("config taken over")
            world.tell_administrators("config_accepted", "")
            self._look_at_all(world)

    # ── what administrators hear ──

    def _unreachable(self, world: World, error: Unreachable) -> None:
        if self._passes_soon(error):
            return
        LOG.error("%s", error)
        world.tell_administrators_once("side_unreachable", error.message)

    def _operator_unreachable(self, world: World, operator: str, error: Unreachable) -> None:
        """The side is there, but not all of what is this operator's; told when it stays so."""
        if self._passes_soon(error):
            return
        LOG.error("%s: %s", operator, error)
        if self._failures.get(operator, 0) >= PATIENT_LOOKS:
            world.tell_administrators_once("side_unreachable", f"{operator}: {error.message}", operator)

    def _passes_soon(self, error: Unreachable) -> bool:
        """Whether nobody need be alarmed: what passes by itself has not lasted for an hour yet."""
        now = time.monotonic()
        if error.alarming:
            return False
        if self._pausing_since is None:
            self._pausing_since = now
            LOG.info("%s", error)
        return now - self._pausing_since < ALARM_SECONDS

    def _not_whole(self, world: World, operator: str) -> None:
        """A folder in an operator's tree can't be listed, again and again."""
        found = world.config.operator(operator)
        why = ", ".join(f"{side} {found.folder(side)}" for side in Side) if found else operator
        what = f"{operator} ({why}): a folder in it can't be listed"
        LOG.error("%s; nothing that is missing there counts as deleted", what)
        world.tell_administrators_once("side_unreachable", what, operator)

    def _expire(self, world: World) -> None:
        """What is older than the retention leaves the state folder."""
        try:
            world.expire()
        except (SyncdError, OSError) as error:
            LOG.error("retention: %s", error)


def _within(moment: float | None, until: float) -> bool:
    return moment is not None and moment <= until
