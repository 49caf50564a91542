"""Box fulfils the contract of the clouds, over boxsdk and a simulator that strangers believe."""

from __future__ import annotations

from tests.clouds.contract import CloudContract


class TestBox(CloudContract):
    """With what Box has and a directory hasn't: a trash."""

    has_trash = True
