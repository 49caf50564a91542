"""What makes Box Box: etags, names, pages, the trash, ranges, parts. `test_streams.py` has events and views."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import requests

from tests.boxsim import Simulator
from tests.boxsim.api.sessions import PART_SIZE
from tests.boxsim.calling import UPLOAD, Caller, committed, put_part, sha, started

# --- etags


def test_the_etag_rises_with_every_change_and_with_nothing_else(sim: Simulator, call: Caller) -> None:
    hands = sim.hands()
    file_id = hands.put("folder/a", b"1")
    folder_id = hands.identity("folder")
    hands.make_folder("elsewhere")

    def etag(path: str = f"/files/{file_id}") -> int:
        shown = call("GET", path).json()
        assert shown["etag"] == shown["sequence_id"]
        return int(shown["etag"])

    seen = [etag()]
    hands.put("folder/a", b"2")
    seen.append(etag())
    hands.rename("folder/a", "folder/b")
    seen.append(etag())
    hands.rename("folder/b", "elsewhere/b")
    seen.append(etag())
    hands.lock("elsewhere/b")
    seen.append(etag())
    hands.delete("elsewhere/b")
    hands.restore(file_id)
    seen.append(etag())
    assert seen == sorted(set(seen))
    assert etag(f"/folders/{folder_id}") == 0, "a folder doesn't change with what is in it"
    hands.rename("elsewhere", "folder/elsewhere")
    assert etag() == seen[-1], "a file doesn't change with where its folder is"


def test_if_match_stops_new_versions_renames_and_deletes_but_no_moves(sim: Simulator, call: Caller) -> None:
    hands = sim.hands()
    file_id = hands.put("a", b"1")
    target = hands.make_folder("folder")
    hands.put("a", b"2")
    old = {"If-Match": "0"}
    assert call.upload("a", b"3", file_id=file_id, headers=old).status_code == 412
    assert call("PUT", f"/files/{file_id}", {"name": "b"}, headers=old).status_code == 412
    assert call("DELETE", f"/files/{file_id}", headers=old).status_code == 412
    assert call("PUT", f"/files/{file_id}", {"parent": {"id": target}}, headers=old).status_code == 200
    assert hands.tree() == {"folder/a": b"2"}
    assert call("DELETE", f"/files/{file_id}", headers={"If-Match": "2"}).status_code == 204


# --- names


@pytest.mark.parametrize(
    ("first", "second"), [("a.pdf", "A.PDF"), ("が.pdf", "か\u3099.pdf"), ("É", "e\u0301"), ("ß", "SS")]
)
def test_names_are_one_in_any_case_and_composition(sim: Simulator, call: Caller, first: str, second: str) -> None:
    hands = sim.hands()
    file_id = hands.put(first, b"")
    conflict = call.upload(second, b"").json()
    assert conflict["code"] == "item_name_in_use"
    assert conflict["context_info"]["conflicts"]["id"] == file_id
    as_folder = call("POST", "/folders", {"name": second, "parent": {"id": "0"}}).json()
    assert as_folder["context_info"]["conflicts"][0]["id"] == file_id
    moved = hands.put("folder/x", b"")
    assert call("PUT", f"/files/{moved}", {"name": second, "parent": {"id": "0"}}).status_code == 409
    assert call("PUT", f"/files/{file_id}", {"name": second}).json()["name"] == second


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "a\tb", "a\0b", "trailing "])
def test_names_that_box_refuses(call: Caller, name: str) -> None:
    assert call("POST", "/folders", {"name": name, "parent": {"id": "0"}}).json()["code"] == "item_name_invalid"
    assert call.upload(name, b"").json()["code"] == "item_name_invalid"


def test_only_trailing_spaces_are_refused(call: Caller) -> None:
    assert call.upload(" leading", b"").json()["entries"][0]["name"] == " leading"


def test_a_long_name_is_refused_and_characters_may_be_stripped(sim: Simulator, call: Caller) -> None:
    assert call.upload("あ" * 255, b"").status_code == 201
    assert call.upload("い" * 256, b"").json()["code"] == "item_name_too_long"
    sim.strips = "\u200b\U0001f469"
    assert call.upload("a\u200b\U0001f469b", b"").json()["entries"][0]["name"] == "ab"
    assert call.upload("a\u200bb", b"").status_code == 409


# --- listing


def test_pages_by_marker_lose_nothing_while_the_folder_changes(sim: Simulator, call: Caller) -> None:
    hands = sim.hands()
    stay = {hands.put(f"folder/{number:02}-stays", b"") for number in range(20)}
    for number in range(20):
        hands.put(f"folder/{number:02}-goes", b"")
    folder_id = hands.identity("folder")
    found: list[str] = []
    marker: str | None = ""
    while marker is not None:
        query = {"usemarker": "true", "limit": "7", "marker": marker}
        page = call("GET", f"/folders/{folder_id}/items", params=query).json()
        found += [entry["id"] for entry in page["entries"]]
        marker = page["next_marker"]
        for name in [name for name in hands.entries("folder") if name.endswith("goes")][:3]:
            hands.delete(f"folder/{name}")
        hands.put(f"folder/00-new-{len(found)}", b"")
    assert stay <= set(found)
    assert len(found) == len(set(found))


def test_pages_by_offset_lose_something_while_the_folder_changes(sim: Simulator, call: Caller) -> None:
    hands = sim.hands()
    for number in range(4):
        hands.put(f"{number}", b"")
    first = call("GET", "/folders/0/items", params={"limit": "2"}).json()
    assert [entry["name"] for entry in first["entries"]] == ["0", "1"]
    hands.delete("0")
    second = call("GET", "/folders/0/items", params={"limit": "2", "offset": "2"}).json()
    assert [entry["name"] for entry in second["entries"]] == ["3"]


def test_folders_come_first_and_markers_must_be_ours(sim: Simulator, call: Caller) -> None:
    hands = sim.hands()
    hands.put("a", b"")
    hands.make_folder("z")
    listed = call("GET", "/folders/0/items", params={"usemarker": "true"}).json()["entries"]
    assert [entry["name"] for entry in listed] == ["z", "a"]
    for query in ({"usemarker": "true", "marker": "x"}, {"marker": "x"}):
        assert call("GET", "/folders/0/items", params=query).status_code == 400


# --- trash


def test_what_is_trashed_keeps_its_place_but_not_its_name(sim: Simulator, call: Caller) -> None:
    hands = sim.hands()
    file_id = hands.put("folder/a", b"1")
    hands.delete("folder/a")
    assert call("GET", f"/files/{file_id}").json()["code"] == "trashed"
    hands.put("folder/a", b"2")
    assert call("POST", f"/files/{file_id}").status_code == 409
    assert call("POST", f"/files/{file_id}", {"name": "b"}).status_code == 201
    assert hands.tree() == {"folder/a": b"2", "folder/b": b"1"}


def test_a_trashed_folder_takes_along_what_is_in_it(sim: Simulator, call: Caller) -> None:
    hands = sim.hands()
    file_id = hands.put("folder/sub/a", b"1")
    first = hands.put("folder/sub/earlier", b"")
    hands.delete("folder/sub/earlier")
    folder_id = hands.identity("folder")
    hands.delete("folder")
    assert hands.tree() == {}
    assert call("GET", f"/files/{file_id}").json()["code"] == "trashed"
    listed = call("GET", "/folders/trash/items").json()["entries"]
    assert {entry["id"] for entry in listed} == {first, folder_id}
    assert call("POST", f"/files/{first}").status_code == 404, "its folder is in the trash"
    assert call("POST", f"/files/{first}", {"parent": {"id": "0"}}).status_code == 201
    assert call("POST", f"/folders/{folder_id}").status_code == 201
    assert hands.tree() == {"folder/sub/a": b"1", "earlier": b""}


def test_the_trash_is_emptied_after_thirty_days_or_by_hand(sim: Simulator, call: Caller) -> None:
    hands = sim.hands()
    one, two = hands.put("one", b""), hands.put("two", b"")
    hands.delete("one")
    hands.delete("two")
    sim.refuse_purge = True
    assert call("DELETE", f"/files/{one}/trash").status_code == 403
    sim.refuse_purge = False
    assert call("DELETE", f"/files/{one}/trash").status_code == 204
    later = time.time() + 31 * 86_400
    sim.now = lambda: later
    assert call("GET", f"/files/{two}/trash").status_code == 404


# --- content


def test_a_range_of_the_content_and_links_that_expire(sim: Simulator, call: Caller) -> None:
    content = bytes(range(256))
    file_id = sim.hands().put("a", content)
    link = call("GET", f"/files/{file_id}/content").headers["Location"]
    anonymous = requests.Session()
    anonymous.mount("http://box.test", call.session.get_adapter("http://box.test"))
    for wanted, expected in (("bytes=0-9", content[:10]), ("bytes=200-", content[200:]), ("bytes=-5", content[-5:])):
        part = anonymous.get(link, headers={"Range": wanted})
        assert (part.status_code, part.content) == (206, expected)
    assert part.headers["Content-Range"] == "bytes 251-255/256"
    assert anonymous.get(link, headers={"Range": "bytes=256-"}).status_code == 416
    assert anonymous.get(link).content == content
    assert anonymous.get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404
    later = sim.now() + 1000
    sim.now = lambda: later
    assert anonymous.get(link).status_code == 403


def test_a_link_stays_with_its_version(sim: Simulator, call: Caller) -> None:
    hands = sim.hands()
    file_id = hands.put("a", b"old")
    link = call("GET", f"/files/{file_id}/content").headers["Location"]
    hands.put("a", b"new")
    assert call.session.get(link).content == b"old"
    assert call.download(file_id) == b"new"


def test_attributes_come_before_the_file_whatever_its_part_is_called(call: Caller) -> None:
    attributes = '{"name": "a", "parent": {"id": "0"}}'
    late = {"file": ("a", b"x"), "attributes": (None, attributes)}
    refused = call("POST", "/files/content", base=UPLOAD, files=late)
    assert refused.json()["code"] == "metadata_after_file_contents"
    early = {"attributes": (None, attributes), "contents": ("a", b"\r\n--x\r\n")}
    made = call("POST", "/files/content", base=UPLOAD, files=early)
    assert call.download(made.json()["entries"][0]["id"]) == b"\r\n--x\r\n"


def test_uploads_are_on_their_own_host(call: Caller) -> None:
    files = {"attributes": (None, '{"name": "a", "parent": {"id": "0"}}'), "file": ("a", b"")}
    assert call("POST", "/files/content", files=files).status_code == 404
    assert call("GET", "/users/me", base=UPLOAD).status_code == 404


# --- parts


def test_parts_are_aligned_checked_and_immutable(call: Caller) -> None:
    content = bytes(2 * PART_SIZE) + b"x" * 5_000_000
    session = started(call, content, {"folder_id": "0", "file_name": "big"})
    assert put_part(call, session, content, 0).status_code == 200
    assert put_part(call, session, content, 0).json()["code"] == "range_overlaps_existing_part"
    endpoint = session["session_endpoints"]["upload_part"]
    odd = {"Digest": sha(b"x"), "Content-Range": f"bytes 5-5/{len(content)}"}
    assert call.session.put(endpoint, data=b"x", headers=odd).status_code == 416
    part = content[PART_SIZE : 2 * PART_SIZE]
    wrong = {"Digest": sha(b"x"), "Content-Range": f"bytes {PART_SIZE}-{2 * PART_SIZE - 1}/{len(content)}"}
    assert call.session.put(endpoint, data=part, headers=wrong).status_code == 412
    parts = call.session.get(session["session_endpoints"]["list_parts"]).json()["entries"]
    commit = session["session_endpoints"]["commit"]
    headers = {"Digest": sha(content)}
    assert call.session.post(commit, json={"parts": parts}, headers=headers).status_code == 400
    for first in (PART_SIZE, 2 * PART_SIZE):
        assert put_part(call, session, content, first).status_code == 200
    parts = call.session.get(session["session_endpoints"]["list_parts"]).json()["entries"]
    assert call.session.post(commit, json={"parts": parts}, headers={"Digest": sha(b"")}).status_code == 400
    made = call.session.post(commit, json={"parts": parts}, headers=headers)
    assert made.status_code == 201
    assert call.download(made.json()["entries"][0]["id"]) == content
    assert call.session.post(commit, json={"parts": parts}, headers=headers).status_code == 404


def test_a_commit_looks_at_the_etag_and_the_name_again(sim: Simulator, call: Caller) -> None:
    hands = sim.hands()
    file_id = hands.put("a", b"old")
    content = bytes(20_000_000)
    session = started(call, content, {}, file_id)
    hands.put("a", b"theirs")
    assert committed(call, session, content, {"If-Match": "0"}).status_code == 412
    session = started(call, content, {"folder_id": "0", "file_name": "b"})
    hands.put("B", b"theirs")
    assert committed(call, session, content).status_code == 409
    assert hands.tree() == {"a": b"theirs", "B": b"theirs"}


# --- keeping the state


def test_the_state_survives_in_a_folder(tmp_path: Path) -> None:
    first = Simulator(seed=3, data=tmp_path)
    file_id = first.hands().put("folder/a", b"content")
    first.save()
    again = Simulator(data=tmp_path)
    assert again.account == first.account
    assert again.hands().tree() == {"folder/a": b"content"}
    assert again.hands().identity("folder/a") == file_id
    assert len(Caller(again, again.account.token).events()["entries"]) == 2


def test_a_seed_determines_ids_and_secrets() -> None:
    assert Simulator(seed=1).account == Simulator(seed=1).account
    assert Simulator(seed=1).account != Simulator(seed=2).account
