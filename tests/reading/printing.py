"""Forms printed by reportlab whose right values are known by construction, each with one peculiarity of real ones.

Pure but for the fonts: numbers in, bytes and right values out. A right value of None is a blank field; `REFUSE` says
that nothing may be read, whatever the reason that is given.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfgen.canvas import Canvas

from syncd.forms.fact import Column, Fact
from syncd.reports import font

REFUSE: Final = "refuse"
Right = str | int | None
WIDTH, HEIGHT = A4
_AMOUNTS: Final = ("請求金額", "交付申請額", "支出額", "合計", "返還額")
_COUNTS: Final = ("在籍児童数", "定員", "職員数", "利用人数")
_TEXTS: Final = ("施設名", "代表者名", "施設番号")
_NAMES: Final = ("ひまわり保育園", "第二つくし園", "青空こども園", "みどりの森保育所")
_ITEMS: Final = ("基本分", "加算分", "調整分", "処遇改善", "賃借料", "栄養管理", "休日保育", "夜間保育")
_HEADINGS: Final = ("人数", "前月額", "当月額", "差額", "単価")


@dataclass(slots=True)
class Form:
    """A form being printed.

    Attributes:
        right: what must be read of each fact; `rows`: of a table, its rows.
        facts: what the rule asks for.
    """

    numbers: random.Random
    canvas: Canvas
    family: str
    size: float
    buffer: io.BytesIO
    last: str = ""
    facts: list[Fact] = field(default_factory=list)
    right: dict[str, Right] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Right]]] = field(default_factory=dict)

    def write(self, x: float, y: float, text: str, size: float = 0) -> None:
        self.last = text
        self.canvas.setFont(self.family, size or self.size)
        self.canvas.drawString(x, y, text)

    def write_right(self, x: float, y: float, text: str) -> None:
        self.canvas.setFont(self.family, self.size)
        self.canvas.drawRightString(x, y, text)

    def width(self, text: str) -> float:
        return stringWidth(text, self.family, self.size)

    def ask(self, label: str, right: Right, kind: str = "amount") -> str:
        name = f"f{len(self.facts)}"
        self.facts.append(Fact(name, kind, labels=(label,)))  # type: ignore[arg-type]
        self.right[name] = right
        return name

    def ask_table(self, columns: list[str], rows: list[dict[str, Right]], until: str = "") -> None:
        name = f"f{len(self.facts)}"
        asked = (Column("項目", ("項目",), "text"), *(Column(each, (each,), "amount", True) for each in columns))
        self.facts.append(Fact(name, columns=asked, until=until))
        self.rows[name] = rows

    def amount(self, value: int) -> str:
        return self.numbers.choice(("{:,}", "{:,}円", "¥{:,}", "{}")).format(value)

    def done(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self.buffer.getvalue()


def begun(numbers: random.Random) -> Form:
    """An empty page in one of the fonts that offices have."""
    font.font()
    registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, pageCompression=numbers.random() < 0.5, invariant=True)
    return Form(
        numbers, canvas, numbers.choice((font.NAME, "HeiseiKakuGo-W5")), numbers.choice((8, 9, 10.5, 12)), buffer
    )


def fields(form: Form, left: float = 50, top: float = 780, *, most: int = 5) -> float:
    """Labels with their values to the right, as free text; some blank. Gives the height below."""
    numbers, y = form.numbers, top
    x = left + form.size * numbers.uniform(8, 14)
    for label in numbers.sample(_AMOUNTS + _COUNTS + _TEXTS, most):
        form.write(left, y, label + numbers.choice(("", "", "：")))
        put(form, label, x, y)
        y -= form.size * numbers.uniform(1.5, 2.6)
    return y


def put(form: Form, label: str, x: float, y: float, *, right: float = 0) -> None:
    """A value, or nothing, at that place; the fact is asked for."""
    numbers = form.numbers
    if numbers.random() < 0.15:
        form.ask(label, None, "text" if label in _TEXTS else "amount")
    elif label in _TEXTS:
        text = "".join(numbers.choices("0123456789", k=3)) if label == "施設番号" else numbers.choice(_NAMES)
        form.write(x, y, text)
        form.ask(label, text, "text")
    else:
        value = numbers.randrange(1, 200 if label in _COUNTS else 9_999_999)
        text = f"{value}人" if label in _COUNTS and numbers.random() < 0.5 else form.amount(value)
        if right:
            form.write_right(right, y, text)
        else:
            form.write(x, y, text)
        form.ask(label, value)


def free(form: Form) -> None:
    fields(form)


def ruled(form: Form) -> None:
    """Labels and values in rectangles, some labels over two lines."""
    numbers, y = form.numbers, 740.0
    label_width = form.size * numbers.uniform(8, 12)
    value_width = form.size * numbers.uniform(12, 20)
    form.write(50, 780, "運営費請求書", 16)
    for label in numbers.sample(_AMOUNTS + _COUNTS + _TEXTS, 6):
        height = form.size * numbers.uniform(1.6, 3.2)
        form.canvas.rect(50, y - height, label_width, height)
        form.canvas.rect(50 + label_width, y - height, value_width, height)
        middle = y - height / 2 - form.size * 0.35
        if height > form.size * 2.5 and len(label) > 2 and numbers.random() < 0.5:
            half = len(label) // 2
            form.write(53, middle + form.size * 0.6, label[:half])
            form.write(53, middle - form.size * 0.6, label[half:])
        else:
            form.write(53, middle, numbers.choice((label, "　".join(label))) if len(label) < 5 else label)
        right = 50 + label_width + value_width - 3 if numbers.random() < 0.5 else 0.0
        put(form, label, 53 + label_width, middle, right=right)
        y -= height


def table(form: Form, *, lines: str, top: float = 700, left: float = 50) -> None:
    """A table whose numbers stand right, with blank cells: `lines` all, across, none."""
    numbers, canvas = form.numbers, form.canvas
    columns = numbers.sample(_HEADINGS, numbers.randrange(2, 5))
    widths = [form.size * 7] + [form.size * numbers.uniform(5.5, 9) for _ in columns]
    edges = [left + sum(widths[:number]) for number in range(len(widths) + 1)]
    step = form.size * numbers.uniform(1.4, 2.2)
    if lines == "none":
        step = form.size * numbers.uniform(1.2, 1.9)
    align = numbers.choice(("left", "middle", "right"))
    items = numbers.sample(_ITEMS, numbers.randrange(2, 7))
    rows: list[dict[str, Right]] = []
    y = top
    for number, heading in enumerate(("項目", *columns)):
        begin, end = edges[number] + 2, edges[number + 1] - 2
        free_room = end - begin - form.width(heading)
        shift = {"left": 0.0, "middle": free_room / 2, "right": free_room}[align]
        form.write(begin + (0 if number == 0 else shift), y - step * 0.7, heading)
    for item in items:
        y -= step
        form.write(left + 2, y - step * 0.7, item)
        row: dict[str, Right] = {"項目": item}
        for number, heading in enumerate(columns, 1):
            value = numbers.randrange(1, 99_999) if numbers.random() < 0.75 else None
            row[heading] = value
            if value is not None:
                form.write_right(edges[number + 1] - 2, y - step * 0.7, f"{value:,}")
        rows.append(row)
    bottom = y - step
    if lines != "none":
        for number in range(len(items) + 2):
            canvas.line(edges[0], top - number * step, edges[-1], top - number * step)
    if lines == "all":
        for edge in edges:
            canvas.line(edge, top, edge, bottom)
    form.ask_table(columns, rows)


def narrow(form: Form) -> None:
    """Numbers one letter apart under their headings: never one number."""
    numbers = form.numbers
    ages = numbers.sample(("0歳", "1歳", "2歳", "3歳", "4歳", "5歳"), numbers.randrange(3, 7))
    step = form.width("0歳") + form.size * numbers.uniform(0.6, 0.9)
    form.write(50, 700, "区分")
    form.write(50, 700 - form.size * 1.5, "定員")
    values = [numbers.randrange(1, numbers.choice((10, 100))) for _ in ages]
    x = 50 + form.size * 8
    for age, value in zip(ages, values, strict=True):
        form.write(x, 700, age)
        form.write_right(x + form.width("0歳"), 700 - form.size * 1.5, str(value))
        x += step
    form.ask("定員", values[0], "int")


def digits(form: Form) -> None:
    """One digit a box, right of a label, the boxes drawn or not, the names of the places above or not."""
    numbers, canvas = form.numbers, form.canvas
    value = numbers.randrange(1_000, 9_999_999)
    step, y = form.size * numbers.uniform(1.6, 2.2), 650.0
    boxes = max(len(str(value)), numbers.randrange(4, 9))
    drawn = numbers.random() < 0.7
    form.write(50, y + step * 0.3, "請求金額")
    x = 50 + form.size * 8
    empty = boxes - len(str(value))
    if drawn and numbers.random() < 0.5:
        for place, name in enumerate(reversed("円十百千万十百千億"[:boxes])):
            form.write(x + place * step + step * 0.2, y + step * 1.1, name, form.size * 0.7)
    for place in range(boxes):
        if drawn:
            canvas.rect(x + place * step, y, step, step)
        if place >= empty:
            form.write(x + place * step + step * 0.3, y + step * 0.3, str(value)[place - empty])
    form.ask("請求金額", value)


def months(form: Form) -> None:
    """Twelve months with one digit each: many numbers, never one."""
    numbers, canvas = form.numbers, form.canvas
    step, y, x = form.size * numbers.uniform(2.4, 3), 650.0, 50 + form.size * 8
    values = [numbers.randrange(1, 10) for _ in range(12)]
    drawn = numbers.random() < 0.6
    form.write(52, y + step * 0.3, "利用人数")
    for number, value in enumerate(values):
        if drawn:
            canvas.rect(x + number * step, y, step, step)
            canvas.rect(x + number * step, y + step, step, step)
        form.write(x + number * step + 2, y + step * (1.3 if drawn else 0.9), f"{(number + 3) % 12 + 1}月")
        form.write(x + number * step + step * 0.4, y + step * 0.3, str(value))
    if drawn:
        canvas.rect(50, y, x - 50, step)
        canvas.rect(50, y + step, x - 50, step)
    form.ask("利用人数", values[0], "int")


def turned(form: Form) -> None:
    """A page that is displayed turned, its text turned back."""
    turn = form.numbers.choice((90, 180, 270))
    canvas = form.canvas
    canvas.setPageRotation(turn)
    across, down = (WIDTH, HEIGHT) if turn == 180 else (HEIGHT, WIDTH)  # reportlab turns the paper, too
    canvas.translate(*{90: (across, 0), 180: (across, down), 270: (0, down)}[turn])
    canvas.rotate(turn)
    fields(form, top=500)


def lying(form: Form) -> None:
    """A page that was put into the copier sideways."""
    turn = form.numbers.choice((90, 180, 270))
    form.canvas.translate(*{90: (WIDTH, 0), 180: (WIDTH, HEIGHT), 270: (0, HEIGHT)}[turn])
    form.canvas.rotate(turn)
    fields(form, top=500)
    table(form, lines=form.numbers.choice(("all", "none")), top=300)


def within_a_form(form: Form) -> None:
    """Everything drawn as one form, as stamping tools do it, moved and made smaller."""
    canvas = form.canvas
    canvas.beginForm("body")
    fields(form)
    canvas.endForm()
    canvas.saveState()
    canvas.translate(form.numbers.uniform(0, 30), form.numbers.uniform(0, 30))
    canvas.scale(0.9, 0.9)
    canvas.doForm("body")
    canvas.restoreState()


def fillable(form: Form) -> None:
    """Values in fields of a form, free or in rectangles."""
    numbers, canvas, y = form.numbers, form.canvas, 750.0
    ruled_too = numbers.random() < 0.5
    for label in numbers.sample(_AMOUNTS + _COUNTS, 5):
        if ruled_too:
            canvas.rect(48, y - 6, 120, 24)
            canvas.rect(168, y - 6, 200, 24)
        form.write(50, y, label)
        blank, value = numbers.random() < 0.2, numbers.randrange(1, 999_999)
        canvas.acroForm.textfield(
            name=label, value="" if blank else f"{value}", x=170, y=int(y - 4), width=190, height=18, fontSize=10,
            borderWidth=numbers.choice((0, 1)),
        )  # fmt: skip
        form.ask(label, None if blank else value)
        y -= 24 if ruled_too else 34


def spread_labels(form: Form) -> None:
    """Labels spread over one width."""
    numbers, y = form.numbers, 750.0
    form.size = 10.5
    for label in numbers.sample(_AMOUNTS + _COUNTS, 5):
        room = form.size * 9 - form.size
        for number, sign in enumerate(label):
            form.write(50 + room * number / (len(label) - 1), y, sign)
        put(form, label, 50 + form.size * 11, y)
        y -= form.size * 2


def framed(form: Form) -> None:
    """A frame around the whole page, and one around a few lines."""
    form.canvas.rect(30, 30, WIDTH - 60, HEIGHT - 60)
    y = fields(form, top=760)
    form.canvas.rect(42, y - 4, 420, 780 - y)


def stamped(form: Form) -> None:
    """A stamp at an angle beside the values."""
    canvas = form.canvas
    y = fields(form)
    canvas.saveState()
    canvas.translate(400, y + 20)
    canvas.rotate(form.numbers.choice((12, -8, 90)))
    canvas.circle(20, 5, 40)
    form.write(0, 0, "受付 7.10.31", 9)
    canvas.restoreState()


def bold(form: Form) -> None:
    """Every text printed twice, which makes it bold."""
    write = Form.write

    def twice(self: Form, x: float, y: float, text: str, size: float = 0) -> None:
        write(self, x, y, text, size)
        write(self, x + 0.3, y, text, size)

    numbers, y = form.numbers, 750.0
    for label in numbers.sample(_AMOUNTS, 4):
        value = numbers.randrange(1, 9_999_999)
        for text, x in ((label, 50), (f"{value:,}円", 50 + form.size * 9)):
            twice(form, x, y, text)
        form.ask(label, value)
        y -= form.size * 2


def unseen(form: Form) -> None:
    """Numbers that nobody sees on the page: white, invisible, outside, behind a white rectangle."""
    numbers, canvas, y = form.numbers, form.canvas, 750.0
    how = [numbers.choice(("white", "invisible", "outside", "behind")) for _ in range(4)]
    for label, way in zip(numbers.sample(_AMOUNTS, 4), how, strict=True):
        form.write(50, y, label)
        x = 50 + form.size * 9
        canvas.saveState()
        if way == "white":
            canvas.setFillColorRGB(1, 1, 1)
            form.write(x, y, "999")
        elif way == "invisible":
            text = canvas.beginText(x, y)
            text.setFont(form.family, form.size)
            text.setTextRenderMode(3)
            text.textOut("999")
            canvas.drawText(text)
        elif way == "outside":
            form.write(WIDTH + 5, y, "999")
        else:
            form.write(x, y, "999")
            canvas.setFillColorRGB(1, 1, 1)
            canvas.rect(x - 3, y - 3, 60, form.size + 6, stroke=0, fill=1)
        canvas.restoreState()
        form.ask(label, None)
        y -= form.size * 2.5


def shaded(form: Form) -> None:
    """Dark cells with white text, light cells with dark text: both are seen."""
    numbers, canvas, y = form.numbers, form.canvas, 750.0
    for label in numbers.sample(_AMOUNTS, 4):
        value = numbers.randrange(1, 9_999_999)
        canvas.saveState()
        canvas.setFillColorRGB(0.1, 0.2, 0.4)
        canvas.rect(48, y - 4, form.size * 8, form.size * 2, stroke=0, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        form.write(50, y, label)
        canvas.setFillColorRGB(0.9, 0.9, 0.7)
        canvas.rect(48 + form.size * 8, y - 4, form.size * 12, form.size * 2, stroke=0, fill=1)
        canvas.restoreState()
        form.write(50 + form.size * 9, y, f"{value:,}円")
        form.ask(label, value)
        y -= form.size * 2.2


def rounded(form: Form) -> None:
    """Rectangles with round corners."""
    numbers, y = form.numbers, 740.0
    for label in numbers.sample(_AMOUNTS + _COUNTS + _TEXTS, 6):
        height = form.size * numbers.uniform(2, 3)
        form.canvas.roundRect(50, y - height, 110, height, numbers.uniform(2, 6))
        form.canvas.roundRect(165, y - height, 200, height, numbers.uniform(2, 6))
        form.write(55, y - height / 2 - form.size * 0.35, label)
        put(form, label, 170, y - height / 2 - form.size * 0.35)
        y -= height + 4


def circled(form: Form) -> None:
    """有・無 with an oval around one of them, or around none; in a cell or free."""
    numbers, canvas, y = form.numbers, form.canvas, 740.0
    for label in ("加算の有無", "変更の有無", "休園日の有無", "委託の有無"):
        choice = numbers.choice((True, False, None))
        boxed = numbers.random() < 0.5
        if boxed:
            canvas.rect(48, y - 6, 110, form.size + 12)
            canvas.rect(158, y - 6, 120, form.size + 12)
        form.write(50, y, label)
        form.write(165, y, "有　・　無" if numbers.random() < 0.5 else "有・無")
        apart = form.canvas.stringWidth("有　・　" if "　" in form.last else "有・", form.family, form.size)
        if choice is not None:
            x = 165 if choice else 165 + apart
            canvas.ellipse(x - 3, y - 4, x + form.size + 3, y + form.size + 2)
        name = f"f{len(form.facts)}"
        form.facts.append(Fact(name, "yes_no", labels=(label,)))
        form.right[name] = choice
        y -= form.size * 3


KINDS: Final[Mapping[str, Callable[[Form], None]]] = {
    "free": free,
    "ruled": ruled,
    "table in rectangles": lambda form: table(form, lines="all"),
    "table with lines across": lambda form: table(form, lines="across"),
    "table without lines": lambda form: table(form, lines="none"),
    "narrow columns": narrow,
    "digits in boxes": digits,
    "months": months,
    "turned": turned,
    "lying": lying,
    "within a form": within_a_form,
    "fillable": fillable,
    "spread labels": spread_labels,
    "framed": framed,
    "stamped": stamped,
    "printed twice": bold,
    "unseen": unseen,
    "shaded": shaded,
    "rounded": rounded,
    "circled": circled,
}


def printed(kind: str, seed: int) -> tuple[bytes, Form]:
    """One form of a kind; the same seed gives the same bytes."""
    form = begun(random.Random(f"{kind} {seed}"))
    KINDS[kind](form)
    return form.done(), form
