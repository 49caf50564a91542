"""The last day: the bill, and what everybody sees of the month."""

from __future__ import annotations

from syncd.demo.papers import INVOICE
from syncd.demo.steps import HIMAWARI, Drop, Heard, Lies, Pages, Reads, Said, Scene, both

_BILL = Scene(
    "last",
    Said("A bill that disagrees with the head-counts", "請求書と在籍報告の食い違い"),
    (
        Said(
            "ひまわり保育園's bill is for a child more than its head-counts report. syncd compares the month's papers"
            " with each other: it comes back, and the note says by how much.",
            "ひまわり保育園の請求書は、在籍報告より1人多くなっています。syncd は同じ月の書類どうしを比べ、違いを理由に"
            "書いて戻します。",
        ),
        Drop(HIMAWARI, INVOICE, wrong=True),
        *both(HIMAWARI, INVOICE, "corrections"),
        Lies("cloud", HIMAWARI, INVOICE, "corrections", prefix="理由_", suffix=".txt"),
        Reads(HIMAWARI, "理由_"),
        Heard("himawari", "returned"),
        Said("The nursery sends the right one.", "園が正しい請求書を送ります。"),
        Drop(HIMAWARI, INVOICE),
        *both(HIMAWARI, INVOICE, "review"),
        Heard("himawari", "received"),
        Heard("staff", "resubmitted"),
    ),
)

_PAGES = Scene(
    "last",
    Said("The month on one page", "ひと目で分かる1か月"),
    (
        Said(
            "syncd keeps these pages fresh: the whole ward for staff, and for each nursery its own.",
            "区全体のページは職員に、自園だけのページは各園に、いつも新しく置かれます。",
        ),
        Pages(),
    ),
)

CLOSING: tuple[Scene, ...] = (_BILL, _PAGES)
