"""What every cloud has to fulfil: one suite, which each cloud's tests subclass with a world of their own."""

from __future__ import annotations

import hashlib
import io
import unicodedata
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from syncd.contract import Cloud
from syncd.errors import Changed, NameTaken, SyncdError, Unreachable
from syncd.model import Layout, Look, Place, Prepared, Sighting, Stage


class World(Protocol):
    """A cloud, and the hands of the people who use it. Paths are below the operator's folder: `inbox/a.xlsx`."""

    cloud: Cloud
    layout: Layout

    def put(self, path: str, content: bytes) -> None:
        """Somebody uploads a file, or new content of one."""

    def rename(self, path: str, to: str) -> None:
        """Somebody renames or moves a file or folder; the folders are there."""

    def delete(self, path: str) -> None:
        """Somebody deletes a file or a folder with all that is in it."""

    def make_folder(self, path: str) -> None:
        """Somebody makes a folder."""

    def content(self, path: str) -> bytes | None:
        """What people would get; None for nothing there."""

    def cut_off(self) -> None:
        """The cloud can't be reached from now on."""

    def keep(self, content: bytes) -> Path:
        """The bytes in a file outside the cloud."""


INBOX, REVIEW, CORRECTIONS = Stage.INBOX, Stage.REVIEW, Stage.CORRECTIONS

HOSTILE = [
    "在籍児童数報告書.xlsx",
    unicodedata.normalize("NFD", "がぎぐげご.xlsx"),
    "a:b*c?.xlsx",
    "CON.xlsx",
    "ends in dot.",
    " leading and trailing ",
    "quote'\"$(rm -rf x)`.xlsx",
    "invoice\u202excod.pdf",
    "emoji 👩‍👩‍👧 \u200b.pdf",
    "-rf.pdf",
    "a..b",
    "%2e%2e%2fetc.pdf",
    "あ" * 80 + ".pdf",
]


def look(world: World, memory: Look | None = None) -> Look:
    world.cloud.catch_up()
    return world.cloud.look(world.layout, {s.place: s for s in memory.sightings} if memory else {})


def sighted(world: World, stage: Stage | None, path: str) -> Sighting:
    return {each.place: each for each in look(world).sightings}[Place(stage, path)]


def places(world: World) -> set[tuple[Stage | None, str]]:
    seen = look(world)
    assert seen.complete
    return {(each.place.stage, each.place.path) for each in seen.sightings}


def prepared(world: World, content: bytes) -> Prepared:
    return world.cloud.prepare(world.keep(content), hashlib.sha1(content).hexdigest(), len(content))


def read(world: World, sighting: Sighting) -> bytes:
    sink = io.BytesIO()
    world.cloud.read(world.layout, sighting, sink)
    return sink.getvalue()


