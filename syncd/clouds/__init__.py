"""The clouds: one file each, one contract (`syncd.contract.Cloud`, proven by tests/clouds/contract.py).

A new cloud is a file beside `folder.py` and its line in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from syncd.clouds.folder import FolderCloud
from syncd.contract import Cloud

KINDS: Mapping[str, Callable[..., Cloud]] = {
    "folder": FolderCloud,
}
"""`cloud.kind` in config.yaml → what makes it."""
