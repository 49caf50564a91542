"""What nobody sees on the page is no value, however it is hidden; what is seen is one, however oddly it is drawn."""

from __future__ import annotations

import pytest

from syncd.forms.fact import Fact
from tests.reading import making as m
from tests.reading.conftest import Read

TOTAL = Fact("total", "int", ("Total",))
LABEL = b"BT /F 12 Tf 72 700 Td (Total) Tj ET "
NUMBER = b"BT /F 12 Tf 172 700 Td (999) Tj ET "
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>"
LAYERS = b"/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>"
LAYER = b"<</Type/OCG/Name(notes)>>"
BASE_OFF = b"/OCProperties<</OCGs[6 0 R]/D<</BaseState/OFF>>>>"
SHOWN = b"/OCProperties<</OCGs[6 0 R]/D<</ON[6 0 R]>>>>"


def page(contents: bytes, *more: bytes, resources: bytes = b"", root: bytes = b"", entries: bytes = b"") -> bytes:
    made = m.page(LABEL + contents, root=root, page=entries, more=more)
    return made.replace(b"/Resources<</Font<</F 5 0 R>>>>", b"/Resources<</Font<</F 5 0 R>>%s>>" % resources, 1)


def picture(pixels: int, more: bytes = b"") -> bytes:
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceGray" % (
        pixels,
        pixels,
    )
    return m.stream(b"\xdd" * (pixels * pixels), entries + more, packed=True)


X = b"/XObject<</X 6 0 R>>"
OVER = b"q 100 0 0 30 160 690 cm /X Do Q "
LAYER_OF_TEXT = b"/Properties<</L 6 0 R>>"

