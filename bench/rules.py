"""How long a rules folder takes to load, and to match a name.

    python bench/rules.py [FILES]

About FILES (200 by default) copies of the rules that come with syncd, with their facts, checks and examples, under ids
and titles of their own. The first load reads the package's `_workflow.yaml` as well, later ones, as at every saved
edit, don't. Prints Markdown: time on the clock, and of the processor alone.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from syncd import packaged
from syncd.model import Operator
from syncd.rulebook import Rulebook, load
from syncd.rulebook.doubts import doubts

OPERATOR = Operator("himawari", "ひまわり保育園", "認可保育所", "012", "001", "001")
TODAY = date(2026, 11, 5)


def write(folder: Path, files: int) -> None:
    """Rules that differ in id, title and pattern; those that compare documents compare those of their own number."""
    shipped = {
        path.stem: path.read_text(encoding="utf-8") for path in sorted(packaged.rules_folder().glob("[a-z]*.yaml"))
    }
    for number in range(-(-files // len(shipped)) * len(shipped)):
        stem, text = list(shipped.items())[number % len(shipped)]
        own = f"_{number // len(shipped)}"
        for other in shipped:
            text = text.replace(f"{other}.", f"{other}{own}.").replace(
                f"{{{other}: samples", f"{{{other}{own}: samples"
            )
        text = text.replace(f"document: {stem}", f"document: {stem}{own}").replace("\ntitle: ", f"\ntitle: {number}号")
        text = text.replace("name: '{facility}_{period}_", f"name: '{{facility}}_{{period}}_{number}号_")
        (folder / f"{stem}{own}.yaml").write_text(text, encoding="utf-8")


def milliseconds(work: Callable[[], object], times: int) -> str:
    """The medians, on the clock and of the processor, as columns of the table."""
    taken, used = [], []
    for _ in range(times):
        began, begun = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - began) * 1000)
        used.append((time.process_time() - begun) * 1000)
    return f"{statistics.median(taken):.1f} | {statistics.median(used):.1f}"


def main() -> None:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write(folder, files)
        found: list[Rulebook] = []
        first = milliseconds(lambda: found.append(load(folder, packaged.rules_folder())), 1)
        again = milliseconds(lambda: load(folder, packaged.rules_folder()), 5)
        book = found[0]
        facts = sum(len(rule.facts) for rule in book.rules.values())
        checks = sum(len(rule.checks) for rule in book.rules.values())
        match = milliseconds(lambda: book.match("012_202610_7号_在籍児童数報告書.xlsx", OPERATOR, TODAY), 50)
        looked = milliseconds(lambda: doubts(book, [OPERATOR], TODAY), 1)
    print(f"| {len(book.rules)} rules, {facts} facts, {checks} checks | ms | processor ms |\n|---|---:|---:|")
    print(f"| first load | {first} |\n| load after an edit | {again} |")
    print(f"| match a name | {match} |\n| `rules check`: doubts | {looked} |")


if __name__ == "__main__":
    main()
