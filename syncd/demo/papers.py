"""What the demo's nurseries send: the ward's forms (`forms`), each right or with the one mistake of its story."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from syncd.demo import forms
from syncd.demo.forms.workbook import with_number

if TYPE_CHECKING:
    from syncd.demo.forms import Month
    from syncd.demo.ward import Nursery


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that a nursery sends.

    Attributes:
        title: what its file name says after facility and month.
        make: its bytes, from the nursery, the month (year, number) and whether there is a mistake in it.
    """

    title: str
    extension: str
    make: Callable[[Nursery, Month, bool], bytes]

    def name(self, nursery: Nursery, month: Month) -> str:
        """As the guide of the ward asks for it."""
        return f"{nursery.code}_{month[0]}{month[1]:02d}_{self.title}.{self.extension}"


def enrolment(nursery: Nursery, month: Month, wrong: bool) -> bytes:
    """在籍児童数報告書: head-counts by age, their sum, and the children. The mistake: a sum that is one too many."""
    form = forms.enrolment(nursery, month)
    return replace(form, total=sum(form.ages) + wrong).workbook()


def additions(nursery: Nursery, month: Month, wrong: bool) -> bytes:
    """加算調整項目届出書: which additions are claimed. The mistake: one too many, which only people can know."""
    form = forms.additions(nursery, month)
    item, answer, changed, evidence = form.items[3]
    row = (item, "有" if wrong else answer, changed, evidence)
    return replace(form, items=(*form.items[:3], row, *form.items[4:])).workbook()


def staff_list(nursery: Nursery, month: Month, wrong: bool) -> bytes:
    """職員名簿・雇用状況表: who works there. The mistake: a nurse too many, which only people can know."""
    form = forms.staff_list(nursery, month)
    return replace(form, nurses=round(form.nurses + wrong, 1)).workbook()


def invoice(nursery: Nursery, month: Month, wrong: bool) -> bytes:
    """運営費請求書, as PDF with a seal. The mistake: a child more than the head-counts report."""
    form = forms.invoice(nursery, month)
    return replace(form, children=form.children + wrong).pdf()


def extended_care(nursery: Nursery, month: Month, _: bool) -> bytes:
    """延長保育実績: children by day in extended hours; never with a mistake, as the others that come in a bundle."""
    return forms.extended_care(nursery, month).workbook()


def disability(nursery: Nursery, month: Month, _: bool) -> bytes:
    """障害児保育加算: the children and their evidence."""
    return forms.disability(nursery, month).workbook()


def temporary_care(nursery: Nursery, month: Month, _: bool) -> bytes:
    """一時預かり実績: children by day."""
    return forms.temporary_care(nursery, month).workbook()


ENROLMENT = Paper("在籍児童数報告書", "xlsx", enrolment)
INVOICE = Paper("運営費請求書", "pdf", invoice)
ADDITIONS = Paper("加算調整項目届出書", "xlsx", additions)
STAFF_LIST = Paper("職員名簿・雇用状況表", "xlsx", staff_list)
EXTENDED_CARE = Paper("延長保育実績", "xlsx", extended_care)
DISABILITY = Paper("障害児保育加算", "xlsx", disability)
TEMPORARY_CARE = Paper("一時預かり実績", "xlsx", temporary_care)
LAST_MONTHS = (INVOICE, EXTENDED_CARE, DISABILITY, TEMPORARY_CARE)
"""What is due in the month after the one that it reports on."""


def corrected(content: bytes, label: str, value: float) -> bytes:
    """The workbook as somebody saves it after putting another number into the first filled cell beside that label."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    for number, sheet in enumerate(book.worksheets, 1):
        for row in sheet.iter_rows():
            if row[0].value == label:
                filled = [cell.coordinate for cell in row[1:] if cell.value not in (None, "")]
                content = with_number(content, number, filled[0], value)
    return content


def with_macros(content: bytes) -> bytes:
    """The workbook with a part in it that programs lie in."""
    written = io.BytesIO(content)
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"program code")
    return written.getvalue()


def has_comments(content: bytes) -> bool:
    """Whether any cell of the workbook carries a comment, as syncd's marked copies do."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    return any(cell.comment for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
