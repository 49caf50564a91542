"""A month in the ward, as data: what comes in, what staff do with it, what is asked for, and the bill at the end."""

from __future__ import annotations

from syncd.demo.month.arriving import ARRIVING
from syncd.demo.month.asking import ASKING
from syncd.demo.month.closing import CLOSING
from syncd.demo.month.working import WORKING
from syncd.demo.steps import Scene

MONTH: tuple[Scene, ...] = (*ARRIVING, *WORKING, *ASKING, *CLOSING)

__all__ = ["MONTH"]
