"""Whether a VBA project has a line of code. One without any does nothing, and programs leave such ones in workbooks.

Looks both at the source and at what Office has compiled of it, which it runs in place of the source. Whatever isn't
understood counts as code.
"""

from __future__ import annotations

import io
import re
import struct
from typing import Final

from syncd.reading.compound import Compound
from syncd.reading.limits import Refused

_LARGEST: Final = 20_000_000
_NO_MODULES: Final = frozenset(("dir", "_vba_project"))
_VERSION, _STREAM_NAME, _OFFSET = 0x09, 0x32, 0x31
_NOT_CODE: Final = re.compile(
    r"\s*(?:Attribute VB_\w+ ?=.*|Option (?:Explicit|Compare \w+|Base [01]|Private Module))?\s*"
)
_COMPILED: Final = b"\xfe\xca\x01\x00"
_LINE: Final = 12
_OPTION: Final = 208
"""What `Option Explicit` is compiled to: two bytes, of which ten bits are this number."""
_CHUNK: Final = 4096


def project_has_code(data: bytes) -> bool:
    """Of a part vbaProject.bin."""
    try:
        return has_code(Compound(io.BytesIO(data)))
    except Refused:
        return True


def has_code(compound: Compound) -> bool:
    """Of the projects in a compound file; one that has none of the usual storages is not understood."""
    try:
        folders = [path[: -len("dir")] for path in compound.paths if re.search(r"(?:\A|/)vba/dir\Z", path)]
        return not folders or any(_project_has_code(compound, folder) for folder in folders)
    except (Refused, struct.error, IndexError, ValueError, KeyError):
        return True


def _project_has_code(compound: Compound, folder: str) -> bool:
    modules = _modules(_unpacked(_read(compound, folder + "dir")))
    names = {path[len(folder) :] for path in compound.paths if path.startswith(folder)} - _NO_MODULES
    project = folder.removesuffix("vba/")
    beside = [path for path in compound.paths if path.startswith(project) and "/" in path[len(project) :]]
    if names != modules.keys() or any(not path.startswith(folder) for path in beside):
        return True  # forms with code of their own, or what was compiled when it ran
    return any(_module_has_code(_read(compound, folder + name), offset) for name, offset in modules.items())


def _read(compound: Compound, path: str) -> bytes:
    if compound.paths[path][1] > _LARGEST:
        raise ValueError("too large")
    return compound.beginning(path, _LARGEST)


def _modules(listed: bytes) -> dict[str, int]:
    """Where the source begins in the stream of each module."""
    modules: dict[str, int] = {}
    at, name = 0, ""
    while at + 6 <= len(listed):
        kind, size = struct.unpack_from("<HI", listed, at)
        size = 6 if kind == _VERSION else size
        data = listed[at + 6 : at + 6 + size]
        at += 6 + size
        if kind == _STREAM_NAME:
            name = data.decode("utf-16-le").lower()
        elif kind == _OFFSET:
            (modules[name],) = struct.unpack("<I", data)
    return modules


def _module_has_code(data: bytes, offset: int) -> bool:
    source = _unpacked(data[offset:]).decode("latin-1")
    if any(_NOT_CODE.fullmatch(line) is None for line in source.splitlines()):
        return True
    compiled = data[:offset]
    found = [mark.start() for mark in re.finditer(re.escape(_COMPILED), compiled)]
    return bool(offset) and (not found or any(_lines_do_something(compiled, at + len(_COMPILED)) for at in found))


def _lines_do_something(compiled: bytes, at: int) -> bool:
    """Any of the compiled lines that are listed from there is more than nothing or an option."""
    (count,) = struct.unpack_from("<H", compiled, at)
    start = at + 2 + count * _LINE + 10
    for number in range(count):
        length, place = struct.unpack_from("<4xH2xI", compiled, at + 2 + number * _LINE)
        if length and not (length == 2 and struct.unpack_from("<H", compiled, start + place)[0] & 0x3FF == _OPTION):
            return True
    return False


def _unpacked(packed: bytes) -> bytes:
    """What the office's own packing held. Raises ValueError for anything else."""
    if packed[:1] != b"\1":
        raise ValueError("not packed as modules are")
    found = bytearray()
    at = 1
    while at + 2 <= len(packed):
        (head,) = struct.unpack_from("<H", packed, at)
        end = min(at + (head & 0xFFF) + 3, len(packed))
        at += 2
        if not head & 0x8000:
            found += packed[at:end]
        else:
            _unpack_chunk(packed, at, end, found)
        at = end
        if len(found) > _LARGEST:
            raise ValueError("too large")
    return bytes(found)


def _unpack_chunk(packed: bytes, at: int, end: int, found: bytearray) -> None:
    begun = len(found)
    while at < end:
        flags = packed[at]
        at += 1
        for bit in range(8):
            if at >= end:
                return
            if not flags >> bit & 1:
                found.append(packed[at])
                at += 1
                continue
            (token,) = struct.unpack_from("<H", packed, at)
            at += 2
            bits = max((len(found) - begun - 1).bit_length(), 4)
            length, back = (token & (0xFFFF >> bits)) + 3, (token >> (16 - bits)) + 1
            if back > len(found) - begun:
                raise ValueError("it points before its beginning")
            if len(found) - begun + length > _CHUNK:
                raise ValueError("a chunk is too large")
            for _ in range(length):
                found.append(found[-back])
