"""The form and the rule that docs/rules.md shows belong together: what it says is read is read."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from syncd.forms.check import Surroundings, evaluate
from syncd.forms.grid import Grid
from syncd.forms.locate import find
from syncd.packaged import rules_folder
from syncd.rulebook import load
from tests.forms.conftest import sheet

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"


def test_the_documented_rule_reads_the_documented_form(tmp_path: Path, around: Surroundings) -> None:
    text = PAGE.read_text(encoding="utf-8")
    drawing = re.search(r"^```text\n(補助金内訳書.*?)^```", text, re.MULTILINE | re.DOTALL)
    rule = re.search(r"^```yaml\n(document: subsidy.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert drawing and rule
    (tmp_path / "subsidy.yaml").write_text(rule[1], encoding="utf-8")
    subsidy = load(tmp_path, rules_folder()).rules["subsidy"]
    found = find(Grid((sheet(drawing[1], "内訳"),)), subsidy.facts)
    assert {name: value.state for name, value in found.items()} == dict.fromkeys(found, "found")
    assert (found["payable"].one, found["payable"].cell) == (1_240_000, "内訳!F8")
    assert found["before"].many == (10, 3, 1)
    assert [(row["kind"], row["item"], row["children"], row["amount"]) for row in found["lines"].rows] == [
        ("基本", "0歳", 12, 1_200_000), ("加算", "延長", 4, 40_000), ("加算", "障害", None, None),
    ]  # fmt: skip
    assert found["closes"].one == timedelta(hours=18, minutes=15)
    assert found["rest"].one == timedelta(minutes=45)
    assert found["first"].one == 40_000
    for check in subsidy.checks:
        assert [finding.result for finding in evaluate(check, found, around)] == ["passed"], check.id
