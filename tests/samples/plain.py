"""Rules that know their documents by name only: the shipped ones without what looks into a form.

For tests whose papers have nothing in them but a word.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from syncd.packaged import rules_folder

_INTO_FORMS = re.compile(r"^(?:facts|checks|examples):.*\n(?:(?:[ \t#].*)?\n)*", re.MULTILINE)


def plain_rules(folder: Path) -> None:
    """Makes that folder: the shipped rules without facts, checks and examples."""
    folder.mkdir(parents=True)
    for path in rules_folder().glob("*.yaml"):
        if path.name.startswith("_"):
            shutil.copy(path, folder)
        else:
            (folder / path.name).write_text(_INTO_FORMS.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
