"""Never 8, S11: whatever staff put where, in whatever it is packed and whoever saved it: nothing of one nursery's
leaves for another's cloud. What is refused is told to staff alone, and can be had back. What is the nursery's own, the
ward's for several, blank or empty goes up as ever.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.reading.making import compound
from tests.samples import tiny
from tests.stories.box_ward import folder_only
from tests.stories.forms import CHECKED, enrolment, saved_anew, zipped
from tests.stories.staff_steps import told
from tests.stories.ward import NewWard, Ward

A, B = "himawari", "sakura"
FORM, FAULTY = "012_202610_在籍児童数報告書.xlsx", "012_202611_在籍児童数報告書.xlsx"
OWN, OWN_FAULTY = "013_202610_在籍児童数報告書.xlsx", "013_202611_在籍児童数報告書.xlsx"
NOTE = "花子さんの生年月日が違います"
PART = "word/embeddings/1.bin"
TRAVELLING = ("inbox", "corrections", "inbox/十月", "corrections/十月")
STAYING = ("review", "confirmed", "")


@pytest.fixture
def ward(new_ward: NewWard) -> Ward:
    """A: a form in review, one that its rule sent back, one that staff sent back with a note. B: one of each of two."""
    ward = new_ward(rules=CHECKED, pages=True)
    for operator, code, fine, faulty in ((A, "012", FORM, FAULTY), (B, "013", OWN, OWN_FAULTY)):
        ward.put(ward.cloud(f"inbox/{fine}", operator), saved_anew(enrolment(code=code), D9=f"{operator} 1"))
        ward.put(
            ward.cloud(f"inbox/{faulty}", operator), saved_anew(enrolment(total=99, code=code), D9=f"{operator} 2")
        )
    ward.put(ward.cloud("inbox/012_202609_在籍児童数報告書.xlsx"), enrolment((1, 1, 1)))
    assert ward.run() == 0
    ward.drag(ward.intranet("review/012_202609_在籍児童数報告書.xlsx"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), NOTE)
    assert ward.run() == 0
    ward.said()
    return ward


def of(ward: Ward, place: str, operator: str = A) -> bytes:
    return ward.intranet(place, operator).read_bytes()


def form(ward: Ward) -> bytes:
    return of(ward, f"review/{FORM}")


def tarred(data: bytes) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        info = tarfile.TarInfo("a.xlsx")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


def embedded(data: bytes, part: str = "word/embeddings/Microsoft_Excel1.xlsx") -> bytes:
    target = io.BytesIO(tiny.letter("a letter of the ward's"))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(part, data)
    return target.getvalue()


def by_openpyxl(data: bytes) -> bytes:
    book, target = load_workbook(io.BytesIO(data)), io.BytesIO()
    assert book.active is not None
    book.active.column_dimensions["B"].width = 17  # saved in the same second it were the same
    book.save(target)
    return target.getvalue()


def note(ward: Ward) -> bytes:
    return of(ward, f"corrections/理由_{FAULTY}.txt")


def marked(ward: Ward) -> bytes:
    return of(ward, f"corrections/{Path(FAULTY).stem}（指摘）.xlsx")


def anew(ward: Ward) -> bytes:
    """A's form saved by another program: nobody has seen these bytes, but A's code stands in it."""
    return saved_anew(form(ward), E9="saved anew")


KINDS: Mapping[str, tuple[str, Callable[[Ward], bytes]]] = {
    "the form": ("xlsx", form),
    "the form under another extension": ("pdf", form),
    "the form saved anew": ("xlsx", anew),
    "a zip": ("zip", lambda ward: zipped({OWN: form(ward)})),
    "a zip of the form saved anew": ("zip", lambda ward: zipped({OWN: anew(ward)})),
    "a zip by A's name": ("zip", lambda ward: zipped({FORM: b"nobody knows it"})),
    "a zip in a zip": ("zip", lambda ward: zipped({"b.zip": zipped({"1": form(ward)}), "x.txt": b"x"})),
    "a zip under another extension": ("dat", lambda ward: zipped({"1.bin": form(ward)})),
    "gzipped": ("gz", lambda ward: gzip.compress(form(ward))),
    "a tar": ("tgz", lambda ward: tarred(form(ward))),
    "in a letter": ("docx", lambda ward: embedded(form(ward))),
    "saved anew in a letter": ("docx", lambda ward: embedded(anew(ward))),
    "a package in a letter": ("docx", lambda ward: embedded(compound({"Package": form(ward)}), PART)),
    "syncd's note": ("txt", note),
    "syncd's note in UTF-16, with more": ("txt", lambda ward: (note(ward).decode() + "追記").encode("utf-16")),
    "syncd's note in a letter": ("docx", lambda ward: embedded(note(ward), "word/embeddings/1.bin")),
    "a marked copy": ("xlsx", marked),
    "a marked copy saved by another program": ("xlsx", lambda ward: by_openpyxl(marked(ward))),
    "staff's note": ("txt", lambda ward: of(ward, "corrections/理由.txt")),
    "A's page": ("pdf", lambda ward: ward.cloud("提出状況.pdf").read_bytes()),
    "the ward's page": ("html", lambda ward: (ward.root("intranet") / "進捗状況.html").read_bytes()),
    "the ward's workbook": ("xlsx", lambda ward: (ward.root("intranet") / "進捗状況.xlsx").read_bytes()),
    "the ward's workbook, saved by another program": (
        "xlsx", lambda ward: by_openpyxl((ward.root("intranet") / "進捗状況.xlsx").read_bytes())
    ),
    "with a password": ("xlsx", lambda ward: compound({"EncryptionInfo": bytes(64), "EncryptedPackage": bytes(4096)})),
    "packed by a program that nothing opens": ("rar", lambda ward: b"Rar!\x1a\x07\x00" + form(ward)),
}  # fmt: skip


HELD = (
    "the form saved anew", "a zip of the form saved anew", "a zip by A's name", "saved anew in a letter",
    "with a password", "packed by a program that nothing opens",
)  # fmt: skip
"""What only speaks of A, or can't be opened, stays where it lies; what is known to be A's goes into quarantine."""


def cloud_of(ward: Ward, operator: str = B) -> dict[str, bytes]:
    root = ward.cloud("", operator)
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def without_page(tree: dict[str, bytes]) -> dict[str, bytes]:
    return {place: content for place, content in tree.items() if place != "提出状況.pdf"}


def reachable(ward: Ward, content: bytes) -> bool:
    lies = (path.read_bytes() for path in ward.intranet("", B).rglob("*") if path.is_file())
    return content in lies or ward.kept_bytes(content)


def nothing_left(ward: Ward, before: dict[str, bytes], *contents: bytes) -> dict[str, str]:
    """B's cloud is as it was, only staff heard of it, and nothing is lost."""
    assert without_page(cloud_of(ward)) == without_page(before)
    rooms = ward.rooms()
    assert set(rooms) <= {"staff"}, rooms
    assert "ひまわり" not in rooms.get("staff", "")
    for content in contents:
        assert reachable(ward, content)
    return rooms


