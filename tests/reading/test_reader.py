"""The reader's processes: warm, confined, replaced when they die, never the file's undoing, gone when it is closed."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from syncd.errors import SyncdError
from syncd.forms.fact import Column, Fact, Reading, Value
from syncd.model import Finding
from syncd.reading import Limits, Reader, wire
from tests.reading import making as m
from tests.reading.conftest import TOTAL, Read, Saved


def gone(process: int) -> bool:
    """Whether a process has ended, waiting a little for that."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


@pytest.fixture
def good(tmp_path: Path) -> Path:
    (tmp_path / "good").write_bytes(m.xlsx())
    return tmp_path / "good"


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """Takes a good part of a second to read."""
    row = "<row>" + "<c><v>1.25</v></c>" * 200 + "</row>"
    (tmp_path / "slow").write_bytes(m.zipped(m.xlsx_parts([m.sheet(row * 600)]), 0))
    return tmp_path / "slow"


def test_a_process_stays_warm(good: Path) -> None:
    with Reader(workers=2) as reader:
        assert reader.processes == ()
        for _ in range(5):
            assert reader.read(good, "a.xlsx", [TOTAL]).facts["total"].one == 12
        assert len(reader.processes) == 1


def test_many_threads_share_the_processes(good: Path) -> None:
    with Reader(workers=2) as reader, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: reader.read(good, "a.xlsx", [TOTAL]), range(100)))
        assert {each.facts["total"].one for each in found} == {12}
        assert 1 <= len(reader.processes) <= 2


def test_the_thread_that_read_first_may_end(good: Path) -> None:
    """The kernel ends a process with the thread that started it; that must be nobody's who only wanted to read."""
    with Reader(workers=1) as reader:
        first = threading.Thread(target=reader.read, args=(good, "a.xlsx"))
        first.start()
        first.join()
        (process,) = reader.processes
        time.sleep(0.05)
        assert reader.read(good, "a.xlsx").kind == "xlsx"
        assert reader.processes == (process,)


def test_a_process_that_died_idle_is_replaced(good: Path) -> None:
    with Reader(workers=1) as reader:
        assert not reader.read(good, "a.xlsx").trouble
        (process,) = reader.processes
        os.kill(process, signal.SIGKILL)
        assert gone(process)
        assert not reader.read(good, "a.xlsx").trouble
        assert reader.processes != (process,)


@pytest.mark.parametrize("stroke", [signal.SIGKILL, signal.SIGSEGV])
def test_a_process_that_dies_at_work_is_tried_once_more(slow: Path, stroke: signal.Signals) -> None:
    with Reader(workers=1) as reader:
        reader.read(slow, "a.xlsx")
        (process,) = reader.processes
        with ThreadPoolExecutor(1) as threads:
            reading = threads.submit(reader.read, slow, "a.xlsx")
            time.sleep(0.05)
            os.kill(process, stroke)
            assert not reading.result().trouble
        assert process not in reader.processes


def test_what_takes_too_long_is_ended(slow: Path, good: Path) -> None:
    with Reader(workers=1, limits=Limits(seconds=0.08)) as reader:
        found = [reader.read(slow, "a.xlsx", [TOTAL]) for _ in range(3)][-1]  # the first one may die of starting up
        assert (found.trouble, found.facts["total"].state) == ("too slow", "missing")
    with Reader(workers=1) as reader:
        assert not reader.read(good, "a.xlsx").trouble


def test_what_needs_too_much_memory_is_told_and_the_next_is_read(good: Path, tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"1234567890,1234567890\n" * 1_000_000)
    with Reader(workers=1, limits=Limits(memory=50_000_000)) as reader:
        found = reader.read(tmp_path / "large", "a.csv")
        assert (found.kind, found.trouble) == ("csv", "too big")
        assert "memory" in found.detail
        assert not reader.read(good, "a.xlsx").trouble


