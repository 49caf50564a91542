"""What others did, from Box's event stream: every page read to the end, old and doubled news dropped.

Events are hints: they come late, twice, out of order, or not at all. What they say of an item is taken over only if it
is newer than what is known; that something is gone is asked for. The position is stored after what it brought. Where
it is lost or has expired, and once a night, every folder is listed anew.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from syncd.clouds.box import items
from syncd.clouds.box.calls import Call, Calls, Refused
from syncd.clouds.box.tree import ItemTree
from syncd.clouds.box.way import OutOfSight
from syncd.contract import CloudItem, CloudMemory
from syncd.errors import Unreachable

LOG = logging.getLogger("syncd")
PAGE: Final = 500
MOST_PAGES: Final = 10_000
STALE_PAGES: Final = 2
"""Pages in a row without a new event, after which the stream counts as read: Box may repeat itself for ever."""
REMEMBERED: Final = 5_000
"""Events and items that are known again; Box repeats and disorders events within minutes."""
GONE_SECONDS: Final = 30 * 86_400.0
"""How long what is gone is known to be: late news of it are days old at most."""
GIVES_ACCESS: Final = ("COLLAB_", "ITEM_UNDELETE")
"""Events of a folder that isn't known, after which more may be seen than was listed."""
POSITION, LISTED_AT = "position", "listed at"


