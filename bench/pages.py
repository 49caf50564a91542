"""How long the pages take that people look at.

    python bench/pages.py [OPERATORS] [TYPES] [MONTHS]

For a ward of 300 operators, 15 document types and 12 months, unless told otherwise: its page, its workbook, whether
either would show anything new, one operator's PDF, and the PDFs of all operators as at a change of month. Prints the
best, the median and the worst of 5 in milliseconds (all PDFs: once), and how big the files are.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from syncd.reports.fingerprint import fingerprint
from syncd.reports.page import progress_page
from syncd.reports.status import status_pdf
from syncd.reports.workbook import progress_workbook
from tests.reports.wards import big, example

RUNS = 5


def measured(name: str, work: Callable[[], object], runs: int = RUNS) -> None:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        made = work()
        times.append((time.perf_counter() - began) * 1000)
    size = f"{len(made):>12,}" if isinstance(made, bytes) else " " * 12
    print(f"{name:<34}{min(times):>9,.0f}{statistics.median(times):>9,.0f}{max(times):>9,.0f}{size}")


def main(operators: int = 300, types: int = 15, months: int = 12) -> None:
    ward = big(operators, types, months)
    small = example()
    one = ward.only(ward.operators[0])
    print(f"{len(ward.lines):,} lines {' ' * 20}best ms   median    worst       bytes")
    measured("page, the first in a process", lambda: progress_page(small), 1)
    measured("page of the ward", lambda: progress_page(ward))
    measured("workbook of the ward", lambda: progress_workbook(ward))
    measured("fingerprint of the ward", lambda: fingerprint(ward))
    measured("PDF, the first in a process", lambda: status_pdf(one), 1)
    measured("PDF of one operator", lambda: status_pdf(one))
    measured("fingerprint of one operator", lambda: fingerprint(one))
    measured("PDFs of all operators", lambda: [status_pdf(ward.only(each)) for each in ward.operators], 1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
