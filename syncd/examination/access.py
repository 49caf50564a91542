"""What this account may do with a folder, by the rights that count now (the effective user's)."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from typing import Final

from syncd.config import Config

_EFFECTIVE: Final = os.access in os.supports_effective_ids


def may_work_in(folder: Path) -> bool:
    """List it, and make and take away files in it."""
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK, effective_ids=_EFFECTIVE)


def may_write_to(folder: Path) -> bool:
    """Make files in it."""
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=_EFFECTIVE)


def account(uid: int | None = None) -> str:
    """The name of a user, or the number where nobody knows one; by default the one this runs as."""
    uid = os.geteuid() if uid is None else uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def daemon_account(config: Config) -> int:
    """The account that the daemon runs as: the state folder's owner, whoever runs this."""
    try:
        return config.state.stat().st_uid
    except OSError:
        return os.geteuid()
