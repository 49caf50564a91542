"""config.yaml: what may be left out, every fault at once with its line, secrets never shown."""

from __future__ import annotations

import codecs
import re
from datetime import time
from pathlib import Path

import pytest

from syncd.config import Config, QuietHours, examine, find_config, load
from syncd.errors import Misconfigured
from syncd.model import Side, Stage
from tests.config.written import LEAST, SECRET, credentials, faults, warned, write

REPOSITORY = Path(__file__).resolve().parents[2]


def test_only_five_things_have_to_be_given(tmp_path: Path) -> None:
    config = load(write(tmp_path, LEAST), {})
    assert config.cloud.root == tmp_path / "cloud"
    assert config.intranet.root == tmp_path / "intranet"
    assert (config.state, config.rules) == (tmp_path / "state", tmp_path / "rules")
    assert (config.intranet.watch, config.intranet.rescan_seconds, config.intranet.settle_seconds) == ("auto", 300, 2)
    assert (config.language, config.timezone, config.zone.key) == ("ja", "Asia/Tokyo", "Asia/Tokyo")
    assert dict(config.stages) == {stage: stage.value for stage in Stage}
    assert (config.chat.batch_seconds, config.chat.note_wait_seconds, config.chat.quiet_hours) == (20, 600, None)
    assert (config.chat.note_text, config.chat.file_names, config.confirmed_subfolder) == (False, False, "")
    retention = config.retention
    assert (retention.versions_days, retention.quarantine_days, retention.history_years) == (400, 90, 7)
    (operator,) = config.operators
    assert (operator.kind, operator.code, operator.chat, operator.staff_chat) == ("", None, (), ())
    assert operator.intranet_folder == operator.cloud_folder == "ひまわり保育園"
    assert config.warnings == ()


def test_a_missing_group_is_one_fault_and_everything_missing_is_said_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, "language: ja\n")
    said = [each for line in found.values() for each in line]
    for key in ("cloud", "intranet", "state", "rules", "operators"):
        assert any(each.startswith(f"{key} is missing") for each in said)
    assert len(said) == 5
    assert sum(map(len, faults(tmp_path, "").values())) == 5


def test_the_example_runs_as_it_stands_and_names_every_key() -> None:
    example = REPOSITORY / "config.example.yaml"
    config = load(example, {})
    assert config.warnings == ()
    assert config.chat.staff == (f"spool://{REPOSITORY}/chat/staff",)
    assert config.stages[Stage.CORRECTIONS] == "3_修正・確認依頼"
    text = example.read_text(encoding="utf-8")
    schema = """cloud kind root auth client_id client_secret enterprise_id user_id jwt_config base_urls base upload
        oauth2 proxy ca_file client_certificate long_poll poll_seconds true_up monthly_calls hosts intranet watch
        rescan_seconds settle_seconds state rules language timezone stages inbox review corrections confirmed
        confirmed_subfolder chat batch_seconds note_wait_seconds quiet_hours from to closed_days staff administrators
        note_text file_names retention versions_days quarantine_days history_years confirmed_rehash_days operators
        id name code intranet_folder cloud_folder staff_chat corporation cloud_people scanner socket
        timeout_seconds most_bytes"""
    for key in schema.split():
        assert re.search(rf"(?<![\w-]){key}:", text), key


def test_left_out_or_written_out_the_defaults_are_the_same(tmp_path: Path) -> None:
    example = load(REPOSITORY / "config.example.yaml", {})
    least = load(write(tmp_path, LEAST), {})
    for name in ("language", "timezone", "confirmed_subfolder", "retention"):
        assert getattr(example, name) == getattr(least, name)
    assert example.intranet.rescan_seconds == least.intranet.rescan_seconds
    assert example.chat.quiet_hours == least.chat.quiet_hours


