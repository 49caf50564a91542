"""The folder cloud fulfils the contract, with the kernel's newer calls and without them."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from syncd.clouds.folder import FolderCloud
from syncd.model import Layout, Place, Stage
from tests.clouds.contract import CloudContract


@dataclass
class FolderWorld:
    """A directory as the cloud; people's hands are plain file operations."""

    base: Path
    cloud: FolderCloud
    layout: Layout

    def _at(self, path: str) -> Path:
        return self.base / "cloud" / self.layout.folder / path

    def put(self, path: str, content: bytes) -> None:
        self._at(path).write_bytes(content)

    def rename(self, path: str, to: str) -> None:
        self._at(path).rename(self._at(to))

    def delete(self, path: str) -> None:
        if self._at(path).is_dir():
            shutil.rmtree(self._at(path))
        else:
            self._at(path).unlink()

    def make_folder(self, path: str) -> None:
        self._at(path).mkdir()

    def content(self, path: str) -> bytes | None:
        return self._at(path).read_bytes() if self._at(path).exists() else None

    def cut_off(self) -> None:
        (self.base / "cloud").rename(self.base / "unmounted")

    def keep(self, content: bytes) -> Path:
        path = self.base / f"kept-{len(list(self.base.iterdir()))}"
        path.write_bytes(content)
        return path


class TestFolderCloud(CloudContract):
    """Over openat2 and renameat2, and the way of older kernels and file systems."""

    @pytest.fixture(params=[True, False], ids=["modern", "older"])
    def world(self, request: pytest.FixtureRequest, tmp_path: Path) -> FolderWorld:
        cloud = FolderCloud(tmp_path / "cloud", 0, modern=request.param)
        layout = Layout("himawari", "認可/001_ひまわり保育園", {stage: stage.value for stage in Stage})
        cloud.mark("0f3c")
        cloud.ensure(layout, {})
        return FolderWorld(tmp_path, cloud, layout)

    def test_an_emptied_subfolder_goes_with_its_last_file_but_a_stage_folder_stays(self, world: FolderWorld) -> None:
        world.make_folder("inbox/a")
        world.make_folder("inbox/a/b")
        world.put("inbox/a/b/c.pdf", b"c")
        (seen,) = world.cloud.look(world.layout, {}).sightings
        moved = world.cloud.move(world.layout, seen.place, Place(Stage.REVIEW, "a/b/c.pdf"), seen.identity)
        assert os.listdir(world._at("inbox")) == []
        world.cloud.remove(world.layout, moved.place, moved.identity, moved.etag, purge=False)
        assert os.listdir(world._at("review")) == []