# ── kind × stage ──


@pytest.mark.parametrize("kind", KINDS)
def test_s11_whatever_it_is_it_does_not_go_up(ward: Ward, kind: str) -> None:
    extension, made = KINDS[kind]
    before, content = cloud_of(ward), made(ward)
    for number, stage in enumerate(TRAVELLING):
        ward.put(ward.intranet(f"{stage}/013_202610_証憑{number}.{extension}", B), content)
    assert ward.run() in (0, 3)
    rooms = nothing_left(ward, before, content)
    assert rooms["staff"].partition("番号 ")[2].count("、") == len(TRAVELLING) - 1, rooms
    lies = [path for path in ward.intranet("", B).rglob("*") if path.is_file() and path.read_bytes() == content]
    assert len(lies) == (len(TRAVELLING) if kind in HELD else 0)
    ward.quiet()


@pytest.mark.parametrize("stage", STAYING)
def test_s9_what_stays_on_the_intranet_stays_there_but_for_known_bytes(ward: Ward, stage: str) -> None:
    before = cloud_of(ward)
    for number, (extension, made) in enumerate(KINDS.values()):
        ward.put(ward.intranet(f"{stage}/控え{number}.{extension}".lstrip("/"), B), made(ward))
    assert ward.run() in (0, 3)
    nothing_left(ward, before)
    left = {path.read_bytes() for path in ward.intranet(stage, B).iterdir() if path.is_file()}
    for kind in ("the form", "syncd's note", "a marked copy", "A's page", "the ward's page"):
        assert KINDS[kind][1](ward) not in left
    # … and what stayed goes no further when it is dragged on
    for path in list(ward.intranet(stage, B).iterdir()):
        if path.is_file() and path.name.startswith("控え"):
            ward.drag(path, ward.intranet("corrections", B))
    assert ward.run() in (0, 3)
    nothing_left(ward, before)
    ward.quiet()


