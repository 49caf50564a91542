"""A label is found however a form decorates it, and two labels are never taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.forms.labels import announces, label_key, one_line, squeezed


@pytest.mark.parametrize(
    "text",
    ["合計", "合　計", " 合 計 ", "合計：", "合計:", "合計（人）", "合計(人)：", "【合計】", "（合計）", "・合計",
     "※合計", "■ 合計",
     "合計※", "合計（単位：円）", "合計（必須）", "合\u200b計", "［合計］", "合計\n（人）"],
)  # fmt: skip
def test_decoration_does_not_matter(text: str) -> None:
    assert label_key(text) == "合計"


@pytest.mark.parametrize(
    ("first", "second"),
    [("児童数（0歳）", "児童数（1歳）"), ("金額（千円）", "金額"), ("合計1", "合計2"), ("4月", "5月"),
     ("①合計", "②合計"),
     ("(1)合計(2)", "(1)合計(3)")],
)  # fmt: skip
def test_what_tells_two_labels_apart_stays(first: str, second: str) -> None:
    assert label_key(first) != label_key(second)


@pytest.mark.parametrize("text", ["", " ", "：", "※", "（人）", "・", "☆★"])
def test_decoration_alone_is_no_label(text: str) -> None:
    assert label_key(text) == ""


def test_widths_and_cases_do_not_matter() -> None:
    assert label_key("ｺﾞｳｹｲ Ａ") == label_key("ゴウケイa")
    assert squeezed("電 話‐番号") == squeezed("電話－番号")


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(text: str) -> None:
    key = label_key(text)
    assert label_key(label_key(key)) == label_key(key)
    assert squeezed(squeezed(text)) == squeezed(text)


@given(st.text(max_size=300))
def test_a_line_is_one_line_and_short(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 60
    assert not any(sign in line for sign in "\n\r\t\x00\u202e\u2028")


def test_a_colon_announces_a_value() -> None:
    assert announces("代表者： ") and announces("代表者:") and not announces("代表者")
