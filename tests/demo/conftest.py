"""The demo with Box is played in CI's share of the long runs; every day the one with a directory is."""

from __future__ import annotations

import os

import pytest

LONG = "test_the_month_is_played_in_box_and_can_be_looked_at"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("SYNCD_DEMO_BOX") != "1":
        items[:] = [item for item in items if item.name != LONG]
