"""`syncd why`: everything that can be said about one file, also about those that syncd leaves alone."""

from __future__ import annotations

import shutil
import time

from syncd.rulebook.load import version_of
from tests.cli.ward import ENROLMENT, REPOSITORY, Ward


def test_a_file_in_review(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    text = ward.run("why", str(ward.path("intranet", "review", ENROLMENT))).stdout
    assert "在籍児童数報告書 (enrolment), 2026-10" in text
    assert "enrolment.yaml:5: 在籍児童数報告書 (enrolment): fits, period 2026-10" in text
    assert "invoice.yaml:5: 運営費請求書 (invoice): the name doesn't fit" in text
    assert "empty: passed" in text
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert any(line.startswith("staff review → confirmed open _workflow.yaml:") for line in lines)
    assert "operator review → confirmed refused the workflow has no line that allows this move" in lines
    assert any("– → inbox received" in line for line in lines)
    assert any("inbox → review moved" in line for line in lines)


def test_either_tree_and_any_way_to_write_the_path(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    cloud = ward.path("cloud", "review", ENROLMENT)
    expected = ward.run("why", str(cloud)).stdout
    below = cloud.relative_to(ward.folder)
    for path in (
        str(below),
        f"./{below}",
        f"ひまわり保育園/review/{ENROLMENT}",
        f"cloud/ひまわり保育園/inbox/{ENROLMENT}",
    ):
        assert ward.run("why", path).stdout == expected, path


def test_a_workflow_line_of_the_ward_opens_a_move(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    rule = ward.folder / "rules" / "enrolment.yaml"
    rule.write_text(
        rule.read_text(encoding="utf-8") + "moves:\n  - {from: review, to: confirmed, by: operator}\n", encoding="utf-8"
    )
    lines = [
        " ".join(line.split()) for line in ward.run("why", f"ひまわり保育園/review/{ENROLMENT}").stdout.splitlines()
    ]
    assert any(line.startswith("operator review → confirmed open enrolment.yaml:") for line in lines)


def test_an_edited_file_must_not_be_confirmed(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    ward.drop(ENROLMENT, "edited", side="intranet", stage="review")
    text = ward.run("why", f"intranet/ひまわり保育園/review/{ENROLMENT}").stdout
    assert "with other content; the next round follows" in text
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert any(line.startswith("staff review → confirmed refused the ward changed") for line in lines)


def test_unknown_type_and_how_to_name_it(ward: Ward) -> None:
    ward.drop("報告.xlsx")
    ward.work()
    text = ward.run("why", "cloud/ひまわり保育園/inbox/報告.xlsx").stdout
    assert "no rule fits; a right name would be 012_" in text
    assert "of unknown type" in text


def test_not_seen_yet_says_what_comes_next(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    text = ward.run("why", f"cloud/ひまわり保育園/inbox/{ENROLMENT}").stdout
    assert "syncd does not track it" in text
    assert "Next round: O1:" in text


def test_files_that_are_left_alone(ward: Ward) -> None:
    for side, stage, name, reason in (
        ("cloud", "inbox", "~$報告.xlsx", "open in Office"),
        ("intranet", "review", "Thumbs.db", "A program made it"),
        ("intranet", "review", "職員メモ.docx", "staff's own"),
        ("intranet", "corrections", "新しい Microsoft Excel ワークシート.xlsx", "renamed"),
    ):
        path = ward.drop(name, "own", side=side, stage=stage)
        result = ward.run("why", str(path))
        assert result.exit_code == 0, result.output
        assert reason in result.stdout, result.stdout


def test_held_and_paused_are_said(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    ward.run("pause")
    assert "paused, nothing is touched" in ward.run("why", f"ひまわり保育園/review/{ENROLMENT}").stdout


def test_a_file_that_is_gone_still_has_its_story(ward: Ward) -> None:
    path = ward.drop("報告.xlsx")
    ward.work()
    path.unlink()
    ward.work()
    text = ward.run("why", str(path)).stdout
    assert "It is not there any more" in text
    assert "withdrawn" in text


def test_what_never_was_is_one_line(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    for path, said in (
        ("cloud/ひまわり保育園/review/012_202610_在籍児童数報告所.xlsx", f"did you mean {ENROLMENT}?"),
        ("/etc/passwd", "no operator's folder"),
        ("cloud/ひまわり保育園", "no operator's folder"),
    ):
        result = ward.run("why", path)
        assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
        assert said in result.stderr


def test_a_returned_file_with_what_each_check_saw_and_the_rule_that_judged_it(ward: Ward) -> None:
    rule = ward.folder / "rules" / "enrolment.yaml"
    shutil.copy(REPOSITORY / "rules" / rule.name, rule)
    text = rule.read_bytes()
    shutil.copyfile(REPOSITORY / "rules/samples/enrolment-sum.xlsx", ward.path("cloud", "inbox", ENROLMENT))
    time.sleep(0.06)
    now = ward.run("why", str(ward.path("cloud", "inbox", ENROLMENT))).stdout
    assert "Checks, as they come out now" in now and "  so: corrections by enrolment.yaml:" in now
    ward.work()
    path = str(ward.path("cloud", "corrections", ENROLMENT))
    said = ward.run("why", path).stdout
    version = version_of(text)
    assert f"by enrolment.yaml:5@{version}\n" in said and "Checks, as it was judged on " in said
    assert "  sum: return — 年齢別の計63人と合計62人が一致しません" in said
    assert "    saw by_age.children = " in said and "total = 62, sum() = 63" in said
    assert "    stands 在籍児童数報告書!B10:B15 = " in said and ", 在籍児童数報告書!B16 = 62\n" in said
    assert "  facility_code: passed" in said
    rule.write_bytes(text + b"# another thought\n")
    said = ward.run("why", path).stdout
    kept = ward.folder / "state" / "rules-past" / f"{version}-enrolment.yaml"
    assert f"@{version}; that rule has changed since, it is kept in {kept}" in said
    assert kept.read_bytes() == text
