"""What lies where in Box, by ids: kept between looks, so that an event costs no listing.

Owns what is known and how it is brought up to date: a listing, an event or the answer to a call. Older news than what
is known are dropped by Box's `sequence_id`; that something is gone is believed from a listing or a second look only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from syncd.clouds.box import items
from syncd.clouds.box.calls import Call, Calls, Refused
from syncd.clouds.box.way import DEEPEST, POLICY, Way
from syncd.config import is_folder_id
from syncd.contract import CloudItem, CloudMemory
from syncd.model import Layout, Place, Stage

PAGE: Final = 1000
"""Items of a listing's page; Box's most."""
LOCKED: Final = "access_denied_item_locked"
"""The no that says nothing about whether an item is there."""
HANDFUL: Final = 5
"""From more than so many missing on, a listing is asked for again: it may have been a short one."""
ASKED: Final = 20
"""How many that a listing no longer shows are asked for one by one."""


class ItemTree:
    """The known part of Box. Thread-safe.

    Args:
        root: id of the folder under which the operators' folders lie.
    """

    def __init__(self, calls: Calls, memory: CloudMemory, root: str, now: Callable[[], float]) -> None:
        self.root = root
        self.me = ""
        """The id of the user that syncd is in Box."""
        self.way = Way(calls, memory, root, now)
        self._calls = calls
        self._memory = memory
        self._now = now
        self._lock = threading.Lock()  # of the turns; what is known is guarded by the memory's transactions
        self._turns: dict[str, int] = {}
        self._listing = 0

    # ── what is known ──

    def item(self, item_id: str) -> CloudItem | None:
        """A file or folder that is there."""
        found = self._memory.item(item_id)
        return found if found is not None and not found.gone else None

    def last_known(self, item_id: str) -> CloudItem | None:
        """A file or folder as it was last heard of, gone or not."""
        return self._memory.item(item_id)

    def children(self, folder: str) -> tuple[CloudItem, ...]:
        return self._memory.children(folder)

    def child(self, folder: str, name: str) -> CloudItem | None:
        """What has that name in a folder; Box doesn't tell letter case apart."""
        same = self._memory.named(folder, name)
        return next((each for each in same if each.name == name), same[0] if same else None)

    def at(self, folder: str, path: str) -> CloudItem | None:
        """What lies at a path below a folder."""
        found: CloudItem | None = None
        for part in path.split("/"):
            found = self.child(folder, part)
            if found is None:
                return None
            folder = found.id
        return found

    def top(self, layout: Layout) -> CloudItem | None:
        """The operator's folder: the one that was found before, whatever it is called by now; else by path or id."""
        known = self.way.tops.get(layout.operator)
        if known is not None:
            return self.item(known)
        folder = layout.folder.strip("/")
        found = self.at(self.root, folder)
        if found is None and is_folder_id(folder):
            found = self.item(folder)
        return found if found is not None and found.folder else None

    def stage_folders(self, layout: Layout, top: str) -> dict[str, Stage]:
        """Folder id → stage, of the stages whose folder is there."""
        found = {}
        for stage, name in layout.stages.items():
            folder = self.child(top, name)
            if folder is not None and folder.folder:
                found[folder.id] = stage
        return found

    def files(self, layout: Layout, top: str) -> Iterator[tuple[Place, CloudItem]]:
        """Every file below the operator's folder, with its place."""
        stages = self.stage_folders(layout, top)
        waiting: list[tuple[str, Stage | None, str]] = [(top, None, "")]
        for _ in range(1_000_000):
            if not waiting:
                return
            folder, stage, path = waiting.pop()
            for each in self.children(folder):
                if not each.folder:
                    yield Place(stage, path + each.name), each
                elif folder == top and each.id in stages:
                    waiting.append((each.id, stages[each.id], ""))
                else:
                    waiting.append((each.id, stage, f"{path}{each.name}/"))

    def place(self, layout: Layout, item: CloudItem) -> Place | None:
        """Where an item lies in the operator's folder; None: it lies elsewhere."""
        top = self.top(layout)
        if top is None or item.gone:
            return None
        stages = self.stage_folders(layout, top.id)
        parts = [item.name]
        folder = item.parent
        for _ in range(DEEPEST):
            if folder == top.id:
                return Place(None, "/".join(parts))
            if folder in stages:
                return Place(stages[folder], "/".join(parts))
            above = self.item(folder)
            if above is None:
                return None
            parts.insert(0, above.name)
            folder = above.parent
        return None

    def knows(self, folder: str) -> bool:
        """Whether what lies in that folder concerns syncd."""
        return folder == self.root or self.item(folder) is not None

    def unlisted(self, folder: str) -> list[CloudItem]:
        """Folders at or below it whose items aren't all known."""
        return [each for each in self._folders(folder) if not each.listed]

    def _folders(self, folder: str) -> Iterator[CloudItem]:
        """That folder and those below it."""
        waiting = [self.item(folder)]
        while waiting:
            each = waiting.pop()
            if each is not None and each.folder:
                yield each
                waiting += self.children(each.id)

    # ── turns ──

    def turn(self, folder: str) -> int:
        """A number that is another once others have changed anything below the folder."""
        with self._lock:
            return self._turns.get(folder, 0)

    def _others_changed(self, *folders: str) -> frozenset[str]:
        touched: set[str] = set()
        for folder in folders:
            for _ in range(DEEPEST):
                touched.add(folder)
                above = self._memory.item(folder)
                if above is None or above.parent in touched:
                    break
                folder = above.parent
        with self._lock:
            for each in touched:
                self._turns[each] = self._turns.get(each, 0) + 1
        return frozenset(touched)

    # ── news ──

    def keep(self, entry: Mapping[str, Any], *, listed: bool | None = None) -> CloudItem:
        """What Box answered to syncd's own call. Raises Refused when the answer can't be understood."""
        item = items.read(entry, self.me, self._now())
        if item is None:
            raise Refused("an answer", 200, "", "describes no file or folder", ())
        with self._memory.transaction():
            known = self._memory.item(item.id)
            if known is not None:
                if known.sequence > item.sequence:
                    return item  # others have changed it since, and that is known already
                item = replace(item, learned_at=known.learned_at, listed=known.listed)
            if listed is not None:
                item = replace(item, listed=listed)
            if item != known:
                self._memory.put((item,))
        return item

    def learn(self, item: CloudItem, *, sure: bool = False) -> frozenset[str]:
        """What was heard of an item; returns the ids of the folders that it concerns, none if it is no news.

        Args:
            sure: what Box says of the item itself just now, which is believed at the same `sequence_id`, too.
        """
        with self._memory.transaction():
            known = self._memory.item(item.id)
            if known is not None:
                if item.sequence < known.sequence or (item.sequence == known.sequence and not sure):
                    return frozenset()
                item = replace(
                    item, learned_at=known.learned_at, listed=known.listed and not (known.gone and item.folder)
                )
            if item == known:
                return frozenset()
            self._memory.put((item,))  # what is gone, too: older news of it may be yet to come
            if (known is None and item.gone) or (known is not None and _means(known) == _means(item)):
                return frozenset()
            if known is not None and known.gone:
                # What was asked for meanwhile counted as gone, too: with its folder it is there again.
                self._memory.put([replace(each, listed=False) for each in self._folders(item.id)])
            before = () if known is None else (known.parent,)
            return self._others_changed(item.id, item.parent, *before)

    def lose(self, item: CloudItem) -> frozenset[str]:
        """The item isn't there any more: Box itself says so."""
        return self.learn(replace(item, gone=True), sure=True)

    # ── asking ──

    def ask(self, item: CloudItem, heard: int = 0) -> tuple[CloudItem | None, frozenset[str]]:
        """Asks Box for one item; None: it is in the trash or out of reach. Also returns the folders concerned.

        Args:
            heard: the `sequence_id` of the news that made one ask: if the item is gone, it was gone by then.

        Raises:
            OutOfSight: a folder above doesn't answer either; nothing is concluded.
        """
        kind = "folders" if item.folder else "web_links" if item.sha1 == items.WEB_LINK else "files"
        call = Call(
            "item", f"looks at {item.name}", "GET", self._calls.at(f"/{kind}/{item.id}"), {"fields": items.FIELDS},
            expects="id",
        )  # fmt: skip
        try:
            answer = self._calls.send(call)
        except Refused as refused:
            if refused.status not in (403, 404) or refused.code == LOCKED:
                raise
            known = self._memory.item(item.id)
            if refused.code in POLICY:
                return known, frozenset()
            return self._missing(known or item, heard)
        found = items.read(answer.body, self.me, self._now())
        if found is None:
            raise Refused("an answer", 200, "", f"doesn't describe {item.name}", ())
        concerned = self.learn(found, sure=True)
        return (None if found.gone else self._memory.item(found.id)), concerned

    def _missing(self, item: CloudItem, heard: int) -> tuple[CloudItem | None, frozenset[str]]:
        """What Box no longer shows is gone, unless it is the operator's whole folder that has gone."""
        if self.way.require(item):
            return None, self.lose(replace(item, sequence=max(item.sequence, heard)))
        tops = set(self.way.tops.values())
        top = next(folder for folder in self.way.above(item) if folder in tops)
        known = self._memory.item(top)
        return self._memory.item(item.id), self.lose(known) if known is not None else frozenset()

    def unlist(self) -> None:
        """Every folder is to be listed again; listings under way count for nothing."""
        with self._memory.transaction():
            self._listing += 1
            self._memory.unlist()

    def list(self, folder: str, name: str = "") -> tuple[CloudItem, ...]:
        """Lists one folder and takes over what is in it; what had been known there and isn't listed is asked for.

        Raises:
            Refused: the folder isn't there (404) or out of reach.
        """
        before, number = self.children(folder), self._listing
        seen = tuple(self._entries(folder, name))
        found = {each.id for each in seen}
        doubtful = []
        with self._memory.transaction():
            for each in seen:
                known = self._memory.item(each.id)
                if known is not None and known.gone and known.sequence >= each.sequence:
                    doubtful.append(each)
                else:
                    self.learn(each)
        for each in doubtful:
            self.ask(each)
        missing = [each for each in before if each.id not in found and self._memory.item(each.id) == each]
        if len(missing) > HANDFUL:
            again = {each.id for each in self._entries(folder, name)}
            missing = [each for each in missing if each.id not in again]
        for each in missing[:ASKED]:
            self.ask(each)
        if len(missing) > ASKED:
            self.way.require(missing[-1])
        for each in missing[ASKED:]:
            self.lose(each)  # moved elsewhere, it is news again with its next event or listing
        with self._memory.transaction():
            itself = self._memory.item(folder)
            if itself is not None and not itself.listed and number == self._listing:
                self._memory.put((replace(itself, listed=True),))
        return seen

    def list_below(self, folder: str) -> bool:
        """Lists every folder at or below that isn't listed yet; False: one of them is there, but can't be listed."""
        tried: set[str] = set()
        while waiting := [each for each in self.unlisted(folder) if each.id not in tried]:
            tried |= {each.id for each in waiting}
            for each in waiting:
                try:
                    self.list(each.id, each.name)
                except Refused as refused:
                    if refused.status not in (403, 404) or each.id == folder:
                        raise
                    self.ask(each)
        return not self.unlisted(folder)

    def _entries(self, folder: str, name: str) -> Iterable[CloudItem]:
        marker = ""
        while True:
            query = {"fields": items.FIELDS, "limit": str(PAGE), "usemarker": "true"}
            if marker:
                query["marker"] = marker
            call = Call(
                "list", f"lists {name or 'the root'}", "GET", self._calls.at(f"/folders/{folder}/items"), query,
                expects="entries",
            )  # fmt: skip
            body = self._calls.send(call).body
            for entry in body["entries"] if isinstance(body["entries"], list) else ():
                if isinstance(entry, dict):
                    item = items.read({**entry, "parent": {"id": folder}}, self.me, self._now())
                    if item is not None:
                        yield item
            following = str(body.get("next_marker") or "")
            if not following or following == marker:
                return
            marker = following


def _means(item: CloudItem) -> tuple[object, ...]:
    """What of an item can lead to anything."""
    return item.parent, item.name, item.sha1, item.gone, item.locked_until
