"""What administrators do in files (A1, A2, A3): followed without a restart, never at the cost of a file."""

from __future__ import annotations

import subprocess
import sys

import pytest

from syncd.config import load
from syncd.daemon import Daemon
from tests.stories.daemons import ROOT, process, settled, until, working
from tests.stories.ward import ENROLMENT, RULE, RULES, SAKURA_ENROLMENT, NewWard, Ward

SURVEY = "012_202610_職員配置調書.xlsx"
SURVEY_RULE = RULE.format(id="survey", title="職員配置調書", files="one", personal="")
STAGES = {"inbox": "1_提出", "review": "2_確認中", "corrections": "3_修正・確認依頼", "confirmed": "4_確認済"}


def told(ward: Ward, room: str) -> str:
    """All that was said in a room so far; nothing counts as read."""
    return "\n".join(text for where, text in ward.chat.posts[ward._read :] if where == room)


def status(ward: Ward, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "syncd", *words, "-c", str(ward.config_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# ── A1: rules ──


@pytest.mark.parametrize(
    ("encoding", "newline"), [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("cp932", "\r\n")], ids=["plain", "BOM", "CP932"]
)
def test_a1_a_saved_rule_is_in_force_within_seconds_whatever_notepad_wrote(
    ward: Ward, encoding: str, newline: str
) -> None:
    with process(ward):
        ward.put(ward.cloud(f"inbox/{SURVEY}"), "v1")
        until(lambda: "種類が分かりません" in told(ward, "himawari"))
        (ward.folder / "rules" / "survey.yaml").write_bytes(SURVEY_RULE.replace("\n", newline).encode(encoding))
        took = until(ward.intranet(f"review/{SURVEY}").exists)
        until(lambda: "規則を適用" in told(ward, "administrators"))
    assert took < 10
    assert ward.tree("cloud") == ward.tree("intranet") == {f"review/{SURVEY}": "v1"}
    assert ward.history()[-1]["document"] == "survey"
    ward.run()
    ward.said()
    ward.quiet()


def test_a1_a_bad_rule_leaves_those_in_force_and_says_file_line_and_remedy_once(ward: Ward) -> None:
    ward.run()
    rule = ward.folder / "rules" / "enrolment.yaml"
    good = rule.read_text(encoding="utf-8")
    with process(ward):
        rule.write_text(good.replace("title: 在籍", "titel: 在籍"), encoding="utf-8")
        until(lambda: "規則に誤り" in told(ward, "administrators"))
        said = told(ward, "administrators")
        assert "enrolment.yaml:2" in said and "titel" in said and "title" in said.replace("titel", "")
        ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
        until(ward.intranet(f"review/{ENROLMENT}").exists)  # by the rules in force
    assert told(ward, "administrators").count("規則に誤り") == 1
    assert "誤り" not in told(ward, "staff") + told(ward, "himawari")


def test_a1_a_bad_rule_leaves_those_in_force_over_a_restart_too_and_is_not_told_again(ward: Ward) -> None:
    ward.run()
    rule = ward.folder / "rules" / "enrolment.yaml"
    good = rule.read_text(encoding="utf-8")
    rule.write_text(good + "checks: [{id: sum, that: 'sum(ages', else: retrun}]\n", encoding="utf-8")
    assert ward.run() == 0
    said = ward.rooms()
    assert set(said) == {"administrators"} and "enrolment.yaml:9" in said["administrators"]
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
    assert ward.run() == 0
    assert ward.tree("intranet") == {f"review/{ENROLMENT}": "v1"}
    assert set(ward.rooms()) == {"himawari", "staff"}
    ward.quiet()
    rule.write_text(good, encoding="utf-8")
    assert ward.run() == 0
    rule.write_text(good + "surplus: 1\n", encoding="utf-8")  # another fault is other news
    assert ward.run() == 0
    assert "surplus" in ward.rooms()["administrators"]


def test_a1_rules_that_were_never_good_are_no_rules_to_start_with(ward: Ward) -> None:
    (ward.folder / "rules" / "enrolment.yaml").write_text("document: [\n", encoding="utf-8")
    refused = status(ward, "run", "--once")
    assert refused.returncode == 2
    assert "enrolment.yaml:" in refused.stderr and "Traceback" not in refused.stderr


def test_a1_a_rules_folder_that_vanishes_leaves_those_in_force(ward: Ward) -> None:
    ward.run()
    (ward.folder / "rules").rename(ward.folder / "rules-away")
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
    ward.run()
    assert ward.tree("intranet") == {f"review/{ENROLMENT}": "v1"}
    assert "rules" in ward.rooms()["administrators"]
    (ward.folder / "rules-away").rename(ward.folder / "rules")
    ward.quiet()


def test_a1_a_rule_that_goes_leaves_its_files_where_they_are(ward: Ward) -> None:
    ward.arrive()
    (ward.folder / "rules" / "enrolment.yaml").unlink()
    ward.run()
    assert ward.tree("cloud") == ward.tree("intranet") == {f"review/{ENROLMENT}": "v1"}
    ward.drag(ward.intranet(f"review/{ENROLMENT}"), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"confirmed/{ENROLMENT}": "v1"}
    ward.said()
    ward.quiet()


# ── A2: operators and stages ──


def test_a2_a_new_operator_is_followed_without_a_restart(ward: Ward) -> None:
    ward.arrive()
    with working(ward):
        ward.operators["momiji"] = ("もみじ保育園", "014")
        ward.write_config()
        until(ward.cloud("inbox", "momiji").is_dir)
        until(ward.intranet("confirmed", "momiji").is_dir)
        ward.put(ward.cloud("inbox/014_202610_在籍児童数報告書.xlsx", "momiji"), "m1")
        until(ward.intranet("review/014_202610_在籍児童数報告書.xlsx", "momiji").exists)
        until(lambda: "受領" in told(ward, "momiji"))
    assert "設定を適用" in told(ward, "administrators")
    assert ward.tree("intranet") == {f"review/{ENROLMENT}": "v1"}


def test_a2_a_new_operators_files_that_lie_on_both_sides_already_become_one(ward: Ward) -> None:
    ward.operators["momiji"] = ("もみじ保育園", "014")
    name = "confirmed/014_202609_在籍児童数報告書.xlsx"
    ward.put(ward.cloud(name, "momiji"), "m1")
    ward.put(ward.intranet(name, "momiji"), "m1")
    ward.write_config()
    assert ward.run() == 0
    assert ward.tree("cloud", "momiji") == ward.tree("intranet", "momiji") == {name: "m1"}
    assert ward.rooms() == {}
    ward.quiet()


def test_a2_a_retired_operators_files_stay_where_they_are_and_come_back_into_care(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(SAKURA_ENROLMENT, "s1", "sakura")
    retired = ward.operators.pop("sakura")
    ward.write_config()
    assert ward.run() == 0
    ward.operators["sakura"] = retired
    ward.put(ward.cloud("inbox/013_202610_運営費請求書.pdf", "sakura"), "i1")
    ward.operators.pop("sakura")
    assert ward.run() == 0  # nobody cares for that folder, and nobody touches it
    ward.operators["sakura"] = retired
    assert ward.tree("cloud", "sakura") == {
        f"review/{SAKURA_ENROLMENT}": "s1",
        "inbox/013_202610_運営費請求書.pdf": "i1",
    }
    assert ward.tree("intranet", "sakura") == {f"review/{SAKURA_ENROLMENT}": "s1"}
    ward.write_config()
    assert ward.run() == 0
    assert ward.tree("cloud", "sakura") == ward.tree("intranet", "sakura")
    assert "review/013_202610_運営費請求書.pdf" in ward.tree("intranet", "sakura")
    assert [row["outcome"] for row in ward.history("sakura")] == ["received", "moved", "received", "moved"]
    ward.said()
    ward.quiet()


@pytest.mark.parametrize("live", [False, True], ids=["over a restart", "while it runs"])
def test_a2_renamed_stages_take_their_folders_and_files_along_on_both_sides(ward: Ward, live: bool) -> None:
    ward.arrive()
    ward.arrive(SAKURA_ENROLMENT, "s1", "sakura")
    ward.drag(ward.intranet(f"review/{SAKURA_ENROLMENT}", "sakura"), ward.intranet("confirmed", "sakura"))
    ward.put(ward.intranet("review/10月/職員のメモ.txt"), "own")
    assert ward.run() == 0
    ward.said()
    ward.stages = f"stages: {{{', '.join(f'{stage}: {name}' for stage, name in STAGES.items())}}}\n"
    if live:
        with working(ward) as daemon:
            ward.write_config()
            until(ward.cloud("4_確認済", "sakura").is_dir)
            until(ward.intranet("4_確認済", "sakura").is_dir)
            until(ward.intranet("4_確認済").is_dir)
            settled(daemon)
    else:
        ward.write_config()
        assert ward.run() == 0
    for operator, files in (
        ("himawari", {f"2_確認中/{ENROLMENT}": "v1"}),
        ("sakura", {f"4_確認済/{SAKURA_ENROLMENT}": "s1"}),
    ):
        assert ward.tree("cloud", operator) == files
        own = {"2_確認中/10月/職員のメモ.txt": "own"} if operator == "himawari" else {}
        assert ward.tree("intranet", operator) == files | own
        for root in (ward.cloud("", operator), ward.intranet("", operator)):
            assert {path.name for path in root.iterdir()} == set(STAGES.values())
    assert "元に戻し" not in told(ward, "staff") + told(ward, "himawari")
    assert "withdrawn" not in {row["outcome"] for row in ward.history(None)}
    ward.drag(ward.intranet(f"2_確認中/{ENROLMENT}"), ward.intranet("4_確認済"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"4_確認済/{ENROLMENT}": "v1"}
    assert ward.moves()[-1] == ("review", "confirmed", "staff", "moved")
    ward.said()
    ward.quiet()


def test_a2_an_operators_folder_gets_another_name_in_the_config(ward: Ward) -> None:
    ward.arrive()
    ward.operators["himawari"] = ("001_新ひまわり保育園", "012")
    ward.write_config()
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"review/{ENROLMENT}": "v1"}
    assert not (ward.root("cloud") / "ひまわり保育園").exists()
    assert not (ward.root("intranet") / "ひまわり保育園").exists()
    assert ward.rooms() == {}
    ward.quiet()


def test_a2_an_administrator_renames_the_folders_by_hand_and_then_the_config(ward: Ward) -> None:
    ward.arrive()
    for side in ("cloud", "intranet"):
        (ward.root(side) / "ひまわり保育園").rename(ward.root(side) / "新ひまわり保育園")
    ward.operators["himawari"] = ("新ひまわり保育園", "012")
    ward.write_config()
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"review/{ENROLMENT}": "v1"}
    assert ward.rooms() == {}
    ward.quiet()


@pytest.mark.parametrize("live", [False, True], ids=["over a restart", "while it runs"])
def test_a2_an_operator_whose_id_changes_keeps_all_that_is_known_of_it(ward: Ward, live: bool) -> None:
    ward.arrive()
    ward.drag(ward.intranet(f"review/{ENROLMENT}"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), "8行目")
    assert ward.run() == 0
    ward.said()
    ward.operators = {"himawari-north": ward.operators["himawari"], "sakura": ward.operators["sakura"]}
    if live:
        with working(ward) as daemon:
            ward.write_config()
            until(lambda: "設定を適用" in told(ward, "administrators"))
            settled(daemon)
    else:
        ward.write_config()
        assert ward.run() == 0
    assert ward.tree("cloud", "himawari-north") == ward.tree("intranet", "himawari-north")
    assert set(ward.tree("cloud", "himawari-north")) == {f"corrections/{ENROLMENT}", "corrections/理由.txt"}
    before = len(ward.history(None))
    ward.drag(ward.cloud(f"corrections/{ENROLMENT}", "himawari-north"), ward.cloud("confirmed", "himawari-north"))
    assert ward.run() == 0
    (refused,) = ward.history(None)[before:]  # it is still known that it was returned, not offered
    assert (refused["operator"], refused["outcome"]) == ("himawari-north", "refused")
    assert "元の場所に戻しました" in told(ward, "himawari-north")
    assert ward.run() == 0
    ward.said()
    ward.quiet()


def test_a2_id_and_one_folder_may_change_together(ward: Ward) -> None:
    ward.arrive()
    text = ward.config_path.read_text(encoding="utf-8")
    text = text.replace("id: himawari, name: ひまわり保育園", "id: x, intranet_folder: 001_北, name: ひまわり保育園")
    ward.config_path.write_text(text, encoding="utf-8")
    assert ward.run() == 0
    assert (ward.root("intranet") / "001_北" / "review" / ENROLMENT).read_text() == "v1"
    assert not (ward.root("intranet") / "ひまわり保育園").exists()
    assert ward.tree("cloud") == {f"review/{ENROLMENT}": "v1"}
    ward.quiet()


def test_a2_an_operator_that_cannot_be_matched_is_held_and_nothing_is_touched(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(SAKURA_ENROLMENT, "s1", "sakura")
    text = ward.config_path.read_text(encoding="utf-8")
    first = text.index("operators:\n") + len("operators:\n")
    mixed = "  - {id: mixed, name: 混在, cloud_folder: ひまわり保育園, intranet_folder: さくら保育園}\n"
    ward.config_path.write_text(text[:first] + mixed, encoding="utf-8")
    assert ward.run() == 3
    assert ward.tree("cloud") == ward.tree("intranet") == {f"review/{ENROLMENT}": "v1"}
    assert ward.tree("cloud", "sakura") == ward.tree("intranet", "sakura") == {f"review/{SAKURA_ENROLMENT}": "s1"}
    rooms = ward.rooms()
    assert "himawari" in rooms["administrators"] and "sakura" in rooms["administrators"]
    assert "release mixed" in rooms["administrators"]
    assert ward.run() == 3
    assert ward.rooms() == {}


def test_a2_two_operators_whose_folder_names_are_swapped_are_held_and_neither_sees_the_others_files(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(SAKURA_ENROLMENT, "s1", "sakura")
    trees = {id: (ward.tree("cloud", id), ward.tree("intranet", id)) for id in ("himawari", "sakura")}
    text = ward.config_path.read_text(encoding="utf-8")
    for one, other in (("name: ひまわり", "name: X"), ("name: さくら", "name: ひまわり"), ("name: X", "name: さくら")):
        text = text.replace(one, other)
    ward.config_path.write_text(text, encoding="utf-8")
    assert ward.run() == 3
    assert trees == {id: (ward.tree("cloud", id), ward.tree("intranet", id)) for id in ("himawari", "sakura")}
    ward.write_config()
    assert ward.run() == 3
    for operator in ("himawari", "sakura"):
        assert status(ward, "release", operator).returncode == 0
    assert ward.run() == 0
    assert trees == {id: (ward.tree("cloud", id), ward.tree("intranet", id)) for id in ("himawari", "sakura")}
    ward.said()
    ward.quiet()


def test_a2_a_new_operator_under_the_old_folder_name_of_another_never_sees_its_files(ward: Ward) -> None:
    ward.arrive()
    newcomer = "  - {id: newcomer, name: ひまわり保育園, code: '014'}\n"
    text = ward.config_path.read_text(encoding="utf-8").replace("name: ひまわり保育園", "name: 旧ひまわり保育園")
    first = text.index("operators:\n") + len("operators:\n")
    ward.config_path.write_text(text[:first] + newcomer + text[first:], encoding="utf-8")
    assert ward.run() == 3
    assert "newcomer" in ward.rooms()["administrators"]
    ward.operators = {"himawari": ("旧ひまわり保育園", "012"), "newcomer": ("ひまわり保育園", "014")}
    assert ward.tree("cloud") == ward.tree("intranet") == {f"review/{ENROLMENT}": "v1"}
    assert status(ward, "release", "newcomer").returncode == 0
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"review/{ENROLMENT}": "v1"}
    assert ward.tree("cloud", "newcomer") == ward.tree("intranet", "newcomer") == {}
    assert [row for row in ward.history("newcomer") if row["outcome"] not in ("held", "released")] == []


# ── A3: the config itself ──


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        (lambda text: text.replace("settle_seconds", "setle_seconds"), 2),
        (lambda text: text + "  - {id: himawari, name: 二重}\n", 10),
        (lambda text: "operators: [\n", 2),
        (lambda text: "", 0),
    ],
    ids=["unknown key", "an id twice", "no YAML", "empty"],
)
def test_a3_a_bad_config_leaves_the_old_one_in_force_and_says_so(ward: Ward, spoil: object, line: int) -> None:
    good = ward.config_path.read_text(encoding="utf-8")
    with process(ward):
        ward.config_path.write_text(spoil(good), encoding="utf-8")  # type: ignore[operator]
        until(lambda: "設定に誤り" in told(ward, "administrators"))
        said = told(ward, "administrators")
        assert f"config.yaml:{line}" in said or (not line and "config.yaml" in said)
        ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
        until(ward.intranet(f"review/{ENROLMENT}").exists)
        ward.config_path.write_text(good + "# mended\n", encoding="utf-8")
        until(lambda: "設定を適用" in told(ward, "administrators"))
    assert told(ward, "administrators").count("設定に誤り") == 1
    assert "設定" not in told(ward, "staff") + told(ward, "himawari")


def test_a3_what_is_saved_while_the_daemon_starts_does_not_go_unnoticed(ward: Ward) -> None:
    daemon = Daemon(ward.config_path, load(ward.config_path))
    ward.config_path.write_text("", encoding="utf-8")
    rule = ward.folder / "rules" / "enrolment.yaml"
    rule.write_text(rule.read_text(encoding="utf-8") + "# reviewed\n", encoding="utf-8")
    with working(ward, daemon):
        until(lambda: "設定に誤り" in told(ward, "administrators"))
        until(lambda: "規則を適用" in told(ward, "administrators"))


@pytest.mark.parametrize("words", [["run"], ["run", "--once"], ["status"]], ids=" ".join)
def test_a3_at_the_start_a_bad_config_is_exit_status_2_with_file_and_line(ward: Ward, words: list[str]) -> None:
    text = ward.config_path.read_text(encoding="utf-8")
    text = text.replace("rescan_seconds: 2", "rescan_seconds: often, surplus: 1")
    ward.config_path.write_text(text, encoding="utf-8")
    refused = status(ward, *words)
    assert refused.returncode == 2
    lines = refused.stderr.strip().splitlines()
    assert len(lines) == 2 and all("config.yaml:2" in line for line in lines), "all faults at once"


def test_a3_what_cannot_change_while_it_runs_is_refused_with_the_remedy(ward: Ward) -> None:
    with process(ward):
        text = ward.config_path.read_text(encoding="utf-8")
        other = text.replace("root: ./cloud", "root: ./elsewhere").replace("kind: box, root: '", "kind: box, root: '1")
        ward.config_path.write_text(other, encoding="utf-8")
        until(lambda: "設定に誤り" in told(ward, "administrators"))
        assert "cloud" in told(ward, "administrators") and "restart" in told(ward, "administrators")
    assert not (ward.folder / "elsewhere").exists()


def test_a3_a_config_that_vanishes_for_a_moment_while_an_editor_saves_is_no_fault(ward: Ward) -> None:
    with process(ward):
        text = ward.config_path.read_text(encoding="utf-8")
        ward.config_path.unlink()
        until(lambda: True)
        ward.config_path.write_text(text.replace("batch_seconds: 0.1", "batch_seconds: 0.2"), encoding="utf-8")
        until(lambda: "設定を適用" in told(ward, "administrators"))
    assert "設定に誤り" not in told(ward, "administrators")


def test_a3_settings_that_may_change_are_in_force_at_once(new_ward: NewWard) -> None:
    ward = new_ward(rules=RULES)
    with working(ward) as daemon:
        ward.settings = "language: en\n"
        text = ward.config_path.read_text(encoding="utf-8").replace("settle_seconds: 0.05", "settle_seconds: 0.2")
        ward.config_path.write_text(text.replace("operators:", "language: en\noperators:"), encoding="utf-8")
        until(lambda: "[Configuration in force]" in told(ward, "administrators"))
        ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
        until(lambda: "[Received]" in told(ward, "himawari"))
        assert daemon.world is not None and daemon.world.config.intranet.settle_seconds == 0.2
