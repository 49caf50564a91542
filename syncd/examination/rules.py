"""The rules: whether those in the folder can be in force."""

from __future__ import annotations

from collections.abc import Iterator

from syncd import packaged
from syncd.config import Config
from syncd.diagnosis import Diagnosis, fault, ok, warning
from syncd.errors import Misconfigured
from syncd.rulebook.load import load


def rules(config: Config) -> Iterator[Diagnosis]:
    """Every fault of theirs, or how many there are."""
    try:
        found = load(config.rules, packaged.rules_folder())
    except Misconfigured as faults:
        for problem in faults.problems:
            yield fault("rules", "check", f"{problem.place}: {problem.message}", problem.remedy)
        return
    if found.rules:
        yield ok("rules", "check", f"{config.rules}: {len(found.rules)} document types, no fault")
    else:
        said = f"{config.rules}: there is no rule: every file stays in inbox until a person moves it"
        yield warning("rules", "check", said, "write one YAML file for each document type")