def test_every_fault_is_said_at_once_with_its_line_and_a_suggestion(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        """\
cloud: {kind: folder, root: ./cloud}
intranet:
  root: ./intranet
  watch: pol
  setle_seconds: 2
state: 12
rules: ./rules
language: jp
timezone: Asia/Tokio
stages: {inbox: a, review: A, corrections: 'CON', confirmed: 'x?'}
chat:
  batch_seconds: -1
  note_text: yes
  quiet_hours: {from: "25:00", to: "08:00"}
  staff: [nonsense]
retention: {versions_days: lots}
operators:
  - id: himawari
    name: ひまわり保育園
    code: 12
  - id: HIMAWARI
    name: さくら保育園
  - id: staff
    name: ../外
colour: red
""",
    )
    assert "did you mean 'poll'?" in found[4][0]
    assert "did you mean 'settle_seconds'?" in found[5][0]
    assert "state must be text" in found[6][0]
    assert "'jp'" in found[8][0]
    assert "did you mean 'Asia/Tokyo'?" in found[9][0]
    assert len(found[10]) == 3
    assert "chat.batch_seconds can't be -1" in found[12][0]
    assert "true or false" in found[13][0]
    assert "no time of day" in found[14][0]
    assert "no chat URL" in found[15][0]
    assert "a number" in found[16][0]
    assert "put it in quotes" in found[20][0]
    assert "line 18" in found[21][0]
    assert "chat room" in found[23][0]
    assert ".." in found[24][0] and "intranet_folder" in found[24][0]
    assert "unknown key 'colour'" in found[25][0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_what_notepad_saves_can_be_read(tmp_path: Path, encoding: str) -> None:
    text = LEAST.replace("\n", "\r\n")
    assert load(write(tmp_path, text.encode(encoding)), {}).operators[0].name == "ひまわり保育園"
    assert write(tmp_path, text.encode("utf-8-sig")).read_bytes().startswith(codecs.BOM_UTF8)


def test_facilities_of_one_corporation(tmp_path: Path) -> None:
    assert load(write(tmp_path, LEAST), {}).operators[0].corporation == ""
    for written, read in (("社会福祉法人ひまわり会", "社会福祉法人ひまわり会"), ("12", "12")):
        text = LEAST.replace("保育園}", f"保育園, corporation: {written}}}")
        assert load(write(tmp_path, text), {}).operators[0].corporation == read


def test_a_code_stays_as_it_is_written(tmp_path: Path) -> None:
    for written in ('"012"', "012", "'012'"):
        text = LEAST.replace("保育園}", f"保育園, code: {written}}}")
        assert load(write(tmp_path, text), {}).operators[0].code == "012"
    assert "quotes" in faults(tmp_path, LEAST.replace("himawari", "123"))[6][0]
    assert "quotes" in faults(tmp_path, LEAST.replace("ひまわり保育園", "2026"))[6][0]


def test_seconds_may_be_fractions_and_paths_absolute(tmp_path: Path) -> None:
    text = LEAST.replace("./intranet}", f"{tmp_path}/elsewhere, settle_seconds: 0.25, rescan_seconds: 1}}")
    config = load(write(tmp_path, text), {})
    assert config.intranet.settle_seconds == 0.25
    assert config.intranet.root == tmp_path / "elsewhere"


def test_relative_paths_begin_at_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    write(folder, LEAST.replace("./state", "../var/state") + 'chat: {staff: ["spool://../部屋/a%20b?x=1"]}\n')
    monkeypatch.chdir(tmp_path)
    config = load(Path("etc/config.yaml"), {})
    assert config.state == tmp_path / "var/state"
    assert config.file == folder / "config.yaml"
    assert config.chat.staff == (f"spool://{tmp_path}/%E9%83%A8%E5%B1%8B/a%20b?x=1",)


def test_stages_of_an_operator(tmp_path: Path) -> None:
    text = LEAST + "stages: {inbox: 1_提出}\n"
    config = load(write(tmp_path, text.replace("保育園}", "保育園, cloud_folder: 第1係/012}")), {})
    layout = config.layout(config.operators[0], Side.CLOUD)
    assert (layout.operator, layout.folder) == ("himawari", "第1係/012")
    assert layout.stages[Stage.INBOX] == "1_提出" and layout.stages[Stage.REVIEW] == "review"
    assert config.operator("himawari") is config.operators[0]
    assert config.operator("sakura") is None


# --- folders ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A園", "A園"),
        ("A園", "ａ園".replace("ａ", "a")),
        ("が園", "か\u3099園"),
        ("A園", "A園/内"),
        ("A園/内", "a園"),
        ("x/y", "x/Y/z"),
    ],
)
@pytest.mark.parametrize("side", ["cloud", "intranet"])
def test_operators_never_share_a_folder(tmp_path: Path, one: str, other: str, side: str) -> None:
    text = LEAST.replace("  - {id: himawari, name: ひまわり保育園}\n", "")
    text += f"  - {{id: a, name: 甲, {side}_folder: {one}}}\n  - {{id: b, name: 乙, {side}_folder: {other}}}\n"
    assert f"{side}_folder of b" in faults(tmp_path, text)[7][0]