# ── the way it gets there ──


@pytest.mark.parametrize(
    "name", ["理由.xlsx", "理由.txt", "依頼_名簿.xlsx", f"{OWN_FAULTY}.txt", f"理由_{OWN_FAULTY}.txt"]
)
@pytest.mark.parametrize(
    "kind", ["the form", "the form saved anew", "syncd's note in UTF-16, with more", "staff's note"]
)
def test_s13_s19_nor_as_a_note_or_a_request(ward: Ward, name: str, kind: str) -> None:
    before, content = cloud_of(ward), KINDS[kind][1](ward)
    ward.put(ward.intranet(f"corrections/{name}", B), content)
    assert ward.run() in (0, 3)
    nothing_left(ward, before, content)


@pytest.mark.parametrize("kind", ["the form", "the form saved anew", "a marked copy", "in a letter"])
@pytest.mark.parametrize("where", [f"review/{OWN}", f"corrections/{OWN_FAULTY}", f"corrections/理由_{OWN_FAULTY}.txt"])
@pytest.mark.parametrize("save", ["in place", "like Excel"])
def test_s3_s7_nor_as_an_edit_of_a_file_of_bs(ward: Ward, kind: str, where: str, save: str) -> None:
    before, content, path = cloud_of(ward), KINDS[kind][1](ward), ward.intranet(where, B)
    own = path.read_bytes()
    if save == "in place":
        ward.put(path, content)
    else:
        beside = path.with_name("5A3B2C10")
        beside.write_bytes(content)
        beside.replace(path)
    assert ward.run() in (0, 3)
    nothing_left(ward, before, content)
    assert path.read_bytes() == own
    ward.quiet()


@pytest.mark.parametrize("kind", ["the form", "the form saved anew"])
def test_s2_nor_edited_and_dragged_on_at_once(ward: Ward, kind: str) -> None:
    before, content = cloud_of(ward), KINDS[kind][1](ward)
    ward.put(ward.intranet(f"review/{OWN}", B), content)
    ward.drag(ward.intranet(f"review/{OWN}", B), ward.intranet("corrections", B))
    assert ward.run() in (0, 3)
    assert content not in cloud_of(ward).values()
    assert set(cloud_of(ward).values()) >= set(without_page(before).values())
    assert set(ward.rooms()) <= {"staff"} and reachable(ward, content)


@pytest.mark.parametrize("target", ["confirmed", "inbox", "review"])
def test_s17_nor_saved_over_and_copied_on(ward: Ward, target: str) -> None:
    """The copy has a name by which it may be the file itself: what is in it is looked at wherever it lies."""
    before, content = cloud_of(ward), embedded(form(ward))
    ward.put(ward.intranet(f"corrections/{OWN_FAULTY}", B), content)
    ward.copy(ward.intranet(f"corrections/{OWN_FAULTY}", B), ward.intranet(f"{target}/{OWN_FAULTY}", B))
    assert ward.run() in (0, 3)
    nothing_left(ward, before, content)
    ward.quiet()


def test_s3_what_nobody_can_open_stays_in_review_and_goes_no_further(ward: Ward) -> None:
    before, locked = cloud_of(ward), KINDS["with a password"][1](ward)
    ward.put(ward.intranet(f"review/{OWN}", B), locked)
    assert ward.run() == 0
    assert of(ward, f"review/{OWN}", B) == locked
    told(ward)
    ward.drag(ward.intranet(f"review/{OWN}", B), ward.intranet("corrections", B))
    assert ward.run() in (0, 3)
    nothing_left(ward, before, locked)
    assert of(ward, f"corrections/{OWN}", B) == locked


@pytest.mark.parametrize("folder", ["012_ひまわり保育園", "ひまわり保育園"])
def test_s12_nor_a_folder_that_speaks_of_another(ward: Ward, folder: str) -> None:
    before = cloud_of(ward)
    ward.drag(ward.intranet(f"review/{OWN}", B), ward.intranet(f"review/{folder}/{OWN}", B))
    ward.put(ward.intranet(f"corrections/{folder}/連絡.docx", B), "a text of the ward's")
    assert ward.run() in (0, 3)
    assert without_page(cloud_of(ward)) == without_page(before)
    assert ward.intranet(f"review/{OWN}", B).is_file()
    assert set(ward.rooms()) == {"staff"}


