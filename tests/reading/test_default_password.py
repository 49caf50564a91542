"""Workbooks that are encrypted with the password that Excel itself supplies are read; all others are locked."""

from __future__ import annotations

import io
import os
import struct
import time
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.rc4 import DocumentRC4, _makekey

from syncd.reading import Reader, unlocking
from tests.reading import making as m
from tests.reading.conftest import TOTAL, Read

EXCELS = "VelvetSweatshop"


def locked(password: str, data: bytes | None = None) -> bytes:
    if data is None:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet["A1"], sheet["B1"] = "合計", 62
        plain = io.BytesIO()
        book.save(plain)
        data = plain.getvalue()
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, target)
    return target.getvalue()


def test_a_workbook_that_excel_opens_without_asking(read: Read) -> None:
    found = read(locked(EXCELS), "a.xlsx", TOTAL)
    assert (found.kind, found.trouble, found.macros, found.facts["total"].one) == ("xlsx", "", False, 62)


def test_macros_in_it_are_seen(read: Read) -> None:
    # msoffcrypto can't write what is smaller than a sector of its own.
    parts = m.xlsx_parts(main_type=m.MACRO_TYPE) | {
        "xl/vbaProject.bin": b"x",
        "docProps/thumbnail.jpeg": os.urandom(9000),
    }
    found = read(locked(EXCELS, m.zipped(parts)), "a.xlsx", TOTAL)
    assert (found.kind, found.macros) == ("xlsm", True)


@pytest.mark.parametrize("password", ["himawari", "velvetsweatshop", "VelvetSweatshop "])
def test_any_other_password_is_one(read: Read, password: str) -> None:
    assert read(locked(password), "a.xlsx", TOTAL).trouble == "encrypted"


def test_a_password_that_would_be_hashed_for_hours_is_not_tried(read: Read) -> None:
    data = locked(EXCELS)
    at = data.index(b'spinCount="100000"')
    slow = data[:at] + b'spinCount="9000000' + data[at + 18 :]
    began = time.monotonic()
    assert read(slow, "a.xlsx", TOTAL).trouble in ("encrypted", "unreadable")
    assert time.monotonic() - began < 20


def xls(password: str) -> bytes:
    """A workbook whose records are encrypted as Excel 97 does it."""
    salt, verifier = os.urandom(16), os.urandom(16)
    empty = struct.pack("<HHH", 1, 1, 1) + bytes(48)
    stream = m.biff(before=m.record(0x2F, empty))
    import hashlib

    from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
    from cryptography.hazmat.primitives.ciphers import Cipher

    cipher = Cipher(ARC4(_makekey(password, salt, 0)), mode=None).encryptor()
    checked = cipher.update(verifier) + cipher.update(hashlib.md5(verifier).digest())
    key = struct.pack("<HHH", 1, 1, 1) + salt + checked
    noise = DocumentRC4.decrypt(password, salt, io.BytesIO(stream), blocksize=1024).read()
    found, at = bytearray(), 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        clear = length if kind in (0x809, 0x2F) else 4 if kind == 0x85 else 0
        data = key if kind == 0x2F else stream[at + 4 : at + 4 + clear] + noise[at + 4 + clear : at + 4 + length]
        found += stream[at : at + 4] + data
        at += 4 + length
    return m.compound({"Workbook": bytes(found)})


def test_an_old_workbook_that_excel_opens_without_asking(read: Read) -> None:
    found = read(xls(EXCELS), "a.xls", TOTAL)
    assert (found.kind, found.trouble, found.facts["total"].one) == ("xls", "", 12)
    assert read(xls("himawari"), "a.xls", TOTAL).trouble == "encrypted"


def test_it_costs_no_more_memory_than_a_reading_may(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("様式")
    for row in range(20_000):
        sheet.append([f"児童{row}", row, row * 7, f"認定{row:09}"])
    sheet.append(["合計", 62])
    plain = io.BytesIO()
    book.save(plain)
    (tmp_path / "a.xlsx").write_bytes(locked(EXCELS, plain.getvalue()))
    with Reader(workers=1) as reader:
        assert reader.read(tmp_path / "a.xlsx", "a.xlsx", [TOTAL]).facts["total"].one == 62


def test_bytes_that_only_claim_to_be_encrypted() -> None:
    package = {
        "EncryptionInfo": struct.pack("<HHI", 4, 4, 64) + b'<e spinCount="100000"/>',
        "EncryptedPackage": bytes(9000),
    }
    assert unlocking.package(io.BytesIO(m.compound(package))) is None
