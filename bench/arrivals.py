"""How fast arrivals are judged: the forms of many nurseries at once, each read, checked and weighed.

    python bench/arrivals.py [ARRIVALS]

ARRIVALS (2,000 by default) real forms by the rules that come with syncd, with one and with two processes that read;
then a ward of 20 nurseries whose 200 forms come in one night, from inbox to review by `syncd run --once`: what
journalling, copying and both trees add. Prints Markdown.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from syncd import packaged
from syncd.demo import forms
from syncd.demo.ward import NURSERIES
from syncd.judging import judge_file
from syncd.model import Operator
from syncd.reading import Reader
from syncd.rulebook import load

NURSERY = NURSERIES[0]
OPERATOR = Operator(NURSERY.id, NURSERY.name, "認可保育所", NURSERY.code, "a", "a")
MONTH = (2026, 10)
FORMS = {
    "在籍児童数報告書": forms.enrolment(NURSERY, MONTH).workbook(),
    "運営費請求書": forms.invoice(NURSERY, MONTH).workbook(),
    "職員名簿・雇用状況表": forms.staff_list(NURSERY, MONTH).workbook(),
    "延長保育実績": forms.extended_care(NURSERY, MONTH).workbook(),
}
NIGHT = 20, 10
"""Nurseries, and months of one form each."""


def judged(folder: Path, arrivals: int, processes: int) -> float:
    """Seconds for so many judgements."""
    rules = load(packaged.rules_folder(), packaged.rules_folder())
    papers = []
    for title, content in FORMS.items():
        path = folder / title
        path.write_bytes(content)
        papers.append((f"{NURSERY.code}_202610_{title}.xlsx", path))

    def one(number: int) -> str:
        name, path = papers[number % len(papers)]
        return judge_file(reader, rules, OPERATOR, name, path, today=date(2026, 11, 5)).decision.state

    with Reader(processes) as reader, ThreadPoolExecutor(processes) as threads:
        list(threads.map(one, range(2 * processes)))  # warm
        began = time.perf_counter()
        states = set(threads.map(one, range(arrivals)))
        took = time.perf_counter() - began
    assert states == {"accept"}, states
    return took


def a_night(folder: Path) -> float:
    """Seconds from inbox to review for a ward's arrivals."""
    nurseries, months = NIGHT
    there = [replace(NURSERY, name=f"{NURSERY.name}{each:03}", code=f"{each:03}") for each in range(nurseries)]
    operators = "".join(
        f"  - {{id: n{one.code}, name: {one.name}, kind: 認可保育所, code: '{one.code}'}}\n" for one in there
    )
    config = folder / "config.yaml"
    config.write_text(
        "cloud: {kind: folder, root: ./cloud}\nintranet: {root: ./intranet, settle_seconds: 0.05}\nstate: ./state\n"
        f"rules: {packaged.rules_folder()}\npages: false\noperators:\n{operators}",
        encoding="utf-8",
    )
    syncd = [sys.executable, "-m", "syncd"]
    subprocess.run([*syncd, "init", "-c", str(config)], check=True, stdout=subprocess.DEVNULL)
    for one in there:
        for month in range(months):
            path = folder / "cloud" / one.name / "inbox" / f"{one.code}_2026{month + 1:02}_在籍児童数報告書.xlsx"
            path.write_bytes(forms.enrolment(one, (2026, month + 1)).workbook())
    time.sleep(0.1)
    began = time.perf_counter()
    subprocess.run([*syncd, "run", "--once", "-c", str(config)], check=True, stderr=subprocess.DEVNULL)
    took = time.perf_counter() - began
    moved = sum(1 for path in (folder / "intranet").glob("*/review/*.xlsx"))
    assert moved == nurseries * months, f"{moved} of {nurseries * months} came to review"
    return took


def main() -> None:
    arrivals = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    print("| what | seconds | a second |\n|---|---:|---:|")
    for processes in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            took = judged(Path(folder), arrivals, processes)
        print(f"| {arrivals} forms judged, {processes} reading | {took:.1f} | {arrivals / took:.0f} |")
    with tempfile.TemporaryDirectory() as folder:
        took = a_night(Path(folder))
    count = NIGHT[0] * NIGHT[1]
    print(f"| {count} forms of {NIGHT[0]} nurseries, inbox to review, `run --once` | {took:.1f} | {count / took:.0f} |")


if __name__ == "__main__":
    main()
