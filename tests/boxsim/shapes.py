"""How Box shows things: mini, standard and full objects of items, users, versions, events, collaborations.

What is shown depends on who looks: a folder that is shared with somebody lies in their own "All Files".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from tests.boxsim import access
from tests.boxsim.model import ROOT, Collaboration, Event, Item, State, User, Version
from tests.boxsim.wire import Json, stamp

_STANDARD = (
    "description",
    "size",
    "path_collection",
    "created_at",
    "modified_at",
    "trashed_at",
    "purged_at",
    "content_created_at",
    "content_modified_at",
    "created_by",
    "modified_by",
    "owned_by",
    "shared_link",
    "parent",
    "item_status",
)
"""What is shown of an item without `fields=`, besides the mini object and a folder's `folder_upload_email`."""
_PERMISSIONS = {
    "can_delete": "delete",
    "can_download": "download",
    "can_invite_collaborator": "invite",
    "can_rename": "rename",
    "can_set_share_access": "manage",
    "can_share": "invite",
    "can_preview": "preview",
    "can_upload": "upload",
}
_TRASH: Json = {"type": "folder", "id": "1", "sequence_id": None, "etag": None, "name": "Trash"}
_INVITABLE = ["editor", "viewer", "previewer", "uploader", "previewer uploader", "viewer uploader", "co-owner"]
TRASH_DAYS = 30


def mini(item: Item) -> Json:
    """The mini object of an item."""
    if item.is_root:
        return {"type": "folder", "id": ROOT, "sequence_id": None, "etag": None, "name": item.name}
    shown: Json = {
        "type": item.kind,
        "id": item.id,
        "sequence_id": str(item.sequence),
        "etag": str(item.sequence),
        "name": item.name,
    }
    if item.kind == "file":
        shown["sha1"] = item.current.sha1
        shown["file_version"] = mini_version(item.current)
    return shown


def mini_version(version: Version) -> Json:
    return {"type": "file_version", "id": version.id, "sha1": version.sha1}


def conflict(item: Item) -> Json:
    """What is in the way, as a 409 names it."""
    return mini(item)


def mini_user(user: User) -> Json:
    return {"type": "user", "id": user.id, "name": user.name, "login": user.login}


_NOT_YET: Final = {"status": "pending"}


