"""The effects keep people's bytes, also when a person acts at the very same moment."""

from __future__ import annotations

import errno
import io
import os
import resource
import stat
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from syncd.errors import Busy, Changed, NameTaken, SyncdError, Unreachable
from syncd.model import Place, Stage
from tests.tree.yard import Yard, made

Before = Callable[..., None]
A = Place(Stage.INBOX, "a.pdf")
B = Place(Stage.REVIEW, "sub/b.pdf")


def steps_before_the_swap(yard: Yard) -> int:
    """Renames that come before people's name is touched: the staged bytes go aside, and back where no swap is."""
    return 1 if yard.modern else 2


# --- a person acts at the same moment ---------------------------------------------------------------------------------


def test_a_file_saved_right_before_it_is_replaced_survives(either: Yard, before: Before) -> None:
    file = either.put("inbox/a.pdf", b"seen")
    seen = either.sighted("inbox/a.pdf")
    staged = either.prepared()
    before("rename", "a.pdf", lambda: file.write_bytes(b"saved"), skip=steps_before_the_swap(either))
    with pytest.raises(Changed):
        either.tree.replace(either.layout, A, seen.identity, seen.etag, staged)
    assert either.contents() == {"inbox/a.pdf": b"saved"}
    either.tree.discard(staged)
    assert either.own() == []


def test_a_file_saved_by_rename_right_before_it_is_replaced_survives(either: Yard, before: Before) -> None:
    either.put("inbox/a.pdf", b"seen")
    seen = either.sighted("inbox/a.pdf")
    staged = either.prepared()

    def save() -> None:
        other = either.put("inbox/~save.tmp", b"saved")
        os.replace(other, either.home / "inbox" / "a.pdf")

    before("rename", "a.pdf", save, skip=steps_before_the_swap(either))
    with pytest.raises(Changed):
        either.tree.replace(either.layout, A, seen.identity, seen.etag, staged)
    assert either.contents() == {"inbox/a.pdf": b"saved"}


def test_both_files_of_a_person_survive_who_saves_twice_within_a_replacement(yard: Yard, before: Before) -> None:
    file = yard.put("inbox/a.pdf", b"seen")
    seen = yard.sighted("inbox/a.pdf")
    staged = yard.prepared()
    before("rename", "a.pdf", lambda: file.write_bytes(b"saved"), skip=steps_before_the_swap(yard))
    before("rename", "a.pdf", lambda: (yard.home / "inbox/a.pdf").write_bytes(b"saved again"))
    with pytest.raises(Changed):
        yard.tree.replace(yard.layout, A, seen.identity, seen.etag, staged)
    assert yard.contents() == {"inbox/a.pdf": b"saved", "inbox/a (1).pdf": b"saved again"}
    assert yard.own() == []


def test_a_file_saved_right_before_it_is_removed_survives(either: Yard, before: Before) -> None:
    file = either.put("inbox/a.pdf", b"seen")
    seen = either.sighted("inbox/a.pdf")
    before("os.mkdir", "out-", lambda: file.write_bytes(b"saved"))
    with pytest.raises(Changed):
        either.tree.remove(either.layout, A, seen.identity, seen.etag, purge=True)
    assert either.contents() == {"inbox/a.pdf": b"saved"}
    assert either.own() == []


def test_a_file_opened_right_before_it_is_removed_survives(yard: Yard, before: Before) -> None:
    file = yard.put("inbox/a.pdf", b"seen")
    seen = yard.sighted("inbox/a.pdf")
    writing: list[int] = []
    before("os.mkdir", "out-", lambda: writing.append(os.open(file, os.O_WRONLY | os.O_APPEND)))
    with pytest.raises(Changed):
        yard.tree.remove(yard.layout, A, seen.identity, seen.etag, purge=False)
    os.write(writing[0], b" and more")
    os.close(writing[0])
    assert yard.contents() == {"inbox/a.pdf": b"seen and more"}


def test_another_file_put_in_the_way_right_before_a_move_stays(either: Yard, before: Before) -> None:
    either.put("inbox/a.pdf", b"seen")
    seen = either.sighted("inbox/a.pdf")

    def swap() -> None:
        (either.home / "inbox/a.pdf").rename(either.home / "confirmed/a.pdf")
        either.put("inbox/a.pdf", b"another")

    before("os.mkdir", "sub", swap)
    with pytest.raises(Changed):
        either.tree.move(either.layout, A, B, seen.identity)
    assert either.contents() == {"confirmed/a.pdf": b"seen", "inbox/a.pdf": b"another"}


