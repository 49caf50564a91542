"""Box as a story's cloud: the simulator behind real HTTP, and the paths on which people there work without HTTP."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PosixPath
from typing import Any, ClassVar, Self

import pytest

from tests.boxsim import Hands, Refused, Server, Simulator

SECRET = "SYNCD_STORIES_BOX_SECRET"
"""The environment variable that holds the client's secret, for the daemon as a process, too."""


def folder_only(reason: str) -> pytest.MarkDecorator:
    """A story, or one of its parameters, that only a directory as the cloud can tell."""
    return pytest.mark.folder_only(reason)


class Box:
    """One Box for all stories of a session."""

    def __init__(self) -> None:
        self.sim = Simulator()
        self.server = Server(self.sim)
        self.server.start()
        os.environ[SECRET] = self.sim.account.client_secret  # the same for every simulator

    def close(self) -> None:
        self.server.stop()

    def root(self) -> BoxRoot:
        """A place for one ward."""
        return BoxRoot(self)


class BoxRoot:
    """The folder in Box that is one ward's `cloud.root`, and the person who works in it.

    Attributes:
        folder_id: of the folder.
        path: the folder as that person, who is not syncd, sees it.
    """

    def __init__(self, box: Box) -> None:
        sim = box.sim
        self.box = box
        above = sim.hands().make_folder(f"ward {len(sim.state.users)}")
        self.folder_id = sim.hands(above).make_folder("cloud")
        person = sim.add_user("nursery")
        sim.collaborate(above, person, "editor")
        self.hands = sim.hands(above, person)
        sim.calls.clear()

        class Here(BoxPath):
            hands = self.hands

        self.path: BoxPath = Here("/cloud")

    @property
    def config(self) -> str:
        """The line of config.yaml."""
        account, server = self.box.sim.account, self.box.server
        return (
            f"cloud: {{kind: box, root: '{self.folder_id}', auth: {{client_id: '{account.client_id}',"
            f" client_secret: '${{{SECRET}}}', enterprise_id: '{account.enterprise_id}'}}, base_urls:"
            f" {{base: '{server.base_url}', upload: '{server.upload_url}', oauth2: '{server.oauth2_url}'}}}}\n"
        )


class BoxPath(PosixPath):
    """A file or folder in Box, with the methods of `Path` by which people do something; the ward's root is `/cloud`.

    What a disk alone can do (stat, chmod, links) is no method of it: it isn't anywhere that the system could open.
    """

    hands: ClassVar[Hands]

    def __fspath__(self) -> str:
        raise TypeError(f"{self} lies in Box")

    @property
    def _place(self) -> str:
        return str(self).lstrip("/")

    @property
    def identity(self) -> str | None:
        """Its id in Box."""
        return self.hands.identity(self._place)

    def is_file(self) -> bool:
        return self.hands.content(self._place) is not None

    def is_dir(self) -> bool:
        return self.exists() and not self.is_file()

    def exists(self) -> bool:
        return self.identity is not None

    def read_bytes(self) -> bytes:
        content = self.hands.content(self._place)
        if content is None:
            raise FileNotFoundError(self._place)
        return content

    def read_text(self, encoding: str | None = None, errors: str | None = None) -> str:
        return self.read_bytes().decode(encoding or "utf-8", errors or "strict")

    def write_bytes(self, data: Any) -> int:
        self.hands.put(self._place, data)
        return len(data)

    def write_text(
        self, data: str, encoding: str | None = None, errors: str | None = None, newline: str | None = None
    ) -> int:
        return self.write_bytes(data.encode(encoding or "utf-8", errors or "strict"))

    def mkdir(self, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        self.hands.make_folder(self._place)

    def rename(self, target: str | os.PathLike[str]) -> Self:
        """Box gives no name twice: unlike on a disk, what is there is in the way."""
        if not isinstance(target, BoxPath):
            raise TypeError(f"{target} doesn't lie in Box")
        there = type(self)(target)
        try:
            self.hands.rename(self._place, there._place)
        except Refused as refused:
            raise FileExistsError(f"{there}: {refused}") from refused
        return there

    def replace(self, target: str | os.PathLike[str]) -> Self:
        return self.rename(target)

    def copied_to(self, target: BoxPath) -> None:
        self.hands.copy(self._place, target._place)

    def unlink(self, missing_ok: bool = False) -> None:
        self.hands.delete(self._place)

    def rmdir(self) -> None:
        assert not self.hands.entries(self._place), f"{self} is not empty"
        self.hands.delete(self._place)

    def remove_all(self) -> None:
        """The folder with all that is in it, into the trash."""
        self.hands.delete(self._place)

    def iterdir(self) -> Iterator[Self]:  # type: ignore[override]
        return (self / name for name in self.hands.entries(self._place))

    def rglob(self, pattern: str) -> Iterator[Self]:  # type: ignore[override]
        prefix = f"{self._place}/" if self._place else ""
        for below in sorted({*self.hands.tree(), *self.hands.folders()}):
            if below.startswith(prefix) and fnmatchcase(below.rpartition("/")[2], pattern):
                yield self / below[len(prefix) :]


def remove_all(folder: Path) -> None:
    """A person deletes a folder with all that is in it."""
    if isinstance(folder, BoxPath):
        folder.remove_all()
    else:
        import shutil

        shutil.rmtree(folder)