class Events:
    """Follows the stream of syncd's own user, which holds what happens in all folders it can see."""

    def __init__(
        self,
        calls: Calls,
        memory: CloudMemory,
        tree: ItemTree,
        now: Callable[[], float],
        nightly: Callable[[], tuple[time, ZoneInfo]],
    ) -> None:
        self._calls = calls
        self._memory = memory
        self._tree = tree
        self._now = now
        self._nightly = nightly
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._elsewhere: OrderedDict[str, int] = OrderedDict()
        self._concerned: frozenset[str] = frozenset()
        """What was taken over before a later page failed, so that somebody hears of it."""
        self._given_access = False
        """Somebody invited syncd to a folder that isn't known, or took one out of the trash."""

    @property
    def position(self) -> str | None:
        """Up to where the stream was followed."""
        return self._memory.value(POSITION)

    def follow(self, *, to_the_end: bool = True) -> frozenset[str] | None:
        """Takes over all that is new.

        Args:
            to_the_end: asks until a page is empty. Else a page that isn't full is taken for the last: that costs one
                question less, and who waits for news hears at once when it was a short one.

        Returns:
            Ids of the folders that it concerns; None: any of them.

        Raises:
            Unreachable, Refused.
        """
        way, position = self._tree.way, self.position
        if position is None or self._true_up_is_due() or (way.out_of_sight and way.came_back()):
            self.begin_anew()
            return None
        way.look_at_root_now_and_then()
        stale = 0
        for _ in range(MOST_PAGES):
            try:
                entries, following = self._page(position)
            except Refused as refused:
                if not 400 <= refused.status < 500 or refused.status in (401, 403):
                    raise
                LOG.warning("Box has forgotten how far its events were followed; every folder is listed anew")
                self.begin_anew()
                return None
            stale = 0 if any(str(entry.get("event_id") or "") not in self._seen for entry in entries) else stale + 1
            self._concerned |= self._take_over(entries)
            if following is not None and following != position:
                self._memory.set_value(POSITION, following)
            if not entries or following in (None, position) or stale == STALE_PAGES:
                break
            if not to_the_end and len(entries) < PAGE:
                break
            position = following
        if self._given_access:
            self.begin_anew()
            return None
        concerned, self._concerned = self._concerned, frozenset()
        return concerned

    def begin_anew(self) -> None:
        """Every folder is to be listed again, and events count from now on."""
        _, following = self._page("now")
        self._concerned = frozenset()
        self._given_access = False
        self._tree.unlist()
        try:
            self._tree.list(self._tree.root)
        except Refused as refused:
            if refused.status not in (403, 404):
                raise
            self._tree.way.require_root()
            raise Unreachable(refused.message, "syncd looks again by itself") from refused
        self._tree.way.all_in_sight()
        with self._memory.transaction():
            self._memory.forget_gone(self._now() - GONE_SECONDS)
            self._memory.set_value(POSITION, following)
            self._memory.set_value(LISTED_AT, str(self._now()))

    def _true_up_is_due(self) -> bool:
        at, zone = self._nightly()
        now = datetime.fromtimestamp(self._now(), zone)
        latest = datetime.combine(now.date(), at, zone)
        if latest > now:
            latest -= timedelta(days=1)
        try:
            listed = float(self._memory.value(LISTED_AT) or 0.0)
        except ValueError:
            return True
        return listed < latest.timestamp() or listed > now.timestamp() + 86_400.0

    def _page(self, position: str) -> tuple[list[Mapping[str, Any]], str | None]:
        query = {"stream_type": "changes", "stream_position": position, "limit": str(PAGE)}
        call = Call("events", "asks what is new", "GET", self._calls.at("/events"), query, expects="entries")
        body = self._calls.send(call).body
        found = body["entries"] if isinstance(body["entries"], list) else []
        following = body.get("next_stream_position")
        return [each for each in found if isinstance(each, dict)], None if following is None else str(following)

    def _take_over(self, entries: Sequence[Mapping[str, Any]]) -> frozenset[str]:
        """First what has to be asked for, then all of a page at once."""
        concerned: frozenset[str] = frozenset()
        plain: list[CloudItem] = []
        ids = [str(entry.get("event_id") or "") for entry in entries]
        for event_id, entry in zip(ids, entries, strict=True):
            if event_id in self._seen:
                continue
            source = entry.get("source")
            if not isinstance(source, dict):
                continue
            kind = str(entry.get("event_type") or "")
            item, ask = self._understood(kind, source)
            if ask is not None:
                concerned |= self._asked(ask, item.sequence if item is not None else 0)
            elif item is not None:
                plain.append(item)
        if plain:
            with self._memory.transaction():
                for item in plain:
                    if self._memory.item(item.id) is not None or not self._is_elsewhere(item):
                        concerned |= self._tree.learn(item)
        for item in plain:
            concerned |= self._settle_names(item)
        self._know_again(ids)
        return concerned

    def _understood(self, kind: str, source: Mapping[str, Any]) -> tuple[CloudItem | None, CloudItem | None]:
        """What an event says of an item, and the item if Box has to be asked for it. Neither: it is no news of ours."""
        if source.get("type") == "collaboration":
            within = source.get("item")
            source = within if isinstance(within, dict) else {}
        known = self._memory.item(str(source.get("id") or ""))
        item = items.read(source, self._tree.me, self._now())
        parent = source.get("parent")
        near = isinstance(parent, dict) and self._tree.knows(str(parent.get("id")))
        if known is None and not near:
            self._went_elsewhere(item)
            self._given_access |= source.get("type") == "folder" and kind.startswith(GIVES_ACCESS)
            return None, None
        if kind.startswith(("LOCK_", "COLLAB_")):
            return item, known or item
        if item is None:
            return None, known or _unknown(source)
        if known is None or (item.gone and known.gone):
            return item, None
        if item.sequence < known.sequence:
            return None, None
        if item.sequence == known.sequence:
            return item, known if item.gone != known.gone else None
        return item, known if item.gone or not near else None

    def _went_elsewhere(self, item: CloudItem | None) -> None:
        """What is nobody's is not remembered, but for older news of it, which may say that it was here."""
        if item is not None:
            self._elsewhere[item.id] = max(item.sequence, self._elsewhere.pop(item.id, -1))
            if len(self._elsewhere) > REMEMBERED:
                self._elsewhere.popitem(last=False)

    def _is_elsewhere(self, item: CloudItem) -> bool:
        return item.sequence <= self._elsewhere.get(item.id, -1)

    def _settle_names(self, item: CloudItem) -> frozenset[str]:
        """Two of one name can't be: the other has gone or has another name by now, and its event is yet to come."""
        concerned: frozenset[str] = frozenset()
        for other in self._memory.named(item.parent, item.name):
            if other.id != item.id:
                concerned |= self._asked(other, 0)
        return concerned

    def _asked(self, item: CloudItem, heard: int) -> frozenset[str]:
        """Asks for an item; below a folder that is out of sight it stays as it was, and the others' news go on."""
        try:
            return self._tree.ask(item, heard)[1]
        except OutOfSight as lost:
            if lost.folder == self._tree.root:
                raise
            return frozenset({item.id})

    def _know_again(self, ids: Iterable[str]) -> None:
        """Only what was taken over: a page that fails halfway comes again."""
        for event_id in filter(None, ids):
            self._seen[event_id] = None
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)


def _unknown(source: Mapping[str, Any]) -> CloudItem | None:
    """An item of which the event tells too little."""
    kind, item_id = source.get("type"), source.get("id")
    if kind not in ("file", "folder") or not isinstance(item_id, str):
        return None
    return CloudItem(item_id, kind == "folder", "", str(source.get("name") or item_id), "", 0)
