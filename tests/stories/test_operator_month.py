"""A month as it goes: two nurseries, blank forms, nothing to report, broken uploads, and what the ward files."""

from __future__ import annotations

import pytest

from tests.stories.box_ward import remove_all
from tests.stories.operator_steps import CONFIRMED, CORRECTIONS, INBOX, REVIEW, confirm, give_back, offer, round_off
from tests.stories.ward import ENROLMENT, INVOICE, RULES, SAKURA_ENROLMENT, NewWard, Ward

SUBFOLDER = "confirmed_subfolder: '{fiscal_year}/{period}'\n"
BLANK = "在籍児童数報告書 様式\n合計:\n"
NIL = "該当なし_証憑.txt"


def with_form(new_ward: NewWard) -> Ward:
    """A ward whose rules know the blank form."""
    ward = new_ward()
    ward.put(ward.folder / "rules" / "forms" / "様式.xlsx", BLANK)
    return ward


def test_two_nurseries_send_their_month(ward: Ward) -> None:
    for operator, code in (("himawari", "012"), ("sakura", "013")):
        ward.put(ward.cloud(f"inbox/{code}_202610_在籍児童数報告書.xlsx", operator), f"children of {operator}")
        ward.put(ward.cloud(f"inbox/{code}_202610_運営費請求書.pdf", operator), f"invoice of {operator}")
        for number in (1, 2):
            ward.put(ward.cloud(f"inbox/{code}_202610_証憑{number}.jpg", operator), f"evidence {number} of {operator}")
    assert ward.run() == 0
    for operator, code in (("himawari", "012"), ("sakura", "013")):
        expected = {
            f"review/{code}_202610_在籍児童数報告書.xlsx": f"children of {operator}",
            f"review/{code}_202610_運営費請求書.pdf": f"invoice of {operator}",
            f"review/{code}_202610_証憑1.jpg": f"evidence 1 of {operator}",
            f"review/{code}_202610_証憑2.jpg": f"evidence 2 of {operator}",
        }
        assert ward.tree("cloud", operator) == ward.tree("intranet", operator) == expected
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari", "sakura", "staff"}
    assert "さくら" not in rooms["himawari"] and "ひまわり" not in rooms["sakura"]
    assert "さくら" in rooms["staff"] and "ひまわり" in rooms["staff"]
    ward.quiet()

    for operator in ("himawari", "sakura"):
        for path in sorted(ward.intranet("review", operator).iterdir()):
            ward.drag(path, ward.intranet("confirmed", operator))
    assert ward.run() == 0
    for operator in ("himawari", "sakura"):
        assert ward.tree("cloud", operator) == ward.tree("intranet", operator)
        assert all(place.startswith("confirmed/") for place in ward.tree("cloud", operator))
    assert ward.rooms().keys() == {"himawari", "sakura"}
    ward.quiet()


def test_two_nurseries_send_the_same_bytes(ward: Ward) -> None:
    ward.put(ward.cloud(INBOX), "0件")
    ward.put(ward.cloud(f"inbox/{SAKURA_ENROLMENT}", "sakura"), "0件")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "0件"}
    assert ward.tree("cloud", "sakura") == ward.tree("intranet", "sakura") == {f"review/{SAKURA_ENROLMENT}": "0件"}
    confirm(ward)
    confirm(ward, SAKURA_ENROLMENT, operator="sakura")
    ward.quiet()


@pytest.mark.parametrize("named", ["ENROLMENT", "form"])
def test_blank_form_sent_to_two_nurseries_and_back_from_both(new_ward: NewWard, named: str) -> None:
    ward = with_form(new_ward)
    for operator, code in (("himawari", "012"), ("sakura", "013")):
        name = f"{code}_202610_在籍児童数報告書.xlsx" if named == "ENROLMENT" else "様式.xlsx"
        ward.put(ward.intranet(f"corrections/{name}", operator), BLANK)
        assert ward.run() == 0
        assert ward.tree("cloud", operator) == ward.tree("intranet", operator) == {f"corrections/{name}": BLANK}
        assert ward.rooms().keys() == {operator}
    for operator, code in (("himawari", "012"), ("sakura", "013")):
        name = f"{code}_202610_在籍児童数報告書.xlsx"
        ward.put(ward.cloud(f"inbox/{name}", operator), BLANK)  # sent in as it came
        assert ward.run() == 0
        assert ward.tree("cloud", operator)[f"review/{name}"] == BLANK
        assert ward.tree("cloud", operator) == ward.tree("intranet", operator)
        ward.said()
    assert ward.sql("SELECT count(*) FROM quarantine") == [(0,)]
    ward.quiet()


