"""Notices that an administrator saved config.yaml or a rule, once the save is over."""

from __future__ import annotations

import time
from pathlib import Path

QUIET_SECONDS = 0.6
CHECK_SECONDS = 0.5

Signature = tuple[tuple[str, int, int, int], ...]


class WatchedFiles:
    """Looks at names, sizes and times only; what the files say is read by those who need it."""

    def __init__(self, config: Path, rules: Path) -> None:
        self._config, self._rules = config, rules
        self._known = {"config": _signature(config), "rules": _signature(rules)}
        self._seen: dict[str, tuple[Signature, float]] = {}
        self._next = 0.0

    def follow(self, rules: Path) -> None:
        """The rules are in another folder from now on."""
        if rules != self._rules:
            self._rules = rules
            self._known["rules"] = ()

    def changed(self) -> tuple[bool, bool]:
        """Whether the config, and the rules, were changed and have been quiet since."""
        now = time.monotonic()
        if now < self._next:
            return False, False
        self._next = now + CHECK_SECONDS
        return self._changed("config", self._config, now), self._changed("rules", self._rules, now)

    def _changed(self, name: str, path: Path, now: float) -> bool:
        signature = _signature(path)
        if signature == self._known[name]:
            self._seen.pop(name, None)
            return False
        before, since = self._seen.get(name, ((), now))
        if before != signature:
            self._seen[name] = (signature, now)
            return False
        if now - since < QUIET_SECONDS:
            return False
        self._known[name] = signature
        return True


def _signature(path: Path) -> Signature:
    """Of a file, or of all files below a folder; empty when there is none."""
    try:
        files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        found = []
        for file in files:
            if file.name.startswith((".", "~$")):
                continue
            status = file.stat()
            found.append((str(file), status.st_ino, status.st_size, status.st_mtime_ns))
        return tuple(found)
    except OSError:
        return ()
