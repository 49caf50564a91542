"""Every name that a file system can hold has one text, and that text leads back to it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syncd import names
from syncd.errors import SyncdError
from syncd.tree.spelling import encode, spell

raw_names = st.binary(min_size=1, max_size=60).filter(lambda raw: not {0, 0x2F} & set(raw) and raw not in {b".", b".."})


@given(raw_names)
@example("\U000e0001\U000e0045\U000e0039".encode())
@example("報告書.xlsx".encode("cp932"))
def test_there_and_back(raw: bytes) -> None:
    text = spell(os.fsdecode(raw))
    assert encode(text) == raw
    text.encode("utf-8")  # can be stored and printed


@given(raw_names, raw_names)
def test_two_names_never_share_a_text(one: bytes, other: bytes) -> None:
    assert (spell(os.fsdecode(one)) == spell(os.fsdecode(other))) == (one == other)


@given(st.text())
def test_no_text_becomes_a_separator(text: str) -> None:
    try:
        raw = encode(text)
    except SyncdError:
        return
    assert raw.count(b"/") == text.count("/")
    assert raw.count(b"\0") == text.count("\0")


def test_text_that_is_no_name_is_refused() -> None:
    with pytest.raises(SyncdError):
        encode("a\ud800.pdf")


def test_a_shift_jis_name_lies_on_disk_and_in_a_database_and_comes_out_visible(tmp_path: Path) -> None:
    raw = "報告書.xlsx".encode("cp932")
    (tmp_path / os.fsdecode(raw)).write_bytes(b"")
    (name,) = os.listdir(tmp_path)
    text = spell(name)
    (stored,) = sqlite3.connect(":memory:").execute("select ?", (text,)).fetchone()
    assert encode(stored) == raw
    on_the_intranet = names.to_intranet(text)
    assert "\U000e0001" not in on_the_intranet
    assert names.from_intranet(on_the_intranet) == text
