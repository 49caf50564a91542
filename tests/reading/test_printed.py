"""Printed forms are read rightly or not at all: a generator whose right values are known by construction.

SYNCD_PRINTED_FORMS says how many of each kind, 4 if nothing is said.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from syncd.forms.fact import Fact, Value
from syncd.forms.grid import Grid
from syncd.forms.locate import find
from syncd.reading import Limits, Reader, pdfs
from syncd.reading.contents import labels_of
from tests.reading.office import saved_again
from tests.reading.office_forms import OfficeForm, workbook
from tests.reading.printing import KINDS, Form, printed

EVERY = int(os.environ.get("SYNCD_PRINTED_FORMS", "4"))


def judged(form: Form | OfficeForm, found: Mapping[str, Value]) -> Iterator[tuple[str, Fact, Value]]:
    """right, refused or wrong for each fact of a form."""
    for fact in form.facts:
        value = found[fact.name]
        if fact.table:
            refused = value.state in ("missing", "ambiguous", "wrong kind")
            right = [dict(row) for row in value.rows] == form.rows[fact.name]
        else:
            wanted = form.right[fact.name]
            refused = value.state != "found" and wanted is not None
            right = value.one == wanted
        yield "refused" if refused else "right" if right else "wrong", fact, value


@pytest.mark.parametrize("kind", KINDS)
def test_a_printed_form_is_read_rightly_or_not_at_all(kind: str, reader: Reader, tmp_path: Path) -> None:
    count: Counter[str] = Counter()
    bad = []
    for seed in range(EVERY):
        data, form = printed(kind, seed)
        (tmp_path / "content").write_bytes(data)
        reading = reader.read(tmp_path / "content", "a.pdf", form.facts)
        assert not reading.trouble, (seed, reading.detail)
        for what, fact, value in judged(form, reading.facts):
            count[what] += 1
            if what != "right":
                bad.append((what, seed, fact.labels, form.right.get(fact.name), form.rows.get(fact.name), value))
    assert not count["wrong"], bad
    assert count["refused"] <= 0.02 * count.total(), bad


def test_what_libreoffice_prints_is_read_rightly_or_not_at_all(tmp_path: Path) -> None:
    """One sheet of a workbook a page; in process, because each page has its own facts."""
    count: Counter[str] = Counter()
    bad = []
    for seed in range(max(EVERY // 20, 1)):
        book = tmp_path / f"{seed}.xlsx"
        forms = workbook(book, seed, 40)
        saved_again([book], "pdf", tmp_path, tmp_path / "profile")
        labels = frozenset().union(*(labels_of(form.facts) for form in forms))
        found = pdfs.pages(book.with_suffix(".pdf"), Limits(), wanted=True, labels=labels)
        for number, (sheet, form) in enumerate(zip(found.grid.sheets, forms, strict=True), 1):
            for what, fact, value in judged(form, find(Grid((sheet,)), form.facts)):
                count[what] += 1
                if what != "right":
                    bad.append((what, seed, number, fact.labels, form.right.get(fact.name), value))
    assert not count["wrong"], bad
    assert count["refused"] <= 0.03 * count.total(), bad
