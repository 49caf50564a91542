"""How far long work is: a line on a terminal, and a small file in the state folder that `syncd status` reads."""

from __future__ import annotations

import json
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

_FILE = "progress.json"
_PAUSE = 0.5
_STALE_SECONDS = 60.0
_WORTH_SAYING = 20
"""Files; less is read before anybody could look."""


class Progress:
    """Told by the daemon how many files of an operator it has read (`journey.Progress`). Safe for several threads."""

    def __init__(self, state: Path, stream: TextIO | None = None) -> None:
        self._file = state / _FILE
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._guard = threading.Lock()
        self._under_way: dict[str, tuple[int, int, float]] = {}
        self._last = 0.0
        self._line = ""

    def __call__(self, operator: str, read: int, total: int) -> None:
        if total < _WORTH_SAYING:
            return
        with self._guard:
            now = time.time()
            if read >= total:
                self._under_way.pop(operator, None)
            else:
                self._under_way[operator] = (read, total, now)
            if read < total and now - self._last < _PAUSE:
                return
            self._last = now
            self._show()
            self._write()

    def clear(self) -> None:
        """Takes the line off the terminal, before something else is written there."""
        if self._line:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._line = ""

    def end(self) -> None:
        """Nothing is under way any more."""
        with self._guard:
            self.clear()
            with suppress(OSError):
                self._file.unlink(missing_ok=True)

    def _show(self) -> None:
        if not self._terminal:
            return
        self.clear()
        if self._under_way:
            parts = [f"{operator} {read}/{total}" for operator, (read, total, _) in self._under_way.items()]
            self._line = f"reading files: {', '.join(parts)}"[:78]
            self._stream.write(self._line)
            self._stream.flush()

    def _write(self) -> None:
        temporary = self._file.with_name(f".{_FILE}")
        with suppress(OSError):  # a report that can't be written stops no work
            temporary.write_text(json.dumps(self._under_way))
            temporary.replace(self._file)


def under_way(state: Path) -> dict[str, tuple[int, int]]:
    """Operators whose files are being read just now: read, to read. Only what was said within the last minute."""
    try:
        found = json.loads((state / _FILE).read_bytes())
        now = time.time()
        return {
            str(operator): (int(read), int(total))
            for operator, (read, total, at) in found.items()
            if now - float(at) < _STALE_SECONDS
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
