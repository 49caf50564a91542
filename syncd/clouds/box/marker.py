"""The root marker in Box: `.syncd/marker` says which ward's folder this is, as it does in a directory.

Owns syncd's own folder there, which no operator sees. Refuses to replace a marker and to take a damaged one for none.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from pathlib import Path
from typing import Final

from syncd.clouds.box import transfer
from syncd.clouds.box.calls import Calls
from syncd.clouds.box.effects import Effects
from syncd.clouds.box.folders import BoxFolders
from syncd.clouds.box.tree import ItemTree
from syncd.contract import CloudItem, CloudMemory
from syncd.errors import Unreachable

OWN: Final = ".syncd"
MARKER: Final = "marker"


class RootMarker:
    """Reads it, and writes it once."""

    def __init__(
        self, calls: Calls, memory: CloudMemory, tree: ItemTree, folders: BoxFolders, effects: Effects
    ) -> None:
        self._calls = calls
        self._memory = memory
        self._tree = tree
        self._folders = folders
        self._effects = effects

    def read(self) -> str | None:
        """The marker's id; None when there is none. Costs calls only when it was never read."""
        own = self._tree.child(self._tree.root, OWN)
        if own is None or not own.folder:
            return None
        if not own.listed:
            self._tree.list(own.id, own.name)
        marker = self._tree.child(own.id, MARKER)
        return None if marker is None else self._content(marker)

    def write(self, marker: str) -> None:
        """Puts one there; one that somebody else puts there at the same time stays."""
        own = self._tree.child(self._tree.root, OWN) or self._folders.make(self._tree.root, OWN)
        content = json.dumps({"id": marker}).encode() + b"\n"
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            self._effects.upload(own, MARKER, Path(file.name), _sha1(content), len(content))
        self._memory.set_value(f"marker {_sha1(content)}", marker)

    def _content(self, item: CloudItem) -> str:
        known = self._memory.value(f"marker {item.sha1}")
        if known is not None:
            return known
        sink = io.BytesIO()
        transfer.download(self._calls, item.id, item.name, item.size, sink)
        try:
            found = json.loads(sink.getvalue())["id"]
        except (ValueError, KeyError, TypeError):
            found = None
        if not isinstance(found, str) or not found or _sha1(sink.getvalue()) != item.sha1:
            raise Unreachable(
                f"cloud Box folder {self._tree.root}/{OWN}/{MARKER}: the root marker is damaged",
                "restore its former version in Box",
            )
        self._memory.set_value(f"marker {item.sha1}", found)
        return found


def _sha1(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()
