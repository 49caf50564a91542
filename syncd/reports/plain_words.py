"""The words of an operator's page: やさしい日本語 for the clerk of a nursery, and English.

Pure. Short sentences, one thing each, the folders by their real names. `{inbox}` and the other stages stand for these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from syncd.reports.words import Both, both

PLAIN: Final[Mapping[str, Both]] = {
    "title": both("提出状況", "Your documents"),
    "as of": both("内容の時点", "As of"),
    "to do": both("いま、すること", "What to do now"),
    "nothing": both("いま、していただくことはありません。", "There is nothing for you to do now."),
    "wait": both(
        "区が書類を確認しています。そのままお待ちください。", "The ward is looking at your documents. Please wait."
    ),
    "more": both("このほかに、下の表の書類もお願いします。", "Please see to the others in the tables below, too."),
    "returned": both("直していただきたい書類", "Please correct"),
    "offered": both("区が直した書類（見てください）", "Corrected by the ward: please look"),
    "unsent": both("まだ届いていない書類", "Not here yet"),
    "original": both("紙の原本を待っている書類", "The paper original has to come"),
    "checking": both("区が確認している書類", "The ward has it"),
    "later": both("あとで出す書類", "To be sent later"),
    "done": both("終わった書類", "Done"),
    "closed": both("受付が終わった書類", "No longer needed"),
    "document": both("書類", "Document"),
    "where": both("直すところ", "Where"),
    "changed": both("区が直したところ", "What the ward changed"),
    "until": both("いつまで", "Until"),
    "came": both("届いた日", "Came on"),
    "how far": both("いまの状態", "State"),
    "no day": both("期限はありません", "no day is set"),
    "overdue": both("期限を過ぎています", "overdue"),
    "withdrawn": both("取り下げられました。もう一度出してください", "taken back; please send it again"),
    "paper too": both("はんこを押した紙の原本も送ってください", "please send the sealed paper, too"),
    "asked for": both("区からのお願い", "asked for by the ward"),
    "see note": both("「理由」を見てください", "see the note"),
    "see file": both("ファイルを見てください", "see the file"),
    "processing": both("届きました", "has come"),
    "scanner": both("ウイルス検査を待っています", "waits for the virus scanner"),
    "person": both("区の担当が確認します", "staff will look at it"),
    "review": both("区の担当が確認しています", "staff are looking at it"),
    "confirmed": both("確認が終わりました", "confirmed"),
    "not applicable": both("「該当なし」で受付済み", "nothing to send"),
    "nil": both(
        "出すものがない月は、「該当なし_書類名」という名前のファイルを「{inbox}」フォルダーに入れてください"
        "（「該当なし」にできない書類もあります）。",
        "If there is nothing to send for a document, put a file named 該当なし_(title) into the folder '{inbox}' "
        "(some documents have to be sent all the same).",
    ),
    "later why": both(
        "まだ期限が決まっていません。出す日が決まったら、このページに載ります。",
        "No day is set yet. It will be shown here once it is.",
    ),
    "closed why": both("もう出さなくてかまいません。", "You need not send these any more."),
    "only yours": both(
        "このページは、{facility}の書類だけを載せています。ファイルを動かすと、内容は自動で新しくなります。",
        "This page shows the documents of {facility} alone. It is renewed by itself when files move.",
    ),
}

STEPS: Final[Mapping[str, tuple[Both, Both]]] = {
    "late": (
        both(
            "期限を過ぎた書類が {n} つあります。すぐに出してください。",
            "Overdue documents: {n}. Please send them at once.",
        ),
        both(
            "「{inbox}」フォルダーに入れてください。むずかしいときは、区の担当に連絡してください。",
            "Put them into the folder '{inbox}'. If you can't, please tell the ward.",
        ),
    ),
    "returned": (
        both("直していただきたい書類が {n} つあります。", "Documents to correct: {n}."),
        both(
            "「{corrections}」フォルダーの「理由」を開いて読んでください。書類を直したら、同じ名前で「{inbox}」フォルダーに入れてください。",
            "Read the note (理由) in the folder '{corrections}'. Correct the document and put it into the folder "
            "'{inbox}' under the same name.",
        ),
    ),
    "offered": (
        both("区が直した書類が {n} つあります。見てください。", "Documents that the ward corrected: {n}. Please look."),
        both(
            "「{corrections}」フォルダーのファイルを開いてください。よければ「{confirmed}」フォルダーへ移してください。"
            "ちがうところがあれば、直して「{inbox}」フォルダーに入れてください。",
            "Open them in the folder '{corrections}'. If all is right, move them to the folder '{confirmed}'. "
            "If not, correct them and put them into the folder '{inbox}'.",
        ),
    ),
    "original": (
        both("はんこを押した紙の原本を {n} つ送ってください。", "Paper originals to send: {n}."),
        both(
            "確認は終わっています。はんこを押した紙を、区へ送るか、持ってきてください。",
            "They are confirmed. Please send or bring the sealed paper to the ward.",
        ),
    ),
    "ahead": (
        both("これから出す書類が {n} つあります。", "Documents still to send: {n}."),
        both(
            "できたものから「{inbox}」フォルダーに入れてください。",
            "Put each into the folder '{inbox}' when it is ready.",
        ),
    ),
}
"""What to do: the headline, and how."""

FIRST_DAY: Final[Both] = both("いちばん早い期限は {day} です。", "The first is due on {day}.")
AND_MORE: Final[Both] = both("このほかに {n} つあります。", "And {n} more.")
PAGE: Final[Both] = both("{n} ページ", "page {n}")
