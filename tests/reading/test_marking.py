"""A marked copy shows where the faults are and is otherwise the form; taken off, the marks leave nothing behind."""

from __future__ import annotations

import random
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from syncd.model import Finding
from syncd.reading.comparison import differences
from syncd.reading.marking import mark, unmark
from syncd.reading.ooxml import marks
from syncd.reading.ooxml.comments import AUTHOR, FIRST_LINE, comments
from syncd.reading.ooxml.package import opened
from tests.reading.conftest import FAULTS, Saved
from tests.reading.making import DECLARATION, MACRO_TYPE, MAIN, sheet, xlsx_parts, zipped
from tests.reading.returned import STYLES, as_excel, form, saved

FAULT = Finding("x", "return", "値が違います", ("A2",))


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(folder: Path, parts: dict[str, bytes | str], name: str = "form.xlsx") -> Path:
    path = folder / name
    path.write_bytes(zipped(parts))
    return path


def of(book: Workbook, name: str) -> Worksheet:
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def shown(path: Path) -> dict[str, tuple[str, str]]:
    """Every comment in a workbook, as openpyxl reads it: where → author and text."""
    book = openpyxl.load_workbook(path)
    return {
        f"{top.title}!{cell.coordinate}": (cell.comment.author or "", cell.comment.text)
        for top in (of(book, name) for name in book.sheetnames)
        for row in top.iter_rows()
        for cell in row
        if cell.comment
    }


def coloured(path: Path) -> dict[str, list[str]]:
    """The cells that syncd's rule colours, by sheet."""
    book = openpyxl.load_workbook(path)
    found: dict[str, list[str]] = {}
    for name in book.sheetnames:
        for area in of(book, name).conditional_formatting:
            for rule in area.rules:
                if rule.formula == [f'N("{marks.SIGNATURE}")=0']:
                    assert rule.dxf.fill.bgColor.rgb == "FFFFC7CE"
                    found.setdefault(name, []).append(str(area.sqref))
    return found


def test_faulty_cells_are_coloured_and_commented(resaved: Saved) -> None:
    told = shown(resaved.marked)
    sums, ages, name = (fault.say for fault in FAULTS)
    assert told == {
        "在籍!C8": (AUTHOR, f"{FIRST_LINE}\n{ages}"),
        "在籍!C9": ("山田", f"担当より:\n1歳の数を確認\n\n{FIRST_LINE}\n{ages}"),
        "在籍!C14": (AUTHOR, f"{FIRST_LINE}\n{sums}\n→ 65"),
        "別紙!B2": (AUTHOR, f"{FIRST_LINE}\n{name}"),
    }
    assert coloured(resaved.marked) == {"在籍": ["C8:C14"], "別紙": ["B2"]}


def test_each_marked_cell_says_its_own_value(tmp_path: Path) -> None:
    fault = Finding("x", "return", "合いません。", ("表1!A2", "表1!B3", "表1!B4"),
                    stands={"表1!A2": "9", "表1!B3": "5,000", "表1!B4": "44,000", "請求書 表1!C1": "8"})  # fmt: skip
    assert mark(written(tmp_path, as_excel()), [fault], tmp_path / "marked.xlsx")
    with opened(tmp_path / "marked.xlsx") as package:
        told = {each.cell: each.text for each in comments(package, "xl/worksheets/sheet1.xml")}
    assert told == {
        cell: f"{FIRST_LINE}\n合いません。\n{cell}: {value}"
        for cell, value in (("A2", "9"), ("B3", "5,000"), ("B4", "44,000"))
    }


def test_everything_else_is_the_same_byte_for_byte(resaved: Saved) -> None:
    before, after = members(resaved.form), members(resaved.marked)
    touched = {name for name in after if before.get(name) != after[name]}
    assert touched == {
        "[Content_Types].xml",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/comments/comment1.xml",
        "xl/drawings/commentsDrawing1.vml",
        "xl/worksheets/_rels/sheet2.xml.rels",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }
    assert not before.keys() - after.keys()
    assert list(after)[: len(before)] == list(before)


@pytest.mark.parametrize("how", ["marked", "marked_by_openpyxl", "marked_by_office"])
def test_marks_come_off_whoever_saved_them(resaved: Saved, tmp_path: Path, how: str) -> None:
    path = getattr(resaved, how)
    assert {cell: text for cell, (_, text) in shown(path).items()}.keys() == shown(resaved.marked).keys()
    assert coloured(path)["別紙"] == ["B2"]
    clean = tmp_path / "clean.xlsx"
    assert unmark(path, clean)
    assert differences(resaved.form, clean, "x.xlsx") == ()
    assert [text for _, text in shown(clean).values()] == ["担当より:\n1歳の数を確認"]
    assert coloured(clean) == {}
    for ours in (FIRST_LINE, marks.SIGNATURE):
        assert not any(ours.encode() in content for content in members(clean).values())
    again = tmp_path / "again.xlsx"
    assert not unmark(clean, again)
    assert not again.exists()


