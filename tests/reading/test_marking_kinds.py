"""Marks on forms of every spelling: no part is ever broken, and taking the marks off leaves what people wrote."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.comments import Comment

from syncd.model import Finding
from syncd.reading.comparison import differences
from syncd.reading.marking import mark, unmark
from syncd.reading.ooxml import marks
from syncd.reading.ooxml.comments import FIRST_LINE, comments
from syncd.reading.ooxml.package import opened
from syncd.reading.ooxml.values import row_and_column, spot_of
from tests.corpus import write_xlsx
from tests.corpus.form import Ink, Page
from tests.reading.making import DECLARATION, MAIN, RELATIONS, sheet, xlsx_parts, zipped
from tests.reading.office import saved_again

RUNS = int(os.environ.get("SYNCD_MARKING_RUNS", "60"))
FAULT = Finding("x", "return", "値が違います", ("A2", "B1"), stands={"A2": "9", "B1": "8"})
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
Parts = dict[str, bytes | str]


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def well_formed(path: Path) -> None:
    """Every part is well-formed XML, every sheet and its styles in the order that Excel wants."""
    for name, content in members(path).items():
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        root = ElementTree.fromstring(content)
        order = marks.IN_A_SHEET if "worksheets/sheet" in name and name.endswith(".xml") else marks.IN_STYLES
        if name.endswith("styles.xml") or order is marks.IN_A_SHEET:
            tags = [child.tag.rpartition("}")[2] for child in root]
            assert tags == sorted(tags, key=order.index), (name, tags)
            spaces = {child.tag.partition("}")[0] for child in root.iter() if "spreadsheetml" in child.tag}
            assert len(spaces) <= 1, (name, spaces)


def canonical(content: bytes) -> str:
    """XML as it means: `<a/>` is `<a></a>`."""
    return ElementTree.canonicalize(content.decode("utf-8-sig"))


def there_and_back(path: Path, folder: Path, fault: Finding = FAULT) -> dict[str, bytes]:
    """Marks a form, looks at the copy, takes the marks off; the parts of the clean one."""
    marked, clean = folder / "marked.xlsx", folder / "clean.xlsx"
    assert mark(path, [fault], marked)
    well_formed(marked)
    assert differences(path, marked, "x.xlsx") == ()
    assert unmark(marked, clean)
    well_formed(clean)
    assert differences(path, clean, "x.xlsx") == ()
    with opened(path) as before, opened(clean) as after:
        for one, other in zip(before.sheets(), after.sheets(), strict=True):
            assert canonical(before.read(one.part)) == canonical(after.read(other.part))
            assert comments(before, one.part) == comments(after, other.part)
    return members(clean)


def form(folder: Path, parts: Parts) -> Path:
    path = folder / "form.xlsx"
    path.write_bytes(zipped(parts))
    return path


@pytest.mark.parametrize(
    "styles",
    [
        "<styleSheet xmlns='{}'/>", "<styleSheet xmlns='{}'></styleSheet>", "<x:styleSheet xmlns:x='{}'/>",
        "<styleSheet xmlns='{}'><dxfs/></styleSheet>", "<x:styleSheet xmlns:x='{}'><x:dxfs count='0'/></x:styleSheet>",
        "<styleSheet xmlns='{}'><extLst><ext uri='x'><dxfs/></ext></extLst></styleSheet>",
        "<styleSheet xmlns='{}'><!-- > --><dxfs count=\"0\" ><!-- a --></dxfs\n></styleSheet>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize(
    "root", ["{}<worksheet xmlns='{}'/>", "", "{}<s:worksheet xmlns:s='{}'><s:sheetData/></s:worksheet>"]
)
def test_no_part_is_broken_however_it_is_closed(tmp_path: Path, styles: str, bom: str, root: str) -> None:
    text = root.format(DECLARATION, MAIN) if root else sheet()
    parts = xlsx_parts([bom + text], styles=bom + DECLARATION + styles.format(MAIN))
    there_and_back(form(tmp_path, parts), tmp_path)


def test_a_workbook_without_styles_is_commented(tmp_path: Path) -> None:
    assert there_and_back(form(tmp_path, xlsx_parts([sheet()])), tmp_path)


@pytest.mark.parametrize("options", [{"strict": True}, {"by_default": True}, {"prefix": True}, {"bom": True},
                                     {"strict": True, "by_default": True, "prefix": True, "inline": True}])  # fmt: skip
def test_every_spelling_of_a_workbook_can_be_marked(tmp_path: Path, options: dict[str, object]) -> None:
    page = Page("表1", {(1, 1): Ink("合計"), (1, 2): Ink(62), (2, 1): Ink("備考")})
    path = tmp_path / "form.xlsx"
    path.write_bytes(write_xlsx.workbook([page], options))
    there_and_back(path, tmp_path)
    main = STRICT if options.get("strict") else MAIN
    after = members(tmp_path / "marked.xlsx")
    assert ElementTree.fromstring(after["xl/comments1.xml"]).tag == f"{{{main}}}comments"
    assert STRICT.encode() in after["xl/comments1.xml"] or not options.get("strict")


COMMENTS = (
    "<t>確認済み\n</t>", "<t xml:space='preserve'>確認済み \n\n\n</t>", "<t/>", "<t></t>", "", "<t>\n\n</t>",
    "<r><t>太</t></r><r><rPr><b/></rPr><t xml:space='preserve'>字 \n</t></r>", "<r><t>a</t></r><r><t/></r>",
    "<t><![CDATA[<&>]]></t>", "<t>&#13;&#10;x&#13;&#10;</t>", "<t>_x000D_\n_x005F_x000D_</t>",
    "<t>&lt;b&gt; &amp;amp;\n</t>",
    "<t>児童</t><rPh sb='0' eb='2'><t>ジドウ</t></rPh><phoneticPr fontId='1'/>",
)  # fmt: skip


@pytest.mark.parametrize("text", COMMENTS)
def test_what_a_person_wrote_stays_to_the_last_character(tmp_path: Path, text: str) -> None:
    before = with_comments([("A2", text), ("C9", "<t>ほか\n</t>")])
    clean = there_and_back(form(tmp_path, before), tmp_path)
    assert clean["xl/comments1.xml"] == str(before["xl/comments1.xml"]).encode()
    with opened(tmp_path / "marked.xlsx") as package:
        told = {each.cell: each for each in comments(package, "xl/worksheets/sheet1.xml")}
    assert FIRST_LINE in told["A2"].text and "A2: 9" in told["A2"].text and not told["C9"].marked


def test_a_conversation_is_left_alone(tmp_path: Path) -> None:
    parts = with_comments([("A2", "<t>[Threaded comment]\n\nはい</t>")])
    parts["xl/threadedComments/threadedComment1.xml"] = f"{DECLARATION}<ThreadedComments xmlns='http://x'/>"
    relations = "xl/worksheets/_rels/sheet1.xml.rels"
    parts[relations] = str(parts[relations]).replace(
        "</Relationships>",
        "<Relationship Id='t' Type='http://schemas.microsoft.com/office/2017/10/relationships/threadedComment' "
        "Target='../threadedComments/threadedComment1.xml'/></Relationships>",
    )
    clean = there_and_back(form(tmp_path, parts), tmp_path)
    assert clean["xl/comments1.xml"] == str(parts["xl/comments1.xml"]).encode()


@pytest.mark.parametrize("empty", ["<si><t/></si>", "<si><t></t></si>", "<si/>", "<si><r><t/></r></si>"])
def test_an_empty_text_is_no_change(tmp_path: Path, empty: str) -> None:
    cells = {
        (1, 1): Ink("合計"),
        (1, 2): Ink(62),
        (1, 3): Ink(""),
        (2, 1): Ink("", formula='IF(TRUE,"",1)'),
        (3, 1): Ink(" "),
    }
    parts: Parts = dict(write_xlsx.parts([Page("表1", cells)], {"single": True}))
    texts = bytes(parts["xl/sharedStrings.xml"]) if isinstance(parts["xl/sharedStrings.xml"], bytes) else b""
    parts["xl/sharedStrings.xml"] = texts.replace(b"<si><t xml:space='preserve'></t></si>", empty.encode())
    assert parts["xl/sharedStrings.xml"] != texts
    path = form(tmp_path, parts)
    there_and_back(path, tmp_path)
    again = tmp_path / "again.xlsx"
    openpyxl.load_workbook(path).save(again)
    assert differences(path, again, "x.xlsx") == ()


@pytest.mark.parametrize("kind", ["s", "n", "b", "d", "str"])
def test_a_value_that_is_not_there_is_none(tmp_path: Path, kind: str) -> None:
    there_and_back(form(tmp_path, xlsx_parts([sheet(f"<row r='1'><c r='A1' t='{kind}'><v></v></c></row>")])), tmp_path)


def with_comments(written: list[tuple[str, str]]) -> Parts:
    root = f"<worksheet xmlns='{MAIN}' xmlns:r='{RELATIONS}'>"
    parts = xlsx_parts([sheet("<row r='2'><c r='A2'><v>1</v></c></row>", "<legacyDrawing r:id='v'/>", root)])
    listed = "".join(f"<comment ref='{cell}' authorId='0'><text>{text}</text></comment>" for cell, text in written)
    parts["xl/comments1.xml"] = (
        f"{DECLARATION}<comments xmlns='{MAIN}'><authors><author>山田</author></authors>"
        f"<commentList>{listed}</commentList></comments>"
    )
    boxes = [(row_and_column(spot_of(cell))[0] - 1, row_and_column(spot_of(cell))[1] - 1, "x") for cell, _ in written]
    parts["xl/drawings/vmlDrawing1.vml"] = marks.drawn(marks.new_drawing(1), boxes, marks.Raster({}, {})) or b""
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f"{DECLARATION}<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
        f"<Relationship Id='c' Type='{marks.COMMENTS}' Target='../comments1.xml'/>"
        f"<Relationship Id='v' Type='{marks.DRAWING}' Target='../drawings/vmlDrawing1.vml'/></Relationships>"
    )
    parts["[Content_Types].xml"] = str(parts["[Content_Types].xml"]).replace(
        "<Override",
        "<Default Extension='vml' ContentType='application/vnd.openxmlformats-officedocument.vmlDrawing'/><Override "
        f"PartName='/xl/comments1.xml' ContentType='{marks.COMMENTS_TYPE}'/><Override",
        1,
    )
    return parts


def random_form(rng: Random, folder: Path) -> tuple[Path, list[str]]:
    """A workbook with some cells and some people's comments on them, in some spelling."""
    page = Page(rng.choice(("表1", "在籍 (1)", "It's", "a&b")))
    for _ in range(rng.randint(1, 12)):
        page.put(rng.randint(1, 9), rng.randint(1, 6), rng.choice((1, 2.5, "", " ", "合計", "\n", "<&>", "_x000D_")))  # type: ignore[arg-type]
    options = {name: rng.random() < 0.3 for name in ("inline", "prefix", "by_default", "bom")}
    path = folder / "form.xlsx"
    path.write_bytes(write_xlsx.workbook([page], dict(options)))
    if rng.random() < 0.6:
        book = openpyxl.load_workbook(path)
        for row, column in rng.sample(sorted(page.cells), min(len(page.cells), 3)):
            said = "".join(rng.choice(("あ", "\n", " ", "<", "&", "x")) for _ in range(rng.randint(1, 6))) or "x"
            book.worksheets[0].cell(row, column).comment = Comment(said, "山田")
        book.save(path)
    name = page.name.replace("'", "''")
    spots = [f"{chr(64 + column)}{row}" for row, column in page.cells] + ["A1", "H20", "B2:C4"]
    return path, [f"'{name}'!{spot}" for spot in rng.sample(spots, rng.randint(1, len(spots)))]


