"""What only paper has: columns that are told apart by where they lie, what nobody sees, fields, turned pages, scans."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random
from typing import Any

import pypdf
from PIL import Image
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from tests.corpus.corpus import peculiarity
from tests.corpus.form import Field, Form, Ink, Page, Right, Worth, is_state, is_value
from tests.corpus.plain_forms import table_form
from tests.corpus.wording import COUNTS, any_value, fact
from tests.corpus.write_pdf import Paper
from tests.corpus.write_texts import pictured

_LEFT = ("left", "other sheet", "merged")


@peculiarity("numbers in columns that nearly touch", ("pdf", "calc-pdf"))
def narrow_columns(rng: Random, kind: str) -> Form:
    page, label = Page("様式", widths={1: 12}), rng.choice(COUNTS)
    ages = rng.randint(3, 7)
    numbers = [rng.randint(10, 99) for _ in range(ages)]
    page.put(1, 1, "年齢別の状況")
    page.put(3, 1, "区分")
    page.put(4, 1, label)
    for at, number in enumerate(numbers):
        page.put(3, 2 + at, f"{at}歳")
        page.put(4, 2 + at, Ink(number, right=rng.random() < 0.5))
        page.widths[2 + at] = rng.choice((4.2, 4.5, 5))
    if rng.random() < 0.4:
        page.ruled.append((3, 1, 4, 1 + ages))
    return Form([page], fact(label, "int"), is_value(numbers[0], "ambiguous", "wrong kind"), place="table")


@peculiarity("blank cells in a printed table", ("pdf", "calc-pdf", "docx", "csv"))
def blank_cells(rng: Random, kind: str) -> Form:
    rows: list[tuple[Ink | None, ...]] = []
    right: list[dict[str, Worth]] = []
    for number in range(rng.randint(3, 7)):
        people = rng.randint(1, 40) if rng.random() < 0.6 else None
        amount = rng.randint(100, 99_999) if rng.random() < 0.7 or number == 0 else None
        item = f"項目{'一二三四五六七'[number]}"
        rows.append(
            (Ink(item), None if people is None else Ink(people), None if amount is None else Ink(amount, "#,##0"))
        )
        right.append({"i": item, "n": people, "a": amount})
    made = table_form(rng, ("項目名", "人数", "金額"), rows, tuple(right))
    if kind == "pdf" and rng.random() < 0.5:
        made.pages[0].ruled.clear()
    return made


def _covered(label: str, do: Callable[[Canvas, Paper, tuple[float, float, float, float]], None]) -> dict[str, Any]:
    """Draws something over the cell right of that label."""

    def draw(canvas: Canvas, paper: Paper) -> None:
        for (row, column), ink in paper.page.cells.items():
            if ink.value == label:
                area = paper.areas.get((row, column), (row, column, row, column))
                do(canvas, paper, paper.box((row, area[3] + 1)))
                return

    return {"draw": draw}


@peculiarity("white text", ("pdf", "calc-pdf"))
def white(rng: Random, kind: str) -> Field:
    label, name, ink, _ = any_value(rng, kind)
    unseen = Ink(ink.shown, white=True)
    return Field([Ink(label)], [unseen], fact(label, name), is_state("blank"), places=_LEFT)


@peculiarity("behind a white box", ("pdf",))
def behind_a_box(rng: Random, kind: str) -> Field:
    label, name, ink, _ = any_value(rng, kind)

    def cover(canvas: Canvas, paper: Paper, box: tuple[float, float, float, float]) -> None:
        left, bottom, right, top = box
        canvas.setFillGray(1)
        canvas.rect(left + 1, bottom + 1, max(right - left, 150) - 2, top - bottom - 2, stroke=0, fill=1)
        canvas.setFillGray(0)

    return Field([Ink(label)], [ink], fact(label, name), is_state("blank"), places=("left", "other sheet"),
                 options=_covered(label, cover))  # fmt: skip


@peculiarity("outside the crop box", ("pdf",))
def outside(rng: Random, kind: str) -> Field:
    label, name, ink, _ = any_value(rng, kind)

    def crop(writer: pypdf.PdfWriter) -> None:
        for page in writer.pages:
            page.cropbox = pypdf.generic.RectangleObject((0, 842 - 480, 595, 842))

    def finish(content: bytes) -> bytes:
        return _changed(content, crop)

    # The field lies in the part that the page shows; below it, beyond the edge, stands something else.
    return Field([Ink(label)], [None], fact(label, name), is_state("blank"), places=("left",),
                 near={(60, 0): Ink(label), (60, 1): ink}, options={"finish": finish, "size": 6})  # fmt: skip


def _changed(content: bytes, change: Callable[[pypdf.PdfWriter], object]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@peculiarity("in a layer that is switched off", ("pdf",))
def layer(rng: Random, kind: str) -> Field:
    label, name, _, _ = any_value(rng, kind, "int", "amount")

    def draw(canvas: Canvas, paper: Paper, box: tuple[float, float, float, float]) -> None:
        canvas._code.append("/OC /L0 BDC")  # type: ignore[attr-defined]
        canvas.drawString(box[0] + 3, box[1] + 5, "4321")
        canvas._code.append("EMC")  # type: ignore[attr-defined]

    def finish(content: bytes) -> bytes:
        def change(writer: pypdf.PdfWriter) -> None:
            group = writer._add_object(
                DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("L")})
            )
            off = DictionaryObject({NameObject("/OFF"): ArrayObject([group])})
            writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
                {NameObject("/OCGs"): ArrayObject([group]), NameObject("/D"): off}
            )
            for page in writer.pages:
                resources = page["/Resources"].get_object()
                assert isinstance(resources, DictionaryObject)
                resources[NameObject("/Properties")] = DictionaryObject({NameObject("/L0"): group})

        return _changed(content, change)

    options = {**_covered(label, draw), "finish": finish}
    return Field([Ink(label)], [None], fact(label, name), is_state("blank"), places=("left",), options=options)


@peculiarity("a form field", ("pdf",))
def form_field(rng: Random, kind: str) -> Field:
    return _form_field(rng)


def _form_field(rng: Random) -> Field:
    label, name, _, _ = any_value(rng, "pdf", "int", "amount")
    blank = rng.random() < 0.25
    number = rng.randint(1, 999_999)

    def draw(canvas: Canvas, paper: Paper, box: tuple[float, float, float, float]) -> None:
        left, bottom, right, top = box
        canvas.acroForm.textfield(
            name=f"f{rng.randint(1, 99)}", value="" if blank else str(number), x=round(left + 1), y=round(bottom + 1),
            width=round(max(right - left - 2, 60)), height=round(top - bottom - 2), fontSize=8, borderWidth=0,
        )  # fmt: skip

    return Field([Ink(label)], [None], fact(label, name), is_state("blank") if blank else is_value(number),
                 places=("left", "merged"), options=_covered(label, draw))  # fmt: skip


@peculiarity("a comment typed onto the page", ("pdf",))
def free_text(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    boxes: list[tuple[float, float, float, float]] = []

    def draw(canvas: Canvas, paper: Paper, box: tuple[float, float, float, float]) -> None:
        boxes.append(box)

    def finish(content: bytes) -> bytes:
        left, bottom, right, top = boxes.pop()
        note = FreeText(
            text=ink.shown, rect=(left + 2, bottom + 1, max(right - 2, left + 90), top - 1), font_size="8pt"
        )
        return _changed(content, lambda writer: writer.add_annotation(0, note))

    options = {**_covered(label, draw), "finish": finish}
    return Field([Ink(label)], [None], fact(label, name), is_value(value), places=("left", "merged"), options=options)


@peculiarity("a turned page", ("pdf",))
def turned_page(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    angle = rng.choice((90, 180, 270))
    # Turned as a scanner's program turns it, with its text upright on the screen; or as it was fed, lying on its side.
    options: dict[str, object] = {rng.choice(("turned", "turn")): angle}
    return Field([Ink(label)], [ink], fact(label, name), is_value(value), options=options)


@peculiarity("text inside a form that the page refers to", ("pdf",))
def in_a_form(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    return Field([Ink(label)], [ink], fact(label, name), is_value(value), options={"xobject": True})


@peculiarity("printed twice to look bold", ("pdf",))
def twice_for_bold(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    return Field([Ink(label)], [ink], fact(label, name), is_value(value), options={"bold": True})


@peculiarity("a number format of Acrobat's in a field", ("pdf",))
def formatted_field(rng: Random, kind: str) -> Field:
    made = _form_field(rng)
    script = rng.choice(
        ('AFNumber_Format(0, 0, 0, 0, "", true);', 'AFDate_FormatEx("yyyy/mm/dd");', "AFSpecial_Format(0);")
    )

    def finish(content: bytes) -> bytes:
        def change(writer: pypdf.PdfWriter) -> None:
            action = DictionaryObject(
                {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)}
            )
            for page in writer.pages:
                for each in page.get("/Annots", ()):
                    each.get_object()[NameObject("/AA")] = DictionaryObject({NameObject("/F"): action})

        return _changed(content, change)

    made.options = {**made.options, "finish": finish}
    return made


@peculiarity("an attachment in a PDF is held", ("pdf",))
def attachment(rng: Random, kind: str) -> Field:
    label, name, ink, _ = any_value(rng, kind)

    def finish(content: bytes) -> bytes:
        return _changed(content, lambda writer: writer.add_attachment("内訳.xlsx", b"PK"))

    return Field([Ink(label)], [ink], fact(label, name), Right(becomes="hold"), options={"finish": finish})


@peculiarity("a scan or photo is held", ("pdf", "docx"))
def scan(rng: Random, kind: str) -> Form:
    label, name, _, _ = any_value(rng, kind)
    picture = io.BytesIO()
    Image.new("L", (rng.randint(200, 400), rng.randint(200, 400)), rng.randint(120, 250)).save(picture, "JPEG")

    def content(_: Random, form: Form) -> bytes:
        if kind == "docx":
            return pictured(picture.getvalue())
        target = io.BytesIO()
        Image.open(io.BytesIO(picture.getvalue())).save(target, "PDF")
        return target.getvalue()

    return Form([Page()], fact(label, name), Right(becomes="hold"), place="picture", content=content)
