"""The chat service `spool:///folder`: each message as a text file, for a person to paste into a chat or print.

A file appears whole under its name or not at all; names sort by time. The same notice always has the same name, so a
repetition after a crash replaces it. Imports apprise: load it only to send.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from apprise import NotifyType

from syncd.notices.plugin import OwnService


class NotifySpool(OwnService):
    """One folder of text files."""

    service_name = "Spool"
    protocol = "spool"
    body_maxlen = 100_000
    templates = ("{schema}:///{folder}",)

    def __init__(self, folder: str, **parts: Any) -> None:
        super().__init__(**parts)
        self.folder = Path(folder)

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **_: Any) -> bool:
        """Writes the message durably. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / self._name()
        partial = self.folder / f".{target.name}.{os.getpid()}"
        try:
            with open(partial, "w", encoding="utf-8", newline="\n") as file:
                file.write(f"{body}\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, target)
        except BaseException:
            with suppress(OSError):
                partial.unlink()
            raise
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return True

    def _name(self) -> str:
        message = self.message
        moment = datetime.fromtimestamp(message.created_at, message.zone) if message else datetime.now().astimezone()
        return f"{moment:%Y%m%d-%H%M%S}-{message.id if message else 0:06d}.txt"

    def url(self, privacy: bool = False, *arguments: Any, **options: Any) -> str:
        return f"{self.protocol}://{quote(str(self.folder))}"

    @staticmethod
    def parse_url(url: str, *arguments: Any, **options: Any) -> dict[str, Any] | None:
        """Takes the address apart; only a whole path, so that no file lands by chance where the daemon was started."""
        parts = urlsplit(url)
        folder = unquote(parts.path)
        if parts.netloc or not folder.strip("/"):
            return None
        return {"schema": "spool", "host": "", "folder": folder, "secure": False}
