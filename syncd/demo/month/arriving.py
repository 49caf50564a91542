"""The first day: what nurseries send, and what syncd finds in it by itself."""

from __future__ import annotations

from syncd.demo.forms.monthly import HEADCOUNTS
from syncd.demo.papers import ADDITIONS, ENROLMENT, LAST_MONTHS, STAFF_LIST
from syncd.demo.steps import (
    HIMAWARI,
    SAKURA,
    TSUBASA,
    Bundle,
    Drop,
    Heard,
    Lies,
    Mend,
    Quarantined,
    Reads,
    Rename,
    Said,
    Scene,
    Took,
    Unmarked,
    both,
)

BADLY_NAMED = "報告書(最終).xlsx"

_PAPERS = Scene(
    "first",
    Said("Papers come in", "書類が届く"),
    (
        Said(
            "ひまわり保育園 drops its head-counts into the inbox of its cloud folder. syncd reads the form, finds"
            " nothing wrong, and hands it to staff for review.",
            "ひまわり保育園が、クラウドの「1_提出」に在籍報告を入れます。syncd が中を読み、誤りがなければ職員の"
            "「2_確認中」へ進めます。",
        ),
        Drop(HIMAWARI, ENROLMENT),
        *both(HIMAWARI, ENROLMENT, "review"),
        Took(),
        Heard("himawari", "received"),
        Heard("staff", "arrived"),
        Said(
            "Two more papers of the month; then each nursery drops last month's results, as one zip. It is opened, and"
            " each file in it goes its own way.",
            "今月分をあと2つ、さらに各園が先月分の実績を1つの zip で入れます。zip は開かれ、中の書類は別々に進みます。",
        ),
        Drop(HIMAWARI, ADDITIONS),
        Drop(HIMAWARI, STAFF_LIST, wrong=True),
        *(Bundle(nursery, LAST_MONTHS) for nursery in (HIMAWARI, SAKURA, TSUBASA)),
        *(
            lies
            for nursery in (HIMAWARI, SAKURA, TSUBASA)
            for paper in LAST_MONTHS
            for lies in both(nursery, paper, "review", "previous")
        ),
        *both(HIMAWARI, ADDITIONS, "review"),
        *both(HIMAWARI, STAFF_LIST, "review"),
        Took(),
        Heard("sakura", "received"),
        Heard("himawari", "received"),
        Heard("tsubasa", "received"),
    ),
)

_SUM = Scene(
    "first",
    Said("A sum that is wrong comes back by itself", "計算の合わない書類は自動で戻る"),
    (
        Said(
            "さくら保育園's ages don't add up to its total. The form is back at once, with two files beside it: a note"
            " (理由) and a copy in which the cells are marked and commented (指摘).",
            "さくら保育園は年齢別の計と合計が合いません。書類はすぐ戻り、隣に「理由」と、セルに色とコメントを付けた写し"
            "（指摘）が置かれます。",
        ),
        Drop(SAKURA, ENROLMENT, wrong=True),
        *both(SAKURA, ENROLMENT, "corrections"),
        *(
            Lies(side, SAKURA, ENROLMENT, "corrections", prefix="理由_", suffix=".txt")
            for side in ("cloud", "intranet")
        ),
        Lies("cloud", SAKURA, ENROLMENT, "corrections", mark="（指摘）"),
        Took(),
        Reads(SAKURA, "理由_"),
        Heard("sakura", "returned"),
        Said(
            "The nursery corrects the marked copy and drops that into the inbox. It is taken under the form's own name,"
            " without the marks; note and copy leave.",
            "園は印の付いた写しを直して「1_提出」に入れます。印を除いた、元の名前の書類として受け取られ、理由と写しは"
            "片付きます。",
        ),
        Mend(SAKURA, ENROLMENT, "合計", sum(HEADCOUNTS[SAKURA.code])),
        *both(SAKURA, ENROLMENT, "review"),
        Unmarked(SAKURA, ENROLMENT),
        Lies("cloud", SAKURA, ENROLMENT, "corrections", prefix="理由_", suffix=".txt", gone=True),
        Lies("cloud", SAKURA, ENROLMENT, "corrections", mark="（指摘）", gone=True),
        Heard("sakura", "received"),
        Heard("staff", "resubmitted"),
    ),
)

_OTHERS_FORM = Scene(
    "first",
    Said("The form of another facility", "別の施設の書類"),
    (
        Said(
            "つばさこども園 sends a form under its own number, but inside stands another facility's. It waits in the"
            " inbox for a person (確認待ち); nobody is told whose it is.",
            "つばさこども園の書類は、名前は自園の番号、中は別の施設の番号です。「1_提出」で人の確認を待ち（確認待ち）、"
            "どの施設のものかは誰にも知らされません。",
        ),
        Drop(TSUBASA, ENROLMENT, of=SAKURA),
        Heard("tsubasa", "document_held_operator", without=(SAKURA.name, SAKURA.code)),
        Heard("staff", "document_held", without=(SAKURA.name, SAKURA.code)),
        *both(TSUBASA, ENROLMENT, "inbox"),
        Said("The nursery puts the right one in its place.", "園が正しい書類に差し替えます。"),
        Drop(TSUBASA, ENROLMENT),
        *both(TSUBASA, ENROLMENT, "review"),
        Heard("tsubasa", "received"),
    ),
)

_NAME = Scene(
    "first",
    Said("A name that says nothing", "ファイル名から種類が分からない"),
    (
        Said(
            "さくら保育園 sends a file whose name fits no rule. It stays there; both hear how to name it.",
            "さくら保育園のファイル名はどの規則にも合いません。「1_提出」に残り、正しい名前の例が知らされます。",
        ),
        Drop(SAKURA, ADDITIONS, name=BADLY_NAMED),
        Lies("intranet", SAKURA, BADLY_NAMED, "inbox"),
        Heard("sakura", "unknown"),
        Heard("staff", "unknown"),
        Said("The nursery renames it, and it goes on by itself.", "園が名前を直すと、そのまま先へ進みます。"),
        Rename(SAKURA, BADLY_NAMED, ADDITIONS),
        *both(SAKURA, ADDITIONS, "review"),
        Heard("sakura", "received"),
    ),
)

_MACROS = Scene(
    "first",
    Said("A workbook with macros", "マクロ入りの Excel"),
    (
        Said(
            "つばさこども園's workbook has program code in it. It goes into quarantine, outside both trees.",
            "つばさこども園の Excel にはプログラムが入っています。どちらのフォルダーにも置かれず、隔離されます。",
        ),
        Drop(TSUBASA, ADDITIONS, macros=True),
        Quarantined(1),
        Lies("cloud", TSUBASA, ADDITIONS, "inbox", gone=True),
        Lies("intranet", TSUBASA, ADDITIONS, "inbox", gone=True),
        Heard("tsubasa", "macro"),
        Heard("staff", "macro"),
    ),
)

ARRIVING: tuple[Scene, ...] = (_PAPERS, _SUM, _OTHERS_FORM, _NAME, _MACROS)
