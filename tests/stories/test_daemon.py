"""The daemon day in, day out: quick because of events, right without them, silent when people rest."""

from __future__ import annotations

import queue
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from syncd.config import load
from syncd.daemon import Daemon
from syncd.model import Side
from tests.stories.box_ward import folder_only
from tests.stories.daemons import ROOT, process, rescan_every, settled, until, working
from tests.stories.ward import ENROLMENT, INVOICE, SAKURA_ENROLMENT, ChatServer, NewWard, Ward

FAR_AWAY = 3_000


def test_the_real_daemon_takes_up_a_drop_by_its_event_in_less_than_two_seconds(ward: Ward) -> None:
    rescan_every(ward, FAR_AWAY)
    took = []
    with process(ward) as daemon:
        for number in range(1, 4):
            name = f"012_20261{number - 1}_在籍児童数報告書.xlsx"
            ward.put(ward.cloud(f"inbox/{name}"), f"v{number}")
            took.append(until(ward.intranet(f"review/{name}").exists))
        ward.drag(ward.intranet(f"review/{name}"), ward.intranet("confirmed"))
        took.append(until(ward.cloud(f"confirmed/{name}").exists))
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(10) == 0
    assert min(took) < 2.0, took
    assert ward.tree("cloud") == ward.tree("intranet")
    ward.run()
    ward.said()
    ward.quiet()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_daemon_within_ten_seconds_and_nothing_is_half_done(ward: Ward, number: int) -> None:
    with process(ward) as daemon:
        for count in range(1, 13):
            ward.put(ward.cloud(f"inbox/012_2026{count:02}_在籍児童数報告書.xlsx"), f"month {count}")
        until(lambda: any(ward.intranet("review").iterdir()))
        began = time.monotonic()
        daemon.send_signal(number)
        assert daemon.wait(10) == 0
        assert time.monotonic() - began < 10
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet")
    assert sorted(ward.tree("cloud").values()) == sorted(f"month {count}" for count in range(1, 13))
    assert ward.moves().count((None, "inbox", "operator", "received")) == 12


def test_a_daemon_that_is_killed_finishes_at_its_next_start(ward: Ward) -> None:
    with process(ward) as daemon:
        for count in range(1, 13):
            ward.put(ward.cloud(f"inbox/012_2026{count:02}_在籍児童数報告書.xlsx"), f"month {count}")
        until(lambda: any(ward.intranet("review").iterdir()))
        daemon.kill()
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet")
    assert sorted(ward.tree("cloud")) == [f"review/012_2026{count:02}_在籍児童数報告書.xlsx" for count in range(1, 13)]
    assert ward.moves().count((None, "inbox", "operator", "received")) == 12
    assert ward.moves().count(("inbox", "review", "syncd", "moved")) == 12
    ward.said()
    ward.quiet()


