"""`syncd rules check`: all faults at once, and what is worth a second look."""

from __future__ import annotations

from tests.cli.ward import Ward


def test_the_rules_that_come_with_syncd_have_no_fault(ward: Ward) -> None:
    result = ward.run("rules", "check")
    assert result.exit_code == 0
    assert "11 document types, no fault" in result.stdout


def test_all_faults_with_file_and_line(ward: Ward) -> None:
    rules = ward.folder / "rules"
    for name in ("enrolment.yaml", "invoice.yaml"):
        path = rules / name
        path.write_text(path.read_text(encoding="utf-8").replace("match:", "mtach:"), encoding="utf-8")
    result = ward.run("rules", "check")
    assert (result.exit_code, result.stdout) == (2, "")
    places = {line.split(": ")[0].rsplit(":", 1)[0] for line in result.stderr.splitlines()}
    assert places == {str(rules / "enrolment.yaml"), str(rules / "invoice.yaml")}


def test_a_kind_that_nobody_is_of_draws_a_warning(ward: Ward) -> None:
    rule = ward.folder / "rules" / "enrolment.yaml"
    rule.write_text(
        rule.read_text(encoding="utf-8").replace("[認可保育所, 認定こども園]", "[小規模保育]"), encoding="utf-8"
    )
    result = ward.run("rules", "check")
    assert result.exit_code == 0
    assert "小規模保育" in result.stderr and result.stderr.startswith("warning: ")


def test_no_rules_at_all(ward: Ward) -> None:
    for path in (ward.folder / "rules").glob("*.yaml"):
        path.unlink()
    result = ward.run("rules", "check")
    assert (result.exit_code, "there is no rule" in result.stderr) == (0, True)
    assert "comes with syncd" in result.stdout
