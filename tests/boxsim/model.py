"""What Box remembers: users, items, versions, collaborations, events, upload sessions. Plain data, to be pickled.

Each user's "All Files" is an item of its own (`root-<user id>`); over the wire every one of them is called "0".
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["file", "folder"]
ROOT: Final = "0"
FIRST_POSITION: Final = 1_152_922_976_252_290_000
"""Stream positions are large numbers; the n-th event of the enterprise has this one plus n."""


@dataclass(slots=True)
class User:
    id: str
    name: str
    login: str
    role: str
    created_at: float
    quota: int | None = None

    @property
    def root(self) -> str:
        """The id of their "All Files"."""
        return f"root-{self.id}"


@dataclass(slots=True)
class Token:
    user_id: str
    expires_at: float | None


@dataclass(slots=True)
class Version:
    id: str
    sha1: str
    size: int
    name: str
    number: int
    created_at: float
    modified_at: float
    modified_by: str
    trashed_at: float | None = None
    trashed_by: str | None = None


@dataclass(slots=True)
class Lock:
    id: str
    by: str
    created_at: float
    expires_at: float | None
    prevents_download: bool


@dataclass(slots=True, kw_only=True)
class Item:
    """A file or folder. `versions`: newest last. `children`: folded names of what is not in the trash, to ids."""

    id: str
    kind: Kind
    name: str
    parent_id: str | None
    owner_id: str
    created_at: float
    created_by: str
    modified_at: float
    modified_by: str
    content_created_at: float
    content_modified_at: float
    description: str = ""
    tags: list[str] = field(default_factory=list)
    sequence: int = 0
    trashed_at: float | None = None
    trashed_by: str | None = None
    purged: bool = False
    versions: list[Version] = field(default_factory=list)
    lock: Lock | None = None
    children: dict[str, str] = field(default_factory=dict)

    @property
    def current(self) -> Version:
        """The newest version of a file."""
        return self.versions[-1]

    @property
    def is_root(self) -> bool:
        return self.parent_id is None


@dataclass(slots=True)
class Collaboration:
    id: str
    item_id: str
    user_id: str
    role: str
    created_by: str
    created_at: float
    modified_at: float


@dataclass(slots=True)
class Event:
    id: str
    number: int
    kind: str
    item_id: str
    actor_id: str
    created_at: float
    was: Item | None = None  # the item when it happened, where events are told so


@dataclass(slots=True)
class Part:
    id: str
    offset: int
    size: int
    sha1: str


@dataclass(slots=True)
class UploadSession:
    """A file on its way in parts. `file_id`: whose new version it is, None for a new file."""

    id: str
    user_id: str
    folder_id: str
    file_id: str | None
    name: str
    size: int
    part_size: int
    expires_at: float
    parts: dict[int, Part] = field(default_factory=dict)

    @property
    def total_parts(self) -> int:
        return -(-self.size // self.part_size)


@dataclass(slots=True)
class Channel:
    """Where a user's news can be waited for."""

    user_id: str
    expires_at: float


@dataclass(slots=True)
class PendingMove:
    """A folder's move that Box answered with 503 and goes on with."""

    due: float
    actor_id: str
    folder_id: str
    parent_id: str
    name: str


@dataclass(slots=True)
class State:
    """All that has to survive a restart."""

    random: random.Random
    users: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    collaborations: dict[str, Collaboration] = field(default_factory=dict)
    shared: dict[str, list[str]] = field(default_factory=dict)
    """Ids of the collaborations on an item."""
    mounted: dict[str, list[str]] = field(default_factory=dict)
    """Ids of the collaborations of a user."""
    invitations: dict[str, Collaboration] = field(default_factory=dict)
    """Collaborations that wait to be accepted, by their id; they open nothing yet."""
    trash: dict[str, None] = field(default_factory=dict)
    """Ids of the items that were trashed themselves, in that order."""
    events: list[Event] = field(default_factory=list)
    streams: dict[str, list[int]] = field(default_factory=dict)
    """Numbers of the events that a user gets."""
    oldest_number: int = 0
    """Positions before this event have expired."""
    sessions: dict[str, UploadSession] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    pending: list[PendingMove] = field(default_factory=list)
    used_ids: set[str] = field(default_factory=set)
    public_keys: dict[str, str] = field(default_factory=dict)
    """PEM of the keys that a JWT may be signed with, by key id."""
    assertions: dict[str, None] = field(default_factory=dict)
    """The ids of JWTs that were used: each counts once."""
    secret: str = ""
    account: tuple[str, str, str, str, str] = ("", "", "", "", "")
    """Token, client id, client secret, enterprise id and user id of the service user."""

    def new_id(self) -> str:
        """An id that nothing else has: twelve digits."""
        while (made := str(self.random.randrange(10**11, 10**12))) in self.used_ids:
            pass
        self.used_ids.add(made)
        return made

    def new_secret(self, length: int = 32) -> str:
        """Letters and digits that nobody guesses by accident."""
        return "".join(self.random.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", k=length))
