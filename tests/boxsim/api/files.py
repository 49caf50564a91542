"""Files: their metadata, versions, locks, trash, and the way to their content."""

from __future__ import annotations

from tests.boxsim import access
from tests.boxsim.api import downloads, folders
from tests.boxsim.api.context import Context
from tests.boxsim.shapes import Shapes
from tests.boxsim.wire import Refused, Response, answer, bad, parsed_time


def get(context: Context) -> Response:
    file = context.item("file")
    context.check_none_match(file)
    return context.shown(file)


def update(context: Context) -> Response:
    """Renames, moves, describes, locks and unlocks. `If-Match` doesn't stop a move: the latest file is moved."""
    file = context.item("file")
    tree, body = context.sim.tree, context.json
    moves = body.get("parent") is not None
    if not moves:
        context.check_match(file)
    name = file.name if body.get("name") is None else tree.name(body["name"])
    target = context.folder(body["parent"]) if moves else context.state.items[file.parent_id or ""]
    tree.check_update(context.user_id, file, name, target)
    if "lock" in body:
        _lock(context)
    tree.update(context.user_id, file, name, target)
    if "description" in body or "tags" in body:
        folders.describe(context, file)
    return context.shown(file)


def _lock(context: Context) -> None:
    file, lock = context.item("file"), context.json["lock"]
    if lock is None:
        context.sim.contents.unlock(context.user_id, file)
        return
    if not isinstance(lock, dict) or lock.get("access", "lock") != "lock":
        raise bad("'lock' is an object with access \"lock\", or null")
    expires_at = parsed_time(lock.get("expires_at"))
    context.sim.contents.lock(context.user_id, file, expires_at, bool(lock.get("is_download_prevented")))


def delete(context: Context) -> Response:
    file = context.item("file")
    context.check_match(file)
    context.sim.tree.trash(context.user_id, file)
    return Response(204)


def copy(context: Context) -> Response:
    file = context.item("file")
    target = context.folder(context.json.get("parent"))
    context.sim.contents.check_room(target, file.current.size)
    return context.shown(context.sim.tree.copy(context.user_id, file, target, context.json.get("name")), 201)


def restore(context: Context) -> Response:
    return folders.restored(context, context.trashed("file"))


def get_trashed(context: Context) -> Response:
    return context.shown(context.trashed("file"))


def purge(context: Context) -> Response:
    context.sim.tree.purge(context.user_id, context.trashed("file"))
    return Response(204)


def content(context: Context) -> Response:
    """302 to the content host; the link is for this version, and for a while."""
    file = context.item("file", "download")
    lock = file.lock
    if lock is not None and lock.prevents_download and lock.by != context.user_id:
        raise Refused(403, "access_denied_item_locked", "Access denied - item locked")
    version_id = context.request.query.get("version")
    version = context.sim.contents.version(file, version_id) if version_id else file.current
    link = context.download_base() + downloads.link(context.state.secret, context.sim.now(), file, version)
    return Response(302, {"Location": link})


def versions(context: Context) -> Response:
    """The past versions, newest first, without the current one."""
    file = context.item("file")
    past = file.versions[-2::-1]
    offset, limit = context.number("offset", 0, 10_000), context.number("limit", 1000, 1000)
    entries = [context.shapes.version(version) for version in past[offset : offset + limit]]
    return answer({"total_count": len(past), "entries": entries, "offset": offset, "limit": limit})


def version(context: Context) -> Response:
    file = context.item("file")
    return answer(context.shapes.version(context.sim.contents.version(file, context.ids[1])))


def promote(context: Context) -> Response:
    file = context.item("file")
    version_id = context.json.get("id")
    if not isinstance(version_id, str):
        raise bad("'id' is required")
    wanted = context.sim.contents.version(file, version_id)
    made = context.sim.contents.promote(context.user_id, file, wanted)
    return answer(Shapes(context.state, context.user_id).version(made), 201)


def delete_version(context: Context) -> Response:
    file = context.item("file")
    context.check_match(file)
    wanted = context.sim.contents.version(file, context.ids[1])
    context.sim.contents.trash_version(context.user_id, file, wanted)
    return Response(204)


def collaborations(context: Context) -> Response:
    file = context.item("file")
    return shared_with(context, file.id)


def folder_collaborations(context: Context) -> Response:
    folder = context.item("folder")
    return shared_with(context, folder.id)


def shared_with(context: Context, item_id: str) -> Response:
    """Who works with an item, and with the folders that it is in."""
    state = context.state
    listed = [
        context.shapes.collaboration(state.collaborations[each], context.fields)
        for above in access.above(state, state.items[item_id])
        for each in state.shared.get(above.id, ())
    ]
    return answer({"total_count": len(listed), "entries": listed, "next_marker": None})
