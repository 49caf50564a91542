"""Contact with Box: how far syncd has kept up with it, whether it could be reached, and what the calls were.

Owns when Box is asked for news; one thread asks at a time, the others use what it heard.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from syncd.clock import Clock
from syncd.clouds.box import refusals
from syncd.clouds.box.calls import Call, Calls, Exhausted, Refused, Uncertain
from syncd.clouds.box.events import Events
from syncd.clouds.box.folders import lost
from syncd.clouds.box.refusals import Doing
from syncd.clouds.box.tree import LOCKED, ItemTree
from syncd.clouds.box.way import POLICY
from syncd.config import ClientCredentials
from syncd.contract import CloudItem, CloudMemory
from syncd.errors import Busy, Changed, ItemTrouble, NeedsPerson, SyncdError, Unreachable
from syncd.model import Layout

RECOVER_SECONDS: Final = (2.0, 5.0, 15.0, 60.0, 300.0)
"""How long a failure to reach Box is believed without asking again, longer each time."""
NEVER: Final = float("-inf")
STORAGE: Final = "storage_limit_exceeded"
FULL: Final = frozenset({STORAGE, "file_size_limit_exceeded"})
RESERVED: Final = "name_temporarily_reserved"
WELL_SECONDS: Final = 5.0
"""How recently Box has to have answered well for a failure to be a single file's."""
RIGHTS: Final[Mapping[Doing, tuple[str, ...]]] = {
    "reads": ("can_download",),
    "puts": ("can_upload",),
    "moves": ("can_upload", "can_rename"),
    "takes away": ("can_delete",),
}
"""What syncd's user must be allowed in the operator's folder."""
REFUSED_REMEDY: Final = "see in Box what restricts it"
AGAIN: Final = "syncd looks again by itself"


