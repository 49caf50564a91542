"""How rightly syncd reads forms as offices make them: rates by peculiarity and by kind of file.

    python -m bench.forms [--count 1500] [--seed 1] [--only WORDS] [--kind pdf,docx] [--list] [--keep DIR]

Builds a corpus with known values (tests/corpus), has it read by the confined reader and judged as `syncd rules test`
judges, and prints how many were read rightly; refused, though a value is there; told untruly (there is no value, and
another reason is given for it); and read WRONG. `--list` names each that is not right, `--keep` leaves the files there.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from syncd.reading import Reader
from tests.corpus.corpus import cases
from tests.corpus.judged import VERDICTS, Judged, judge, rule
from tests.corpus.write import write


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--count", type=int, default=1_500)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", default="", help="peculiarities with these words in their name")
    asked.add_argument("--kind", default="", help="kinds of file, with commas")
    asked.add_argument("--list", action="store_true", help="every form that is not right")
    asked.add_argument("--keep", type=Path, help="a new folder for the files and their rules")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        written = write(cases(given.seed, given.count, given.only, given.kind), folder)
        made = time.perf_counter() - began
        with Reader(workers=1) as reader:
            began = time.perf_counter()
            found = list(judge(written, folder, reader))
            read = time.perf_counter() - began
        if given.keep:
            for each in written:
                (folder / f"{each.number:05}.yaml").write_text(rule(each.form), encoding="utf-8")
    if given.list:
        for one in found:
            if one.verdict != "right":
                case, form = one.case, one.case.form
                print(f"{one.verdict:8} {case.file} {case.peculiarity} / {case.kind} / {form.place} / {form.fact}")
                print(f"         right: {one.expected}\n         got:   {one.got}")
    _table(found, "peculiarity", lambda one: one.case.peculiarity)
    _table(found, "kind of file", lambda one: one.case.kind)
    _table(found, "place", lambda one: one.case.form.place)
    _table(found, "", lambda one: "all")
    print(f"seed {given.seed}; made in {made:.0f} s, read and judged in {read:.0f} s "
          f"({read / max(len(found), 1) * 1000:.1f} ms each); load {os.getloadavg()[0]:.1f}")  # fmt: skip


def _table(found: Sequence[Judged], heading: str, by: Callable[[Judged], str]) -> None:
    print(f"{heading:50} forms  " + "  ".join(f"{verdict:>8}" for verdict in VERDICTS))
    rows: dict[str, Counter[str]] = {}
    for one in found:
        rows.setdefault(by(one), Counter())[one.verdict] += 1
    for name, counts in rows.items():
        total = counts.total()
        shares = "  ".join(
            f"{counts[verdict] / total:>8.1%}" if counts[verdict] else "       –" for verdict in VERDICTS
        )
        print(f"{name:50} {total:>5}  {shares}")
    print()


if __name__ == "__main__":
    main()
