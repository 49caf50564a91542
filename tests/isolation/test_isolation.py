"""Nothing of one nursery's reaches another's cloud, room or page, whatever staff or operators do (S11, never 8)."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.isolation.accidents import CODES, ENROLMENT, PLANTED, A, B, Office, form
from tests.isolation.traces import found_in, traces
from tests.samples import tiny
from tests.stories.forms import CHECKED, zipped
from tests.stories.ward import ChatServer, Ward

SHARED_MEMORY = Path("/dev/shm")
RUNS = int(os.environ.get("SYNCD_ISOLATION_RUNS", "20"))
"""How many accidents are looked for traces of; CI takes 300, a campaign 2,000."""
SEED = int(os.environ.get("SYNCD_ISOLATION_SEED", "1"))
A_WARD = 20
"""So many accidents happen to one ward."""
NOTE = "理由: 生年月日が KZQWXJ さんと違います"
TRACES = (PLANTED, "KZQWXJ", "ひまわり保育園", "himawari", f"{CODES[A]}_")


@pytest.fixture(scope="module")
def chat() -> Iterator[ChatServer]:
    server = ChatServer()
    yield server
    server.close()


@pytest.fixture
def ward(chat: ChatServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """A: one form in review, one returned by its rule, one returned by staff with a note, one offered. B: two forms."""
    parent = Path(tempfile.mkdtemp(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None))
    ward = OfTwo(parent / "ward", chat, rules=CHECKED, pages=True)
    for month, total in (("202609", None), ("202610", None), ("202611", 99)):
        ward.put(ward.cloud(f"inbox/{_name(A, month)}", A), form(CODES[A], f"{PLANTED}{month}", total=total))
        ward.put(ward.cloud(f"inbox/{_name(B, month)}", B), form(CODES[B], f"B's own {month}", total=total))
    ward.put(ward.cloud(f"inbox/{CODES[A]}_202610_証憑.zip", A), zipped({"領収書.txt": PLANTED.encode()}))
    assert ward.run() == 0
    ward.drag(ward.intranet(f"review/{_name(A, '202609')}", A), ward.intranet("corrections", A))
    ward.put(ward.intranet("corrections/理由.txt", A), NOTE)
    assert ward.run() == 0
    edited = ward.intranet(f"review/{_name(A, '202610')}", A)
    ward.put(edited, form(CODES[A], f"{PLANTED}202610", ages=(3, 4, 6)))
    ward.drag(edited, ward.intranet("corrections", A))
    ward.put(ward.cloud(f"inbox/{CODES[A]}_202608_在籍児童数報告書.xlsx", A), form(CODES[A], f"{PLANTED}202608"))
    assert ward.run() == 0
    yield ward
    shutil.rmtree(parent)


def _name(operator: str, month: str) -> str:
    return ENROLMENT.format(code=CODES[operator]).replace("202610", month)


class OfTwo(Ward):
    """The ward of the stories, with codes that stand nowhere else."""

    def write_config(self, **overrides: str) -> None:
        self.operators = {id: (name, CODES[id]) for id, (name, _) in self.operators.items()}
        super().write_config(**overrides)


@pytest.mark.parametrize("day", range(-(-RUNS // A_WARD)))
def test_never_8_no_accident_brings_anything_of_a_to_b(ward: Ward, chat: ChatServer, day: int) -> None:
    office = Office(ward, SEED * 1000 + day)
    told: list[str] = []
    heard = len(chat.posts)
    assert not _seen_by_b(ward, chat, heard), "nothing has happened yet"
    for _ in range(A_WARD):
        told.append(office.accident())
        for _ in range(office.chance.randrange(3)):
            ward.run()
            told.append(office.daily_work())
        ward.run()
        hits = _seen_by_b(ward, chat, heard)
        assert not hits, "\n".join(["", *told[-8:], *hits])
    _own_things_travel(ward)


def _own_things_travel(ward: Ward) -> None:
    """The gate isn't simply shut: what is B's own, and what staff make for B, goes its way as ever."""
    name = _name(B, "202612")
    ward.put(ward.cloud(f"inbox/{name}", B), form(CODES[B], "B's own, sent in the end"))
    letter = tiny.paper("連絡.docx", "B's letter, made in the end")
    ward.put(ward.intranet("corrections/連絡 12月.docx", B), letter)
    assert ward.run() == 0
    assert ward.intranet(f"review/{name}", B).is_file()
    assert ward.cloud("corrections/連絡 12月.docx", B).read_bytes() == letter


def _seen_by_b(ward: Ward, chat: ChatServer, heard: int) -> list[str]:
    cloud = ward.cloud("", B)
    said = [f"room: {one!r}" for room, text in chat.posts[heard:] if room == B for one in traces(text.encode(), TRACES)]
    return [*found_in(cloud, TRACES), *said]
