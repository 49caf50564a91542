"""Files with keys and certificates that config.yaml names: there, readable, closed to others, of the right kind.

Owns what such a file has to be. Keeps nothing of it, and shows neither what is in it nor where it lies: a path may have
come from outside, too.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from syncd.config.values import named
from syncd.yamltext import Reader

MOST_BYTES: Final = 5_000_000  # Debian's file of all authorities has 220 kB

_CERTIFICATE: Final = re.compile(rb"-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----")
_PRIVATE_KEY: Final = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")
_ENCRYPTED: Final = re.compile(rb"-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED", re.MULTILINE)
_JWT_PARTS: Final = (
    "boxAppSettings.clientID",
    "boxAppSettings.clientSecret",
    "boxAppSettings.appAuth.publicKeyID",
    "boxAppSettings.appAuth.privateKey",
    "boxAppSettings.appAuth.passphrase",
    "enterpriseID",
)


def check_authorities(reader: Reader, key: str, path: Path) -> None:
    """A PEM file of certificates to trust. Everybody may read it."""
    data = _content(reader, key, path)
    if data is not None and not _CERTIFICATE.search(data):
        remedy = "write it as PEM: openssl x509 -inform der -in FILE -out ward-ca.pem"
        reader.problem(f"{named(reader, key)} has no certificate in it", remedy, key)


def check_client_certificate(reader: Reader, key: str, path: Path, environment: Mapping[str, str]) -> None:
    """A PEM file with a certificate and its key, closed to others."""
    data = _content(reader, key, path, closed_to_others=True, environment=environment)
    if data is None:
        return
    remedy = "put certificate and key into one PEM file: cat client.crt client.key > client.pem"
    name = named(reader, key)
    if not _CERTIFICATE.search(data):
        reader.problem(f"{name} has no certificate in it", remedy, key)
    if not _PRIVATE_KEY.search(data):
        reader.problem(f"{name} has no private key in it", remedy, key)
    elif _ENCRYPTED.search(data):
        remedy = "take the passphrase away: openssl pkey -in FILE -out client.key, and chmod 600"
        reader.problem(f"{name} has a key with a passphrase, which syncd can't type", remedy, key)


def check_jwt(reader: Reader, key: str, path: Path, environment: Mapping[str, str]) -> None:
    """The JSON file that Box's developer console makes, closed to others."""
    data = _content(reader, key, path, closed_to_others=True, environment=environment)
    if data is None:
        return
    remedy = "have Box's developer console make the file again: Configuration, Generate a Public/Private Keypair"
    name = named(reader, key)
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        reader.problem(f"{name} is no JSON", remedy, key)
        return
    missing = [part for part in _JWT_PARTS if not _has_text(content, part)]
    if missing:
        reader.problem(f"{name} has no text at {', '.join(missing)}", remedy, key)


def _has_text(content: object, part: str) -> bool:
    for key in part.split("."):
        content = content.get(key) if isinstance(content, dict) else None
    return isinstance(content, str) and bool(content.strip())


def _content(
    reader: Reader,
    key: str,
    path: Path,
    *,
    closed_to_others: bool = False,
    environment: Mapping[str, str] | None = None,
) -> bytes | None:
    """The file's bytes; None after a fault."""
    name = named(reader, key)
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe, say, would hold us up
            reader.problem(f"{name} is no file", "name the file itself", key)
            return None
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        remedy = "name a file that is there and that syncd's user may read"
        reader.problem(f"{name} can't be read: {error.strerror}", remedy, key)
        return None
    if len(data) > MOST_BYTES:
        reader.problem(f"{name} is larger than 5 MB", "such a file has a few kB; is it the right one?", key)
        return None
    if closed_to_others and mode & _open_to_others(path, environment or {}):
        reader.problem(f"{name} is a file that others than its owner may use", "chmod 600 the file", key)
    return data


def _open_to_others(path: Path, environment: Mapping[str, str]) -> int:
    """The permissions that none but the owner may have."""
    folder = environment.get("CREDENTIALS_DIRECTORY")
    # systemd lets the service's user in by an access list, whose mask looks like rights of the group.
    own = folder and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
    return stat.S_IRWXO if own else stat.S_IRWXG | stat.S_IRWXO
