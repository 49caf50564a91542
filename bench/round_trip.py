"""How long syncd takes for a ward's files, beside what one would use instead to copy them one way.

    python bench/round_trip.py [OPERATORS] [FILES_EACH]

Prints seconds (median of 3) and peak memory for: the first round (every file arrives, is recognised, judged and moved
to review on both sides, with history and notices), a round with nothing to do, and a round after 100 new files. cp and
rsync only copy; they are the floor, not the same job. Needs rsync for its line; says so where it is missing.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 3
SIZE = 10_000


def ward(folder: Path, operators: int, files: int) -> None:
    (folder / "rules").mkdir(parents=True)
    (folder / "rules/enrolment.yaml").write_text(
        "document: enrolment\ntitle: 在籍児童数報告書\nmatch: {name: '{facility}_{period}_在籍*'}\nfiles: many\n"
        "required: {every: month}\ndue: {month: same, day: 5}\n",
        encoding="utf-8",
    )
    lines = "".join(f"  - {{id: op{number}, name: 保育園{number:03}}}\n" for number in range(operators))
    (folder / "config.yaml").write_text(
        "cloud: {kind: folder, root: ./cloud}\nintranet: {root: ./intranet, settle_seconds: 0}\nstate: ./state\n"
        f"rules: ./rules\noperators:\n{lines}",
        encoding="utf-8",
    )
    syncd(folder, "init")
    for number in range(operators):
        send(folder, number, range(files))


def send(folder: Path, operator: int, numbers: range) -> None:
    for number in numbers:
        path = folder / f"cloud/保育園{operator:03}/inbox/012_202610_在籍{number:05}.xlsx"
        path.write_bytes(f"{operator} {number} ".encode() + os.urandom(SIZE))


def syncd(folder: Path, *words: str) -> tuple[float, float]:
    """Seconds and peak MB of one command."""
    return timed([sys.executable, "-m", "syncd", *words, "-c", str(folder / "config.yaml")])


def timed(command: list[str]) -> tuple[float, float]:
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} ended with {status}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def main() -> None:
    operators, files = (int(word) for word in (*sys.argv[1:3], "100", "20")[:2])
    subprocess.run([sys.executable, "-c", "import syncd"], check=True)
    rows: dict[str, list[tuple[float, float]]] = {}
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            ward(folder, operators, files)
            for tool in (["cp", "-a"], ["rsync", "-a"]):
                if shutil.which(tool[0]):
                    rows.setdefault(" ".join(tool), []).append(timed([*tool, f"{name}/cloud", f"{name}/{tool[0]}"]))
            rows.setdefault("syncd, first round", []).append(syncd(folder, "run", "--once"))
            rows.setdefault("syncd, nothing to do", []).append(syncd(folder, "run", "--once"))
            for number in range(min(100, operators)):
                send(folder, number, range(files, files + max(1, 100 // operators)))
            rows.setdefault("syncd, 100 new files", []).append(syncd(folder, "run", "--once"))
    print(f"{operators} operators x {files} files of {SIZE} bytes, median of {RUNS}")
    for what, found in rows.items():
        seconds, memory = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"{what:24} {seconds:8.2f} s  {memory:6.0f} MB")
    if not shutil.which("rsync"):
        print("rsync is not installed")
    print(f"this machine: {os.cpu_count()} processors, page size {resource.getpagesize()}")


if __name__ == "__main__":
    main()