UNSEEN = {
    "white": page(b"1 g " + NUMBER),
    "nearly white": page(b"0.97 g " + NUMBER),
    "drawn by a white line": page(b"1 G BT 1 Tr /F 12 Tf 172 700 Td (999) Tj ET"),
    "invisible": page(b"BT 3 Tr /F 12 Tf 172 700 Td (999) Tj ET"),
    "only for clipping": page(b"q BT 7 Tr /F 12 Tf 172 700 Td (999) Tj ET Q"),
    "behind a white rectangle": page(NUMBER + b"1 g 160 690 100 30 re f"),
    "behind a black rectangle": page(NUMBER + b"0 g 160 690 100 30 re f"),
    "black on black": page(b"0 g 160 690 100 30 re f " + NUMBER),
    "white on a light shade that is nearly white": page(b"0.98 g 160 690 100 30 re f 1 g " + NUMBER),
    "transparent": page(b"/G gs " + NUMBER, b"<</ca 0>>", resources=b"/ExtGState<</G 6 0 R>>"),
    "cut away": page(b"q 0 0 100 842 re W n " + NUMBER + b"Q"),
    "cut away by a form's edge": page(b"/X Do", m.stream(NUMBER, FORM.replace(b"595 842", b"100 842")), resources=X),
    "beside the page": page(b"BT /F 12 Tf 700 700 Td (999) Tj ET"),
    "outside of the crop box": page(NUMBER, entries=b"/CropBox[0 0 150 842]"),
    "white in a form": page(b"/X Do", m.stream(b"1 g " + NUMBER, FORM), resources=X),
    "behind a rectangle, both in a form": page(
        b"/X Do", m.stream(NUMBER + b"1 g 160 690 100 30 re f", FORM), resources=X
    ),
    "behind a picture": page(NUMBER + OVER, picture(20), resources=X),
    "behind a large picture": page(NUMBER + OVER, picture(1500), resources=X),
    "on a layer that is off": page(
        b"/OC /L BDC " + NUMBER + b"EMC", LAYER, resources=LAYER_OF_TEXT, root=LAYERS
    ),
    "on a layer that is off unless it is on": page(
        b"/OC /L BDC " + NUMBER + b"EMC", LAYER, resources=LAYER_OF_TEXT, root=BASE_OFF
    ),
    "in a form on a layer that is off": page(
        b"/X Do", LAYER, m.stream(NUMBER, FORM + b"/OC 6 0 R"), resources=b"/XObject<</X 7 0 R>>", root=LAYERS
    ),
    "a hidden field": page(b"", entries=b"/Annots[<</Subtype/Widget/FT/Tx/T(a)/V(999)/F 2/Rect[172 695 250 715]>>]"),
    "a field that is not viewed": page(
        b"", entries=b"/Annots[<</Subtype/Widget/FT/Tx/T(a)/V(999)/F 32/Rect[172 695 250 715]>>]"
    ),
    "a password": page(
        b"", entries=b"/Annots[<</Subtype/Widget/FT/Tx/T(a)/V(999)/Ff 8192/Rect[172 695 250 715]>>]"
    ),
    "a hidden comment": page(
        b"", entries=b"/Annots[<</Subtype/FreeText/Contents(999)/F 2/Rect[172 695 250 715]>>]"
    ),
    "a field on a layer that is off": page(
        b"", LAYER, root=LAYERS,
        entries=b"/Annots[<</Subtype/Widget/FT/Tx/T(a)/V(999)/OC 6 0 R/Rect[172 695 250 715]>>]",
    ),
    "a comment that opens": page(b"", entries=b"/Annots[<</Subtype/Text/Contents(999)/Rect[172 695 250 715]>>]"),
}  # fmt: skip
SEEN = {
    "plain": page(NUMBER),
    "white on black": page(b"0 g 160 690 100 30 re f 1 g " + NUMBER),
    "grey": page(b"0.6 g " + NUMBER),
    "yellow": page(b"1 0.9 0 rg " + NUMBER),
    "on a light shade": page(b"0.9 g 160 690 100 30 re f 0 g " + NUMBER),
    "an outline": page(b"BT 1 Tr /F 12 Tf 172 700 Td (999) Tj ET"),
    "half transparent": page(b"/G gs " + NUMBER, b"<</ca 0.5>>", resources=b"/ExtGState<</G 6 0 R>>"),
    "with a marker over it": page(
        NUMBER + b"/G gs 1 1 0 rg 160 690 100 30 re f", b"<</ca 0.4>>", resources=b"/ExtGState<</G 6 0 R>>"
    ),
    "within a clip": page(b"q 160 690 100 30 re W n " + NUMBER + b"Q"),
    "in a form in a form": page(
        b"/X Do",
        m.stream(b"/Y Do", b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</Y 7 0 R>>>>"),
        m.stream(b"0.5 g " + NUMBER, FORM), resources=X,
    ),
    "in a form that is moved": page(
        b"q 1 0 0 1 72 300 cm /X Do Q",
        m.stream(b"BT /F 12 Tf 0 0 Td (999) Tj ET", FORM + b"/Matrix[1 0 0 1 100 400]"), resources=X,
    ),
    "on a picture": page(OVER + NUMBER, picture(20), resources=X),
    "on a layer that is on": page(b"/OC /L BDC " + NUMBER + b"EMC", LAYER, resources=LAYER_OF_TEXT, root=SHOWN),
    "with another layer off": page(NUMBER, LAYER, resources=LAYER_OF_TEXT, root=LAYERS),
    "a field": page(b"", entries=b"/Annots[<</Subtype/Widget/FT/Tx/T(a)/V(999)/Rect[172 695 250 715]>>]"),
    "a field that inherits": page(
        b"", b"<</FT/Tx/T(a)/V(999)/Kids[7 0 R]>>", b"<</Subtype/Widget/Parent 6 0 R/Rect[172 695 250 715]>>",
        entries=b"/Annots[7 0 R]",
    ),
    "a choice": page(
        b"", entries=b"/Annots[<</Subtype/Widget/FT/Ch/T(a)/V(x)/Opt[[(x)(999)][(y)(1)]]/Rect[172 695 250 715]>>]"
    ),
    "a comment on the page": page(b"", entries=b"/Annots[<</Subtype/FreeText/Contents(999)/Rect[172 695 250 715]>>]"),
    "in a crop box": page(NUMBER, entries=b"/CropBox[50 600 400 800]"),
}  # fmt: skip


@pytest.mark.parametrize("way", UNSEEN)
def test_what_nobody_sees_is_no_value(read: Read, way: str) -> None:
    found = read(UNSEEN[way], "a.pdf", TOTAL)
    assert (found.trouble, found.facts["total"].one, found.facts["total"].state) == ("", None, "blank"), found.detail


@pytest.mark.parametrize("way", SEEN)
def test_what_is_seen_is_one(read: Read, way: str) -> None:
    found = read(SEEN[way], "a.pdf", TOTAL)
    assert (found.trouble, found.facts["total"].one) == ("", 999), (found.detail, found.facts)


def test_a_field_that_shows_other_digits_than_its_value_has_none(read: Read) -> None:
    looks = m.stream(b"/Tx BMC BT /F 12 Tf 2 5 Td (1,000) Tj ET EMC", FORM)
    field = b"/Annots[<</Subtype/Widget/FT/Tx/T(a)/V(%s)/AP<</N 6 0 R>>/Rect[172 695 250 715]>>]"
    anew, as_drawn = (b"/AcroForm<</NeedAppearances %s>>" % word for word in (b"true", b"false"))
    for value, root, state, one in (
        (b"1000", b"", "found", 1000),
        (b"999", b"", "ambiguous", None),
        (b"999", as_drawn, "ambiguous", None),
        (b"999", anew, "found", 999),
    ):
        found = read(page(b"", looks, root=root, entries=field % value), "a.pdf", TOTAL).facts["total"]
        assert (found.state, found.one) == (state, one)


def test_text_behind_a_scan_is_no_text(read: Read) -> None:
    whole = b"q 595 0 0 842 0 0 cm /X Do Q "
    for contents in (whole + b"BT 3 Tr /F 12 Tf 172 700 Td (Total 999) Tj ET", NUMBER + whole):
        data = m.page(contents, more=[picture(20)]).replace(
            b"/Resources<</Font<</F 5 0 R>>>>", b"/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>"
        )
        found = read(data, "a.pdf", TOTAL)
        assert (found.text, found.scan, found.facts["total"].state) == (False, True, "missing")
