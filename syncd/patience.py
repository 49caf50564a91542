"""Not waiting for ever: for what asks a share or a host that may never answer.

A system call on a share whose server is gone can't be interrupted; the thread that is left in it is a daemon's and ends
with the process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from syncd.errors import SyncdError

Found = TypeVar("Found")


class TooSlow(SyncdError):
    """It was not waited for any longer."""


def within(seconds: float, work: Callable[[], Found]) -> Found:
    """What `work` returns or raises, if that is soon enough. Raises TooSlow."""
    found: list[Found] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as error:  # raised again where it is waited for
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TooSlow(f"no answer within {seconds:g} s", "see that the share or the host answers")
    if raised:
        raise raised[0]
    return found[0]
