"""What is known across operators, and an operator's whole memory going along under another id."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from syncd.model import By, Effect, Kept, Move, Place, Quarantined, Side, Sighting, Stage, Telling
from syncd.store import Store
from syncd.store.history import History
from syncd.store.ledger import Ledger
from syncd.store.observations import Absence
from tests.store.conftest import Make, Told

OLD, NEW = "himawari", "himawari2"


def seen(path: str, identity: str = "7", stage: Stage | None = Stage.REVIEW) -> Sighting:
    return Sighting(Side.INTRANET, Place(stage, path), identity, 3, "etag", 1.0, "a" * 40)


def a_whole_memory(ledger: Ledger, make: Make, operator: str) -> int:
    """One row of everything; returns the file's id."""
    move = Move(
        "O1",
        operator,
        after=(make.file(operator=operator),),
        kept=(Kept(-1, make.sha1("a"), 10, Side.CLOUD, "在籍.xlsx", "operator"),),
        quarantined=(Quarantined(operator, "x.xlsx", make.sha1("b"), 1, "other operator"),),
        remarks=("own:7",),
    )
    file = ledger.settle_intent(None, move, 1.0).files[-1]
    ledger.remember(operator, Side.INTRANET, [seen("在籍.xlsx")])
    ledger.set_absences(operator, {(file, Side.CLOUD): Absence(1.0, 1)})
    ledger.set_folders(operator, Side.CLOUD, {"": "1", "review": "2"})
    return file


def test_everything_goes_along(ledger: Ledger, make: Make) -> None:
    file = a_whole_memory(ledger, make, OLD)
    ledger.hold(OLD, "look", 1.0)
    ledger.pause(OLD)
    ledger.set_setting(f"pair anew:{OLD}", "yes")
    ledger.rename_operator(OLD, NEW)
    assert [one.id for one in ledger.known(NEW)] == [file] and not ledger.known(OLD)
    assert set(ledger.memory(NEW, Side.INTRANET)) == {Place(Stage.REVIEW, "在籍.xlsx")}
    assert set(ledger.absences(NEW)) == {(file, Side.CLOUD)}
    assert ledger.folders(NEW, Side.CLOUD) == {"": "1", "review": "2"} and not ledger.folders(OLD, Side.CLOUD)
    assert [one.sha1 for one in ledger.versions_of(NEW, file)] == [make.sha1("a")]
    assert [one.operator for one in ledger.quarantined()] == [NEW]
    assert ledger.remarks(NEW) == {"own:7"}
    assert [one.operator for one in ledger.holds()] == [NEW] and ledger.paused() == {NEW}
    assert ledger.setting(f"pair anew:{NEW}") == "yes" and ledger.setting(f"pair anew:{OLD}") is None


def test_rows_of_an_earlier_operator_with_that_id_are_no_obstacle(ledger: Ledger, make: Make) -> None:
    earlier, file = a_whole_memory(ledger, make, NEW), a_whole_memory(ledger, make, OLD)
    for operator in (OLD, NEW):
        ledger.hold(operator, f"because of {operator}", 1.0)
        ledger.pause(operator)
    ledger.remember(OLD, Side.INTRANET, [seen("在籍.xlsx", identity="99")])
    ledger.rename_operator(OLD, NEW)
    assert {one.id for one in ledger.known(NEW)} == {earlier, file}
    assert ledger.memory(NEW, Side.INTRANET)[Place(Stage.REVIEW, "在籍.xlsx")].identity == "99"
    assert [(one.operator, one.reason) for one in ledger.holds()] == [(NEW, f"because of {NEW}; because of {OLD}")]
    assert ledger.paused() == {NEW} and len(ledger.quarantined()) == 2
    assert ledger.release(NEW, 2.0) and not ledger.holds()


def test_kept_bytes_of_both_are_one_version_that_is_there_if_either_was(
    ledger: Ledger, make: Make, store: Store
) -> None:
    file = a_whole_memory(ledger, make, OLD)
    store.execute(
        "INSERT INTO versions (operator, line, file, sha1, size, side, name, origin, at, used_at, gone_at)"
        " SELECT ?, line, file, sha1, size, side, name, origin, at, 0, 5 FROM versions",
        (NEW,),
    )
    assert ledger.versions_of(NEW, file) == ()
    ledger.rename_operator(OLD, NEW)
    assert [(one.sha1, one.used_at) for one in ledger.versions_of(NEW, file)] == [(make.sha1("a"), 1.0)]
    assert make.sha1("a") in ledger.referenced()


