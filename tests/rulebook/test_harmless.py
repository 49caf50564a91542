"""Words from outside take no effect in any chat."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syncd.rulebook.harmless import harmless

ACTIVE = re.compile(r"[@<>&\[\]*`~|\\#]|://|//|\bwww\.[a-z]", re.IGNORECASE)
SIGNS = "@<>&[]()*_`~|\\#:/.!{}\n\r\t\0\x1b\u200b\u200f\u202e\u2066\u2028\ufeff\u00ad\u1fef\ufe0f\uff20 書類"
WORDS = [
    "http://",
    "www.evil.com",
    "<!channel>",
    "@all",
    "mailto:",
    "[a](b)",
    ".com/",
    ".xlsx",
    "e\u0301\u0301\u0301\u0301",
]
NASTY = st.lists(st.one_of(st.text(max_size=4), st.sampled_from(SIGNS), st.sampled_from(WORDS)), max_size=30).map(
    "".join
)


@given(NASTY)
@example("<!channel> @all @here <@U012AB> https://evil.example/x [click](http://evil.example) \u202exslx.fdp\nsecond")
@example("\u1fef\u1fef`")
@example("a.com\u200b/x")
def test_nothing_active_and_nothing_invisible_is_left(name: str) -> None:
    said = harmless(name)
    assert not ACTIVE.search(said)
    assert len(said) <= 120
    for character in said:
        assert character in " \u3000" or unicodedata.category(character) not in (
            "Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs",
        )  # fmt: skip
    assert said == said.strip()
    assert not re.search(r"\w\.[A-Za-z]{2,}/", said)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("012_202510_在籍児童数報告書.xlsx", "012_202510_在籍児童数報告書.xlsx"),
        ("在籍（再提出 2）.pdf", "在籍（再提出 2）.pdf"),
        ("「様式」C8:C13、D10 ほか3件", "「様式」C8:C13、D10 ほか3件"),
        ("rules/a.yaml:12: 不明なキー", "rules/a.yaml:12: 不明なキー"),
        ("<!channel>.xlsx", "＜!channel＞.xlsx"),
        ("@all 至急", "＠all 至急"),
        ("see https://evil.example/a", "see https：／／evil．example/a"),
        ("www.example.com", "www．example．com"),
        ("mailto:a@b.jp", "mailto：a＠b．jp"),
        ("report\u202excod.exe", "reportxcod．exe"),
        ("a\nb\tc", "a b c"),
        ("_x_ and a_b", "＿x＿ and a_b"),
        (":fire: 8:30", "：fire: 8:30"),
    ],
)
def test_people_still_read_the_same(name: str, said: str) -> None:
    assert harmless(name) == said


def test_long_words_are_cut() -> None:
    assert harmless("あ" * 500, 20) == "あ" * 19 + "…"
    assert len(harmless("x" * 10**6, 50)) == 50
