"""Word documents that are damaged, endless or not what they seem."""

from __future__ import annotations

from collections.abc import Callable

from syncd.forms.fact import Trouble
from tests.reading import making as m
from tests.reading.hostile_file import ENCRYPTED, UNREADABLE, Hostile, Named

GOOD = m.word_table(["合計", "12"])


def documents() -> Named:
    def docx(
        name: str, make: Callable[[], bytes], trouble: Trouble = "", total: int | None = None, *, macros: bool = False
    ) -> tuple[str, Hostile]:
        return f"docx {name}", Hostile(make, "012_202610_在籍.docx", "docx", trouble, macros, total)

    def raw(part: str, *more: str) -> bytes:
        return m.office(m.WORD, "word", *more, part=part)

    yield docx("that is sound", lambda: m.docx(GOOD), total=12)
    yield docx("with embedded files", lambda: m.office(m.WORD, "word", "word/embeddings/oleObject1.bin"))
    yield docx(
        "without its main part",
        lambda: m.office(m.WORD, "word").replace(b"word/document.xml", b"word/documenx.xml"),
        UNREADABLE,
    )
    yield docx("that is no XML", lambda: raw("<w:document"), UNREADABLE)
    yield docx("without a body", lambda: raw("<a/>"), UNREADABLE)
    yield docx(
        "in UTF-16",
        lambda: _packed(f"<?xml version='1.0' encoding='UTF-16'?><d {m.W}><body>{GOOD}</body></d>".encode("utf-16")),
        total=12,
    )
    yield docx("with a document type", lambda: raw("<!DOCTYPE d [<!ENTITY a 'b'>]><d><body>&a;</body></d>"), UNREADABLE)
    yield docx(
        "with a thousand million laughs",
        lambda: raw(
            "<!DOCTYPE d [<!ENTITY a0 'ha'>"
            + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)) + "]><d><body>&a9;</body></d>"
        ),
        UNREADABLE,
    )  # fmt: skip
    yield docx(
        "nested 100,000 deep", lambda: raw("<d><body>" + "<p>" * 100_000 + "</p>" * 100_000 + "</body></d>"), "too big"
    )
    yield docx(
        "of tables in tables", lambda: raw("<d><body>" + "<tbl><tr><tc>" * 80 + "</tc></tr></tbl>" * 80 + "</body></d>")
    )
    yield docx("of 500,000 paragraphs", lambda: raw("<d><body>" + "<p/>" * 500_000 + "</body></d>"), "too big")
    yield docx("of 60,000 lines", lambda: raw("<d><body>" + "<p><r><t>合計：</t></r></p>" * 60_000 + "</body></d>"))
    yield docx(
        "of 90,000 cells",
        lambda: raw(
            "<d><body><tbl>" + ("<tr>" + "<tc><p><r><t>1</t></r></p></tc>" * 30 + "</tr>") * 3_000 + "</tbl></body></d>"
        ),
    )
    yield docx(
        "with a cell over a million columns",
        lambda: m.docx(m.word_table(["<w:tc><w:tcPr><w:gridSpan w:val='99999'/></w:tcPr></w:tc>", "12"])),
        "too big",
    )
    yield docx(
        "with spans that are none",
        lambda: m.docx(
            m.word_table(
                ["<w:tc><w:tcPr><w:gridSpan w:val='-9'/><w:vMerge w:val='x'/></w:tcPr></w:tc>", "12"], widths=[-5]
            )
        ),
    )
    yield docx("with one endless word", lambda: m.docx(m.paragraph("合計" * 3_000_000)), "bomb")
    yield docx("that unpacks to much", lambda: m.docx(m.paragraph(" " * 300_000_000)), "bomb")
    yield docx(
        "whose main part is outside",
        lambda: m.zipped(
            {
                m.CONTENT_TYPES: f"<Types><Override ContentType='{m.WORD}'/></Types>",
                m.ROOT: "<Relationships><Relationship Id='a' Type='x/officeDocument' TargetMode='External' "
                "Target='file:///etc/passwd'/></Relationships>",
            }
        ),
        UNREADABLE,
    )
    yield docx(
        "whose header is its body",
        lambda: _packed(
            f"<d {m.W}><body>{GOOD}</body></d>".encode(),
            "<Relationships><Relationship Id='a' Type='x/header' Target='d.xml'/></Relationships>",
        ),
        total=12,
    )
    yield (
        "docx with a password",
        Hostile(
            lambda: m.compound({"EncryptedPackage": bytes(600), "EncryptionInfo": bytes(60)}),
            "a.docx",
            "docx",
            ENCRYPTED,
        ),
    )


def _packed(part: bytes, relations: str = "<Relationships/>") -> bytes:
    """A document whose main part is called otherwise than usual."""
    main = "<Relationship Id='a' Type='x/officeDocument' Target='word/d.xml'/>"
    return m.zipped(
        {
            m.CONTENT_TYPES: f"<Types><Override ContentType='{m.WORD}'/></Types>",
            m.ROOT: f"<Relationships>{main}</Relationships>",
            "word/d.xml": part,
            "word/_rels/d.xml.rels": relations,
        }
    )
