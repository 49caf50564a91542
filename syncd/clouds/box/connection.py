"""The one way to Box: a session that goes to the named hosts only, and a token that all threads share.

Owns TLS, proxy, the allowed hosts and the refreshing of the token. Refuses any other host, plain HTTP to anything but
this computer, and what the environment might add (proxies, .netrc, other certificates).
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from syncd.config import BoxCloud, ClientCredentials
from syncd.errors import Unreachable

if TYPE_CHECKING:
    from box_sdk_gen import BoxClient
    from box_sdk_gen.networking.auth import Authentication

THREADS: Final = 16
"""Connections that are kept open: workers, the listener and transfers in parts."""
CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
BOX_DOMAINS: Final = ("box.com", "boxcloud.com", "box.net")
"""Where Box itself lives: its API, its content hosts and its realtime hosts."""
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
EARLY_SECONDS: Final = 300.0
"""How long before its end a token is replaced."""


def open_session(settings: BoxCloud) -> requests.Session:
    """A session for all calls and transfers. Raises Unreachable when a certificate file can't be used."""
    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 1
    allowed = _Hosts(settings)
    session.mount("https://", _Adapter(allowed, _tls(settings.ca_file, settings.client_certificate)))
    session.mount("http://", _Adapter(allowed, None))
    if settings.proxy:
        session.proxies = {"http": settings.proxy, "https": settings.proxy}
    if settings.ca_file is not None:
        session.verify = str(settings.ca_file)
    return session


def client(settings: BoxCloud, session: requests.Session, now: Callable[[], float]) -> tuple[BoxClient, SharedToken]:
    """boxsdk's client on that session; it neither repeats nor waits."""
    from box_sdk_gen import BoxClient
    from box_sdk_gen.networking.base_urls import BaseUrls
    from box_sdk_gen.networking.box_network_client import BoxNetworkClient
    from box_sdk_gen.networking.network import NetworkSession
    from box_sdk_gen.networking.retries import RetryStrategy
    from box_sdk_gen.networking.timeout_config import TimeoutConfig

    class Once(RetryStrategy):
        """What may be repeated, and when, `calls` knows."""

        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]

        def should_retry(self, *_: Any, **__: Any) -> bool:
            return False

        def retry_after(self, *_: Any, **__: Any) -> float:
            return 0.0

    urls = settings.base_urls
    network = NetworkSession(
        network_client=BoxNetworkClient(session),
        retry_strategy=Once(),
        base_urls=BaseUrls(base_url=urls.base, upload_url=urls.upload, oauth_2_url=urls.oauth2),
        timeout_config=TimeoutConfig(
            connection_timeout_ms=int(CONNECT_SECONDS * 1000), read_timeout_ms=int(READ_SECONDS * 1000)
        ),
    )
    token = SharedToken(_authentication(settings), now)
    return BoxClient(auth=token, network_session=network), token  # type: ignore[arg-type]  # it is asked for a header only


class SharedToken:
    """boxsdk's authentication, asked once for all threads: by itself each of them would fetch a token of its own.

    `counted` is told of every token that is fetched.
    """

    def __init__(self, authentication: Authentication, now: Callable[[], float]) -> None:
        self._authentication = authentication
        self._now = now
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0
        self.counted: Callable[[], None] = lambda: None

    def retrieve_authorization_header(self, network_session: Any = None) -> str:
        """What boxsdk asks for."""
        return f"Bearer {self.current(network_session)}"

    def current(self, network_session: Any) -> str:
        """A token that is good for a while yet. Raises what boxsdk raises."""
        with self._lock:
            if not self._token or self._now() >= self._until:
                self._fetch(network_session)
            return self._token

    def renew(self, refused: str) -> None:
        """A token was refused: the next call fetches another, unless somebody has done so already."""
        with self._lock:
            if self._token == refused:
                self._token = ""

    def _fetch(self, network_session: Any) -> None:
        self.counted()
        found = self._authentication.refresh_token(network_session=network_session)
        lifetime = float(found.expires_in or 3600)
        self._token = found.access_token or ""
        self._until = self._now() + max(lifetime - EARLY_SECONDS, lifetime / 2)


def _authentication(settings: BoxCloud) -> Authentication:
    auth = settings.auth
    if isinstance(auth, ClientCredentials):
        from box_sdk_gen.box.ccg_auth import BoxCCGAuth, CCGConfig

        return BoxCCGAuth(
            CCGConfig(auth.client_id, auth.client_secret, enterprise_id=auth.enterprise_id, user_id=auth.user_id)
        )
    from box_sdk_gen.box.jwt_auth import BoxJWTAuth, JWTConfig

    try:
        return BoxJWTAuth(JWTConfig.from_config_file(str(auth.path)))
    except Exception as error:  # boxsdk raises whatever its parser happens to
        raise Unreachable(
            f"cloud.auth.jwt_config {auth.path}: Box's key file can't be used ({type(error).__name__})",
            "download it anew in Box's developer console",
        ) from None  # its message might quote the key


@cache
def _tls(ca_file: Path | None, client_certificate: Path | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(ca_file or DEFAULT_CA_BUNDLE_PATH))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if client_certificate is not None:
            context.load_cert_chain(str(client_certificate))
    except (OSError, ssl.SSLError) as error:
        raise Unreachable(
            f"cloud.ca_file or cloud.client_certificate can't be used: {error.strerror or error}",
            "give files in PEM format, the client's with its key",
        ) from error
    return context


class _Hosts:
    """The hosts that the configuration names, or Box's own."""

    def __init__(self, settings: BoxCloud) -> None:
        urls = (settings.base_urls.base, settings.base_urls.upload, settings.base_urls.oauth2)
        self._exact = {urlsplit(url).hostname or "" for url in urls} | {host.casefold() for host in settings.hosts}
        self._domains = BOX_DOMAINS if any(_within(host, BOX_DOMAINS) for host in self._exact) else ()

    def require(self, url: str) -> None:
        parts = urlsplit(url)
        host = (parts.hostname or "").casefold()
        if host not in self._exact and not _within(host, self._domains):
            raise requests.exceptions.InvalidURL(f"{host} is no host that config.yaml names")
        if parts.scheme != "https" and host not in LOOPBACK:
            raise requests.exceptions.InvalidURL(f"{host}: plain http is refused")


def _within(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


class _Adapter(HTTPAdapter):
    """Refuses hosts that nobody named, before a byte goes out."""

    def __init__(self, hosts: _Hosts, context: ssl.SSLContext | None) -> None:
        self._hosts = hosts
        self._context = context
        super().__init__(pool_maxsize=THREADS, pool_block=False)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **self._with_tls(options))

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        if self._context is not None and proxy.startswith("https"):
            options["proxy_ssl_context"] = self._context
        return super().proxy_manager_for(proxy, **self._with_tls(options))

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        self._hosts.require(request.url or "")
        return super().send(request, *arguments, **options)

    def _with_tls(self, options: dict[str, Any]) -> dict[str, Any]:
        return {**options, "ssl_context": self._context} if self._context is not None else options
