"""What syncd's own chat services derive from: apprise's `NotifyBase`, given honest types.

Apprise types its class attributes by their defaults (`protocol` is None), so that no plugin could pass a type checker.
Imports apprise: load it only to send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from syncd.notices.message import Message

if TYPE_CHECKING:

    class NotifyBase:
        """The part of it that is used."""

        service_name: str
        protocol: str
        secure_protocol: str
        request_rate_per_sec: float
        title_maxlen: int
        body_maxlen: int
        templates: tuple[str, ...]
        category: str
        host: str
        port: int | None
        user: str | None
        password: str | None
        secure: bool
        verify_certificate: bool

        def __init__(self, **parts: Any) -> None: ...

        @staticmethod
        def parse_url(url: str, *arguments: Any, **options: Any) -> dict[str, Any] | None: ...
else:
    from apprise.plugins import NotifyBase


class OwnService(NotifyBase):
    """A service that is told more of a message than apprise hands on: `services` sets `message` before it sends."""

    request_rate_per_sec = 0
    title_maxlen = 250
    category = "custom"
    message: Message | None = None
