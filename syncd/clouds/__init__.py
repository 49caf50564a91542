"""The clouds: one file (or folder) each, one contract (`syncd.contract.Cloud`, proven by tests/clouds/contract.py).

A new cloud is a file beside `folder.py` and its line in `open_cloud`.
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from syncd.clock import Clock
from syncd.clouds.folder import FolderCloud
from syncd.config import BoxCloud, Config
from syncd.contract import Cloud, CloudMemory


def open_cloud(
    config: Config, clock: Clock, memory: CloudMemory, zone: Callable[[], ZoneInfo], *, patient: bool = True
) -> Cloud:
    """The cloud that `cloud.kind` in config.yaml names.

    Args:
        memory: what a cloud that knows its items by id remembers.
        zone: the ward's time zone, as it is now.
        patient: False where a person waits for the answer.
    """
    if isinstance(config.cloud, BoxCloud):
        from syncd.clouds.box.box import BoxCloud as Box  # loads requests, which a directory doesn't need

        return Box(config.cloud, memory, clock, zone, patient=patient)
    return FolderCloud(config.cloud.root, config.intranet.settle_seconds, clock)