def test_s11_a_whole_folder_of_as(ward: Ward) -> None:
    before = cloud_of(ward)
    for stage in ("review", "corrections"):
        for path in list(ward.intranet(stage).iterdir()):
            ward.put(ward.intranet(f"corrections/012_ひまわり保育園/{stage}/{path.name}", B), path.read_bytes())
    assert ward.run() in (0, 3)
    nothing_left(ward, before)
    ward.quiet()


@pytest.mark.parametrize("stage", ["inbox", "corrections"])
def test_s11_a_second_name_of_as_file(ward: Ward, stage: str) -> None:
    before, content = cloud_of(ward), form(ward)
    os.link(ward.intranet(f"review/{FORM}"), ward.intranet(f"{stage}/{OWN}", B))
    assert ward.run() in (0, 3)
    nothing_left(ward, before, content)
    assert form(ward) == content
    ward.quiet()


def of_nobody(*numbers: int) -> bytes:
    """A list in which nobody's code or name stands."""
    return saved_anew(
        tiny.workbook("名簿"),
        A2="氏名",
        A3="花子",
        A4="太郎",
        B2="人数",
        B3=numbers[0],
        B4=numbers[1],
        C3=numbers[2],
        D3="x",
    )


@pytest.mark.parametrize("stage", ["inbox", "corrections"])
def test_s11_what_says_the_same_as_a_paper_of_as_whoever_saved_it(ward: Ward, stage: str) -> None:
    ward.put(ward.cloud("inbox/012_202610_証憑.xlsx"), of_nobody(41, 52, 63))
    assert ward.run() == 0
    ward.said()
    before = cloud_of(ward)
    again = by_openpyxl(of(ward, "review/012_202610_証憑.xlsx"))
    assert again != of(ward, "review/012_202610_証憑.xlsx")
    ward.put(ward.intranet(f"{stage}/013_202610_証憑.xlsx", B), again)
    assert ward.run() in (0, 3)
    nothing_left(ward, before, again)
    ward.put(ward.intranet(f"{stage}/013_202610_証憑.xlsx", B), of_nobody(41, 52, 64))
    assert ward.run() == 0
    assert [place for place in cloud_of(ward) if "証憑" in place]
    ward.put(ward.intranet("corrections/ひな形.xlsx", A), of_nobody(1, 1, 1))
    ward.put(ward.intranet("corrections/ひな形.xlsx", B), by_openpyxl(of_nobody(1, 1, 1)))
    assert ward.run() == 0
    assert "corrections/ひな形.xlsx" in cloud_of(ward)


# ── names ──


@pytest.mark.parametrize("name", ["012_連絡.docx", "見本_202610_012.docx", "2026-12_お知らせ.docx", "012.docx"])
def test_s7_a_number_that_may_be_an_enclosures_is_no_code(ward: Ward, name: str) -> None:
    """Codes are small numbers, and so are those of enclosures and months: only a form's name makes one of it."""
    ward.put(ward.intranet(f"corrections/{name}", B), "a text of the ward's")
    assert ward.run() == 0
    assert f"corrections/{name}" in cloud_of(ward)


@pytest.mark.parametrize("name", [FORM, "連絡_012_202610.docx", "済_012_R8.10_連絡.docx", "ひまわり保育園の件.docx"])
@pytest.mark.parametrize("stage", ["inbox", "corrections"])
def test_never_8_a_name_that_speaks_of_another(ward: Ward, name: str, stage: str) -> None:
    before = cloud_of(ward)
    ward.put(ward.intranet(f"{stage}/{name}", B), "a text of the ward's")
    assert ward.run() in (0, 3)
    told_of = told(ward, staff="【事業者に送っていません】さくら")["staff"]
    assert "名前" in told_of and "ひまわり" not in told_of
    assert without_page(cloud_of(ward)) == without_page(before)
    ward.quiet()
    ward.drag(ward.intranet(f"{stage}/{name}", B), ward.intranet(f"{stage}/013_202610_証憑.docx", B))
    assert ward.run() == 0
    assert b"a text of the ward's" in cloud_of(ward).values()