def test_folders_side_by_side_are_fine(tmp_path: Path) -> None:
    text = LEAST.replace("保育園}", "保育園, cloud_folder: x/a}") + "  - {id: b, name: 乙, cloud_folder: x/ab}\n"
    assert len(load(write(tmp_path, text), {}).operators) == 2


@pytest.mark.parametrize(
    "name",
    [
        ".syncd",
        ".隠し",
        "a:b",
        "CON",
        "nul.txt",
        "末尾.",
        "末尾 ",
        "/abs",
        "a/../b",
        "a//b",
        "a/",
        "a\\b",
        "~$a",
        "進捗状況.html",
        "提出状況.pdf",
        "Thumbs.db",
        "園（旧版 1）",
    ],
)
def test_folders_that_a_side_cannot_hold_are_refused(tmp_path: Path, name: str) -> None:
    assert faults(tmp_path, LEAST.replace("保育園}", f"保育園, intranet_folder: '{name}'}}"))[6]


@pytest.mark.parametrize("name", ["a/b", ".syncd", "提出状況.pdf", "x*", "再（再提出 1）"])
def test_stage_names_that_a_side_cannot_hold_are_refused(tmp_path: Path, name: str) -> None:
    assert "stages.review" in faults(tmp_path, LEAST + f"stages: {{review: '{name}'}}\n")[7][0]


def test_a_stage_may_not_have_the_default_name_of_another(tmp_path: Path) -> None:
    assert "same name" in faults(tmp_path, LEAST + "stages: {inbox: Review}\n")[7][0]


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("./state", "./cloud/state", 3, "state lies inside cloud.root"),
        ("./state", "./intranet", 3, "state is the same folder as intranet.root"),
        ("./state", ".", 3, "state lies around"),
        ("./intranet", "./cloud/intranet", 2, "intranet.root lies inside cloud.root"),
        ("./intranet", "./cloud", 2, "intranet.root is the same folder as cloud.root"),
        ("./rules", "./cloud/rules", 4, "rules lies inside cloud.root"),
        ("./state", "./link/state", 3, "state lies inside cloud.root"),
    ],
)
def test_what_has_to_be_apart_is_apart(tmp_path: Path, before: str, after: str, line: int, said: str) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "cloud")
    assert said in faults(tmp_path, LEAST.replace(before, after))[line][0]


@pytest.mark.parametrize("template", ["{fiscal_year}/{period}", "済/{period}", "済", ""])
def test_confirmed_subfolders(tmp_path: Path, template: str) -> None:
    assert load(write(tmp_path, LEAST + f"confirmed_subfolder: '{template}'\n"), {}).confirmed_subfolder == template


@pytest.mark.parametrize("template", ["{year}", "{period", "../x", "/x", "a//b", "a:b"])
def test_confirmed_subfolders_that_cannot_be(tmp_path: Path, template: str) -> None:
    assert "confirmed_subfolder" in faults(tmp_path, LEAST + f"confirmed_subfolder: '{template}'\n")[7][0]


# --- chat ------------------------------------------------------------------------------------------------------------


