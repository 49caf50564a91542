"""The simulator: its state, its settings, and what tests do with it in Python."""

from __future__ import annotations

import os
import pickle
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.boxsim import access, handling, keys
from tests.boxsim.contents import Bytes, Contents
from tests.boxsim.events import Disorder, Events
from tests.boxsim.faults import Faults
from tests.boxsim.hands import Hands
from tests.boxsim.model import ROOT, State
from tests.boxsim.people import People
from tests.boxsim.tree import Tree
from tests.boxsim.wire import Json, Refused, Request, Response

_STATE_FILE: Final = "state.pickle"


@dataclass(frozen=True, slots=True)
class Account:
    """The service user: what an application is configured with, and a token that never expires."""

    token: str
    client_id: str
    client_secret: str
    enterprise_id: str
    user_id: str


class Rates:
    """How many calls and uploads each user may make in 60 seconds; None: as many as they like."""

    def __init__(self) -> None:
        self.calls: int | None = None
        self.uploads: int | None = None
        self._made: dict[tuple[str, bool], deque[float]] = {}

    def wait(self, user_id: str, is_upload: bool, now: float) -> int | None:
        """Counts a call. When it is one too many: for how many seconds there will be none."""
        for limit, kind in ((self.calls, False), (self.uploads, True)):
            if limit is None or (kind and not is_upload):
                continue
            made = self._made.setdefault((user_id, kind), deque())
            while made and made[0] <= now - 60:
                made.popleft()
            if len(made) >= limit:
                return max(1, int(made[0] + 60 - now) + 1) if made else 60
            made.append(now)
        return None


