"""Comma-separated values as programs of offices write them, in any encoding and with any separator."""

from __future__ import annotations

from random import Random

import pytest

from syncd.forms.fact import Fact
from tests.reading.conftest import Read

ENCODINGS = ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16", "utf-16-le", "utf-16-be"]
LABELS = ["合計", "請求金額", "施設名", "ｺﾞｳｹｲ", "利用児童数（人）", "①在籍児童数", "備考"]
FACILITIES = ["ひまわり保育園", "ﾋﾏﾜﾘ保育園", "社会福祉法人青空会 さくら園", "㈱みどり"]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_and_separator(read: Read, encoding: str, separator: str) -> None:
    for seed in range(12):
        rng = Random(seed)
        label, number = rng.choice(LABELS), rng.randint(0, 9_999_999)
        name = rng.choice(FACILITIES)
        written = rng.choice((f"{number}", f'"{number:,}"', f'"{number:,}円"', f"{number}人"))
        code = f"{rng.randint(0, 99):03}"
        excel = rng.choice((f'"=""{code}"""', f'="{code}"', code))
        rows = [["施設番号", excel], ["園の名前", name], [label, written]]
        text = rng.choice(("\r\n", "\n")).join(separator.join(row) for row in rows)
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            continue  # ① and ㈱ are not in every encoding
        facts = [
            Fact("code", labels=("施設番号",)),
            Fact("name", labels=("園の名前",)),
            Fact("n", "amount" if "円" in written else "int", (label,)),
        ]
        found = read(data, "a.csv", *facts).facts
        assert [found[each].one for each in ("code", "name", "n")] == [code, name, number], (seed, text)


def test_a_text_with_quotes_for_excel(read: Read) -> None:
    found = read('備考,"=""彼は""""はい""""と言った"""'.encode("cp932"), "a.csv", Fact("x", labels=("備考",)))
    assert found.facts["x"].one == '彼は"はい"と言った'


def test_bytes_in_no_encoding_are_refused(read: Read) -> None:
    assert read(b"\xff\xfe\xff" * 9, "a.csv").trouble or read(b"\xff\xfe\xff" * 9, "a.csv").kind == "other"
