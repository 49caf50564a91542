"""Wrong rule files as administrators make them, each with the one answer it gets: `wrong_rules.txt`, read.

A case begins with `## ` and what is wrong. Lines that begin with `+` are written below a rule that is right; without
any the case is the whole file. `[workflow]` makes it `_workflow.yaml`, `[calendar]` `_calendar.yaml`. `=> ` is the
answer: line, column, what is wrong, what to do; `…` at its end stands for a longer list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

RIGHT: Final = """\
document: enrolment
title: 在籍児童数報告書
match:
  name: '{facility}_{period}_在籍*'
  extension: [xlsx, xls]
"""
TABLE: Final = Path(__file__).with_name("wrong_rules.txt")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One wrong file.

    Attributes:
        what: what is wrong with it, in words.
        file: its name; `text`: its content.
        answers: `line:column: message — remedy`, nearly always one.
    """

    what: str
    file: str
    text: str
    answers: tuple[str, ...]


def wrong_files() -> tuple[Wrong, ...]:
    """Every case of the table, in its order."""
    return tuple(_cases(TABLE.read_text(encoding="utf-8")))


def _cases(table: str) -> Iterator[Wrong]:
    for case in table.removeprefix("## ").split("\n## "):
        what, *lines = case.rstrip("\n").split("\n")
        answers = tuple(line.removeprefix("=> ") for line in lines if line.startswith("=> "))
        content = [line for line in lines if not line.startswith("=> ")]
        added = [line[1:] for line in content if line.startswith("+")]
        text = RIGHT + "\n".join(added) + "\n" if added else "\n".join(content) + "\n"
        kind = what.partition("] ")[0].removeprefix("[") if what.startswith("[") else ""
        file = f"_{kind}.yaml" if kind else "rule.yaml"
        yield Wrong(what, file, text, answers)
