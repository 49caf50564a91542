"""What Samba's full_audit log says of who did what, whatever stands around its lines."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from syncd.intranet.audit import AuditLog

HEAD = "[2026/11/29 17:35:46.869350,  1] ../../source3/modules/vfs_full_audit.c:643(do_log)\n"


class Log:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "intranet"
        self.path = folder / "audit.log"
        (self.root / "review").mkdir(parents=True)
        self.path.write_text("", encoding="utf-8")

    def line(self, who: str, what: str, *arguments: str, before: str = HEAD + "  ", ago: float = 0) -> None:
        when = time.strftime("%Y/%m/%d %H:%M:%S", time.localtime(time.time() - ago))
        paths = [f"{self.root}/{each}" if "/" in each and not each.startswith("/") else each for each in arguments]
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{before}{when}|{who}|10.0.0.7|intranet|{what}|ok|{'|'.join(paths)}\n")

    def opened(self) -> AuditLog:
        return AuditLog(self.path, self.root, lambda stats: "the owner")

    def stats(self, name: str = "review/a") -> os.stat_result:
        (self.root / name).write_bytes(b"a")
        return (self.root / name).stat()


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


@pytest.mark.parametrize("before", [HEAD + "  ", "", "Nov 29 17:35:46 files smbd_audit[77]: "])
@pytest.mark.parametrize("what", ["renameat", "rename"])
def test_a_move_names_who_brought_and_who_took(log: Log, before: str, what: str) -> None:
    audit = log.opened()
    since = audit.position()
    log.line("鈴木", what, "inbox/在籍 a", "review/a", before=before)
    audit.position()
    assert audit.brought("review/a", log.stats(), since) == audit.took("inbox/在籍 a", since) == "鈴木"
    assert audit.brought("inbox/在籍 a", log.stats(), since) is None


def test_the_last_one_counts_and_attributes_only_where_nothing_else_was_done(log: Log) -> None:
    audit = log.opened()
    log.line("suzuki", "pwrite_send", "review/a")
    log.line("sato", "fset_dos_attributes", "review/a")
    log.line("sato", "fset_dos_attributes", "review/b")
    audit.position()
    assert audit.brought("review/a", log.stats(), 0) == "suzuki"
    assert audit.brought("review/b", log.stats("review/b"), 0) == "sato"
    since = audit.position()
    assert audit.brought("review/a", log.stats(), since) is None
    log.line("tanaka", "openat", "w", "review/a")
    log.line("sato", "openat", "r", "review/a")
    audit.position()
    assert audit.brought("review/a", log.stats(), since) == "tanaka"


def test_a_folder_takes_along_what_lies_in_it(log: Log) -> None:
    audit = log.opened()
    log.line("suzuki", "renameat", "inbox/10月", "review/10月")
    audit.position()
    (log.root / "review/10月").mkdir()
    assert audit.brought("review/10月/a", log.stats("review/10月/a"), 0) == "suzuki"
    assert audit.took("inbox/10月/a", 0) == "suzuki"
    assert audit.brought("review/a", log.stats(), 0) is None


def test_what_lies_elsewhere_failed_or_is_no_line_says_nothing(log: Log) -> None:
    audit = log.opened()
    with log.path.open("ab") as file:
        file.write(b"\xff\xfe|\n2026/11/29 17:35:46|x|y|z|renameat|fail (Permission denied)|/a|/b\n\n||||\n")
    log.line("suzuki", "renameat", "/elsewhere/a", "/elsewhere/review/a")
    assert audit.position() == 0


def test_before_the_first_look_only_the_last_doing_counts(log: Log) -> None:
    """Something else may have happened to the file since, and nobody told."""
    log.line("suzuki", "pwrite_send", "review/a", ago=3600)
    audit = log.opened()
    audit.position()
    assert audit.brought("review/a", log.stats(), 0) is None


def test_a_line_that_is_still_being_written_and_a_log_that_begins_anew(log: Log) -> None:
    audit = log.opened()
    log.line("suzuki", "pwrite_send", "review/a")
    whole = log.path.read_bytes()
    log.path.write_bytes(whole[:-4])
    assert audit.position() == 0
    log.path.write_bytes(whole)
    assert audit.position() == 1
    log.path.rename(log.path.with_suffix(".1"))
    assert audit.position() == 1
    log.line("sato", "pwrite_send", "review/b")
    assert audit.position() == 2
    os.truncate(log.path, 0)
    log.line("sato", "unlinkat", "review/b")
    audit.position()
    assert audit.took("review/b", 2) == "sato"


def test_the_root_may_be_another_way_to_the_same_folder(log: Log, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(log.root)
    audit = AuditLog(log.path, tmp_path / "link", lambda stats: "")
    log.line("suzuki", "pwrite_send", "review/a")
    audit.position()
    assert audit.brought("review/a", log.stats(), 0) == "suzuki"
