"""`cloud` of config.yaml when it is Box: who enters, where, by which way, how often. Asks Box nothing.

Owns the keys of `kind: box` and what they may be. Files that they name are looked at by `key_files`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Final

from syncd.config import key_files, references
from syncd.config.settings import BaseUrls, BoxCloud, ClientCredentials, KeyFile
from syncd.config.values import address, given, named, path_below, time_of_day
from syncd.errors import Problem
from syncd.yamltext import Node, Reader

# `root` is a key of every kind.
BOX_KEYS: Final = (
    "auth",
    "base_urls",
    "proxy",
    "ca_file",
    "client_certificate",
    "long_poll",
    "poll_seconds",
    "true_up",
    "page_seconds",
    "monthly_calls",
    "hosts",
)
_CREDENTIALS: Final = ("client_id", "client_secret", "enterprise_id", "user_id")
_ROOT: Final = re.compile(r"0|[1-9][0-9]*")
_HOST: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")
_THIS_COMPUTER: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class Box:
    """Reads the group `cloud`; faults go to the reader's problems, and reading goes on with a harmless value.

    Args:
        reader: of the group.
        folder: where relative paths begin.
        environment: names the folder of systemd's credentials.
        warnings: where literal secrets are told.
    """

    def __init__(self, reader: Reader, folder: Path, environment: Mapping[str, str], warnings: list[Problem]) -> None:
        self._reader = reader
        self._folder = folder
        self._environment = environment
        self._warnings = warnings

    def read(self) -> BoxCloud:
        """The settings; right only when no problem was added."""
        reader = self._reader
        reader.know("kind")
        cloud = BoxCloud(
            auth=self._auth(reader.group("auth", required=True)),
            root=self._root(),
            base_urls=self._base_urls(reader.group("base_urls")),
            proxy=self._proxy(),
            ca_file=self._ca_file(),
            client_certificate=self._client_certificate(),
            long_poll=reader.boolean("long_poll", True),
            poll_seconds=reader.number("poll_seconds", 300.0, least=0.05),
            true_up=time_of_day(reader, "true_up") or time(3),
            page_seconds=reader.number("page_seconds", 3600.0, least=0.0),
            monthly_calls=reader.integer("monthly_calls", 50_000, least=1),
            hosts=self._hosts(),
        )
        reader.finish()
        return cloud

    def _auth(self, reader: Reader) -> ClientCredentials | KeyFile:
        credentials = [key for key in _CREDENTIALS if reader.has(key)]
        reader.know("jwt_config", *_CREDENTIALS)
        auth: ClientCredentials | KeyFile = KeyFile(self._folder)
        if reader.has("jwt_config"):
            auth = self._key_file(reader)
            if credentials:
                message = f"cloud.auth has both jwt_config and {', '.join(credentials)}"
                reader.problem(message, "keep one way in: the file, or the client's credentials", credentials[0])
                self._warn_of_literal(reader)
        elif credentials:
            auth = self._client_credentials(reader)
        elif given(reader):
            remedy = "write client_id, client_secret and enterprise_id, or jwt_config: path"
            reader.problem("cloud.auth has neither client_id nor jwt_config", remedy)
        reader.finish()
        return auth

    def _key_file(self, reader: Reader) -> KeyFile:
        path = self._file(reader, "jwt_config")
        if path is not None:
            key_files.check_jwt(reader, "jwt_config", path, self._environment)
        return KeyFile(path or self._folder)

    def _client_credentials(self, reader: Reader) -> ClientCredentials:
        self._warn_of_literal(reader)
        credentials = ClientCredentials(
            client_id=reader.text("client_id", digits=True),
            client_secret=reader.text("client_secret", digits=True),
            enterprise_id=reader.optional_text("enterprise_id", digits=True),
            user_id=reader.optional_text("user_id", digits=True),
        )
        if reader.has("enterprise_id") == reader.has("user_id"):
            has = "has both enterprise_id and user_id" if reader.has("user_id") else "needs enterprise_id or user_id"
            remedy = "give one: enterprise_id for the app's own account, user_id to enter as that user"
            reader.problem(f"cloud.auth {has}", remedy, "user_id" if reader.has("user_id") else None)
        return credentials

    def _warn_of_literal(self, reader: Reader) -> None:
        secret = reader.node("client_secret")
        if secret is not None and secret.raw.strip() and "${" not in secret.raw:
            self._warn_of_secret("cloud.auth.client_secret", secret)

    def _root(self) -> str:
        root = self._reader.text("root", "0", digits=True)
        if _ROOT.fullmatch(root):
            return root
        remedy = "write the digits at the end of its address in Box (…/folder/123); paths are for kind: folder"
        self._reader.problem("cloud.root is no Box folder id", remedy, "root")
        return "0"

    def _base_urls(self, reader: Reader) -> BaseUrls:
        usual = BaseUrls()
        base = self._base_url(reader, "base", usual.base)
        if base != usual.base:  # what is meant for a private endpoint must not go to Box by what was left out
            usual = BaseUrls(base, f"{base}/api", f"{base}/api/oauth2")
        urls = BaseUrls(
            base,
            upload=self._base_url(reader, "upload", usual.upload),
            oauth2=self._base_url(reader, "oauth2", usual.oauth2),
        )
        reader.finish()
        return urls

    def _base_url(self, reader: Reader, key: str, usual: str) -> str:
        text = reader.text(key, usual)
        parts = address(text)
        if parts is None or "@" in parts.netloc or "?" in text or "#" in text:
            reader.problem(f"{named(reader, key)} is no address", "write https://host, maybe with :port and /path", key)
            return usual
        if parts.scheme != "https" and parts.hostname not in _THIS_COMPUTER:
            message = f"{named(reader, key)} is http: secrets would travel unencrypted"
            reader.problem(message, "write https://…; http is for this computer only (127.0.0.1, localhost)", key)
        return text.rstrip("/")

    def _proxy(self) -> str | None:
        text = self._reader.optional_text("proxy")
        node = self._reader.node("proxy")
        if text is None or node is None:
            return None
        if references.holds_literal_secret(node.raw, in_path=False):
            self._warn_of_secret("cloud.proxy", node)
        if text and address(text) is None:
            remedy = "write http://host:port or https://host:port; / @ : in a password are %2F %40 %3A"
            self._reader.problem("cloud.proxy is no address", remedy, "proxy")
        return text

    def _ca_file(self) -> Path | None:
        path = self._file(self._reader, "ca_file")
        if path is not None:
            key_files.check_authorities(self._reader, "ca_file", path)
        return path

    def _client_certificate(self) -> Path | None:
        path = self._file(self._reader, "client_certificate")
        if path is not None:
            key_files.check_client_certificate(self._reader, "client_certificate", path, self._environment)
        return path

    def _file(self, reader: Reader, key: str) -> Path | None:
        """The path under that key; None: not given, or a fault."""
        reader.know(key)
        if not reader.has(key):
            return None
        return path_below(self._folder, reader, key)

    def _hosts(self) -> tuple[str, ...]:
        hosts = []
        for node in self._reader.items("hosts", single=True):
            if isinstance(node.value, str) and _HOST.fullmatch(node.value):
                hosts.append(node.value.lower())
            else:
                remedy = "write the name alone, like dl.box.example: no https://, no :port, no *"
                self._reader.problem("cloud.hosts has an entry that is no host name", remedy, node=node)
        return tuple(dict.fromkeys(hosts))

    def _warn_of_secret(self, name: str, node: Node) -> None:
        self._warnings.append(references.literal_secret(node, name))
