"""The chat service `logochat://host:port/room`: one JSON object by POST to the bridge that stands before LoGoChat.

LoGoChat has no interface of its own; a bridge beside it takes `{id, room, title, text, severity, dedupe_key}`.
`logochats://` is the same over TLS; the plain one only reaches this machine. Imports apprise: load it only to send.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote, urlsplit

from apprise import NotifyType

from syncd.notices import watched
from syncd.notices.plugin import OwnService


class NotifyLogoChat(OwnService):
    """One room of LoGoChat behind a bridge."""

    service_name = "LoGoChat"
    protocol = "logochat"
    secure_protocol = "logochats"
    body_maxlen = 10_000
    templates = ("{schema}://{host}/{room}", "{schema}://{host}:{port}/{room}")

    def __init__(self, room: str, **parts: Any) -> None:
        super().__init__(**parts)
        self.room = room

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **_: Any) -> bool:
        """Posts the message; true when the bridge has taken it."""
        message = self.message
        payload = {
            "id": message.id if message else 0,
            "room": self.room,
            "title": title,
            "text": body,
            "severity": notify_type.value,
            "dedupe_key": message.dedupe_key if message else "",
        }
        auth = (self.user, self.password or "") if self.user else None
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port else ""
        address = f"{'https' if self.secure else 'http'}://{host}{port}/{quote(self.room)}"
        response = watched.post(address, json=payload, verify=self.verify_certificate, auth=auth)
        return 200 <= response.status_code < 300

    def url(self, privacy: bool = False, *arguments: Any, **options: Any) -> str:
        """The address without user and password."""
        schema = self.secure_protocol if self.secure else self.protocol
        port = f":{self.port}" if self.port else ""
        return f"{schema}://{self.host}{port}/{quote(self.room)}"

    @staticmethod
    def parse_url(url: str, *arguments: Any, **options: Any) -> dict[str, Any] | None:
        """Takes the address apart; apprise's own parser would make something else of a room like `12/345`."""
        parts = OwnService.parse_url(url)
        if parts is None:
            return None
        room = unquote(urlsplit(url).path).strip("/")
        return {**parts, "room": room} if room else None