def test_quiet_hours(tmp_path: Path) -> None:
    def read(hours: str) -> QuietHours | None:
        return load(write(tmp_path, LEAST + f"chat: {{quiet_hours: {hours}}}\n"), {}).chat.quiet_hours

    assert read("{}") is None
    assert read('{from: "19:00", to: 8:30, closed_days: true}') == QuietHours(time(19), time(8, 30), True)
    assert read("{closed_days: true}") == QuietHours(None, None, True)
    assert "both" in faults(tmp_path, LEAST + 'chat: {quiet_hours: {from: "19:00"}}\n')[7][0]
    assert "same time" in faults(tmp_path, LEAST + 'chat: {quiet_hours: {from: "9:00", to: "09:00"}}\n')[7][0]


# --- references and secrets ------------------------------------------------------------------------------------------


def test_references_are_replaced_several_in_one_text(tmp_path: Path) -> None:
    environment = credentials(tmp_path, token=f"{SECRET}\n", whole="json://127.0.0.1:1/x") | {
        "ROOM": "staff",
        "S": "st",
    }
    text = LEAST.replace("./state", "./${S}ate") + (
        'chat: {staff: ["slack://${credential:token}/${ROOM}/${credential:token}", "${credential:whole}"]}\n'
    )
    config = load(write(tmp_path, text), environment)
    assert config.chat.staff == (f"slack://{SECRET}/staff/{SECRET}", "json://127.0.0.1:1/x")
    assert config.state == tmp_path / "state"
    assert config.warnings == ()


def test_missing_references_are_all_reported(tmp_path: Path) -> None:
    text = LEAST + 'chat:\n  staff: ["json://${A}/${B}"]\n  administrators: ["x://${credential:no}${bad name}"]\n'
    found = faults(tmp_path, text, credentials(tmp_path))
    assert "A is not set" in found[8][0] and "B is not set" in found[8][1]
    assert "'no'" in found[9][0] and "LoadCredential=no:" in found[9][0] and "no reference" in found[9][1]
    assert "$CREDENTIALS_DIRECTORY is not set" in faults(tmp_path, text, {"A": "", "B": ""})[9][0]


def test_credentials_handed_on_as_a_whole_folder_are_found(tmp_path: Path) -> None:
    environment = credentials(tmp_path, syncd_room="json://127.0.0.1:1/x")
    config = load(write(tmp_path, LEAST + 'chat: {staff: ["${credential:room}"]}\n'), environment)
    assert config.chat.staff == ("json://127.0.0.1:1/x",)


def test_a_credential_never_leads_out_of_its_folder(tmp_path: Path) -> None:
    environment = credentials(tmp_path)
    (tmp_path / "outside").write_text(SECRET)
    for name in ("../outside", "..", ".", ""):
        assert 7 in faults(tmp_path, LEAST + f'chat: {{staff: ["json://${{credential:{name}}}"]}}\n', environment)


def test_an_empty_credential_is_a_fault(tmp_path: Path) -> None:
    environment = credentials(tmp_path, empty="\n")
    assert "empty" in faults(tmp_path, LEAST + 'chat: {staff: ["${credential:empty}"]}\n', environment)[7][0]


def test_a_credential_that_everybody_may_read_draws_a_warning(tmp_path: Path) -> None:
    environment = credentials(tmp_path, room="json://127.0.0.1/x")
    (tmp_path / "credentials/room").chmod(0o644)
    text = LEAST + 'chat: {staff: ["${credential:room}"]}\n'
    assert "chmod 600" in warned(tmp_path, text, environment)[0]


