"""A move is allowed by a line of the table, or refused; a line that says something impossible is a fault."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from syncd.model import By, Stage
from syncd.rulebook import FACTS, Rulebook

Faults = Callable[..., list[str]]
Book = Callable[..., Rulebook]

INBOX, REVIEW, CORRECTIONS, CONFIRMED = Stage.INBOX, Stage.REVIEW, Stage.CORRECTIONS, Stage.CONFIRMED
SYNCD, STAFF, OPERATOR = By.SYNCD, By.STAFF, By.OPERATOR


@pytest.mark.parametrize(
    ("way", "facts", "told"),
    [
        ((INBOX, REVIEW, SYNCD), "typed unedited", {"operator": "received", "staff": "arrived"}),
        ((INBOX, CORRECTIONS, SYNCD), "typed unedited", {"operator": "returned"}),
        ((REVIEW, CONFIRMED, STAFF), "typed unedited", {"operator": "confirmed"}),
        ((REVIEW, CONFIRMED, STAFF), "typed edited", {"operator": "confirmed"}),
        ((REVIEW, CORRECTIONS, STAFF), "typed edited", {"operator": "ward_corrected"}),
        ((REVIEW, CORRECTIONS, STAFF), "untyped unedited", {"operator": "returned"}),
        ((CONFIRMED, REVIEW, STAFF), "typed unedited", {"operator": "reopened", "staff": "reopened"}),
        ((CORRECTIONS, CONFIRMED, OPERATOR), "typed edited offered", {"staff": "agreed"}),
        ((CORRECTIONS, INBOX, OPERATOR), "typed unedited returned", {}),
        ((CORRECTIONS, INBOX, OPERATOR), "typed edited offered", {}),
        ((CORRECTIONS, CONFIRMED, STAFF), "typed edited offered", {"operator": "confirmed", "staff": "agreed"}),
        ((CORRECTIONS, CONFIRMED, STAFF), "typed returned with_note", {"operator": "confirmed", "staff": "confirmed"}),
        ((CORRECTIONS, REVIEW, STAFF), "typed edited offered", {"operator": "taken_back"}),
        ((INBOX, REVIEW, STAFF), "untyped unedited", {"operator": "untyped_accepted"}),
        ((INBOX, CORRECTIONS, STAFF), "untyped unedited", {"operator": "returned"}),
        ((INBOX, CORRECTIONS, STAFF), "untyped edited", {"operator": "ward_corrected"}),
    ],
)
def test_the_standard_table_allows(book: Book, way: tuple[Stage, Stage, By], facts: str, told: dict[str, str]) -> None:
    line = book().common.line(*way, facts.split())
    assert line is not None and line.allow and not line.ward_edits
    assert dict(zip(line.tell, line.messages, strict=True)) == told
    assert {audience: line.message_for(audience) for audience in line.tell} == told
    assert line.message_for("administrators") == ""


def test_the_standard_table_refuses_everything_else(book: Book) -> None:
    table = book().common
    allowed = {
        (INBOX, REVIEW, SYNCD), (INBOX, CORRECTIONS, SYNCD), (REVIEW, CONFIRMED, STAFF), (REVIEW, CORRECTIONS, STAFF),
        (CONFIRMED, REVIEW, STAFF), (CORRECTIONS, CONFIRMED, OPERATOR), (CORRECTIONS, INBOX, OPERATOR),
        (CORRECTIONS, CONFIRMED, STAFF), (CORRECTIONS, REVIEW, STAFF), (INBOX, REVIEW, STAFF),
        (INBOX, CORRECTIONS, STAFF),
    }  # fmt: skip
    ways = [(start, end, by) for start in (None, *Stage) for end in (None, *Stage) for by in By]
    assert {way for way in ways if table.line(*way, FACTS) is not None} == allowed


@pytest.mark.parametrize(
    ("way", "facts"),
    [
        ((CORRECTIONS, CONFIRMED, OPERATOR), "typed unedited returned with_note"),
        ((CORRECTIONS, CONFIRMED, OPERATOR), "typed edited"),
        ((CORRECTIONS, CONFIRMED, STAFF), "typed unedited returned"),
        ((CORRECTIONS, CONFIRMED, STAFF), "typed edited with_note"),
        ((INBOX, REVIEW, STAFF), "typed unedited"),
        ((INBOX, CORRECTIONS, STAFF), "typed unedited"),
    ],
)
def test_the_standard_table_needs_the_facts(book: Book, way: tuple[Stage, Stage, By], facts: str) -> None:
    assert book().common.line(*way, facts.split()) is None


def test_every_line_of_the_standard_table_is_needed(book: Book) -> None:
    lines = book().common.lines
    assert not any(one.covers(other) for one, other in combinations(lines, 2))
    assert not any(other.covers(one) for one, other in combinations(lines, 2) if not one.when > other.when)


def test_the_first_line_that_fits_counts(book: Book) -> None:
    table = book(
        _workflow="moves:\n"
        "  - {from: review, to: inbox, by: staff, when: [edited, typed], allow: false}\n"
        "  - {from: review, to: inbox, by: staff, when: edited, tell: staff, message: arrived}\n"
        "  - {from: review, to: inbox, by: staff}\n"
    ).common
    found = [table.line(REVIEW, INBOX, STAFF, facts.split()) for facts in ("edited typed", "edited", "unedited", "")]
    assert [line.allow if line else None for line in found] == [False, True, True, True]
    assert [line.tell if line else None for line in found] == [(), ("staff",), (), ()]
    assert [line.place.rpartition("/")[2] if line else None for line in found] == [
        "_workflow.yaml:2", "_workflow.yaml:3", "_workflow.yaml:4", "_workflow.yaml:4",
    ]  # fmt: skip


def test_a_table_of_the_ward_replaces_the_standard_one(book: Book) -> None:
    assert book(_workflow="moves: []\n").common.lines == ()


def test_texts_alone_leave_the_standard_table(book: Book) -> None:
    found = book(_workflow="messages:\n  received: {ja: '{施設} {一覧}'}\n")
    assert len(found.common.lines) > 10
    assert found.messages["received"]["ja"] == "{施設} {一覧}"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{to: review, by: staff}", "moves.from is missing — add `from:` with its value"),
        ("{from: inbox, to: review}", "moves.by is missing — add `by:` with its value"),
        ("{from: inbox, to: reviews, by: staff}", "moves.to can't be 'reviews' — did you mean 'review'?"),
        ("{from: inbox, to: review, by: stuff}", "moves.by can't be 'stuff' — did you mean 'staff'?"),
        ("{from: inbox, to: review, by: staff, wen: typed}", "unknown key 'wen' in moves — did you mean 'when'?"),
        ("{from: inbox, to: review, by: staff, when: type}", "moves.when can't be 'type' — did you mean 'typed'?"),
        ("{from: inbox, to: review, by: staff, when: [typed, untyped]}",
         "when: typed and untyped never hold together — remove one of them, or make two lines"),
        ("{from: inbox, to: review, by: staff, allow: no}",
         "moves.allow must be true or false, not text — write true or false"),
        ("{from: inbox, to: inbox, by: staff}", "a move from inbox to inbox is none — name two different stages"),
        ("{from: inbox, to: review, by: staff, tell: [operators], message: received}",
         "moves.tell can't be 'operators' — did you mean 'operator'?"),
        ("{from: inbox, to: review, by: staff, tell: [staff]}",
         "`tell` without `message` — say with which message they are told"),
        ("{from: inbox, to: review, by: staff, message: received}",
         "`message` without `tell` — say who is told: operator, staff, administrators"),
        ("{from: inbox, to: review, by: staff, tell: staff, message: recieved}",
         "there is no message 'recieved' — did you mean 'received'?"),
        ("{from: inbox, to: review, by: staff, tell: staff, message: {operator: received, staff: arrived}}",
         "there is a message for 'operator', whom the line doesn't tell — known here: staff"),
        ("{from: inbox, to: review, by: staff, tell: [staff, operator], message: {staff: arrived}}",
         "there is no message for operator — add `operator: <message>`"),
        ("{from: inbox, to: review, by: staff, allow: false, tell: staff, message: arrived}",
         "a forbidden move tells nobody by itself — remove `tell` and `message`"),
        ("{from: inbox, to: review, by: staff, ward_edits: yes}",
         "moves.ward_edits can't be 'yes' — known here: accept, refuse"),
        ("inbox", "moves must be a group of keys, not text — write `key: value` in lines of its own, indented"),
    ],
)  # fmt: skip
def test_each_fault_of_a_line(faults: Faults, line: str, fault: str) -> None:
    assert faults(_workflow=f"moves:\n  - {line}\n") == [f"_workflow.yaml:2: {fault}"]


@pytest.mark.parametrize("later", ["", ", when: edited", ", when: [edited, typed]", ", allow: false"])
def test_a_line_that_is_never_reached_is_a_fault(faults: Faults, later: str) -> None:
    lines = "moves:\n  - {from: inbox, to: review, by: staff}\n  - {from: inbox, to: review, by: staff%s}\n"
    (fault,) = faults(_workflow=lines % later)
    assert fault.startswith("_workflow.yaml:3: this line is never reached: ")
    assert "_workflow.yaml:2 already takes all its cases" in fault


def test_faults_of_the_file_itself(faults: Faults) -> None:
    assert faults(_workflow="moves:\nmesages: {}\n") == [
        "_workflow.yaml:1: `moves` has no lines — write `moves: []` if no move is allowed, or remove the key",
        "_workflow.yaml:2: unknown key 'mesages' — did you mean 'messages'?",
    ]