@pytest.mark.parametrize(
    "name", ["写真_012.jpg", "012.jpg", "第012回.docx", "013_012.docx", "第二ひまわり保育園跡地.docx", "名簿0123.docx"]
)
def test_names_that_speak_of_nobody_go_up(ward: Ward, name: str) -> None:
    ward.put(ward.intranet(f"corrections/{name}", B), "a text of the ward's")
    assert ward.run() == 0
    assert f"corrections/{name}" in cloud_of(ward)


@pytest.mark.parametrize("stage", ["review", "corrections"])
@pytest.mark.parametrize("new", [FORM, "012_202610_ひまわり保育園_在籍児童数報告書.xlsx", "ひまわり保育園.xlsx"])
def test_s12_a_rename_that_speaks_of_another_is_put_back(ward: Ward, stage: str, new: str) -> None:
    own = OWN if stage == "review" else OWN_FAULTY
    before = cloud_of(ward)
    ward.drag(ward.intranet(f"{stage}/{own}", B), ward.intranet(f"{stage}/{new}", B))
    assert ward.run() == 0
    assert without_page(cloud_of(ward)) == without_page(before)
    assert ward.intranet(f"{stage}/{own}", B).is_file() and not ward.intranet(f"{stage}/{new}", B).exists()
    told(ward, staff="【元の場所に戻しました】")
    ward.quiet()


# ── what is no leak ──

NO_LEAKS: Mapping[str, tuple[str, Callable[[Ward], bytes]]] = {
    "B's own form": ("xlsx", lambda ward: of(ward, f"review/{OWN}", B)),
    "B's own form saved anew": ("xlsx", lambda ward: saved_anew(of(ward, f"review/{OWN}", B), E9=1)),
    "a zip of B's own": ("zip", lambda ward: zipped({OWN: of(ward, f"review/{OWN}", B), "x.txt": b"x"})),
    "B's own in a letter": ("docx", lambda ward: embedded(of(ward, f"review/{OWN}", B))),
    "the note to B": ("txt", lambda ward: of(ward, f"corrections/理由_{OWN_FAULTY}.txt", B)),
    "the note to B, in UTF-16": (
        "txt", lambda ward: of(ward, f"corrections/理由_{OWN_FAULTY}.txt", B).decode().encode("utf-16")
    ),
    "B's marked copy": ("xlsx", lambda ward: of(ward, f"corrections/{Path(OWN_FAULTY).stem}（指摘）.xlsx", B)),
    "B's marked copy saved by another program": (
        "xlsx", lambda ward: by_openpyxl(of(ward, f"corrections/{Path(OWN_FAULTY).stem}（指摘）.xlsx", B))
    ),
    "a text of the ward's": ("docx", lambda ward: tiny.letter("to all")),
    "an archive of the ward's": ("zip", lambda ward: zipped({"お知らせ.docx": tiny.letter("to all")})),
    "a list of all nurseries to choose from": ("xlsx", lambda ward: to_choose_from(("012", "013"))),
}  # fmt: skip


def to_choose_from(codes: tuple[str, ...]) -> bytes:
    """A blank form whose field for the facility offers all of them."""
    from openpyxl.worksheet.datavalidation import DataValidation

    book = load_workbook(io.BytesIO(enrolment()))
    sheet = book.active
    assert sheet is not None
    sheet["B2"] = None
    choice = DataValidation(type="list", formula1=f'"{",".join(codes)}"')
    sheet.add_data_validation(choice)
    choice.add("B2")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("kind", NO_LEAKS)
def test_what_is_no_leak_goes_up(ward: Ward, kind: str) -> None:
    extension, made = NO_LEAKS[kind]
    content = made(ward)
    ward.put(ward.intranet(f"corrections/連絡.{extension}", B), content)
    assert ward.run() == 0
    assert cloud_of(ward)[f"corrections/連絡.{extension}"] == content
    assert "【別施設" not in ward.rooms().get("staff", "")


def test_bs_own_page_among_its_papers_comes_to_rest(ward: Ward) -> None:
    ward.put(ward.intranet("corrections/連絡.pdf", B), ward.cloud("提出状況.pdf", B).read_bytes())
    assert ward.run() in (0, 3)
    assert "corrections/連絡.pdf" not in cloud_of(ward)
    told(ward, staff="【事業者に送っていません】さくら")
    ward.quiet()


