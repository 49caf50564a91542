"""What only files of workbooks have: spellings of parts, days with times, passwords that are none, texts for Excel."""

from __future__ import annotations

import io
from datetime import datetime
from random import Random

from tests.corpus.corpus import peculiarity
from tests.corpus.form import Field, Ink, is_value
from tests.corpus.wording import any_value, code, fact


@peculiarity("days with times as t=d", ("xlsx", "openpyxl"))
def iso_times(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    moment = datetime(
        2026, rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59)
    )
    return Field([Ink(label)], [ink], fact(label, name), is_value(value), places=("left", "merged"),
                 near={(1, 0): Ink("受付日時"), (1, 1): Ink(moment)}, options={"iso": True})  # fmt: skip


@peculiarity("spellings of Strict and other programs", ("xlsx",))
def spellings(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    options = {key: rng.random() < 0.5 for key in ("strict", "prefix", "bom", "by_default", "inline", "iso")}
    return Field([Ink(label)], [ink], fact(label, name), is_value(value), options=dict(options))


@peculiarity("the password that Excel itself supplies", ("openpyxl",))
def default_password(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)

    def finish(content: bytes) -> bytes:
        from msoffcrypto.format.ooxml import OOXMLFile

        target = io.BytesIO()
        OOXMLFile(io.BytesIO(content)).encrypt("VelvetSweatshop", target)
        return target.getvalue()

    return Field([Ink(label)], [ink], fact(label, name), is_value(value), options={"finish": finish})


@peculiarity("texts for Excel in csv", ("csv",))
def excel_text(rng: Random, kind: str) -> Field:
    label = rng.choice(("施設番号", "整理番号"))
    ink, value = code(rng, kind)
    return Field([Ink(label)], [ink], fact(label, "text"), is_value(value), options={"excel_text": True})


@peculiarity("csv in other encodings", ("csv",))
def encodings(rng: Random, kind: str) -> Field:
    label, name, ink, value = any_value(rng, kind)
    encoding = rng.choice(("euc-jp", "utf-16", "cp932", "utf-8", "shift_jis"))
    return Field([Ink(label)], [ink], fact(label, name), is_value(value),
                 options={"encoding": encoding, "delimiter": rng.choice((",", "\t"))})  # fmt: skip
