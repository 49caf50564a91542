"""Pages of Japanese as PDF, without a font in it: viewers have the standard Japanese fonts, or stand in for them.

fpdf2 can only embed fonts, and a Japanese one is larger than all of syncd; so the few objects are written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 595, 842
"""A4 in points."""


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


@dataclass(frozen=True, slots=True)
class Picture:
    """A square picture in red and white, `x` and `y` its upper left corner.

    Attributes:
        width: on paper, in points.
        size: dots across, a multiple of 8.
        dots: one bit a dot, row by row; 1 is red.
    """

    x: float
    y: float
    width: float
    size: int
    dots: bytes


Item = Text | Box | Picture

# Half-width ASCII, full-width Japanese: so lengths are known without the font.
_FONT = (
    (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5 /Encoding /UniJIS-UCS2-HW-H"
        b" /DescendantFonts [2 0 R] >>"
    ),
    (
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >>"
        b" /FontDescriptor 3 0 R /DW 1000 /W [1 [500] 231 632 500] >>"
    ),
    (
        b"<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [-92 -250 1010 922]"
        b" /ItalicAngle 0 /Ascent 752 /Descent -221 /CapHeight 737 /StemV 114 >>"
    ),
)
_CATALOGUE, _PAGES, _ABOUT = 4, 5, 6


def page(title: str, items: Sequence[Item]) -> bytes:
    """A document of one page, whole."""
    return document(title, [items])


def document(title: str, pages: Sequence[Sequence[Item]]) -> bytes:
    """The document, whole."""
    objects = [
        *_FONT,
        b"<< /Type /Catalog /Pages %d 0 R /Lang (ja-JP) >>" % _PAGES,
        b"",
        f"<< /Title <feff{title.encode('utf-16-be').hex()}> /Producer (syncd demo) >>".encode(),
    ]
    numbers = []
    for items in pages:
        numbers.append(len(objects) + 1)
        objects += _page(items, len(objects) + 1)
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    objects[_PAGES - 1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(numbers))
    return _file(objects)


def _page(items: Sequence[Item], first: int) -> list[bytes]:
    """The objects of a page, which are numbered from `first`: itself, what is drawn, its pictures."""
    pictures = [item for item in items if isinstance(item, Picture)]
    drawn = [_drawn(item) for item in items if not isinstance(item, Picture)]
    drawn += [
        f"q {one.width} 0 0 {one.width} {one.x} {HEIGHT - one.y - one.width} cm /P{at} Do Q"
        for at, one in enumerate(pictures)
    ]
    content = "\n".join(["0.6 w", *drawn]).encode()
    names = b" ".join(b"/P%d %d 0 R" % (at, first + 2 + at) for at in range(len(pictures)))
    resources = b"<< /Font << /F1 1 0 R >> /XObject << %s >> >>" % names
    return [
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R /Resources %s >>"
        % (_PAGES, WIDTH, HEIGHT, first + 1, resources),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        *(
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 1"
            b" /ColorSpace [/Indexed /DeviceRGB 1 <ffffffcc2222>] /Length %d >>\nstream\n%s\nendstream"
            % (one.size, one.size, len(one.dots), one.dots)
            for one in pictures
        ),
    ]


def _file(objects: Sequence[bytes]) -> bytes:
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        _CATALOGUE,
        _ABOUT,
        start,
    )
    return bytes(written)


def labelled(x: float, y: float, pairs: Sequence[tuple[str, str]]) -> list[Item]:
    """Labels one below the other, each with its value to the right."""
    return [
        item
        for at, (label, value) in enumerate(pairs)
        for item in (Text(x, y + 18 * at, label), Text(x + 90, y + 18 * at, value))
    ]


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
