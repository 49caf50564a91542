"""One warm reader for all tests that don't break it; and forms that other programs have saved again, once for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from syncd.forms.fact import Fact, Reading
from syncd.model import Finding
from syncd.reading import Reader
from syncd.reading.marking import mark
from tests.reading.office import saved_again
from tests.reading.returned import form, saved

TOTAL = Fact("total", "int", labels=("合計",))
Read = Callable[..., Reading]


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    with Reader() as made:
        yield made


@pytest.fixture
def read(reader: Reader, tmp_path: Path) -> Read:
    """Bytes and a name → what is read of them."""

    def read(data: bytes, name: str = "a.xlsx", *facts: Fact, texts: tuple[str, ...] = ()) -> Reading:
        (tmp_path / "content").write_bytes(data)
        return reader.read(tmp_path / "content", name, facts, texts)

    return read


@dataclass(frozen=True, slots=True)
class Saved:
    """A form and its marked copy, and both as openpyxl and LibreOffice saved them again; `old`: as xls."""

    form: Path
    marked: Path
    by_openpyxl: Path
    marked_by_openpyxl: Path
    by_office: Path
    marked_by_office: Path
    old: Path


FAULTS = (
    Finding("sum", "return", "年齢別の計と合計が一致しません。", ("在籍!C14",), "64", "65"),
    Finding("ages", "return", "1歳の数を確認してください。", ("在籍!C8:C13", "在籍!C9")),
    Finding("name", "return", "施設名がありません。", ("別紙!B2",)),
)


@pytest.fixture(scope="session")
def resaved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    folder = tmp_path_factory.mktemp("resaved")
    office = folder / "office"
    office.mkdir()
    first = saved(form(), folder / "form.xlsx")
    marked = folder / "marked.xlsx"
    assert mark(first, FAULTS, marked)
    again = saved(openpyxl.load_workbook(first), folder / "form_openpyxl.xlsx")
    marked_again = saved(openpyxl.load_workbook(marked), folder / "marked_openpyxl.xlsx")
    profile = folder / "profile"
    saved_again([first, marked], "xlsx", office, profile)
    saved_again([first], "xls", office, profile)
    return Saved(first, marked, again, marked_again, office / "form.xlsx", office / "marked.xlsx", office / "form.xls")
