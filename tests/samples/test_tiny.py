"""The smallest papers are what their names say, and give their text back."""

from __future__ import annotations

import io

import pypdf
import pytest
from openpyxl import load_workbook
from PIL import Image
from python_calamine import CalamineWorkbook

from tests.samples import tiny

TEXTS = ("v1", "第2版 <&> \"'", " two  spaces\nand lines ", "x" * 5_000)


@pytest.mark.parametrize("name", ["a.xlsx", "a.XLSX", "a.pdf", "a.jpg", "a.docx", "a.txt", "理由", "a.xls"])
def test_the_text_can_be_read_back(name: str) -> None:
    for text in ("", *TEXTS):
        content = tiny.paper(name, text)
        assert tiny.text_of(content) == text
        assert content == tiny.paper(name, text)
        assert bool(content) == bool(text)
        assert len(content) < 2_100 + len(text) * 5
    assert len({tiny.paper(name, text) for text in TEXTS}) == len(TEXTS)


def test_workbooks_open() -> None:
    for text in TEXTS:
        content = tiny.workbook(text)
        assert load_workbook(io.BytesIO(content)).active["A1"].value == text  # type: ignore[index]  # it has a sheet
        assert CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python() == [[text]]


def test_pdfs_open() -> None:
    reader = pypdf.PdfReader(io.BytesIO(tiny.pdf("version 1")), strict=True)
    assert [page.extract_text() for page in reader.pages] == ["version 1"]


def test_pictures_open() -> None:
    picture = Image.open(io.BytesIO(tiny.picture("第1版")))
    picture.load()
    assert (picture.size, picture.getpixel((0, 0))) == ((1, 1), 255)


def test_other_bytes_are_text_as_they_are() -> None:
    assert tiny.text_of(b"PK\3\4 broken") == "PK\3\4 broken"
    assert tiny.text_of(b"v1\xff") == "v1\ufffd"
