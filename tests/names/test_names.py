"""Names: the mapping can be undone, what comes out can be held, marks come off, versions are one document."""

from __future__ import annotations

import ntpath
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from syncd import names

AWKWARD = (
    '<>:"\\|?*. ~$%﹪（）()_-ＡAaがか\u3099é\u0301ß\u202e\u200b\ufeff\u2066'
    "\x00\x07\x7f\x85\ud800\udcffCONnul1¹.xX5再提出旧版 2😀"
)
CLOUD = st.text(
    st.one_of(st.sampled_from(AWKWARD.replace("\0", "")), st.characters(exclude_characters="/\0")), min_size=1
)
SHORT = CLOUD.filter(lambda name: len(names.to_intranet(name).encode()) < 200)
MARKS = st.sampled_from(
    [
        names.resubmitted(2),
        names.old(11),
        names.staff_edit(datetime(2026, 11, 5, 10, 30)),
        names.WITHDRAWN,
        names.FINDINGS,
        names.same_name(3),
    ]
)


def nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def assert_holdable(name: str) -> None:
    assert 0 < len(name.encode()) <= 255
    assert not set(name) & set('<>:"/\\|?*')
    assert name[-1] not in ". "
    assert name[0] != " "
    assert not {unicodedata.category(c) for c in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    base = name.split(".")[0].rstrip(" ").upper()
    assert base not in {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    assert not (base[:3] in {"COM", "LPT"} and base[3:] in set("123456789¹²³"))


@given(CLOUD)
@example("CON")
@example("nul.tar.gz")
@example("com¹ .txt")
@example("CONOUT$.log")
@example("..")
@example("...")
@example(" ")
@example("あ" * 90 + ".xlsx")
@example(":" * 60)
def test_every_name_can_be_held(name: str) -> None:
    mapped = names.to_intranet(name)
    assert_holdable(mapped)
    assert mapped == nfc(mapped)
    assert_holdable(names.twin(name))
    in_cloud = names.to_cloud(mapped)
    assert 0 < len(in_cloud.encode("utf-8")) <= 255
    assert in_cloud not in {".", ".."}
    assert in_cloud == in_cloud.strip(" ")
    assert not set(in_cloud) & set("/\\")
    assert "Cc" not in {unicodedata.category(c) for c in in_cloud}


@given(SHORT)
@example("名簿（再提出 2）.xlsx")
@example("（旧版 1）")
@example("名簿（取下げ）（指摘）.xlsx")
@example("﹪3A﹪")
@example("<\u0338")
@example("﹪=0123456789﹪.xlsx")
@example("﹪~0123456789﹪.xlsx")
def test_the_way_back_is_exact(name: str) -> None:
    assume(name not in {".", ".."})
    assert names.from_intranet(names.to_intranet(name)) == nfc(name)
    assert names.marks(names.to_intranet(name)) == ()


@given(SHORT, st.lists(MARKS, unique=True, max_size=3))
def test_the_way_back_does_not_see_marks_and_twins(name: str, given_marks: list[str]) -> None:
    assume(name not in {".", ".."})
    for shown in (names.to_intranet(name), names.twin(name)):
        for mark in given_marks:
            shown = names.with_mark(shown, mark)
        assert names.from_intranet(shown) == nfc(name)
        assert names.belongs(shown, name)


@given(CLOUD, CLOUD)
@example("A:.xlsx", "a﹪3A﹪.xlsx")
@example("a", "a.")
@example("CON", "﹪43﹪ON")
@example("x" * 300 + ".xlsx", "x" * 301 + ".xlsx")
def test_different_names_never_fall_together(one: str, other: str) -> None:
    if names.fold(one) != names.fold(other):
        assert names.fold(names.to_intranet(one)) != names.fold(names.to_intranet(other))
    if one != other:
        assert names.fold(names.twin(one)) != names.fold(names.twin(other))
    assert names.fold(names.twin(one)) != names.fold(names.to_intranet(other))


def test_twins_of_case_and_composition_are_told_apart() -> None:
    assert names.fold("Kana.xlsx") == names.fold("KANA.XLSX")
    assert names.fold("が.xlsx") == names.fold("か\u3099.xlsx")
    assert len({names.twin("が.xlsx"), names.twin("か\u3099.xlsx"), names.to_intranet("が.xlsx")}) == 3


@given(CLOUD)
def test_fold_of_a_fold_is_the_same(name: str) -> None:
    assert names.fold(names.fold(name)) == names.fold(name)


@given(CLOUD, MARKS)
@example("在" * 80 + ".xlsx", names.old(1))
def test_marks_come_off_exactly(name: str, mark: str) -> None:
    mapped = names.to_intranet(name)
    marked = names.with_mark(mapped, mark)
    assert_holdable(marked)
    assert names.marks(marked) == (mark,)
    assert names.with_mark(marked, mark) == marked
    if len(mapped.encode()) + len(mark.encode()) <= 255:
        assert names.without_marks(marked) == mapped
    assert names.belongs(marked, name)
    assert not names.belongs(marked, "another " + name)


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("名簿.xlsx", "名簿（再提出 2）.xlsx"),
        ("名簿.2025.xlsx", "名簿.2025（再提出 2）.xlsx"),
        ("名簿.tar.gz", "名簿.tar（再提出 2）.gz"),
        ("名簿", "名簿（再提出 2）"),
        ("在籍R7.10", "在籍R7.10（再提出 2）"),
        ("No.1 在籍", "No.1 在籍（再提出 2）"),
        (".profile", ".profile（再提出 2）"),
        ("名簿（旧版 1）.xlsx", "名簿（旧版 1）（再提出 2）.xlsx"),
        ("名簿（再提出 1）.xlsx", "名簿（再提出 2）.xlsx"),
    ],
)
def test_marks_stand_before_the_extension(name: str, marked: str) -> None:
    assert names.with_mark(name, "（再提出 2）") == marked