class Simulator:
    """A Box. `seed` determines all ids and secrets; `data` is a folder that it is kept in and reloaded from."""

    def __init__(self, seed: int = 0, data: Path | None = None) -> None:
        self.now: Callable[[], float] = time.time
        """Seconds since the epoch; tests may set it."""
        self.changed = threading.Condition(threading.RLock())
        """Guards the state; its waiters are woken by events."""
        self.calls: Counter[str] = Counter()
        """Calls by endpoint since the start, or since it was cleared."""
        self.faults = Faults()
        self.rates = Rates()
        self.token_seconds = 3600.0
        self.long_poll_seconds = 600.0
        """How long the realtime server holds a poll before it says `reconnect`, real seconds."""
        self.slow_folder_moves = 0.0
        """A folder's move is answered with 503 and happens so many seconds later."""
        self.unsaved = False
        self._data = data
        self.state = self._loaded() or State(random.Random(seed))
        self.events = Events(self.state, self._clock, self.changed)
        self.tree = Tree(self.state, self.events, self._clock)
        self.people = People(self.state, self.events, self._clock)
        kept = Bytes(None if data is None else data / "contents")
        self.contents = Contents(self.state, self.tree, self.events, kept, self._clock)
        if not self.state.users:
            self._establish()
        self.account = Account(*self.state.account)

    def _clock(self) -> float:
        return self.now()

    def _establish(self) -> None:
        state = self.state
        state.secret = state.new_secret()
        user = self.people.add_user("syncd service account", "admin")
        token = self.people.issue(user.id, None)
        enterprise_id = str(state.random.randrange(10**8, 10**9))
        state.account = (token, state.new_secret(), state.new_secret(), enterprise_id, user.id)

    # --- what is set

    @property
    def strips(self) -> str:
        """Characters that are removed from names without a word."""
        return self.tree.strips

    @strips.setter
    def strips(self, characters: str) -> None:
        self.tree.strips = characters

    @property
    def refuse_purge(self) -> bool:
        """Whether nobody may delete anything for good."""
        return self.tree.refuse_purge

    @refuse_purge.setter
    def refuse_purge(self, refuses: bool) -> None:
        self.tree.refuse_purge = refuses

    def quota(self, user_id: str, size: int | None) -> None:
        """How many bytes a user may own; None: as many as they like."""
        with self.changed:
            self.state.users[user_id].quota = size

    def limit(self, calls_per_minute: int | None = None, uploads_per_minute: int | None = None) -> None:
        """What each user may do in a minute before Box answers 429."""
        with self.changed:
            self.rates.calls, self.rates.uploads = calls_per_minute, uploads_per_minute

    def events_faults(
        self,
        duplicate: float = 0.0,
        reorder: float = 0.0,
        short: float = 0.0,
        lose: float = 0.0,
        seed: int = 0,
        late: float = 0.0,
        snapshots: bool = False,
    ) -> None:
        """With which probability events come twice, out of order, late or never, and pages are short.

        `snapshots`: from now on events say how their item was when it happened.
        """
        with self.changed:
            self.events.misbehave(Disorder(duplicate, reorder, short, lose, late, snapshots, seed))

    def expire_positions(self) -> None:
        """All stream positions that were given out are too old from now on."""
        with self.changed:
            self.events.expire()

    # --- people

    def add_user(self, name: str, role: str = "user", login: str | None = None) -> str:
        """Another user's id."""
        with self.changed:
            return self.people.add_user(name, role, login).id

    def token_for(self, user_id: str) -> str:
        """A token of a user, which never expires."""
        with self.changed:
            return self.people.issue(user_id, None)

    def collaborate(self, folder_id: str, user_id: str, role: str) -> str:
        """The owner of a folder shares it; the collaboration's id. Raises Refused."""
        with self.changed:
            folder = self.state.items.get(folder_id)
            if folder is None or folder_id == ROOT:
                raise Refused(404, "not_found", f"there is no folder {folder_id} that could be shared")
            return self.people.collaborate(folder.owner_id, folder, user_id, role).id

    def invite(self, folder_id: str, user_id: str, role: str) -> str:
        """The owner of a folder invites a user, who has to accept it first; the invitation's id. Raises Refused."""
        with self.changed:
            folder = self.state.items[folder_id]
            return self.people.invite(folder.owner_id, folder, user_id, role).id

    def revoke(self, collaboration_id: str) -> None:
        """The owner ends a collaboration."""
        with self.changed:
            collaboration = self.state.collaborations[collaboration_id]
            self.people.revoke(self.state.items[collaboration.item_id].owner_id, collaboration)

    def expire_tokens(self) -> None:
        """All tokens that were asked for expire; the account's own stays."""
        with self.changed:
            for token in self.state.tokens.values():
                if token.expires_at is not None:
                    token.expires_at = 0.0

    def hands(self, folder_id: str = ROOT, user_id: str | None = None) -> Hands:
        """A person who works below a folder; the account's user when nobody is named. Raises Refused."""
        actor_id = self.account.user_id if user_id is None else user_id
        with self.changed:
            access.found(self.state, actor_id, folder_id, "folder")
        return Hands(self, folder_id, actor_id)

    def jwt_config(self, encrypted: bool = True) -> Json:
        """The configuration of an application that proves itself by a key pair, made now."""
        return keys.configuration(self, encrypted)

    # --- the machinery

    def handle(self, request: Request) -> Response:
        """The answer to a request."""
        return handling.handle(self, request)

    def settle(self) -> None:
        """What was answered with 503 and is due happens now. Called with the lock held."""
        for move in [move for move in self.state.pending if move.due <= self.now()]:
            self.state.pending.remove(move)
            folder, target = self.state.items[move.folder_id], self.state.items[move.parent_id]
            try:
                if not (folder.purged or target.purged or access.in_trash(self.state, target)):
                    self.tree.update(move.actor_id, folder, move.name, target)
            except Refused:
                continue  # as Box would find out only then

    def save(self) -> None:
        """Writes the state into the folder `data`, if there is one."""
        if self._data is None:
            return
        with self.changed:
            state = pickle.dumps(self.state)
            self.unsaved = False
        part = self._data / f"{_STATE_FILE}.part"
        part.write_bytes(state)
        os.replace(part, self._data / _STATE_FILE)

    def _loaded(self) -> State | None:
        if self._data is None or not (self._data / _STATE_FILE).exists():
            return None
        loaded = pickle.loads((self._data / _STATE_FILE).read_bytes())  # our own file
        if not isinstance(loaded, State):
            raise TypeError(f"{self._data / _STATE_FILE} holds no simulator's state")
        return loaded
