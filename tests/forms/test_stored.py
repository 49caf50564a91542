"""Facts as text for the database come back equal; those stored by an earlier syncd still come back."""

from __future__ import annotations

import json

from syncd.forms.fact import Value
from syncd.forms.stored import read_facts, write_facts


def test_what_could_not_be_told_comes_back_with_its_places() -> None:
    facts = {
        "total": Value("ambiguous", cell="在籍!B3", others=("名簿!C9", "名簿!C10")),
        "amount": Value("found", 5, cell="A1", through="請求金額の欄"),
    }
    assert read_facts(write_facts(facts)) == facts


def test_facts_that_were_stored_before_there_were_ambiguous_ones() -> None:
    stored = json.loads(write_facts({"total": Value("found", 5, cell="A1")}))
    del stored["total"]["others"], stored["total"]["through"]
    assert read_facts(json.dumps(stored)) == {"total": Value("found", 5, cell="A1")}