def test_only_marks_of_syncd_are_marks() -> None:
    with pytest.raises(ValueError, match="no mark"):
        names.with_mark("a.xlsx", "（重要）")
    assert names.marks("名簿（再提出 二）.xlsx") == ()
    assert names.marks("（旧版 1）.xlsx") == ()
    assert names.marks("名簿(再提出 2).xlsx") == ()


@pytest.mark.parametrize(
    ("name", "marked", "changes"),
    [
        ("012_202510_在籍.xlsx", "012_202510_在籍（指摘）.xlsx", "変更箇所_012_202510_在籍.txt"),
        ("在籍 (1).xlsx", "在籍 (1)（指摘）.xlsx", "変更箇所_在籍 (1).txt"),
        ("在籍R7.10", "在籍R7.10（指摘）", "変更箇所_在籍R7.10.txt"),
        ("在" * 83 + ".xlsx", "在" * 79 + "（指摘）.xlsx", "変更箇所_" + "在" * 79 + ".txt"),
    ],
)
def test_what_syncd_puts_beside_a_form_is_named_after_it(name: str, marked: str, changes: str) -> None:
    assert names.marked_copy(name) == marked
    assert names.list_of_changes(name) == changes
    assert max(len(each.encode()) for each in (marked, changes)) <= 255


@pytest.mark.parametrize("after", ["", " (1)", "（2）", " - コピー", " - コピー (2)", " - Copy"])
def test_a_marked_copy_that_comes_back_is_the_form(after: str) -> None:
    stem, extension = names.split(names.marked_copy("012_202510_在籍.xlsx"))
    back = f"{stem}{after}{extension}"
    assert names.without_findings(back) == f"012_202510_在籍{after}.xlsx"
    assert names.same_document_key(back) == names.same_document_key("012_202510_在籍.xlsx")
    assert names.marked_copy(names.marked_copy("在籍.xlsx")) == "在籍（指摘）.xlsx"


def test_a_marked_copy_is_found_again_on_the_other_side() -> None:
    shown = names.with_mark(names.to_intranet("在籍: 10月.xlsx"), names.FINDINGS)
    assert names.belongs(shown, names.marked_copy("在籍: 10月.xlsx"))
    assert names.belongs(shown, "在籍: 10月.xlsx")
    assert not names.belongs(shown, names.marked_copy("名簿.xlsx"))
    assert not names.belongs("在籍.xlsx", names.marked_copy("在籍.xlsx"))


@pytest.mark.parametrize("name", ["（指摘）.xlsx", "在籍（指摘）別紙.xlsx", "在籍指摘.xlsx", "在籍.xlsx"])
def test_no_other_name_loses_anything(name: str) -> None:
    assert names.without_findings(name) == name


