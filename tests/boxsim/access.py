"""Who may do what: roles, and the rights they give on an item and all that is below it.

Roles and rights are those of Box's table of collaborator permissions. Nobody's business is a 404, not a 403.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.boxsim.model import ROOT, Item, Kind, State
from tests.boxsim.wire import forbidden, not_found

_SEE: Final = frozenset({"see"})
_PREVIEW: Final = _SEE | {"preview"}
_VIEW: Final = _PREVIEW | {"download"}
_EDIT: Final = _VIEW | {"upload", "version", "rename", "delete", "lock", "invite"}

RIGHTS: Final[dict[str, frozenset[str]]] = {
    "previewer": _PREVIEW,
    "uploader": _SEE | {"upload"},
    "viewer": _VIEW,
    "previewer uploader": _PREVIEW | {"upload"},
    "viewer uploader": _VIEW | {"upload", "version"},
    "editor": _EDIT,
    "co-owner": _EDIT | {"manage", "rearrange"},
    "owner": _EDIT | {"manage", "rearrange", "own"},
}
"""By role, weakest first. `version`: new content of a file. `rearrange`: to move or delete what is shared itself."""
_RANK: Final = {role: rank for rank, role in enumerate(RIGHTS)}


def above(state: State, item: Item) -> Iterator[Item]:
    """The item itself and the folders that it is in, inside out, as far as they are still known."""
    here: Item | None = item
    while here is not None:
        yield here
        here = state.items.get(here.parent_id) if here.parent_id else None


def roles(state: State, item: Item, user_id: str) -> set[str]:
    """All roles that a user has on an item."""
    found = {"owner"} if item.owner_id == user_id else set()
    for folder in above(state, item):
        for collaboration_id in state.shared.get(folder.id, ()):
            collaboration = state.collaborations[collaboration_id]
            if collaboration.user_id == user_id:
                found.add(collaboration.role)
    return found


def role(state: State, item: Item, user_id: str) -> str | None:
    """The strongest role of a user; None for no access."""
    return max(roles(state, item, user_id), key=_RANK.__getitem__, default=None)


def rights(state: State, item: Item, user_id: str) -> frozenset[str]:
    """All that a user may do with an item."""
    return frozenset().union(*(RIGHTS[each] for each in roles(state, item, user_id)))


def viewers(state: State, item: Item) -> set[str]:
    """The users who can see an item."""
    found = {item.owner_id}
    for folder in above(state, item):
        found |= {state.collaborations[each].user_id for each in state.shared.get(folder.id, ())}
    return found


def require(state: State, item: Item, user_id: str, *needed: str) -> None:
    """Raises Refused unless the user has all these rights."""
    held = rights(state, item, user_id)
    if not held:
        raise not_found(item.id)
    if not held.issuperset(needed):
        raise forbidden()


def is_mount(state: State, item: Item, user_id: str) -> bool:
    """Whether a user has an item because it is shared with them itself, not a folder above it."""
    parent = state.items.get(item.parent_id) if item.parent_id else None
    return item.owner_id != user_id and (parent is None or not roles(state, parent, user_id))


def in_trash(state: State, item: Item) -> bool:
    """Whether the item or a folder that it is in was trashed."""
    return any(each.trashed_at is not None for each in above(state, item))


def known(state: State, user_id: str, item_id: str, kind: Kind) -> Item:
    """The item, trashed or not, if this user may know of it. Raises Refused."""
    item = state.items.get(state.users[user_id].root if item_id == ROOT and kind == "folder" else item_id)
    if item is None or item.kind != kind or item.purged or not roles(state, item, user_id):
        raise not_found(item_id)
    return item


def found(state: State, user_id: str, item_id: str, kind: Kind, *needed: str) -> Item:
    """The item, if it is not in the trash and the user has these rights. Raises Refused."""
    item = known(state, user_id, item_id, kind)
    if in_trash(state, item):
        raise not_found(item_id, "trashed")
    require(state, item, user_id, *needed)
    return item