def test_a_file_made_right_before_one_is_placed_there_stays(either: Yard, before: Before) -> None:
    staged = either.prepared()
    before("rename", "new-", lambda: either.put("inbox/a.pdf", b"theirs"))
    with pytest.raises(NameTaken):
        either.tree.place(either.layout, A, staged)
    assert either.contents() == {"inbox/a.pdf": b"theirs"}


def test_a_file_that_is_being_written_to_is_neither_read_nor_replaced_nor_removed_but_may_move(yard: Yard) -> None:
    file = yard.put("inbox/a.pdf", b"seen")
    seen = yard.sighted("inbox/a.pdf")
    staged = yard.prepared()
    with open(file, "ab") as writing:
        with pytest.raises(Busy):
            yard.tree.read(yard.layout, seen, io.BytesIO())
        with pytest.raises(Changed):
            yard.tree.replace(yard.layout, A, seen.identity, seen.etag, staged)
        with pytest.raises(Changed):
            yard.tree.remove(yard.layout, A, seen.identity, seen.etag, purge=False)
        yard.tree.move(yard.layout, A, B, seen.identity)
        writing.write(b" and more")
    assert yard.contents() == {"review/sub/b.pdf": b"seen and more"}


def test_an_edit_right_after_a_placement_shows_at_the_next_look(yard: Yard, before: Before) -> None:
    staged = yard.prepared()
    put = yard.tree.place(yard.layout, A, staged)
    yard.put("inbox/a.pdf", b"OURS")
    assert yard.tree.place(yard.layout, A, staged) == put
    seen = yard.sighted("inbox/a.pdf")
    assert seen.identity == put.identity
    assert seen.etag != put.etag


def test_a_link_put_in_the_way_is_neither_followed_nor_replaced(either: Yard) -> None:
    secret = either.base / "secret.pdf"
    secret.write_bytes(b"secret")
    os.symlink(secret, either.home / "inbox" / "a.pdf")
    os.symlink(either.base, either.home / "review" / "sub")
    staged = either.prepared()
    with pytest.raises(NameTaken):
        either.tree.place(either.layout, A, staged)
    with pytest.raises(Changed):
        either.tree.place(either.layout, B, staged)
    inode = str(os.lstat(either.home / "inbox" / "a.pdf").st_ino)
    for act in (
        lambda: either.tree.move(either.layout, A, Place(Stage.REVIEW, "c.pdf"), inode),
        lambda: either.tree.remove(either.layout, A, inode, "1-2-3", purge=False),
        lambda: either.tree.replace(either.layout, A, inode, "1-2-3", staged),
    ):
        with pytest.raises(Changed):
            act()
    assert secret.read_bytes() == b"secret"
    assert sorted(os.listdir(either.base)) == ["intranet", "kept", "secret.pdf"]


# --- names and folders ------------------------------------------------------------------------------------------------


def test_a_subfolder_that_windows_takes_for_the_same_is_used(yard: Yard) -> None:
    yard.put("inbox/Folder/x.pdf")
    put = yard.tree.place(yard.layout, Place(Stage.INBOX, "folder/a.pdf"), yard.prepared())
    assert put.place == Place(Stage.INBOX, "Folder/a.pdf")
    with pytest.raises(NameTaken):
        yard.tree.place(yard.layout, Place(Stage.INBOX, "FOLDER/X.pdf"), yard.prepared())


def test_a_stage_folder_is_never_made_for_a_file(either: Yard) -> None:
    os.rmdir(either.home / "inbox")
    with pytest.raises(Changed):
        either.tree.place(either.layout, A, either.prepared())
    with pytest.raises(SyncdError, match="is in a stage"):
        either.tree.place(either.layout, Place(None, "inbox/a.pdf"), either.prepared())
    assert not (either.home / "inbox").exists()


def test_a_placed_file_is_open_to_those_to_whom_its_folder_is(yard: Yard) -> None:
    os.chmod(yard.home / "inbox", 0o2770)
    os.chmod(yard.home / "review", 0o755)
    yard.tree.place(yard.layout, A, yard.prepared())
    yard.tree.place(yard.layout, B, yard.prepared())
    modes = {path: stat.S_IMODE((yard.home / path).stat().st_mode) for path in ("inbox/a.pdf", "review/sub/b.pdf")}
    assert modes == {"inbox/a.pdf": 0o660, "review/sub/b.pdf": 0o644}


