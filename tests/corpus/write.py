"""Writes forms as files of every kind; LibreOffice saves and prints its part of them in one start for each kind."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final, cast

from tests.corpus import write_openpyxl, write_pdf, write_texts, write_xlsx
from tests.corpus.form import Form

_BY_CALC: Final = {"calc-xlsx": "xlsx", "xls": "xls", "calc-ods": "ods", "calc-pdf": "pdf"}
EXTENSION: Final = {
    "xlsx": "xlsx", "openpyxl": "xlsx", "calc-xlsx": "xlsx", "xls": "xls", "ods": "ods", "calc-ods": "ods",
    "csv": "csv", "pdf": "pdf", "calc-pdf": "pdf", "docx": "docx",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One form of the corpus: which peculiarity, what kind of file, and where it lies once it is written."""

    number: int
    peculiarity: str
    kind: str
    form: Form

    @property
    def file(self) -> str:
        return f"{self.number:05}.{EXTENSION[self.kind]}"


def write(cases: Sequence[Case], into: Path) -> list[Case]:
    """Writes all forms into a folder; which of them are there (without LibreOffice, its part isn't)."""
    for case in cases:
        (into / case.file).write_bytes(_bytes(case))
    for kind, extension in _BY_CALC.items():
        mine = [case for case in cases if case.kind == kind]
        if mine and not _by_calc(mine, extension, into):
            cases = [case for case in cases if case.kind != kind]
    return list(cases)


def _bytes(case: Case) -> bytes:
    content = _plain_bytes(case)
    finish = case.form.options.get("finish")
    return finish(content) if callable(finish) else content


def _plain_bytes(case: Case) -> bytes:
    form, options = case.form, case.form.options
    if form.content is not None:
        return form.content(Random(case.number), form)
    match case.kind:
        case "xlsx":
            return write_xlsx.workbook(form.pages, options)
        case "ods":
            return write_texts.pretty_ods(form.pages)
        case "csv":
            return write_texts.csv_file(form.pages, options)
        case "pdf":
            return write_pdf.printed(form.pages, options, cast("write_pdf.Draw | None", options.get("draw")))
        case "docx":
            return write_texts.docx(form.pages, options)
    return write_openpyxl.workbook(form.pages, iso_dates=bool(options.get("iso")))


def _by_calc(cases: Sequence[Case], extension: str, into: Path) -> bool:
    """Has LibreOffice write these workbooks as another kind in the same folder; False where there is no LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        assert os.environ.get("CI") != "1", "soffice is missing; install libreoffice-calc"
        return False
    work, done = into / f".{extension}", into / f".{extension}-done"
    work.mkdir()
    for case in cases:
        (into / case.file).rename(work / f"{case.number:05}.xlsx")
    command = [
        program,
        f"-env:UserInstallation={(into / '.profile').as_uri()}",
        "--headless",
        "--convert-to",
        extension,
    ]
    files = [str(file) for file in sorted(work.iterdir())]
    for begin in range(0, len(files), 100):
        subprocess.run(
            [*command, "--outdir", str(done), *files[begin : begin + 100]], capture_output=True, timeout=600, check=True
        )
    for case in cases:
        (done / f"{case.number:05}.{extension}").rename(into / case.file)
    return True
