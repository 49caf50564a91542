"""Users, their tokens, and who works together on what."""

from __future__ import annotations

from collections.abc import Callable

from tests.boxsim import access
from tests.boxsim.events import Events
from tests.boxsim.model import Collaboration, Item, State, Token, User
from tests.boxsim.wire import Refused, bad, not_found


class People:
    """The enterprise's users and collaborations."""

    def __init__(self, state: State, events: Events, clock: Callable[[], float]) -> None:
        self._state = state
        self._events = events
        self._clock = clock

    def add_user(self, name: str, role: str = "user", login: str | None = None) -> User:
        """A user with an empty "All Files"."""
        state, now = self._state, self._clock()
        user_id = state.new_id()
        user = User(user_id, name, login or f"user{user_id}@example.com", role, now)
        state.users[user_id] = user
        state.items[user.root] = Item(
            id=user.root,
            kind="folder",
            name="All Files",
            parent_id=None,
            owner_id=user_id,
            created_at=now,
            created_by=user_id,
            modified_at=now,
            modified_by=user_id,
            content_created_at=now,
            content_modified_at=now,
        )
        return user

    def issue(self, user_id: str, seconds: float | None) -> str:
        """A token for a user; None: it never expires."""
        token = self._state.new_secret()
        self._state.tokens[token] = Token(user_id, None if seconds is None else self._clock() + seconds)
        return token

    def who(self, token: str) -> str | None:
        """Whose token it is; None for nobody's and for an expired one."""
        held = self._state.tokens.get(token)
        if held is None or (held.expires_at is not None and held.expires_at <= self._clock()):
            return None
        return held.user_id

    def collaborate(self, actor_id: str, item: Item, user_id: str, role: str) -> Collaboration:
        """Lets a user work on an item, accepted at once. Raises Refused."""
        state = self._state
        self._check_invitation(actor_id, item, role)
        if user_id not in state.users:
            raise not_found(user_id)
        known = (state.collaborations[each] for each in state.shared.get(item.id, ()))
        if item.owner_id == user_id or any(each.user_id == user_id for each in known):
            raise bad("User is already a collaborator", "user_already_collaborator")
        now = self._clock()
        made = Collaboration(state.new_id(), item.id, user_id, role, actor_id, now, now)
        state.collaborations[made.id] = made
        state.shared.setdefault(item.id, []).append(made.id)
        state.mounted.setdefault(user_id, []).append(made.id)
        self._events.emit("COLLAB_ADD_COLLABORATOR", item, actor_id)
        return made

    def invite(self, actor_id: str, item: Item, user_id: str, role: str) -> Collaboration:
        """Invites a user, who has to accept it first. Raises Refused."""
        self._check_invitation(actor_id, item, role)
        now = self._clock()
        made = Collaboration(self._state.new_id(), item.id, user_id, role, actor_id, now, now)
        self._state.invitations[made.id] = made
        return made

    def invited(self, user_id: str) -> list[Collaboration]:
        """What a user may accept or refuse."""
        return [each for each in self._state.invitations.values() if each.user_id == user_id]

    def accept(self, user_id: str, collaboration_id: str) -> Collaboration:
        """The user accepts an invitation. Raises Refused."""
        found = self._state.invitations.get(collaboration_id)
        if found is None or found.user_id != user_id:
            raise not_found(collaboration_id)
        del self._state.invitations[collaboration_id]
        return self.collaborate(found.created_by, self._state.items[found.item_id], user_id, found.role)

    def _check_invitation(self, actor_id: str, item: Item, role: str) -> None:
        if role not in access.RIGHTS or role == "owner":
            raise bad(f"Invalid value {role!r} for 'role'")
        if item.is_root:
            raise bad("Root folder cannot be collaborated", "collaborations_not_available_on_root_folder")
        access.require(self._state, item, actor_id, "manage" if role == "co-owner" else "invite")

    def change_role(self, actor_id: str, collaboration: Collaboration, role: str) -> bool:
        """Gives a collaborator another role. False when they became the owner, which ends it. Raises Refused."""
        state = self._state
        item = state.items[collaboration.item_id]
        if role != "owner":
            self._check_invitation(actor_id, item, role)
            access.require(state, item, actor_id, "manage")
            collaboration.role = role
            collaboration.modified_at = self._clock()
            self._events.emit("COLLAB_ROLE_CHANGE", item, actor_id)
            return True
        access.require(state, item, actor_id, "own")
        before = access.viewers(state, item)
        self._remove(collaboration)
        self._hand_over(item, collaboration.user_id)
        self._events.emit("COLLAB_ROLE_CHANGE", item, actor_id, before)
        return False

    def _hand_over(self, item: Item, user_id: str) -> None:
        """Another user becomes the owner of a folder: it moves from one "All Files" to the other."""
        state = self._state
        target = state.items[state.users[user_id].root]
        (name,) = [name for name, child in state.items[item.parent_id or ""].children.items() if child == item.id]
        if name in target.children:
            raise Refused(409, "item_name_in_use", "The new owner has an item of that name")
        del state.items[item.parent_id or ""].children[name]
        target.children[name] = item.id
        item.parent_id = target.id
        waiting = [item]
        while waiting:
            here = waiting.pop()
            here.owner_id = user_id
            waiting += (state.items[child] for child in here.children.values())

    def revoke(self, actor_id: str, collaboration: Collaboration) -> None:
        """Ends a collaboration: one's own, or as somebody who may invite. Raises Refused."""
        item = self._state.items[collaboration.item_id]
        if collaboration.user_id != actor_id:
            access.require(self._state, item, actor_id, "invite")
        before = access.viewers(self._state, item)
        self._remove(collaboration)
        self._events.emit("COLLAB_REMOVE_COLLABORATOR", item, actor_id, before)

    def _remove(self, collaboration: Collaboration) -> None:
        state = self._state
        del state.collaborations[collaboration.id]
        state.shared[collaboration.item_id].remove(collaboration.id)
        state.mounted[collaboration.user_id].remove(collaboration.id)

    def collaboration(self, actor_id: str, collaboration_id: str) -> Collaboration:
        """A collaboration that a user may know of. Raises Refused."""
        found = self._state.collaborations.get(collaboration_id)
        if found is None or not access.roles(self._state, self._state.items[found.item_id], actor_id):
            raise not_found(collaboration_id)
        return found
