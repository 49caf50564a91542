"""What the gate costs a form of 200 kB that is looked into anyway: `python bench/gate.py` (milliseconds, medians)."""

from __future__ import annotations

import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook

from syncd import packaged
from syncd.mirror.whose import asked_of_forms, named_others, spoken, spoken_of
from syncd.model import Operator
from syncd.reading import Reader
from syncd.rulebook.load import load

SIZE = 200_000
TIMES = 15


def form() -> bytes:
    """A head-count with lists of children behind it, 200 kB."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "在籍"
    sheet.append(["在籍児童数報告書"])
    sheet.append(["施設番号", "012"])
    rows = 0
    while True:
        for _ in range(400):
            rows += 1
            sheet.append(
                [rows, f"児童{rows * 7919 % 10007}", rows * 31 % 97, f"2019-{rows % 12 + 1:02}-{rows % 28 + 1:02}"]
            )
        target = io.BytesIO()
        book.save(target)
        if len(target.getvalue()) >= SIZE:
            return target.getvalue()


def median(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def main() -> None:
    rules = load(packaged.rules_folder(), packaged.rules_folder())
    operators = [Operator(f"n{n}", f"第{n}保育園", "", f"{n:03}", f"n{n}", f"n{n}", ()) for n in range(100)]
    rule = rules.rules["enrolment"]
    asked = asked_of_forms(rules, "enrolment")
    own, more = rule.facts, tuple(each.fact for each in asked)
    with Reader(1) as reader, tempfile.TemporaryDirectory() as folder:
        content, members = Path(folder) / "content", Path(folder) / "members"
        content.write_bytes(form())
        members.mkdir()
        said = spoken(asked, reader.read(content, "012_202610_在籍.xlsx", more).facts)
        read = median(lambda: reader.read(content, "012_202610_在籍.xlsx", own))
        together = median(lambda: reader.read(content, "012_202610_在籍.xlsx", own + more))
        inside = median(lambda: reader.inspect(content, "012_202610_在籍.xlsx", members))
        thought = median(
            lambda: (
                named_others("012_202610_在籍.xlsx", operators[12], operators),
                spoken_of(said, operators[12], operators, rules),
            )
        )
        print(f"a form of {content.stat().st_size / 1000:.0f} kB, read for its rule: {read:.1f} ms")
        print(f"read for its rule and for the gate at once: {together:.1f} ms")
        print(f"what is inside: {inside:.1f} ms; names and codes of 100 operators: {thought:.2f} ms")
        print(f"the gate adds {together - read + inside + thought:.1f} ms")


if __name__ == "__main__":
    main()
