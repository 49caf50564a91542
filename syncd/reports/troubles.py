"""What can be wrong with a single file, in people's words: the reason, what to do about it, and whom it concerns.

Pure. The only list of kinds: whoever raises `errors.ItemTrouble` names one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from syncd.model import Side

Whom = Literal["staff", "administrators"]
STAFF: Final[tuple[Whom, ...]] = ("staff",)
ADMINISTRATORS: Final[tuple[Whom, ...]] = ("administrators",)
BOTH: Final[tuple[Whom, ...]] = ("staff", "administrators")
HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of trouble.

    Attributes:
        whom: who hears of it after some tries.
        reason, next: by language: what is wrong; what to do.
        at_target: it lies at the place where the file is to go, not where it is.
        shows: a look tells whether it is over (`contract.Tree.ready`), so that it needn't be tried.
        told_after: how many seconds it has to last, beside some tries, before anybody hears of it.
    """

    whom: tuple[Whom, ...]
    reason: Mapping[str, str]
    next: Mapping[str, str]
    at_target: bool = False
    shows: bool = False
    told_after: float = 0.0


def _both(ja: str, en: str) -> Mapping[str, str]:
    return {"ja": ja, "en": en}


_SEND_AGAIN: Final = _both(
    "開けるか確かめ、開けなければ入れ直してもらってください。",
    "See whether it opens; if it doesn't, have it sent again.",
)
_BOX_ADMINISTRATOR: Final = _both(
    "Boxの管理者に、このファイルの制限を確かめてもらってください。",
    "Ask Box's administrator what restricts this file.",
)

