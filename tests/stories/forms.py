"""Forms that the stories of checked documents are told with: a head-count and a bill that agree, or don't."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook, load_workbook

from tests.reading.making import compound

CHECKED: Mapping[str, str] = {
    "enrolment.yaml": """\
document: enrolment
title: 在籍児童数報告書
match:
  name: '{facility}_{period}_在籍*'
  extension: [xlsx, xls]
required: {every: month}
due: {month: same, day: 5, remind: [-3, 0, 1]}
personal_information: [児童氏名]
facts:
  code: {label: 施設番号}
  total: {label: 合計, as: int}
  ages: {range: 'B3:B5', as: ints}
checks:
  - {facility_code: code}
  - {id: sum, that: sum(ages) == total, say: '年齢別の計{sum}人と合計{total}人が一致しません（{cell}）。'}
  - {id: large, that: total <= 90, else: warn, say: 合計が多すぎます。}
  - {id: rise, that: total <= previous.total + 20, else: warn, say: 前月より急に増えています。}
""",
    "invoice.yaml": """\
document: invoice
title: 運営費請求書
match:
  name: '{facility}_{period}_*請求書*'
  extension: [xlsx]
required: {every: month}
due: {month: next, day: 10, remind: [-3, 0, 1]}
personal_information: []
facts:
  children: {label: 児童数, as: int}
checks:
  - {id: agrees, that: enrolment.total == children, say: '在籍児童数報告書と請求書の児童数が一致しません（{cell}）。'}
""",
    "evidence.yaml": """\
document: evidence
title: 証憑
match: {name: '{facility}_{period}_証憑*'}
files: many
personal_information: []
""",
}
INVOICE = "012_202610_運営費請求書.xlsx"


def enrolment(ages: tuple[int, ...] = (3, 4, 5), total: int | None = None, code: str = "012") -> bytes:
    """A head-count of three ages; its total is their sum, or what it is made to be."""
    return _book(
        [["在籍児童数報告書"], ["施設番号", code], *([f"{age}歳児", count] for age, count in enumerate(ages, 3)),
         ["合計", sum(ages) if total is None else total]]
    )  # fmt: skip


def invoice(children: int) -> bytes:
    return _book([["運営費請求書"], ["児童数", children]])


def _book(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "様式"
    for row in rows:
        sheet.append(row)
    return _bytes(book)


def saved_anew(content: bytes, **cells: Any) -> bytes:
    """The same workbook saved by another program, with these cells changed; without any, nothing that it says is."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    assert sheet is not None
    sheet.column_dimensions["A"].width = 30
    for cell, value in cells.items():
        sheet[cell] = value
    return _bytes(book)


def zipped(files: Mapping[str, bytes], encoding: str = "utf-8") -> bytes:
    """A zip bundle; `cp932` as old programs on Windows write its names."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(files.items()):
            info = zipfile.ZipInfo(_stand_in(number, name, encoding) if encoding != "utf-8" else name)
            archive.writestr(info, content)
    raw = target.getvalue()
    for number, name in enumerate(files) if encoding != "utf-8" else ():
        raw = raw.replace(_stand_in(number, name, encoding).encode(), name.encode(encoding))
    return raw


def _stand_in(number: int, name: str, encoding: str) -> str:
    """As long as the name is in that encoding: zipfile itself writes UTF-8 only."""
    return f"~{number}~".ljust(len(name.encode(encoding)), "~")


def with_password() -> bytes:
    """A workbook with a password is no zip any more: an old container with the encrypted package in it."""
    return compound({"EncryptionInfo": b"\x04\x00\x04\x00" + bytes(60), "EncryptedPackage": bytes(4096)})


def with_macros(content: bytes) -> bytes:
    """The same workbook with program code in it, under its old name."""
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", compound({"VBA": b"code"}))
    return target.getvalue()


def _bytes(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