def test_a_closed_reader_reads_nothing(good: Path) -> None:
    reader = Reader()
    reader.read(good, "a.xlsx")
    processes = reader.processes
    began = time.monotonic()
    reader.close()
    reader.close()
    assert time.monotonic() - began < 1
    assert all(gone(process) for process in processes)
    with pytest.raises(SyncdError, match="closed"):
        reader.read(good, "a.xlsx")


def test_closing_does_not_wait_for_work(slow: Path) -> None:
    reader = Reader(workers=1)
    reader.read(slow, "a.xlsx")
    with ThreadPoolExecutor(3) as threads:
        readings = [threads.submit(reader.read, slow, "a.xlsx") for _ in range(3)]
        time.sleep(0.05)
        reader.close()
        assert all(isinstance(reading.exception(), SyncdError) for reading in readings)
    assert reader.processes == ()


def test_bytes_that_are_not_there_are_no_trouble_of_the_file(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(SyncdError, match=r"gone: can't be read"):
        reader.read(tmp_path / "gone", "a.xlsx")


def test_no_process_is_no_verdict(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with Reader() as reader, pytest.raises(SyncdError, match="no process for reading files can be started"):
        reader.read(good, "a.xlsx")


def test_the_process_dies_with_its_parent(good: Path) -> None:
    code = f"""
        import os, signal
        from pathlib import Path
        from syncd.reading import Reader
        reader = Reader()
        assert not reader.read(Path({str(good)!r}), "a.xlsx").trouble
        print(*reader.processes, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert gone(int(run.stdout))


def test_a_program_that_forgets_to_close_still_ends(good: Path) -> None:
    code = f"""
        from pathlib import Path
        from syncd.reading import Reader
        reader = Reader()
        assert not reader.read(Path({str(good)!r}), "a.xlsx").trouble
        print(*reader.processes)
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=30, check=True
    )
    assert gone(int(run.stdout))


CONFINED = """
    import os, socket, subprocess, sys
    from syncd.reading import confinement
    confinement.confine(os.getppid(), 100_000_000, 1_000_000)
    def refused(action):
        try:
            action()
        except (OSError, MemoryError) as error:
            return type(error).__name__
        return "done"
    print(refused(lambda: socket.socket()), refused(lambda: subprocess.run(["true"])), refused(os.fork),
          refused(lambda: os.execv("/bin/true", ["true"])), refused(lambda: bytearray(150_000_000)),
          refused(lambda: bytearray(30_000_000)), refused(lambda: open("/dev/null").close()))
"""


def test_the_process_can_start_nothing_and_reach_nobody() -> None:
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(CONFINED)], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["PermissionError"] * 4 + ["MemoryError", "done", "done"], run.stderr


def test_everything_travels_whole() -> None:
    """Whatever is added to a reading or a value has to be added to what is sent, too."""
    values = ("text", 3, 2**80, -(2**70), Decimal("0.30"), True, date(2026, 10, 1), None)
    rows = ({"a": Decimal("1"), "b": None},)
    value = Value("found", Decimal("1.5"), values, rows, "表1!B1", "1.5", "C3", ("C8",), ("表1!C9",), "合計欄")
    texts, facts = frozenset({"a", "b"}), {"f": value}
    reading = Reading("xlsx", 9, "too big", "because", True, ("表1",), 3, 4, True, True, ("a",), texts, facts, "f")
    for part in (value, reading):
        for each in dataclasses.fields(part):
            default = each.default_factory() if callable(each.default_factory) else each.default
            assert getattr(part, each.name) != default, f"{each.name} is not tested"
    sent = wire.packer.encode(wire.wired(reading))
    assert wire.reading_of(wire.unpacked(sent, wire.WiredReading)) == reading
    request = wire.Read(
        "/c",
        "a",
        wire.Looked("pdf", 3),
        (Fact("t", "int", ("合計",), columns=(Column("a", ("b",), "date"),)),),
        ("x",),
        Limits(),
    )
    assert wire.unpacked(wire.packer.encode(request), wire.Read) == request
    mark = wire.Mark("/c", (Finding("a", "return", "b", ("表1!B1",), "1", "2", {"c": "d"}),), "/i")
    assert wire.unpacked(wire.packer.encode(mark), wire.Mark) == mark


