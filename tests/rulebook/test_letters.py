"""The files beside a form say what is wrong or was changed, so that a clerk can act on it; chat says only where."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.forms.fact import CellChange
from syncd.model import Finding, Telling
from syncd.rulebook import load
from syncd.rulebook.letters import LONGEST_IN_CHAT, cells_in_chat, changed_cells, changes_note, returned_note
from syncd.rulebook.wording import Item, Words, render

SUM = Finding("sum", "return", "年齢別の計64人と合計65人が一致しません。", ("在籍!C14",), "64", "65")
BLANK = Finding("blank", "return", "「保育士数」が空欄です。", ("名簿!D5", "名簿!D6"), "", "0以上の数")
WARNED = Finding("capacity", "warn", "定員を超えています。", ("在籍!C14",))


def test_a_note_says_where_what_and_what_to_do() -> None:
    note = returned_note(
        "ひまわり保育園",
        "在籍児童数報告書",
        "2025-10",
        [SUM, WARNED, BLANK],
        language="ja",
        inbox="1_提出",
        file="012_202510_在籍.xlsx",
        marked="012_202510_在籍（指摘）.xlsx",
    )
    assert note.split("\r\n") == [
        "修正のお願い",
        "",
        "施設：ひまわり保育園",
        "書類：在籍児童数報告書（2025年10月分）",
        "ファイル：012_202510_在籍.xlsx",
        "",
        "次の2件をご確認ください。",
        "",
        "1. 在籍!C14：年齢別の計64人と合計65人が一致しません。",
        "2. 名簿!D5、名簿!D6：「保育士数」が空欄です。（正しい内容：0以上の数）",
        "",
        "お手数ですが、修正のうえ、同じファイル名で「1_提出」フォルダーに入れてください。",
        (
            "該当のセルに色とコメントを付けた写し「012_202510_在籍（指摘）.xlsx」を同じフォルダーに置きました。"
            "この写しを修正して入れていただいてもかまいません。色とコメントは受付のときに取り除きます。"
        ),
        "ご不明な点は、区の担当へご連絡ください。",
        "",
    ]


def test_a_note_in_english_without_a_copy() -> None:
    note = returned_note("Himawari", "Enrolment", None, [BLANK], language="en", inbox="inbox")
    assert "Document: Enrolment\r\n" in note
    assert "1. 名簿!D5, 名簿!D6: 「保育士数」が空欄です。 (expected: 0以上の数)\r\n" in note
    assert 'put it into the folder "inbox" under the same file name' in note
    assert "copy" not in note


def test_a_note_counts_what_it_leaves_out() -> None:
    note = returned_note("園", "書類", "2025-10", [SUM] * 130, language="ja", inbox="inbox")
    assert "次の130件" in note
    assert "\r\n100. " in note and "\r\n101. " not in note
    assert "\r\nほか30件\r\n" in note


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(["ja", "en"]))
def test_what_stands_in_a_form_is_quoted_in_one_line(value: str, sheet: str, language: str) -> None:
    fault = Finding("x", "return", "値が違います。", (f"{sheet}!C1",), found=value)
    for note in (
        returned_note("園", "書類", "2025-10", [fault], language=language, inbox="inbox"),
        changes_note(
            "園", "書類", "2025-10", [CellChange(sheet, "C1", value, sheet)],
            language=language, confirmed="confirmed", inbox="inbox",
        ),
    ):  # fmt: skip
        assert {unicodedata.category(c) for c in note.replace("\r\n", "")} & {"Cc", "Cf", "Cs", "Zl", "Zp"} == set()
        assert note.split("\r\n") == [*note.splitlines(), ""]
        assert max(map(len, note.split("\r\n"))) < 300


CHANGES = [
    CellChange("在籍", "C14", "64", "65"),
    CellChange("在籍", "D3", "", "=SUM(C8:C13)"),
    CellChange("在籍", "", "1", "0", "picture"),
    CellChange("設定", "", "visible", "veryHidden", "visibility"),
    CellChange("別紙", "", "", "別紙", "sheet"),
    CellChange("", "", "", "12", "more"),
]


def test_a_list_of_changes_says_what_was_and_what_is() -> None:
    note = changes_note(
        "ひまわり保育園",
        "在籍児童数報告書",
        "2025-10",
        CHANGES,
        language="ja",
        confirmed="4_確認済",
        inbox="1_提出",
    )
    assert note.split("\r\n") == [
        "区で変更した箇所",
        "",
        "施設：ひまわり保育園",
        "書類：在籍児童数報告書（2025年10月分）",
        "",
        "区の職員が次の17か所を変更しました（変更前 → 変更後）。",
        "",
        "1. 在籍!C14：64 → 65",
        "2. 在籍!D3：（空欄） → =SUM(C8:C13)",
        "3. 在籍 画像（印影など）の数：1 → 0",
        "4. 設定 シートの表示：表示 → 非表示",
        "5. 別紙 シート：（空欄） → 別紙",
        "ほか12件",
        "",
        "内容をご確認ください。よろしければ、ファイルを「4_確認済」フォルダーへ移動するか、チャットで担当へご返信ください。",
        "相違があるときは、修正のうえ「1_提出」フォルダーに入れてください。",
        "ご不明な点は、区の担当へご連絡ください。",
        "",
    ]


@pytest.mark.parametrize(
    ("cells", "count", "ja", "en"),
    [
        (["在籍!C14"], None, "在籍!C14（1件）", "在籍!C14 (1)"),
        (["在籍!C14", "在籍!C15", "在籍!C14"], 3, "在籍!C14、C15（3件）", "在籍!C14, C15 (3)"),
        (
            ["在籍!C14", "別紙!A1", "在籍!C8:C13"], None,
            "在籍!C14、別紙!A1、在籍!C8:C13（3件）", "在籍!C14, 別紙!A1, 在籍!C8:C13 (3)",
        ),
        (["2ページ"], None, "2ページ（1件）", "2ページ (1)"),
        ([], 2, "2件", "2"),
        ([], None, "", ""),
    ],
)  # fmt: skip
def test_chat_says_where(cells: list[str], count: int | None, ja: str, en: str) -> None:
    assert cells_in_chat(cells, "ja", count) == ja
    assert cells_in_chat(cells, "en", count) == en


def test_chat_stays_short() -> None:
    many = [f"在籍!C{row}" for row in range(1, 41)]
    assert cells_in_chat(many, "ja") == "在籍!C1、C2、C3、C4、C5、C6、C7、C8 ほか32か所（40件）"
    assert cells_in_chat(changed_cells(CHANGES)[0], "ja", changed_cells(CHANGES)[1]) == (
        "在籍!C14、D3、在籍、設定、別紙（17件）"
    )
    for sheet in ("あ" * 200, "<!channel> https://evil.example/", "\u202e\n"):
        said = cells_in_chat([f"{sheet}!C{row}" for row in range(9)], "ja")
        assert len(said) <= LONGEST_IN_CHAT
        assert not set(said) & set("<>\n\u202e") and "://" not in said


def test_the_message_about_the_wards_correction_names_the_cells(packaged: Path) -> None:
    words = Words(load(packaged, packaged).messages)
    told = Telling("operator", "ward_corrected", "himawari", 1, "enrolment", "2025-10", "x.xlsx", None, None)
    with_cells = render([Item(1, replace(told, values={"place": "在籍!C14（1件）"}))], words)
    assert "置きました（変更箇所: 在籍!C14（1件））。" in with_cells
    assert "変更箇所" not in render([Item(1, told)], words)


PRODUCT = Finding(
    "sum", "return", "請求金額が合いません（請求書!B2、B4）。", ("請求書!B2", "請求書!B4"),
    stands={"請求書!B2": "9", "請求書!B4": "44,000", "在籍児童数報告書 在籍!C14": "8"},
)  # fmt: skip


def line(finding: Finding, language: str = "ja") -> str:
    note = returned_note("園", "書類", "2025-10", [finding], language=language, inbox="inbox")
    (found,) = [each for each in note.split("\r\n") if each.startswith("1. ")]
    return found


def test_a_note_adds_what_stands_in_the_cells_that_were_compared() -> None:
    said = "請求書!B2：9／請求書!B4：44,000／在籍児童数報告書 在籍!C14：8"
    assert line(PRODUCT) == f"1. 請求金額が合いません（請求書!B2、B4）。（{said}）"
    assert line(replace(PRODUCT, say="9 × 8 は 44,000 ではありません（請求書!B2、B4）。")) == (
        "1. 9 × 8 は 44,000 ではありません（請求書!B2、B4）。（在籍児童数報告書 在籍!C14：8）"
    )


def test_of_personal_information_a_note_says_only_where_it_is() -> None:
    born = Finding("born", "return", "生年月日を確認してください。", ("名簿!B3",), "2027年1月1日", "2026年10月2日以前",
                   stands={"名簿!B3": "2027年1月1日", "在籍!C2": "2026年10月2日"}, private=("名簿!B3",))  # fmt: skip
    assert line(born) == (
        "1. 生年月日を確認してください。（正しい内容：2026年10月2日以前、名簿!B3／在籍!C2：2026年10月2日）"
    )
