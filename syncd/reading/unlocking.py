"""Workbooks that need no password though they are encrypted: Excel itself supplies one (`VelvetSweatshop`).

Excel encrypts so when only the structure of a workbook is protected, and opens it without asking anybody. What needs
any other password stays locked. msoffcrypto is slow to import and comes in only here.
"""

from __future__ import annotations

import io
import struct
from typing import IO, Any, Final

from syncd.reading.compound import Compound
from syncd.reading.limits import Refused

_PASSWORD: Final = "VelvetSweatshop"
_MOST_SPINS: Final = 200_000
"""Twice as often as Office hashes a password; each takes time."""
_LARGEST: Final = 30_000_000
"""Bytes of an encrypted workbook; it is unpacked in memory, twice."""
_LARGEST_STREAM: Final = 12_000_000
_PLAIN: Final = frozenset((0x809, 0x2F, 0x194, 0x195, 0xE1, 0x196, 0x138))
"""Records of an encrypted workbook that are not encrypted themselves."""
_FILEPASS, _BOUNDSHEET = 0x2F, 0x85
_RC4: Final = 1


def package(file: IO[bytes]) -> bytes | None:
    """The zip archive in an encrypted file; None when it needs a password of somebody's."""
    file.seek(0)
    compound = Compound(file)
    if "encryptioninfo" not in compound.names or not 0 < compound.size("encryptedpackage") <= _LARGEST:
        return None
    if not _may_be_tried(compound.beginning("encryptioninfo", 65_536)):
        return None
    from msoffcrypto.format.ooxml import OOXMLFile

    target = io.BytesIO()
    file.seek(0)
    try:
        office: Any = OOXMLFile(file)
        office.load_key(password=_PASSWORD, verify_password=True)
        office.decrypt(target)
    except MemoryError:
        raise
    except Exception:  # whatever the library makes of it, it can't be opened so
        return None
    return target.getvalue()


def _may_be_tried(info: bytes) -> bool:
    """Its password is hashed so often as Office does it, not for hours."""
    if len(info) < 8:
        return False
    if struct.unpack_from("<HH", info) != (4, 4):
        return True  # before 2010 the number was fixed
    spins = info.split(b'spinCount="')[1:]
    counts = [part.partition(b'"')[0] for part in spins]
    return bool(counts) and all(count.isdigit() and int(count) <= _MOST_SPINS for count in counts)


def stream(locked: bytes) -> bytes | None:
    """The records of an encrypted xls workbook in clear; None when it needs a password of somebody's."""
    if len(locked) > _LARGEST_STREAM:
        return None
    hidden, clear, key = bytearray(), bytearray(), b""
    at = 0
    for kind, data in _records(locked):
        head = locked[at : at + 4]
        at += 4 + len(data)
        if kind == _FILEPASS:
            key = key or data
            head, data = b"\0\0" + head[2:], bytes(len(data))
        known = len(data) if kind in _PLAIN else 4 if kind == _BOUNDSHEET else 0
        clear += head + data
        hidden += b"\1" * (4 + min(known, len(data))) + b"\0" * (len(data) - min(known, len(data)))
    try:
        decrypted = _decrypted(key, locked)
    except MemoryError:
        raise
    except Exception:  # as above
        return None
    if decrypted is None or len(decrypted) < len(clear):
        return None
    # Byte by byte the one or the other: what was never encrypted would come out as noise.
    mask = int.from_bytes(hidden.translate(_MASK), "little")
    whole = int.from_bytes(clear, "little") & mask | int.from_bytes(decrypted[: len(clear)], "little") & ~mask
    return whole.to_bytes(len(clear), "little")


_MASK: Final = bytes([0, 255]) + bytes(254)


def _records(data: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        if at + 4 + length > len(data):
            raise Refused("unreadable", "the workbook is damaged (a record breaks off)")
        found.append((kind, data[at + 4 : at + 4 + length]))
        at += 4 + length
    return found


def _decrypted(key: bytes, locked: bytes) -> bytes | None:
    """All bytes decrypted, also those that are none; None when the password is another."""
    from msoffcrypto.format import xls97

    library: Any = xls97
    if len(key) < 6 or struct.unpack_from("<H", key) != (_RC4,):
        return None
    major, minor = struct.unpack_from("<HH", key, 2)
    info = io.BytesIO(key[6:])
    if (major, minor) == (1, 1):
        given = library._parse_header_RC4(info)
        method, sizes = library.DocumentRC4, list[int]()
    elif major in (2, 3, 4) and minor == 2:
        given = library._parse_header_RC4CryptoAPI(info)
        method, sizes = library.DocumentRC4CryptoAPI, [given["keySize"]]
    else:
        return None
    if not method.verifypw(
        _PASSWORD, given["salt"], *sizes, given["encryptedVerifier"], given["encryptedVerifierHash"]
    ):
        return None
    plain: bytes = method.decrypt(_PASSWORD, given["salt"], *sizes, io.BytesIO(locked), blocksize=1024).read()
    return plain