def test_a_second_daemon_on_the_same_state_is_refused(ward: Ward) -> None:
    with process(ward) as daemon:
        for words in ([], ["--once"]):
            second = subprocess.run(
                [sys.executable, "-m", "syncd", "run", "-c", str(ward.config_path), *words],
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert second.returncode == 1
            assert str(ward.folder / "state") in second.stderr and str(daemon.pid) in second.stderr
            assert len(second.stderr.strip().splitlines()) == 1 and "Traceback" not in second.stderr
        ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
        until(ward.intranet(f"review/{ENROLMENT}").exists)


def test_its_own_writes_never_wake_it(ward: Ward) -> None:
    rescan_every(ward, FAR_AWAY)
    with working(ward) as daemon:
        ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
        ward.put(ward.cloud("inbox/訳の分からない書類.xlsx"), "x")
        until(ward.intranet(f"review/{ENROLMENT}").exists)
        ward.drag(ward.intranet(f"review/{ENROLMENT}"), ward.intranet("corrections"))
        ward.put(ward.intranet("corrections/理由.txt"), "8行目")
        until(ward.cloud("corrections/理由.txt").exists)
        settled(daemon, 1.0)
        rounds, history = daemon.rounds, len(ward.history(None))
        time.sleep(2.5)
        assert daemon.rounds == rounds
        assert len(ward.history(None)) == history


def test_other_peoples_reading_wakes_nobody(ward: Ward) -> None:
    ward.arrive()
    rescan_every(ward, FAR_AWAY)
    with working(ward) as daemon:
        rounds = daemon.rounds
        for side in ("cloud", "intranet"):
            assert ward.tree(side) == {f"review/{ENROLMENT}": "v1"}
        time.sleep(1.0)
        assert daemon.rounds == rounds


class Deaf(queue.Queue[tuple[Side, str | None]]):
    """Every event is lost."""

    def put(self, item: object, block: bool = True, timeout: float | None = None) -> None:
        return None


def test_events_that_are_lost_change_how_fast_never_what(ward: Ward) -> None:
    rescan_every(ward, 1)
    daemon = Daemon(ward.config_path, load(ward.config_path))
    daemon._hinted = Deaf()
    with working(ward, daemon):
        ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
        until(ward.intranet(f"review/{ENROLMENT}").exists)
        ward.drag(ward.intranet(f"review/{ENROLMENT}"), ward.intranet("confirmed"))
        until(ward.cloud(f"confirmed/{ENROLMENT}").exists)


@folder_only("Box's events don't go through the kernel")
def test_a_flood_of_events_that_overflows_the_kernels_queue_asks_for_a_full_look(ward: Ward) -> None:
    rescan_every(ward, FAR_AWAY)
    one, other = ward.cloud(".flood-1"), ward.cloud(".flood-2")
    with process(ward) as daemon:
        daemon.send_signal(signal.SIGSTOP)
        ward.put(one, "x")
        for _ in range(int(Path("/proc/sys/fs/inotify/max_queued_events").read_text()) // 4 + 100):
            one.rename(other)
            other.rename(one)
        ward.put(ward.cloud(f"inbox/{SAKURA_ENROLMENT}", "sakura"), "its event was lost")
        daemon.send_signal(signal.SIGCONT)
        until(ward.intranet(f"review/{SAKURA_ENROLMENT}", "sakura").exists, 60)


def test_doubled_and_senseless_events_change_nothing(ward: Ward) -> None:
    rescan_every(ward, FAR_AWAY)
    with working(ward) as daemon:
        ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
        for _ in range(50):
            for path in ("ひまわり保育園/inbox/nobody.xlsx", "さくら保育園", "gone/x", "進捗状況.html"):
                daemon._hinted.put((Side.CLOUD, path))
        until(ward.intranet(f"review/{ENROLMENT}").exists)
        settled(daemon)
    assert ward.moves(None) == [(None, "inbox", "operator", "received"), ("inbox", "review", "syncd", "moved")]


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_chat_room_that_fails_or_hangs_holds_up_neither_a_move_nor_another_room(ward: Ward, chat: ChatServer) -> None:
    rescan_every(ward, FAR_AWAY)
    with silent_server() as port:
        text = ward.config_path.read_text(encoding="utf-8")
        hanging = text.replace(f"json://127.0.0.1:{chat.port}/himawari", f"json://127.0.0.1:{port}/himawari")
        ward.config_path.write_text(hanging, encoding="utf-8")
        chat.failing.add("staff")
        try:
            with process(ward) as daemon:
                ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
                ward.put(ward.cloud(f"inbox/{SAKURA_ENROLMENT}", "sakura"), "s1")
                until(ward.intranet(f"review/{ENROLMENT}").exists)
                until(lambda: any(room == "sakura" for room, _ in chat.posts[-20:]))
                ward.put(ward.cloud(f"inbox/{INVOICE}"), "i1")
                until(ward.intranet(f"review/{INVOICE}").exists)
                began = time.monotonic()
                daemon.send_signal(signal.SIGTERM)
                assert daemon.wait(10) == 0
                assert time.monotonic() - began < 10
        finally:
            chat.failing.discard("staff")
    assert set(ward.rooms()) <= {"sakura", "administrators"}
    ward.write_config()
    ward.run()
    rooms = ward.rooms()  # what couldn't be said is said once the rooms are there again
    assert "受領" in rooms["himawari"] and "到着" in rooms["staff"]
    ward.quiet()


def test_an_operator_that_fails_holds_up_nobody_else(ward: Ward) -> None:
    blocked = ward.intranet("review")
    blocked.rmdir()
    ward.put(blocked, "no folder")
    with working(ward):
        ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
        ward.put(ward.cloud(f"inbox/{SAKURA_ENROLMENT}", "sakura"), "s1")
        until(ward.intranet(f"review/{SAKURA_ENROLMENT}", "sakura").exists)
    assert ward.tree("cloud") == {f"inbox/{ENROLMENT}": "v1"}


def many(new_ward: NewWard, operators: int, files: int) -> Ward:
    """A ward whose operators have that many confirmed files together, the same on both sides."""
    ward = new_ward()
    for number in range(100, 98 + operators):
        ward.operators[f"nursery{number}"] = (f"{number}_保育園", f"{number}")
    ward.write_config()
    for id in ward.operators:
        for number in range(files // operators):
            for place in (ward.cloud, ward.intranet):
                path = place(f"confirmed/{number // 50}/証拠書類 {number}.txt", id)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"{id} {number}", encoding="utf-8")
    return ward


@folder_only("the calls that Box costs are counted in test_box.py")
@pytest.mark.parametrize(
    ("operators", "files"), [(20, 2_000), pytest.param(100, 100_000, marks=pytest.mark.campaign)], ids=str
)
def test_after_one_drop_among_many_operators_only_that_ones_folders_are_looked_at(
    new_ward: NewWard, operators: int, files: int
) -> None:
    ward = many(new_ward, operators, files)
    ward.init()
    ward.run()
    rescan_every(ward, FAR_AWAY)
    with working(ward) as daemon:
        assert daemon.world is not None
        counts = {side: daemon.world.tree(side).counts for side in Side}  # type: ignore[attr-defined]
        settled(daemon, 1.0)
        before = {side: (one.scans, one.stats, one.reads) for side, one in counts.items()}
        rounds = daemon.rounds
        ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
        took = until(ward.intranet(f"review/{ENROLMENT}").exists)
        settled(daemon, 1.0)
        own = files // operators + 2
        for side, one in counts.items():
            scans, stats, reads = before[side]
            looks = (one.scans - scans) / (own // 50 + 10)
            assert looks < 20 and one.stats - stats <= own * 20
            assert one.reads - reads <= 2
        assert daemon.rounds - rounds < 6
        assert took < 5
    assert ward.tree("cloud") == ward.tree("intranet")


def test_a_file_that_stays_open_is_not_looked_at_again_and_again_but_closing_it_is_noticed_at_once(ward: Ward) -> None:
    ward.arrive()
    rescan_every(ward, FAR_AWAY)
    owner = ward.intranet(f"review/~${ENROLMENT}")
    with working(ward) as daemon:
        ward.put(owner, "opened by staff")
        ward.put(ward.cloud(f"review/{ENROLMENT}"), "v2")
        time.sleep(1.5)
        rounds = daemon.rounds
        time.sleep(2.0)
        assert daemon.rounds - rounds <= 3
        assert ward.tree("intranet")[f"review/{ENROLMENT}"] == "v1", "what is open is waited for"
        ward.put(ward.cloud(f"inbox/{INVOICE}"), "i1")
        assert until(ward.intranet(f"review/{INVOICE}").exists) < 5, "and only that file"
        owner.unlink()
        assert until(lambda: "v2" in ward.tree("intranet").values()) < 5
    ward.run()
    ward.said()
    ward.quiet()


def test_a_config_saved_in_the_middle_of_much_work_loses_nothing(ward: Ward) -> None:
    with working(ward) as daemon:
        for count in range(40):
            ward.put(ward.cloud(f"inbox/012_202610_証憑_{count}.pdf"), f"evidence {count}")
        until(lambda: any(ward.intranet("review").iterdir()))
        ward.stages = "stages: {inbox: 提出, review: 確認中, corrections: 修正, confirmed: 確認済}\n"
        ward.write_config()
        until(ward.intranet("確認済").is_dir)
        settled(daemon)
    assert sorted(ward.tree("cloud").values()) == sorted(f"evidence {count}" for count in range(40))
    assert ward.tree("cloud") == ward.tree("intranet")
    assert {name.split("/")[0] for name in ward.tree("cloud")} == {"確認中"}
    assert {row["outcome"] for row in ward.history()} == {"received", "moved", "renamed"}
    ward.said()
    ward.quiet()