@given(st.text("あいうABCabc012_-（）()． .月年版", min_size=1, max_size=60), st.sampled_from([".xlsx", ".pdf", ""]))
def test_names_that_windows_can_hold_stay_as_they_are(stem: str, extension: str) -> None:
    name = nfc(stem).strip(" .") + extension
    assume(stem.strip(" .") and not names.marks(name) and names.to_intranet(name) == name)
    assert names.to_cloud(name) == name == names.from_intranet(name)


def test_what_staff_name_reaches_the_cloud_without_marks_and_never_as_a_path() -> None:
    assert names.to_cloud("回答（職員編集 2026-11-05 1030）.xlsx") == "回答.xlsx"
    assert names.to_cloud("a﹪3A﹪c.xlsx") == "a:c.xlsx"
    for name in ("﹪2E﹪﹪2E﹪", "..﹪2F﹪..﹪2F﹪etc", "﹪0﹪", "﹪5C﹪x"):
        assert not set(names.to_cloud(name)) & set("/\0\\")
        assert names.to_cloud(name) not in {".", ".."}
        assert "/" not in names.from_intranet(name)


def test_a_mapped_name_can_be_made_and_read_back(tmp_path: Path) -> None:
    for name in ("領収書: 4/5月?".replace("/", ""), "CON.xlsx", "末尾. ", "あ" * 200, "\udce3\udc81.pdf"):
        mapped = names.to_intranet(name)
        (tmp_path / mapped).write_bytes(b"x")
        assert mapped in {path.name for path in tmp_path.iterdir()}
        assert ntpath.basename(mapped) == mapped


@pytest.mark.parametrize(
    "name",
    [
        "012_202510_在籍児童数報告書.xlsx",
        "０１２_２０２５１０_在籍児童数報告書.XLSX",
        "012_202510_在籍児童数報告書 (1).xlsx",
        "012_202510_在籍児童数報告書（２）.xlsx",
        "012_202510_在籍児童数報告書 - コピー.xlsx",
        "012_202510_在籍児童数報告書 - コピー (2).xlsx",
        "012_202510_在籍児童数報告書 - Copy (3).xlsx",
        "コピー ～ 012_202510_在籍児童数報告書.xlsx",
        "Copy of 012_202510_在籍児童数報告書.xlsx",
        "012_202510_在籍児童数報告書のコピー.xlsx",
        "012_202510_在籍児童数報告書_v2.xlsx",
        "012_202510_在籍児童数報告書v2.1.xlsx",
        "012_202510_在籍児童数報告書 Ver.3.xlsx",
        "012_202510_在籍児童数報告書_修正版.xlsx",
        "012_202510_在籍児童数報告書修正2.xlsx",
        "012_202510_在籍児童数報告書（最終版）.xlsx",
        "012_202510_在籍児童数報告書_最終_修正 (1).xlsx",
        "【差替】012_202510_在籍児童数報告書.xlsx",
        "再提出_012_202510_在籍児童数報告書.xlsx",
        "012_202510_在籍児童数報告書【差し替え】.xlsx",
        "012_202510_在籍児童数報告書_final.xlsx",
        "012_202510_在籍児童数報告書（再提出 2）.xlsx",
        "012_202510_在籍児童数報告書（再提出 2） - コピー.xlsx",
        "012_202510_在籍児童数報告書（職員編集 2026-11-05 1030）（旧版 1）.xlsx",
        "\u200b012_202510_在籍児童数報告書.xlsx",
    ],
)
def test_a_further_version_is_the_same_document(name: str) -> None:
    assert names.same_document_key(name) == names.same_document_key("012_202510_在籍児童数報告書.xlsx")
    assert names.same_document_key(names.to_intranet(name)) == names.same_document_key(name)


@pytest.mark.parametrize(
    "name",
    [
        "012_202511_在籍児童数報告書.xlsx",
        "013_202510_在籍児童数報告書.xlsx",
        "012_202510_在籍児童数報告書.pdf",
        "012_202510_在籍児童数報告書別紙.xlsx",
        "012_202510_在籍児童数報告書(2025).xlsx",
        "012_202510_在籍児童数報告書（10月）.xlsx",
    ],
)
def test_another_document_is_not_a_version(name: str) -> None:
    assert names.same_document_key(name) != names.same_document_key("012_202510_在籍児童数報告書.xlsx")


