"""PDF files, pictures and texts."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import partial

from syncd.forms.fact import Trouble
from tests.reading import making as m
from tests.reading.hostile_file import (
    UNREADABLE,
    Hostile,
    Named,
    good,
)


def pdfs() -> Named:
    def pdf(name: str, make: Callable[[], bytes], trouble: Trouble = "") -> tuple[str, Hostile]:
        return name, Hostile(make, "012_202610_交付申請書.pdf", "pdf", trouble)

    catalog, one = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    yield pdf("pdf head alone", lambda: b"%PDF-1.7\n", UNREADABLE)
    yield pdf("pdf behind a letter", lambda: b"Dear all,\n" + m.page())
    yield pdf("pdf without pages", lambda: m.pdf(catalog, b"<</Type/Pages/Kids[]/Count 0>>"), UNREADABLE)
    yield pdf("pdf without a root", lambda: m.pdf(b"<<>>", root=9), UNREADABLE)
    yield pdf(
        "pdf whose pages are their own child",
        lambda: m.pdf(catalog, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
        UNREADABLE,
    )
    yield pdf(
        "pdf whose pages go in a circle",
        lambda: m.pdf(catalog, one, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
        UNREADABLE,
    )
    yield pdf(
        "pdf of 600 pages",
        lambda: m.pdf(catalog, b"<</Type/Pages/Kids[%s]/Count 600>>" % (b"3 0 R " * 600), b"<</Type/Page>>"),
        "too big",
    )
    yield pdf("pdf that claims many pages", lambda: m.page().replace(b"/Count 1", b"/Count 2147483647"))
    yield pdf("pdf with objects in a circle", lambda: m.page(root=b"/Names 6 0 R", more=[b"7 0 R", b"6 0 R"]))
    yield pdf("pdf with nested arrays", lambda: m.page(root=b"/X " + b"[" * 5000 + b"]" * 5000), UNREADABLE)
    yield pdf("pdf with nested dictionaries", lambda: m.page(root=b"/X " + b"<</A " * 5000 + b">>" * 5000))
    yield pdf("pdf with a huge table", lambda: m.page().replace(b"xref\n0 6", b"xref\n0 99999999"), UNREADABLE)
    yield pdf("pdf with a wrong start", lambda: m.page().replace(b"startxref\n", b"startxref\n9"))
    yield pdf("pdf whose table goes in a circle", lambda: _previous_itself())
    yield pdf("pdf stream bomb", lambda: m.page(m.stream(b" " * 31_000_000, packed=True)), "bomb")
    yield pdf(
        "pdf stream bomb in two layers",
        lambda: m.page(
            m.stream(zlib.compress(b" " * 31_000_000), b"/X 1", packed=True).replace(
                b"/Filter/FlateDecode", b"/Filter[/FlateDecode/FlateDecode]"
            )
        ),
        "bomb",
    )
    yield pdf("pdf of endless operators", lambda: m.page(m.stream(b"q " * 510_000, packed=True)), "too big")
    yield pdf(
        "pdf with a damaged stream",
        lambda: m.page(b"<</Length 20/Filter/FlateDecode>>\nstream\n" + b"x" * 20 + b"\nendstream"),
    )
    yield pdf("pdf with an unknown filter", lambda: m.page(m.stream(b"x", b"/Filter/Nothing")), UNREADABLE)
    yield pdf(
        "pdf form that draws itself",
        lambda: m.page(
            b"/X Do",
            page=b"/Resources<</XObject<</X 6 0 R>>>>",
            more=[m.stream(b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")],
        ),
    )
    yield pdf(
        "pdf picture bomb",
        lambda: m.page(more=[m.stream(bytes(3_000_000), b"/Subtype/Image/Width 99999/Height 99999", packed=True)]),
    )
    yield pdf("pdf text far away", lambda: m.page(b"BT /F 12 Tf 72 700 Td (a) Tj 1000000000 0 Td (b) Tj ET"))
    yield pdf(
        "pdf with a font that is none", lambda: m.page().replace(m.FONT, b"<</Type/Font/ToUnicode 9 0 R/Encoding/Q>>")
    )
    yield pdf("pdf in binary noise", lambda: b"%PDF-1.4\n" + bytes(range(256)) * 20, UNREADABLE)
    yield pdf("pdf with an unclosed text", lambda: m.page(b"BT (a"))
    yield pdf("pdf with a missing object", lambda: m.page().replace(b"4 0 obj", b"8 0 obj"))
    yield pdf("pdf reference to anything", lambda: m.page(root=b"/AcroForm 99 0 R"))


def drawings() -> Named:
    """PDFs that ask much of whoever draws them; each is answered in its time."""

    def pdf(name: str, make: Callable[[], bytes], trouble: Trouble = "") -> tuple[str, Hostile]:
        return name, Hostile(make, "012_202610_交付申請書.pdf", "pdf", trouble)

    def drawn(contents: bytes, resources: bytes = b"", *more: bytes, entries: bytes = b"") -> bytes:
        made = m.page(m.stream(contents, packed=True), page=entries, more=more)
        return made.replace(b"/Resources<</Font<</F 5 0 R>>", b"/Resources<</Font<</F 5 0 R>>" + resources, 1)

    form = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>"
    line = b"10 %d m 500 %d l S "
    yield pdf(
        "pdf of 200,000 lines", lambda: drawn(b"".join(line % (n % 800, n % 800) for n in range(200_000))), "too big"
    )
    yield pdf(
        "pdf of 45,000 lines", lambda: drawn(b"".join(line % (n % 800, n % 800) for n in range(45_000))), "too big"
    )
    yield pdf(
        "pdf of one path of 160,000 lines", lambda: drawn(b"0 0 m " + b"9 9 l 9 99 l " * 80_000 + b"S"), "too big"
    )
    yield pdf("pdf of 70,000 letters", lambda: drawn(b"BT /F 1 Tf 9 9 Td (" + b"a" * 70_000 + b") Tj ET"), "")
    yield pdf(
        "pdf of 30,000 words",
        lambda: drawn(
            b"BT /F 1 Tf "
            + b"".join(b"1 0 0 1 %d %d Tm (a) Tj " % (n % 199 * 3, n // 199 * 5) for n in range(30_000))
            + b"ET"
        ),
        "too big",
    )
    yield pdf(
        "pdf of 2,400 boxes",
        lambda: drawn(b"".join(b"%d %d 10 10 re S " % (n % 50 * 11, n // 50 * 11) for n in range(2_400))),
    )
    yield pdf(
        "pdf of a grid of 700 by 700 lines",
        lambda: drawn(
            b"".join(b"%d 0 m %d 6000 l S 0 %d m 6000 %d l S " % (n * 8, n * 8, n * 8, n * 8) for n in range(700)),
            entries=b"/CropBox[0 0 6000 6000]",
        ).replace(b"[0 0 595 842]", b"[0 0 6000 6000]"),
        "too big",
    )
    yield pdf(
        "pdf of 6,000 comments",
        lambda: drawn(
            b"", b"", b"<</Subtype/FreeText/Contents(a)/Rect[0 0 9 9]>>", entries=b"/Annots[" + b"6 0 R " * 6_000 + b"]"
        ),
        "too big",
    )
    yield pdf(
        "pdf of forms that draw each other ten times",
        lambda: drawn(
            b"/X Do " * 10,
            b"/XObject<</X 6 0 R>>",
            *(m.stream(b"/X Do " * 10, form % (n + 7)) for n in range(9)),
            m.stream(b"0 0 9 9 re f", form % 99),
        ),
        "too big",
    )
    yield pdf(
        "pdf of forms a hundred deep",
        lambda: drawn(
            b"/X Do ",
            b"/XObject<</X 6 0 R>>",
            *(m.stream(b"/X Do ", form % (n + 7)) for n in range(100)),
        ),
    )
    yield pdf(
        "pdf with a form that unpacks to 31 MB",
        lambda: drawn(b"/X Do", b"/XObject<</X 6 0 R>>", m.stream(b" " * 31_000_000, form % 99, packed=True)),
        "bomb",
    )
    yield pdf(
        "pdf with a font that unpacks to 31 MB",
        lambda: drawn(
            m.WORDS, b"", b"<</Type/FontDescriptor/FontFile2 7 0 R>>", m.stream(b"\0" * 31_000_000, packed=True)
        ).replace(m.FONT, b"<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor 6 0 R>>"),
        "bomb",
    )
    yield pdf(
        "pdf with a ToUnicode that unpacks to 31 MB",
        lambda: drawn(m.WORDS, b"", m.stream(b" " * 31_000_000, packed=True)).replace(
            m.FONT, m.FONT[:-2] + b"/ToUnicode 6 0 R>>"
        ),
        "bomb",
    )
    for number, matrix in enumerate((b"1e30 0 0 1e30 0 0", b"0 0 0 0 0 0", b"1e-30 0 0 1e-30 0 0", b"nan 0 0 inf 0 0")):
        yield pdf(f"pdf with an odd matrix {number}", partial(drawn, matrix + b" cm " + m.WORDS + b" 0 0 9 9 re S"))
    for number, box in enumerate((b"[0 0 1e9 1e9]", b"[0 0 0 0]", b"[9 9 1 1]", b"[a b c d]", b"[-1e9 -1e9 1e9 1e9]")):
        yield pdf(f"pdf with an odd page {number}", partial(m.page().replace, b"[0 0 595 842]", box))
    pattern = b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep .001/YStep .001/Resources<<>>"
    yield pdf(
        "pdf with a pattern of tiny tiles over white text",
        lambda: drawn(
            b"1 g " + m.WORDS + b"/Pattern cs /P scn 0 0 595 842 re f",
            b"/Pattern<</P 6 0 R>>",
            m.stream(b"0 0 1 1 re f", pattern),
        ),
        "too slow",
    )
    yield pdf(
        "pdf with a shade over text",
        lambda: drawn(
            m.WORDS + b"/S sh",
            b"/Shading<</S<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 595 0]/Extend[true true]"
            b"/Function<</FunctionType 2/Domain[0 1]/N 1>>>>>>",
        ),
    )
    yield pdf(
        "pdf with a picture bomb over text",
        lambda: drawn(
            m.WORDS + b"q 595 0 0 842 0 0 cm /I Do Q",
            b"/XObject<</I 6 0 R>>",
            m.stream(
                b"\0" * 9_000_000,
                b"/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB",
                packed=True,
            ),
        ),
    )
    yield pdf(
        "pdf with half a picture over text",
        lambda: drawn(
            m.WORDS + b"q 595 0 0 842 0 0 cm /I Do Q",
            b"/XObject<</I 6 0 R>>",
            m.stream(
                b"\xff\xd8\xff",
                b"/Subtype/Image/Width 600/Height 600/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode",
            ),
        ),
    )
    yield pdf(
        "pdf with a field that is its own parent",
        lambda: drawn(b"", b"", b"<</Subtype/Widget/Rect[0 0 9 9]/Parent 6 0 R>>", entries=b"/Annots[6 0 R]"),
    )
    yield pdf("pdf with comments that are none", lambda: drawn(b"", entries=b"/Annots[1 (a) null [] <<>> 99 0 R /A]"))
    yield pdf(
        "pdf with layers that are none", lambda: m.page(root=b"/OCProperties<</D<</OFF[1 (a) 99 0 R]/BaseState/OFF>>>>")
    )


def _previous_itself() -> bytes:
    data = m.page()
    at = data.rindex(b"xref\n0")
    return data.replace(b"/Root", b"/Prev %d/Root" % at)


def pictures() -> Named:
    yield "png bomb", Hostile(lambda: m.png(60_000, 60_000), "a.png", "png", "bomb")
    yield "png of no width", Hostile(lambda: m.png(0, 9), "a.png", "png", UNREADABLE)
    yield (
        "png with a chunk that is too long",
        Hostile(lambda: m.png().replace(b"\0\0\0\x0d", b"\x7f\0\0\x0d", 1), "a.png", "png", UNREADABLE),
    )
    yield "jpg bomb", Hostile(lambda: m.jpg(65_000, 65_000), "a.jpg", "jpg", "bomb")
    yield (
        "jpg without a size",
        Hostile(lambda: b"\xff\xd8\xff\xda" + bytes(50) + b"\xff\xd9", "a.jpg", "jpg", UNREADABLE),
    )
    yield "jpg of no height", Hostile(lambda: m.jpg(9, 0), "a.jpg", "jpg", UNREADABLE)
    yield (
        "jpg with segments of no length",
        Hostile(lambda: b"\xff\xd8\xff\xe0\0\0" + bytes(50), "a.jpg", "jpg", UNREADABLE),
    )
    yield "jpg with more behind it", Hostile(lambda: m.jpg() + b"MPF" * 50, "a.jpg", "jpg")
    yield "jpg with a web page", Hostile(lambda: m.jpg()[:-2] + b"<script>alert(1)</script>\xff\xd9", "a.jpg", "jpg")
    yield "video", Hostile(lambda: b"\0\0\0\x18ftypmp42" + bytes(20), "a.mp4", "other")
    yield "svg", Hostile(lambda: b"<svg><script>alert(1)</script></svg>", "a.png", "html")


def texts() -> Named:
    def csv(name: str, make: Callable[[], bytes], trouble: Trouble = "", total: int | None = 12) -> tuple[str, Hostile]:
        return name, Hostile(make, "012_202610_在籍.csv", "csv", trouble, False, None if trouble else total)

    text = "合計,12\r\n人数,3\r\n"
    for encoding in ("utf-8", "utf-8-sig", "cp932", "utf-16", "utf-32"):
        yield csv(f"csv in {encoding}", partial(text.encode, encoding))
    yield csv("csv of tabs", lambda: text.replace(",", "\t").encode())
    yield csv("csv of semicolons", lambda: text.replace(",", ";").encode())
    yield csv("csv with an end mark", lambda: text.encode("cp932") + b"\x1a")
    yield csv("csv of old Macs", lambda: text.replace("\r\n", "\r").encode())
    yield csv("csv that commands", lambda: (text + "=cmd|' /C calc'!A0,x\r\n").encode())
    yield csv("csv with an open quote", lambda: (text + '"' + "x," * 1000).encode())
    yield csv("csv with an endless field", lambda: ("x" * 200_000 + "\r\n" + text).encode(), UNREADABLE)
    yield csv(
        "csv that turns into another encoding", lambda: (text * 500).encode("utf-8") + b"\x83\xff\xff", UNREADABLE
    )
    yield csv("csv that turns binary", lambda: (text * 500).encode() + bytes(9), UNREADABLE)
    yield csv("csv of a million cells", lambda: b"1," * 402_000 + b"\n", "too big")
    yield csv("csv of line ends", lambda: b"a,b\n" + b"\n" * 500_000, total=None)
    yield csv("csv of 60 MB", lambda: b"1234567890,1234567890,1234567890\r\n" * 1_800_000, "too big")
    yield csv("csv of one column", lambda: "合計\r\n12\r\n".encode())
    yield "text of NUL", Hostile(lambda: bytes(1000), "a.csv", "other")
    yield "text in half a character", Hostile(lambda: b"\x81", "a.txt", "other")
    yield "one byte", Hostile(lambda: b"P", "a.xlsx", "text")
    yield "two bytes of zip", Hostile(lambda: b"PK", "a.xlsx", "text")
    yield "three bytes of zip", Hostile(lambda: b"PK\3", "a.xlsx", "other")
    yield "byte order mark alone", Hostile(lambda: b"\xef\xbb\xbf", "a.csv", "csv")
    yield "rich text", Hostile(lambda: b"{\\rtf1 hello}", "a.doc", "other")
    yield "shortcut", Hostile(lambda: b"L\0\0\0\1\x14\2\0" + bytes(60), "在籍.xlsx.lnk", "exe")
    yield "batch file called csv", Hostile(lambda: b"@echo off\r\ndel x\r\n", "a.csv", "script")
    yield "escape sequences", Hostile(lambda: b"\x1b[2J\x1b]0;x\7" * 9, "a.txt", "other")
    yield "program of Linux", Hostile(lambda: b"\x7fELF" + bytes(60), "a.pdf", "exe")
    yield "self-extracting archive", Hostile(lambda: b"MZ" + bytes(100) + good()["zip"], "a.zip", "exe")
