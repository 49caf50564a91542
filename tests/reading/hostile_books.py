"""Workbooks whose parts are wrong, and XML that wants to be expanded or fetched."""

from __future__ import annotations

from functools import partial

from tests.reading import making as m
from tests.reading.hostile_file import (
    UNREADABLE,
    Hostile,
    Named,
    book,
)


def workbooks() -> Named:
    far = m.CELLS + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield book("cell at the far corner", lambda: m.xlsx(far), total=12)
    yield book(
        "cell beyond the last row", lambda: m.xlsx('<row r="1048577"><c r="A1048577"><v>1</v></c></row>'), UNREADABLE
    )
    yield book("cell beyond the last column", lambda: m.xlsx('<row r="1"><c r="XFE1"><v>1</v></c></row>'), UNREADABLE)
    yield book("cell in row 0", lambda: m.xlsx('<row r="0"><c r="A0"><v>1</v></c></row>'), UNREADABLE)
    yield book(
        "huge dimension claimed",
        lambda: m.zipped(m.xlsx_parts([m.sheet(root=f'<worksheet xmlns="{m.MAIN}"><dimension ref="A1:XFD1048576"/>')])),
        total=12,
    )
    yield book(
        "cells without addresses",
        lambda: m.xlsx('<row><c t="inlineStr"><is><t>合計</t></is></c><c><v>12</v></c></row>'),
        total=12,
    )
    yield book("text that is not there", lambda: m.xlsx('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), UNREADABLE)
    yield book("number that is none", lambda: m.xlsx(m.CELLS + '<row r="2"><c r="A2"><v>x</v></c></row>'), UNREADABLE)
    for text in ("1e999", "-1e999", "nan", "1E300", "0.1e-300", "9" * 400):
        cells = m.CELLS + f'<row r="2"><c r="A2"><v>{text}</v></c></row>'
        yield book(f"number {text[:8]}", partial(m.xlsx, cells), total=12)
    for text in ("-5", "0", "1e12", "2958466", "60"):
        cells = m.CELLS + f'<row r="2"><c r="A2" s="1"><v>{text}</v></c></row>'
        yield book(f"day {text}", partial(m.xlsx, cells, styles=m.styles("yyyy/m/d")), total=12)
    yield book("style that is not there", lambda: m.xlsx(m.CELLS.replace('"B1"', '"B1" s="99"')), total=12)
    yield book(
        "array formulas and data tables",
        lambda: m.xlsx(
            m.CELLS + '<row r="2"><c r="A2"><f t="array" ref="A2:A9">{1}</f><v>1</v></c>'
            '<c r="B2"><f t="dataTable" ref="B2:B9"/><v>1</v></c></row>'
        ),
        total=12,
    )
    yield book(
        "shared formula without its master",
        lambda: m.xlsx(m.CELLS + '<row r="2"><c r="A2"><f t="shared" si="5"/><v>1</v></c></row>'),
        total=12,
    )
    yield book("300 sheets", lambda: m.zipped(m.xlsx_parts([m.sheet("")] * 300)), "too big")
    yield book(
        "sheets claimed but not there",
        lambda: m.zipped(m.xlsx_parts() | {"xl/workbook.xml": _claimed(50_000)}),
        UNREADABLE,
    )
    yield book(
        "400,000 sheets claimed", lambda: m.zipped(m.xlsx_parts() | {"xl/workbook.xml": _claimed(400_000)}), "bomb"
    )
    yield book("no sheets", lambda: m.zipped(m.xlsx_parts() | {"xl/workbook.xml": _claimed(0)}), UNREADABLE)
    for name in ("_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"):
        yield book(f"no {name}", partial(_without, name), UNREADABLE)
    yield book("no content types", lambda: _without("[Content_Types].xml"), total=12)
    yield book(
        "external workbook part",
        lambda: m.zipped(
            m.xlsx_parts()
            | {
                "xl/_rels/workbook.xml.rels": (
                    f'<R><Relationship Id="rId1" Type="{m.RELATIONS}/worksheet" TargetMode="External" Target="http://x.example/"/></R>'
                )
            }
        ),
        UNREADABLE,
    )
    yield book(
        "sheet target outside",
        lambda: m.zipped(
            m.xlsx_parts()
            | {
                "xl/_rels/workbook.xml.rels": (
                    f'<R><Relationship Id="rId1" Type="{m.RELATIONS}/worksheet" Target="../../../../etc/passwd"/></R>'
                )
            }
        ),
        UNREADABLE,
    )
    yield book("twin parts", lambda: _twin_parts(), UNREADABLE)
    yield book(
        "merged areas of nonsense",
        lambda: m.xlsx(
            after=(
                '<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="Z9:A1"/><mergeCell ref="x"/></mergeCells>'
            )
        ),
    )
    yield book(
        "names of sheets with control characters",
        lambda: m.zipped(
            m.xlsx_parts()
            | {
                "xl/workbook.xml": (
                    f'<workbook xmlns:r="{m.RELATIONS}"><sheets>'
                    '<sheet name="&#9;=cmd|x" r:id="rId1"/></sheets></workbook>'
                )
            }
        ),
        total=12,
    )
    yield book("too many cells", lambda: m.xlsx(_cells(402_000)), "too big")
    yield book("huge shared texts", lambda: m.xlsx(strings=m.strings(*["児" * 30_000] * 300)), "bomb")


def _cells(count: int) -> str:
    return "".join(f'<row r="{row}">' + f"<c><v>{row}</v></c>" * 100 + "</row>" for row in range(1, count // 100 + 1))


def _claimed(count: int) -> str:
    sheets = '<sheet name="表" sheetId="9" r:id="rId9"/>' * count
    return f'<workbook xmlns:r="{m.RELATIONS}"><sheets>{sheets}</sheets></workbook>'


def _without(name: str) -> bytes:
    parts = m.xlsx_parts()
    del parts[name]
    return m.zipped(parts)


def _twin_parts() -> bytes:
    parts = [(name.encode(), data.encode() if isinstance(data, str) else data) for name, data in m.xlsx_parts().items()]
    return m.raw_zip([*parts, parts[-1]])


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


QUADRATIC = f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]>'


FETCHING = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def xml() -> Named:
    """XML that wants to be expanded or fetched, in each part of a workbook."""
    for name, declaration in (
        ("billion laughs", LAUGHS),
        ("quadratic blow-up", QUADRATIC),
        ("file fetching", FETCHING),
    ):
        for part in (
            "xl/workbook.xml",
            "xl/worksheets/sheet1.xml",
            "xl/sharedStrings.xml",
            "xl/styles.xml",
            "_rels/.rels",
        ):
            yield book(
                f"{name} in {part}",
                partial(_declared, part, declaration),
                UNREADABLE,
            )
        content = f"{declaration}<a>&a;</a>"
        yield (
            f"{name} in content types",
            Hostile(
                partial(m.zipped, m.xlsx_parts() | {"[Content_Types].xml": content + m.SHEET_TYPE}),
                "a.xlsx",
                "xlsx",
                "",
                False,
                12,
            ),
        )
        yield f"{name} alone", Hostile(content.encode, "a.xml", "xml")
    yield book("deeply nested elements", lambda: m.xlsx("<row>" * 50_000 + "</row>" * 50_000 + m.CELLS), total=12)
    yield book("half an element", lambda: m.zipped(m.xlsx_parts([m.sheet()[:-40]])), UNREADABLE)
    yield book("unclosed cell", lambda: m.xlsx(m.CELLS.replace("</c>", "", 1)), UNREADABLE)
    yield book("not XML at all", lambda: m.zipped(m.xlsx_parts(["hello"])), UNREADABLE)
    yield book(
        "invalid UTF-8",
        lambda: m.zipped(m.xlsx_parts() | {"xl/worksheets/sheet1.xml": b"<worksheet>\xff</worksheet>"}),
        UNREADABLE,
    )
    yield book(
        "sheet in UTF-16",
        lambda: m.zipped(
            m.xlsx_parts() | {"xl/worksheets/sheet1.xml": m.sheet().replace("UTF-8", "UTF-16").encode("utf-16")}
        ),
        total=12,
    )
    yield book(
        "comments and CDATA",
        lambda: m.xlsx(m.CELLS.replace("合計", "<![CDATA[合計]]>") + "<!-- <c><v>1</v></c> -->"),
        total=12,
    )
    yield book("prefixed elements", lambda: m.zipped(m.xlsx_parts([_prefixed()])), total=12)
    yield book(
        "attributes out of order",
        lambda: m.xlsx(m.CELLS.replace('r="A1" t="inlineStr"', 't="inlineStr" ph="1"  r="A1"')),
        total=12,
    )
    yield book(
        "many attributes",
        lambda: m.xlsx(m.CELLS.replace('r="B1"', 'r="B1" ' + " ".join(f'a{n}="{n}"' for n in range(20_000)))),
        total=12,
    )
    yield book(
        "an attribute twice",
        lambda: m.xlsx(m.CELLS.replace('r="B1"', 'r="B1" q="1" q="1"').replace("<v>", "<x/><v>")),
        UNREADABLE,
    )
    yield book("many open cells", lambda: m.xlsx('<c r="A1"><f>' * 20_000), UNREADABLE)
    yield book("many open attributes", lambda: m.xlsx('<c r="' * 20_000), UNREADABLE)


def _declared(part: str, declaration: str) -> bytes:
    parts = m.xlsx_parts(strings=m.strings("&a;"), styles=m.styles("0"))
    text = parts[part]
    assert isinstance(text, str)
    parts[part] = text.replace(m.DECLARATION, m.DECLARATION + declaration, 1)
    return m.zipped(parts)


def _prefixed() -> str:
    inside = m.sheet().removeprefix(m.DECLARATION)
    inside = inside.replace("</", "\0").replace("<", "<x:").replace("\0", "</x:").replace("xmlns=", "xmlns:x=")
    return m.DECLARATION + inside
