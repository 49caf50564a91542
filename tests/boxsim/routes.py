"""Which endpoint answers what. The names of routes, `METHOD /path/:id`, are also those of the counted calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from tests.boxsim.api import collaborations, downloads, events, files, folders, oauth, sessions, uploads, users
from tests.boxsim.api.context import Context
from tests.boxsim.wire import Response

Host = Literal["api", "upload", "either"]


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint. `name` is what it is counted as."""

    name: str
    endpoint: Callable[[Context], Response]
    host: Host = "api"
    needs_token: bool = True
    counts_as_upload: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        method, _, path = self.name.partition(" ")
        return (method, *path.strip("/").split("/"))


_ROUTES: Final = (
    Route("GET /users/me", users.me),
    Route("GET /users/:id", users.get),
    Route("POST /folders", folders.create),
    Route("GET /folders/trash/items", folders.trash_items),
    Route("GET /folders/:id", folders.get),
    Route("PUT /folders/:id", folders.update),
    Route("POST /folders/:id", folders.restore),
    Route("DELETE /folders/:id", folders.delete),
    Route("GET /folders/:id/items", folders.items),
    Route("POST /folders/:id/copy", folders.copy),
    Route("GET /folders/:id/trash", folders.get_trashed),
    Route("DELETE /folders/:id/trash", folders.purge),
    Route("GET /folders/:id/collaborations", files.folder_collaborations),
    Route("OPTIONS /files/content", uploads.check, "either"),
    Route("POST /files/content", uploads.upload, "upload", counts_as_upload=True),
    Route("POST /files/upload_sessions", sessions.create, "upload", counts_as_upload=True),
    Route("GET /files/upload_sessions/:id", sessions.get, "upload"),
    Route("PUT /files/upload_sessions/:id", sessions.put_part, "upload"),
    Route("DELETE /files/upload_sessions/:id", sessions.abort, "upload"),
    Route("GET /files/upload_sessions/:id/parts", sessions.parts, "upload"),
    Route("POST /files/upload_sessions/:id/plan", sessions.plan, "upload"),
    Route("POST /files/upload_sessions/:id/commit", sessions.commit, "upload"),
    Route("GET /files/:id", files.get),
    Route("PUT /files/:id", files.update),
    Route("POST /files/:id", files.restore),
    Route("DELETE /files/:id", files.delete),
    Route("GET /files/:id/content", files.content),
    Route("OPTIONS /files/:id/content", uploads.check_version, "either"),
    Route("POST /files/:id/content", uploads.upload_version, "upload", counts_as_upload=True),
    Route("POST /files/:id/upload_sessions", sessions.create_version, "upload", counts_as_upload=True),
    Route("POST /files/:id/copy", files.copy),
    Route("GET /files/:id/trash", files.get_trashed),
    Route("DELETE /files/:id/trash", files.purge),
    Route("GET /files/:id/collaborations", files.collaborations),
    Route("GET /files/:id/versions", files.versions),
    Route("POST /files/:id/versions/current", files.promote),
    Route("GET /files/:id/versions/:id", files.version),
    Route("DELETE /files/:id/versions/:id", files.delete_version),
    Route("POST /collaborations", collaborations.create),
    Route("GET /collaborations", collaborations.pending),
    Route("GET /collaborations/:id", collaborations.get),
    Route("PUT /collaborations/:id", collaborations.update),
    Route("DELETE /collaborations/:id", collaborations.delete),
    Route("GET /events", events.get),
    Route("OPTIONS /events", events.options),
    Route("POST /oauth2/token", oauth.token, "either", needs_token=False),
    Route("POST /oauth2/revoke", oauth.revoke, "either", needs_token=False),
)
_BY_KEY: Final = {route.key: route for route in _ROUTES}
DOWNLOAD: Final = Route("DOWNLOAD", downloads.get, "either", needs_token=False)


def all_routes() -> tuple[Route, ...]:
    """Every endpoint of the API."""
    return _ROUTES


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a request and the ids in its path. Paths start behind `/2.0`, `/api/2.0`, `/api`."""
    words = tuple(path.strip("/").split("/"))
    if method == "GET" and len(words) == 3 and words[0] == "dl":
        return DOWNLOAD, words[1:]
    exact = _BY_KEY.get((method, *words))
    if exact is not None and ":id" not in words:
        return exact, ()
    pattern, ids = _pattern(words)
    route = _BY_KEY.get((method, *pattern))
    return None if route is None else (route, ids)


def _pattern(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where ids stand in a path: behind the name of a family, but `upload_sessions` and `current` are none."""
    found: list[str] = []
    ids: list[str] = []
    for index, word in enumerate(words):
        is_id = index > 0 and found[index - 1] in _FAMILIES and word not in _WORDS and word != ""
        found.append(":id" if is_id else word)
        if is_id:
            ids.append(word)
    return tuple(found), tuple(ids)


_FAMILIES: Final = frozenset({"users", "folders", "files", "upload_sessions", "versions", "collaborations"})
_WORDS: Final = frozenset({"upload_sessions", "current", "content", "me"})


def name_of(method: str, path: str) -> str:
    """What a request is counted as when no route answers it."""
    pattern, _ = _pattern(tuple(path.strip("/").split("/")))
    return f"{method} /{'/'.join(pattern)}"
