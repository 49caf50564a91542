"""The first day, too: what staff do with what lies in their folders."""

from __future__ import annotations

from syncd.demo.papers import ADDITIONS, STAFF_LIST
from syncd.demo.steps import (
    HIMAWARI,
    SAKURA,
    TSUBASA,
    Attach,
    Confirm,
    Drag,
    Drop,
    Edit,
    Heard,
    Lies,
    Note,
    Quarantined,
    Reads,
    Said,
    Scene,
    both,
)

ASKED = "避難訓練の記録"
REQUEST = f"依頼_{ASKED}.txt"

_CONFIRMED = Scene(
    "first",
    Said("Confirmed", "確認済みにする"),
    (
        Said(
            "Staff drag what they have looked at from review to confirmed. That is the whole command.",
            "職員が、見終わった書類を「2_確認中」から「4_確認済」へ移します。操作はこれだけです。",
        ),
        Confirm(HIMAWARI, but=STAFF_LIST),
        Confirm(SAKURA, but=ADDITIONS),
        Confirm(TSUBASA),
        Heard("himawari", "confirmed"),
        Heard("sakura", "confirmed"),
        Heard("tsubasa", "confirmed"),
    ),
)

_RETURNED = Scene(
    "first",
    Said("Sent again, returned with a note, corrected", "再提出、理由を付けた差し戻し、修正"),
    (
        Said(
            "さくら保育園 sends its additions once more. The newer one takes the place and says so in its name, so that"
            " nobody confirms it unseen.",
            "さくら保育園が届出書を再び送ります。新しい版に入れ替わり、名前に（再提出 2）と付きます。",
        ),
        Drop(SAKURA, ADDITIONS, wrong=True),
        Lies("intranet", SAKURA, ADDITIONS, "review", mark="（再提出 2）"),
        Heard("staff", "resubmitted"),
        Said(
            "It claims one addition too many, which no machine can know. Staff drag it to corrections and write"
            " 理由.txt beside it.",
            "新しい版は加算が一つ多く、これは人にしか分かりません。職員は「3_修正・確認依頼」へ移し、隣に「理由.txt」を"
            "書きます。",
        ),
        Drag("intranet", SAKURA, ADDITIONS, "review", "corrections"),
        Note(SAKURA, "療育支援加算は、対象のお子さんがいないため「無」ではありませんか。確認してください。\r\n"),
        *both(SAKURA, ADDITIONS, "corrections"),
        Lies("cloud", SAKURA, "理由.txt", "corrections"),
        Heard("sakura", "returned"),
        Said("The nursery sends it as it was at first.", "園は初めの内容に直して送ります。"),
        Drop(SAKURA, ADDITIONS),
        *both(SAKURA, ADDITIONS, "review"),
        Lies("cloud", SAKURA, "理由.txt", "corrections", gone=True),
        Heard("staff", "resubmitted"),
        Drag("intranet", SAKURA, ADDITIONS, "review", "confirmed"),
        *both(SAKURA, ADDITIONS, "confirmed"),
        Heard("sakura", "confirmed"),
    ),
)

_AGREED = Scene(
    "first",
    Said("Corrected by the ward, agreed by the nursery", "区が修正し、園が了承する"),
    (
        Said(
            "ひまわり保育園's list of staff has a nurse too many. Staff correct it in Excel; the cloud stays as it"
            " was.",
            "ひまわり保育園の名簿は保育士の数だけが違います。職員が Excel で直します。クラウドは提出時のままです。",
        ),
        Edit(HIMAWARI, STAFF_LIST, "review", "保育士常勤換算", 12.4),
        Said(
            "Dragged to corrections, it is offered to the nursery, with a list of the cells that changed (変更箇所).",
            "「3_修正・確認依頼」へ移すと、変更したセルの一覧（変更箇所）を付けて、修正案として園に届きます。",
        ),
        Drag("intranet", HIMAWARI, STAFF_LIST, "review", "corrections"),
        *both(HIMAWARI, STAFF_LIST, "corrections"),
        Reads(HIMAWARI, "変更箇所_"),
        Heard("himawari", "ward_corrected"),
        Said(
            "The nursery looks at it and drags it to confirmed: agreed.",
            "園が内容を確かめ、「4_確認済」へ移します。これが了承です。",
        ),
        Drag("cloud", HIMAWARI, STAFF_LIST, "corrections", "confirmed"),
        *both(HIMAWARI, STAFF_LIST, "confirmed"),
        Heard("staff", "agreed"),
    ),
)

_ASKED = Scene(
    "first",
    Said("Something that is on no list", "一覧にない書類の依頼"),
    (
        Said(
            f"Staff put {REQUEST} into つばさこども園's corrections. That asks for it, and it is followed up like"
            " the rest.",
            f"職員がつばさこども園の「3_修正・確認依頼」に {REQUEST} を置きます。これが依頼です。届かなければ、"
            "ほかの書類と同じく督促されます。",
        ),
        Note(TSUBASA, "先月の訓練の記録をお願いします。\r\n", name=REQUEST),
        Lies("cloud", TSUBASA, REQUEST, "corrections"),
        Heard("tsubasa", "request"),
        Attach(TSUBASA, f"{ASKED}.csv", "実施日,参加人数\r\n先月15日,90\r\n"),
        *both(TSUBASA, f"{ASKED}.csv", "review"),
        Drag("intranet", TSUBASA, f"{ASKED}.csv", "review", "confirmed"),
        *both(TSUBASA, f"{ASKED}.csv", "confirmed"),
        Lies("cloud", TSUBASA, REQUEST, "corrections", gone=True),
        Said("Confirmed, it is done, and the request is gone.", "確認済みになると、依頼も片付きます。"),
    ),
)

_SLIPS = Scene(
    "first",
    Said("Slips of the hand", "操作の間違い"),
    (
        Said(
            "Somebody of the ward drags ひまわり保育園's list of staff into さくら保育園's folder: put back, and it"
            " never travels.",
            "職員がひまわり保育園の名簿をさくら保育園のフォルダーへ移してしまいます。元へ戻り、外へは出ません。",
        ),
        Drag("intranet", HIMAWARI, STAFF_LIST, "review", "corrections", into=SAKURA),
        Lies("intranet", HIMAWARI, STAFF_LIST, "review"),
        Lies("intranet", SAKURA, HIMAWARI.code, "corrections", gone=True),
        Heard("staff", "put_back"),
        Said(
            "Another one copies it there: the copy goes into quarantine before anything travels.",
            "別の職員がコピーしてしまいます。コピーは外へ出る前に隔離されます。",
        ),
        Drag("intranet", HIMAWARI, STAFF_LIST, "review", "corrections", into=SAKURA, copy=True),
        Lies("intranet", SAKURA, HIMAWARI.code, "corrections", gone=True),
        Quarantined(2),
        Heard("staff", "foreign_file"),
        Said(
            "ひまわり保育園 moves it to confirmed itself. That is the ward's to do: put back, told why.",
            "ひまわり保育園が自分で「4_確認済」へ移します。区の仕事なので元へ戻り、理由が知らされます。",
        ),
        Drag("cloud", HIMAWARI, STAFF_LIST, "review", "confirmed"),
        Lies("cloud", HIMAWARI, STAFF_LIST, "review"),
        Heard("himawari", "put_back"),
    ),
)

WORKING: tuple[Scene, ...] = (_CONFIRMED, _RETURNED, _SLIPS, _AGREED, _ASKED)
