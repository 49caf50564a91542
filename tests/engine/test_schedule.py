"""Who is looked at when: one worker an operator, nobody forgotten, everybody at rest when a config changes."""

from __future__ import annotations

import threading
import time

from syncd.schedule import Schedule


def taken(schedule: Schedule, seconds: float = 0.2) -> str | None:
    """The operator that a worker gets within that time."""
    found: list[str | None] = []
    worker = threading.Thread(target=lambda: found.append(schedule.take()), daemon=True)
    worker.start()
    worker.join(seconds)
    return found[0] if found else None


def test_whoever_is_due_first_comes_first() -> None:
    schedule = Schedule()
    schedule.soon("later", 0.05)
    schedule.soon("now")
    assert schedule.take() == "now"
    began = time.monotonic()
    assert schedule.take() == "later"
    assert time.monotonic() - began >= 0.02


def test_asked_for_twice_the_earlier_time_counts_and_it_is_one_look() -> None:
    schedule = Schedule()
    schedule.soon("himawari", 60)
    schedule.soon("himawari")
    schedule.soon("himawari", 30)
    assert schedule.take() == "himawari"
    schedule.done("himawari")
    assert taken(schedule) is None


def test_an_operator_is_never_with_two_workers_and_a_wish_during_its_round_is_kept() -> None:
    schedule = Schedule()
    schedule.soon("himawari")
    assert schedule.take() == "himawari"
    schedule.soon("himawari")
    schedule.soon("sakura")
    assert schedule.is_running("himawari") and schedule.running == {"himawari"}
    assert schedule.take() == "sakura", "others are not held up"
    waiting: list[str | None] = []
    worker = threading.Thread(target=lambda: waiting.append(schedule.take()), daemon=True)
    worker.start()
    time.sleep(0.05)
    assert waiting == []
    schedule.done("himawari")
    worker.join(5)
    assert waiting == ["himawari"] and schedule.finished == 1


def test_at_rest_nobody_is_handed_out_until_it_goes_on() -> None:
    schedule = Schedule()
    schedule.soon("himawari")
    assert schedule.take() == "himawari"
    schedule.soon("sakura")
    assert not schedule.rest(), "a round is still under way"
    waiting: list[str | None] = []
    worker = threading.Thread(target=lambda: waiting.append(schedule.take()), daemon=True)
    worker.start()
    schedule.done("himawari")
    assert schedule.rest()
    time.sleep(0.05)
    assert waiting == []
    schedule.go_on()
    worker.join(5)
    assert waiting == ["sakura"]


def test_whoever_waits_too_long_is_known() -> None:
    schedule = Schedule()
    assert not schedule.overdue(0)
    schedule.soon("himawari")
    time.sleep(0.02)
    assert schedule.overdue(0.01) and not schedule.overdue(60)


def test_stopped_every_worker_goes_home_also_from_a_rest() -> None:
    schedule = Schedule()
    schedule.rest()
    found: list[str | None] = ["unset"]
    worker = threading.Thread(target=lambda: found.append(schedule.take()), daemon=True)
    worker.start()
    schedule.stop()
    worker.join(5)
    assert found == ["unset", None]
    schedule.soon("himawari")
    assert schedule.take() is None