def test_random_forms_are_marked_and_cleaned(tmp_path: Path) -> None:
    for number in range(RUNS):
        folder = tmp_path / str(number)
        folder.mkdir()
        path, cells = random_form(Random(number), folder)
        there_and_back(
            path, folder, Finding("x", "return", "違います\n<&>", tuple(cells), stands={cells[0]: "\x0b9", "y": ""})
        )


def test_other_programs_open_the_copies_and_save_them(tmp_path: Path) -> None:
    """LibreOffice and openpyxl read what was marked, and what they save can be cleaned."""
    files = []
    for number in range(12):
        folder = tmp_path / f"f{number}"
        folder.mkdir()
        path, cells = random_form(Random(1000 + number), folder)
        marked = tmp_path / f"marked{number}.xlsx"
        assert mark(path, [Finding("x", "return", "違います", tuple(cells))], marked)
        assert openpyxl.load_workbook(marked).worksheets
        files.append((path, marked))
    office = tmp_path / "office"
    office.mkdir()
    saved_again([marked for _, marked in files], "xlsx", office, tmp_path / "profile")
    for path, marked in files:
        again, clean = office / marked.name, tmp_path / f"clean-{marked.name}"
        with opened(marked) as before, opened(again) as after:
            told = [
                {each.cell for each in comments(one, one.sheets()[0].part) if each.marked} for one in (before, after)
            ]
        assert told[0] <= told[1]
        assert unmark(again, clean)
        left = [change for change in differences(path, clean, "x.xlsx") or () if change.what == "comment"]
        assert not [change for change in left if re.sub(r"\s", "", change.old) != re.sub(r"\s", "", change.new)]
        assert not any(FIRST_LINE.encode() in content for content in members(clean).values())