@pytest.mark.parametrize(
    "url",
    [
        f"json://user:{SECRET}@127.0.0.1:8080/staff",
        f"json://127.0.0.1:8080/staff?token={SECRET}",
        f"json://127.0.0.1/?+X-Api-Key={SECRET}",
        f"slack://{SECRET}/B/C",
        f"mailto://user:{SECRET}@example.jp",
        f"mmost://chat.example.jp/{SECRET}",
        f"https://hooks.slack.com/services/{SECRET}",
    ],
)
def test_a_secret_in_the_file_draws_a_warning_that_does_not_show_it(tmp_path: Path, url: str) -> None:
    (warning,) = warned(tmp_path, LEAST + f'chat:\n  staff: ["{url}"]\n')
    assert ":8:12: chat.staff has a secret" in warning and "${credential:NAME}" in warning
    assert SECRET not in warning


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.1:8080/staff",
        "spool:///var/spool/x",
        "logochat://127.0.0.1:9/room",
        "slack://${T}/B/C",
        "mailto://user:${T}@example.jp",
        "json://127.0.0.1/?token=${T}",
        "${T}",
    ],
)
def test_what_is_no_secret_draws_none(tmp_path: Path, url: str) -> None:
    assert warned(tmp_path, LEAST + f'chat: {{staff: ["{url}"]}}\n', {"T": "json://x"}) == []


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    environment = credentials(tmp_path, room=f"slack://{SECRET}/B/C") | {"WORD": SECRET}
    chat = 'chat: {staff: ["${credential:room}"], administrators: ["json://u:${WORD}@127.0.0.1"]}\n'
    text = LEAST.replace("保育園}", '保育園, chat: ["${credential:room}"], staff_chat: ["x://${WORD}"]}') + chat
    config = load(write(tmp_path, text), environment)
    assert SECRET in config.chat.staff[0] and SECRET in config.operators[0].chat[0]
    assert SECRET not in repr(config) + str(config.operators) + str(config.warnings)

    wrong = """\
cloud: {kind: "${WORD}", root: "${WORD}", x: "${WORD}"}
intranet: {root: "~${WORD}/\\\\", watch: "${WORD}", settle_seconds: "${WORD}"}
state: ["${WORD}"]
rules: "${WORD}"
timezone: "${WORD}"
language: "${WORD}"
confirmed_subfolder: "{${WORD}"
stages: {inbox: "${WORD}:", review: "${WORD}:", corrections: "${WORD}/"}
chat: {staff: ["${WORD}"], note_text: "${WORD}", quiet_hours: {from: "${WORD}", to: "${WORD}"}}
operators:
  - {id: "${WORD}!", name: "${WORD}", cloud_folder: "../${WORD}", chat: ["${WORD}"]}
  - {id: "${WORD}!", name: "${WORD}"}
  - {id: "${WORD}", name: "${WORD}"}
"""
    reading = examine(write(tmp_path, wrong), environment)
    assert len(reading.problems) > 15
    assert SECRET.casefold() not in (str(reading.problems) + str(reading.warnings)).casefold()


def test_operators_that_share_a_room_or_code_draw_a_warning(tmp_path: Path) -> None:
    text = LEAST.replace("保育園}", '保育園, code: "012", chat: ["spool://./a"]}')
    text += '  - {id: b, name: 乙, code: "012", chat: ["spool://./a"]}\n'
    assert [warning.split(": ", 1)[1] for warning in warned(tmp_path, text)] == [
        "b has the same code as himawari — is that meant?",
        "b has the same chat as himawari — is that meant?",
    ]


# --- finding it ------------------------------------------------------------------------------------------------------


def test_the_file_is_looked_for_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, named, other = tmp_path / "config.yaml", tmp_path / "named.yaml", tmp_path / "other.yaml"
    monkeypatch.chdir(tmp_path)
    for path in (here, named, other):
        path.write_text(LEAST)
    assert find_config("named.yaml", {"SYNCD_CONFIG": str(other)}) == named
    assert find_config(None, {"SYNCD_CONFIG": "other.yaml"}) == other
    assert find_config(None, {}) == here
    here.unlink()
    with pytest.raises(Misconfigured, match=r"\$SYNCD_CONFIG, \./config\.yaml, /etc/syncd/config\.yaml"):
        find_config(None, {})
    with pytest.raises(Misconfigured, match=r"\(-c names it\)"):
        find_config("gone.yaml", {"SYNCD_CONFIG": str(other)})
    with pytest.raises(Misconfigured, match=r"\(\$SYNCD_CONFIG names it\)"):
        find_config(None, {"SYNCD_CONFIG": "gone.yaml"})


def test_a_changed_file_gives_a_different_config(tmp_path: Path) -> None:
    one = load(write(tmp_path, LEAST), {})
    again: Config = load(write(tmp_path, LEAST + "# a comment\n"), {})
    other = load(write(tmp_path, LEAST + "language: en\n"), {})
    assert one == again
    assert one != other
