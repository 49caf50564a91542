"""What a watcher's event is worth: whose folder it lies in, and whether it tells anything that isn't recorded yet.

Events are hints: one too many costs a look, one too few costs time until the next full look. syncd's own writes agree
with what it recorded of them, and so never wake it.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from syncd.config import Config
from syncd.model import Place, Side, Stage
from syncd.world import World


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

    def agrees(self, side: Side, operator: str, path: str) -> bool:
        """Whether what lies at `path` is what was recorded there by the last look."""
        found = self._world.config.operator(operator)
        if found is None:
            return True
        within = path[len(found.folder(side).strip("/")) :].strip("/")
        place = place_of(self._world.config, within)
        try:
            status = os.lstat(root_of(self._world.config, side) / path)
        except OSError:
            return not self._world.ledger.remembers(operator, side, place) if within else False
        if stat.S_ISDIR(status.st_mode):
            known = self._world.ledger.folders(operator, side)
            if "/" in within:
                return True  # what lies in it has events of its own
            stage = place.stage if place.path == "" else None
            key = "" if not within else (stage.value if stage else None)
            return key is not None and known.get(key) == str(status.st_ino)
        remembered = self._world.ledger.remembered(operator, side, place)
        return remembered is not None and (
            (remembered.identity, remembered.etag)
            == (str(status.st_ino), f"{status.st_ino}-{status.st_size}-{status.st_mtime_ns}")
            and remembered.sha1 is not None
        )


def root_of(config: Config, side: Side) -> Path:
    return config.cloud.root if side is Side.CLOUD else config.intranet.root


def place_of(config: Config, within: str) -> Place:
    """The place of a path relative to an operator's folder."""
    first, _, rest = within.partition("/")
    for stage, name in config.stages.items():
        if first == name:
            return Place(Stage(stage), rest)
    return Place(None, within)
