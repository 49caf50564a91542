"""The sender with the real apprise, a real server and a real store: what arrives, what is retried, what is given up."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime
from datetime import time as clock_time
from email.utils import formatdate
from pathlib import Path

import pytest

from syncd.model import Stage
from syncd.notices import Pace, Quiet
from syncd.notices.watched import READ_SECONDS, REST_SECONDS
from syncd.store import Store
from syncd.store.outbox import Outbox
from tests.notices.conftest import WORDS, Answer, ChatServer, HandClock, MakeSender, a_telling, until


def states(outbox: Outbox) -> list[tuple[str, str, int]]:
    return [(str(line["room"]), str(line["state"]), int(str(line["attempts"]))) for line in outbox.listing(WORDS)]


def settle(outbox: Outbox) -> None:
    """Waits until nothing is being sent."""
    until(lambda: not [notice for notice in outbox.deliveries.all() if notice.state == "sending"])


def test_a_batch_is_sent_once_its_oldest_telling_is_old_enough(
    chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    sender = make_sender({"himawari": (chat.json("himawari"),)})
    outbox.add([a_telling(file=1)], [7], clock.time)
    clock.time += 15
    outbox.add([a_telling(file=2, document="invoice")], [8, 9], clock.time)
    assert sender.work() is not None
    assert states(outbox) == [("himawari", "waiting", 0)] * 2
    clock.time += 5
    until(lambda: states(outbox) == [("himawari", "sent", 1)], sender)
    assert chat.texts == ["【確認済み】ひまわり保育園2026年10月分 在籍児童数報告書、運営費請求書の確認が終わりました。"]
    assert outbox.listing(WORDS)[0]["moves"] == [7, 8, 9]
    clock.time += 100
    sender.work()
    time.sleep(0.05)
    assert len(chat.received) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 408, 429])
def test_a_passing_failure_is_tried_again_later(
    status: int, chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    chat.answers = [Answer(status)]
    sender = make_sender({"himawari": (chat.json("himawari"),)})
    outbox.add([a_telling()], [1], clock.time)
    clock.time += 20
    until(lambda: states(outbox) == [("himawari", "waiting", 1)], sender)
    assert str(status) in str(outbox.listing(WORDS)[0]["error"])
    sender.work()
    assert len(chat.received) == 1, "not at once"
    clock.time += 3
    until(lambda: states(outbox) == [("himawari", "sent", 2)], sender)
    assert outbox.listing(WORDS)[0]["error"] == ""


@pytest.mark.parametrize("service", ["json", "logochat", "mmost"])
@pytest.mark.parametrize("dated", [False, True])
def test_a_server_that_asks_for_time_gets_it(
    dated: bool, service: str, chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    """Apprise loses Retry-After; it counts all the same, also as a date by a server whose clock is wrong."""
    wrong = time.time() - 86_400
    headers = (
        {"Retry-After": formatdate(wrong + 120, usegmt=True), "Date": formatdate(wrong, usegmt=True)}
        if dated
        else {"Retry-After": "120"}
    )
    chat.answers = [Answer(429, headers)]
    address = {
        "json": chat.json("r"),
        "logochat": chat.logochat("r"),
        "mmost": f"mmost://127.0.0.1:{chat.port}/3ccdd113474722377935511fc85d3dd4",
    }[service]
    sender = make_sender({"himawari": (address,)})
    outbox.add([a_telling()], [1], clock.time)
    clock.time += 20
    until(lambda: states(outbox) == [("himawari", "waiting", 1)], sender)
    notice = outbox.deliveries.all()[0]
    assert 119 <= notice.next_at - clock.time <= 133
    clock.time += 118
    sender.work()
    assert len(chat.received) == 1
    clock.time += 15
    until(lambda: states(outbox) == [("himawari", "sent", 2)], sender)


def test_no_server_is_left_alone_for_more_than_about_an_hour() -> None:
    assert Pace().wait(1, 10**9) <= 3960
    assert Pace().wait(1, 0.0) >= 1.0
    assert Pace().wait(99, None) <= 1080


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_final_and_the_administrators_hear_of_it_once(
    status: int, chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    other = ChatServer()
    try:
        chat.ever = Answer(status)
        secret = f"json://user:s3cret@127.0.0.1:{chat.port}/himawari"
        sender = make_sender({"himawari": (secret,), "administrators": (other.json("a"),)})
        outbox.add([a_telling(file=1)], [1], clock.time)
        outbox.add([a_telling(file=2, operator="himawari", message="reopened")], [2], clock.time)
        clock.time += 20
        until(lambda: ("himawari", "failed", 1) in states(outbox), sender)
        outbox.add([a_telling(file=3)], [3], clock.time)
        clock.time += 20
        until(lambda: states(outbox).count(("himawari", "failed", 1)) == 2, sender)
        clock.time += 20
        until(lambda: len(other.received) == 1, sender)
        assert other.texts[0].startswith("【通知が届きません】himawari ひまわり保育園: 相手のサーバーが拒否しました")
        assert str(status) in other.texts[0]
        for line in outbox.listing(WORDS):
            assert "s3cret" not in str(line) and "127.0.0.1" not in str(line)
        until(lambda: outbox.counts() == {"waiting": 0, "failed": 2})
        chat.ever = Answer(200)
        assert outbox.deliveries.retry() == 2
        until(lambda: outbox.counts() == {"waiting": 0, "failed": 0}, sender)
        chat.ever = Answer(status)
        clock.time += 60
        outbox.add([a_telling(file=4)], [4], clock.time)
        sender.send_all_once()
        assert len(other.received) == 2, "it worked again meanwhile, so they are told anew"
    finally:
        other.close()


@pytest.mark.parametrize(
    "address", ["nosuch://thing/here", "not a url", "logochat://127.0.0.1:1", "spool://relative/x"]
)
def test_an_address_that_nobody_understands_fails_without_being_shown(
    address: str, outbox: Outbox, clock: HandClock, make_sender: MakeSender, capfd: pytest.CaptureFixture[str]
) -> None:
    sender = make_sender({"himawari": (address,)})
    outbox.add([a_telling()], [1], clock.time)
    assert sender.send_all_once() == 1
    assert states(outbox)[0] == ("himawari", "failed", 1)
    assert "config.yaml" in str(outbox.listing(WORDS)[0]["error"])
    assert address not in str(outbox.listing(WORDS)) + "".join(capfd.readouterr())


def test_nothing_leaves_unencrypted_for_another_machine_or_follows_a_redirect(
    chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    elsewhere = ChatServer()
    try:
        chat.ever = Answer(307, {"Location": f"http://127.0.0.1:{elsewhere.port}/taken"})
        sender = make_sender(
            {
                "himawari": ("json://192.0.2.1/room",),
                "sakura": (f"json://127.0.0.1:{chat.port}/room?redirect=yes",),
                "staff": ("logochat://192.0.2.1/room",),
                "administrators": ("jsons://127.0.0.1:1/room?verify=no",),
            }
        )
        outbox.add([a_telling(), a_telling(operator="sakura", file=2), a_telling(audience="staff")], [1], clock.time)
        outbox.add([a_telling(audience="administrators")], [1], clock.time)
        began = time.monotonic()
        sender.send_all_once()
        assert time.monotonic() - began < 3, "no connection was even tried"
        assert {room: state for room, state, _ in states(outbox)[:4]} == dict.fromkeys(
            ("himawari", "sakura", "staff", "administrators"), "failed"
        )
        assert len(chat.received) == 1 and not elsewhere.received
    finally:
        elsewhere.close()


def test_a_lost_answer_means_one_repetition_with_the_same_key(
    chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    chat.answers = [Answer(lost=True)]
    sender = make_sender({"himawari": (chat.logochat("himawari"),)})
    outbox.add([a_telling()], [1], clock.time)
    sender.send_all_once()
    assert states(outbox) == [("himawari", "waiting", 1)]
    sender.send_all_once()
    sender.send_all_once()
    assert states(outbox) == [("himawari", "sent", 2)]
    assert len(chat.received) == 2 and chat.received[0] == chat.received[1]
    assert chat.received[0]["dedupe_key"]
    assert chat.headers[0]["Idempotency-Key"] == chat.headers[1]["Idempotency-Key"] == chat.received[0]["dedupe_key"]


def test_a_failing_room_holds_up_no_other_and_an_address_no_other_address(
    chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    slow = ChatServer()
    try:
        slow.ever = Answer(after=3.0)
        sender = make_sender(
            {"himawari": (slow.json("h"),), "sakura": (chat.json("s"),), "staff": (slow.json("t"), chat.json("t"))}
        )
        outbox.add([a_telling(), a_telling(operator="sakura", file=2), a_telling(audience="staff")], [1], clock.time)
        clock.time += 20
        began = time.monotonic()
        until(lambda: len(chat.received) == 2, sender)
        outbox.add([a_telling(audience="staff", message="reopened")], [2], clock.time)
        clock.time += 20
        until(lambda: len(chat.received) == 3, sender)
        assert time.monotonic() - began < 2.5
        assert sorted(chat.paths) == ["/s", "/t", "/t"]
        slow.gate.set()
        until(lambda: all(state == "sent" for _, state, _ in states(outbox)))
        assert len(chat.received) == 3, "what one address had taken was not repeated there"
    finally:
        slow.close()


def test_a_retry_goes_only_to_the_address_that_failed(
    chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    other = ChatServer()
    try:
        other.answers = [Answer(500)]
        sender = make_sender({"himawari": (chat.json("a"), other.json("b"))})
        outbox.add([a_telling()], [1], clock.time)
        sender.send_all_once()
        assert states(outbox) == [("himawari", "waiting", 1)]
        assert str(outbox.listing(WORDS)[0]["error"]).startswith("2/2: ")
        sender.send_all_once()
        assert states(outbox) == [("himawari", "sent", 2)]
        assert (len(chat.received), len(other.received)) == (1, 2)
    finally:
        other.close()


def test_a_server_that_never_answers_is_given_up_after_a_while(
    outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    try:
        sender = make_sender({"himawari": (f"json://127.0.0.1:{silent.getsockname()[1]}/h?rto=0.3",)})
        outbox.add([a_telling()], [1], clock.time)
        began = time.monotonic()
        sender.send_all_once()
        assert time.monotonic() - began < 3
        assert states(outbox) == [("himawari", "waiting", 1)]
        assert "応答しません" in str(outbox.listing(WORDS)[0]["error"])
    finally:
        silent.close()


def test_who_took_the_request_and_was_silent_is_left_alone_before_it_is_asked_again(
    chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    assert READ_SECONDS >= 60, "a slow server's answer is waited for"
    chat.answers = [Answer(after=2.0)]
    sender = make_sender({"himawari": (f"{chat.json('himawari')}?rto=0.3",)})
    outbox.add([a_telling()], [1], clock.time)
    clock.time += 20
    until(lambda: states(outbox) == [("himawari", "waiting", 1)], sender)
    for seconds in (60.0, 600.0, 900.0):  # most likely it has it
        clock.time += seconds
        sender.work()
        time.sleep(0.05)
    assert len(chat.received) == 1
    clock.time += REST_SECONDS
    until(lambda: states(outbox) == [("himawari", "sent", 2)], sender)
    assert len(chat.received) == 2 and chat.headers[0]["Idempotency-Key"] == chat.headers[1]["Idempotency-Key"]


def test_nobody_listens(outbox: Outbox, clock: HandClock, make_sender: MakeSender) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    sender = make_sender({"himawari": (f"json://127.0.0.1:{port}/h",)})
    outbox.add([a_telling()], [1], clock.time)
    sender.send_all_once()
    assert states(outbox) == [("himawari", "waiting", 1)]
    assert "接続できません" in str(outbox.listing(WORDS)[0]["error"])


def test_a_room_keeps_its_order_through_failures(
    chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    chat.ever = Answer(500)
    sender = make_sender({"himawari": (chat.logochat("h"),)})
    for number, message in enumerate(["returned", "reopened", "confirmed"]):
        outbox.add([a_telling(message)], [number], clock.time)
        clock.time += 30
        sender.work()
        settle(outbox)
    assert [state for _, state, _ in states(outbox)] == ["waiting"] * 3
    assert {text[:5] for text in chat.texts} == {"【修正のお"}, "the first one only, while it fails"
    chat.received.clear()
    chat.ever = Answer()
    clock.time += 1000
    until(lambda: len(chat.received) == 3, sender)
    assert [text[1:4] for text in chat.texts] == ["修正の", "確認済", "確認済"]
    assert "取消し" in chat.texts[1]


def test_one_message_that_a_server_cannot_stomach_does_not_silence_its_room(
    chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    sender = make_sender({"himawari": (chat.json("h"),)})
    outbox.add([a_telling("returned")], [1], clock.time)
    chat.answers = [Answer(500)] * 6
    for _ in range(5):
        sender.send_all_once()
    outbox.add([a_telling("confirmed")], [2], clock.time)
    sender.send_all_once()
    until(lambda: [state for _, state, _ in states(outbox)] == ["waiting", "sent"])


def test_a_room_without_address_is_neither_waiting_nor_failed(
    outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    sender = make_sender({})
    outbox.add([a_telling()], [1], clock.time)
    sender.send_all_once()
    assert states(outbox) == [("himawari", "unaddressed", 0)]
    assert outbox.counts() == {"waiting": 0, "failed": 0}


def test_addresses_that_are_taken_away_are_not_waited_for(
    chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    chat.ever = Answer(500)
    outbox.add([a_telling()], [1], clock.time)
    make_sender({"himawari": (chat.json("h"),)}).send_all_once()
    assert outbox.counts()["waiting"] == 1
    make_sender({}).work()
    assert states(outbox)[0][1] == "unaddressed"


def test_once_waits_for_no_batch_but_still_for_a_note(
    chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    sender = make_sender({"himawari": (chat.json("h"),)})
    outbox.add([a_telling("returned", file=1, waits_for_note=True)], [1], clock.time)
    outbox.add([a_telling("confirmed", file=2, document="invoice")], [2], clock.time)
    sender.send_all_once()
    assert [text[:6] for text in chat.texts] == ["【確認済み】"]
    assert outbox.counts() == {"waiting": 1, "failed": 0}


def test_quiet_hours_hold_back_but_not_for_the_administrators(
    chat: ChatServer, outbox: Outbox, clock: HandClock, make_sender: MakeSender
) -> None:
    clock.time = datetime(2026, 11, 5, 22, 0, tzinfo=UTC).timestamp()
    quiet = Quiet(clock_time(19), clock_time(8))
    sender = make_sender({"himawari": (chat.json("h"),), "administrators": (chat.json("a"),)}, quiet)
    outbox.add([a_telling(), a_telling(audience="administrators")], [1], clock.time)
    sender.send_all_once()
    assert chat.paths == ["/a"]
    clock.time = datetime(2026, 11, 6, 8, 0, tzinfo=UTC).timestamp()
    until(lambda: chat.paths == ["/a", "/h"], sender)


def test_a_crash_between_sending_and_recording_sends_again_with_the_same_key(
    chat: ChatServer, tmp_path: Path, clock: HandClock
) -> None:
    """A process is killed while the server has read the message but not answered; the next one sends it again."""
    import os
    import signal
    import subprocess
    import sys

    chat.answers = [Answer(after=30.0)]
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from syncd.store import Store\n"
        "from syncd.store.outbox import Outbox\n"
        "from syncd.notices import Quiet, Rooms, Sender\n"
        "from tests.notices.conftest import HandClock, WORDS, a_telling\n"
        "outbox = Outbox(Store(Path(sys.argv[1])))\n"
        "outbox.add([a_telling()], [1], 0.0)\n"
        "rooms = Rooms({'himawari': (sys.argv[2],)})\n"
        "Sender(outbox, lambda: rooms, lambda: WORDS, Quiet, HandClock()).send_all_once()\n"
    )
    state, address = tmp_path / "killed", chat.logochat("h")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen([sys.executable, "-c", program, str(state), address], env=environment)
    try:
        until(lambda: len(chat.received) == 1, seconds=15.0)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    chat.gate.set()
    store = Store(state)
    try:
        outbox = Outbox(store)
        from syncd.notices import Rooms, Sender

        rooms = Rooms({"himawari": (address,)})
        sender = Sender(outbox, lambda: rooms, lambda: WORDS, Quiet, clock)
        assert outbox.counts() == {"waiting": 1, "failed": 0}
        sender.send_all_once()
        sender.send_all_once()
        assert [line["state"] for line in outbox.listing(WORDS)] == ["sent"]
        assert len(chat.received) == 2
        assert chat.received[0] == chat.received[1]
    finally:
        store.close()


def test_the_daemons_loop_sends_and_stops(chat: ChatServer, outbox: Outbox, store: Store) -> None:
    import threading
    from dataclasses import replace

    from syncd.notices import Rooms, Sender

    outbox.configure(batch_seconds=0.1, note_wait_seconds=1.0, own_staff=frozenset({"himawari"}))
    words = replace(WORDS, language="ja")
    rooms = Rooms(
        {"himawari": (chat.json("h"),), "staff": (chat.json("common"),), "staff:himawari": (chat.json("own"),)}
    )

    class Now:
        def now(self) -> float:
            return time.time()

    sender = Sender(outbox, lambda: rooms, lambda: words, Quiet, Now())
    thread = threading.Thread(target=sender.run)
    thread.start()
    outbox.add([a_telling("arrived", audience="staff", stages=(None, Stage.REVIEW)), a_telling()], [1], time.time())
    try:
        until(lambda: len(chat.received) == 2)
        settle(outbox)
    finally:
        sender.stop()
        thread.join(2.0)
    assert not thread.is_alive()
    assert sorted(chat.paths) == ["/h", "/own"]
    assert [line["room"] for line in outbox.listing(words)] == ["staff", "himawari"]
