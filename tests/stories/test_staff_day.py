"""The same gestures while the daemon runs: events, workers and batches as on any working day."""

from __future__ import annotations

import time

from tests.stories.daemons import process, until
from tests.stories.operator_steps import CONFIRMED, CORRECTIONS, REVIEW
from tests.stories.staff_steps import both, told
from tests.stories.ward import SAKURA_ENROLMENT, NewWard, Ward


def batches_of(ward: Ward, seconds: float) -> None:
    config = ward.config_path.read_text(encoding="utf-8")
    ward.write_config(text=config.replace("batch_seconds: 0.1", f"batch_seconds: {seconds}"))


def test_s6_dragged_back_in_time(new_ward: NewWard) -> None:
    ward = new_ward()
    ward.arrive()
    batches_of(ward, 2.0)
    with process(ward):
        ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
        until(lambda: ward.cloud(CONFIRMED).exists())
        ward.drag(ward.intranet(CONFIRMED), ward.intranet("review"))
        until(lambda: ward.cloud(REVIEW).exists())
        time.sleep(2.5)
    told(ward)
    both(ward, {REVIEW: "v1"})
    assert [move[:2] for move in ward.moves()[2:]] == [("review", "confirmed"), ("confirmed", "review")]
    ward.quiet()


def test_s11_dragged_and_copied_across(new_ward: NewWard) -> None:
    ward = new_ward()
    ward.arrive()
    ward.arrive(SAKURA_ENROLMENT, "s1", "sakura")
    batches_of(ward, 0.2)
    with process(ward):
        for _ in range(3):
            ward.copy(ward.intranet(REVIEW), ward.intranet("corrections/写し.xlsx", "sakura"))
            ward.drag(ward.intranet(f"review/{SAKURA_ENROLMENT}", "sakura"), ward.intranet("corrections"))
            until(lambda: not ward.tree("intranet", "sakura").keys() - {f"review/{SAKURA_ENROLMENT}"})
            until(lambda: ward.intranet(f"review/{SAKURA_ENROLMENT}", "sakura").exists())
        until(lambda: any(room == "staff" for room, _ in ward.chat.posts[ward._read :]))
    assert ward.run() == 0  # what the daemon had yet to say when it was stopped
    both(ward, {REVIEW: "v1"})
    both(ward, {f"review/{SAKURA_ENROLMENT}": "s1"}, "sakura")
    assert set(ward.rooms()) == {"staff"}
    ward.quiet()


def test_s14_saved_again_and_again_in_corrections(new_ward: NewWard) -> None:
    ward = new_ward()
    ward.arrive()
    batches_of(ward, 2.0)
    with process(ward):
        ward.put(ward.intranet(REVIEW), "edit 0")
        ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
        for count in range(1, 5):
            time.sleep(0.15)
            ward.save_like_excel(ward.intranet(CORRECTIONS), f"edit {count}")
        until(lambda: ward.tree("cloud") == {CORRECTIONS: "edit 4"})
        until(lambda: len(ward.chat.posts) > ward._read)
        time.sleep(0.3)
    told(ward, himawari="【修正案の確認】")
    both(ward, {CORRECTIONS: "edit 4"})
    ward.quiet()
