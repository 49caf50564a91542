"""The history: it only grows, and whoever tampers with it is found out."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from syncd.errors import SyncdError
from syncd.store import Store
from syncd.store.chain import GENESIS, NAMES, RESTARTED, chained
from syncd.store.head import Head, find
from syncd.store.history import COLUMNS, History

if TYPE_CHECKING:
    from tests.store.conftest import Make

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = 1_793_847_600.0  # 2026-11-05 12:00 in Tokyo


@contextmanager
def tampering(store: Store) -> Iterator[sqlite3.Connection]:
    """Somebody with the database in their hands, who puts the guards back afterwards."""
    raw = sqlite3.connect(store.path)
    guards = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        raw.execute(f"DROP TRIGGER {name}")
    yield raw
    for _, sql in guards:
        raw.execute(sql)
    raw.commit()
    raw.close()


def rechain(raw: sqlite3.Connection, start: int) -> None:
    """A careful forger: all chain values from `start` on are made to fit again."""
    before = raw.execute("SELECT chain FROM history WHERE seq = ?", (start - 1,)).fetchone()
    chain = before[0] if before else GENESIS
    for row in raw.execute(f"SELECT {COLUMNS} FROM history WHERE seq >= ? ORDER BY seq", (start,)).fetchall():
        chain = chained(chain, row)
        raw.execute("UPDATE history SET chain = ? WHERE seq = ?", (chain, row[0]))


@pytest.fixture
def ten(store: Store, make: Make) -> History:
    """A history of ten records by two operators."""
    history = History(store, TOKYO)
    for number in range(10):
        with store.transaction():
            history.append([make.record(operator="ab"[number % 2], file=f"{number}.xlsx")], NOON + number)
    return history


def test_records_have_the_promised_names_and_times_of_the_ward(ten: History) -> None:
    first = next(ten.rows())
    assert tuple(first) == NAMES
    assert first == {
        "seq": 1,
        "at": "2026-11-05T12:00:00.000+09:00",
        "operator": "a",
        "document": "enrolment",
        "period": "2026-10",
        "file": "0.xlsx",
        "from": None,
        "to": "inbox",
        "by": "operator",
        "actor": "",
        "rule": "O1",
        "reason": "",
        "outcome": "received",
        "sha1": "a" * 40,
        "chain": first["chain"],
    }
    assert datetime.fromisoformat(first["at"]).timestamp() == NOON


def test_rows_by_operator_and_time_come_oldest_first(ten: History) -> None:
    assert [row["seq"] for row in ten.rows(operator="b")] == [2, 4, 6, 8, 10]
    assert [row["seq"] for row in ten.rows(since=NOON + 7)] == [8, 9, 10]
    assert list(ten.rows(operator="c")) == []


def test_a_long_history_is_read_in_pages(store: Store, make: Make) -> None:
    history = History(store)
    assert len(history.append([make.record()] * 4_500, NOON)) == 4_500
    assert [row["seq"] for row in history.rows()] == list(range(1, 4_501))
    assert history.verify().ok


def test_a_clock_that_jumps_back_does_no_harm(ten: History, make: Make) -> None:
    assert ten.append([make.record()], NOON - 86_400) == (11,)
    assert ten.verify().ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET actor = 'nobody' WHERE seq = 3",
        "DELETE FROM history WHERE seq = 10",
        f"INSERT OR REPLACE INTO history ({COLUMNS}) SELECT {COLUMNS} FROM history WHERE seq = 3",
        f"INSERT INTO history ({COLUMNS}) SELECT 0, {COLUMNS[7:]} FROM history WHERE seq = 3",
    ],
)
def test_the_database_itself_refuses_all_but_appending(store: Store, ten: History, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.execute(statement)
    assert ten.verify().ok


@pytest.mark.parametrize("column", [name for name in NAMES if name != "seq"])
def test_an_edit_of_any_column_is_found(store: Store, ten: History, column: str) -> None:
    with tampering(store) as raw:
        raw.execute(f"""UPDATE history SET "{column}" = coalesce("{column}", '') || 'x' WHERE seq = 5""")
    verdict = ten.verify()
    assert not verdict.ok
    assert "record 5 does not follow from record 4" in verdict.problems[0]


@pytest.mark.parametrize("column", ["document", "from", "sha1"])
def test_an_empty_text_is_not_the_same_as_none(store: Store, ten: History, column: str) -> None:
    with tampering(store) as raw:
        raw.execute(f"""UPDATE history SET "{column}" = iif("{column}" IS NULL, '', NULL) WHERE seq = 5""")
    assert not ten.verify().ok


def swap(raw: sqlite3.Connection) -> None:
    for old, new in ((4, 99), (5, 4), (99, 5)):
        raw.execute("UPDATE history SET seq = ? WHERE seq = ?", (new, old))


def insert(raw: sqlite3.Connection) -> None:
    for seq in range(10, 4, -1):
        raw.execute("UPDATE history SET seq = ? WHERE seq = ?", (seq + 1, seq))
    raw.execute(f"INSERT INTO history ({COLUMNS}) SELECT 5, {COLUMNS[7:]} FROM history WHERE seq = 2")


def insert_before(raw: sqlite3.Connection) -> None:
    raw.execute(f"INSERT INTO history ({COLUMNS}) SELECT -4, {COLUMNS[7:]} FROM history WHERE seq = 2")


def edit_and_rechain(raw: sqlite3.Connection) -> None:
    raw.execute("UPDATE history SET actor = 'somebody else' WHERE seq = 5")
    rechain(raw, 5)


def delete_renumber_and_rechain(raw: sqlite3.Connection) -> None:
    raw.execute("DELETE FROM history WHERE seq = 5")
    for seq in range(6, 11):
        raw.execute("UPDATE history SET seq = ? WHERE seq = ?", (seq - 1, seq))
    rechain(raw, 5)


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (lambda raw: raw.execute("DELETE FROM history WHERE seq = 5"), "records 5 to 5 are missing"),
        (lambda raw: raw.execute("DELETE FROM history WHERE seq = 1"), "records 1 to 1 are missing"),
        (lambda raw: raw.execute("DELETE FROM history WHERE seq > 7"), "ends with record 7, but .* knows record 10"),
        (lambda raw: raw.execute("DELETE FROM history"), "ends with record 0, but .* knows record 10"),
        (swap, "record 4 does not follow from record 3"),
        (insert, "record 5 does not follow from record 4"),
        (insert_before, "record -4 was put in"),
        (edit_and_rechain, "record 10 is not the one that .*history-head.json knows"),
        (delete_renumber_and_rechain, "ends with record 9, but .* knows record 10"),
    ],
)
def test_tampering_is_found(
    store: Store, ten: History, tamper: Callable[[sqlite3.Connection], None], said: str
) -> None:
    with tampering(store) as raw:
        tamper(raw)
    verdict = ten.verify()
    assert not verdict.ok
    assert any(re.search(said, problem) for problem in verdict.problems), verdict.problems


def test_many_problems_are_told_in_short(store: Store, make: Make) -> None:
    history = History(store)
    history.append([make.record()] * 300, NOON)
    with tampering(store) as raw:
        raw.execute("UPDATE history SET reason = 'x'")
    problems = history.verify().problems
    assert len(problems) == 51
    assert problems[-1] == "and 250 more"


def test_a_removed_guard_is_found(store: Store, ten: History) -> None:
    store.execute("DROP TRIGGER history_no_delete")
    assert ten.verify().problems == ("the database's guard history_no_delete was removed",)


def test_a_forged_history_does_not_overwrite_the_head_that_betrays_it(store: Store, ten: History, make: Make) -> None:
    with tampering(store) as raw:
        edit_and_rechain(raw)
    again = History(store)
    again.append([make.record()], NOON)
    assert any("record 10 is not the one" in problem for problem in again.verify().problems)


def test_a_head_left_behind_by_a_crash_is_brought_forward(store: Store, ten: History, make: Make) -> None:
    place = store.folder / "history-head.json"
    before = place.read_bytes()
    ten.append([make.record()], NOON)
    place.write_bytes(before)
    verdict = ten.verify()
    assert verdict.ok
    assert "up to record 10 of 11 only" in verdict.warnings[0]
    History(store)
    assert json.loads(place.read_bytes())["seq"] == 11
    assert ten.verify().warnings == ()


def test_nothing_is_written_while_nothing_happens(store: Store, ten: History) -> None:
    place = store.folder / "history-head.json"
    before = place.stat()
    History(store).publish()
    assert place.stat() == before


def test_a_head_is_written_only_after_the_commit(store: Store, ten: History, make: Make) -> None:
    with suppress(KeyError), store.transaction():
        ten.append([make.record()], NOON)
        raise KeyError
    assert json.loads((store.folder / "history-head.json").read_bytes())["seq"] == 10
    assert ten.verify() == History(store).verify()


def test_the_second_place_of_the_head(store: Store, tmp_path: Path, make: Make) -> None:
    place = tmp_path / "intranet" / ".syncd" / "history-head.json"
    history = History(store, places=[place])
    history.append([make.record()], NOON)
    assert "no head of the history could be read here (unreachable)" in history.verify().warnings[0]
    place.parent.mkdir(parents=True)
    history.append([make.record()], NOON)
    assert history.verify().warnings == ()
    with tampering(store) as raw:
        raw.execute("DELETE FROM history WHERE seq = 2")
    (store.folder / "history-head.json").unlink()
    problems = history.verify().problems
    assert any(f"{place} knows record 2" in problem for problem in problems)
    assert any("head of the history is missing" in problem for problem in problems)


def lose(store: Store) -> Store:
    store.close()
    for path in store.folder.glob("syncd.db*"):
        path.unlink()
    return Store(store.folder)


def test_a_lost_database_goes_on_after_its_head_and_says_so(store: Store, ten: History, make: Make) -> None:
    assert ten.lost() is None
    fresh = lose(store)
    history = History(fresh, TOKYO)
    head = history.lost()
    assert head is not None and head.seq == 10
    assert any("knows record 10" in problem for problem in history.verify().problems)
    with pytest.raises(SyncdError, match="ends before record 10"):
        history.append([make.record()], NOON)
    assert history.restart(head, NOON + 60) == 11
    assert history.append([make.record()], NOON + 61) == (12,)
    assert history.lost() is None
    verdict = history.verify()
    assert verdict.ok, verdict.problems
    assert verdict.warnings == (
        "record 11: the database was restarted on 2026-11-05T12:01:00.000+09:00; records 1 to 10 are lost with it",
    )
    assert next(history.rows())["outcome"] == RESTARTED
    assert History(fresh).verify().ok
    fresh.close()


def test_a_database_from_a_backup_is_behind_and_goes_on(store: Store, ten: History, make: Make, tmp_path: Path) -> None:
    store.copy_to(tmp_path / "backup.db")
    ten.append([make.record()] * 3, NOON)
    store.close()
    for path in store.folder.glob("syncd.db-*"):
        path.unlink()
    shutil.copy(tmp_path / "backup.db", store.path)
    old = Store(store.folder)
    history = History(old)
    head = history.lost()
    assert head is not None and head.seq == 13
    assert history.restart(head, NOON) == 14
    verdict = history.verify()
    assert verdict.ok, verdict.problems
    assert "records 11 to 13 are lost with it" in verdict.warnings[0]
    with tampering(old) as raw:  # what lies before the gap is still bound to what lies after it
        raw.execute("UPDATE history SET actor = 'x' WHERE seq = 10")
        row = raw.execute(f"SELECT {COLUMNS} FROM history WHERE seq = 10").fetchone()
        before = raw.execute("SELECT chain FROM history WHERE seq = 9").fetchone()[0]
        raw.execute("UPDATE history SET chain = ? WHERE seq = 10", (chained(before, row),))
    assert history.verify().problems == ("records 11 to 13 are missing",)
    old.close()


def test_a_signed_head_can_be_made_by_nobody_else(store: Store, make: Make, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("0123456789abcdef0123456789abcdef\n")
    (tmp_path / "other").write_text("another key that is long enough")
    History(store).append([make.record()], NOON)
    signed = History(store, key=tmp_path / "key")  # turned on later: the unsigned head is taken over once
    place = store.folder / "history-head.json"
    assert find(place, (tmp_path / "key").read_bytes().strip()).state == "good"
    assert signed.verify().ok
    signed.append([make.record()], NOON)
    assert History(store, key=tmp_path / "other").verify().problems == (
        f"{place}: the head of the history is forged; it can't be relied on",
    )
    content = json.loads(place.read_bytes())
    del content["hmac"]
    place.write_text(json.dumps(content))
    again = History(store, key=tmp_path / "key")
    again.append([make.record()], NOON)
    assert again.verify().problems == (f"{place}: the head of the history is unsigned; it can't be relied on",)
    place.write_text(json.dumps(content | {"seq": 99, "hmac": "0" * 64}))
    assert again.lost() is None, "a forged head makes nobody believe that the database is lost"


@pytest.mark.parametrize("content", ["short", None])
def test_a_useless_key_is_refused(store: Store, tmp_path: Path, content: str | None) -> None:
    if content:
        (tmp_path / "key").write_text(content)
    with pytest.raises(SyncdError, match="history's key"):
        History(store, key=tmp_path / "key")


@pytest.mark.parametrize("content", ["", "[]", '{"seq": "x"}', "\x00" * 100])
def test_a_broken_head_is_said_and_mended_by_the_next_record(
    store: Store, ten: History, make: Make, content: str
) -> None:
    (store.folder / "history-head.json").write_text(content)
    assert ten.lost() is None
    assert "the head of the history is broken" in ten.verify().problems[0]
    ten.append([make.record()], NOON)
    assert ten.verify().ok


def test_threads_make_one_chain(store: Store, make: Make) -> None:
    history = History(store)

    def work() -> None:
        for _ in range(25):
            with store.transaction():
                history.append([make.record()] * 2, NOON)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = history.verify()
    assert (verdict.ok, verdict.records, verdict.warnings) == (True, 200, ())


def test_verify_beside_a_writing_daemon(store: Store, ten: History, make: Make) -> None:
    reader = Store(store.folder, read_only=True)
    began, stop = threading.Event(), threading.Event()

    def write() -> None:
        while not stop.is_set():
            ten.append([make.record()], NOON)
            began.set()

    thread = threading.Thread(target=write)
    thread.start()
    assert began.wait(30)
    verdicts = [History(reader).verify() for _ in range(20)]
    stop.set()
    thread.join()
    assert all(verdict.ok for verdict in verdicts), [verdict.problems for verdict in verdicts if not verdict.ok][:1]
    assert verdicts[-1].records > 10
    reader.close()


def test_names_that_are_no_text_can_be_recorded(store: Store, make: Make) -> None:
    history = History(store)
    history.append([make.record(file="\udce3\udc81.xlsx", actor="\udcff")], NOON)
    assert next(history.rows())["file"] == "\\udce3\\udc81.xlsx"
    assert history.verify().ok
    assert history.head() == Head(1, next(history.rows())["chain"], next(history.rows())["at"])
