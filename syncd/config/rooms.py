"""Chat rooms as the configuration names them: lists of apprise URLs. Doesn't know which services there are."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

from syncd.config import references
from syncd.errors import Problem
from syncd.yamltext import Reader

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S.*")
_RELATIVE_SPOOL: Final = re.compile(r"spool://(\.\.?/[^?]*)(\?.*)?", re.IGNORECASE)


def room_urls(reader: Reader, key: str, folder: Path, warnings: list[Problem]) -> tuple[str, ...]:
    """The URLs under `key`; a spool folder given with ./ or ../ becomes absolute, beginning at `folder`."""
    name = f"{reader.where}.{key}"
    urls = []
    for node in reader.items(key, single=True):
        if not isinstance(node.value, str) or not _URL.fullmatch(node.value.strip()):
            reader.problem(f"{name} has an entry that is no chat URL", 'write "service://…" (see apprise)', node=node)
            continue
        if references.holds_literal_secret(node.raw):
            warnings.append(references.literal_secret(node, name))
        urls.append(_absolute(node.value.strip(), folder))
    return tuple(dict.fromkeys(urls))


def _absolute(url: str, folder: Path) -> str:
    relative = _RELATIVE_SPOOL.fullmatch(url)
    if relative is None:
        return url
    path = os.path.abspath(folder / unquote(relative.group(1)))
    return f"spool://{quote(path)}{relative.group(2) or ''}"
