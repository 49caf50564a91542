"""D1, D5: who is asked for what, when; told by a clock that is ahead."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.stories.forms import CHECKED, enrolment
from tests.stories.ward import NewWard

TOKYO = ZoneInfo("Asia/Tokyo")
NOVEMBER = "012_202711_在籍児童数報告書.xlsx"


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=TOKYO)


@pytest.mark.folder_only(reason="nothing of it depends on the cloud")
def test_d1_a_missing_document_is_asked_for_before_on_and_after_its_day_and_never_else(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    assert ward.run(at(10, 20)) == 0
    assert ward.said() == [], "the days of what was due before syncd came have passed"
    assert ward.run(at(11, 1)) == 0
    assert ward.said() == []
    assert ward.run(at(11, 2, hour=7)) == 0
    assert ward.said() == [], "the office is closed"
    assert ward.run(at(11, 2)) == 0
    rooms = ward.rooms()
    assert sorted(rooms) == ["himawari", "sakura"]
    assert "在籍児童数報告書（期限 11月5日（金））" in rooms["himawari"] and "該当なし_書類名" in rooms["himawari"]
    for hour in (11, 20):
        assert ward.run(at(11, 2, hour)) == 0
    assert ward.run(at(11, 3)) == 0
    assert ward.said() == [], "said once; the third is a holiday"

    ward.put(ward.cloud(f"inbox/{NOVEMBER}"), enrolment())
    assert ward.run(at(11, 4)) == 0
    ward.said()
    assert ward.run(at(11, 5)) == 0
    rooms = ward.rooms()
    assert "運営費請求書（期限 11月10日（水））" in rooms["himawari"] and "在籍児童数報告書" not in rooms["himawari"]
    assert "在籍児童数報告書（期限 11月5日（金））" in rooms["sakura"]
    assert ward.run(at(11, 8)) == 0
    rooms = ward.rooms()
    assert sorted(rooms) == ["sakura", "staff"] and all("期限超過" in text for text in rooms.values())
    assert "さくら保育園" in rooms["staff"] and "ひまわり" not in rooms["staff"]
    assert [row["outcome"] for row in ward.history("sakura")].count("reminded") == 4


@pytest.mark.folder_only(reason="nothing of it depends on the cloud")
def test_d5_what_was_sent_back_is_asked_for_again_and_the_last_time_staff_hear_of_it(new_ward: NewWard) -> None:
    calendar = "remind: {corrections: [1, 2], agreements: [], originals: [], requests: [], review: []}\n"
    ward = new_ward(rules={**CHECKED, "_calendar.yaml": calendar})
    ward.put(ward.cloud(f"inbox/{NOVEMBER}"), enrolment(total=1))
    assert ward.run(at(11, 15)) == 0
    ward.said()
    assert ward.run(at(11, 16)) == 0
    rooms = ward.rooms()
    assert sorted(rooms) == ["himawari"] and "修正のお願い（再）" in rooms["himawari"]
    assert ward.run(at(11, 17)) == 0
    rooms = ward.rooms()
    assert sorted(rooms) == ["himawari", "staff"] and "回答がありません" in rooms["staff"]
    ward.put(ward.cloud(f"inbox/{NOVEMBER}"), enrolment())
    assert ward.run(at(11, 17, 11)) == 0
    ward.said()
    assert ward.run(at(11, 18)) == 0
    assert ward.said() == []
