"""The outbox: what is said where and when, what was never said, what is kept through a crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from syncd.errors import SyncdError
from syncd.model import Audience, Retraction, Stage, Telling
from syncd.rulebook.compose import Words
from syncd.store import Store
from syncd.store.outbox import Outbox

WORDS = Words(
    messages={
        "confirmed": {"ja": "確認済み:{書類}"},
        "reopened": {"ja": "再確認:{書類}"},
        "returned": {"ja": "差戻し:{書類}:{番地}"},
        "note_coming": {"ja": "連絡します:{書類}"},
        "taken_back": {"ja": "取消し:{書類}"},
        "foreign_file": {"ja": "隔離（受付番号 {番号}）"},
        "room_failing": {"ja": "{番地}:{詳細}"},
    },
    titles={"enrolment": "在籍", "invoice": "請求"},
    operators={"himawari": "ひまわり"},
)
REVIEW, CORRECTIONS, CONFIRMED = Stage.REVIEW, Stage.CORRECTIONS, Stage.CONFIRMED


@pytest.fixture
def outbox(store: Store) -> Outbox:
    return Outbox(store, batch_seconds=20.0, note_wait_seconds=600.0, own_staff=frozenset({"himawari"}))


def a_telling(
    message: str = "confirmed",
    stages: tuple[Stage | None, Stage | None] = (REVIEW, CONFIRMED),
    audience: Audience = "operator",
    operator: str = "himawari",
    file: int = 1,
    document: str | None = "enrolment",
    **more: Any,
) -> Telling:
    return Telling(audience, message, operator, file, document, "2026-10", "在籍.xlsx", *stages, **more)


def made(outbox: Outbox, now: float, at_once: bool = False) -> list[str]:
    """The texts that are made now, with their rooms."""
    before = len(outbox.deliveries.all())
    outbox.make_notices(now, WORDS, addressed=lambda room: True, at_once=at_once)
    return [f"{notice.room}: {notice.text}" for notice in outbox.deliveries.all()[before:]]


def test_each_audience_has_its_room(outbox: Outbox) -> None:
    outbox.add(
        [
            a_telling(),
            a_telling(audience="staff"),
            a_telling(audience="staff", operator="sakura"),
            a_telling(audience="administrators"),
        ],
        [5, 6],
        0.0,
    )
    assert len(made(outbox, 20.0)) == 4
    assert [notice.room for notice in outbox.deliveries.all()] == [
        "himawari",
        "staff:himawari",
        "staff",
        "administrators",
    ]
    assert [line["room"] for line in outbox.listing(WORDS)] == ["himawari", "staff", "staff", "administrators"]
    assert all(line["moves"] == [5, 6] for line in outbox.listing(WORDS))


def test_a_batch_is_due_when_its_oldest_is_and_takes_all_along(outbox: Outbox) -> None:
    outbox.add([a_telling(file=1)], [1], 0.0)
    outbox.add([a_telling(file=2, document="invoice")], [2], 19.0)
    assert made(outbox, 19.9) == []
    assert outbox.next_batch_at() == 20.0
    assert made(outbox, 20.0) == ["himawari: 確認済み:在籍、請求"]
    assert outbox.next_batch_at() is None
    assert made(outbox, 1000.0) == []


def test_tellings_are_kept_or_lost_with_their_move(store: Store, outbox: Outbox) -> None:
    def move() -> None:
        with store.transaction():
            outbox.add([a_telling()], [1], 0.0)
            raise RuntimeError("the move failed")

    with pytest.raises(RuntimeError):
        move()
    assert outbox.counts() == {"waiting": 0, "failed": 0}


def test_what_is_taken_back_in_time_was_never_said(outbox: Outbox) -> None:
    """S6: as if nothing had happened, in every room."""
    outbox.add([a_telling(undoes=True), a_telling(audience="staff", undoes=True)], [1], 0.0)
    outbox.add(
        [
            a_telling("reopened", (CONFIRMED, REVIEW), undoes=True),
            a_telling("reopened", (CONFIRMED, REVIEW), "staff", undoes=True),
        ],
        [2],
        10.0,
    )
    assert outbox.counts() == {"waiting": 0, "failed": 0}
    outbox.add([a_telling(undoes=True)], [3], 11.0)
    assert made(outbox, 31.0) == ["himawari: 確認済み:在籍"]


def test_what_was_said_already_is_unsaid_aloud(outbox: Outbox) -> None:
    outbox.add([a_telling()], [1], 0.0)
    assert made(outbox, 20.0) == ["himawari: 確認済み:在籍"]
    outbox.add([a_telling("reopened", (CONFIRMED, REVIEW), undoes=True)], [2], 21.0)
    assert made(outbox, 41.0) == ["himawari: 再確認:在籍"]


def test_a_room_that_heard_it_hears_that_it_was_taken_back_the_others_nothing(outbox: Outbox, store: Store) -> None:
    outbox.add([a_telling(audience="staff"), a_telling()], [1], 0.0)
    outbox.make_notices(20.0, WORDS, addressed=lambda room: True, quiet=lambda room: room == "himawari")
    back = [a_telling("reopened", (CONFIRMED, REVIEW), audience, undoes=True) for audience in ("operator", "staff")]
    outbox.add(back, [2], 25.0)
    assert made(outbox, 45.0) == ["staff:himawari: 再確認:在籍"]


def test_another_files_move_takes_nothing_back(outbox: Outbox) -> None:
    outbox.add([a_telling(file=1)], [1], 0.0)
    outbox.add([a_telling("reopened", (CONFIRMED, REVIEW), file=2, document="invoice", undoes=True)], [2], 1.0)
    assert made(outbox, 21.0) == ["himawari: 確認済み:在籍\n再確認:請求"]


def test_a_returned_file_waits_for_its_note_and_says_then_where_it_is(outbox: Outbox) -> None:
    outbox.add([a_telling("returned", (REVIEW, CORRECTIONS), waits_for_note=True)], [1], 0.0)
    assert made(outbox, 100.0) == []
    assert outbox.note_arrived([9], 100.0, {}) == 0
    assert outbox.note_arrived([1], 100.0, {"place": "理由.txt"}) == 1
    assert made(outbox, 100.0) == ["himawari: 差戻し:在籍:理由.txt"]
    assert outbox.note_arrived([1], 100.0, {"place": "again"}) == 0, "a follow-up is another message"
    assert outbox.listing(WORDS)[0]["moves"] == [1]


def test_a_note_that_comes_at_once_doesnt_cut_the_batch_short(outbox: Outbox) -> None:
    outbox.add([a_telling("returned", (REVIEW, CORRECTIONS), waits_for_note=True)], [1], 0.0)
    outbox.note_arrived([1], 5.0, {})
    assert outbox.next_batch_at() == 20.0


def test_without_a_note_the_operator_hears_that_somebody_will_be_in_touch(outbox: Outbox) -> None:
    outbox.add([a_telling("returned", (REVIEW, CORRECTIONS), waits_for_note=True)], [1], 0.0)
    outbox.add([a_telling(file=2, document="invoice")], [2], 1.0)
    assert made(outbox, 21.0) == ["himawari: 確認済み:請求"]
    assert [line["text"] for line in outbox.listing(WORDS)] == ["確認済み:請求", "連絡します:在籍"]
    assert made(outbox, 619.0) == []
    assert made(outbox, 620.0) == ["himawari: 連絡します:在籍"]
    assert outbox.is_told(1, "note_coming") and not outbox.is_told(1, "returned")


def test_what_waits_for_a_note_goes_before_anything_later_about_the_same(outbox: Outbox) -> None:
    outbox.add([a_telling("returned", (REVIEW, CORRECTIONS), waits_for_note=True)], [1], 0.0)
    outbox.add([a_telling("confirmed", (CORRECTIONS, CONFIRMED))], [2], 100.0)
    assert made(outbox, 120.0) == ["himawari: 連絡します:在籍\n確認済み:在籍"]


def test_a_return_that_is_taken_back_while_it_waits_was_never_said(outbox: Outbox) -> None:
    outbox.add([a_telling("returned", (REVIEW, CORRECTIONS), waits_for_note=True)], [1], 0.0)
    outbox.add([a_telling("taken_back", (CORRECTIONS, REVIEW), undoes=True)], [2], 300.0)
    assert made(outbox, 10_000.0) == []


def test_a_note_for_what_is_unsaid_is_no_word_of_its_own(outbox: Outbox) -> None:
    outbox.add([a_telling("ward_corrected", (REVIEW, CORRECTIONS))], [1], 0.0)
    outbox.add([a_telling("put_back", (CONFIRMED, CORRECTIONS), "staff", file=2)], [2], 0.0)
    assert outbox.note_arrived([1], 5.0, {}) == 1
    assert outbox.note_arrived([2], 5.0, {}) == 0, "a refusal tells of no note"


def test_a_note_taken_back_in_time_is_waited_for_again(outbox: Outbox) -> None:
    outbox.add([a_telling("returned", (REVIEW, CORRECTIONS), waits_for_note=True)], [1], 0.0)
    outbox.note_arrived([1], 5.0, {"note": "a mistake"})
    outbox.retract([Retraction(1, "abc", last=True)])
    assert made(outbox, 20.0) == [] and outbox.next_batch_at() == 620.0
    assert "a mistake" not in str(outbox.listing(WORDS))


def test_a_follow_up_taken_back_in_time_was_never_said(outbox: Outbox) -> None:
    for sha1 in ("abc", "def"):
        outbox.add([a_telling("note_added", (CORRECTIONS, CORRECTIONS), values={"of": sha1})], [1], 0.0)
    outbox.retract([Retraction(1, "abc", last=False)])
    assert outbox.counts()["waiting"] == 1


def test_news_of_what_is_unsaid_is_said_in_one_word_and_taken_back_with_it(outbox: Outbox) -> None:
    outbox.add([a_telling("returned", (REVIEW, CORRECTIONS), waits_for_note=True)], [1], 0.0)
    outbox.add([a_telling("ward_corrected", (CORRECTIONS, CORRECTIONS))], [2], 100.0)
    (line,) = outbox.listing(WORDS)
    assert line["moves"] == [1, 2] and outbox.next_batch_at() == 100.0
    outbox.add([a_telling("taken_back", (CORRECTIONS, REVIEW), undoes=True)], [3], 101.0)
    assert outbox.counts()["waiting"] == 0


def test_at_once_waits_for_notes_all_the_same(outbox: Outbox) -> None:
    outbox.add([a_telling("returned", (REVIEW, CORRECTIONS), waits_for_note=True), a_telling(file=2)], [1], 0.0)
    assert len(made(outbox, 0.0, at_once=True)) == 1
    assert outbox.counts() == {"waiting": 1, "failed": 0}


def test_the_reference_number_is_that_of_the_moves_first_record(outbox: Outbox) -> None:
    outbox.add([a_telling("foreign_file", audience="staff")], [41, 42], 0.0)
    assert made(outbox, 20.0) == ["staff:himawari: 隔離（受付番号 41）"]


def test_the_listing_tells_what_will_be_said(outbox: Outbox) -> None:
    outbox.add([a_telling()], [3], 0.0)
    assert outbox.listing(WORDS) == [
        {
            "id": "t1",
            "room": "himawari",
            "text": "確認済み:在籍",
            "state": "waiting",
            "attempts": 0,
            "error": "",
            "moves": [3],
        }
    ]


def test_a_failing_room_is_told_of_once(outbox: Outbox) -> None:
    assert outbox.tell_failing("himawari", "HTTP 403", 0.0)
    assert not outbox.tell_failing("himawari", "HTTP 403", 1.0)
    assert outbox.tell_failing("staff:himawari", "HTTP 403", 1.0)
    assert outbox.tell_failing("staff", "HTTP 403", 1.0)
    assert not outbox.tell_failing("administrators", "HTTP 403", 1.0)
    assert made(outbox, 30.0) == ["administrators: himawari:HTTP 403\nstaff:HTTP 403\nstaff:HTTP 403"]


def test_names_that_are_no_text_harm_nothing(outbox: Outbox) -> None:
    telling = Telling(
        "staff", "foreign_file", "sakura", 1, None, None, "a\udcff\0b.xlsx", None, None, values={"x": "\udcff"}
    )
    outbox.add([telling], [1], 0.0)
    assert made(outbox, 20.0) == ["staff: 隔離（受付番号 1）"]


def test_addresses_are_kept_only_as_hashes(tmp_path: Path, outbox: Outbox, store: Store) -> None:
    outbox.add([a_telling()], [1], 0.0)
    made(outbox, 20.0)
    url = "json://user:s3cret@example.jp/hook"
    (pending,) = outbox.deliveries.pending("himawari", url)
    assert outbox.deliveries.claim(pending.notice, url)
    outbox.deliveries.record(pending.notice, url, [url, "x://y"], "waiting", 1.0, error="later", next_at=9.0)
    assert outbox.deliveries.all()[0].error == "1/2: later"
    dump = "\n".join(str(store.rows(f"SELECT * FROM {table}")) for table in ("notices", "deliveries", "tellings"))
    assert "s3cret" not in dump and "example.jp" not in dump
    for file in store.folder.iterdir():
        assert b"s3cret" not in file.read_bytes()


def test_the_fate_of_what_waited_in_an_old_database_is_unknown(outbox: Outbox) -> None:
    outbox.add([a_telling(file=1)], [1], 0.0)
    made(outbox, 20.0)
    outbox.add([a_telling("returned", (REVIEW, CORRECTIONS), file=2, waits_for_note=True)], [2], 30.0)
    assert outbox.forget_fate(40.0, WORDS) == 2
    assert [line["state"] for line in outbox.listing(WORDS)] == ["unknown", "unknown"]
    assert outbox.counts() == {"waiting": 0, "failed": 0}
    assert outbox.deliveries.rooms() == ()


def test_a_store_that_only_reads_lists_and_counts(outbox: Outbox, store: Store) -> None:
    outbox.add([a_telling(file=1)], [1], 0.0)
    reading = Store(store.folder, read_only=True)
    try:
        seen = Outbox(reading)
        assert len(seen.listing(WORDS)) == 1 and seen.counts()["waiting"] == 1
        with pytest.raises(SyncdError):
            seen.deliveries.retry()
    finally:
        reading.close()
