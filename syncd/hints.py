"""What a watcher's event is worth: whose folder it lies in, and whether it tells anything that isn't recorded yet.

Events are hints: one too many costs a look, one too few costs time until the next full look. syncd's own writes agree
with what it recorded of them, and so never wake it.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from syncd import names
from syncd.config import Config, FolderCloud
from syncd.config.folders import OPERATOR_PAGE, PROGRESS_PAGE, PROGRESS_WORKBOOK
from syncd.model import Place, Side, Stage
from syncd.tree.folders import same_folder
from syncd.tree.listing import etag, stamp
from syncd.world import World

OWN_PAGES = (PROGRESS_PAGE, PROGRESS_WORKBOOK, OPERATOR_PAGE)


class Hints:
    """Turns paths into operators, for one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def operator_of(self, side: Side, path: str) -> str | None:
        """The operator in whose folder `path` (relative to the side's root) lies; None: nobody's, maybe everybody's."""
        for operator in self._world.config.operators:
            folder = operator.folder(side).strip("/")
            if path == folder or path.startswith(folder + "/"):
                return operator.id
        return None

    def concerns_all(self, path: str) -> bool:
        """Whether a path that is in nobody's folder may concern anybody: a folder that had another name, say."""
        return "/" not in path.strip("/") and not path.startswith(".") and path not in OWN_PAGES

    def agrees(self, side: Side, operator: str, path: str) -> bool:
        """Whether what lies at `path` is what was recorded there by the last look."""
        found = self._world.config.operator(operator)
        if found is None:
            return True
        within = path[len(found.folder(side).strip("/")) :].strip("/")
        place = place_of(self._world.config, within)
        here = (operator, side, place)
        root = root_of(self._world.config, side)
        if root is None:
            return False  # a cloud that knows its own doings tells of others' only
        try:
            status = os.lstat(root / path)
        except OSError:
            if not place.path or names.ignored(place.name):
                return False  # a folder that must be there; an owner file, so its document was closed
            return not self._world.ledger.remembers(*here)
        if stat.S_ISDIR(status.st_mode):
            known = self._world.ledger.folders(operator, side)
            if "/" in within:
                return True  # what lies in it has events of its own
            stage = place.stage if place.path == "" else None
            key = "" if not within else (stage.value if stage else None)
            return key is not None and same_folder(known.get(key, ""), str(status.st_ino))
        remembered = self._world.ledger.remembered(operator, side, place)
        return (
            remembered is not None
            and (remembered.identity, remembered.etag) == (str(status.st_ino), etag(status))
            and remembered.stamp == stamp(status)
            and remembered.sha1 is not None
            and remembered.waits is None
        )


def root_of(config: Config, side: Side) -> Path | None:
    """The directory that is a side's root; None: that cloud is no directory."""
    if side is Side.INTRANET:
        return config.intranet.root
    return config.cloud.root if isinstance(config.cloud, FolderCloud) else None


def place_of(config: Config, within: str) -> Place:
    """The place of a path relative to an operator's folder."""
    first, _, rest = within.partition("/")
    for stage, name in config.stages.items():
        if first == name:
            return Place(Stage(stage), rest)
    return Place(None, within)
