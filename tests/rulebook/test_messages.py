"""The ward's texts are laid over the packaged ones; a text that can't be filled is a fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from syncd.rulebook import Rulebook
from syncd.rulebook.messages import LANGUAGES, LONGEST, WORDS, placeholders
from syncd.rulebook.wording import SPELLINGS

Faults = Callable[..., list[str]]
Book = Callable[..., Rulebook]

NAMES: Final = frozenset(
    {
        "received",
        "arrived",
        "returned",
        "note_coming",
        "ward_corrected",
        "agreed",
        "confirmed",
        "unknown",
        "ambiguous",
        "already_received",
        "resubmitted",
        "reopened",
        "withdrawn",
        "withdrawn_by_ward",
        "put_back",
        "taken_to_inbox",
        "foreign_file",
        "note_added",
        "held",
        "held_admin",
        "own_file",
        "original_received",
        "confirmed_changed",
        "unmatched",
        "untyped_accepted",
        "taken_back",
        "rules_refused",
        "rules_accepted",
        "config_refused",
        "config_accepted",
        "database_lost",
        "folder_put_back",
        "unsafe_name",
        "side_unreachable",
    }
)
REASONS: Final = frozenset(
    {
        "not_allowed",
        "not_offered",
        "newer_correction",
        "ward_edit",
        "needs_note",
        "newer_in_review",
        "untyped_confirm",
        "confirmed_is_final",
        "deleted_tracked",
        "other_operator",
        "unreadable",
        "not_checked",
        "unseen",
        "waiting_for_note",
        "already_received",
        "empty",
        "note_is_the_wards",
        "folder_deleted",
        "kind",
        "unknown_kind",
        "not_accepted",
        "encrypted",
        "macros",
        "attached",
        "scan",
        "not_read",
        "program",
        "bomb",
        "infected",
        "unscanned",
        "too_big",
        "too_slow",
        "size",
        "pages",
        "pages_unknown",
        "sheets",
        "text",
        "text_unknown",
        "image",
        "facility",
        "period",
    }
)
# About the machinery or about several operators: there is no facility to name.
WITHOUT_FACILITY: Final = frozenset(
    {"rules_refused", "rules_accepted", "config_refused", "config_accepted", "database_lost", "side_unreachable"}
)
# About a folder, a name or the state of things: there is no month.
WITHOUT_MONTH: Final = WITHOUT_FACILITY | frozenset(
    {"unknown", "ambiguous", "folder_put_back", "own_file", "foreign_file", "unsafe_name", "held", "held_admin"}
)


@pytest.fixture
def messages(book: Book) -> Mapping[str, Mapping[str, str]]:
    return book().messages


def test_every_message_that_is_sent_has_a_text_in_both_languages(messages: Mapping[str, Mapping[str, str]]) -> None:
    assert set(messages) >= NAMES | {f"reason_{key}" for key in REASONS}
    for texts in messages.values():
        assert set(texts) == set(LANGUAGES) and all(texts.values())


def test_every_reason_that_a_move_can_carry_has_a_text(messages: Mapping[str, Mapping[str, str]]) -> None:
    source = Path(__file__).resolve().parents[2] / "syncd" / "mirror" / "reasons.py"
    keys = re.findall(r'^    "([a-z_]+)":', source.read_text(encoding="utf-8"), re.MULTILINE)
    assert keys
    assert {f"reason_{key}" for key in keys} <= set(messages)


def test_every_placeholder_of_the_packaged_texts_is_known_and_the_same_in_both_languages(
    messages: Mapping[str, Mapping[str, str]],
) -> None:
    for name, texts in messages.items():
        assert placeholders(texts["ja"]) <= WORDS, name
        assert placeholders(texts["ja"]) == placeholders(texts["en"]), name


def test_every_message_names_the_facility_and_the_month_where_there_is_one(
    messages: Mapping[str, Mapping[str, str]],
) -> None:
    for name in NAMES:
        words = placeholders(messages[name]["ja"])
        assert ("facility" in words) is (name not in WITHOUT_FACILITY), name
        assert ("month" in words) is (name not in WITHOUT_MONTH), name


def test_a_reason_says_something_by_itself(messages: Mapping[str, Mapping[str, str]]) -> None:
    for key in REASONS:
        text = messages[f"reason_{key}"]
        assert placeholders(text["ja"]) <= {"inbox", "review", "corrections", "confirmed"}, key
        assert text["ja"].count("。") >= 2 and text["ja"].endswith("。"), key
        assert text["en"].count(". ") + text["en"].count("; ") >= 1 and text["en"].endswith("."), key


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("arrived", "【到着】{施設}{月}分 {一覧} が届きました。「{review}」にあります。"),
        ("note_coming", "【修正のお願い】{施設}{月}分 {書類}: 担当者からご連絡します。"),
        ("agreed", "【了承】{施設}{月}分 {書類}の修正案が了承されました。"),
        ("confirmed", "【確認済み】{施設}{月}分 {書類}の確認が終わりました。"),
        ("already_received", "【受領済み】{施設}{月}分 {書類}: 同じ内容を受け取っています。"),
        ("resubmitted", "【再提出】{施設}{月}分 {書類}の新しい版（{n}回目）が届きました。"),
        ("reopened", "【確認済みの取消し】{施設}{月}分 {書類}を再確認します。"),
        ("withdrawn", "【取下げ】{施設}{月}分 {書類}が事業者側で削除されました。区の写しは残っています。"),
        ("note_added", "【補足】{施設}{月}分 {書類}: 理由を追加しました。同じフォルダーをご覧ください。"),
        ("held_admin", "{施設}: {理由}。確認後 `syncd release {id}`"),
        ("reason_facility_code", "施設番号がフォルダーと一致しません"),
    ],
)
def test_the_words_that_were_agreed_on(messages: Mapping[str, Mapping[str, str]], name: str, text: str) -> None:
    assert messages[name]["ja"] == text


def test_the_ward_overrides_by_name_and_language(book: Book) -> None:
    found = book(
        _workflow="messages:\n"
        "  received: {ja: '{facility} どうも'}\n"
        "  ours: {ja: '{施設}'}\n"
        "moves:\n"
        "  - {from: inbox, to: review, by: syncd, tell: staff, message: ours}\n"
    )
    assert found.messages["received"]["ja"] == "{facility} どうも"
    assert found.messages["received"]["en"].startswith("[Received]")
    assert found.messages["ours"] == {"ja": "{施設}", "en": "{施設}"}
    assert found.messages["arrived"]["ja"].startswith("【到着】")
    assert found.common.lines[0].messages == ("ours",)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{ja: '{施設} {一覧と期限}'}", "messages.x.ja: there is no placeholder {一覧と期限} — did you mean '一覧'?"),
        ("{en: '{facilty}'}", "messages.x.en: there is no placeholder {facilty} — did you mean 'facility'?"),
        ("{ja: '{施設'}", "messages.x.ja has a brace without its partner — close it, or remove it"),
        ("{ja: '施設}'}", "messages.x.ja has a brace without its partner — close it, or remove it"),
        (f"{{ja: {'あ' * (LONGEST + 1)}}}",
         "messages.x.ja is too long (901 characters) — chat messages have at most 900 characters"),
        ("{}", "message 'x' has no text — write `ja:` and `en:` below it"),
        ("{ja: 5}", "messages.x.ja must be text, not a number — put it in quotes"),
        ("{jp: a, en: b}", "unknown key 'jp' in messages.x — did you mean 'ja'?"),
    ],
)  # fmt: skip
def test_each_fault_of_a_text(faults: Faults, text: str, fault: str) -> None:
    assert faults(_workflow=f"messages:\n  x: {text}\n") == [f"_workflow.yaml:2: {fault}"]


def test_both_spellings_of_a_placeholder_are_one_word() -> None:
    assert set(SPELLINGS.values()) <= WORDS
    assert placeholders("{施設}{facility} {n}") == {"facility", "n"}
