"""`/_sim/…`: what a test in another process does with the simulator. Never counted, never at fault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.boxsim.wire import Json, Refused, Request, Response, answer, bad, refusal

if TYPE_CHECKING:
    from tests.boxsim.simulator import Simulator

_SETTINGS = ("strips", "refuse_purge", "slow_folder_moves", "token_seconds", "long_poll_seconds")


def handle(sim: Simulator, request: Request, body: bytes) -> Response:
    """The answer to a request for `/_sim/…`."""
    words = request.path.strip("/").split("/")[1:]
    try:
        with sim.changed:
            sim.unsaved = True
            return _handled(sim, request.method, words, json.loads(body) if body.strip() else {})
    except Refused as refused:
        return refusal(refused, "sim")
    except (ValueError, KeyError, TypeError) as error:
        return refusal(bad(f"{type(error).__name__}: {error}"), "sim")


def _handled(sim: Simulator, method: str, words: list[str], document: Any) -> Response:
    match method, words:
        case "GET", ["calls"]:
            return answer(dict(sim.calls))
        case "DELETE", ["calls"]:
            sim.calls.clear()
        case "GET", ["faults"]:
            return answer([{"kind": each.kind, "request": each.request} for each in sim.faults.happened])
        case "POST", ["faults"]:
            _add_faults(sim, document if isinstance(document, list) else [document])
        case "DELETE", ["faults"]:
            sim.faults.clear()
        case "POST", ["expire_positions"]:
            sim.expire_positions()
        case "POST", ["expire_tokens"]:
            sim.expire_tokens()
        case "DELETE", ["collaborations", collaboration_id]:
            sim.revoke(collaboration_id)
        case "POST", [noun] if isinstance(document, dict):
            return _posted(sim, noun, document)
        case _:
            raise Refused(404, "not_found", f"There is no {method} /_sim/{'/'.join(words)}")
    return Response(204)


def _posted(sim: Simulator, noun: str, document: Json) -> Response:
    match noun:
        case "users":
            user_id = sim.add_user(str(document["name"]), str(document.get("role", "user")), document.get("login"))
            return answer({"id": user_id, "token": sim.token_for(user_id)}, 201)
        case "collaborations":
            made = sim.collaborate(str(document["folder_id"]), str(document["user_id"]), str(document["role"]))
            return answer({"id": made}, 201)
        case "events_faults":
            sim.events_faults(**document)
        case "settings":
            _set(sim, document)
        case _:
            raise Refused(404, "not_found", f"There is no POST /_sim/{noun}")
    return Response(204)


def _add_faults(sim: Simulator, document: list[Json]) -> None:
    for each in document:
        if "seed" in each:
            sim.faults.seeded(int(each["seed"]), float(each["rate"]), each.get("kinds"))
        elif each.pop("stays", False):
            sim.faults.stays(each.pop("kind"), **each)
        else:
            sim.faults.add(each.pop("kind"), at=int(each.pop("at", 1)), match=str(each.pop("match", "")), **each)


def _set(sim: Simulator, document: Json) -> None:
    """Settings by their names in Python, and `limit` and `quota` with their arguments."""
    for name, value in document.items():
        if name == "limit":
            sim.limit(**value)
        elif name == "quota":
            sim.quota(str(value["user_id"]), value["bytes"])
        elif name in _SETTINGS:
            setattr(sim, name, type(getattr(sim, name))(value))
        else:
            raise bad(f"There is no setting {name!r}")
