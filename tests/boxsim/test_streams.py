"""Events and views: each user is told what they can see, once a thing, and as it is now."""

from __future__ import annotations

import threading
import time

import pytest
import requests

from tests.boxsim import Refused, Simulator
from tests.boxsim.calling import Caller


def kinds(page: dict[str, object]) -> list[tuple[str, str]]:
    """Event types and names of a page."""
    entries = page["entries"]
    assert isinstance(entries, list)
    return [(event["event_type"], event["source"]["name"]) for event in entries]


@pytest.fixture
def other(sim: Simulator) -> Caller:
    return Caller(sim, sim.token_for(sim.add_user("さくら")))


def user_id_of(call: Caller) -> str:
    found: str = call("GET", "/users/me").json()["id"]
    return found


def test_events_tell_items_as_they_are_now_never_as_they_were(sim: Simulator, call: Caller) -> None:
    hands = sim.hands()
    hands.put("a", b"1")
    hands.put("a", b"2")
    hands.rename("a", "folder/b")
    hands.delete("folder/b")
    page = call.events()
    assert kinds(page) == [
        ("ITEM_UPLOAD", "b"),
        ("ITEM_UPLOAD", "b"),
        ("ITEM_CREATE", "folder"),
        ("ITEM_MOVE", "b"),
        ("ITEM_RENAME", "b"),
        ("ITEM_TRASH", "b"),
    ]
    assert {event["source"]["item_status"] for event in page["entries"]} == {"trashed", "active"}
    assert len({event["event_id"] for event in page["entries"]}) == 6


def test_a_folder_that_is_moved_trashed_or_restored_is_one_event(sim: Simulator, call: Caller) -> None:
    hands = sim.hands()
    hands.put("folder/sub/a", b"")
    hands.put("folder/b", b"")
    hands.make_folder("elsewhere")
    position = str(call.events("now")["next_stream_position"])
    hands.rename("folder", "elsewhere/folder")
    hands.delete("elsewhere/folder")
    folder_id = call("GET", "/folders/trash/items").json()["entries"][0]["id"]
    hands.restore(folder_id)
    page = call.events(position)
    assert [kind for kind, _ in kinds(page)] == ["ITEM_MOVE", "ITEM_TRASH", "ITEM_UNDELETE_VIA_TRASH"]
    assert page["entries"][0]["source"]["id"] == folder_id


def test_pages_of_events_follow_each_other(sim: Simulator, call: Caller) -> None:
    for number in range(7):
        sim.hands().put(f"{number}", b"")
    position, found = "0", []
    while entries := (page := call.events(position, limit="3"))["entries"]:
        assert page["chunk_size"] == len(entries) <= 3
        found += [event["source"]["name"] for event in entries]
        position = str(page["next_stream_position"])
    assert found == [f"{number}" for number in range(7)]
    assert isinstance(page["next_stream_position"], int)
    for wrong in ("-1", "x", "1" * 30, "5"):
        assert call("GET", "/events", params={"stream_position": wrong}).status_code == 400
    sim.expire_positions()
    assert call("GET", "/events", params={"stream_position": position}).status_code == 400
    assert call.events("now")["next_stream_position"] > int(position)


def test_each_user_has_their_own_stream_and_view(sim: Simulator, call: Caller, other: Caller) -> None:
    hands = sim.hands()
    hands.put("private/a", b"")
    hands.make_folder("shared")
    folder_id = hands.identity("shared") or ""
    assert other.events()["entries"] == []
    made = sim.collaborate(folder_id, user_id_of(other), "editor")
    hands.put("shared/b", b"")
    theirs = sim.hands(folder_id, user_id_of(other))
    theirs.put("c", b"")
    assert kinds(other.events()) == [("COLLAB_ADD_COLLABORATOR", "shared"), ("ITEM_UPLOAD", "b"), ("ITEM_UPLOAD", "c")]
    assert other.events()["entries"][2]["created_by"]["id"] == user_id_of(other)
    assert ("ITEM_UPLOAD", "c") in kinds(call.events())
    shown = other("GET", f"/folders/{folder_id}").json()
    assert shown["parent"]["id"] == "0"
    assert [folder["id"] for folder in shown["path_collection"]["entries"]] == ["0"]
    assert [entry["name"] for entry in other("GET", "/folders/0/items").json()["entries"]] == ["shared"]
    hands.rename("shared/b", "private/b")
    assert kinds(other.events())[-1] == ("ITEM_MOVE", "b"), "who saw it before is told that it went"
    sim.revoke(made)
    assert kinds(other.events())[-1] == ("COLLAB_REMOVE_COLLABORATOR", "shared")
    hands.put("shared/d", b"")
    assert ("ITEM_UPLOAD", "d") not in kinds(other.events())
    assert other("GET", f"/folders/{folder_id}").status_code == 404
    with pytest.raises(Refused):
        theirs.put("e", b"")


def subscribed(call: Caller) -> str:
    url: str = call("OPTIONS", "/events").json()["entries"][0]["url"]
    return url


def test_a_long_poll_ends_with_news_or_after_a_while(sim: Simulator, call: Caller, other: Caller) -> None:
    url = subscribed(call)
    position = call.events("now")["next_stream_position"]
    theirs = sim.hands(user_id=user_id_of(other))
    timer = threading.Timer(0.05, lambda: sim.hands().put("a", b""))
    theirs.put("not our business", b"")
    started_at = time.monotonic()
    timer.start()
    answered = call.session.get(url, params={"stream_position": position})
    assert answered.json() == {"message": "new_change"}
    assert time.monotonic() - started_at < 2
    assert call.session.get(url, params={"stream_position": position}).json() == {"message": "new_change"}, "missed"
    sim.long_poll_seconds = 0.05
    assert call.session.get(url).json() == {"message": "reconnect"}
    sim.long_poll_seconds = 5
    with pytest.raises(requests.ReadTimeout):
        call.session.get(url, timeout=(1, 0.05))
    assert call.session.get(url.replace("channel=", "channel=x")).json() == {"message": "reconnect"}


def test_a_slow_folder_move_is_answered_with_503_and_goes_on(sim: Simulator, call: Caller) -> None:
    clock = [time.time()]
    sim.now = lambda: clock[0]
    hands = sim.hands()
    hands.put("folder/a", b"")
    folder_id, target = hands.identity("folder"), hands.make_folder("target")
    sim.slow_folder_moves = 60
    move = {"parent": {"id": target}}
    assert call("PUT", f"/folders/{folder_id}", move).status_code == 503
    assert hands.tree() == {"folder/a": b""}
    assert call("PUT", f"/folders/{folder_id}", move).json()["code"] == "operation_blocked_temporary"
    clock[0] += 61
    assert hands.tree() == {"target/folder/a": b""}
    assert kinds(call.events())[-1] == ("ITEM_MOVE", "folder")
