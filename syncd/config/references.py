"""What config.yaml takes from outside: `${NAME}` and `${credential:NAME}`, and secrets that were written into it.

Owns the replacing of references in values that were read, and the recognising of literal secrets. Refuses to put a
value that came from outside, or that could be a secret, into any message: messages name keys and references only.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from syncd.errors import Problem
from syncd.yamltext import Node, shown

MOST_BYTES: Final = 100_000

_REFERENCE: Final = re.compile(r"\$\{([^{}]*)\}")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CREDENTIAL: Final = re.compile(r"credential:([A-Za-z0-9_.@-]+)")
# Services whose address alone lets nobody in: here only a password, a token parameter or header is a secret.
_OPEN_SERVICES: Final = frozenset(
    {"json", "jsons", "xml", "xmls", "form", "forms", "spool", "logochat", "mailto", "mailtos", "syslog", "dbus"}
)
_SECRET_NAME: Final = re.compile(r"token|secret|pass|key|sig|auth|cookie|credential", re.IGNORECASE)


def resolve(
    node: Node, environment: Mapping[str, str], problems: list[Problem], warnings: list[Problem] | None = None
) -> Node:
    """The node with every reference replaced; `raw` stays as written. What can't be had becomes a problem."""
    value = node.value
    if isinstance(value, dict):
        replaced = {key: resolve(each, environment, problems, warnings) for key, each in value.items()}
        return dataclasses.replace(node, value=replaced)
    if isinstance(value, list):
        return dataclasses.replace(node, value=[resolve(each, environment, problems, warnings) for each in value])
    if not isinstance(value, str) or "${" not in value:
        return node
    source = _Source(node, environment, problems, warnings if warnings is not None else [])
    return dataclasses.replace(node, value=_REFERENCE.sub(source.value, value))


class _Source:
    """Answers the references of one value."""

    def __init__(
        self, node: Node, environment: Mapping[str, str], problems: list[Problem], warnings: list[Problem]
    ) -> None:
        self._node = node
        self._environment = environment
        self._problems = problems
        self._warnings = warnings

    def value(self, match: re.Match[str]) -> str:
        """What stands for the reference; after a fault a word that no reader takes for empty."""
        name = match.group(1)
        if credential := _CREDENTIAL.fullmatch(name):
            return self._credential(credential.group(1))
        if not _VARIABLE.fullmatch(name):
            message = f"{shown(match.group())} is no reference"
            return self._fault(message, "write ${NAME} or ${credential:NAME}, with letters, digits and _")
        if name not in self._environment:
            return self._fault(f"the environment variable {name} is not set", f"set {name} where syncd is started")
        return self._environment[name]

    def _credential(self, name: str) -> str:
        folder = self._environment.get("CREDENTIALS_DIRECTORY")
        if not folder:
            message = f"the credential {shown(name)} can't be read: $CREDENTIALS_DIRECTORY is not set"
            remedy = "start it through systemd/syncd.service, or set the variable to a folder with that file"
            return self._fault(message, remedy)
        path = Path(folder) / name
        if not path.is_file():
            # LoadCredential=syncd:/etc/syncd/credentials hands on a whole folder, each file with this before its name.
            path = Path(folder) / f"syncd_{name}"
        try:
            if name in {".", ".."}:
                raise FileNotFoundError(2, "there is no such file")
            with path.open("rb") as stream:
                data = stream.read(MOST_BYTES + 1)
            loose = path.stat().st_mode & 0o004
        except OSError as error:
            message = f"the credential {shown(name)} can't be read from $CREDENTIALS_DIRECTORY: {error.strerror}"
            remedy = f"put it into /etc/syncd/credentials/{name}, or add LoadCredential={name}:/path to the unit"
            return self._fault(message, remedy)
        if loose:
            self._warn(f"everybody on this computer may read the credential {shown(name)}", "chmod 600 the file")
        try:
            text = data.decode("utf-8-sig").rstrip("\r\n")
        except UnicodeDecodeError:
            text = ""
        if not text or len(data) > MOST_BYTES or "\0" in text:
            return self._fault(
                f"the credential {shown(name)} is no text or empty", "put the secret alone into the file"
            )
        return text

    def _fault(self, message: str, remedy: str) -> str:
        self._problems.append(Problem(self._node.file, self._node.line, message, remedy, self._node.column))
        return "x"

    def _warn(self, message: str, remedy: str) -> None:
        self._warnings.append(Problem(self._node.file, self._node.line, message, remedy, self._node.column))


def holds_literal_secret(written: str, *, in_path: bool = True) -> bool:
    """Whether a URL, as it was written, has a secret in it that is no reference.

    `in_path`: services whose whole address is the secret count, too (most chat services).
    """
    bare = _REFERENCE.sub("", written)
    try:
        parts = urlsplit(bare)
        password = parts.password
    except ValueError:
        return False
    if password or any(value and _SECRET_NAME.search(name) for name, value in parse_qsl(parts.query)):
        return True
    return in_path and parts.scheme not in _OPEN_SERVICES and bare == written and bool(parts.netloc)


def literal_secret(node: Node, name: str) -> Problem:
    """The warning for one."""
    message = f"{name} has a secret written into the file"
    return Problem(node.file, node.line, message, "write ${credential:NAME} or ${NAME} instead", node.column)