@pytest.mark.parametrize("name", ["修正版.xlsx", "(1).pdf", "コピー", "v2.xlsx", "最終.xlsx", "copy.pdf", "第3回"])
def test_a_name_that_is_nothing_else_stays(name: str) -> None:
    assert names.strip_version_marks(names.split(name)[0]) == names.split(name)[0]


@given(st.text(min_size=1))
def test_version_marks_come_off_once_and_for_all(stem: str) -> None:
    stripped = names.strip_version_marks(stem)
    assert stripped
    assert names.strip_version_marks(stripped) == stripped


def test_meaning_at_the_end_is_kept() -> None:
    for stem in (
        "第3回",
        "令和7年10月",
        "在籍(2025)",
        "請求書202510",
        "職員名簿R7.10",
        "rover2",
        "hardcopy",
        "経費精算書",
    ):
        assert names.strip_version_marks(stem) == stem


@pytest.mark.parametrize(
    "name",
    [
        "~$名簿.xlsx",
        ".~lock.名簿.xlsx#",
        ".DS_Store",
        ".syncd",
        "Thumbs.db",
        "THUMBS.DB",
        "desktop.ini",
        "5A3B2C10",
        "12345678",
        "5A3B2C10.tmp",
        "~WRD0001.tmp",
        "~DF1A2B3C4D5E6F",
        "名簿.xlsx.crdownload",
        "名簿.part",
        "名簿.PARTIAL",
    ],
)
def test_what_programs_make_for_themselves_is_ignored(name: str) -> None:
    assert names.ignored(name)


@pytest.mark.parametrize(
    "name", ["名簿.xlsx", "20251001", "5A3B2C10.xlsx", "5a3b", "~名簿.xlsx", "$名簿.xlsx", "tmp", "DEADBEEF名簿"]
)
def test_what_people_make_is_not_ignored(name: str) -> None:
    assert not names.ignored(name)


@pytest.mark.parametrize(
    "name",
    [
        "新しいテキスト ドキュメント.txt",
        "新しい Microsoft Excel ワークシート.xlsx",
        "新しい Microsoft Excel ワークシート (2).xlsx",
        "新規 テキスト ドキュメント.txt",
        "新規テキスト ドキュメント (3).txt",
        "新規 Microsoft Excel ワークシート.xlsx",
        "新規Microsoft Excel ワークシート.xlsx",
        "新規 Microsoft Word 文書.docx",
        "新規 Microsoft PowerPoint プレゼンテーション - コピー.pptx",
        "新規 ビットマップ イメージ.bmp",
        "新規 圧縮 (zip 形式) フォルダー.zip",
        "新しい園児名簿.xlsx",
        "New Microsoft Excel Worksheet.xlsx",
        "New Text Document (2).txt",
        "New Compressed (zipped) Folder.zip",
        "Book1.xlsx",
        "文書 1.docx",
        "Document1.docx",
        "無題.xlsx",
        "無題 1.odt",
        "Untitled 2.ods",
    ],
)
def test_names_of_new_files_are_known(name: str) -> None:
    assert names.default_named(name)


@pytest.mark.parametrize(
    "name",
    ["新規採用職員名簿.xlsx", "新規 園児一覧.xlsx", "New staff.xlsx", "Booking.xlsx", "無題の報告.xlsx", "名簿.xlsx"],
)
def test_a_name_that_somebody_chose_is_none(name: str) -> None:
    assert not names.default_named(name)


def test_a_note_has_one_ending() -> None:
    assert names.note_for("a.xlsx") == "理由_a.xlsx.txt"
    assert names.note_for("a.txt") == "理由_a.txt" and names.note_for("A.TXT") == "理由_A.txt"
    assert names.note_for("a.b") == "理由_a.b.txt" and names.note_for("a") == "理由_a.txt"


def test_owner_files_show_what_is_open() -> None:
    assert "~$名簿.xlsx" in names.owner_files("名簿.xlsx")
    assert ".~lock.名簿.xlsx#" in names.owner_files("名簿.xlsx")
    assert "~$年度事業計画書面.docx" in names.owner_files("令和年度事業計画書面.docx")
    assert "~$bcdefg.docx" in names.owner_files("abcdefg.docx")
    assert "~$籍報告書一覧表.xlsx" not in names.owner_files("在在籍報告書一覧表.xlsx")
    assert all(names.ignored(owner) for owner in names.owner_files("在籍児童数報告書別紙.docx"))
