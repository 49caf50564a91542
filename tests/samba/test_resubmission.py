"""O3 while staff have the old file open for writing: nothing is overwritten; once it is closed one file is there."""

from __future__ import annotations

import os
import time

import pytest

from tests.samba.conftest import NewShared
from tests.stories.daemons import settled, until, working

NAME = "012_202610_運営費請求書.pdf"
MARKED = "012_202610_運営費請求書（再提出 2）.pdf"
REMARKED = "v1 with the ward's remark"
WAIT = 60.0


@pytest.mark.parametrize("watch", ["events", "poll"])
@pytest.mark.parametrize("edited", [False, True], ids=["looked at", "edited"])
def test_one_file_marked_once_it_is_closed(shared: NewShared, edited: bool, watch: str) -> None:
    ward = shared(watch)
    ward.arrive(NAME, "v1")
    old = ward.intranet(f"review/{NAME}")
    inode = old.stat().st_ino
    with working(ward) as daemon:
        writing = os.open(old, os.O_RDWR)  # as smbd has it for an office program
        ward.put(ward.cloud(f"inbox/{NAME}"), "v2")
        time.sleep(1.5)
        assert old.stat().st_ino == inode and old.read_text() == "v1"
        if edited:
            os.pwrite(writing, REMARKED.encode(), 0)
            time.sleep(1.5)
            assert old.stat().st_ino == inode
        else:  # staff hear soon why the new one isn't there yet
            until(lambda: any("開かれている" in text for text in ward.said("staff")), WAIT)
        os.close(writing)
        until(lambda: ward.intranet(f"review/{MARKED}").exists() and not old.exists(), WAIT)
        settled(daemon)
    review = ward.tree("intranet")
    assert review.pop(f"review/{MARKED}") == "v2"
    assert list(review.values()) == ([REMARKED] if edited else [])
    assert all("職員編集" in path for path in review)
    assert ward.tree("cloud") == {f"review/{NAME}": "v2"}
    assert ward.kept("v1") and ward.kept("v2")
    ward.run()
    ward.quiet()
