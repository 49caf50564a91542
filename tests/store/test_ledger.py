"""The ledger: a move's outcome is recorded whole, once, or not at all."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from syncd.errors import SyncdError
from syncd.model import (
    By,
    Effect,
    Kept,
    Move,
    Place,
    Prepared,
    Quarantined,
    Role,
    Side,
    Stage,
    Telling,
    TrackedFile,
)
from syncd.store import Store
from syncd.store.history import History
from syncd.store.ledger import Ledger
from syncd.store.observations import Absence

if TYPE_CHECKING:
    from tests.store.conftest import Make, Told


def telling(file: int) -> Telling:
    return Telling("staff", "received", "himawari", file, "enrolment", "2026-10", "在籍.xlsx", None, Stage.INBOX)


@pytest.fixture
def arrival(make: Make) -> Move:
    """A document with its note, as a plan has it: ids are yet to be given."""
    note = replace(make.file(-2, letter="b"), role=Role.NOTE, line=-1, note_for=(-1,), submitted=None)
    return Move(
        gesture="O1",
        operator="himawari",
        effects=(Effect("place", Side.INTRANET, -1, target=Place(Stage.INBOX, "在籍.xlsx"), sha1=make.sha1("a")),),
        after=(make.file(-1, letter="a"), note),
        records=(make.record(), make.record(outcome="moved")),
        tellings=(telling(-2), telling(0)),
        kept=(
            Kept(-1, make.sha1("a"), 10, Side.CLOUD, "在籍.xlsx", "operator"),
            Kept(-2, make.sha1("b"), 10, Side.INTRANET, "理由.txt", "staff"),
        ),
        quarantined=(Quarantined("himawari", "他園.xlsx", make.sha1("f"), 5, "himawari"),),
        remarks=("own_file:x", "own_file:\udc80"),
    )


def test_settling_gives_real_ids_everywhere(ledger: Ledger, arrival: Move, told: Told) -> None:
    ledger.settle_intent(None, Move("", "other", after=(replace(arrival.after[0], operator="other"),)), 1.0)
    intent = ledger.open_intent(arrival, {0: Prepared("token", "9", "a" * 40, 10)}, 5.0)
    settled = ledger.settle_intent(intent, arrival, 6.0)
    assert settled.files == {-1: 2, -2: 3}
    document, note = ledger.known("himawari")
    assert (document.id, document.line) == (2, 2)
    assert (note.id, note.line, note.note_for) == (3, 2, (2,))
    assert [(one.file, seqs, at) for one, seqs, at in told.heard] == [(3, (1, 2), 6.0), (0, (1, 2), 6.0)]
    assert settled.seqs == (1, 2)
    assert [(one.line, one.file, one.origin) for one in ledger.versions_of("himawari", 2)] == [
        (2, 2, "operator"),
        (2, 3, "staff"),
    ]
    assert settled.quarantined == (1,)
    assert ledger.remarks("himawari") == {"own_file:x", "own_file:\udc80"}
    assert ledger.open_intents() == []


def test_an_open_intent_outlives_a_restart_and_can_be_abandoned(ledger: Ledger, store: Store, arrival: Move) -> None:
    prepared = {0: Prepared("token", "9", "a" * 40, 10)}
    number = ledger.open_intent(arrival, prepared, 5.0)
    again = Ledger(other := Store(store.folder), History(other))
    (intent,) = again.open_intents("himawari")
    assert (intent.id, intent.move, intent.prepared, intent.at) == (number, arrival, prepared, 5.0)
    assert again.open_intents("sakura") == []
    assert {"a" * 40, "b" * 40, "f" * 40} <= again.referenced(), "what is under way must not be purged"
    again.abandon_intent(number)
    assert ledger.open_intents() == []
    assert (ledger.known("himawari"), ledger.operators()) == ((), frozenset())
    other.close()


def test_an_intent_is_settled_once(ledger: Ledger, history: History, arrival: Move) -> None:
    intent = ledger.open_intent(arrival, {}, 5.0)
    ledger.settle_intent(intent, arrival, 6.0)
    with pytest.raises(SyncdError, match="settled already"):
        ledger.settle_intent(intent, arrival, 7.0)
    assert len(ledger.known("himawari")) == 2
    assert history.verify().records == 2


def test_a_failing_outbox_undoes_the_whole_settling(store: Store, history: History, arrival: Move) -> None:
    def fails(*_: object) -> None:
        raise KeyError("the outbox")

    ledger = Ledger(store, history, fails)
    intent = ledger.open_intent(arrival, {}, 5.0)
    with pytest.raises(KeyError):
        ledger.settle_intent(intent, arrival, 6.0)
    assert ledger.known("himawari") == ()
    assert ledger.versions_of("himawari", 1) == ()
    assert ledger.quarantined() == ()
    assert ledger.remarks("himawari") == frozenset()
    assert history.verify().records == 0
    assert [one.id for one in ledger.open_intents()] == [intent]


def test_a_closed_file_is_no_longer_known_but_can_be_found(ledger: Ledger, make: Make, arrival: Move) -> None:
    ledger.settle_intent(None, arrival, 6.0)
    ledger.set_absences("himawari", {(1, Side.CLOUD): Absence(5.0, 1), (2, Side.CLOUD): Absence(5.0, 1)})
    ledger.settle_intent(None, Move("O4", "himawari", closes=(1,)), 7.0)
    assert [file.id for file in ledger.known("himawari")] == [2]
    assert ledger.is_closed(1) and not ledger.is_closed(2)
    closed = ledger.file(1)
    assert closed is not None and closed.name == "在籍.xlsx"
    assert set(ledger.absences("himawari")) == {(2, Side.CLOUD)}
    assert ledger.operators() == {"himawari"}
    ledger.settle_intent(None, Move("O1", "himawari", after=(make.file(-1),)), 8.0)
    assert [file.id for file in ledger.known("himawari")] == [2, 3], "an id never returns"
    found = ledger.find_file("himawari", Stage.REVIEW, "在籍.xlsx")
    assert [file.id for file in found] == [3, 2, 1]


def test_a_file_is_found_by_either_sides_path_or_its_name(ledger: Ledger, make: Make) -> None:
    lies = make.file(
        cloud=make.placement(path="sub/在籍.xlsx"),
        intranet=make.placement(path="sub/在籍（再提出 2）.xlsx"),
        name="在籍.xlsx",
    )
    ledger.settle_intent(None, Move("", "himawari", after=(lies,)), 1.0)
    for path in ("sub/在籍.xlsx", "sub/在籍（再提出 2）.xlsx", "在籍.xlsx"):
        assert [file.id for file in ledger.find_file("himawari", Stage.REVIEW, path)] == [1]
    assert ledger.find_file("himawari", Stage.INBOX, "在籍.xlsx") == ()
    assert ledger.find_file("sakura", Stage.REVIEW, "在籍.xlsx") == ()


def test_a_known_file_is_renewed(ledger: Ledger, make: Make) -> None:
    ledger.settle_intent(None, Move("", "himawari", after=(make.file(-1),)), 1.0)
    (file,) = ledger.known("himawari")
    renewed = replace(file, submission=2, told=("unknown:在籍",), cloud=None, offered=make.sha1("c"), untyped=True)
    ledger.settle_intent(None, Move("", "himawari", after=(renewed,)), 2.0)
    assert ledger.known("himawari") == (renewed,)


def test_an_inode_of_another_operator_is_recognised(ledger: Ledger, make: Make) -> None:
    mine, theirs = make.file(-1), make.file(-2, operator="sakura", letter="b")
    ledger.settle_intent(None, Move("", "himawari", after=(mine, theirs)), 1.0)
    assert theirs.intranet is not None
    owner = ledger.owner_of(theirs.intranet.identity, "himawari")
    assert owner is not None and owner.operator == "sakura"
    assert ledger.owner_of(theirs.intranet.identity, "sakura") is None
    ledger.settle_intent(None, Move("", "sakura", closes=(2,)), 2.0)
    assert ledger.owner_of(theirs.intranet.identity, "himawari") is None


def test_counts_say_where_the_ward_has_the_documents(ledger: Ledger, make: Make) -> None:
    def lies(file_id: int, cloud: Stage | None, ward: Stage | None, role: Role = Role.DOCUMENT) -> TrackedFile:
        places = [make.placement(stage=stage, path=f"{file_id}.x") if stage else None for stage in (cloud, ward)]
        return make.file(file_id, cloud=places[0], intranet=places[1], role=role)

    files = (
        lies(-1, Stage.INBOX, Stage.REVIEW),
        lies(-2, Stage.CONFIRMED, None),
        lies(-3, None, Stage.REVIEW),
        lies(-4, None, Stage.REVIEW, Role.NOTE),
        lies(-5, None, None),
    )
    ledger.settle_intent(None, Move("", "himawari", after=files), 1.0)
    assert ledger.counts() == {"himawari": {Stage.INBOX: 0, Stage.REVIEW: 2, Stage.CORRECTIONS: 0, Stage.CONFIRMED: 1}}


def test_kill_9_while_settling_leaves_all_or_nothing(store: Store) -> None:
    """The child settles arrivals until it is killed: files, records, versions and intents stay in step."""
    script = """
        import os, sys, threading, time
        from pathlib import Path
        from syncd.model import *
        from syncd.store import Store
        from syncd.store.history import History
        from syncd.store.ledger import Ledger
        store = Store(Path(sys.argv[1]))
        ledger = Ledger(store, History(store))
        threading.Thread(target=lambda: (time.sleep(float(sys.argv[2])), os.kill(os.getpid(), 9))).start()
        while True:
            file = TrackedFile(-1, 0, "a", Role.DOCUMENT, "n", None, None, None, None, None)
            record = Record("a", None, None, "n", None, Stage.INBOX, By.OPERATOR, "", "", "", "received", None)
            kept = Kept(-1, "a" * 40, 1, Side.CLOUD, "n", "operator")
            move = Move("O1", "a", after=(file,), records=(record,), kept=(kept,))
            ledger.settle_intent(ledger.open_intent(move, {}, 1.0), move, 2.0)
        """
    for seconds in ("0.05", "0.083", "0.3"):
        command = [sys.executable, "-c", textwrap.dedent(script), str(store.folder), seconds]
        assert subprocess.run(command, capture_output=True).returncode == -9
    ledger = Ledger(store, History(store))
    files = len(ledger.known("a"))
    assert files > 0
    assert store.row("SELECT count(*) FROM versions") == (files,)
    verdict = History(store).verify()
    assert (verdict.ok, verdict.records, verdict.warnings) == (True, files, ())
    assert len(ledger.open_intents()) <= 3


def test_by_is_kept(ledger: Ledger, make: Make) -> None:
    ledger.settle_intent(None, Move("S8", "himawari", after=(make.file(-1, brought_by=By.STAFF),)), 1.0)
    assert ledger.known("himawari")[0].brought_by is By.STAFF
