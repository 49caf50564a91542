"""When too much has vanished at once for it to be anybody's wish (D2)."""

from __future__ import annotations

AT_LEAST = 20
SHARE = 0.1
WITHIN_SECONDS = 3600.0


def too_many(vanished: int, files: int) -> bool:
    """Whether to stop the operator.

    Args:
        vanished: files that one side lost within `WITHIN_SECONDS`; moves are no losses.
        files: how many it had before.
    """
    return vanished > AT_LEAST and vanished > SHARE * files
