"""A rules folder is taken whole, or refused with every fault's file, line and remedy."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest

from syncd.errors import Misconfigured
from syncd.model import By, Operator, Stage
from syncd.rulebook import Due, Required, Rulebook, build, load, snapshot

AS_GROUP = "write `key: value` in lines of its own, indented"
AS_LIST = "write [a, b], or lines that begin with `- `"
NUMBERED = "write same or next; a number is for documents that are required every fiscal_year"

ENROLMENT = """\
document: enrolment
title: 在籍児童数報告書
match:
  name: '{facility}_{period}_在籍*'
  extension: [xlsx, xls]
"""

Faults = Callable[..., list[str]]
Write = Callable[..., Path]
Book = Callable[..., Rulebook]


def test_a_whole_rule_is_read_as_it_says(book: Book) -> None:
    text = (
        ENROLMENT
        + "files: many\n"
        + "required: {kinds: [認可保育所, 認定こども園], every: month}\n"
        + "due: {month: next, day: 5, roll: previous_business_day, remind: [3, -3, 0]}\n"
        + "personal_information: [児童氏名]\n"
        + "ward_edits: accept\n"
    )
    rule = book(enrolment=text).rules["enrolment"]
    assert (rule.title, rule.many) == ("在籍児童数報告書", True)
    assert rule.extensions == {"xlsx", "xls"}
    assert rule.required == Required(("認可保育所", "認定こども園"), "month")
    assert rule.due == Due("next", 5, "previous_business_day", (-3, 0, 3))
    assert rule.personal_information == ("児童氏名",)
    assert rule.ward_edits is True
    assert rule.version == hashlib.sha256(text.encode()).hexdigest()[:7]
    assert rule.short_place == f"enrolment.yaml:4@{rule.version}"


def test_only_id_title_and_name_have_to_be_given(book: Book) -> None:
    found = book(a="document: a\ntitle: A\nmatch: {name: 'a*'}\n")
    rule = found.rules["a"]
    assert (rule.extensions, rule.many, rule.required, rule.due, rule.ward_edits) == (
        frozenset(),
        False,
        None,
        None,
        None,
    )
    assert not found.personal("a") and not found.many("a") and found.title("a") == "A"


def test_of_an_unknown_type_the_careful_answers(book: Book) -> None:
    found = book()
    for document in (None, "gone"):
        assert found.personal(document) and found.many(document) and found.title(document) is None
        assert found.workflow(document) is found.common


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("title: A\nmatch: {name: a}\n", "a.yaml:1: document is missing — add `document:` with its value"),
        ("document: a\nmatch: {name: a}\n", "a.yaml:1: title is missing — add `title:` with its value"),
        ("document: a\ntitle: A\n", "a.yaml:1: match is missing — add `match:` with its value"),
        ("document: a\ntitle: A\nmatch: {}\n", "a.yaml:3: match.name is missing — add `name:` with its value"),
        (
            "document: a b\ntitle: A\nmatch: {name: a}\n",
            "a.yaml:1: document must be a short name of letters, digits, - and _ — e.g. enrolment",
        ),
        (
            "- a\n",
            "a.yaml:1: the file must be a group of keys, not a list — write `key: value` in lines of its own, indented",
        ),
    ],
)
def test_what_every_rule_needs(faults: Faults, text: str, fault: str) -> None:
    assert faults(a=text) == [fault]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("titel: A\n", "unknown key 'titel' — did you mean 'title'?"),
        ("personal_info: []\n", "unknown key 'personal_info' — did you mean 'personal_information'?"),
        ("files: mny\n", "files can't be 'mny' — did you mean 'many'?"),
        ("ward_edits: acept\n", "ward_edits can't be 'acept' — did you mean 'accept'?"),
        ("personal_information: 氏名\n", f"personal_information must be a list, not text — {AS_LIST}"),
        ("required: {every: monthly}\n", "required.every can't be 'monthly' — did you mean 'month'?"),
        ("required: {kind: [a]}\n", "unknown key 'kind' in required — did you mean 'kinds'?"),
        ("required: month\n", f"required must be a group of keys, not text — {AS_GROUP}"),
        ("due: {month: nxt, day: 5}\n", "due.month can't be 'nxt' — did you mean 'next'?"),
        ("due: {month: same}\n", "due.day is missing — add `day:` with its value"),
        ("due: {month: same, day: 0}\n", "due.day can't be 0 — it must be at least 1 and at most 31"),
        ("due: {month: same, day: 32}\n", "due.day can't be 32 — it must be at least 1 and at most 31"),
        ("due: {month: same, day: 5th}\n", "due.day must be a whole number, not text — write digits, e.g. 5"),
        ("due: {month: same, day: 5, roll: next}\n", "due.roll can't be 'next' — did you mean 'next_business_day'?"),
        ("due: {month: same, day: 5, remind: [x]}\n",
         "due.remind must be a whole number, not text — write digits, e.g. 5"),
        ("due: {month: same, day: 5, remind: [0.5]}\n",
         "due.remind must be a whole number, not a number with decimals — write digits, e.g. 5"),
        ("due: {month: 6, day: 5}\n", f"due.month can't be 6 here — {NUMBERED}"),
    ],
)  # fmt: skip
def test_each_fault_of_a_rule_has_its_line_and_remedy(faults: Faults, more: str, fault: str) -> None:
    assert faults(enrolment=ENROLMENT + more) == [f"enrolment.yaml:6: {fault}"]


@pytest.mark.parametrize(
    ("due", "fault"),
    [
        ("{month: 6, day: 31}", "due: there is no 6/31 every year — the last one is 30"),
        ("{month: 2, day: 29}", "due: there is no 2/29 every year — the last one is 28"),
        ("{month: 13, day: 1}", "due.month can't be 13 — it must be at least 1 and at most 12"),
    ],
)
def test_a_yearly_due_day_has_to_exist(faults: Faults, due: str, fault: str) -> None:
    text = ENROLMENT + f"required: {{every: fiscal_year}}\ndue: {due}\n"
    assert faults(enrolment=text) == [f"enrolment.yaml:7: {fault}"]


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("{facilty}_*", "match.name: there is no placeholder {facilty} — did you mean 'facility'?"),
        ("{}_*", "match.name: there is no placeholder {} — known here: facility, period, title"),
        ("{period}_{period}", "match.name has {period} more than once — keep one of them"),
        ("{period}{facility}*", "match.name has {facility} directly beside {period} — put _ between them"),
        ("{facility_*", "match.name has a brace without its partner — close it, or remove it"),
        ("a}", "match.name has a brace without its partner — close it, or remove it"),
        ("a/b*", "match.name has a slash: it can never match — it is the name of a file, not a path"),
        ("在籍*.XLSX", "match.name ends with .xlsx, but is matched to the name without extension — remove .xlsx"),
        (" ", "match.name is empty — give it a value"),
    ],
)
def test_each_fault_of_a_pattern(faults: Faults, pattern: str, fault: str) -> None:
    text = f"document: a\ntitle: A\nmatch:\n  name: '{pattern}'\n  extension: [.xlsx]\n"
    assert faults(a=text) == [f"a.yaml:4: {fault}"]


def test_all_faults_of_all_files_come_at_once(faults: Faults) -> None:
    assert faults(
        a="document: a\ntitle: A\nmatch: {name: a}\nfiles: two\n",
        b="document: b\ntitle: B\nmatch: {name: '{x'}\nfile: one\n",
        c="document: [c\n",
        d="document: A\ntitle: 'Ｂ'\nmatch: {name: a}\n",
        _workflow="moves:\n  - {from: inbox, to: revew, by: syncd}\n",
    ) == [
        "_workflow.yaml:2: moves.to can't be 'revew' — did you mean 'review'?",
        "a.yaml:4: files can't be 'two' — known here: many, one",
        "b.yaml:3: match.name has a brace without its partner — close it, or remove it",
        "b.yaml:4: unknown key 'file' — did you mean 'files'?",
        "c.yaml:1: is no valid YAML: a bracket [ or { is not closed as expected — check commas and brackets",
        "d.yaml:1: document 'A' is also that of a.yaml — give each document its own",
        "d.yaml:2: title 'Ｂ' is also that of b.yaml — give each document its own",
    ]


def test_rules_saved_in_notepad_are_read(tmp_path: Path, packaged: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(ENROLMENT.replace("\n", "\r\n").encode("cp932"))
    (tmp_path / "B.YML").write_bytes(
        b"\xef\xbb\xbf" + ENROLMENT.replace("enrolment", "other").replace("在籍児童数報告書", "別の書類").encode()
    )
    assert {rule.title for rule in load(tmp_path, packaged).rules.values()} == {"在籍児童数報告書", "別の書類"}


def test_what_is_no_rule_is_left_alone(write: Write, packaged: Path) -> None:
    folder = write(**{"a": ENROLMENT, "_draft": "[", "~$a": "[", ".hidden": "["})
    (folder / "README.md").write_text("[")
    (folder / "a.yaml.bak").write_text("[")
    (folder / "samples.yaml").mkdir()
    assert list(load(folder, packaged).rules) == ["enrolment"]


def test_blank_forms_are_known_by_their_bytes(write: Write, packaged: Path) -> None:
    folder = write(a=ENROLMENT)
    (folder / "forms" / "2026").mkdir(parents=True)
    (folder / "forms" / "2026" / "様式1.xlsx").write_bytes(b"blank")
    assert load(folder, packaged).forms == {hashlib.sha1(b"blank").hexdigest()}


def test_a_folder_that_cannot_be_read_is_a_fault_not_an_empty_set(tmp_path: Path, packaged: Path) -> None:
    with pytest.raises(Misconfigured) as raised:
        load(tmp_path / "away", packaged)
    assert str(raised.value).startswith(f"{tmp_path}/away: the rules can't be read: ")


def test_an_empty_folder_has_no_documents_and_the_standard_table(tmp_path: Path, packaged: Path) -> None:
    found = load(tmp_path, packaged)
    assert not found.rules
    assert found.common.lines == load(packaged, packaged).common.lines


def test_a_snapshot_is_what_was_checked_whatever_happens_to_the_folder(write: Write, packaged: Path) -> None:
    folder = write(a=ENROLMENT)
    taken = snapshot(folder)
    (folder / "a.yaml").write_text("[")
    assert list(build(taken, snapshot(packaged)).rules) == ["enrolment"]


def test_the_fingerprint_changes_with_rules_and_forms_only(write: Write) -> None:
    folder = write(a=ENROLMENT)
    first = snapshot(folder).fingerprint
    (folder / "notes.txt").write_text("x")
    assert snapshot(folder).fingerprint == first
    write(a=ENROLMENT + "\n")
    second = snapshot(folder).fingerprint
    (folder / "forms").mkdir()
    (folder / "forms" / "a.xlsx").write_bytes(b"x")
    third = snapshot(folder).fingerprint
    (folder / "a.yaml").rename(folder / "b.yaml")
    assert len({first, second, third, snapshot(folder).fingerprint}) == 4


def test_a_rule_and_the_rules_have_a_version_that_changes_with_their_text(book: Book, packaged: Path) -> None:
    first = book(a=ENROLMENT, b="document: b\ntitle: B\nmatch: {name: b}\n")
    second = book(a=ENROLMENT + "# another thought\n")
    assert first.rules["enrolment"].version != second.rules["enrolment"].version
    assert first.rules["b"].version == second.rules["b"].version
    assert len({"", first.version, second.version, load(packaged, packaged).version}) == 4


def test_a_rulebook_cannot_be_changed(book: Book) -> None:
    found = book(a=ENROLMENT)
    with pytest.raises(TypeError):
        found.rules["b"] = found.rules["enrolment"]  # type: ignore[index]
    with pytest.raises(TypeError):
        found.messages["received"]["ja"] = ""  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        found.forms = frozenset()  # type: ignore[misc]


def test_two_hundred_rules_load_quickly(tmp_path: Path, packaged: Path, operator: Operator) -> None:
    text = (
        ENROLMENT
        + "required: {kinds: [認可保育所], every: month}\n"
        + "due: {month: same, day: 5, remind: [-3, 0, 1, 3]}\n"
        + "facts:\n  total: {label: 合計, as: int}\n  ages: {range: C8:C13, as: ints}\n"
        + "checks:\n  - {id: sum, that: sum(ages) == total, say: '{sum}人と{total}人'}\n"
    )
    for number in range(200):
        own = (
            text.replace("sum(ages)", f"sum(ages) + {number}")
            .replace(": enrolment", f": d{number}")
            .replace("在籍*", f"在籍{number}_*")
        )
        (tmp_path / f"d{number}.yaml").write_text(own.replace("title: 在籍", f"title: {number}在籍"), encoding="utf-8")
    taken, standard = snapshot(tmp_path), snapshot(packaged)
    used = []
    for _ in range(5):
        start = time.process_time()
        found = build(taken, standard)
        used.append(time.process_time() - start)
    assert min(used) < 0.5
    match = found.match("012_202510_在籍77_報告.xlsx", operator, date(2025, 11, 1))
    assert [candidate.document for candidate in match.candidates] == ["d77"]


def test_a_document_may_override_any_line(book: Book) -> None:
    found = book(
        a=ENROLMENT
        + "moves:\n"
        + "  - {from: review, to: confirmed, by: staff, allow: false}\n"
        + "  - {from: confirmed, to: corrections, by: staff, tell: operator, message: returned}\n"
    )
    own, common = found.workflow("enrolment"), found.workflow(None)
    forbidden = own.line(Stage.REVIEW, Stage.CONFIRMED, By.STAFF, {"typed"})
    assert forbidden is not None and not forbidden.allow
    allowed = common.line(Stage.REVIEW, Stage.CONFIRMED, By.STAFF, {"untyped"})
    assert allowed is not None and allowed.allow
    assert own.line(Stage.CONFIRMED, Stage.CORRECTIONS, By.STAFF, set()) is not None
    assert common.line(Stage.CONFIRMED, Stage.CORRECTIONS, By.STAFF, set()) is None


def test_ward_edits_of_a_document_hold_for_what_staff_confirm(book: Book) -> None:
    found = book(
        a=ENROLMENT + "ward_edits: accept\n", b="document: b\ntitle: B\nmatch: {name: b}\nward_edits: refuse\n"
    )

    def edits(document: str | None) -> bool:
        line = found.workflow(document).line(Stage.REVIEW, Stage.CONFIRMED, By.STAFF, {"edited", "typed"})
        assert line is not None
        return line.ward_edits

    assert (edits("enrolment"), edits("b"), edits(None)) == (True, False, False)
    lines = found.workflow("enrolment").lines
    assert {(line.to_stage, line.by) for line in lines if line.ward_edits} == {(Stage.CONFIRMED, By.STAFF)}
