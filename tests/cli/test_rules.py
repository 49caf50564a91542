"""`syncd rules check`: all faults at once, and what is worth a second look."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.ward import Ward


def test_the_rules_that_come_with_syncd_have_no_fault(ward: Ward) -> None:
    result = ward.run("rules", "check")
    assert result.exit_code == 0
    assert "11 document types, no fault" in result.stdout


def test_all_faults_with_file_line_and_column(ward: Ward) -> None:
    rules = ward.folder / "rules"
    for name in ("enrolment.yaml", "invoice.yaml"):
        path = rules / name
        path.write_text(path.read_text(encoding="utf-8").replace("match:", "mtach:"), encoding="utf-8")
    result = ward.run("rules", "check")
    assert (result.exit_code, result.stdout) == (2, "")
    places = {line.split(": ")[0] for line in result.stderr.splitlines()}
    assert places == {f"{rules / 'enrolment.yaml'}:4:1", f"{rules / 'invoice.yaml'}:4:1"}
    listed = ward.json("rules", "check")["faults"]
    assert [(Path(fault["file"]).name, fault["line"], fault["column"]) for fault in listed] == [
        ("enrolment.yaml", 4, 1), ("invoice.yaml", 4, 1)
    ]  # fmt: skip
    assert all("mtach" in fault["message"] and fault["remedy"] == "did you mean 'match'?" for fault in listed)


def test_a_kind_that_nobody_is_of_draws_a_warning(ward: Ward) -> None:
    rule = ward.folder / "rules" / "enrolment.yaml"
    rule.write_text(
        rule.read_text(encoding="utf-8").replace("[認可保育所, 認定こども園]", "[小規模保育]"), encoding="utf-8"
    )
    result = ward.run("rules", "check")
    assert result.exit_code == 0
    assert "小規模保育" in result.stderr and result.stderr.startswith("warning: ")
    (listed,) = ward.json("rules", "check")["warnings"]
    assert "在籍児童数報告書: is required of 小規模保育" in listed["message"]


def test_another_folder_is_checked_before_it_is_in_force(ward: Ward) -> None:
    draft = ward.folder / "draft"
    draft.mkdir()
    (draft / "a.yaml").write_text("document: a\ntitle: 新しい書類\nmatch: {name: 'a*'}\n", encoding="utf-8")
    assert "1 document types, no fault" in ward.run("rules", "check", "--rules", str(draft)).stdout
    (draft / "a.yaml").write_text("document: a\n", encoding="utf-8")
    result = ward.run("rules", "check", "--rules", str(draft))
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 2)
    assert ward.run("rules", "check").exit_code == 0


def test_schemas_for_editors(ward: Ward) -> None:
    for words, key in (((), "document"), (("--workflow",), "messages"), (("--calendar",), "office_hours")):
        found = json.loads(ward.run("rules", "schema", *words).stdout)
        assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert key in found["properties"]
    assert "yaml-language-server: $schema=" in ward.run("rules", "schema", "--help", config=False).stdout


def test_no_rules_at_all(ward: Ward) -> None:
    for path in (ward.folder / "rules").glob("*.yaml"):
        path.unlink()
    result = ward.run("rules", "check")
    assert (result.exit_code, "there is no rule" in result.stderr) == (0, True)
    assert "comes with syncd" in result.stdout