class Contact:
    """Keeps what is known of Box up to date.

    Args:
        zone: in which the days of counted calls are meant.

    Attributes:
        tell: told of the folders (ids; None: any) in which others have changed something.
    """

    def __init__(
        self,
        calls: Calls,
        memory: CloudMemory,
        tree: ItemTree,
        events: Events,
        clock: Clock,
        zone: Callable[[], ZoneInfo],
    ) -> None:
        self._calls = calls
        self._memory = memory
        self._tree = tree
        self._events = events
        self._clock = clock
        self._zone = zone
        self._asking = threading.RLock()
        self._asked_at = NEVER
        self._trouble: tuple[Unreachable, float] | None = None
        self._failures = 0
        self._doubtful = False
        self._ill: set[str] = set()
        self._changes_asked = calls.changes
        self.tell: Callable[[frozenset[str] | None], None] = lambda _: None

    @property
    def own_doings(self) -> bool:
        """Whether syncd itself has changed anything in Box since it last asked what is new."""
        return self._calls.changes != self._changes_asked

    def catch_up(self, within: float = 0.0, *, to_the_end: bool = True) -> bool:
        """Asks what is new, unless that was done less than `within` seconds ago; returns whether others did anything.

        Args:
            to_the_end: see `Events.follow`.

        Raises:
            Unreachable.
        """
        with self._asking:
            if self._clock.monotonic() - self._asked_at < within:
                return False
            try:
                with self.meaning("asks what is new"):
                    if not self._tree.me:
                        self._tree.me = self._me()
                    changes = self._calls.changes
                    concerned = self._events.follow(to_the_end=to_the_end)
                    self._changes_asked = changes
            except SyncdError as error:
                trouble = error if isinstance(error, Unreachable) else Unreachable(error.message, error.remedy)
                pause = RECOVER_SECONDS[min(self._failures, len(RECOVER_SECONDS) - 1)]
                self._trouble = (trouble, self._clock.monotonic() + pause)
                self._failures += 1
                raise trouble from error
            finally:
                self.write_counts()
            self._trouble, self._failures, self._doubtful = None, 0, False
            self._asked_at = self._clock.monotonic()
        if concerned is None or concerned:
            self.tell(concerned)
        return concerned is None or bool(concerned)

    def require(self) -> None:
        """Box was reached when it was last called. Raises Unreachable; asks again after a while."""
        if self._trouble is None and self._asked_at != NEVER and not self._doubtful:
            return
        with self._asking:
            trouble = self._trouble
            if trouble is not None and self._clock.monotonic() < trouble[1]:
                raise trouble[0]
            if trouble is not None or self._asked_at == NEVER or self._doubtful:
                self.catch_up()

    def write_counts(self) -> None:
        """Adds the calls since the last time to those of the day."""
        counted = self._calls.take_counted()
        if counted:
            day = datetime.fromtimestamp(self._clock.now(), self._zone()).date().isoformat()
            self._memory.add_calls(day, counted)

    def _me(self) -> str:
        """The id of syncd's own user; asked once for one way in."""
        settings = self._calls.settings
        auth = settings.auth
        way = (
            f"{auth.client_id} {auth.enterprise_id} {auth.user_id}"
            if isinstance(auth, ClientCredentials)
            else auth.path
        )
        key = f"me {hashlib.sha256(f'{settings.base_urls.base} {way}'.encode()).hexdigest()[:16]}"
        known = self._memory.value(key)
        if known is None:
            call = Call(
                "other", "asks who syncd is", "GET", self._calls.at("/users/me"), {"fields": "id"}, expects="id"
            )
            known = str(self._calls.send(call).body["id"])
            self._memory.set_value(key, known)
        return known

    @contextmanager
    def meaning(self, what: str, item: CloudItem | None = None) -> Iterator[None]:
        """What is left of Box's answers, as errors of this side.

        Args:
            item: the file that it is about; it is asked for when Box says that it is no longer as it was.
        """
        try:
            yield
        except Unreachable:
            self._doubtful = True  # one file's trouble, or Box's: the next question tells
            raise
        except Uncertain as error:
            raise Unreachable(error.message, error.remedy) from error
        except Refused as refused:
            raise self._explained(what, item, refused) from refused

    def _explained(self, what: str, item: CloudItem | None, refused: Refused) -> SyncdError:
        if refused.code == LOCKED:
            with suppress(SyncdError):
                if item is not None:
                    self._tree.ask(item)
            return Busy(refused.message, "it is taken up again when it is unlocked")
        if refused.status in (404, 412) and item is not None:
            self._tree.ask(item)
            return Changed(f"Box: {item.name}: is no longer as it was seen", AGAIN)
        if refused.code in FULL:
            return NeedsPerson(refused.message, "make room in Box, or raise the quota; then `syncd release`")
        if refused.status in (403, 404):
            return NeedsPerson(refused.message, "see that syncd's user is editor of the folder; then `syncd release`")
        if refused.status == 400:
            return NeedsPerson(refused.message, "see what Box says of it; then `syncd release`")
        return Unreachable(refused.message, f"syncd tries again; it {what}")

    # ── one item's trouble ──

    @contextmanager
    def one_item(self, doing: Doing, layout: Layout, key: str, item: CloudItem | None = None) -> Iterator[None]:
        """What is left of Box's answers about one file, as errors of that file as far as Box itself is well.

        Args:
            key: what is the same whenever the same is tried; then it is asked once only.
            item: the file that it is about, where it is there already.
        """
        known = f"{doing} {key}"
        try:
            with self._calls.once(known in self._ill):
                yield
        except Exhausted as error:
            self._ill.add(known)
            raise self._of_item(doing, error) from error
        except Unreachable:
            self._doubtful = True
            raise
        except Uncertain as error:
            raise Unreachable(error.message, error.remedy) from error
        except Refused as refused:
            raise self._item_refused(doing, layout, item, refused) from refused
        self._ill.discard(known)

    def _of_item(self, doing: Doing, error: Exhausted) -> SyncdError:
        """Nothing good came of it. Whether that is Box's trouble or the file's tells another question."""
        if not (error.status == 202 or 400 <= error.status < 500):
            try:
                self.catch_up(WELL_SECONDS)
            except Unreachable as away:
                self._doubtful = True
                return away
        kind = "name_reserved" if error.code == RESERVED else "no_content" if doing == "reads" else "failing"
        return ItemTrouble(kind, error.message, "see whether it can be opened in Box", uncertain=error.happened)

    def _item_refused(self, doing: Doing, layout: Layout, item: CloudItem | None, refused: Refused) -> SyncdError:
        if refused.code == STORAGE:
            return NeedsPerson(refused.message, "make room in Box, or raise the quota; then `syncd release`")
        if refused.code == LOCKED:
            with suppress(SyncdError):
                if item is not None:
                    self._tree.ask(item)
            return ItemTrouble("locked", refused.message, "ask who locked it to unlock it")
        if refused.status in (404, 412) and item is not None:
            now, _ = self._tree.ask(item)
            if now is None or now != item:
                return Changed(f"Box: {item.name}: is no longer as it was seen", AGAIN)
        if refused.status == 403 and refused.code not in POLICY:
            lacking = self._lacking(doing, layout)
            if lacking is not None:
                return lacking
        return ItemTrouble(refusals.kind_of(doing, refused.status, refused.code), refused.message, REFUSED_REMEDY)

    def _lacking(self, doing: Doing, layout: Layout) -> SyncdError | None:
        """What the operator's whole folder lacks, when Box refuses something in it; None: it is that item alone."""
        try:
            self.catch_up(WELL_SECONDS)
        except Unreachable as away:
            return away
        top = self._tree.top(layout)
        if top is None or self._tree.ask(top)[0] is None:
            return lost(layout)
        call = Call(
            "item", f"looks what syncd may do in {top.name}", "GET", self._calls.at(f"/folders/{top.id}"),
            {"fields": "permissions"},
        )  # fmt: skip
        permissions = self._calls.send(call).body.get("permissions")
        needed = RIGHTS[doing]
        if isinstance(permissions, dict) and any(permissions.get(right) is False for right in needed):
            return NeedsPerson(
                f"Box: syncd's user has too small a role in {layout.folder}",
                "make it editor there; then `syncd release`",
            )
        return None
