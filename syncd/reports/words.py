"""The words of the pages, in Japanese and English: what each state is called, what it means, how days read.

Pure. Japanese for operators is plain on purpose (やさしい日本語): short sentences, one thing each.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from syncd.reports.entry import Entry, State, WaitsFor
from syncd.reports.plain import plain
from syncd.reports.view import Language
from syncd.rulebook.wording import month_text

Both = Mapping[Language, str]


def both(ja: str, en: str) -> Both:
    return {"ja": ja, "en": en}


STATES: Final[Mapping[State, Both]] = {
    "missing": both("未提出", "Not sent"),
    "later": both("後日", "Later"),
    "withdrawn": both("取下げ", "Withdrawn"),
    "processing": both("受付中", "Arriving"),
    "scanner": both("検査待ち", "Virus scan"),
    "person": both("確認待ち", "Needs a look"),
    "review": both("確認中", "In review"),
    "returned": both("修正待ち", "To correct"),
    "offered": both("了承待ち", "To agree"),
    "original": both("原本待ち", "Original due"),
    "confirmed": both("確認済", "Confirmed"),
    "not applicable": both("該当なし", "None to send"),
}
"""What a state is called, short enough for a cell."""

MEANINGS: Final[Mapping[State, Both]] = {
    "missing": both("事業者がまだ提出していません。", "The operator has not sent it yet."),
    "later": both(
        "まだ期限が決まっていません（ほかの書類の確認が終わってから出すものなど）。",
        "No day is set yet (it is asked for once all else is confirmed, for instance).",
    ),
    "withdrawn": both("事業者が取り下げました。提出が必要です。", "The operator took it back; it is needed."),
    "processing": both("届いたところです。自動で進みます。", "It has just come; it goes on by itself."),
    "scanner": both("ウイルス検査を待っています。", "It waits for the virus scanner."),
    "person": both("自動で確認できませんでした。職員の確認が必要です。", "No check could read it; staff have to look."),
    "review": both("職員が確認します。", "Staff review it."),
    "returned": both("事業者の修正を待っています。", "It waits for the operator's correction."),
    "offered": both("区の修正案への了承を待っています。", "It waits for the operator to agree to the ward's version."),
    "original": both("確認済みです。押印した原本を待っています。", "Confirmed; the sealed original has to come."),
    "confirmed": both("確認が終わりました。", "It is confirmed."),
    "not applicable": both("この月は提出するものがありません。", "There is nothing to send."),
}
"""What it means to staff."""

TEXTS: Final[Mapping[str, Both]] = {
    "title": both("進捗状況", "Progress"),
    "as of": both("内容の時点", "As of"),
    "none waits": both("ありません。", "Nothing."),
    "no operators": both("登録されている施設がありません。", "No operator is registered."),
    "no lines": both("一覧に載せる書類がまだありません。", "There is no document to show yet."),
    "staff": both("区が対応するもの", "For staff to do"),
    "staff short": both("区が対応", "For staff"),
    "operators": both("事業者を待っているもの", "Waiting for operators"),
    "operators short": both("事業者を待つ", "For operators"),
    "late": both("期限超過", "Overdue"),
    "late meaning": both(
        "期限を過ぎています。事業者の対応を待っています。", "It is overdue; it waits for the operator."
    ),
    "answers": both("修正・了承・原本", "Corrections, agreements, originals"),
    "ahead": both("期限前", "Not yet due"),
    "system": both("自動処理・ウイルス検査を待っているもの", "Waiting for the system"),
    "ill": both("処理できないファイル", "Files that can't be handled"),
    "ill meaning": both(
        "ほかの処理は進んでいます。直るとそのファイルも自動で進みます。",
        "All else goes on; once it is put right, the file goes on by itself.",
    ),
    "file": both("ファイル", "File"),
    "what to do": both("理由と対応", "Why, and what to do"),
    "since": both("いつから", "Since"),
    "done": both("完了", "done"),
    "of which late": both("うち期限超過", "of which overdue"),
    "months": both("月ごとの一覧", "By month"),
    "facility": both("施設", "Facility"),
    "document": both("書類", "Document"),
    "period": both("対象", "For"),
    "state": both("状態", "State"),
    "arrived": both("届いた日", "Arrived"),
    "due": both("期限", "Due"),
    "no due": both("期限なし", "No due day"),
    "no period": both("期間なし", "No period"),
    "legend": both("言葉の意味", "What the words mean"),
    "not expected": both("対象外", "Not expected"),
    "asked for": both("個別の依頼", "Asked for"),
    "closed": both("受付終了", "Closed"),
    "resubmitted": both("再提出", "sent again"),
    "scroll": both("横に動かせる表", "Table that scrolls"),
    "filter": both("絞り込み", "Filter"),
    "search": both("施設・書類をさがす", "Find a facility or document"),
    "who": both("待っている相手", "Waiting for"),
    "all": both("すべて", "All"),
    "kind": both("種別", "Kind"),
    "unfinished": both("完了した施設を隠す", "Hide finished facilities"),
    "nothing found": both("あてはまるものはありません。", "Nothing fits."),
    "clear": both("解除", "Clear"),
    "yes": both("はい", "yes"),
    "original awaited": both("待ち", "awaited"),
    "original received": both("受領", "received"),
    "to the lists": both("本文へ移動", "Skip to the lists"),
}

WAITS_FOR: Final[Mapping[WaitsFor, Both]] = {
    "operator": both("事業者", "operator"),
    "staff": both("区", "staff"),
    "system": both("システム", "system"),
    "nobody": both("", ""),
}

COLUMNS: Final[tuple[Both, ...]] = (
    both("施設番号", "Code"), both("施設", "Facility"), both("種別", "Kind"), both("対象", "For"),
    both("書類", "Document"), both("状態", "State"), both("待っている相手", "Waiting for"), both("遅れ", "Late"),
    both("期限", "Due"), both("届いた日", "Arrived"), both("提出回数", "Times sent"), both("指摘箇所", "Cells"),
    both("原本", "Original"), both("受付終了", "Closed"),
)  # fmt: skip
"""Of the workbook."""

COUNTED: Final[Mapping[str, tuple[str, str, str]]] = {
    "items": ("{n}件", "{n} document", "{n} documents"),
    "facilities": ("{n}施設", "{n} facility", "{n} facilities"),
    "more cells": (" ほか{n}か所", " and {n} more", " and {n} more"),
    "times": ("{n}回目", "sent {n} time", "sent {n} times"),
    "over": ("{n}日超過", "{n} day over", "{n} days over"),
    "left": ("あと{n}日", "{n} day left", "{n} days left"),
}
"""Japanese; English for one, for more."""

_WEEKDAYS: Final = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Words:
    """The texts in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __getitem__(self, key: str) -> str:
        return TEXTS[key][self.language]

    def counted(self, key: str, n: int) -> str:
        """A number with its noun."""
        japanese, one, many = COUNTED[key]
        return (japanese if self.language == "ja" else one if n == 1 else many).format(n=f"{n:,}")

    def state(self, entry: Entry) -> str:
        return STATES[entry.state][self.language]

    def meaning(self, state: State) -> str:
        return MEANINGS[state][self.language]

    def period(self, period: str) -> str:
        """2026年10月分; FY2026 Q3."""
        text = month_text(period, self.language)
        if self.language == "en" and len(period) == 7 and period[5:].isdigit() and 1 <= int(period[5:]) <= 12:
            return f"{_MONTHS[int(period[5:]) - 1]} {period[:4]}"
        return (f"{text}分" if self.language == "ja" else text) if text else self["no period"]

    def day(self, day: date, today: date | None = None) -> str:
        """11月5日（木）; with its year where that is not today's, or nobody says which day is today."""
        far = today is None or day.year != today.year
        if self.language == "ja":
            return f"{f'{day.year}年' if far else ''}{day.month}月{day.day}日（{_WEEKDAYS['ja'][day.weekday()]}）"
        year = f" {day.year}" if far else ""
        return f"{_WEEKDAYS['en'][day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"

    def short_day(self, day: date) -> str:
        """11/5 where it is clear that a due day is meant."""
        return f"{day.month}/{day.day}まで" if self.language == "ja" else f"by {day.day} {_MONTHS[day.month - 1]}"

    def moment(self, moment: datetime) -> str:
        return f"{self.day(moment.date())} {moment.hour}:{moment.minute:02}"

    def pressing(self, days: int) -> str:
        """3日超過; あと2日; 今日まで."""
        if days == 0:
            return "今日まで" if self.language == "ja" else "due today"
        return self.counted("over" if days < 0 else "left", abs(days))

    def cells(self, cells: tuple[str, ...], most: int = 3) -> str:
        """Where the faults are: the first addresses, and how many more."""
        shown = ("、" if self.language == "ja" else ", ").join(plain(cell, 40) for cell in cells[:most])
        more = len(cells) - most
        return shown + (self.counted("more cells", more) if more > 0 else "")
