"""Around a due day: who is asked for what is missing, and who isn't any more."""

from __future__ import annotations

from syncd.demo.papers import STAFF_LIST
from syncd.demo.steps import SAKURA, TSUBASA, Confirm, Drop, Heard, Said, Scene, Silence, both

_BEFORE = Scene(
    "before",
    Said("Three days before: what is still missing is asked for", "期限の3日前: まだ届かない書類の催促"),
    (
        Said(
            "The lists of staff are due on {due}. Two nurseries have not sent theirs; each is asked in its own room for"
            " all that it lacks. ひまわり保育園 has sent everything and hears nothing.",
            "職員名簿の期限は{due}です。まだの2園に、足りない書類がまとめて知らされます。出し終えたひまわり保育園には何も"
            "届きません。",
        ),
        Heard("sakura", "missing", words=(STAFF_LIST.title,)),
        Heard("tsubasa", "missing", words=(STAFF_LIST.title,)),
        Silence(("himawari", "staff")),
    ),
)

_DUE = Scene(
    "due",
    Said("The due day: it comes", "期限の日: 書類が届く"),
    (
        Said("Both are asked once more, on the day itself.", "当日、2園にもう一度知らされます。"),
        Heard("sakura", "missing", words=(STAFF_LIST.title,)),
        Heard("tsubasa", "missing", words=(STAFF_LIST.title,)),
        Said("さくら保育園 sends its list.", "さくら保育園が名簿を出します。"),
        Drop(SAKURA, STAFF_LIST),
        *both(SAKURA, STAFF_LIST, "review"),
        Heard("sakura", "received"),
        Confirm(SAKURA),
        Heard("sakura", "confirmed"),
    ),
)

_AFTER = Scene(
    "after",
    Said("The day after: only who is late is reminded", "期限の翌日: 遅れている園だけに"),
    (
        Said(
            "つばさこども園 has sent nothing: it hears that it is late, and staff hear it, too. さくら保育園 has"
            " sent its list: no reminder follows.",
            "まだのつばさこども園には期限超過と知らされ、職員にも届きます。出したさくら保育園には何も届きません。",
        ),
        Heard("tsubasa", "overdue", words=(STAFF_LIST.title,)),
        Heard("staff", "overdue_staff", words=(TSUBASA.name,), without=(SAKURA.name,)),
        Silence(("sakura",)),
    ),
)

ASKING: tuple[Scene, ...] = (_BEFORE, _DUE, _AFTER)
