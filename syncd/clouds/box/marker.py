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
WARD: Final = "ward"


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

    def ward(self) -> tuple[str, str] | None:
        """Which state works in this folder, and where that lies; None: nobody said so. Costs a call when it is new."""
        item = self._ward_file()
        if item is None:
            return None
        kept = self._memory.value(f"{WARD} {item.sha1}")
        if kept is None:
            sink = io.BytesIO()
            transfer.download(self._calls, item.id, item.name, item.size, sink)
            kept = sink.getvalue().decode("utf-8", "replace")
            self._memory.set_value(f"{WARD} {item.sha1}", kept)
        try:
            found = json.loads(kept)
            return str(found["state"]), str(found["home"])
        except (ValueError, KeyError, TypeError):
            return None

    def set_ward(self, state: str, home: str) -> None:
        """Says that this state works here from now on. Raises NameTaken: another said so just now."""
        own = self._tree.child(self._tree.root, OWN) or self._folders.make(self._tree.root, OWN)
        content = json.dumps({"state": state, "home": home}).encode() + b"\n"
        before = self._ward_file()
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            path, sha1 = Path(file.name), _sha1(content)
            if before is None:
                self._effects.upload(own, WARD, path, sha1, len(content))
            else:
                entry = transfer.upload(
                    self._calls, path, sha1, len(content), name=WARD, file=before.id, etag=before.etag
                )
                self._tree.keep(entry)
        self._memory.set_value(f"{WARD} {sha1}", content.decode())

    def _ward_file(self) -> CloudItem | None:
        own = self._tree.child(self._tree.root, OWN)
        if own is None or not own.folder:
            return None
        if not own.listed:
            self._tree.list(own.id, own.name)
        return self._tree.child(own.id, WARD)

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
