"""The shipped rules find in the sample forms what is wrong with each, and nothing in the good ones."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from syncd.demo.ward import NURSERIES, Nursery
from syncd.judging import Around, judge_file
from syncd.model import Operator
from syncd.packaged import rules_folder
from syncd.reading import Reader
from syncd.rulebook import Rule, load
from syncd.rulebook.checks import Sender
from syncd.trying import Tried, try_examples
from tests.samples import MONTH, NURSERY, SAMPLES, Sample, tiny
from tests.samples.table import GOOD

FOLDER = rules_folder() / "samples"
TODAY = date(2026, 11, 5)
BOOK = load(rules_folder(), rules_folder())
EVERY = {"month": "2026-10", "quarter": "2026-Q3", "fiscal_year": "2026"}
ONCE = {"sheets", "facility", "period"}
"""Checks that are alike in every rule: one sample of any document shows them."""


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(1) as made:
        yield made


@pytest.fixture(scope="module")
def tried(reader: Reader) -> list[Tried]:
    """All examples of all shipped rules."""
    return list(try_examples(reader, BOOK, list(BOOK.rules.values()), rules_folder(), TODAY, "ja"))


def parts(content: bytes) -> object:
    """What is in it, however it was packed: compressed bytes are zlib's, not ours."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {member.filename: (member.date_time, archive.read(member)) for member in archive.infolist()}


def test_the_files_in_the_rules_folder_are_what_the_builder_makes() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(sample.file for sample in SAMPLES)
    for sample in SAMPLES:
        made = sample.make(NURSERY, MONTH)
        assert parts((FOLDER / sample.file).read_bytes()) == parts(made), f"{sample.file}: python -m tests.samples"
        assert len(made) < 12_000
        assert sample.says or made == sample.make(NURSERY, MONTH)


def test_every_sample_is_an_example_of_its_rule_and_the_other_way_round() -> None:
    assert set(GOOD) == set(BOOK.rules)
    for rule in BOOK.rules.values():
        found = [
            (one.file, one.expect, one.says, one.previous, dict(one.documents), one.period, one.sender)
            for one in rule.examples
        ]
        assert found == [wanted(sample, rule) for sample in SAMPLES if sample.document == rule.document]


def wanted(sample: Sample, rule: Rule) -> tuple[object, ...]:
    """The example that the rule should have."""
    previous, documents = (
        f"samples/{sample.previous}" if sample.previous else "",
        {name: f"samples/{file}" for name, file in sample.documents.items()},
    )
    says = (sample.says,) if sample.says else ()
    sender = Sender(NURSERY.name, NURSERY.kind, NURSERY.code)
    return f"samples/{sample.file}", sample.expect, says, previous, documents, EVERY[rule.every], sender


def test_every_check_has_a_sample_with_its_fault() -> None:
    faults: dict[str, set[str]] = defaultdict(set)
    for sample in SAMPLES:
        faults[sample.document].add(sample.fault)
    anywhere = set().union(*faults.values())
    for rule in BOOK.rules.values():
        asked = {check.id for check in rule.checks}
        assert asked - ONCE <= faults[rule.document], rule.document
        assert asked & ONCE <= anywhere
        assert "ok" in faults[rule.document]


def test_every_example_comes_out_as_it_says(tried: list[Tried]) -> None:
    assert [one for one in tried if not one.right] == []
    assert len(tried) == len(SAMPLES)


def test_every_fault_is_found_by_its_check_and_good_forms_have_none(tried: list[Tried]) -> None:
    samples = {f"samples/{sample.file}": sample for sample in SAMPLES}
    for one in tried:
        sample = samples[one.file]
        found = {reason.partition(":")[0] for reason in one.reasons}
        checks = {check.id for check in BOOK.rules[sample.document].checks}
        assert bool(found) == bool(sample.says), one.file
        assert sample.fault in found or sample.fault not in checks, one.file


@pytest.mark.parametrize("nursery", NURSERIES[1:], ids=lambda nursery: nursery.id)
def test_the_forms_of_any_nursery_and_month_are_good(nursery: Nursery, reader: Reader, tmp_path: Path) -> None:
    operator = Operator(nursery.id, nursery.name, nursery.kind, nursery.code, nursery.folder, nursery.folder)
    for sample in (each for each in SAMPLES if not each.says):
        rule = BOOK.rules[sample.document]
        period = {"month": "2027-03", "quarter": "2026-Q4", "fiscal_year": "2026"}[rule.every]
        content = tmp_path / sample.file
        content.write_bytes(sample.make(nursery, (2027, 3)))
        name = BOOK.named(sample.document, operator, period, sample.extension)
        judged = judge_file(reader, BOOK, operator, name, content, today=date(2027, 4, 5), around=Around())
        assert (judged.decision.state, judged.decision.findings) == ("accept", ()), sample.file
        assert (judged.decision.document, judged.decision.period) == (sample.document, period)


@pytest.mark.parametrize(
    "name", ["012_202610_加算_契約書.pdf", "012_202610_障害児_診断書.jpg", "012_2026年度第3四半期_実績報告_領収書.pdf"]
)
def test_evidence_beside_a_form_is_no_form(name: str, reader: Reader, tmp_path: Path) -> None:
    """Of a document of many files, all but the workbook."""
    operator = Operator(NURSERY.id, NURSERY.name, NURSERY.kind, NURSERY.code, NURSERY.folder, NURSERY.folder)
    content = tmp_path / "content"
    content.write_bytes(tiny.paper(name, "a contract"))
    judged = judge_file(reader, BOOK, operator, name, content, today=TODAY)
    assert (judged.decision.state, judged.decision.findings) == ("accept", ())
    book = tmp_path / "book"
    book.write_bytes(tiny.workbook("another form"))
    other = judge_file(reader, BOOK, operator, f"{name.rpartition('.')[0]}.xlsx", book, today=TODAY)
    assert other.decision.state == "return"


def test_no_reason_names_a_child_or_an_employee(tried: list[Tried]) -> None:
    children = {one[0] for one in GOOD["enrolment"](NURSERY, MONTH).children}
    staff = {one.name for one in GOOD["staff"](NURSERY, MONTH).people}
    said = "\n".join(reason for one in tried for reason in one.reasons)
    assert len(said) > 3_000
    assert not [name for name in children | staff if name in said]
