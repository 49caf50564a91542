"""Speaks to one address through apprise and says what came of it: sent, worth another try, or refused for good.

Owns what an answer means. It keeps no state and never raises; no reason that it gives holds an address or a secret.
"""

from __future__ import annotations

import logging
import threading
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from syncd.notices.message import Message, Outcome

if TYPE_CHECKING:
    from apprise.plugins import NotifyBase

    from syncd.notices.watched import Exchange

_LATER: Final = frozenset({408, 425, 429})
# Only these show a title apart from the text; elsewhere it would be said twice.
_WITH_TITLE: Final = frozenset(
    {"logochat", "logochats", "json", "jsons", "xml", "xmls", "form", "forms", "mailto", "mailtos"}
)
_starting = threading.Lock()


@cache
def _apprise() -> Any:
    """The library, with syncd's own services in it; loaded at the first message."""
    import apprise

    from syncd.notices.logochat import NotifyLogoChat
    from syncd.notices.spool import NotifySpool

    # What they log shows addresses; what went wrong is in the outcome.
    logging.getLogger("apprise").propagate = False
    logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)
    manager: Any = apprise.plugins.N_MGR
    with warnings.catch_warnings():  # its plugins load modules that Python is about to drop
        warnings.simplefilter("ignore", DeprecationWarning)
        for service in (NotifyLogoChat, NotifySpool):
            manager.add(service)
    return apprise


def deliver(url: str, message: Message) -> Outcome:
    """Sends one message to one address."""
    try:
        with _starting:
            service = _service(_apprise(), url)
    except Exception as error:
        return Outcome("later", "failed", type(error).__name__)
    return Outcome("refused", "no service") if service is None else _speak(service, message)


def _speak(service: NotifyBase, message: Message) -> Outcome:
    from apprise import NotifyFormat, NotifyType, OverflowMode
    from apprise.exception import AppriseImproperlyConfigured

    from syncd.notices import watched

    exchange = watched.Exchange(message.dedupe_key)
    try:
        if hasattr(service, "message"):
            service.message = message  # syncd's own services send more than apprise hands on
        with watched.watching(exchange):
            sent = service.notify(
                body=message.text,
                title=message.title if service.schema in _WITH_TITLE else "",
                notify_type=NotifyType(message.severity),
                body_format=NotifyFormat.TEXT,
                overflow=OverflowMode.SPLIT,
            )
    except AppriseImproperlyConfigured:
        return Outcome("refused", "no service")
    except Exception as error:  # a plugin may raise anything; its words may hold the address, its kind doesn't
        if exchange.problem or exchange.status:
            return _meaning(exchange)
        if isinstance(error, OSError) and service.schema == "spool":
            return Outcome("later", "disk", error.strerror or "OSError")
        return Outcome("later", "failed", type(error).__name__)
    return Outcome("sent") if sent else _meaning(exchange)


def _service(apprise: Any, url: str) -> NotifyBase | None:
    """The plugin for this address, made fresh: nothing is remembered from one message to the next."""
    asset = apprise.AppriseAsset(
        app_id="syncd",
        app_desc="syncd",
        http_redirects=False,
        secure_logging=True,
        interpret_emojis=False,
        image_url_mask="",  # pictures that every reader would fetch from a host which nobody configured
        image_url_logo="",
    )
    try:
        service: NotifyBase | None = apprise.Apprise.instantiate(url, asset=asset)
    except Exception:  # whatever a plugin's parser trips over, the address is not one to send to
        return None
    if service is None:
        return None
    from syncd.notices.watched import CONNECT_SECONDS, READ_SECONDS, lend

    plugin: Any = type(service)
    lend(plugin)
    service.request_rate_per_sec = 0  # it would sleep between the parts of one message
    if "rto=" not in url:
        service.socket_read_timeout = READ_SECONDS
    if "cto=" not in url:
        service.socket_connect_timeout = CONNECT_SECONDS
    return service


def _meaning(exchange: Exchange) -> Outcome:
    """What a failure's last answer, or the lack of one, means."""
    if exchange.problem:
        final = exchange.problem in ("plain http", "unverified")
        return Outcome("refused" if final else "later", exchange.problem, retry_after=exchange.retry_after)
    status = exchange.status
    if status is None:
        return Outcome("later", "not accepted")
    detail = str(status)
    if status in _LATER or status >= 500:
        return Outcome("later", "answered", detail, exchange.retry_after)
    if 300 <= status < 400:
        return Outcome("refused", "redirected", detail)
    if status >= 400:
        return Outcome("refused", "refused", detail)
    return Outcome("later", "not accepted", "", exchange.retry_after)