def test_an_access_list_that_a_folder_hands_down_holds_for_placed_files(yard: Yard) -> None:
    entry = struct.Struct("<HHI")
    nobody = 65534
    entries = [(1, 7, 2**32 - 1), (2, 6, nobody), (4, 0, 2**32 - 1), (16, 7, 2**32 - 1), (32, 0, 2**32 - 1)]
    value = struct.pack("<I", 2) + b"".join(entry.pack(*each) for each in entries)
    try:
        os.setxattr(yard.home / "inbox", "system.posix_acl_default", value)
    except OSError:
        pytest.skip("this file system has no access lists")
    yard.tree.place(yard.layout, A, yard.prepared())
    handed_down = os.getxattr(yard.home / "inbox" / "a.pdf", "system.posix_acl_access")
    assert entry.pack(2, 6, nobody) in handed_down


def test_a_replaced_file_keeps_its_permissions(yard: Yard) -> None:
    yard.put("inbox/a.pdf").chmod(0o640)
    seen = yard.sighted("inbox/a.pdf")
    yard.tree.replace(yard.layout, A, seen.identity, seen.etag, yard.prepared())
    assert stat.S_IMODE((yard.home / "inbox/a.pdf").stat().st_mode) == 0o640
    assert yard.own() == []


# --- the disk ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    point = tmp_path / "small"
    point.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", point], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("mounting is not allowed here")
    yield point
    subprocess.run(["umount", "-l", point], check=True)


def test_a_full_disk_is_said_and_nothing_half_is_left(small_disk: Path, tmp_path: Path) -> None:
    yard = made(small_disk)
    yard.base = tmp_path
    with pytest.raises(Unreachable, match="disk is full"):
        yard.prepared(b"x" * 1_000_000)
    assert yard.own() == []
    assert yard.contents() == {}
    yard.tree.place(yard.layout, A, yard.prepared(b"fits"))
    assert yard.contents() == {"inbox/a.pdf": b"fits"}


def test_a_quota_is_said_like_a_full_disk(tmp_path: Path) -> None:
    code = f"""
import resource, sys
from pathlib import Path
sys.path.insert(0, {os.getcwd()!r})
from tests.tree.yard import made
yard = made(Path({os.fspath(tmp_path)!r}))
kept = Path({os.fspath(tmp_path)!r}) / "big"
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    yard.tree.prepare(kept, "0" * 40, 1_000_000)
except Exception as error:
    print(type(error).__name__, error, yard.own())
"""
    (tmp_path / "big").write_bytes(b"x" * 1_000_000)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("Unreachable")
    assert "free space or raise the quota" in run.stdout
    assert run.stdout.endswith("[]\n")
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4096


def test_a_folder_on_another_disk_is_refused_and_the_file_stays(small_disk: Path, tmp_path: Path) -> None:
    yard = made(tmp_path)
    subprocess.run(["mount", "--bind", small_disk, yard.home / "review"], check=True)
    try:
        yard.put("inbox/a.pdf", b"seen")
        seen = yard.sighted("inbox/a.pdf")
        with pytest.raises(Unreachable, match="another file system"):
            yard.tree.move(yard.layout, A, Place(Stage.REVIEW, "a.pdf"), seen.identity)
        with pytest.raises(Unreachable, match="another file system"):
            yard.tree.place(yard.layout, Place(Stage.REVIEW, "b.pdf"), yard.prepared())
        assert yard.contents() == {"inbox/a.pdf": b"seen"}
    finally:
        subprocess.run(["umount", "-l", yard.home / "review"], check=True)


def test_damaged_kept_bytes_are_no_fault_of_this_side(yard: Yard) -> None:
    kept = yard.base / "kept"
    kept.write_bytes(b"damaged")
    for content in (kept, yard.base / "nothing"):
        with pytest.raises(SyncdError, match="kept bytes") as caught:
            yard.tree.prepare(content, "0" * 40, 7)
        assert not isinstance(caught.value, (Unreachable, Changed))
    assert yard.own() == []


def test_a_sink_that_is_full_is_no_fault_of_this_side(yard: Yard) -> None:
    yard.put("inbox/a.pdf", b"x" * 100_000)
    seen = yard.sighted("inbox/a.pdf")
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(SyncdError, match="state folder") as caught:
        yard.tree.read(yard.layout, seen, full)
    assert not isinstance(caught.value, Unreachable)
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOSPC
