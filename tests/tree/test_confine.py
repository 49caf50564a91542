"""Nothing leads out of the root: not a path, not a link, not a swap in the middle."""

from __future__ import annotations

import errno
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from syncd.errors import SyncdError
from syncd.tree import kernel
from syncd.tree.confine import Beneath


@pytest.fixture(params=[True, False], ids=["modern", "older"])
def modern(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "file").write_bytes(b"secret")
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (root / "folder" / "file").write_bytes(b"ours")
    return root


def test_this_kernel_has_openat2_or_else_the_other_way_is_taken(root: Path) -> None:
    assert kernel.has_openat2() or Beneath(root)._confined_by_kernel is False


@pytest.mark.parametrize(
    "path", ["..", "../secret/file", "folder/../../secret/file", "/etc/passwd", "folder//file", "./x"]
)
def test_a_path_that_leads_elsewhere_is_refused(root: Path, modern: bool, path: str) -> None:
    with Beneath(root, modern) as beneath:
        for act in (beneath.stat, beneath.unlink, beneath.mkdir, lambda path: beneath.open(path, os.O_RDONLY)):
            with pytest.raises(SyncdError):
                act(path)
        with pytest.raises(SyncdError):
            beneath.rename("folder/file", path)


def test_links_are_never_followed(root: Path, modern: bool) -> None:
    (root / "link").symlink_to(root.parent / "secret")
    (root / "inner").symlink_to("folder")
    (root / "folder" / "to-file").symlink_to(root.parent / "secret" / "file")
    with Beneath(root, modern) as beneath:
        for path in ("link/file", "inner/file", "folder/to-file", "link"):
            with pytest.raises(OSError, match=r".") as caught:
                os.close(beneath.open(path, os.O_RDONLY))
            assert caught.value.errno in {errno.ELOOP, errno.ENOTDIR}
        assert beneath.identity_of_folder("link") is None
        for act in (lambda: beneath.rename("folder/file", "link/file"), lambda: beneath.mkdir("link/new")):
            with pytest.raises(OSError, match=r"."):
                act()
    assert os.listdir(root.parent / "secret") == ["file"]


def test_a_pipe_is_not_waited_for(root: Path, modern: bool) -> None:
    os.mkfifo(root / "pipe")
    with Beneath(root, modern) as beneath, pytest.raises(OSError, match="not an ordinary file"), beneath.file("pipe"):
        pass


def test_a_rename_never_replaces(root: Path, modern: bool) -> None:
    (root / "other").write_bytes(b"theirs")
    (root / "empty").mkdir()
    with Beneath(root, modern) as beneath:
        with pytest.raises(FileExistsError):
            beneath.rename("folder/file", "other")
        with pytest.raises(FileExistsError):
            beneath.rename("folder", "empty")
        inode = os.stat(root / "folder" / "file").st_ino
        beneath.rename("folder/file", "moved")
        beneath.rename("folder", "renamed")
    assert (root / "moved").stat().st_ino == inode
    assert (root / "moved").stat().st_nlink == 1
    assert sorted(os.listdir(root)) == ["empty", "moved", "other", "renamed"]
    assert (root / "other").read_bytes() == b"theirs"


def test_two_names_are_swapped_where_the_kernel_can(root: Path, modern: bool) -> None:
    (root / "other").write_bytes(b"theirs")
    with Beneath(root, modern) as beneath:
        assert beneath.exchange("folder/file", "other") is modern
    assert (root / "other").read_bytes() == (b"ours" if modern else b"theirs")


def test_no_read_ever_leaves_the_root_while_links_are_swapped_in(root: Path, modern: bool) -> None:
    os.rename(root / "folder", root / "real")
    (root / "evil").symlink_to(root.parent / "secret")
    (root / "folder").mkdir()
    (root / "folder" / "file").write_bytes(b"ours")
    ending = threading.Event()

    def swap() -> None:
        folder = os.open(root, os.O_RDONLY)
        while not ending.is_set():
            kernel.renameat2(folder, b"folder", folder, b"evil", kernel.RENAME_EXCHANGE)
        os.close(folder)

    swapper = threading.Thread(target=swap)
    swapper.start()
    seen: set[bytes] = set()
    tries = 0
    until = time.monotonic() + 0.8
    with Beneath(root, modern) as beneath:
        while time.monotonic() < until:
            tries += 1
            with suppress(OSError), beneath.file("folder/file") as descriptor:
                seen.add(os.read(descriptor, 100))
    ending.set()
    swapper.join()
    assert tries > 1000
    assert seen == {b"ours"}


def test_a_new_folder_is_open_to_those_to_whom_its_parent_is(root: Path, modern: bool) -> None:
    os.chmod(root / "folder", 0o2771)
    with Beneath(root, modern) as beneath:
        assert beneath.mkdir("folder/new")
        assert not beneath.mkdir("folder/new")
        assert beneath.mkdir("folder/own", 0o700)
    assert (root / "folder" / "new").stat().st_mode & 0o7777 == 0o2771
    assert (root / "folder" / "own").stat().st_mode & 0o777 == 0o700


def test_a_folder_made_anew_is_another_although_the_inode_is_given_again(root: Path) -> None:
    with Beneath(root) as beneath:
        beneath.mkdir("first")
        first = beneath.identity_of_folder("first")
        beneath.rename("first", "renamed")
        assert beneath.identity_of_folder("renamed") == first
        beneath.rmdir("renamed")
        beneath.mkdir("second")
        assert beneath.identity_of_folder("second") != first
        assert beneath.identity_of_folder("nothing") is None
        assert beneath.identity_of_folder("folder/file") is None
