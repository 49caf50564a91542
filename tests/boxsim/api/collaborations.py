"""Collaborations: who works with a folder or file, as which."""

from __future__ import annotations

from tests.boxsim import access
from tests.boxsim.api.context import Context
from tests.boxsim.wire import Refused, Response, answer, bad


def create(context: Context) -> Response:
    item, grantee = context.json.get("item"), context.json.get("accessible_by")
    if not isinstance(item, dict) or item.get("type") not in {"file", "folder"} or not isinstance(item.get("id"), str):
        raise bad("'item' is an object with type and id")
    if not isinstance(grantee, dict) or grantee.get("type") != "user":
        raise bad("'accessible_by' is an object with type \"user\" and id or login")
    found = access.found(context.state, context.user_id, item["id"], item["type"])
    role = str(context.json.get("role"))
    made = context.sim.people.collaborate(context.user_id, found, _user_id(context, grantee), role)
    return answer(context.shapes.collaboration(made, context.fields), 201)


def _user_id(context: Context, grantee: dict[str, object]) -> str:
    for user in context.state.users.values():
        if grantee.get("id") == user.id or ("id" not in grantee and grantee.get("login") == user.login):
            return user.id
    raise Refused(404, "not_found", "No such user")


def pending(context: Context) -> Response:
    if context.request.query.get("status") != "pending":
        raise bad("'status' has to be pending")
    entries = [context.shapes.invitation(each, context.fields) for each in context.sim.people.invited(context.user_id)]
    return answer({"total_count": len(entries), "limit": 100, "offset": 0, "entries": entries})


def get(context: Context) -> Response:
    found = context.sim.people.collaboration(context.user_id, context.ids[0])
    return answer(context.shapes.collaboration(found, context.fields))


def update(context: Context) -> Response:
    if context.json.get("status") == "accepted":
        made = context.sim.people.accept(context.user_id, context.ids[0])
        return answer(context.shapes.collaboration(made))
    found = context.sim.people.collaboration(context.user_id, context.ids[0])
    if context.sim.people.change_role(context.user_id, found, str(context.json.get("role"))):
        return answer(context.shapes.collaboration(found))
    return Response(204)


def delete(context: Context) -> Response:
    found = context.sim.people.collaboration(context.user_id, context.ids[0])
    context.sim.people.revoke(context.user_id, found)
    return Response(204)