def test_what_the_ward_put_in_for_filling_in_counts_as_sent_first_when_it_comes_back(ward: Ward) -> None:
    ward.put(ward.intranet(CORRECTIONS), "様式")
    round_off(ward)
    ward.put(ward.cloud(CORRECTIONS), "様式 合計 30")  # filled in where it lies
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "様式 合計 30"}
    rooms = ward.rooms()
    assert "到着" in rooms["staff"] and "再提出" not in rooms["staff"]
    assert ward.kept("様式")
    ward.quiet()


def test_blank_form_came_from_one_nursery_and_goes_to_the_other(new_ward: NewWard) -> None:
    ward = with_form(new_ward)
    ward.arrive(ENROLMENT, BLANK)
    ward.put(ward.intranet(f"corrections/{SAKURA_ENROLMENT}", "sakura"), BLANK)
    assert ward.run() == 0
    assert ward.tree("cloud", "sakura") == {f"corrections/{SAKURA_ENROLMENT}": BLANK}
    assert ward.rooms().keys() == {"sakura"}
    ward.quiet()


def test_what_is_no_form_and_came_from_one_nursery_never_goes_to_the_other(ward: Ward) -> None:
    ward.arrive(ENROLMENT, "children's names")
    ward.put(ward.intranet(f"corrections/{SAKURA_ENROLMENT}", "sakura"), "children's names")
    assert ward.run() == 0
    assert ward.tree("cloud", "sakura") == ward.tree("intranet", "sakura") == {}
    assert ward.rooms().keys() == {"staff"}
    assert ward.kept("children's names")
    ward.quiet()


@pytest.mark.parametrize("content", ["", "今月はありません"])
@pytest.mark.parametrize("name", [NIL, "該当なし_運営費請求書.docx", "該当なし_在籍児童数報告書"])
def test_nothing_to_report_from_two_nurseries(ward: Ward, content: str, name: str) -> None:
    for operator in ("himawari", "sakura"):
        ward.put(ward.cloud(f"inbox/{name}", operator), content)
    assert ward.run() == 0
    for operator in ("himawari", "sakura"):
        assert ward.tree("cloud", operator) == ward.tree("intranet", operator) == {f"review/{name}": content}
    assert ward.rooms().keys() == {"himawari", "sakura", "staff"}
    ward.quiet()
    for operator in ("himawari", "sakura"):
        ward.drag(ward.intranet(f"review/{name}", operator), ward.intranet("confirmed", operator))
    round_off(ward)
    for operator in ("himawari", "sakura"):
        assert ward.tree("cloud", operator) == ward.tree("intranet", operator) == {f"confirmed/{name}": content}
    assert ward.sql("SELECT count(*) FROM quarantine") == [(0,)]
    ward.quiet()


def test_nothing_to_report_returned_and_sent_again(ward: Ward) -> None:
    ward.arrive(NIL, "")
    give_back(ward, NIL, "証憑はあるはずです")
    ward.put(ward.cloud("inbox/012_202610_証憑.pdf"), "e")
    round_off(ward)
    assert ward.tree("cloud")["review/012_202610_証憑.pdf"] == "e"
    assert ward.tree("cloud") == ward.tree("intranet")
    ward.quiet()


