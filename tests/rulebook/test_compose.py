"""What rooms read: few texts, in order, in good Japanese, with nothing in them that chat may not hear."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.model import Audience, Stage, Telling
from syncd.rulebook.compose import Item, Text, Words, compose
from syncd.rulebook.load import load
from syncd.rulebook.wording import month_text

RULES = Path(__file__).parents[2] / "rules"
PACKAGED = load(RULES, RULES).messages
WORDS = Words(
    messages={
        **PACKAGED,
        "said": {"ja": "{施設}{月}分 {一覧}。"},
        "missing": {
            "ja": "【提出のお願い】{施設}{月}分: {一覧}。該当がない場合はお知らせください。（受付番号 {番号}）"
        },
        "named": {"ja": "{施設}: 「{ファイル}」{書類}"},
    },
    operators={"himawari": "ひまわり保育園", "sakura": "さくら<b>@all"},
    titles={"enrolment": "在籍児童数報告書", "invoice": "運営費請求書", "additions": "加算調整項目届出書"},
    personal=frozenset({"enrolment", "invoice"}),
    stages={
        Stage.INBOX: "1_提出",
        Stage.REVIEW: "2_確認中",
        Stage.CORRECTIONS: "3_修正・確認依頼",
        Stage.CONFIRMED: "4_確認済",
    },
)


def an_item(
    number: int,
    message: str = "confirmed",
    document: str | None = "enrolment",
    period: str | None = "2026-10",
    operator: str = "himawari",
    file: int | None = None,
    name: str = "山田太郎.xlsx",
    audience: Audience = "operator",
    **values: str,
) -> Item:
    file = number if file is None else file
    return Item(
        number, Telling(audience, message, operator, file, document, period, name, None, None, values=values), 40
    )


def said(*items: Item, words: Words = WORDS) -> str:
    texts = compose(items, words)
    assert len(texts) == 1
    return texts[0].text


def test_equal_messages_become_one_with_a_list() -> None:
    items = [an_item(1, "arrived"), an_item(2, "arrived", "invoice"), an_item(3, "arrived", "invoice")]
    assert compose(items, WORDS) == (
        Text(
            "【到着】ひまわり保育園2026年10月分 在籍児童数報告書、運営費請求書（2件） が届きました。"
            "「2_確認中」にあります。",
            (1, 2, 3),
        ),
    )


def test_other_facilities_months_and_words_are_said_apart() -> None:
    text = said(
        an_item(1),
        an_item(2, operator="sakura"),
        an_item(3, period="2026-09"),
        an_item(4, "resubmitted", "invoice", n="2"),
        an_item(5, "resubmitted", n="3"),
        an_item(6, document="additions"),
    )
    assert text.split("\n") == [
        "【確認済み】ひまわり保育園2026年10月分 在籍児童数報告書、加算調整項目届出書の確認が終わりました。",
        "【確認済み】さくら＜b＞＠all2026年10月分 在籍児童数報告書の確認が終わりました。",
        "【確認済み】ひまわり保育園2026年9月分 在籍児童数報告書の確認が終わりました。",
        "【再提出】ひまわり保育園2026年10月分 運営費請求書の新しい版（2回目）が届きました。",
        "【再提出】ひまわり保育園2026年10月分 在籍児童数報告書の新しい版（3回目）が届きました。",
    ]


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (an_item(1, "received", None, None), "【受領】ひまわり保育園 書類 を受け取りました。"),
        (an_item(1, "received", period="2025"), "【受領】ひまわり保育園2025年度分 在籍児童数報告書 を受け取りました。"),
        (
            an_item(1, "returned"),
            (
                "【修正のお願い】ひまわり保育園2026年10月分 在籍児童数報告書。"
                "詳しくは同じフォルダーの理由をご覧ください。"
                "お手数ですが、修正のうえ同じファイル名で「1_提出」フォルダーに入れてください。"
            ),
        ),
        (
            an_item(1, "returned", 番地="「様式」C8 ほか3件"),
            (
                "【修正のお願い】ひまわり保育園2026年10月分 在籍児童数報告書: 「様式」C8 ほか3件。"
                "詳しくは同じフォルダーの理由をご覧ください。お手数ですが、修正のうえ同じファイル名で「1_提出」フォルダーに入れてください。"
            ),
        ),
        (
            an_item(1, "ward_corrected"),
            (
                "【修正案の確認】ひまわり保育園2026年10月分 在籍児童数報告書: "
                "区で修正案を作成し「3_修正・確認依頼」に置きました。"
                "内容を確認し、よろしければ「4_確認済」へ移動するか、このチャットで担当へご返信ください。"
                "相違があれば修正して「1_提出」に入れてください。（自動送信）"
            ),
        ),
        (
            an_item(1, "resubmitted"),
            "【再提出】ひまわり保育園2026年10月分 在籍児童数報告書の新しい版が届きました。",
        ),
        (
            an_item(1, "unknown", None, None, example="012_202510_在籍児童数報告書.xlsx"),
            (
                "【書類の種類が分かりません】ひまわり保育園: 「1_提出」に1件。"
                "ファイル名の例: 012_202510_在籍児童数報告書.xlsx"
            ),
        ),
        (
            an_item(1, "put_back", reason="needs_note"),
            (
                "【元の場所に戻しました】ひまわり保育園2026年10月分 在籍児童数報告書: 差し戻した書類です。"
                "確認済みにする理由を「3_修正・確認依頼」の「理由.txt」に書いてから移動してください。"
            ),
        ),
        (
            an_item(1, "held_admin", None, None, file=0, name="", reason="30件のファイルが消えました。"),
            "ひまわり保育園: 30件のファイルが消えました。確認後 `syncd release himawari`",
        ),
        (
            an_item(
                1, "rules_refused", None, None, "", 0, "", detail="a.yaml:3: 不明なキー\nb.yaml:1: 題名がありません"
            ),
            (
                "【規則に誤りがあります】2件。これまでの規則のまま動いています。直して保存してください。"
                "a.yaml:3: 不明なキー / b.yaml:1: 題名がありません"
            ),
        ),
    ],
)
def test_texts_read_well_with_and_without_their_words(item: Item, text: str) -> None:
    assert said(item) == text


def test_a_day_is_said_with_its_weekday() -> None:
    assert "11月10日（火）までに内容を確認し" in said(an_item(1, "ward_corrected", day="2026-11-10"))
    assert "2026-02-30までに" in said(an_item(1, "ward_corrected", day="2026-02-30"))


def test_periods() -> None:
    assert [month_text(period, "ja") for period in ("2026-10", "2026-Q3", "2026", None, "x\n")] == [
        "2026年10月",
        "2026年度第3四半期",
        "2026年度",
        "",
        "x",
    ]
    assert [month_text(period, "en") for period in ("2026-10", "2026-Q3", "2026")] == ["2026-10", "FY2026 Q3", "FY2026"]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", sorted(name for name in PACKAGED if not name.startswith("reason_")))
def test_no_packaged_text_shows_that_something_was_missing(name: str, language: str) -> None:
    words = replace(WORDS, language=language)
    every = {"n": "2", "day": "2026-11-10", "example": "x.xlsx", "place": "C8", "detail": "d", "reason": "empty"}
    given = itertools.chain.from_iterable(itertools.combinations(every, size) for size in range(len(every) + 1))
    for names in given:
        values = {each: every[each] for each in names}
        for document, period in (("enrolment", "2026-10"), (None, None)):
            text = said(an_item(1, name, document, period, "himawari", 1, "x.xlsx", "operator", **values), words=words)
            assert not re.search(
                r"[{}\0\1\2]|  |（）|「」|\(\)|\"\"|。。|: ?。|^ | $| 。|、。|(?<![月日年度])分 ", text
            ), text


def test_chat_hears_no_name_of_a_person_unless_it_may() -> None:
    items = [
        an_item(1),
        an_item(2, document=None),
        an_item(3, "named", "additions", name="加算.xlsx"),
        an_item(4, "named"),
    ]
    for text in compose(items, WORDS):
        assert "山田" not in text.text
        assert "「加算.xlsx」加算調整項目届出書" in text.text
    allowed = replace(WORDS, file_names=True)
    assert "在籍児童数報告書（山田太郎.xlsx）" in said(an_item(1), words=allowed)
    assert "「山田太郎.xlsx」" in said(an_item(1, document=None), words=allowed)


def test_the_text_of_a_note_is_said_only_when_that_is_allowed() -> None:
    item = an_item(1, "returned", note="合計が\n@all 合いません")
    assert "合計" not in said(item)
    assert said(item, words=replace(WORDS, note_text=True)).endswith("\n理由：合計が ＠all 合いません")


def test_a_message_without_template_is_still_said() -> None:
    assert said(an_item(1, "brand_new", detail="x")) == "【brand_new】ひまわり保育園 2026年10月 在籍児童数報告書 x"


def test_other_languages_fall_back_to_what_there_is() -> None:
    assert said(an_item(1, "said"), words=replace(WORDS, language="en")).startswith("ひまわり保育園2026-10分")


def test_long_batches_are_split_between_entries() -> None:
    titles = {f"d{number}": f"{number:03}番の書類" + "あ" * 20 for number in range(100)}
    words = replace(WORDS, titles=titles)
    items = [an_item(number, "arrived", f"d{number}") for number in range(100)]
    texts = compose(items, words)
    assert len(texts) > 2
    assert [item for text in texts for item in text.items] == list(range(100))
    for text in texts:
        assert len(text.text) <= 900
        assert text.text.startswith("【到着】ひまわり保育園2026年10月分 ") and text.text.endswith("にあります。")
        assert re.findall(r"(\d{3})番", text.text) == [f"{number:03}" for number in text.items]


def test_an_entry_that_is_too_long_alone_is_cut_where_reading_hurts_least() -> None:
    listed = "、".join(f"書類その{number}（11/{number % 30 + 1}）" for number in range(120))
    texts = compose([an_item(1, "missing", None, file=0, name="", list=listed)], WORDS)
    assert len(texts) > 1 and {text.items for text in texts} == {(1,)}
    assert all(len(text.text) <= 900 for text in texts)
    assert texts[0].text.endswith("、")
    assert "書類その0" in texts[0].text and "書類その119" in texts[-1].text


ITEMS = st.lists(
    st.tuples(
        st.sampled_from(["confirmed", "reopened", "returned", "arrived", "resubmitted", "put_back"]),
        st.sampled_from(["enrolment", "invoice", None]),
        st.sampled_from(["himawari", "sakura"]),
        st.integers(1, 4),
        st.sampled_from(["", "needs_note", "ひとこと {施設} \0 @here"]),
        st.text(max_size=20),
    ),
    max_size=25,
)


@given(ITEMS, st.integers(60, 900))
def test_nothing_is_lost_doubled_or_out_of_its_documents_order(drawn: Sequence[tuple[Any, ...]], limit: int) -> None:
    items = [
        an_item(number, message, document, operator=operator, file=file, name=name, reason=reason)
        for number, (message, document, operator, file, reason, name) in enumerate(drawn, 1)
    ]
    texts = compose(items, replace(WORDS, limit=limit))
    assert all(0 < len(text.text) <= limit for text in texts)
    order = list(dict.fromkeys(item for text in texts for item in text.items))
    assert sorted(order) == [item.id for item in items]
    by_id = {item.id: item.telling for item in items}
    for file in range(1, 5):
        for operator in ("himawari", "sakura"):
            for document in ("enrolment", "invoice"):
                own = [
                    number
                    for number in order
                    if (by_id[number].file, by_id[number].operator, by_id[number].document)
                    == (file, operator, document)
                ]
                groups = [by_id[number].message for number in own]
                assert groups == [by_id[number].message for number in sorted(own)]


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_words_from_outside_stay_in_their_line(name: str, reason: str, title: str) -> None:
    words = replace(WORDS, file_names=True, titles={"enrolment": title})
    for text in compose([an_item(1, "put_back", name=name, reason=reason), an_item(2, "put_back", None)], words):
        outside = text.text.replace("\n", "")
        assert not re.search(r"[@<>\[\]*`~|\\#\0-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", outside)
