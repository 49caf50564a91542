"""Names that programs give: files that are none of ours, files that nobody has named yet, files that show a lock."""

from __future__ import annotations

import re

from syncd.names.mapping import split
from syncd.names.sameness import strip_version_marks, wide

_IGNORED = re.compile(
    r"\..*|~\$.*|.*\.(?:tmp|crdownload|part|partial|filepart|opdownload|download)|~(?:DF|WR[A-Z])[0-9A-F]{4,}"
    r"|.*\.[0-9A-Za-z]{1,8}~|#.*\.[0-9A-Za-z]{1,8}#"  # what vim, gedit and Emacs keep beside a file
    r"|(?:eh)?thumbs\.db|desktop\.ini|\$RECYCLE\.BIN|System Volume Information|lost\+found",
    re.IGNORECASE | re.DOTALL,
)
# Excel saves under eight hexadecimal digits first; a person may call a file after a day.
_EXCEL_TEMPORARY = re.compile(r"(?!(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$)[0-9A-F]{8}")
_KINDS_JA = (
    r"テキスト ?(?:ドキュメント|文書)|リッチ ?テキスト ?(?:ドキュメント|形式)|ビットマップ ?イメージ"
    r"|ショートカット|フォルダー?|ブリーフケース|連絡先|ジャーナル ?(?:ドキュメント|文書)"
    r"|圧縮 ?\(zip 形式\) ?フォルダー?|zip アーカイブ"
    r"|(?:microsoft )?(?:office )?(?:excel|word|powerpoint|access|publisher|visio)?[ ]?"
    r"(?:マクロ有効)?(?:ワークシート|ブック|文書|ドキュメント|プレゼンテーション|データベース|図面)"
    r"|opendocument ?(?:スプレッドシート|テキスト|プレゼンテーション|文書|表計算ドキュメント)"
)
_KINDS_EN = (
    r"text document|rich text (?:document|format)|bitmap image|shortcut|folder|briefcase|contact|journal document"
    r"|compressed \(zipped\) folder|winrar(?: zip)? archive|opendocument (?:spreadsheet|text|presentation)"
    r"|(?:microsoft )?(?:office )?(?:excel|word|powerpoint|access|publisher|visio)? ?"
    r"(?:macro-enabled )?(?:worksheet|workbook|document|presentation|database|drawing)"
)
_DEFAULT = re.compile(
    rf"新しい.*|新規 ?(?:{_KINDS_JA})|new (?:{_KINDS_EN})"
    r"|(?:book|ブック|document|doc|文書|presentation|プレゼンテーション) ?\d+"
    r"|(?:無題|名称未設定|untitled)(?: ?\d+)?"
    r"|(?:無題の|untitled )(?:スプレッドシート|ドキュメント|プレゼンテーション|spreadsheet|document|presentation)",
    re.DOTALL,
)
_WORD = frozenset({".doc", ".docx", ".docm", ".dot", ".dotx", ".dotm", ".rtf"})


# Where a Mac puts a document together before it takes its name: `a.xlsx.sb-1a2b3c4d-Xy9zAb`, or beside it.
_SAVE_FOLDER = re.compile(r"(?P<document>.+)\.sb-[0-9A-Za-z]+-[0-9A-Za-z]+|\(A Document Being Saved By .*\)", re.DOTALL)


def save_folder(name: str) -> str | None:
    """The document that a program on a Mac saves by way of a folder of this name, '' if unknown; None: no such name."""
    found = _SAVE_FOLDER.fullmatch(name)
    return None if found is None else found["document"] or ""


def ignored(name: str) -> bool:
    """Whether a program made the file for itself: owner and temporary files, partial downloads, dotfiles …"""
    return bool(_IGNORED.fullmatch(name) or _EXCEL_TEMPORARY.fullmatch(name))


def default_named(name: str) -> bool:
    """Whether the name is what Explorer or Office call a new file, so that its author has not named it yet."""
    stem = split(name)[0]
    return any(_DEFAULT.fullmatch(wide(each)) is not None for each in (stem, strip_version_marks(stem)))


def owner_files(name: str) -> tuple[str, ...]:
    """Names beside the file that would show that it is open in Office, LibreOffice or vim.

    Word puts its `~$` over the first letters of longer names (one of seven, two of eight and more).
    """
    stem, extension = split(name)
    names = [f"~${name}", f".~lock.{name}#", f".{name}.swp"]
    if extension.casefold() in _WORD and len(stem) > 6:
        names.append("~$" + name[1 if len(stem) == 7 else 2 :])
    return tuple(names)


def shows_owner(name: str) -> bool:
    """Whether a file of this name shows that another one is open."""
    return name.startswith(("~$", ".~lock.")) or (name.startswith(".") and name.endswith(".swp"))