@pytest.mark.parametrize("with_comment", [False, True])
def test_marks_leave_nothing_behind(tmp_path: Path, with_comment: bool) -> None:
    book = form()
    of(book, "在籍")["C9"].comment = Comment("担当より", "山田") if with_comment else None
    original = saved(book, tmp_path / "form.xlsx")
    faults = [Finding("x", "return", "違います", ("在籍!C14", "別紙!B2", "設定!A1"))]
    assert mark(original, faults, tmp_path / "marked.xlsx")
    assert unmark(tmp_path / "marked.xlsx", tmp_path / "clean.xlsx")
    assert members(tmp_path / "clean.xlsx") == members(original)


def test_an_old_form_of_libreoffice_can_be_marked(resaved: Saved, tmp_path: Path) -> None:
    assert mark(resaved.by_office, FAULTS, tmp_path / "marked.xlsx")
    assert shown(tmp_path / "marked.xlsx").keys() == shown(resaved.marked).keys()
    assert unmark(tmp_path / "marked.xlsx", tmp_path / "clean.xlsx")
    assert differences(resaved.by_office, tmp_path / "clean.xlsx", "x.xlsx") == ()


def test_what_excel_wrote_keeps_its_order_and_its_controls(tmp_path: Path) -> None:
    original = written(tmp_path, as_excel())
    marked = tmp_path / "marked.xlsx"
    assert mark(original, [Finding("x", "return", "値が違います", ("表1!A2", "B3:B4", "表2!B1"))], marked)
    after = members(marked)
    for name in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        order = [child.tag.rpartition("}")[2] for child in ElementTree.fromstring(after[name])]
        assert order == sorted(order, key=marks.IN_A_SHEET.index)
        assert {"conditionalFormatting", "legacyDrawing"} <= set(order)
    styles = [child.tag.rpartition("}")[2] for child in ElementTree.fromstring(after["xl/styles.xml"])]
    assert styles == sorted(styles, key=marks.IN_STYLES.index)
    drawing = after["xl/drawings/vmlDrawing1.vml"].decode()
    assert "はい<br></font>" in drawing
    ids = re.findall(r'<v:shape [^>]*id="(_x0000_s\d+)"', drawing)
    assert ids == ["_x0000_s3073", "_x0000_s3074", "_x0000_s3075"]
    assert after["xl/ctrlProps/ctrlProp1.xml"] == members(original)["xl/ctrlProps/ctrlProp1.xml"]
    with opened(marked) as package:
        texts = [each for top in package.sheets() for each in comments(package, top.part)]
        for top in package.sheets():
            assert all(relation.target in package for relation in package.relations(top.part))
    assert [each.cell for each in texts] == ["A2", "B3", "B1"]
    assert unmark(marked, tmp_path / "clean.xlsx")
    clean, before = members(tmp_path / "clean.xlsx"), members(original)
    # An empty list of looks and the kind of shape that comments have are left.
    assert {name for name in clean if clean[name] != before.get(name)} == {
        "xl/styles.xml",
        "xl/drawings/vmlDrawing1.vml",
    }
    assert clean["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") == 1


@pytest.mark.parametrize(
    "looks", ["", "<dxfs/>", '<dxfs count="0"></dxfs>', '<dxfs count="1"><dxf><font/></dxf></dxfs>']
)
def test_looks_of_the_form_keep_their_numbers(tmp_path: Path, looks: str) -> None:
    parts = as_excel()
    parts["xl/styles.xml"] = str(parts["xl/styles.xml"]).replace("<tableStyles", f"{looks}<tableStyles")
    assert mark(written(tmp_path, parts), [FAULT], tmp_path / "marked.xlsx")
    styles = ElementTree.fromstring(members(tmp_path / "marked.xlsx")["xl/styles.xml"])
    found = styles.findall(f"{{{MAIN}}}dxfs/{{{MAIN}}}dxf")
    rule = re.search(rb'dxfId="(\d+)"', members(tmp_path / "marked.xlsx")["xl/worksheets/sheet1.xml"])
    assert rule is not None
    assert int(rule[1]) == len(found) - 1 == looks.count("<font/>")


