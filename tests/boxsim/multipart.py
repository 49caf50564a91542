"""The bodies of uploads: `multipart/form-data` with the attributes first and then the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tests.boxsim.wire import Json, Refused, bad, parsed_json

_BOUNDARY: Final = re.compile(r'multipart/form-data;.*?boundary=(?:"([^"]+)"|([^;\s]+))', re.IGNORECASE)
_NAME: Final = re.compile(r'[;\s]name="([^"]*)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Form:
    """What was uploaded. The file's part may have any name: SDKs call it `file`, rclone `contents`."""

    attributes: Json
    content: bytes


def parsed(content_type: str, body: bytes) -> Form:
    """The attributes and the file. Raises Refused for the wrong order, and for what is no such body."""
    match = _BOUNDARY.search(content_type)
    if match is None:
        raise bad("multipart/form-data with a boundary is needed")
    delimiter = b"--" + (match.group(1) or match.group(2)).encode()
    attributes: Json | None = None
    content: bytes | None = None
    for name, value in _parts(body, delimiter):
        if name == "attributes":
            if content is not None:
                raise Refused(400, "metadata_after_file_contents", "The attributes must come before the file")
            attributes = parsed_json(value)
        elif content is None:
            content = value
    if content is None or attributes is None:
        raise bad("The body needs the parts `attributes` and `file`")
    return Form(attributes, content)


def _parts(body: bytes, delimiter: bytes) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    position = body.find(delimiter)
    while position >= 0:
        position += len(delimiter)
        if body[position : position + 2] == b"--":
            return found
        headers_end = body.find(b"\r\n\r\n", position)
        end = body.find(b"\r\n" + delimiter, headers_end)
        if headers_end < 0 or end < 0:
            break
        name = _NAME.search(body[position:headers_end].decode("utf-8", "replace"))
        found.append((name.group(1) if name else "", body[headers_end + 4 : end]))
        position = end + 2
    raise bad("The multipart body ends too soon")
