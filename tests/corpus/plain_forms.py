"""Forms without any trick, which must be read all the same; and fields left blank."""

from __future__ import annotations

from random import Random

from tests.corpus.corpus import peculiarity
from tests.corpus.form import BOOKS, Field, Form, Ink, Page, Worth, is_state, is_value
from tests.corpus.wording import DASHES, any_value, decorated, fact


@peculiarity("plain field")
def plain(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    return Field([Ink(decorated(rng, label))], [ink], fact(label, name), is_value(value))


@peculiarity("blank field")
def blank(rng: Random, kind: str) -> Field:
    label, name, _, _ = any_value(rng, kind)
    return Field([Ink(decorated(rng, label))], [None], fact(label, name), is_state("blank"))


@peculiarity("no such field")
def missing(rng: Random, kind: str) -> Field:
    label, name, ink, _ = any_value(rng, kind)
    return Field([Ink("備考欄")], [ink], fact(label, name), is_state("missing"), places=("left", "other sheet"))


@peculiarity("a dash is blank")
def dash(rng: Random, kind: str) -> Field:
    label, name, _, _ = any_value(rng, kind, "int", "amount", "date")
    signs = rng.choice(DASHES) * rng.choice((1, 1, 2, 3))
    if kind in ("xlsx", "openpyxl") and rng.random() < 0.2:
        signs = rng.choice(("以下余白", "（以下余白）"))
    return Field([Ink(label)], [Ink(signs)], fact(label, name), is_state("blank"))


@peculiarity("words that the rule calls blank")
def blank_words(rng: Random, kind: str) -> Field:
    label, name, _, _ = any_value(rng, kind, "int", "amount", "date")
    words = rng.sample(("休", "該当なし", "休園", "未定", "対象外", "別紙"), 2)
    return Field(
        [Ink(label)], [Ink(rng.choice(words))], fact(label, name, blank=f"[{', '.join(words)}]"), is_state("blank")
    )


@peculiarity("two numbers in a cell")
def two_numbers(rng: Random, kind: str) -> Field:
    label, name, _, _ = any_value(rng, kind, "int", "amount")
    one, other = rng.randint(2, 90), rng.randint(2, 90)
    text = rng.choice((f"{one} {other}", f"{one}　{other}", f"{one}・{other}", f"{one}/{other}", f"{one}～{other}",
                       f"{one}人 {other}人", f"{one}（{other}）", f"{one}→{other}"))  # fmt: skip
    # On paper only lines tell one cell from two.
    return Field([Ink(label)], [Ink(text)], fact(label, name), is_state("wrong kind", "ambiguous"), box="row",
                 places=("left", "other sheet", "merged"))  # fmt: skip


@peculiarity("the same label twice, the first blank")
def twice(rng: Random, kind: str) -> Field:
    label, name, ink, _ = any_value(rng, kind)
    down = rng.choice((2, 3, 5))
    near = {(down, 0): Ink(label), (down, 1): ink}
    return Field([Ink(label)], [None], fact(label, name), is_state("blank", "ambiguous"), places=("left",), near=near)


@peculiarity("the same label on another sheet, the first blank", tuple(each for each in BOOKS if each != "ods"))
def other_sheet(rng: Random, kind: str) -> Field:
    label, name, ink, _ = any_value(rng, kind)
    other = Page(rng.choice(("控え", "別紙", "内訳", "計算用")), {(2, 1): Ink(label), (2, 2): ink})
    return Field(
        [Ink(label)], [None], fact(label, name), is_state("blank", "ambiguous"), places=("left", "merged"),
        after=[other],
    )  # fmt: skip


@peculiarity("plain table")
def table(rng: Random, kind: str) -> Form:
    rows: list[tuple[Ink | None, ...]] = []
    right: list[dict[str, Worth]] = []
    for number in range(rng.randint(2, 8)):
        amount, people = rng.randint(100, 999_999), rng.randint(0, 60)
        item = rng.choice(("基本分", "加算分", "調整分", "特別分")) + str(number + 1)
        rows.append((Ink(item), Ink(people), Ink(amount, "#,##0")))
        right.append({"i": item, "n": people, "a": amount})
    return table_form(rng, ("項目名", "人数", "金額"), rows, tuple(right))


def table_form(
    rng: Random, headings: tuple[str, ...], rows: list[tuple[Ink | None, ...]], right: tuple[dict[str, Worth], ...]
) -> Form:
    """A form with one ruled table of items, people and amounts, and a total below."""
    page = Page("内訳")
    top, left = rng.randint(1, 6), rng.choice((1, 2))
    if top > 2:
        page.put(1, left, "内訳書")
    for at, heading in enumerate(headings):
        page.put(top, left + at, heading)
        page.widths[left + at] = rng.choice((10, 12, 14, 18))
    for down, row in enumerate(rows, start=1):
        for at, ink in enumerate(row):
            if ink is not None:
                page.put(top + down, left + at, ink)
    bottom = top + len(rows)
    page.ruled.append((top, left, bottom, left + len(headings) - 1))
    return Form(
        [page],
        f"{{table: {{i: {headings[0]}, n: {{label: {headings[1]}, as: int, optional: true}}, "
        f"a: {{label: {headings[2]}, as: amount, optional: true}}}}}}",
        is_value(right),
        place="table",
    )