KINDS: Final[Mapping[str, Kind]] = {
    # ── it can't be read ──
    "unreadable": Kind(
        BOTH,
        _both(
            "読み取れません（権限がないか、保存先の不具合です）。",
            "It can't be read: no right to, or the disk fails.",
        ),
        _both(
            "開けるか確かめ、保存し直してください。開けるときはシステム管理者へ権限の確認を依頼してください。",
            "Let syncd's account read it, or save it again.",
        ),
    ),
    "disk": Kind(
        BOTH,
        _both("保存先の不具合で読み書きできません。", "The disk or share fails for this file."),
        _both(
            "開けるか確かめ、開けなければ入れ直してもらってください。続くときはシステム管理者へ連絡してください。",
            "See that the disk is sound, and put the file there anew.",
        ),
    ),
    "no_content": Kind(BOTH, _both("Boxから内容を取り出せません。", "Box doesn't hand out its content."), _SEND_AGAIN),
    "damaged": Kind(
        BOTH,
        _both("取り出した内容がBoxの記録と一致しません。", "The content isn't what Box says that it is."),
        _SEND_AGAIN,
    ),
    "no_sha1": Kind(
        BOTH, _both("Boxがまだ内容を確定していません。", "Box doesn't say yet what its content is."), _SEND_AGAIN
    ),
    "web_link": Kind(
        STAFF,
        _both("ブックマーク（ウェブリンク）で、ファイルではありません。", "It is a bookmark (web link), no file."),
        _both("ファイルそのものを入れてもらってください。", "Have the file itself put there."),
    ),
    "policy": Kind(
        BOTH,
        _both("Boxの管理規則により扱えません。", "A policy of Box's administrators forbids it."),
        _BOX_ADMINISTRATOR,
    ),
    "half_saved": Kind(
        STAFF,
        _both("保存の途中で残ったフォルダーです。", "A program on a Mac began to save here and didn't end it."),
        _both(
            "中のファイルを確かめ、必要なものを外へ出してから、そのフォルダーを削除してください。",
            "Look at the files in it, take out what is needed, then delete the folder.",
        ),
    ),
    # ── it can't go where it is to go ──
    "folder_in_the_way": Kind(
        STAFF,
        _both("移す先に同じ名前のフォルダーがあります。", "A folder of the same name lies where it is to go."),
        _both(
            "そのフォルダーの名前を変えるか、別の場所へ移してください。", "Rename that folder, or move it elsewhere."
        ),
        at_target=True,
        shows=True,
    ),
    "file_in_the_way": Kind(
        STAFF,
        _both(
            "フォルダーを作る場所に同じ名前のファイルがあります。", "A file lies where a folder of that name has to be."
        ),
        _both("そのファイルの名前を変えるか、別の場所へ移してください。", "Rename that file, or move it elsewhere."),
        at_target=True,
        shows=True,
    ),
    "name_reserved": Kind(
        BOTH,
        _both("その名前はBoxで使用中とされています。", "Box says that the name is in use there."),
        _both(
            "同じ名前のブックマークなどがあれば名前を変えてください。なければそのままお待ちください。",
            "Rename what has that name there (a bookmark, too); if nothing has, wait.",
        ),
        at_target=True,
    ),
    "name_refused": Kind(
        STAFF,
        _both("その名前では置けません。", "It can't lie there under that name."),
        _both("名前を短くし、記号を除いてください。", "Give it a shorter name without signs."),
        at_target=True,
    ),
    "not_writable": Kind(
        BOTH,
        _both("フォルダーに書き込めません。", "Its folder can't be written."),
        _both(
            "システム管理者へ、フォルダーの権限の確認を依頼してください。",
            "Let the account that runs syncd read and write there.",
        ),
        at_target=True,
        shows=True,
    ),
    "too_large": Kind(
        STAFF,
        _both("Boxで扱える大きさを超えています。", "It is larger than Box takes."),
        _both("ファイルを分けるか小さくしてください。", "Split it, or make it smaller."),
    ),
    # ── it is not sent before a person has looked ──
    "names_other": Kind(
        STAFF,
        _both("名前に別の施設の番号または名称があります。", "Its name carries another facility's code or name."),
        _both(
            "その施設のものなら正しいフォルダーへ移し、この施設のものなら名前を直してください。",
            "Move it to the right folder; if it is this facility's, rename it.",
        ),
    ),
    "says_other": Kind(
        STAFF,
        _both("書類の中の施設番号または施設名が別の施設のものです。", "The facility that stands in it is another one."),
        _both(
            "その施設のものなら正しいフォルダーへ移し、この施設のものなら直して保存してください。",
            "Move it to the right folder; if it is this facility's, correct it.",
        ),
    ),
    "alike_other": Kind(
        STAFF,
        _both("別の施設の書類と中身が同じです。", "It says just what another facility's document says."),
        _both(
            "その施設のものなら正しいフォルダーへ移し、この施設のものなら施設番号または施設名を書き入れてください。",
            "Move it to the right folder; if it is this facility's, write its code or name into it.",
        ),
    ),
    "sealed": Kind(
        STAFF,
        _both(
            "パスワードや圧縮の形式などのため、中を確かめられません。",
            "Nobody can look into it (a password, the way it is packed).",
        ),
        _both("パスワードを外すか、zip にし直してください。", "Take the password off, or pack it as zip."),
    ),
    "own_page": Kind(
        STAFF,
        _both("自動で作られる「提出状況」の写しです。", "It is a copy of the page that syncd keeps for the operator."),
        _both("送る必要はありません。取り除いてください。", "It need not be sent; take it away."),
    ),
    "infected": Kind(
        BOTH,
        _both("ウイルスの疑いがあります。", "It is suspected of a virus."),
        _both("ファイルを取り除き、システム管理者へご連絡ください。", "Take it away; have the computer looked at."),
    ),
    # ── it can't be moved or taken away ──
    "protected": Kind(
        BOTH,
        _both("保護されていて動かせません。", "It is protected and can't be moved."),
        _both(
            "システム管理者へ、ファイルの保護の解除を依頼してください。",
            "Take its protection away (rights, attributes).",
        ),
    ),
    "locked": Kind(
        STAFF,
        _both("Boxでロックされています。", "It is locked in Box."),
        _both("ロックした人に解除を依頼してください。", "Ask who locked it to unlock it."),
        shows=True,
    ),
    "open": Kind(
        STAFF,
        _both("開かれているため動かせません。", "It is open, so it can't be moved."),
        _both("ファイルを閉じてください。", "Close it."),
        told_after=24 * HOUR,
    ),
    "written_to": Kind(  # told soon: whoever has it open works on what has been sent again, or withdrawn
        STAFF,
        _both(
            "フォルダーにある版が開かれているため、置き換えも取り除きもせず待っています。",
            "The one that lies there is open, so it is neither replaced nor taken away yet.",
        ),
        _both("開いているファイルを閉じてください。閉じると先へ進みます。", "Close it; then it goes on by itself."),
        shows=True,
    ),
    "undeletable": Kind(
        BOTH,
        _both(
            "Boxの保存期間の規則などにより削除できません。",
            "Box doesn't let it be deleted (a retention policy, for instance).",
        ),
        _BOX_ADMINISTRATOR,
    ),
    "in_the_trash": Kind(
        BOTH,
        _both("Boxのごみ箱から完全に削除できません。", "It can't be taken out of Box's trash for good."),
        _both(
            "フォルダーの所有者に、ごみ箱からの削除を依頼してください。",
            "Have the owner of the folder delete it from the trash.",
        ),
    ),
    # ── the rest ──
    "refused": Kind(BOTH, _both("Boxがこのファイルの処理を断っています。", "Box refuses it."), _BOX_ADMINISTRATOR),
    "failing": Kind(
        ADMINISTRATORS,
        _both("このファイルの処理がBoxで失敗し続けています。", "It fails in Box again and again."),
        _both(
            "自動で再試行します。続く場合はBoxへ問い合わせてください。", "syncd tries again; if it goes on, ask Box."
        ),
    ),
}


SIDES: Final[Mapping[Side, Mapping[str, str]]] = {
    Side.CLOUD: _both("クラウド", "Cloud"),
    Side.INTRANET: _both("庁内フォルダー", "Intranet"),
}


def kind_of(name: str) -> Kind:
    """The kind of that name; a name of a newer syncd is one that fails."""
    return KINDS.get(name, KINDS["failing"])
