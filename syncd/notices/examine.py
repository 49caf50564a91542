"""What can be told of a chat address without sending anything. Refuses to show what in it is secret.

In the addresses of many services the place of the host holds a token; a host is only taken from there where the service
says that it is one.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from syncd.notices import services
from syncd.notices.message import REASONS
from syncd.notices.watched import is_loopback

_CONSTANTS: Final = ("notify_url", "webhook_url", "api_url", "cloud_notify_url")
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """What an address leads to.

    Attributes:
        service: apprise's word for it, such as `slack`; '' when it knows none.
        refused: why nothing would be sent there, though it is an address; '' when it would.
        host, port: where it connects to; '' where that can't be told.
        folder: of `spool://`.
    """

    service: str
    refused: str = ""
    host: str = ""
    port: int = 0
    folder: Path | None = None

    @property
    def url(self) -> str:
        """Host and port only, in a form that proxies of the environment can be looked up for."""
        return f"https://{self.host}:{self.port}/"


def understood(url: str) -> Address:
    """Takes an address apart as for sending."""
    service = services._service(services._apprise(), url)
    if service is None:
        return Address("", REASONS["no service"]["en"].partition(" — ")[0])
    found: Any = service
    name = str(found.schema)
    if name == "spool":
        return Address(name, folder=Path(found.folder))
    host, port, own = _host(found)
    refused = ""
    if own and _speaks_http(found) and not is_loopback(host):
        if not found.secure:
            refused = REASONS["plain http"]["en"]
        elif not found.verify_certificate:
            refused = REASONS["unverified"]["en"]
    return Address(name, refused, host, port)


def _host(service: Any) -> tuple[str, int, bool]:
    """Host and port, and whether they were written into the address."""
    templates = [str(each) for each in type(service).templates]
    if templates and all("{host}" in each for each in templates):
        host = str(getattr(service, "smtp_host", "") or service.host or "")
        return host, int(service.port or (443 if service.secure else 80)), True
    for name in _CONSTANTS:
        constant = getattr(type(service), name, None)
        if isinstance(constant, str) and not any("{host}" in each for each in templates):
            parts = urlsplit(constant)
            if parts.scheme in _PORTS and parts.hostname and "{" not in parts.netloc:
                return parts.hostname, parts.port or _PORTS[parts.scheme], False
    return "", 0, False


def _speaks_http(service: Any) -> bool:
    module = sys.modules[type(service).__module__]
    return hasattr(module, "requests") or str(service.schema).startswith("logochat")
