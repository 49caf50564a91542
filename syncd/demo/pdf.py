"""One page of Japanese as PDF, without a font in it: viewers have the standard Japanese fonts, or stand in for them.

fpdf2 can only embed fonts, and a Japanese one is larger than all of syncd; so the few objects are written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 595, 842
"""A4 in points."""


# Half-width ASCII, full-width Japanese: so lengths are known without the font.
_FONT = (
    (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5 /Encoding /UniJIS-UCS2-HW-H"
        b" /DescendantFonts [6 0 R] >>"
    ),
    (
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >>"
        b" /FontDescriptor 7 0 R /DW 1000 /W [1 [500] 231 632 500] >>"
    ),
    (
        b"<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [-92 -250 1010 922]"
        b" /ItalicAngle 0 /Ascent 752 /Descent -221 /CapHeight 737 /StemV 114 >>"
    ),
)


@dataclass(frozen=True, slots=True)
class Text:
    """Words whose baseline begins `x` from the left and `y` from the top; `right`: they end there instead."""

    x: float
    y: float
    words: str
    size: float = 10.5
    right: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, `x` and `y` its upper left corner; without height it is a line."""

    x: float
    y: float
    width: float
    height: float = 0.0


def page(title: str, items: Sequence[Text | Box]) -> bytes:
    """The document, whole."""
    content = "\n".join(["0.6 w", *(_drawn(item) for item in items)]).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (ja-JP) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
        % (WIDTH, HEIGHT),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        *_FONT,
        f"<< /Title <feff{title.encode('utf-16-be').hex()}> /Producer (syncd demo) >>".encode(),
    ]
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        start,
    )
    return bytes(written)


def _drawn(item: Text | Box) -> str:
    if isinstance(item, Text):
        left = item.x - _width(item) if item.right else item.x
        code = item.words.encode("utf-16-be").hex()
        return f"BT /F1 {item.size} Tf {left:.1f} {HEIGHT - item.y:.1f} Td <{code}> Tj ET"
    if item.height:
        return f"{item.x} {HEIGHT - item.y - item.height} {item.width} {item.height} re S"
    return f"{item.x} {HEIGHT - item.y} m {item.x + item.width} {HEIGHT - item.y} l S"


def _width(text: Text) -> float:
    return sum(text.size / 2 if character.isascii() else text.size for character in text.words)