class Shapes:
    """Everything as one user sees it, for one answer: sizes of folders are added up once."""

    def __init__(self, state: State, user_id: str) -> None:
        self._state = state
        self._user_id = user_id
        self._sizes: dict[str, int] = {}
        self._fields: dict[str, Callable[[Item], object]] = {
            "description": lambda item: item.description,
            "size": self._size,
            "path_collection": self._path_collection,
            "created_at": lambda item: None if item.is_root else stamp(item.created_at),
            "modified_at": lambda item: None if item.is_root else stamp(item.modified_at),
            "trashed_at": lambda item: stamp(item.trashed_at) if item.trashed_at is not None else None,
            "purged_at": self._purged_at,
            "content_created_at": lambda item: None if item.is_root else stamp(item.content_created_at),
            "content_modified_at": lambda item: None if item.is_root else stamp(item.content_modified_at),
            "created_by": lambda item: self.user(item.created_by),
            "modified_by": lambda item: self.user(item.modified_by),
            "owned_by": lambda item: self.user(item.owner_id),
            "shared_link": lambda item: None,
            "parent": self._parent,
            "item_status": self._status,
            "permissions": self._permissions,
            "tags": lambda item: list(item.tags),
            "has_collaborations": lambda item: any(each.id in state.shared for each in access.above(state, item)),
            "is_externally_owned": lambda item: False,
            "allowed_invitee_roles": lambda item: list(_INVITABLE),
            "is_accessible_via_shared_link": lambda item: False,
            "classification": lambda item: None,
        }
        self._file_fields: dict[str, Callable[[Item], object]] = {
            **self._fields,
            "version_number": lambda item: str(item.current.number),
            "comment_count": lambda item: 0,
            "extension": lambda item: item.name.rpartition(".")[2] if "." in item.name else "",
            "is_package": lambda item: False,
            "lock": self._lock,
            "uploader_display_name": lambda item: state.users[item.current.modified_by].name,
            "expires_at": lambda item: None,
        }
        self._folder_fields: dict[str, Callable[[Item], object]] = {
            **self._fields,
            "folder_upload_email": lambda item: None,
            "sync_state": lambda item: "not_synced",
            "can_non_owners_invite": lambda item: True,
            "can_non_owners_view_collaborators": lambda item: True,
            "is_collaboration_restricted_to_enterprise": lambda item: False,
        }

    def item(self, item: Item, fields: Sequence[str] | None = None) -> Json:
        """The standard object, or the mini one with the fields that were asked for; unknown ones are left out."""
        known = self._file_fields if item.kind == "file" else self._folder_fields
        if fields is None:
            fields = _STANDARD if item.kind == "file" else (*_STANDARD, "folder_upload_email")
        shown = mini(item)
        shown.update((name, known[name](item)) for name in fields if name in known)
        return shown

    def user(self, user_id: str) -> Json:
        return mini_user(self._state.users[user_id])

    def version(self, version: Version) -> Json:
        """A file's version."""
        shown: Json = {
            **mini_version(version),
            "name": version.name,
            "size": version.size,
            "created_at": stamp(version.created_at),
            "modified_at": stamp(version.modified_at),
            "modified_by": self.user(version.modified_by),
            "trashed_at": None if version.trashed_at is None else stamp(version.trashed_at),
            "purged_at": None,
            "uploader_display_name": self._state.users[version.modified_by].name,
            "version_number": str(version.number),
        }
        if version.trashed_by is not None:
            shown["trashed_by"] = self.user(version.trashed_by)
        return shown

    def event(self, event: Event) -> Json:
        """An event, with its item as it is now (or was then, where events are told so)."""
        return {
            "type": "event",
            "event_id": event.id,
            "created_by": self.user(event.actor_id),
            "created_at": stamp(event.created_at),
            "recorded_at": stamp(event.created_at),
            "event_type": event.kind,
            "session_id": f"session{event.actor_id}",
            "source": self.item(event.was or self._state.items[event.item_id]),
        }

    def collaboration(self, collaboration: Collaboration, fields: Sequence[str] | None = None) -> Json:
        """Who works with what, as which."""
        item = self._state.items[collaboration.item_id]
        shown: Json = {
            "type": "collaboration",
            "id": collaboration.id,
            "created_by": self.user(collaboration.created_by),
            "created_at": stamp(collaboration.created_at),
            "modified_at": stamp(collaboration.modified_at),
            "expires_at": None,
            "status": "accepted",
            "accessible_by": {**self.user(collaboration.user_id), "is_active": True},
            "invite_email": None,
            "role": collaboration.role,
            "acknowledged_at": stamp(collaboration.created_at),
            "item": mini(item),
            "is_access_only": False,
        }
        if fields is None:
            return shown
        return {name: value for name, value in shown.items() if name in {"type", "id", *fields}}

    def invitation(self, collaboration: Collaboration, fields: Sequence[str] | None = None) -> Json:
        """One that isn't accepted yet: what it opens is not told."""
        shown = self.collaboration(collaboration, fields)
        for untold in ("item", "acknowledged_at"):
            shown.pop(untold, None)
        return {**shown, **{name: value for name, value in _NOT_YET.items() if name in shown}}

    def _visible_above(self, item: Item) -> Iterator[Item]:
        """The folders that an item is in, inside out, as far as the user sees them, then their "All Files"."""
        root = self._state.items[self._state.users[self._user_id].root]
        folders = access.above(self._state, item)
        next(folders)
        for folder in folders:
            if folder.is_root or not access.roles(self._state, folder, self._user_id):
                break
            yield folder
        yield root

    def _parent(self, item: Item) -> Json | None:
        if item.is_root:
            return None
        return mini(next(self._visible_above(item)))

    def _path_collection(self, item: Item) -> Json:
        if item.is_root:
            return {"total_count": 0, "entries": []}
        if not access.in_trash(self._state, item):
            entries = [mini(folder) for folder in self._visible_above(item)][::-1]
        else:
            entries = []
            for folder in access.above(self._state, item):
                if folder is not item:
                    entries.insert(0, mini(folder))
                if folder.trashed_at is not None:
                    break
            entries.insert(0, dict(_TRASH))
        return {"total_count": len(entries), "entries": entries}

    def _size(self, item: Item) -> int:
        if item.kind == "file":
            return item.current.size
        if item.id not in self._sizes:
            self._sizes[item.id] = sum(self._size(self._state.items[child]) for child in item.children.values())
        return self._sizes[item.id]

    def _purged_at(self, item: Item) -> str | None:
        return None if item.trashed_at is None else stamp(item.trashed_at + TRASH_DAYS * 86_400)

    def _status(self, item: Item) -> str:
        if item.purged:
            return "deleted"
        return "trashed" if access.in_trash(self._state, item) else "active"

    def _permissions(self, item: Item) -> Json:
        held = access.rights(self._state, item, self._user_id)
        shown: Json = {name: right in held for name, right in _PERMISSIONS.items()}
        if item.kind == "file":
            shown["can_upload"] = "version" in held
            shown |= {"can_annotate": False, "can_comment": "preview" in held}
            shown |= {"can_view_annotations_all": False, "can_view_annotations_self": False}
        else:
            del shown["can_preview"]
        return shown

    def _lock(self, item: Item) -> Json | None:
        lock = item.lock
        if lock is None:
            return None
        shown: Json = {
            "type": "lock",
            "id": lock.id,
            "created_by": self.user(lock.by),
            "created_at": stamp(lock.created_at),
            "is_download_prevented": lock.prevents_download,
            "app_type": None,
        }
        if lock.expires_at is not None:
            shown["expired_at"] = stamp(lock.expires_at)
        return shown
