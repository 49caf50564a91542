"""What stands in, before and around labels: numbering, footnotes, longer labels, example sheets, hidden rows."""

from __future__ import annotations

from random import Random

from tests.corpus.corpus import peculiarity
from tests.corpus.form import BOOKS, Field, Form, Ink, Page, Right, is_state, is_value
from tests.corpus.wording import BRACKETED, CIRCLED, RAISED, any_value, fact


def numbering(rng: Random) -> str:
    return rng.choice(CIRCLED + BRACKETED)


@peculiarity("circled number in the label")
def circled_in_label(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    sign = numbering(rng)
    text = rng.choice((f"{sign}{label}", f"{sign} {label}", f"{label}{sign}", f"{label}　{sign}"))
    return Field([Ink(text)], [ink], fact(label, name), is_value(value))


@peculiarity("circled number in the label, blank")
def circled_in_label_blank(rng: Random, kind: str) -> Field:
    label, name, _, _ = any_value(rng, kind)
    sign = numbering(rng)
    return Field([Ink(rng.choice((f"{sign}{label}", f"{label}{sign}", f"{label} {sign}")))], [None], fact(label, name),
                 is_state("blank"))  # fmt: skip


@peculiarity("circled number between label and value")
def circled_between(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    return Field([Ink(label), Ink(numbering(rng))], [ink], fact(label, name), is_value(value),
                 places=("left", "other sheet"))  # fmt: skip


@peculiarity("circled number between label and value, blank")
def circled_between_blank(rng: Random, kind: str) -> Field:
    label, name, _, _ = any_value(rng, kind)
    return Field([Ink(label), Ink(numbering(rng))], [None], fact(label, name), is_state("blank"),
                 places=("left", "other sheet"))  # fmt: skip


@peculiarity("circled number in a cell before the label")
def circled_before(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    return Field([Ink(numbering(rng)), Ink(label)], [ink], fact(label, name), is_value(value),
                 places=("left", "other sheet"))  # fmt: skip


@peculiarity("circled number alone as the value")
def circled_alone(rng: Random, kind: str) -> Field:
    label, name, _, _ = any_value(rng, kind, "int", "amount")
    return Field([Ink(label)], [Ink(numbering(rng))], fact(label, name), is_state("blank", "wrong kind"))


@peculiarity("footnote number in the label")
def raised_in_label(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    if kind == "xlsx" and rng.random() < 0.5:
        return Field(
            [Ink(label, raised=rng.choice(("1", "2", "注1", "※2")))], [ink], fact(label, name), is_value(value)
        )
    return Field([Ink(label + rng.choice(RAISED))], [ink], fact(label, name), is_value(value))


@peculiarity("footnote number behind the value", ("xlsx",))
def raised_in_value(rng: Random, kind: str) -> Field:
    label, name, _, _ = any_value(rng, kind, "int", "amount")
    number = rng.randint(2, 9_999)
    text = f"{number}{rng.choice(('', '人', '円') if name == 'int' else ('', '円'))}"
    small = rng.random() < 0.5
    ink = Ink(text, raised=rng.choice(("1", "2", "注1"))) if small else Ink(text + rng.choice(RAISED))
    return Field([Ink(label)], [ink], fact(label, name), is_value(number, "wrong kind", "ambiguous"))


@peculiarity("a label that is spread over its cell", ("openpyxl", "calc-xlsx", "pdf", "calc-pdf"))
def spread_label(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    return Field([Ink(label, spread=True)], [ink], fact(label, name), is_value(value), places=("left", "merged"))


@peculiarity("a label on two lines")
def two_lines(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    middle = len(label) // 2
    return Field([Ink(f"{label[:middle]}\n{label[middle:]}")], [ink], fact(label, name), is_value(value),
                 places=("left", "above", "other sheet"), box="row")  # fmt: skip


@peculiarity("the same label twice, both filled")
def twice_filled(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind, "int", "amount", "date")
    _, _, other, other_value = any_value(rng, kind, name)
    if rng.random() < 0.4:
        other, other_value = ink, value
    right = is_value(value, "ambiguous") if other_value == value else is_state("ambiguous")
    near = {(2, 0): Ink(label), (2, 1): other}
    return Field([Ink(label)], [ink], fact(label, name), right, places=("left",), near=near)


@peculiarity("one longer label contains it")
def contained_once(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    longer = rng.choice((f"今月の{label}", f"{label}（税込の額）", f"本年度{label}", f"{label}等"))
    return Field([Ink(longer)], [ink], fact(label, name), is_value(value, "ambiguous"))


@peculiarity("two longer labels contain it")
def contained_twice(rng: Random, kind: str) -> Field:
    label, name, ink, _ = any_value(rng, kind)
    one, other = rng.sample((f"前年度{label}", f"当初{label}", f"{label}累計", f"変更後{label}", f"前月{label}等"), 2)
    near = {(1, 0): Ink(other), (1, 1): ink}
    return Field([Ink(one)], [ink], fact(label, name), is_state("ambiguous", "missing"), places=("left",), near=near)


@peculiarity("the label whole, beside longer ones")
def whole_beside_longer(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    one = rng.choice((f"前年度{label}", f"{label}累計", f"変更前{label}"))
    near = {(1, 0): Ink(one), (1, 1): Ink("99")}
    return Field([Ink(label)], [ink], fact(label, name), is_value(value), places=("left",), near=near)


@peculiarity("headings contained in two", BOOKS)
def headings_twice(rng: Random, kind: str) -> Form:
    heading = rng.choice(("金額", "人数", "単価"))
    one, other = rng.sample((f"請求{heading}", f"前回{heading}", f"決定{heading}", f"{heading}合計"), 2)
    page = Page("内訳", widths={1: 12, 2: 14, 3: 14})
    for at, text in enumerate(("項目", one, other), start=1):
        page.put(3, at, text)
    for row in range(4, 7):
        page.put(row, 1, f"項{row}")
        page.put(row, 2, row * 100)
        page.put(row, 3, row * 90)
    return Form([page], f"{{table: {{i: 項目, y: {{label: {heading}, as: amount}}}}}}",
                is_state("missing", "ambiguous"), kinds=BOOKS, place="table")  # fmt: skip


@peculiarity("an example sheet", tuple(each for each in BOOKS if each != "ods"))
def example_sheet(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    _, _, other, _ = any_value(rng, kind, name)
    title = rng.choice(
        ("記入例", "見本", "例", "サンプル", "sample", "記入例（4月）", "Sample", "【記入例】", "様式（見本）")
    )
    example = Page(title, {(2, 1): Ink(label), (2, 2): other})
    blank = rng.random() < 0.5
    right = is_state("blank") if blank else is_value(value)
    made = Field([Ink(label)], [None if blank else ink], fact(label, name), right, places=("left", "merged"))
    (made.before if rng.random() < 0.5 else made.after).append(example)
    return made


@peculiarity("a sheet named exactly and one that contains the name", BOOKS)
def sheet_exact(rng: Random, kind: str) -> Form:
    label, name, ink, value = any_value(rng, kind)
    _, _, other, _ = any_value(rng, kind, name)
    wanted = rng.choice(("請求書", "内訳", "集計"))
    longer = Page(f"{wanted}（控）" if rng.random() < 0.5 else f"前月{wanted}", {(1, 1): Ink(label), (1, 2): other})
    exact = Page(wanted, {(1, 1): Ink(label), (1, 2): ink}, widths={1: 16, 2: 24})
    pages = [longer, exact] if rng.random() < 0.7 else [exact, longer]
    return Form(pages, fact(label, name, sheet=wanted), is_value(value), kinds=BOOKS, place="other sheet")


def _hidden(rng: Random, kind: str) -> tuple[Page, str, Right]:
    label, name, ink, value = any_value(rng, kind)
    _, _, other, _ = any_value(rng, kind, name)
    page = Page("様式", widths={1: 16, 2: 22, 3: 16, 4: 22})
    page.put(1, 1, "報告書")
    blank = rng.random() < 0.4
    rows = rng.random() < 0.5
    page.put(3, 1, label)
    page.put(3, 2, other)
    if rows:
        page.put(5, 1, label)
        if not blank:
            page.put(5, 2, ink)
        page.hidden_rows.add(3)
    else:
        page.put(3, 3, label)
        if not blank:
            page.put(3, 4, ink)
        page.hidden_columns |= {1, 2}
    return page, fact(label, name), is_state("blank") if blank else is_value(value)


@peculiarity("hidden rows and columns", tuple(each for each in BOOKS if each not in ("ods",)))
def hidden_rows(rng: Random, kind: str) -> Form:
    page, wanted, right = _hidden(rng, kind)
    return Form([page], wanted, right, place="left")


@peculiarity("a hidden sheet", tuple(each for each in BOOKS if each not in ("ods",)))
def hidden_sheet(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    _, _, other, _ = any_value(rng, kind, name)
    hidden = Page("計算", {(2, 1): Ink(label), (2, 2): other}, hidden=True)
    blank = rng.random() < 0.4
    made = Field([Ink(label)], [None if blank else ink], fact(label, name),
                 is_state("blank") if blank else is_value(value))  # fmt: skip
    (made.before if rng.random() < 0.5 else made.after).append(hidden)
    return made


@peculiarity("a company's sign in a text")
def company(rng: Random, kind: str) -> Field:
    name = rng.choice(("㈱青空保育", "㈲ひまわり", "（株）みどり会", "㈳愛育会"))
    label = rng.choice(("設置者の名称", "請求者", "法人の名称"))
    return Field([Ink(label)], [Ink(name)], fact(label, "text"), is_value(name))
