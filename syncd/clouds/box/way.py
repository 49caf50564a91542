"""The way to an item in Box: the folders above it, which have to answer before anything counts as gone.

Box says 404 of what is in the trash and of what syncd's user may no longer see, and both also happen to everything
below a folder when it happens to the folder. So what Box no longer shows is gone only if the operator's folder and the
root answer just then; else it is out of sight, and nothing is concluded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from syncd.clouds.box import items
from syncd.clouds.box.calls import Call, Calls, Refused
from syncd.contract import CloudItem, CloudMemory
from syncd.errors import Unreachable
from syncd.model import Layout

POLICY: Final = frozenset({"forbidden_by_policy", "access_denied_by_policy"})
"""A policy's no: the item is locked away, and there."""
ROOT_SECONDS: Final = 3600.0
"""How long the root is believed to be in sight while nothing else tells."""
PAUSES: Final = (60.0, 300.0, 900.0, 3600.0)
"""Seconds after which a folder that was out of sight is asked for again, longer each time."""
OUT_OF_SIGHT: Final = "out of sight"
TOPS: Final = "operators' folders"
ROOT_AT: Final = "root answered at"
DEEPEST: Final = 64
"""Folders within folders, beyond which something is wrong."""


class OutOfSight(Unreachable):
    """A folder above an item doesn't answer: whatever is below may be there or not.

    Attributes:
        folder: its id.
    """

    def __init__(self, folder: str, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.folder = folder


class Way:
    """Knows the root, the operators' folders and what is between, and asks whether they answer. Thread-safe."""

    def __init__(self, calls: Calls, memory: CloudMemory, root: str, now: Callable[[], float]) -> None:
        self.root = root
        self._calls = calls
        self._memory = memory
        self._now = now
        self._tries: dict[str, tuple[int, float]] = {}

    # ── the operators' folders ──

    @property
    def tops(self) -> Mapping[str, str]:
        """Operator → the id of its folder, as it was last found or put in place; also before a restart."""
        found = json.loads(self._memory.value(TOPS) or "{}")
        return found if isinstance(found, dict) else {}

    def set_top(self, operator: str, folder: str | None) -> None:
        """Remembers an operator's folder, or forgets it (None)."""
        tops = dict(self.tops)
        if tops.get(operator) == folder:
            return
        if folder is None:
            tops.pop(operator, None)
        else:
            tops[operator] = folder
        self._memory.set_value(TOPS, json.dumps(tops))

    def above(self, item: CloudItem) -> Iterator[str]:
        """The ids of the folders above an item as they are known, nearest first, without the root."""
        folder, passed = item.parent, {item.id}
        while folder and folder != self.root and folder not in passed and len(passed) < DEEPEST:
            yield folder
            passed.add(folder)
            known = self._memory.item(folder)
            folder = known.parent if known is not None else ""

    def _leads_to_an_operator(self, folder: str, tops: frozenset[str]) -> bool:
        return any(
            folder in self.above(item) for top in tops if (item := self._memory.item(top)) is not None and top != folder
        )

    # ── asking ──

    def require(self, item: CloudItem) -> bool:
        """Asks whether the way to something that Box no longer shows is whole.

        Returns:
            True: it is, so the item is gone. False: the operator's folder, in which it lies, is what is gone.

        Raises:
            OutOfSight: the root, or a folder above operators' folders, doesn't answer.
        """
        tops = frozenset(self.tops.values())
        if self._leads_to_an_operator(item.id, tops):
            self.require_root()
            self._lost(item.id, item.name)
        above = list(self.above(item))
        within = next((number for number, folder in enumerate(above) if folder in tops), None)
        if within is not None and self.answers(above[within]):
            self.require_root()
            return True
        self.require_root()
        for folder in reversed(above if within is None else above[within + 1 :]):
            if self._leads_to_an_operator(folder, tops) and not self.answers(folder):
                known = self._memory.item(folder)
                self._lost(folder, known.name if known is not None else folder)
        return within is None

    def require_root(self) -> None:
        """The root answers. Raises OutOfSight. Everybody sees their own root folder, which isn't asked for."""
        if self.root != "0" and not self.answers(self.root):
            self._lost(self.root, "")
        self._root_answered()

    def require_known(self, layout: Layout, top: CloudItem | None) -> None:
        """No folder above the operator's is known to be out of sight. Costs no call. Raises OutOfSight."""
        lost = self.out_of_sight
        for folder in (self.root, *(self.above(top) if top is not None else ())):
            if folder in lost:
                raise _out_of_sight(folder, lost[folder], self.root, layout.folder)

    def answers(self, folder: str) -> bool:
        """Whether a folder is there and in sight, asked just now. Raises Refused for any other answer, Unreachable."""
        call = Call(
            "item", "looks whether a folder above is there", "GET", self._calls.at(f"/folders/{folder}"),
            {"fields": items.FIELDS}, expects="id",
        )  # fmt: skip
        try:
            answer = self._calls.send(call)
        except Refused as refused:
            if refused.status in (403, 404):
                return False
            raise
        return str(answer.body.get("item_status") or "active") == "active"

    # ── what is out of sight ──

    @property
    def out_of_sight(self) -> Mapping[str, str]:
        """Folder id → its name, of the root and of folders above operators' folders that didn't answer."""
        found = json.loads(self._memory.value(OUT_OF_SIGHT) or "{}")
        return found if isinstance(found, dict) else {}

    def came_back(self) -> bool:
        """Whether one that was out of sight answers again; it is asked for less and less often.

        Raises:
            OutOfSight: the root is still away.
        """
        lost = self.out_of_sight
        if self.root in lost:
            if not self.answers(self.root):
                raise _out_of_sight(self.root, "", self.root, "")
            return True
        return any(self._due(folder) and self.answers(folder) for folder in lost)

    def all_in_sight(self) -> None:
        """Everything is being listed anew: what is still out of sight will be noticed."""
        self._root_answered()
        self._tries.clear()
        if self.out_of_sight:
            self._memory.set_value(OUT_OF_SIGHT, None)

    def look_at_root_now_and_then(self) -> None:
        """When nothing else told for a while, asks whether the root is there. Raises OutOfSight."""
        at = float(self._memory.value(ROOT_AT) or 0.0)
        if not at <= self._now() < at + ROOT_SECONDS:
            self.require_root()

    def _root_answered(self) -> None:
        self._memory.set_value(ROOT_AT, f"{self._now():.0f}")

    def _due(self, folder: str) -> bool:
        tried, at = self._tries.get(folder, (0, 0.0))
        if self._now() < at:
            return False
        self._tries[folder] = (tried + 1, self._now() + PAUSES[min(tried, len(PAUSES) - 1)])
        return True

    def _lost(self, folder: str, name: str) -> None:
        self._memory.set_value(OUT_OF_SIGHT, json.dumps({**self.out_of_sight, folder: name}))
        self._due(folder)
        raise _out_of_sight(folder, name, self.root, "")


def _out_of_sight(folder: str, name: str, root: str, below: str) -> OutOfSight:
    what = f"the folder {root} (cloud.root)" if folder == root else f"the folder {name or folder}"
    where = f" above {below}" if below and folder != root else ""
    return OutOfSight(
        folder,
        f"Box: {what}{where} is not there, or syncd's user is not invited to it any more",
        "restore it from Box's trash, or invite syncd's user as editor again; syncd goes on by itself",
    )
