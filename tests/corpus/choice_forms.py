"""Choices as people mark them: boxes and words in cells of their own, circles, brackets, ovals drawn over a word."""

from __future__ import annotations

from random import Random

from tests.corpus.corpus import peculiarity
from tests.corpus.form import KINDS, Field, Form, Ink, Page, Right, is_state, is_value
from tests.corpus.wording import CHOICES, fact

_PAIRS = (("有", "無"), ("あり", "なし"), ("はい", "いいえ"), ("該当", "非該当"))
_MARKED, _EMPTY = ("☑", "■", "✓", "レ"), ("□", "☐")


def _marks(rng: Random) -> tuple[list[bool], Right]:
    """Which of 有 and 無 are marked, and what that means."""
    return rng.choice(
        (
            ([True, False], is_value(True)), ([False, True], is_value(False)),
            ([False, False], is_state("blank")), ([True, True], is_state("wrong kind")),
        )
    )  # fmt: skip


def _group(rng: Random, marks: list[bool]) -> list[tuple[str, str]]:
    """Box and word of each choice, in an order that differs."""
    words, mark, empty = rng.choice(_PAIRS), rng.choice(_MARKED[:2]), rng.choice(_EMPTY)
    group = [(mark if on else empty, word) for word, on in zip(words, marks, strict=True)]
    return group if rng.random() < 0.6 else group[::-1]


@peculiarity("boxes and words in cells of their own")
def boxes_apart(rng: Random, kind: str) -> Field:
    marks, right = _marks(rng)
    label = rng.choice(CHOICES)
    cells: list[Ink | None] = [Ink(text) for pair in _group(rng, marks) for text in pair]
    return Field([Ink(label)], cells, fact(label, "yes_no"), right, places=("left", "other sheet"))


@peculiarity("boxes with their words, a cell each")
def boxes_with_words(rng: Random, kind: str) -> Field:
    marks, right = _marks(rng)
    label = rng.choice(CHOICES)
    gap = rng.choice(("", " ", "　"))
    cells: list[Ink | None] = [Ink(f"{box}{gap}{word}") for box, word in _group(rng, marks)]
    if rng.random() < 0.3:
        cells.insert(1, None)
    return Field([Ink(label)], cells, fact(label, "yes_no"), right, places=("left", "other sheet"))


@peculiarity("boxes in one cell")
def boxes_together(rng: Random, kind: str) -> Field:
    marks, right = _marks(rng)
    label = rng.choice(CHOICES)
    text = rng.choice((" ", "　", "・", "  / ")).join(
        f"{box}{rng.choice(('', ' '))}{word}" for box, word in _group(rng, marks)
    )
    return Field([Ink(label)], [Ink(text)], fact(label, "yes_no"), right)


@peculiarity("a circle beside one of the words")
def circle_beside(rng: Random, kind: str) -> Field:
    marks, right = _marks(rng)
    label = rng.choice(CHOICES)
    circle = rng.choice("○◯〇")
    cells: list[Ink | None] = []
    for word, on in zip(rng.choice(_PAIRS[:2]), marks, strict=True):
        cells += [Ink(word), Ink(circle) if on else None]
    return Field([Ink(label)], cells, fact(label, "yes_no"), right, places=("left", "other sheet"))


@peculiarity("a circle above or below one of the words", tuple(kind for kind in KINDS if kind != "ods"))
def circle_above(rng: Random, kind: str) -> Form:
    yes, label, page = rng.random() < 0.5, rng.choice(CHOICES), Page("様式", widths={1: 20, 2: 9, 3: 9})
    row, above = rng.randint(3, 6), rng.random() < 0.5
    page.put(row, 1, label)
    page.put(row, 2, "有")
    page.put(row, 3, "無")
    page.put(row - 1 if above else row + 1, 2 if yes else 3, rng.choice("○◯〇"))
    page.ruled.append((row - 1 if above else row, 1, row if above else row + 1, 3))
    return Form([page], fact(label, "yes_no"), is_value(yes, "ambiguous"), place="left")


@peculiarity("one of the words in brackets")
def in_brackets(rng: Random, kind: str) -> Field:
    yes = rng.random() < 0.5
    label = rng.choice(CHOICES)
    one, other = rng.choice(_PAIRS[:2])
    left, right = rng.choice(("（）", "〔〕", "()"))
    text = f"{left}{one}{right}・{other}" if yes else f"{one}・{left}{other}{right}"
    return Field([Ink(label)], [Ink(text)], fact(label, "yes_no"), is_value(yes))


@peculiarity("the printed words untouched")
def untouched(rng: Random, kind: str) -> Field:
    label = rng.choice(CHOICES)
    one, other = rng.choice(_PAIRS)
    text = rng.choice((f"{one}・{other}", f"{one} ・ {other}", f"{one}　・　{other}", f"{one}／{other}"))
    return Field([Ink(label)], [Ink(text)], fact(label, "yes_no"), is_state("blank"))


@peculiarity("an oval drawn over one of the words", ("xlsx",))
def oval(rng: Random, kind: str) -> Form:
    yes, label = rng.random() < 0.5, rng.choice(CHOICES)
    page = Page("様式", widths={1: 20, 2: 20})
    row = rng.randint(2, 6)
    page.put(row, 1, label)
    if rng.random() < 0.5:
        page.put(row, 2, "有　　　・　　　無")
        page.ovals.append(((row, 2), 0.1 if yes else 0.85))
    else:
        page.put(row, 2, "有")
        page.put(row, 3, "無")
        page.widths[3] = 20
        page.ovals.append(((row, 2 if yes else 3), 0.1))
    return Form([page], fact(label, "yes_no"), is_value(yes, "ambiguous"), place="left")