@pytest.mark.parametrize(
    "one",
    [
        [1],
        {"a": 1},
        b"x",
        1.5,
        msgspec.msgpack.Ext(9, b"x"),
        msgspec.msgpack.Ext(1, b"x"),
        msgspec.msgpack.Ext(3, b"x"),
    ],
)
def test_an_answer_that_no_form_can_give_is_none(one: object) -> None:
    value = wire.WiredValue("found", one, (), (), "", "", "", ())
    reading = wire.WiredReading("xlsx", 1, "", "", False, (), None, 0, False, False, (), (), {"a": value})
    with pytest.raises((ValueError, ArithmeticError)):
        wire.reading_of(wire.unpacked(wire.packer.encode(reading), wire.WiredReading))


def test_forms_are_compared_marked_and_unmarked_in_the_process(reader: Reader, resaved: Saved, tmp_path: Path) -> None:
    assert reader.compare(resaved.form, resaved.by_openpyxl, "在籍.xlsx") == ()
    assert reader.compare(resaved.form, tmp_path, "在籍.xlsx") is None
    fault = Finding("sum", "return", "一致しません", ("在籍!C14",))
    assert reader.mark(resaved.form, "在籍.xlsx", [fault], tmp_path / "marked")
    assert reader.unmark(tmp_path / "marked", "在籍.xlsx", tmp_path / "clean")
    assert reader.compare(resaved.form, tmp_path / "clean", "在籍.xlsx") == ()
    assert not reader.unmark(tmp_path / "clean", "在籍.xlsx", tmp_path / "again")
    assert not reader.mark(resaved.old, "在籍.xls", [fault], tmp_path / "none")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean", "marked"]


def test_wanted_texts_are_found_whatever_their_width(read: Read) -> None:
    cells = '<row><c t="inlineStr"><is><t>ひまわり　保育園</t></is></c><c t="inlineStr"><is><t>ABC</t></is></c></row>'
    wanted = ("ﾋﾏﾜﾘ", "ひまわり保育園", "ａｂｃ", "園abc", "")
    assert read(m.xlsx(cells), texts=wanted).texts == {"ひまわり保育園", "ａｂｃ", ""}


def test_a_pdf_is_lines_and_columns(read: Read) -> None:
    page = b"BT /F 12 Tf 72 700 Td (Total) Tj 200 0 Td (1,234) Tj -200 -20 Td (Seal of) Tj 0 -20 Td (the office) Tj ET"
    picture = m.stream(b"", b"/Subtype/Image/Width 9/Height 9")
    resources = b"/Resources<</Font<</F 5 0 R>>/XObject<</I 6 0 R>>>>"
    data = m.page(page, more=[picture]).replace(b"/Resources<</Font<</F 5 0 R>>>>", resources)
    found = read(data, "a.pdf", Fact("total", "int", ("Total",)), texts=("Seal of the office", "nothing"))
    assert (found.kind, found.trouble, found.pages, found.images, found.text) == ("pdf", "", 1, 1, True)
    assert (found.facts["total"].one, found.facts["total"].cell) == (1234, "1ページ")
    assert found.texts == {"Seal of the office"}
    assert found.sheets == ()


def test_a_scan_has_no_text(read: Read) -> None:
    found = read(m.page(b"q Q"), "a.pdf")
    assert (found.pages, found.text, found.trouble) == (1, False, "")


def test_pictures_in_a_workbook_are_counted(read: Read) -> None:
    parts = m.xlsx_parts() | {"xl/media/image1.png": m.png(), "xl/media/image2.emf": b"x"}
    assert read(m.zipped(parts)).images == 2