def test_a_sheet_with_prefixes_and_its_own_colours_is_marked_first(tmp_path: Path) -> None:
    rule = '<cfRule type="expression" priority="4"><formula>A1=1</formula></cfRule>'
    text = sheet(after=f'<conditionalFormatting sqref="A1:B2">{rule}</conditionalFormatting>')
    text = re.sub(r"<(/?)(?=\w)", r"<\1x:", text).replace("<x:xml", "<?xml").replace("xmlns=", "xmlns:x=")
    assert mark(written(tmp_path, xlsx_parts([text], styles=STYLES)), [FAULT], tmp_path / "marked.xlsx")
    root = ElementTree.fromstring(members(tmp_path / "marked.xlsx")["xl/worksheets/sheet1.xml"])
    rules = root.findall(f"{{{MAIN}}}conditionalFormatting/{{{MAIN}}}cfRule")
    assert [int(each.attrib["priority"]) for each in rules] == [3, 4]
    assert unmark(tmp_path / "marked.xlsx", tmp_path / "clean.xlsx")
    assert members(tmp_path / "clean.xlsx")["xl/worksheets/sheet1.xml"].decode() == text


def test_what_a_form_says_can_not_break_the_copy(tmp_path: Path) -> None:
    say = "<&>\"'\x00\x1f\u202e_x000A_]]>" + "長" * 3_000
    assert mark(written(tmp_path, as_excel()), [Finding("x", "return", say, ("A2",))], tmp_path / "marked.xlsx")
    with opened(tmp_path / "marked.xlsx") as package:
        (told,) = comments(package, "xl/worksheets/sheet1.xml")
    assert told.text.startswith(f"{FIRST_LINE}\n<&>\"'_x000A_]]>長")
    assert len(told.text) == marks.LONGEST


@pytest.mark.parametrize("cell", ["ない!A1", "2ページ", "", "A0", "XFE1", "A1048577", "A1:", "表1!", "A1;B1", "別紙"])
def test_what_is_no_cell_of_the_form_is_left_out(tmp_path: Path, cell: str) -> None:
    into = tmp_path / "marked.xlsx"
    assert not mark(written(tmp_path, as_excel()), [Finding("x", "return", "違う", (cell,))], into)
    assert not into.exists()


PLAIN = xlsx_parts()
SIGNED = PLAIN | {"_xmlsignatures/sig1.xml": "<x/>"}
UTF16 = PLAIN | {"xl/worksheets/sheet1.xml": str(sheet()).replace("UTF-8", "UTF-16").encode("utf-16")}
NO_COMMENT_LIST = as_excel() | {
    "xl/comments1.xml": f"{DECLARATION}<comments xmlns='{MAIN}'><authors/></comments>",
    "xl/worksheets/_rels/sheet1.xml.rels": str(as_excel()["xl/worksheets/_rels/sheet1.xml.rels"]).replace(
        "</Relationships>", f'<Relationship Id="c" Type="{marks.COMMENTS}" Target="../comments1.xml"/></Relationships>'
    ),
}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
        zipped(PLAIN)[:-40],
        zipped(xlsx_parts(main_type=MACRO_TYPE)),
        zipped(SIGNED),
        zipped(UTF16),
        zipped(NO_COMMENT_LIST),
        zipped(xlsx_parts([str(sheet()).replace("<worksheet", "<!DOCTYPE x><worksheet")])),
    ],
    ids=["empty", "pdf", "xls", "cut", "macros", "signed", "utf-16", "no list", "doctype"],
)
def test_what_can_not_be_marked_safely_is_not(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "form").write_bytes(content)
    for done in (mark(tmp_path / "form", [FAULT], tmp_path / "into"), unmark(tmp_path / "form", tmp_path / "into")):
        assert not done
        assert not (tmp_path / "into").exists()


def test_damage_anywhere_is_no_accident(tmp_path: Path, resaved: Saved) -> None:
    good = resaved.marked.read_bytes()
    values = random.Random(3)
    for _ in range(60):
        bad = bytearray(good)
        for _ in range(values.randint(1, 20)):
            bad[values.randrange(len(bad))] = values.randrange(256)
        (tmp_path / "bad").write_bytes(bad)
        for done in (mark(tmp_path / "bad", FAULTS, tmp_path / "into"), unmark(tmp_path / "bad", tmp_path / "into")):
            assert done == (tmp_path / "into").exists()
            (tmp_path / "into").unlink(missing_ok=True)


def test_the_same_marks_are_the_same_bytes(tmp_path: Path, resaved: Saved) -> None:
    assert mark(resaved.form, FAULTS, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == resaved.marked.read_bytes()


def test_a_long_sheet_can_be_marked_and_cleaned(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{row}" ht="15"><c r="A{row}"/></row>' for row in range(1, 60_001))
    original = written(tmp_path, xlsx_parts([sheet(rows)], styles=STYLES))
    assert mark(original, [Finding("x", "return", "値が違います", ("A59999",))], tmp_path / "marked.xlsx")
    assert unmark(tmp_path / "marked.xlsx", tmp_path / "clean.xlsx")
    part = "xl/worksheets/sheet1.xml"
    assert members(tmp_path / "clean.xlsx")[part] == members(original)[part]
