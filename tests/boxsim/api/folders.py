"""Folders: what is in them, and what can be done with them. Also the list of what is in the trash."""

from __future__ import annotations

from collections.abc import Iterator

from tests.boxsim import access
from tests.boxsim.api.context import Context
from tests.boxsim.api.listing import page
from tests.boxsim.model import Item, PendingMove
from tests.boxsim.shapes import mini
from tests.boxsim.wire import Refused, Response, answer


def contents(context: Context, folder: Item) -> Iterator[Item]:
    """What a user finds in a folder; in their "All Files" also what is shared with them."""
    state = context.state
    for child in folder.children.values():
        yield state.items[child]
    if folder.is_root:
        for collaboration_id in state.mounted.get(context.user_id, ()):
            item = state.items[state.collaborations[collaboration_id].item_id]
            if access.is_mount(state, item, context.user_id) and not access.in_trash(state, item) and not item.purged:
                yield item


def get(context: Context) -> Response:
    folder = context.item("folder")
    context.check_none_match(folder)
    shown = context.shapes.item(folder, context.fields)
    if context.fields is None or "item_collection" in context.fields:
        entries = [mini(item) for item in contents(context, folder)]
        entries.sort(key=lambda entry: (entry["type"] != "folder", entry["name"]))
        shown["item_collection"] = {
            "total_count": len(entries),
            "entries": entries[:100],
            "offset": 0,
            "limit": 100,
            "order": [{"by": "type", "direction": "ASC"}, {"by": "name", "direction": "ASC"}],
        }
    return answer(shown)


def items(context: Context) -> Response:
    folder = context.item("folder", "see")
    return answer(page(context, contents(context, folder)))


def create(context: Context) -> Response:
    folder = context.folder(context.json.get("parent"))
    made = context.sim.tree.make_folder(context.user_id, folder, context.json.get("name"))
    return context.shown(made, 201)


def update(context: Context) -> Response:
    """Renames, moves, describes; a move may be answered with 503 and go on."""
    folder = context.item("folder")
    tree, body = context.sim.tree, context.json
    moves = body.get("parent") is not None
    if not moves:
        context.check_match(folder)
    name = folder.name if body.get("name") is None else tree.name(body["name"])
    target = context.folder(body["parent"]) if moves else context.state.items[folder.parent_id or folder.id]
    _check_pending(context, folder)
    if "description" in body or "tags" in body:
        describe(context, folder)
    if moves and context.sim.slow_folder_moves > 0 and target.id != folder.parent_id:
        tree.check_update(context.user_id, folder, name, target)
        due = context.sim.now() + context.sim.slow_folder_moves
        context.state.pending.append(PendingMove(due, context.user_id, folder.id, target.id, name))
        raise Refused(503, "unavailable", "The operation takes longer than 600 seconds and goes on")
    if not folder.is_root or name != folder.name:
        tree.update(context.user_id, folder, name, target)
    return context.shown(folder)


def describe(context: Context, item: Item) -> None:
    """Sets what says something about an item, and is no event. Raises Refused."""
    access.require(context.state, item, context.user_id, "rename")
    body = context.json
    if isinstance(text := body.get("description"), str):
        item.description = text
    if isinstance(tags := body.get("tags"), list):
        item.tags = [str(tag) for tag in tags]
    context.sim.tree.touch(item, context.user_id)


def _check_pending(context: Context, folder: Item) -> None:
    if any(move.folder_id == folder.id for move in context.state.pending):
        message = "The operation is blocked by another move, copy, delete or restore"
        raise Refused(409, "operation_blocked_temporary", message)


def delete(context: Context) -> Response:
    folder = context.item("folder")
    context.check_match(folder)
    _check_pending(context, folder)
    context.sim.tree.trash(context.user_id, folder, context.flag("recursive"))
    return Response(204)


def copy(context: Context) -> Response:
    folder = context.item("folder")
    target = context.folder(context.json.get("parent"))
    return context.shown(context.sim.tree.copy(context.user_id, folder, target, context.json.get("name")), 201)


def restore(context: Context) -> Response:
    return restored(context, context.trashed("folder"))


def restored(context: Context, item: Item) -> Response:
    """Takes an item out of the trash."""
    body = context.json
    fallback = None if body.get("parent") is None else context.folder(body["parent"])
    context.sim.tree.restore(context.user_id, item, body.get("name"), fallback)
    return context.shown(item, 201)


def get_trashed(context: Context) -> Response:
    return context.shown(context.trashed("folder"))


def purge(context: Context) -> Response:
    context.sim.tree.purge(context.user_id, context.trashed("folder"))
    return Response(204)


def trash_items(context: Context) -> Response:
    context.sim.tree.empty_expired()
    state = context.state
    trashed = (state.items[item_id] for item_id in state.trash)
    return answer(page(context, [item for item in trashed if access.roles(state, item, context.user_id)]))