def test_moves_under_way_are_the_new_operators(ledger: Ledger, make: Make) -> None:
    telling = Telling("operator", "received", OLD, -1, None, None, "在籍.xlsx", None, Stage.INBOX)
    effect = Effect("remove", Side.INTRANET, -1, source=Place(Stage.REVIEW, "x"), identity="1")
    own = Move("O1", OLD, (effect,), (make.file(),), records=(make.record(),), tellings=(telling,))
    theirs = replace(effect, operator=OLD)
    across = Move("S11", "sakura", (theirs,))
    ledger.open_intent(own, {}, 1.0)
    ledger.open_intent(across, {}, 1.0)
    ledger.rename_operator(OLD, NEW)
    (mine,) = ledger.open_intents(NEW)
    assert mine.move == replace(
        own,
        operator=NEW,
        after=(replace(make.file(), operator=NEW),),
        records=(replace(make.record(), operator=NEW),),
        tellings=(replace(telling, operator=NEW),),
    )
    (other,) = ledger.open_intents("sakura")
    assert other.move.effects[0].operator == NEW and other.move.operator == "sakura"
    assert not ledger.open_intents(OLD)
    ledger.settle_intent(mine.id, mine.move, 2.0)
    assert [one.operator for one in ledger.known(NEW)] == [NEW]


@pytest.mark.parametrize("room", ["", "staff:"])
def test_what_is_yet_to_be_said_goes_to_the_new_room(ledger: Ledger, store: Store, room: str) -> None:
    store.insert(
        "INSERT INTO tellings (room, audience, operator, message, created_at, not_before)"
        " VALUES (?, 'operator', ?, 'received', 1, 1)",
        (f"{room}{OLD}", OLD),
    )
    store.insert("INSERT INTO notices (room, text, state, created_at) VALUES (?, 'x', 'waiting', 1)", (f"{room}{OLD}",))
    ledger.rename_operator(OLD, NEW)
    assert store.rows("SELECT room, operator FROM tellings") == [(f"{room}{NEW}", NEW)]
    assert store.rows("SELECT room FROM notices") == [(f"{room}{NEW}",)]


def test_the_history_keeps_the_id_under_which_it_was_written(ledger: Ledger, make: Make, history: History) -> None:
    ledger.settle_intent(None, Move("O1", OLD, records=(make.record(),)), 1.0)
    ledger.rename_operator(OLD, NEW)
    assert [row["operator"] for row in history.rows()] == [OLD]
    assert history.verify().ok


def test_what_others_folders_show_is_found_by_inode(ledger: Ledger) -> None:
    ledger.remember("sakura", Side.INTRANET, [seen("a.xlsx", identity="42")])
    ledger.remember("sakura", Side.CLOUD, [replace(seen("b.xlsx", identity="42"), side=Side.CLOUD)])
    assert [one.place.path for one in ledger.seen_elsewhere("42", OLD)] == ["a.xlsx"]
    assert ledger.seen_elsewhere("42", "sakura") == []


def test_what_lies_below_a_folder_is_remembered(ledger: Ledger) -> None:
    ledger.remember(OLD, Side.INTRANET, [seen("10月/a.xlsx")])
    at = [Place(Stage.REVIEW, path) for path in ("10月/a.xlsx", "10月", "1", "10月/a", "")]
    assert [ledger.remembers(OLD, Side.INTRANET, place) for place in at] == [True, True, False, False, True]
    assert not ledger.remembers(OLD, Side.INTRANET, Place(Stage.INBOX, ""))


def test_a_name_that_is_no_text_is_remembered_below_its_folder(ledger: Ledger) -> None:
    ledger.remember(OLD, Side.INTRANET, [seen("10月/\udc8f.xlsx"), seen("\udc8f/a.xlsx", "8")])
    at = [Place(Stage.REVIEW, path) for path in ("10月", "10月/\udc8f.xlsx", "\udc8f", "\udc8f/a.xlsx", "\udc90")]
    assert [ledger.remembers(OLD, Side.INTRANET, place) for place in at] == [True, True, True, True, False]


def test_files_lost_lately_are_counted_by_hand_and_time(ledger: Ledger, make: Make, told: Told) -> None:
    gone = make.record(outcome="withdrawn", by=By.OPERATOR, from_stage=Stage.REVIEW, to_stage=None)
    moved = make.record(outcome="moved", by=By.OPERATOR, from_stage=Stage.REVIEW, to_stage=Stage.INBOX)
    now = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
    ledger.settle_intent(None, Move("O8", OLD, records=(gone, moved)), now - 7200)
    ledger.settle_intent(None, Move("O8", OLD, records=(gone, gone, moved)), now)
    assert ledger.lost_since(OLD, By.OPERATOR, now - 3600) == 2
    assert ledger.lost_since(OLD, By.STAFF, now - 3600) == 0
    assert ledger.lost_since("sakura", By.OPERATOR, now - 3600) == 0
    strayed = make.record(outcome="refused", by=By.OPERATOR, from_stage=Stage.REVIEW, to_stage=None, reason="elsewhere")
    ledger.settle_intent(None, Move("S11", OLD, records=(strayed,)), now)
    assert ledger.lost_since(OLD, By.OPERATOR, now - 3600) == 3
    assert ledger.lost_since(OLD, By.OPERATOR, now - 3600, but_for="elsewhere") == 2
