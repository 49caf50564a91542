"""Whether Samba here serves the intranet as syncd needs it: every file syncd's own, and who did what told."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from syncd.config import Config
from syncd.diagnosis import Diagnosis, fault, ok, warning
from syncd.examination.access import account, daemon_account

PREFIX: Final = "%T|%U|%I|%S"
TOLD: Final = ("renameat", "unlinkat", "pwrite_send")
_SECONDS: Final = 5.0
_SHIPPED: Final = "see docs/share.md and systemd/syncd-share.conf"

Share = Mapping[str, str]
"""The settings of one share, by their names."""


def samba(config: Config) -> Iterator[Diagnosis]:
    """Of each share in which the intranet's root lies and people may write. Raises OSError."""
    if config.intranet.audit_log is not None:
        yield _log(config.intranet.audit_log)
    shares = {name: share for name, share in _shares().items() if _serves(share, config.intranet.root)}
    for name, share in shares.items():
        wrong = list(_wrong(config, name, share))
        yield from wrong
        if not wrong:
            yield ok("intranet", "samba", f"[{name}] makes every file {_forced(share)}'s and tells who did what")


def _wrong(config: Config, name: str, share: Share) -> Iterator[Diagnosis]:
    mine = account(daemon_account(config))
    if _forced(share) != mine:
        said = f"[{name}] has no `force user = {mine}`: whether a file is still open can't be told"
        yield fault("intranet", "samba", said, f"set it and chown -R {mine} {config.intranet.root}; {_SHIPPED}")
    audited = "full_audit" in share.get("vfs objects", "").split()
    if config.intranet.audit_log is None:
        if _forced(share) == mine:
            said = f"whoever works on [{name}] is {mine} in the history"
            yield warning("intranet", "samba", said, f"set intranet.audit_log; {_SHIPPED}")
    elif not audited:
        yield fault("intranet", "samba", f"[{name}] has no `vfs objects = full_audit`", _SHIPPED)
    elif share.get("full_audit:prefix") != PREFIX:
        said = f"[{name}] names nobody: full_audit:prefix isn't {PREFIX}"
        yield fault("intranet", "samba", said, _SHIPPED)
    elif missing := [each for each in TOLD if each not in _told(share)]:
        yield fault(
            "intranet", "samba", f"[{name}] doesn't tell {', '.join(missing)}", f"full_audit:success: {_SHIPPED}"
        )
    elif share.get("full_audit:syslog", "true").lower() not in ("no", "false"):
        said = f"[{name}] writes who did what to the system's log, not to intranet.audit_log"
        yield fault("intranet", "samba", said, f"full_audit:syslog = false; {_SHIPPED}")


def _log(log: Path) -> Diagnosis:
    try:
        with log.open("rb"):
            return ok("intranet", "audit log", f"{log} can be read")
    except OSError as error:
        remedy = f"let {account()} read it and its folder; {_SHIPPED}"
        return fault("intranet", "audit log", f"{log}: {error.strerror}: the history can't name who did what", remedy)


def _forced(share: Share) -> str:
    return share.get("force user", "")


def _told(share: Share) -> list[str]:
    told = share.get("full_audit:success", "all").split()
    return list(TOLD) if "all" in told else told


def _serves(share: Share, root: Path) -> bool:
    """Whether people may write below `root` through it."""
    path = share.get("path", "")
    writable = share.get("read only", "Yes") == "No" or share.get("write list", "") != ""
    return writable and "%" not in path and path != "" and root.resolve().is_relative_to(Path(path).resolve())


def _shares() -> dict[str, Share]:
    """What `testparm` makes of smb.conf; none where there is no Samba."""
    program = shutil.which("testparm")
    if program is None:
        return {}
    try:
        done = subprocess.run(
            [program, "-s"], capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return {}
    shares: dict[str, dict[str, str]] = {}
    name = ""
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        stripped = line.strip()
        if stripped.startswith("[") and stripped.endswith("]"):
            name = stripped[1:-1]
        elif "=" in stripped and not stripped.startswith("#"):
            key, _, value = stripped.partition("=")
            shares.setdefault(name, {})[key.strip()] = value.strip()
    return {each: share for each, share in shares.items() if each != "global"}