class CloudContract:
    """Subclass it and give it a fixture `world`: marked, with the operator's folders made.

    Attributes:
        has_trash: whether a deleted folder can be had back with what was in it.
    """

    has_trash = False

    # --- root and folders

    def test_the_root_is_marked_once(self, world: World) -> None:
        marker = world.cloud.reach()
        assert marker is not None
        world.cloud.mark(marker)
        with pytest.raises(SyncdError):
            world.cloud.mark("another")
        assert world.cloud.reach() == marker

    def test_folders_are_made_once_and_known_again(self, world: World) -> None:
        first = world.cloud.ensure(world.layout, {})
        again = world.cloud.ensure(world.layout, first.identities)
        assert again.identities == first.identities
        assert set(first.identities) == {"", *Stage}
        assert len(set(first.identities.values())) == 5
        assert not again.deleted
        assert not again.put_back

    def test_a_stage_folder_that_was_renamed_or_moved_is_put_back_with_what_is_in_it(self, world: World) -> None:
        known = world.cloud.ensure(world.layout, {}).identities
        world.put("review/a.pdf", b"a")
        world.rename("review", "rebiew")
        world.cloud.catch_up()
        assert world.cloud.ensure(world.layout, known).put_back
        world.rename("review", "inbox/review")
        world.cloud.catch_up()
        found = world.cloud.ensure(world.layout, known)
        assert found.put_back
        assert not found.deleted
        assert places(world) == {(REVIEW, "a.pdf")}

    def test_a_stage_folder_that_was_deleted_comes_back_from_the_trash_or_is_made_anew(self, world: World) -> None:
        known = world.cloud.ensure(world.layout, {}).identities
        world.put("review/a.pdf", b"a")
        world.delete("review")
        assert look(world).missing_stages == {REVIEW}
        found = world.cloud.ensure(world.layout, known)
        assert look(world).missing_stages == frozenset()
        if self.has_trash:
            assert (found.identities, found.deleted) == (known, frozenset())
            assert found.put_back
            assert places(world) == {(REVIEW, "a.pdf")}
        else:
            assert found.deleted == {REVIEW}
            assert found.identities[REVIEW] != known[REVIEW]

    # --- looking

    def test_what_lies_there_is_sighted(self, world: World) -> None:
        world.put("inbox/a.pdf", b"first")
        world.make_folder("review/2026")
        world.put("review/2026/b.pdf", b"second!")
        world.put("loose.pdf", b"3")
        world.make_folder("dropped")
        world.put("dropped/c.pdf", b"4")
        seen = {each.place: each for each in look(world).sightings}
        assert {place: each.size for place, each in seen.items()} == {
            Place(INBOX, "a.pdf"): 5,
            Place(REVIEW, "2026/b.pdf"): 7,
            Place(None, "loose.pdf"): 1,
            Place(None, "dropped/c.pdf"): 1,
        }
        assert {each.waits for each in seen.values()} == {None}

    def test_identity_and_etag_survive_a_rename_and_a_move(self, world: World) -> None:
        world.put("inbox/a.pdf", b"a")
        before = sighted(world, INBOX, "a.pdf")
        world.rename("inbox/a.pdf", "inbox/b.pdf")
        renamed = sighted(world, INBOX, "b.pdf")
        world.rename("inbox/b.pdf", "review/b.pdf")
        moved = sighted(world, REVIEW, "b.pdf")
        assert {before.identity} == {renamed.identity, moved.identity}
        assert {before.etag} == {renamed.etag, moved.etag}

    def test_identity_survives_the_move_of_a_folder(self, world: World) -> None:
        world.make_folder("inbox/folder")
        world.put("inbox/folder/a.pdf", b"a")
        before = sighted(world, INBOX, "folder/a.pdf")
        world.rename("inbox/folder", "review/folder")
        assert sighted(world, REVIEW, "folder/a.pdf").identity == before.identity

    def test_the_etag_changes_with_the_content_even_at_the_same_size(self, world: World) -> None:
        world.put("inbox/a.pdf", b"one")
        before = sighted(world, INBOX, "a.pdf")
        world.put("inbox/a.pdf", b"two")
        assert sighted(world, INBOX, "a.pdf").etag != before.etag

    def test_a_hash_is_remembered_for_the_same_bytes_at_the_same_place_only(self, world: World) -> None:
        world.put("inbox/a.pdf", b"one")
        world.put("inbox/b.pdf", b"two")
        world.put("inbox/c.pdf", b"three")
        memory = {each.place: replace(each, sha1=f"hash of {each.place.name}") for each in look(world).sightings}
        world.put("inbox/b.pdf", b"TWO")
        world.rename("inbox/c.pdf", "inbox/d.pdf")
        world.cloud.catch_up()
        seen = world.cloud.look(world.layout, memory).sightings
        hashes = {each.place.name: each.sha1 for each in seen}
        assert hashes["a.pdf"] == "hash of a.pdf"
        assert hashes["b.pdf"] in {None, hashlib.sha1(b"TWO").hexdigest()}
        assert hashes["d.pdf"] in {None, hashlib.sha1(b"three").hexdigest()}

    def test_a_cloud_out_of_reach_is_never_an_empty_one(self, world: World) -> None:
        world.put("inbox/a.pdf", b"a")
        layout = world.layout
        known = world.cloud.ensure(layout, {}).identities
        seen = sighted(world, INBOX, "a.pdf")
        staged = prepared(world, b"b")
        world.cut_off()
        with suppress(Unreachable):
            world.cloud.catch_up()
        with pytest.raises(Unreachable):
            world.cloud.reach()
        with suppress(Unreachable):
            assert not look(world).complete
        place = Place(REVIEW, "b.pdf")
        for call in (
            lambda: world.cloud.ensure(layout, known),
            lambda: read(world, seen),
            lambda: prepared(world, b"c"),
            lambda: world.cloud.place(layout, place, staged),
            lambda: world.cloud.replace(layout, seen.place, seen.identity, seen.etag, staged),
            lambda: world.cloud.move(layout, seen.place, place, seen.identity),
            lambda: world.cloud.remove(layout, seen.place, seen.identity, seen.etag, purge=False),
            lambda: world.cloud.find(layout, seen.identity),
        ):
            with pytest.raises(Unreachable):
                call()

    # --- reading

    def test_the_bytes_are_read(self, world: World) -> None:
        content = bytes(range(256)) * 9000
        world.put("inbox/a.pdf", content)
        assert read(world, sighted(world, INBOX, "a.pdf")) == content

    def test_an_empty_file_is_an_ordinary_file(self, world: World) -> None:
        world.put("inbox/a.pdf", b"")
        seen = sighted(world, INBOX, "a.pdf")
        assert (seen.size, seen.waits) == (0, None)
        assert read(world, seen) == b""

    def test_a_file_that_changed_since_it_was_sighted_is_not_read(self, world: World) -> None:
        world.put("inbox/a.pdf", b"one")
        seen = sighted(world, INBOX, "a.pdf")
        world.put("inbox/a.pdf", b"two")
        with pytest.raises(Changed):
            read(world, seen)
        world.delete("inbox/a.pdf")
        with pytest.raises(Changed):
            read(world, seen)

    # --- placing

    def test_a_file_is_placed_and_placing_it_again_does_nothing(self, world: World) -> None:
        staged = prepared(world, b"new")
        assert places(world) == set()
        target = Place(INBOX, "a.pdf")
        put = world.cloud.place(world.layout, target, staged)
        assert world.cloud.place(world.layout, target, staged) == put
        seen = sighted(world, INBOX, "a.pdf")
        assert (seen.identity, seen.etag, seen.size) == (put.identity, put.etag, put.size)
        assert put.sha1 == hashlib.sha1(b"new").hexdigest()
        assert world.content("inbox/a.pdf") == b"new"

    def test_nothing_is_placed_over_something(self, world: World) -> None:
        world.put("inbox/a.pdf", b"theirs")
        with pytest.raises(NameTaken):
            world.cloud.place(world.layout, Place(INBOX, "a.pdf"), prepared(world, b"ours"))
        assert world.content("inbox/a.pdf") == b"theirs"

    @pytest.mark.parametrize("name", ["a.pdf", "ａｂｃ.PDF", "É.pdf"])
    def test_a_name_that_differs_in_case_only_counts_as_taken(self, world: World, name: str) -> None:
        world.put(f"inbox/{name.swapcase()}", b"theirs")
        with pytest.raises(NameTaken):
            world.cloud.place(world.layout, Place(INBOX, name), prepared(world, b"ours"))

    def test_subfolders_are_made_for_a_placed_file(self, world: World) -> None:
        world.cloud.place(world.layout, Place(REVIEW, "2026/10/a.pdf"), prepared(world, b"a"))
        assert world.content("review/2026/10/a.pdf") == b"a"

    def test_staged_bytes_that_are_not_needed_leave_no_trace(self, world: World) -> None:
        kept, dropped, forgotten = (prepared(world, content) for content in (b"1", b"2", b"3"))
        world.cloud.discard(dropped)
        world.cloud.discard(dropped)
        world.cloud.sweep(frozenset({kept.token}))
        world.cloud.place(world.layout, Place(INBOX, "kept.pdf"), kept)
        for gone in (dropped, forgotten):
            with pytest.raises(SyncdError):
                world.cloud.place(world.layout, Place(INBOX, "gone.pdf"), gone)
        assert places(world) == {(INBOX, "kept.pdf")}

    def test_only_the_bytes_that_were_named_are_staged(self, world: World) -> None:
        with pytest.raises(SyncdError):
            world.cloud.prepare(world.keep(b"other"), hashlib.sha1(b"bytes").hexdigest(), 5)

    # --- replacing

    def test_a_file_gets_new_bytes_and_repeating_it_does_nothing(self, world: World) -> None:
        world.put("corrections/a.pdf", b"old")
        old = sighted(world, CORRECTIONS, "a.pdf")
        staged = prepared(world, b"newer")
        new = world.cloud.replace(world.layout, old.place, old.identity, old.etag, staged)
        assert world.cloud.replace(world.layout, old.place, old.identity, old.etag, staged) == new
        seen = sighted(world, CORRECTIONS, "a.pdf")
        assert (seen.identity, seen.etag, seen.size) == (new.identity, new.etag, 5)
        assert world.content("corrections/a.pdf") == b"newer"

    def test_bytes_that_nobody_has_seen_are_not_replaced(self, world: World) -> None:
        world.put("corrections/a.pdf", b"old")
        old = sighted(world, CORRECTIONS, "a.pdf")
        world.put("corrections/a.pdf", b"theirs")
        with pytest.raises(Changed):
            world.cloud.replace(world.layout, old.place, old.identity, old.etag, prepared(world, b"ours"))
        assert world.content("corrections/a.pdf") == b"theirs"

    def test_a_file_that_is_gone_is_not_replaced(self, world: World) -> None:
        world.put("corrections/a.pdf", b"old")
        old = sighted(world, CORRECTIONS, "a.pdf")
        world.delete("corrections/a.pdf")
        with pytest.raises(Changed):
            world.cloud.replace(world.layout, old.place, old.identity, old.etag, prepared(world, b"ours"))
        assert world.content("corrections/a.pdf") is None

    # --- moving

    def test_a_file_is_moved_and_moving_it_again_does_nothing(self, world: World) -> None:
        world.put("inbox/a.pdf", b"a")
        seen = sighted(world, INBOX, "a.pdf")
        target = Place(REVIEW, "2026/b.pdf")
        moved = world.cloud.move(world.layout, seen.place, target, seen.identity)
        assert world.cloud.move(world.layout, seen.place, target, seen.identity) == moved
        assert (moved.identity, moved.etag, moved.place) == (seen.identity, seen.etag, target)
        assert places(world) == {(REVIEW, "2026/b.pdf")}
        assert world.cloud.find(world.layout, seen.identity) == moved

    def test_a_file_is_renamed_in_case_only(self, world: World) -> None:
        world.put("inbox/a.pdf", b"a")
        seen = sighted(world, INBOX, "a.pdf")
        world.cloud.move(world.layout, seen.place, Place(INBOX, "A.pdf"), seen.identity)
        assert places(world) == {(INBOX, "A.pdf")}

    def test_nothing_is_moved_over_something(self, world: World) -> None:
        world.put("inbox/a.pdf", b"a")
        world.put("review/a.pdf", b"theirs")
        seen = sighted(world, INBOX, "a.pdf")
        with pytest.raises(NameTaken):
            world.cloud.move(world.layout, seen.place, Place(REVIEW, "a.pdf"), seen.identity)
        assert (world.content("inbox/a.pdf"), world.content("review/a.pdf")) == (b"a", b"theirs")

    def test_another_file_of_the_name_is_not_moved(self, world: World) -> None:
        world.put("inbox/a.pdf", b"a")
        seen = sighted(world, INBOX, "a.pdf")
        world.rename("inbox/a.pdf", "corrections/a.pdf")
        world.put("inbox/a.pdf", b"another")
        world.cloud.catch_up()
        with pytest.raises(Changed):
            world.cloud.move(world.layout, seen.place, Place(REVIEW, "a.pdf"), seen.identity)
        assert world.content("inbox/a.pdf") == b"another"
        found = world.cloud.find(world.layout, seen.identity)
        assert found is not None
        assert found.place == Place(CORRECTIONS, "a.pdf")

    # --- removing

    @pytest.mark.parametrize("purge", [False, True])
    def test_a_file_is_removed_and_removing_it_again_does_nothing(self, world: World, purge: bool) -> None:
        world.put("inbox/a.pdf", b"a")
        seen = sighted(world, INBOX, "a.pdf")
        world.cloud.remove(world.layout, seen.place, seen.identity, seen.etag, purge)
        world.cloud.remove(world.layout, seen.place, seen.identity, seen.etag, purge)
        assert places(world) == set()
        assert world.cloud.find(world.layout, seen.identity) is None

    def test_bytes_that_nobody_has_seen_are_not_removed(self, world: World) -> None:
        world.put("inbox/a.pdf", b"old")
        seen = sighted(world, INBOX, "a.pdf")
        world.put("inbox/a.pdf", b"theirs")
        with pytest.raises(Changed):
            world.cloud.remove(world.layout, seen.place, seen.identity, seen.etag, purge=False)
        assert world.content("inbox/a.pdf") == b"theirs"

    # --- what others do

    def test_what_was_looked_at_is_as_looked_until_somebody_changes_it(self, world: World) -> None:
        world.put("inbox/a.pdf", b"one")
        seen = sighted(world, INBOX, "a.pdf")
        assert world.cloud.as_looked(world.layout)
        world.cloud.move(world.layout, seen.place, Place(REVIEW, "a.pdf"), seen.identity, seen.etag)
        assert world.cloud.as_looked(world.layout)

    # --- names

    @pytest.mark.parametrize("name", HOSTILE)
    def test_whatever_a_file_is_called_it_is_handled(self, world: World, name: str) -> None:
        try:
            world.put(f"inbox/{name}", b"content")
        except SyncdError:
            assert places(world) == set()  # people can't make such a name here
            return
        (seen,) = look(world).sightings
        assert read(world, seen) == b"content"
        moved = world.cloud.move(world.layout, seen.place, Place(REVIEW, seen.place.path), seen.identity)
        put = world.cloud.place(world.layout, Place(INBOX, seen.place.path), prepared(world, b"placed"))
        assert {each.place for each in look(world).sightings} == {moved.place, put.place}
        world.cloud.remove(world.layout, moved.place, moved.identity, moved.etag, purge=False)
        assert places(world) == {(INBOX, seen.place.path)}

    @pytest.mark.parametrize("path", ["../x.pdf", "a/../../x.pdf", "/x.pdf", ".", "..", "a//b.pdf", "a\0b.pdf"])
    def test_no_path_leads_out_of_the_stage(self, world: World, path: str) -> None:
        world.put("inbox/a.pdf", b"a")
        seen = sighted(world, INBOX, "a.pdf")
        with pytest.raises(SyncdError):
            world.cloud.place(world.layout, Place(INBOX, path), prepared(world, b"x"))
        with pytest.raises(SyncdError):
            world.cloud.move(world.layout, seen.place, Place(REVIEW, path), seen.identity)
        assert places(world) == {(INBOX, "a.pdf")}
