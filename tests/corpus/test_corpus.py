"""A share of the corpus: what is written is what is known to stand there, and what syncd reads of it is right."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from syncd.reading import Reader
from tests.corpus.corpus import PECULIARITIES, cases
from tests.corpus.judged import judge, same
from tests.corpus.write import Case, write

FORMS = int(os.environ.get("SYNCD_FORMS", "150"))
MOST_REFUSED = 0.02
SEED = int(os.environ.get("SYNCD_FORMS_SEED", "20261129"))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Case]]:
    folder = tmp_path_factory.mktemp("forms")
    return folder, write(cases(SEED, FORMS), folder)


def test_the_corpus_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    first, again = cases(7, 60), cases(7, 60)
    assert [(each.peculiarity, each.kind, each.form.fact) for each in first] == [
        (each.peculiarity, each.kind, each.form.fact) for each in again
    ]
    assert {each.peculiarity for each in cases(1, len(PECULIARITIES))} == set(PECULIARITIES)


def test_another_program_sees_what_was_written(corpus: tuple[Path, list[Case]]) -> None:
    folder, written = corpus
    looked = 0
    for case in written:
        if case.kind not in ("xlsx", "openpyxl", "calc-xlsx") or case.form.content or "finish" in case.form.options:
            continue
        if case.kind == "xlsx" and case.form.options.get("strict"):
            continue  # openpyxl doesn't know these namespaces
        book = openpyxl.load_workbook(folder / case.file, data_only=True)
        for page, sheet in zip(case.form.pages, book.worksheets, strict=True):
            for spot, ink in page.cells.items():
                found = sheet.cell(*spot).value
                if not isinstance(ink.value, date):
                    assert (
                        same(found, ink.value)
                        or str(found) == f"{ink.value}{ink.raised}"
                        or ink.shown == str(found)
                        or (isinstance(found, float | int) or hasattr(found, "hour") or hasattr(found, "seconds"))
                    ), (case, spot, found, ink)
        looked += 1
    assert looked > FORMS / 8


def test_another_program_sees_what_was_printed(corpus: tuple[Path, list[Case]]) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext (poppler-utils)")
    folder, written = corpus
    for case in written:
        if case.kind != "pdf" or case.form.options.get("font") != "ipaexg" or case.form.content:
            continue
        command = ["pdftotext", "-layout", str(folder / case.file), "-"]
        text = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
        seen = "".join(text.split())
        words = ["".join(ink.shown.split()) for page in case.form.pages for ink in page.cells.values()]
        assert sum(word in seen for word in words) >= len(words) * 0.6, (case, text)


def test_a_share_of_the_forms_is_read_rightly(corpus: tuple[Path, list[Case]]) -> None:
    """No wrong value at all; a value that is there, or the true reason why there is none, in all but a few."""
    folder, written = corpus
    with Reader(workers=2) as reader:
        found = list(judge(written, folder, reader))
    bad = [one for one in found if one.verdict != "right"]
    told = "\n".join(
        f"{one.verdict} {one.case.file} {one.case.peculiarity}, {one.case.kind}, {one.case.form.place}, "
        f"{one.case.form.fact}: {one.expected} but {one.got}"
        for one in bad
    )
    assert not [one for one in bad if one.verdict == "WRONG"], told
    assert len(bad) <= len(found) * MOST_REFUSED, told
