"""Word documents: what people see in tables and lines is read, what was deleted or hidden is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncd.forms.fact import Column, Fact, One
from syncd.reading import Reader
from tests.reading import making as m
from tests.reading.conftest import TOTAL, Read
from tests.reading.office import saved_again

P, TABLE = m.paragraph, m.word_table
NAME = Fact("name", labels=("施設名",))
CHOICE = Fact("choice", "yes_no", labels=("加算の有無",))
ONE = "<w:r><w:t>1</w:t></w:r>"


def line(*pieces: str) -> str:
    """合計：1… with further pieces."""
    return "<w:p><w:r><w:t>合計：</w:t></w:r>" + "".join(pieces) + "</w:p>"


def merged(text: str, properties: str) -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{P(text)}</w:tc>"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


READ = {
    "a line": (P("合計：12"), 12),
    "a line with a wide space": (P("合計　　　12"), 12),
    "a line with one space": (P("合計　12人"), 12),
    "a line with a tab": ("<w:p><w:r><w:t>合計</w:t><w:tab/><w:t>12</w:t></w:r></w:p>", 12),
    "a table": (TABLE(["合計", "12"]), 12),
    "a table in a table": (f"<w:tbl><w:tr><w:tc>{TABLE(['合計', '12'])}{P('')}</w:tc></w:tr></w:tbl>", 12),
    "a blank cell and the next label": (TABLE(["合計", "", "備考", "5"]), None),
    "a blank line": (P("合計：") + P("人数：3"), None),
    "a blank cell and a number below": (TABLE(["合計", ""], ["7", ""]), 7),
    "inserted text": (line(f"<w:ins>{run('12')}</w:ins>"), 12),
    "deleted text": (line("<w:del><w:r><w:delText>9</w:delText></w:r></w:del>", run("12")), 12),
    "moved away": (line(f"<w:moveFrom>{run('9')}</w:moveFrom>", run("12")), 12),
    "moved here": (line(f"<w:moveTo>{run('12')}</w:moveTo>"), 12),
    "hidden text": (line(run("9", "<w:vanish/>"), run("12")), 12),
    "hidden text that is shown again": (line(run("12", '<w:vanish w:val="0"/>')), 12),
    "white text": (line(run("9", '<w:color w:val="FFFFFF"/>')), None),
    "white text on a colour": (line(run("12", '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000080"/>')), 12),
    "a content control": (line(f"<w:sdt><w:sdtPr/><w:sdtContent>{run('12')}</w:sdtContent></w:sdt>"), 12),
    "a prompt": (
        line(f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('9')}</w:sdtContent></w:sdt>"), None
    ),
    "a field's code": (line("<w:r><w:instrText>9</w:instrText></w:r>", run("12")), 12),
    "a smart tag": (line(f"<w:smartTag>{run('12')}</w:smartTag>"), 12),
    "a choice of ways": (
        line(
            f"<mc:AlternateContent><mc:Choice>{run('12')}</mc:Choice><mc:Fallback>{run('9')}</mc:Fallback>"
            "</mc:AlternateContent>"
        ),
        12,
    ),
    "a text box": (
        "<w:p><w:r><w:pict><w:txbxContent>" + P("合計：12") + "</w:txbxContent></w:pict></w:r></w:p>", 12,
    ),
    "a footnote's number": (line(run("12"), run("3", '<w:vertAlign w:val="superscript"/>')), 12),
    "a list": (
        line(
            '<w:r><w:fldChar><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="9"/>'
            '<w:listEntry w:val="12"/></w:ddList></w:ffData></w:fldChar></w:r>'
        ),
        12,
    ),
    "rows in a control": (
        "<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc>" + P("合計") + "</w:tc><w:tc>" + P("12")
        + "</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>", 12,
    ),
    "a deleted row": (
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>" + P("合計") + "</w:tc><w:tc>" + P("9") + "</w:tc></w:tr>"
        "<w:tr><w:tc>" + P("合計") + "</w:tc><w:tc>" + P("12") + "</w:tc></w:tr></w:tbl>", 12,
    ),
    "a label over two rows": (
        TABLE([merged("合計", "<w:vMerge w:val='restart'/>"), "12"], [merged("", "<w:vMerge/>"), "3"]), 12,
    ),
    "a label over two columns": (TABLE([merged("合計", "<w:gridSpan w:val='2'/>"), "12"], ["a", "b", "c"]), 12),
    "digits in boxes": (TABLE(["合計", "", "1", "2", "3"], widths=[2000, 400, 400, 400, 400]), 123),
    "months": (
        TABLE(["", "4月", "5月", "6月", "7月"], ["合計", "1", "2", "3", "4"], widths=[2000, 400, 400, 400, 400]), 1
    ),
    "words with tabs are no table": (
        ("<w:p><w:r><w:t>項目</w:t><w:tab/><w:t>合計</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>基本</w:t><w:tab/><w:t>9</w:t></w:r></w:p>"), None,
    ),
    "two numbers": (line(run("12 / 13")), None),
}  # fmt: skip


@pytest.mark.parametrize("way", READ)
def test_what_people_see_is_read(read: Read, way: str) -> None:
    body, right = READ[way]
    found = read(m.docx(body), "a.docx", TOTAL)
    assert (found.kind, found.trouble, found.text, found.scan) == ("docx", "", True, False), found.detail
    assert found.facts["total"].one == right, found.facts["total"]
    assert right is None or found.facts["total"].cell == "文書"


@pytest.mark.parametrize(
    ("boxes", "right"),
    [
        ('<w:r><w:t>□ 無　☑ 有</w:t></w:r>', True),
        (('<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr><w:sdtContent>'
         '<w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>有 □無</w:t></w:r>'), True),
        (('<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="0"/></w14:checkbox></w:sdtPr><w:sdtContent>'
         '<w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>有 □無</w:t></w:r>'), None),
        (('<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>'
         '</w:fldChar></w:r><w:r><w:t>有 □無</w:t></w:r>'), True),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r><w:r><w:t>有 □無</w:t></w:r>', True),
    ],
)  # fmt: skip
def test_ticked_boxes_of_every_kind(read: Read, boxes: str, right: One) -> None:
    cell = f"<w:tc><w:p>{boxes}</w:p></w:tc>"
    assert read(m.docx(TABLE(["加算の有無", cell])), "a.docx", CHOICE).facts["choice"].one == right


def test_readings_over_words_are_no_part_of_them(read: Read) -> None:
    ruby = "<w:ruby><w:rt>" + run("ひまわり") + "</w:rt><w:rubyBase>" + run("向日葵") + "</w:rubyBase></w:ruby>"
    body = TABLE(["施設名", f"<w:tc><w:p><w:r>{ruby}</w:r>{run('保育園')}</w:p></w:tc>"])
    assert read(m.docx(body), "a.docx", NAME).facts["name"].one == "向日葵保育園"


def test_a_table_keeps_blank_cells_blank(read: Read) -> None:
    fact = Fact(
        "t",
        columns=(
            Column("a", ("項目",), "text"),
            Column("b", ("人数",), "int", True),
            Column("c", ("金額",), "amount", True),
        ),
    )
    body = P("内訳") + TABLE(["項目", "人数", "金額"], ["基本", "", "2,000円"], ["加算", "3", ""])
    rows = read(m.docx(body), "a.docx", fact).facts["t"].rows
    assert [dict(row) for row in rows] == [{"a": "基本", "b": None, "c": 2000}, {"a": "加算", "b": 3, "c": None}]


def test_what_only_people_can_read_is_said(read: Read) -> None:
    assert read(m.docx(P("合計：12") + "<w:p><w:r><w:object/></w:r></w:p>"), "a.docx", TOTAL).scan
    large = '<w:p><w:r><w:drawing><w:extent cx="6000000" cy="8000000"/></w:drawing></w:r></w:p>'
    assert read(m.docx(large), "a.docx", TOTAL).scan
    assert read(m.docx(P("合計") + '<w:p><w:r><w:sym w:font="Gaiji" w:char="F001"/></w:r></w:p>'), "a.docx", TOTAL).scan


def test_a_document_that_libreoffice_wrote(reader: Reader, tmp_path: Path) -> None:
    page = (
        "<html><body><h1>請求書</h1><p>施設名：ひまわり保育園</p><table border=1>"
        "<tr><td>項目</td><td>人数</td><td>金額</td></tr><tr><td>基本</td><td></td><td>2,000円</td></tr>"
        "<tr><td>合計</td><td>12</td><td>2,000円</td></tr></table></body></html>"
    )
    (tmp_path / "form.html").write_text(page, encoding="utf-8")
    saved_again(
        [tmp_path / "form.html"], "docx:MS Word 2007 XML", tmp_path, tmp_path / "profile", open_as="HTML (StarWriter)"
    )
    found = reader.read(tmp_path / "form.docx", "form.docx", [TOTAL, NAME], ["ひまわり保育園"])
    assert (found.kind, found.trouble) == ("docx", ""), found.detail
    assert (found.facts["total"].one, found.facts["name"].one) == (12, "ひまわり保育園")
    assert found.texts == {"ひまわり保育園"}
