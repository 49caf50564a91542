"""Pages of items: by offset, or by a marker that stays true while the folder changes."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from typing import Final

from tests.boxsim.api.context import Context
from tests.boxsim.model import Item
from tests.boxsim.names import folded
from tests.boxsim.wire import Json, bad

LARGEST_PAGE: Final = 1000
_LARGEST_OFFSET: Final = 10_000
_Key = tuple[int, str, str]


def page(context: Context, items: Iterable[Item], default: int = 100) -> Json:
    """The page of items that the query asks for. Raises Refused."""
    limit = context.number("limit", default, LARGEST_PAGE) or default
    ordered = sorted(items, key=_key)
    by_marker = context.flag("usemarker")
    marker = context.request.query.get("marker")
    if marker and not by_marker:
        raise bad("'marker' needs usemarker=true", "invalid_parameter")
    if by_marker:
        if marker:
            after = _decoded(marker)
            ordered = [item for item in ordered if _key(item) > after]
        shown = ordered[:limit]
        following = _encoded(_key(shown[-1])) if len(ordered) > limit else None
        return {"entries": _shown(context, shown), "limit": limit, "next_marker": following}
    offset = context.number("offset", 0, _LARGEST_OFFSET)
    if context.request.query.get("direction", "").upper() == "DESC":
        ordered.sort(key=lambda item: folded(item.name), reverse=True)
        ordered.sort(key=lambda item: item.kind != "folder")
    return {
        "total_count": len(ordered),
        "entries": _shown(context, ordered[offset : offset + limit]),
        "offset": offset,
        "limit": limit,
        "order": [{"by": "type", "direction": "ASC"}, {"by": "name", "direction": "ASC"}],
    }


def _shown(context: Context, items: list[Item]) -> list[Json]:
    return [context.shapes.item(item, context.fields or ()) for item in items]


def _key(item: Item) -> _Key:
    return (0 if item.kind == "folder" else 1, folded(item.name), item.id)


def _encoded(key: _Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


def _decoded(marker: str) -> _Key:
    try:
        kind, name, item_id = json.loads(base64.urlsafe_b64decode(marker.encode()))
        return (int(kind), str(name), str(item_id))
    except (ValueError, TypeError, binascii.Error):
        raise bad("Invalid marker", "invalid_parameter") from None