def test_a_blank_form_that_one_nursery_sent_is_no_leak(ward: Ward) -> None:
    blank = to_choose_from(("012",))
    ward.put(ward.folder / "rules/forms/様式.xlsx", blank)
    ward.put(ward.cloud("inbox/012_202612_在籍児童数報告書.xlsx"), blank)
    assert ward.run() == 0
    ward.put(ward.intranet("corrections/様式.xlsx", B), blank)
    ward.put(ward.intranet("corrections/様式一式.zip", B), zipped({"様式.xlsx": blank}))
    assert ward.run() == 0
    assert {"corrections/様式.xlsx", "corrections/様式一式.zip"} <= set(cloud_of(ward))


def test_d4_what_a_nursery_sent_under_anothers_code_is_met_again(ward: Ward) -> None:
    name = "012_202612_在籍児童数報告書.xlsx"
    ward.put(ward.cloud(f"inbox/{name}", B), enrolment((2, 1, 1), code="012"))
    assert ward.run() == 0
    ward.lose_database()
    ward.init()
    assert ward.run() in (0, 3)
    assert ward.intranet(f"inbox/{name}", B).is_file() and f"inbox/{name}" in cloud_of(ward)
    assert "【事業者に送っていません】" not in ward.rooms().get("staff", "")


def test_d4_a_nurserys_own_file_is_no_leak_though_another_sent_the_same(ward: Ward) -> None:
    """A default-named workbook that two nurseries sent: each one's own, after the database was lost, too."""
    for operator in (A, B):
        ward.put(ward.cloud("inbox/Book1.xlsx", operator), tiny.workbook("nothing yet"))
    assert ward.run() == 0
    ward.lose_database()
    ward.init()
    assert ward.run() in (0, 3)
    for operator in (A, B):
        assert ward.intranet("inbox/Book1.xlsx", operator).is_file()
    assert "【別施設" not in ward.rooms().get("staff", "")


@pytest.mark.parametrize(
    "kind", ["syncd's note in UTF-16, with more", "a marked copy saved by another program", "A's page"]
)
def test_d4_what_syncd_made_is_known_after_the_database_was_lost(ward: Ward, kind: str) -> None:
    extension, made = KINDS[kind]
    content = made(ward)
    ward.lose_database()
    ward.init()
    assert ward.run() in (0, 3)
    ward.said()
    before = cloud_of(ward)
    ward.put(ward.intranet(f"corrections/連絡.{extension}", B), content)
    assert ward.run() in (0, 3)
    nothing_left(ward, before, content)


# ── what is held is put right by staff ──


@folder_only("what is held lies on the intranet")
def test_never_11_what_is_held_stands_on_the_list_until_it_is_put_right(ward: Ward) -> None:
    ward.put(ward.intranet("corrections/参考.xlsx", B), anew(ward))
    assert ward.run() in (0, 3)
    with ward.world(read_only=True) as world:
        [trouble] = world.troubles.of(B)
    assert (trouble.kind, trouble.place.path) == ("says_other", "参考.xlsx")
    ward.put(ward.intranet("corrections/参考.xlsx", B), saved_anew(anew(ward), B2="013"))
    assert ward.run() == 0
    assert "corrections/参考.xlsx" in cloud_of(ward)
    with ward.world(read_only=True) as world:
        assert world.troubles.of(B) == ()


def test_s8_a_form_of_another_is_examined_before_it_goes_up(ward: Ward) -> None:
    """It came by post and was put into the wrong folder: it waits there, and goes to the right one by a drag."""
    before = cloud_of(ward)
    name = "013_202612_在籍児童数報告書.xlsx"
    ward.put(ward.intranet(f"inbox/{name}", B), saved_anew(enrolment((2, 2, 2), code="012"), D9="by post"))
    assert ward.run() in (0, 3)
    assert without_page(cloud_of(ward)) == without_page(before)
    told(ward, staff="【事業者に送っていません】さくら")
    ward.drag(ward.intranet(f"inbox/{name}", B), ward.intranet("inbox/012_202612_在籍児童数報告書.xlsx"))
    assert ward.run() == 0
    assert "review/012_202612_在籍児童数報告書.xlsx" in cloud_of(ward, A)
    assert B not in ward.rooms()
