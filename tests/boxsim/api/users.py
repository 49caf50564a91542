"""Users, as far as a client asks for them."""

from __future__ import annotations

from tests.boxsim.api.context import Context
from tests.boxsim.model import User
from tests.boxsim.shapes import mini_user
from tests.boxsim.wire import Json, Response, answer, not_found, stamp

_SPACE = 10 * 1024**4


def me(context: Context) -> Response:
    return _shown(context, context.state.users[context.user_id])


def get(context: Context) -> Response:
    user = context.state.users.get(context.ids[0])
    if user is None:
        raise not_found(context.ids[0])
    return _shown(context, user)


def _shown(context: Context, user: User) -> Response:
    standard: Json = {
        "created_at": stamp(user.created_at),
        "modified_at": stamp(user.created_at),
        "language": "ja",
        "timezone": "Asia/Tokyo",
        "space_amount": _SPACE if user.quota is None else user.quota,
        "space_used": context.sim.contents.used(user.id),
        "max_upload_size": 5 * 1024**3,
        "status": "active",
        "job_title": "",
        "phone": "",
        "address": "",
        "avatar_url": f"https://app.box.com/api/avatar/large/{user.id}",
        "notification_email": None,
    }
    others: Json = {
        "role": user.role,
        "enterprise": {"type": "enterprise", "id": context.sim.account.enterprise_id, "name": "boxsim"},
        "hostname": "https://app.box.com/",
        "is_platform_access_only": False,
    }
    if context.fields is None:
        return answer({**mini_user(user), **standard})
    known = {**standard, **others}
    return answer({**mini_user(user), **{name: known[name] for name in context.fields if name in known}})
