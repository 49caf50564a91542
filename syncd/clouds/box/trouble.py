"""Why the way to Box is barred, in words, with what to do: names, proxies, certificates, ways in.

Pure: takes what `requests` raised or what Box answered. Refuses to show an address whole, for it may hold a secret.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import requests

from syncd.config import BoxCloud, ClientCredentials, KeyFile

Words = tuple[str, str]
"""What is wrong, what to do."""
_UNTRUSTED: Final = frozenset({18, 19, 20, 21})
"""OpenSSL's numbers of a chain that ends at nobody who is trusted."""
_EXPIRED: Final = frozenset({9, 10})
_OTHER_NAME: Final = frozenset({62, 63, 64})


def of_the_way(error: BaseException, host: str, settings: BoxCloud) -> Words:
    """Why a host of Box can't be reached."""
    causes = list(_causes(error))
    proxied = settings.proxy is not None
    if isinstance(error, requests.exceptions.InvalidURL):
        return f"{host} is no host that config.yaml names", "add it to cloud.hosts, if it is one of Box's"
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate(cause, host, settings)
    if any(isinstance(cause, requests.exceptions.ProxyError) for cause in causes):
        return _proxy(causes, host, settings)
    if any(isinstance(cause, requests.exceptions.SSLError | ssl.SSLError) for cause in causes):
        return _handshake(causes, host, settings)
    if any(isinstance(cause, requests.Timeout) for cause in causes):
        return f"{host} doesn't answer in time", _let_through(host, proxied)
    if any(type(cause).__name__ == "NameResolutionError" for cause in causes):
        return f"the name {host} can't be resolved", f"see the name server; {_let_through(host, proxied)}"
    return f"{host} can't be reached ({_reason(causes)})", _let_through(host, proxied)


def _certificate(error: ssl.SSLCertVerificationError, host: str, settings: BoxCloud) -> Words:
    why = error.verify_message
    said = f"{host}: its certificate can't be verified ({why})"
    if error.verify_code in _UNTRUSTED and settings.ca_file is not None:
        return said, "cloud.ca_file lacks the authority that issued it: put that certificate into the file"
    if error.verify_code in _UNTRUSTED:
        return said, "where a proxy or a private endpoint has an authority of its own, name its PEM as cloud.ca_file"
    if error.verify_code in _EXPIRED:
        return said, "see that this computer's clock is right; else its operator has to renew it"
    if error.verify_code in _OTHER_NAME:
        return said, "write the host in cloud.base_urls as the certificate names it"
    return said, "ask who runs that host, or the proxy before it"


def _proxy(causes: list[BaseException], host: str, settings: BoxCloud) -> Words:
    parts = urlsplit(settings.proxy or "")
    proxy = f"the proxy {parts.hostname}:{parts.port or 80}"
    answer = next((str(each) for each in causes if "Tunnel connection failed" in str(each)), "")
    status = answer.partition("Tunnel connection failed: ")[2][:3]
    if status == "407":
        return f"{proxy} wants a name and a password", "write cloud.proxy: http://name:${credential:proxy}@host:port"
    if status.isdigit():
        return f"{proxy} doesn't let syncd go to {host} (HTTP {status})", f"have it allow CONNECT to {_with_port(host)}"
    return f"{proxy} can't be reached ({_reason(causes)})", "see cloud.proxy, and that this computer may connect to it"


def _handshake(causes: list[BaseException], host: str, settings: BoxCloud) -> Words:
    reasons = {str(getattr(each, "reason", "") or "") for each in causes if isinstance(each, ssl.SSLError)}
    said = f"{host}: no encrypted connection ({', '.join(sorted(reasons - {''})) or 'TLS failed'})"
    if any("CERTIFICATE_REQUIRED" in each or "HANDSHAKE_FAILURE" in each for each in reasons):
        has = "cloud.client_certificate isn't one that it takes" if settings.client_certificate else ""
        return said, has or "it may want a certificate of syncd: name it as cloud.client_certificate"
    return said, "syncd speaks TLS 1.2 and newer; see what the host, or the proxy before it, offers"


def _let_through(host: str, proxied: bool) -> str:
    return f"have {_with_port(host)} let through" + (
        "" if proxied else ", or set cloud.proxy where a proxy is the way out"
    )


def _with_port(host: str) -> str:
    return host if re.search(r":\d+$", host) else f"{host}:443"


def _reason(causes: list[BaseException]) -> str:
    """The innermost reason that the system itself gives."""
    system = [each.strerror for each in causes if isinstance(each, OSError) and each.strerror]
    return str(system[-1]) if system else type(causes[0]).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it: urllib3 and requests keep that in various places."""
    waiting, seen = [error], set()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = (each.__cause__, each.__context__, getattr(each, "reason", None), getattr(each, "original_error", None))
        waiting += [one for one in (*inner, *each.args) if isinstance(one, BaseException)]


def of_the_way_in(status: int, code: str, said: str, settings: BoxCloud) -> Words:
    """Why Box gives no token. `code` and `said` are its own words."""
    auth = settings.auth
    words = f"Box doesn't let syncd in: {said or code or f'HTTP {status}'}"
    lower = f"{code} {said}".casefold()
    console = "authorise the app in Box's admin console (Integrations › Platform Apps Manager)"
    if "'exp'" in lower or "'iat'" in lower or "current date" in lower:
        return words, "this computer's clock is off: set it, and let it keep its time by NTP"
    if "kid" in lower or "signature" in lower or "public key" in lower:
        return words, "the key in cloud.auth.jwt_config isn't one of the app's: download the file anew in its console"
    if code == "invalid_client":
        what = (
            "the file cloud.auth.jwt_config" if isinstance(auth, KeyFile) else "cloud.auth.client_id and client_secret"
        )
        return words, f"take {what} anew from the app's page in Box's developer console"
    if code == "unauthorized_client" or "not authorized" in lower or "unauthorized" in lower:
        return words, f"{console}, and again after every change of its scopes"
    if code == "invalid_grant" and isinstance(auth, ClientCredentials):
        key = "enterprise_id" if auth.enterprise_id else "user_id"
        return words, f"see that cloud.auth.{key} is right, then {console}"
    if status == 429 or status >= 500:
        return words, "Box itself is in trouble: try again later; see status.box.com"
    return words, f"see cloud.auth, and {console}"