@pytest.mark.parametrize("operators", [["himawari"], ["himawari", "sakura"]])
def test_an_empty_ordinary_file_is_returned_with_a_note(ward: Ward, operators: list[str]) -> None:
    codes = {"himawari": "012", "sakura": "013"}
    for operator in operators:
        ward.put(ward.cloud(f"inbox/{codes[operator]}_202610_在籍児童数報告書.xlsx", operator), "")
    assert ward.run() == 0
    for operator in operators:
        name = f"{codes[operator]}_202610_在籍児童数報告書.xlsx"
        cloud = ward.tree("cloud", operator)
        assert cloud == ward.tree("intranet", operator)
        assert cloud.keys() == {f"corrections/{name}", f"corrections/理由_{name}.txt"}
        assert cloud[f"corrections/{name}"] == "" and "中身のない" in cloud[f"corrections/理由_{name}.txt"]
        assert ward.moves(operator) == [
            (None, "inbox", "operator", "received"),
            ("inbox", "corrections", "syncd", "moved"),
        ]
        assert "中身のない" in ward.history(operator)[-1]["reason"]
    rooms = ward.rooms()
    assert rooms.keys() == set(operators)
    assert all("修正のお願い" in text for text in rooms.values())
    ward.quiet()
    ward.put(ward.cloud(INBOX), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v1"}
    ward.quiet()


def test_corrections_go_round_and_round_until_it_is_right(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)  # returned, corrected in inbox
    ward.put(ward.cloud(INBOX), "v2")
    round_off(ward)
    offer(ward, content="v2 by the ward")  # offered, not agreed to: another one in place
    ward.put(ward.cloud(CORRECTIONS), "v3")
    round_off(ward)
    offer(ward, content="v3 by the ward")  # offered, agreed to
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    round_off(ward)
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v3 by the ward"}
    assert all(ward.kept(content) for content in ("v1", "v2", "v2 by the ward", "v3", "8行目が違います"))
    staged = [(start, target, by) for start, target, by, outcome in ward.moves() if outcome == "moved"]
    assert staged == [
        ("inbox", "review", "syncd"),
        ("review", "corrections", "staff"),
        ("inbox", "review", "syncd"),
        ("review", "corrections", "staff"),
        ("corrections", "inbox", "operator"),
        ("inbox", "review", "syncd"),
        ("review", "corrections", "staff"),
        ("corrections", "confirmed", "operator"),
    ]
    ward.quiet()


def test_confirmed_files_are_filed_by_fiscal_year_and_month(new_ward: NewWard) -> None:
    ward = new_ward(settings=SUBFOLDER)
    for month, folder in (("202603", "2025/2026-03"), ("202604", "2026/2026-04"), ("202701", "2026/2027-01")):
        name = f"012_{month}_在籍児童数報告書.xlsx"
        ward.arrive(name, month)
        ward.drag(ward.intranet(f"review/{name}"), ward.intranet("confirmed"))
        round_off(ward)
        assert ward.tree("cloud")[f"confirmed/{folder}/{name}"] == month
    assert ward.tree("cloud") == ward.tree("intranet")
    ward.quiet()


def test_filed_files_and_their_older_versions(new_ward: NewWard) -> None:
    ward = new_ward(settings=SUBFOLDER)
    place, old = (
        f"confirmed/2026/2026-10/{ENROLMENT}",
        "confirmed/2026/2026-10/012_202610_在籍児童数報告書（旧版 {}）.xlsx",
    )
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    round_off(ward)
    assert ward.tree("cloud") == ward.tree("intranet") == {place: "v1"}
    for count in (2, 3):
        ward.put(ward.cloud(INBOX), f"v{count}")
        round_off(ward)
        assert ward.tree("cloud") == {place: f"v{count - 1}", REVIEW: f"v{count}"}
        ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
        round_off(ward)
        assert ward.tree("cloud") == {place: f"v{count}"}
    assert ward.tree("intranet") == {place: "v3", old.format(1): "v1", old.format(2): "v2"}
    ward.quiet()


def test_a_folder_that_staff_chose_in_confirmed_is_kept(new_ward: NewWard) -> None:
    ward = new_ward(settings=SUBFOLDER)
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet(f"confirmed/監査/{ENROLMENT}"))
    round_off(ward)
    assert ward.tree("cloud") == ward.tree("intranet") == {f"confirmed/監査/{ENROLMENT}": "v1"}
    ward.quiet()


def test_a_folder_deleted_in_the_cloud_comes_back_with_its_files(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(INVOICE, "i1")
    remove_all(ward.cloud("review"))
    round_off(ward)
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v1", f"review/{INVOICE}": "i1"}
    ward.quiet()


def test_both_nurseries_go_on_when_one_does_odd_things(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.cloud(REVIEW), ward.cloud("confirmed"))
    ward.put(ward.cloud(f"inbox/{SAKURA_ENROLMENT}", "sakura"), "s1")
    assert ward.run() == 0
    assert ward.tree("cloud", "sakura") == ward.tree("intranet", "sakura") == {f"review/{SAKURA_ENROLMENT}": "s1"}
    rooms = ward.rooms()
    assert "戻しました" in rooms["himawari"] and "受領" in rooms["sakura"]
    assert "戻しました" not in rooms["sakura"] + rooms["staff"]
    ward.quiet()


def test_a_new_rule_types_what_waited_in_inbox(ward: Ward) -> None:
    ward.arrive("012_202610_職員名簿.xlsx", "v1")
    rule = RULES["invoice.yaml"].replace("document: invoice", "document: staff").replace("運営費請求書", "職員名簿")
    ward.put(ward.folder / "rules" / "staff.yaml", rule)
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {"review/012_202610_職員名簿.xlsx": "v1"}
    assert ward.rooms().keys() == {"himawari", "staff"}
    ward.quiet()
