"""What people do with files below the root of one side, wherever that side is."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Hands(Protocol):
    """People at one side. Folders are written below its root: `012_ひまわり保育園/1_提出`."""

    def put(self, folder: str, name: str, content: bytes) -> None:
        """Puts a file there; one of that name is replaced."""

    def move(self, folder: str, name: str, to_folder: str, to_name: str) -> None:
        """Moves a file, or renames it."""

    def names(self, folder: str) -> list[str]:
        """The files in a folder, in order."""

    def content(self, folder: str, name: str) -> bytes:
        """What a file holds."""


class FolderHands:
    """People who work in a directory."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, folder: str, name: str) -> Path:
        """Where it lies on this computer."""
        return self._root / folder / name

    def put(self, folder: str, name: str, content: bytes) -> None:
        # Whole at once, as cloud clients do: written beside the tree, then moved in.
        written = self._root.with_name(f"{self._root.name}.part")
        written.write_bytes(content)
        written.replace(self.path(folder, name))

    def move(self, folder: str, name: str, to_folder: str, to_name: str) -> None:
        self.path(folder, name).rename(self.path(to_folder, to_name))

    def names(self, folder: str) -> list[str]:
        return sorted(path.name for path in (self._root / folder).iterdir() if path.is_file())

    def content(self, folder: str, name: str) -> bytes:
        return self.path(folder, name).read_bytes()
