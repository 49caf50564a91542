"""What an endpoint is given: the request, who asks, and the items that it names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from tests.boxsim import access
from tests.boxsim.model import Item, Kind, State
from tests.boxsim.shapes import Shapes
from tests.boxsim.wire import Json, Refused, Request, Response, answer, bad, parsed_json

if TYPE_CHECKING:
    from tests.boxsim.simulator import Simulator

API_HOST: Final = "api.box.com"
UPLOAD_HOST: Final = "upload.box.com"
APP_HOST: Final = "app.box.com"
DOWNLOAD_HOST: Final = "dl.boxcloud.com"
BOX_HOSTS: Final = frozenset({API_HOST, UPLOAD_HOST, APP_HOST, DOWNLOAD_HOST})


@dataclass
class Context:
    """One call. `ids` are the ids in the path; `user_id` is "" where no token is asked for."""

    sim: Simulator
    request: Request
    body: bytes
    user_id: str
    ids: tuple[str, ...]

    @property
    def state(self) -> State:
        return self.sim.state

    @cached_property
    def shapes(self) -> Shapes:
        """How this user sees things."""
        return Shapes(self.state, self.user_id)

    @cached_property
    def fields(self) -> list[str] | None:
        """What `fields=` asks for; None when it doesn't stand there."""
        listed = self.request.query.get("fields")
        return None if not listed else [name.strip() for name in listed.split(",") if name.strip()]

    @cached_property
    def json(self) -> Json:
        """The body. Raises Refused."""
        return parsed_json(self.body)

    def item(self, kind: Kind, *rights: str) -> Item:
        """The item of the path, not in the trash. Raises Refused."""
        return access.found(self.state, self.user_id, self.ids[0], kind, *rights)

    def trashed(self, kind: Kind) -> Item:
        """The item of the path, in the trash. Raises Refused."""
        self.sim.tree.empty_expired()
        item = access.known(self.state, self.user_id, self.ids[0], kind)
        if item.id not in self.state.trash:
            raise Refused(404, "not_trashed", "Item is not trashed")
        return item

    def folder(self, reference: object, *rights: str) -> Item:
        """The folder that `{"id": …}` in a body names. Raises Refused."""
        folder_id = reference.get("id") if isinstance(reference, dict) else None
        if not isinstance(folder_id, str):
            raise bad("'parent' is required: an object with an id")
        return access.found(self.state, self.user_id, folder_id, "folder", *rights)

    def check_match(self, item: Item) -> None:
        """Raises Refused when the item changed since the client saw it."""
        wanted = self.request.headers.get("if-match")
        if wanted is not None and wanted != str(item.sequence):
            raise Refused(412, "precondition_failed", "The resource has been modified. Please retrieve it again")

    def check_none_match(self, item: Item) -> None:
        """Raises Refused (304) when the client has the item as it is."""
        if self.request.headers.get("if-none-match") == str(item.sequence):
            raise Refused(304, "not_modified")

    def shown(self, item: Item, status: int = 200) -> Response:
        """The item with the fields that were asked for."""
        return answer(self.shapes.item(item, self.fields), status)

    def number(self, name: str, default: int, largest: int) -> int:
        """A whole number from the query. Raises Refused."""
        text = self.request.query.get(name)
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) > largest:
            raise bad(f"{name.capitalize()} is not a valid number", f"invalid_{name}")
        return int(text)

    def flag(self, name: str) -> bool:
        """A truth value from the query."""
        return self.request.query.get(name, "").lower() in {"true", "1"}

    @property
    def _is_box(self) -> bool:
        return self.request.host.partition(":")[0] in BOX_HOSTS

    def upload_base(self) -> str:
        """Where files are uploaded to."""
        return f"https://{UPLOAD_HOST}/api/2.0" if self._is_box else f"{self._here()}/api/2.0"

    def download_base(self) -> str:
        """Where the content host is."""
        return f"https://{DOWNLOAD_HOST}" if self._is_box else self._here()

    def realtime_base(self) -> str:
        """Where news can be waited for."""
        return f"https://{API_HOST}" if self._is_box else self._here()

    def _here(self) -> str:
        return f"{self.request.scheme}://{self.request.host}"
