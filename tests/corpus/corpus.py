"""Deals out the forms: every peculiarity in turn, each time another kind of file, place and wording, from one seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from tests.corpus import frame
from tests.corpus.form import KINDS, PAPERS, Field, Form
from tests.corpus.write import Case
from tests.corpus.write_pdf import FONTS

Make = Callable[[Random, str], Field | Form]
"""A form of a peculiarity as that kind of file."""

PECULIARITIES: Final[dict[str, tuple[Make, tuple[str, ...]]]] = {}
"""By name: what makes one, and the kinds of file that can show it."""
_WEIGHTS: Final = {"xlsx": 5, "openpyxl": 4, "calc-xlsx": 2, "xls": 2, "ods": 2, "calc-ods": 1, "csv": 2, "pdf": 5,
                   "calc-pdf": 3, "docx": 3}  # fmt: skip


def peculiarity(name: str, kinds: Sequence[str] = KINDS) -> Callable[[Make], Make]:
    """Adds one to the corpus."""

    def add(make: Make) -> Make:
        assert name not in PECULIARITIES, name
        PECULIARITIES[name] = (make, tuple(kinds))
        return make

    return add


def cases(seed: int, count: int, only: str = "", kind: str = "") -> list[Case]:
    """So many forms. `only`: of peculiarities with these words in their name; `kind`: as these kinds of file."""
    import tests.corpus.peculiarities  # noqa: F401  # they register themselves

    names = [name for name in PECULIARITIES if only in name]
    found: list[Case] = []
    for number in range(count):
        name = names[number % len(names)]
        make, kinds = PECULIARITIES[name]
        allowed = [each for each in kinds if not kind or each in kind.split(",")]
        if not allowed:
            continue
        rng = Random(f"{seed}/{number // len(names)}/{name}")
        chosen = rng.choices(allowed, [_WEIGHTS[each] for each in allowed])[0]
        made = make(rng, chosen)
        form = made if isinstance(made, Form) else _framed(rng, made, chosen)
        form.options = {**_options(rng, chosen), **form.options}
        found.append(Case(number, name, chosen, form))
    return found


def _framed(rng: Random, made: Field, kind: str) -> Form:
    places = [place for place in made.places if kind != "csv" or place in ("left", "above")]
    return frame.framed(rng, made, rng.choice(places))


def _options(rng: Random, kind: str) -> dict[str, object]:
    """How that kind of file is spelt this time."""
    if kind == "xlsx":
        spellings = ("inline", "prefix", "by_default", "bom", "single", "single", "")
        return {rng.choice(spellings): True, rng.choice(spellings): True}
    if kind == "csv":
        return {"encoding": rng.choice(("utf-8-sig", "utf-8", "cp932", "cp932"))}
    if kind == "pdf":
        font = rng.choice(FONTS)
        return {
            "font": font, "size": rng.choice((8, 9, 10, 10.5, 12)), "lines": rng.choice(("stroke", "fill")),
            "middle": rng.random() < 0.2, "spaced": font == "ipaexg" and rng.random() < 0.3,
        }  # fmt: skip
    if kind == "docx":
        return {"torn": rng.random() < 0.4}
    return {}


def papers(*more: str) -> tuple[str, ...]:
    return (*PAPERS, *more)
