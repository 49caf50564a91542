"""An operator's folders, made and kept in their places on each side, before anything in them is looked at.

Folders are known by their identity: renamed, moved or deleted ones are put back, and one that may be another operator's
is nobody's until a person has looked.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from syncd.contract import Folders
from syncd.errors import FolderConflict
from syncd.execution import record
from syncd.model import By, Move, Operator, Record, Side, Stage, Telling
from syncd.tree.folders import same_folder
from syncd.world import World

LOG = logging.getLogger("syncd")


@dataclass(frozen=True, slots=True)
class FoundFolders:
    """An operator's folders on one side, there and in their places.

    Attributes:
        replaced: stages whose folder is another than the known one, which was deleted.
    """

    identities: Mapping[str, str]
    replaced: frozenset[Stage]


def ensure_folders(world: World, operator: Operator, side: Side) -> FoundFolders:
    """The folders on one side, as they are now. Raises FolderConflict, Unreachable."""
    layout = world.layout(operator.id, side)
    known = world.ledger.folders(operator.id, side)
    found = world.tree(side).ensure(layout, known)
    if not known:
        _refuse_others(world, operator, side, found)
    # Not `found.deleted`: that is said only once, and syncd may be killed before the files are back.
    replaced = frozenset(stage for stage in Stage if _differ(known.get(stage), found.identities.get(stage)))
    if not replaced:
        world.ledger.set_folders(operator.id, side, found.identities)
    given = world.gave_other_names(operator.id, side)
    for folder in found.put_back:
        LOG.info("%s: %s", operator.id, folder)
        _record_folder(world, operator, folder, given)
    world.keep_folder_names(operator.id, side)
    return FoundFolders(found.identities, replaced)


def _differ(known: str | None, now: str | None) -> bool:
    return known is not None and now is not None and not same_folder(known, now)


def _refuse_others(world: World, operator: Operator, side: Side, found: Folders) -> None:
    """A new operator's folder must not be the one that another's files lie in; its config is about to change names."""
    own = found.identities.get("", "")
    for other in world.config.operators:
        theirs = world.ledger.folders(other.id, side).get("") if other.id != operator.id else None
        if theirs is not None and same_folder(theirs, own):
            raise FolderConflict(
                f"{side} {operator.folder(side)}: is the folder of {other.id}",
                "give the new operator a folder of its own, or wait until that one's has its new name",
            )


def _record_folder(world: World, operator: Operator, folder: str, given: bool) -> None:
    """A folder lies where it belongs again, or (`given`) under the name that the config gives it now."""
    reason, outcome = ("the config gives it another name", "renamed") if given else ("folder put back", "restored")
    note = Record(operator.id, None, None, folder, None, None, By.SYNCD, "syncd", "", reason, outcome, None)
    telling = Telling("staff", "folder_put_back", operator.id, 0, None, None, "", None, None, values={"detail": folder})
    record(world, None, Move("folder", operator.id, records=(note,), tellings=() if given else (telling,)), {})
