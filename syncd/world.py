"""Everything outside that a round needs, opened once: both trees, the state, the rules in force, the clock.

It hands things out and decides nothing. `adopt` takes over a changed config or changed rules between two rounds.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from syncd import packaged
from syncd.clock import Clock, SystemClock
from syncd.clouds import open_cloud
from syncd.config import Config, FolderCloud
from syncd.contract import Cloud, Tree
from syncd.errors import FolderConflict, Misconfigured, Problem, SyncdError, Unreachable
from syncd.intranet import IntranetTree
from syncd.mirror.examined import Examined
from syncd.mirror.whose import Inside
from syncd.model import Layout, Operator, Place, Side, Stage, Telling
from syncd.notices.quiet import Quiet
from syncd.notices.rooms import Rooms
from syncd.reading import shared_reader
from syncd.reading.once import ReadOnce
from syncd.rulebook import Rulebook
from syncd.rulebook.compose import Words
from syncd.rulebook.load import load
from syncd.scanning import Scanner
from syncd.store import Store
from syncd.store.cloud_items import CloudItems
from syncd.store.freshness import Freshness
from syncd.store.history import History
from syncd.store.holds import EVERYTHING
from syncd.store.ledger import Ledger
from syncd.store.outbox import Outbox
from syncd.store.rules_in_force import load_in_force, save_rules
from syncd.store.troubles import Troubles
from syncd.tree.folders import same_folder
from syncd.versions import Versions

WINDOWS_PATH = 259
"""Longest path, in UTF-16 units, that Explorer and Office open (MAX_PATH without the closing NUL)."""
SHARE_PREFIX = 32
r"""What is allowed for `\\server\share\`, which only the clients know."""
SCANS_DAYS = 7.0
"""How long a content that was clean needs no other scan."""
CALLS_DAYS = 400.0
"""How long counted calls to a cloud are kept."""
HEAD_ON_INTRANET = Path(".syncd/history-head.json")


class World:
    """The outside of one ward. Close it when done (it is a context manager)."""

    def __init__(self, config: Config, *, clock: Clock | None = None, read_only: bool = False) -> None:
        """
        Args:
            read_only: for commands that only look: nothing is created, no lock is taken.

        Raises:
            Misconfigured, SyncdError: the rules or the state folder can't be used.
        """
        self.config = config
        self.clock: Clock = clock or SystemClock()
        self.rules_problems: Misconfigured | None = None
        self.store = Store(config.state, read_only=read_only)
        try:
            places = (config.intranet.root / HEAD_ON_INTRANET,)
            self.history = History(self.store, config.zone, places, _history_key())
            self.outbox = Outbox(self.store)
            self.ledger = Ledger(self.store, self.history, self.outbox.add)
            self.versions = Versions(config.state)
            self.freshness = Freshness(config.state)
            self.cloud_items = CloudItems(self.store)
            self.troubles = Troubles(self.store)
            self.reader = shared_reader()
            self.readings = ReadOnce(self.reader)
            self.scanner = Scanner(config.scanner) if config.scanner else None
            self.cloud: Cloud = self._open_cloud()
            self.intranet: Tree = self._open_intranet()
            self.rules, self.rules_problems = load_in_force(config.rules, config.state)
            self._configure()
        except BaseException:
            self.store.close()
            raise
        self._locks: dict[str, threading.Lock] = {}
        self._locks_lock = threading.Lock()
        self.examined: dict[tuple[object, ...], Examined] = {}
        """What was found in files that wait in inbox; looked for again when they or the rules are others."""
        self.insides: dict[tuple[str, str, str], Inside] = {}
        """What is packed in contents that staff brought, by SHA-1, document and rules; the gate keeps it here."""
        self.scanner_rests_until = 0.0
        """Until when (monotonic) a scanner that gave no answer is not asked again."""
        self.pages_made: dict[str, tuple[str, str, int]] = {}
        """Each operator's page as it was made last: what it shows, SHA-1, size; it may have to wait for its place."""
        self.cleared: set[tuple[str, Place, str]] = set()
        """Intranet files (operator, place, etag) that were found to be nobody else's; asked again after a start."""
        self.look_soon: Callable[[str], None] = lambda operator: None
        """Asks for another look at an operator; the daemon puts its queue here."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if not self.store.read_only:
            self.freshness.flush()
        self.cloud.close()
        self.intranet.close()
        self.store.close()

    # ── config and rules ──

    def reload_rules(self) -> Rulebook:
        """The ward's rules as they are now, in force from now on. Raises Misconfigured; those in force then stay."""
        try:
            rules = load(self.config.rules, packaged.rules_folder())
        except Misconfigured as faults:
            self.rules_problems = faults
            raise
        save_rules(self.config.state, self.config.rules)
        self.rules_problems = None
        self.rules = rules
        return rules

    def adopt(self, config: Config) -> None:
        """Takes over a changed config. Raises Misconfigured for what needs a restart."""
        fixed = ("state", "cloud", "intranet")
        changed = [name for name in fixed if _roots(config)[name] != _roots(self.config)[name]]
        if changed:
            raise SyncdError(
                f"{config.file}: {', '.join(changed)} can't change while syncd runs", "restart syncd to take this over"
            )
        if config.scanner != self.config.scanner:  # another one may see what this one didn't
            self.ledger.forget_scans(float("inf"))
            self.scanner_rests_until = 0.0
        self.examined.clear()  # operators' names and codes, which forms are compared with, may be others, too
        before, now = self.config.intranet, config.intranet
        looks_anew = (before.settle_seconds, before.audit_log) != (now.settle_seconds, now.audit_log)
        self.config = config
        if looks_anew:
            self.intranet = self._open_intranet()
            if isinstance(config.cloud, FolderCloud):
                self.cloud = self._open_cloud()
        self.history.write_in(config.zone)
        self.scanner = Scanner(config.scanner) if config.scanner else None
        self._configure()

    def _open_cloud(self) -> Cloud:
        patient = not self.store.read_only
        return open_cloud(self.config, self.clock, self.cloud_items, lambda: self.config.zone, patient=patient)

    def _open_intranet(self) -> Tree:
        intranet = self.config.intranet
        return IntranetTree(intranet.root, intranet.settle_seconds, self.clock, audit_log=intranet.audit_log)

    def _configure(self) -> None:
        self.outbox.configure(
            batch_seconds=self.config.chat.batch_seconds,
            note_wait_seconds=self.config.chat.note_wait_seconds,
            own_staff=frozenset(operator.id for operator in self.config.operators if operator.staff_chat),
        )

    @property
    def rooms(self) -> Rooms:
        chat = self.config.chat
        return Rooms.of_ward(self.config.operators, chat.staff, chat.administrators)

    @property
    def quiet(self) -> Quiet:
        """When chat is silent."""
        return Quiet.of(self.config.chat.quiet_hours, self.config.zone, self.rules.calendar.closed_day)

    @property
    def words(self) -> Words:
        return Words(
            messages=self.rules.messages,
            operators={operator.id: operator.name for operator in self.config.operators},
            titles={rule.document: rule.title for rule in self.rules.rules.values()},
            personal=frozenset(document for document in self.rules.rules if self.rules.personal(document)),
            stages=self.config.stages,
            language=self.config.language,
            file_names=self.config.chat.file_names,
            note_text=self.config.chat.note_text,
        )

    def local_now(self) -> datetime:
        """This moment in the ward's time zone."""
        return datetime.fromtimestamp(self.clock.now(), self.config.zone)

    def reason(self, key: str) -> str:
        """Why, in the words that staff and operators read."""
        return self.rules.messages[f"reason_{key}"][self.config.language]

    # ── trees ──

    def tree(self, side: Side) -> Tree:
        return self.cloud if side is Side.CLOUD else self.intranet

    def layout(self, operator: str, side: Side) -> Layout:
        found = self.config.operator(operator)
        if found is None:
            raise SyncdError(f"operator {operator} is not in {self.config.file}", "add it again, or release its files")
        return self.config.layout(found, side)

    def reach(self) -> None:
        """Both roots are there and are the ones that the state knows.

        Raises:
            Unreachable: one is not; nothing may be concluded from what it shows.
            Misconfigured: one is another ward's.
        """
        for side in Side:
            try:
                found = self.tree(side).reach()
            except Unreachable as error:
                self.freshness.unreachable(side, error.message)
                raise
            known = self.ledger.setting(f"marker:{side}")
            if found is None or (known is not None and found != known):
                what = "has no root marker" if found is None else "has the root marker of another tree"
                unmarked = Unreachable(
                    f"{side} {self.tree(side).title} {what}",
                    "mount the right share, or run `syncd init` for a new ward",
                )
                self.freshness.unreachable(side, unmarked.message)
                raise unmarked
            self._claim(side)
            if known is None:
                self._adopt_marker(side, found)

    def is_there(self, side: Side) -> bool:
        """Whether the side is a directory that can be seen, and the one that the state knows."""
        try:
            found = self.tree(side).reach() if self.tree(side).kind == "folder" else None
        except Unreachable:
            return False
        return found is not None and found == self.ledger.setting(f"marker:{side}")

    def require_own_roots(self) -> None:
        """Before anything of a root is believed: no root that can be seen is another ward's. Raises Misconfigured."""
        for side in Side:
            with suppress(Unreachable):
                if self.tree(side).reach() is not None:
                    self._claim(side)

    def _claim(self, side: Side) -> None:
        """The tree is this ward's alone. Raises Misconfigured: another state works in it."""
        state = self.ledger.setting("state id")
        if state is None and not self.store.read_only:
            state = str(uuid.uuid4())
            self.ledger.set_setting("state id", state)
        other = self.tree(side).claim(state or "", _home(self.config.state), write=not self.store.read_only)
        if other:
            fault = Problem(
                str(self.config.file),
                0,
                f"{side} {self.tree(side).title} is another ward's: its state is {' '.join(other.split())}",
                "give this ward a root of its own; if its state takes that one's place, delete .syncd/ward in the root",
            )
            raise Misconfigured((fault,))

    def _adopt_marker(self, side: Side, marker: str) -> None:
        """A tree that some state knew before: this state has lost what it knew, so files are paired anew."""
        with self.store.transaction():
            self.ledger.set_setting(f"marker:{side}", marker)
            self.pair_everything_anew()

    def mark(self, side: Side) -> bool:
        """Marks a root, for `init`; False when it was marked before. Raises SyncdError, never replaces a marker."""
        tree = self.tree(side)
        found = tree.reach() if tree.mounted() is not None else None
        known = self.ledger.setting(f"marker:{side}")
        if known is not None and found != known:
            what = "has no root marker, but" if found is None else "has another root marker, and"
            raise Unreachable(
                f"{side} {tree.title} {what} the state in {self.config.state} knows this ward's files",
                "mount the right share; nothing was made",
            )
        if found is not None:
            self._claim(side)
            if known is None:
                self._adopt_marker(side, found)
            return False
        marker = str(uuid.uuid4())
        tree.mark(marker)
        self._claim(side)
        self.ledger.set_setting(f"marker:{side}", marker)
        return True

    @property
    def trees(self) -> Mapping[Side, Tree]:
        """Both sides."""
        return {side: self.tree(side) for side in Side}

    def path_room(self, operator: Operator) -> int:
        r"""How long a path below a stage may be for Windows to open it, as \\server\share\operator\stage\path."""
        longest_stage = max(len(name) for name in self.config.stages.values())
        return WINDOWS_PATH - SHARE_PREFIX - len(operator.intranet_folder) - longest_stage - 2

    # ── operators ──

    def stopped(self, operator: str) -> bool:
        """Held or paused: nothing of it is touched."""
        return operator in self.stopped_operators()

    def held(self, operator: str) -> bool:
        """A person has to look; not even what was interrupted is gone on with."""
        return any(hold.operator in (operator, EVERYTHING) for hold in self.ledger.holds())

    def stopped_operators(self) -> frozenset[str]:
        """All that are held or paused."""
        paused = self.ledger.paused()
        if EVERYTHING in paused:
            return frozenset(operator.id for operator in self.config.operators)
        return paused | {hold.operator for hold in self.ledger.holds()}

    def lock(self, operator: str) -> threading.Lock:
        """Held by whoever works in that operator's folders."""
        with self._locks_lock:
            return self._locks.setdefault(operator, threading.Lock())

    def pairs_anew(self, operator: str) -> bool:
        return self.ledger.setting(f"pair anew:{operator}") is not None

    def pair_everything_anew(self) -> None:
        for operator in self.config.operators:
            self.ledger.set_setting(f"pair anew:{operator.id}", "yes")

    def paired(self, operator: str) -> None:
        self.ledger.set_setting(f"pair anew:{operator}", None)

    def check_history(self) -> bool:
        """After a start: whether the database is older than its history says (D4); then everything is paired anew."""
        head = self.history.lost()
        if head is None:
            return False
        now = self.clock.now()
        with self.store.transaction():
            self.history.restart(head, now)
            self.ledger.forget_files(now)
            self.outbox.forget_fate(now, self.words)
            self.pair_everything_anew()
        return True

    def take_over_memory(self, operator: Operator) -> None:
        """An operator whose id is new, but whose folders aren't: what is known of them goes along.

        Raises:
            FolderConflict: its folders are those of two operators that are no longer in the config.
            Unreachable: a side can't be seen.
        """
        if any(self.ledger.folders(operator.id, side) for side in Side):
            return
        configured = {each.id for each in self.config.operators}
        retired = [known for known in self.ledger.operators() if known not in configured]
        matches: set[str] = set()
        for side in Side if retired else ():
            found = self.tree(side).folder_identity(operator.folder(side))
            known = {old: self.ledger.folders(old, side).get("") for old in retired}
            matches |= {old for old, identity in known.items() if found and identity and same_folder(found, identity)}
        if len(matches) > 1:
            names = " and ".join(sorted(matches))
            raise FolderConflict(
                f"{operator.id}: its folders were those of {names}", f"see {self.config.file}: which of them is it?"
            )
        if matches:
            self.ledger.rename_operator(matches.pop(), operator.id)

    def gave_other_names(self, operator: str, side: Side) -> bool:
        """Whether the config names the operator's folders otherwise than when they were last in place."""
        before = self.ledger.setting(f"folder names:{side}:{operator}")
        return before is not None and before != self._folder_names(operator, side)

    def keep_folder_names(self, operator: str, side: Side) -> None:
        """The folders lie where the config wants them."""
        self.ledger.set_setting(f"folder names:{side}:{operator}", self._folder_names(operator, side))

    def _folder_names(self, operator: str, side: Side) -> str:
        layout = self.layout(operator, side)
        return json.dumps([layout.folder, *(layout.stages[stage] for stage in Stage)], ensure_ascii=False)

    # ── administrators and retention ──

    def tell_administrators(self, message: str, detail: str) -> None:
        """One notice to those who run syncd, outside of any move."""
        telling = Telling("administrators", message, "", 0, None, None, "", None, None, values={"detail": detail})
        with self.store.transaction():
            self.outbox.add((telling,), (), self.clock.now())

    def tell_administrators_once(self, message: str, detail: str, about: str = "") -> None:
        """The same notice, but not again until `forget_telling`, whatever restarts come in between."""
        key = f"told:{message}:{about}"
        if self.ledger.setting(key) != detail:
            with self.store.transaction():
                self.ledger.set_setting(key, detail)
                self.tell_administrators(message, detail)

    def forget_telling(self, message: str, about: str = "") -> None:
        """It is over: should it happen again, it is told again."""
        self.ledger.set_setting(f"told:{message}:{about}", None)

    def complete_quarantine(self) -> None:
        """What was recorded just before syncd was killed lies where an administrator looks for it, too."""
        since = self.clock.now() - 86_400.0
        for one in self.ledger.quarantined():
            if one.at >= since and self.versions.has(one.sha1):
                self.versions.quarantine(one.number, one.name, one.sha1)

    def expire(self) -> None:
        """What is older than the retention leaves the state folder: versions, quarantine, bytes nobody refers to."""
        now, retention = self.clock.now(), self.config.retention
        gone = self.ledger.expire(now, retention.versions_days, retention.quarantine_days)
        self.ledger.forget_judgements()
        self.ledger.forget_comparisons()
        self.ledger.forget_scans(now - SCANS_DAYS * 86_400.0)
        for one in gone.quarantined:
            self.versions.drop_quarantined(one.number)
        self.cloud_items.forget_calls(
            datetime.fromtimestamp(now - CALLS_DAYS * 86_400.0, self.config.zone).date().isoformat()
        )
        expired = {one.sha1 for one in gone.versions} | {one.sha1 for one in gone.quarantined}
        needed = self.ledger.referenced()
        self.versions.purge(needed | (frozenset(self.versions) - expired), now - 86_400.0)
        # What nobody refers to any more, such as a file of staff's own that they deleted, was saved by somebody, too.
        self.versions.purge(needed, now - max(1, retention.versions_days) * 86_400.0)


def _history_key() -> Path | None:
    """The key that signs the history's head: the systemd credential `history_key`, where an administrator gave one."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    key = Path(folder) / "history_key" if folder else None
    return key if key is not None and key.is_file() else None


def _home(state: Path) -> str:
    """Where a state lies, told from all others in the network: computer, tab, path."""
    try:
        machine = Path("/etc/machine-id").read_text(encoding="ascii").strip()[:12]
    except OSError:
        machine = ""
    return f"{socket.gethostname()} {machine}\t{os.path.realpath(state)}"


def _roots(config: Config) -> dict[str, object]:
    return {"state": config.state, "cloud": config.cloud, "intranet": config.intranet.root}
