"""Printed forms are read rightly or not at all: a generator whose right values are known by construction.

SYNCD_PRINTED_FORMS says how many of each kind, 4 if nothing is said.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.forms.fact import Fact, Value
from syncd.reading import Reader
from tests.reading.printing import KINDS, Form, printed

EVERY = int(os.environ.get("SYNCD_PRINTED_FORMS", "4"))


def judged(form: Form, found: dict[str, Value]) -> Iterator[tuple[str, Fact, Value]]:
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
        for what, fact, value in judged(form, dict(reading.facts)):
            count[what] += 1
            if what != "right":
                bad.append((what, seed, fact.labels, form.right.get(fact.name), form.rows.get(fact.name), value))
    assert not count["wrong"], bad
    assert count["refused"] <= 0.02 * count.total(), bad
