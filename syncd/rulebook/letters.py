"""What the text files beside a form say: why it comes back, and what the ward changed in it.

Owns their words, for a clerk of a nursery who has the form open in Excel and nobody to ask; and the short form of the
same for chat (`cells_in_chat`), which names addresses and counts only. What stands in the form is quoted in one line,
without anything invisible. Refuses to know where the files go.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from syncd.forms.fact import CellChange
from syncd.model import Finding
from syncd.rulebook.harmless import harmless
from syncd.rulebook.wording import month_text

MOST_LINES: Final = 100
LONGEST_QUOTE: Final = 60
LONGEST_REASON: Final = 400
MOST_STANDING: Final = 10
"""Cells of one fault of which the note says what stands in them."""
LONGEST_IN_CHAT: Final = 80
LINE_END: Final = "\r\n"
"""What old programs on Windows need; the files are UTF-8 without a byte order mark."""

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "ja": {
        "returned": "修正のお願い",
        "changed": "区で変更した箇所",
        "facility": "施設：",
        "document": "書類：",
        "file": "ファイル：",
        "of": "{}（{}分）",
        "faults": "次の{}件をご確認ください。",
        "no faults": "内容をご確認ください。",
        "changes": "区の職員が次の{}か所を変更しました（変更前 → 変更後）。",
        "found": "現在の内容：{}",
        "expected": "正しい内容：{}",
        "colon": "：",
        "brackets": "（{}）",
        "joint": "、",
        "beside": "／",
        "more": "ほか{}件",
        "send": "お手数ですが、修正のうえ、同じファイル名で「{}」フォルダーに入れてください。",
        "marked": "該当のセルに色とコメントを付けた写し「{}」を同じフォルダーに置きました。"
        "この写しを修正して入れていただいてもかまいません。色とコメントは受付のときに取り除きます。",
        "agree": "内容をご確認ください。よろしければ、ファイルを「{}」フォルダーへ移動するか、"
        "チャットで担当へご返信ください。",
        "disagree": "相違があるときは、修正のうえ「{}」フォルダーに入れてください。",
        "ask": "ご不明な点は、区の担当へご連絡ください。",
        "blank": "（空欄）",
        "hidden": "非表示",
        "visible": "表示",
    },
    "en": {
        "returned": "Please correct",
        "changed": "What the ward changed",
        "facility": "Facility: ",
        "document": "Document: ",
        "file": "File: ",
        "of": "{} ({})",
        "faults": "Please look at the following ({}).",
        "no faults": "Please look at its content.",
        "changes": "The ward changed the following ({}), before → after.",
        "found": "now: {}",
        "expected": "expected: {}",
        "colon": ": ",
        "brackets": " ({})",
        "joint": ", ",
        "beside": "; ",
        "more": "and {} more",
        "send": 'Please correct it and put it into the folder "{}" under the same file name.',
        "marked": 'A copy with these cells coloured and commented, "{}", is in the same folder. '
        "You may correct and send that copy: colours and comments are taken off when it arrives.",
        "agree": 'Please check it. If it is right, move the file to the folder "{}" or answer in chat.',
        "disagree": 'If not, correct it and put it into the folder "{}".',
        "ask": "If anything is unclear, please contact the ward.",
        "blank": "(blank)",
        "hidden": "hidden",
        "visible": "shown",
    },
}
_THINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "ja": {
        "comment": "コメント", "validation": "入力規則", "picture": "画像（印影など）の数", "object": "埋め込みの数",
        "text box": "図形の文字", "tick": "チェックボックスなど", "sheet": "シート", "order": "シートの順",
        "visibility": "シートの表示", "name": "名前の定義", "dates": "日付の起点", "macros": "マクロ",
        "format": "ファイル形式",
    },
    "en": {
        "comment": "comment", "validation": "what may be entered", "picture": "pictures (a seal)",
        "object": "embedded objects", "text box": "text in a box", "tick": "tick boxes", "sheet": "sheet",
        "order": "order of sheets", "visibility": "visibility of the sheet", "name": "defined name",
        "dates": "first day", "macros": "macros", "format": "file format",
    },
}  # fmt: skip


def returned_note(
    facility: str,
    title: str,
    period: str | None,
    findings: Sequence[Finding],
    *,
    language: str,
    inbox: str,
    file: str = "",
    marked: str = "",
) -> str:
    """The note beside a file that comes back: one line a fault, and how to send it again.

    Args:
        findings: only those that return the file are told; warnings are the ward's business.
        inbox: what the folder for sending in is called.
        file: the file's own name; `marked`: that of its marked copy, if there is one.
    """
    words = _words(language)
    faults = [finding for finding in findings if finding.result == "return"]
    lines = [*_head(words["returned"], facility, title, period, file, language), ""]
    lines += [words["faults"].format(len(faults)) if faults else words["no faults"], ""]
    lines += _numbered([_fault(each, words) for each in faults[:MOST_LINES]], len(faults), words)
    lines += [words["send"].format(inbox)]
    lines += [words["marked"].format(_quoted(marked, 255))] if marked else []
    return _text([*lines, words["ask"]])


def changes_note(
    facility: str,
    title: str,
    period: str | None,
    changes: Sequence[CellChange],
    *,
    language: str,
    confirmed: str,
    inbox: str,
    file: str = "",
) -> str:
    """The list beside a form that the ward corrected: one line a change, old → new, and how to answer."""
    words = _words(language)
    told = [change for change in changes if change.what != "more"]
    count = _count(changes)
    lines = [*_head(words["changed"], facility, title, period, file, language), ""]
    lines += [words["changes"].format(count), ""]
    lines += _numbered([_change(each, language) for each in told[:MOST_LINES]], count, words)
    return _text([*lines, words["agree"].format(confirmed), words["disagree"].format(inbox), words["ask"]])


def changed_cells(changes: Sequence[CellChange]) -> tuple[tuple[str, ...], int]:
    """Where a form was changed, for `cells_in_chat`, and how many changes there are."""
    places = (_place(change) for change in changes if change.what != "more")
    return tuple(place for place in places if place), _count(changes)


def _count(changes: Sequence[CellChange]) -> int:
    more = sum(int(change.new) for change in changes if change.what == "more" and change.new.isdecimal())
    return sum(change.what != "more" for change in changes) + more


# --- lines -----------------------------------------------------------------------------------------------------------


def _words(language: str) -> Mapping[str, str]:
    return _WORDS.get(language, _WORDS["ja"])


def _head(heading: str, facility: str, title: str, period: str | None, file: str, language: str) -> list[str]:
    words = _words(language)
    month = month_text(period, language)
    document = words["of"].format(_quoted(title), month) if month else _quoted(title)
    lines = [heading, "", f"{words['facility']}{_quoted(facility)}", f"{words['document']}{document}"]
    return [*lines, f"{words['file']}{_quoted(file, 255)}"] if file else lines


def _numbered(lines: Sequence[str], count: int, words: Mapping[str, str]) -> list[str]:
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
    if count > len(lines):
        numbered.append(words["more"].format(count - len(lines)))
    return [*numbered, ""] if numbered else []


def _fault(finding: Finding, words: Mapping[str, str]) -> str:
    cells = words["joint"].join(_quoted(cell) for cell in finding.cells[:10])
    say = _quoted(finding.say or finding.check, LONGEST_REASON)
    private = any(cell in finding.private for cell in finding.cells)
    more = [
        words[what].format(_quoted(value))
        for what, value in (("found", "" if private else finding.found), ("expected", finding.expected))
        if value and value not in finding.say
    ]
    more += _standing(finding, words)
    told = say + (words["brackets"].format(words["joint"].join(more)) if more else "")
    if finding.stands:
        return told
    named = all(cell.rpartition("!")[2] in finding.say for cell in finding.cells)
    return told if named else f"{cells}{words['colon']}{told}"


def _standing(finding: Finding, words: Mapping[str, str]) -> list[str]:
    """What stands in the cells that were compared, in one phrase, as far as the reason doesn't say it.

    Of a cell with personal information only where it is.
    """
    unsaid = []
    for cell, value in list(finding.stands.items())[:MOST_STANDING]:
        named, private = cell.rpartition("!")[2] in finding.say, cell in finding.private
        if named and (private or value in finding.say):
            continue
        place = _quoted(cell, LONGEST_QUOTE * 2)
        unsaid.append(place if private else f"{place}{words['colon']}{_quoted(value)}")
    return [words["beside"].join(unsaid)] if unsaid else []


def _change(change: CellChange, language: str) -> str:
    words = _words(language)
    things = _THINGS.get(language, _THINGS["ja"])
    where = [_place(change)] if _place(change) else []
    if change.what != "cell":
        where.append(things.get(change.what, change.what))
    old, new = (_quoted(text) or words["blank"] for text in (change.old, change.new))
    if change.what == "visibility":
        old, new = (words["visible" if state == "visible" else "hidden"] for state in (change.old, change.new))
    return f"{' '.join(where)}{words['colon']}{old} → {new}"


def _place(change: CellChange) -> str:
    if change.sheet and change.cell:
        return f"{_quoted(change.sheet)}!{_quoted(change.cell)}"
    return _quoted(change.sheet or change.cell)


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}{LINE_END}" for line in lines)


def _quoted(text: str, most: int = LONGEST_QUOTE) -> str:
    """What was written elsewhere, in one line and without anything that can't be seen."""
    seen = "".join(map(_seen, text[: most * 4])).strip()
    return seen if len(seen) <= most else seen[: most - 1] + "…"


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category in ("Cf", "Cs", "Co", "Cn") else character


# --- chat ------------------------------------------------------------------------------------------------------------


def cells_in_chat(cells: Iterable[str], language: str, count: int | None = None) -> str:
    """Where something is, for chat: `在籍!C14、C15 ほか2か所（4件）`, at most `LONGEST_IN_CHAT` characters.

    Args:
        cells: addresses such as `在籍!C14`, or other words for a place; what stands there must not be among them.
        count: how many faults or changes; as many as there are different cells when left out. 0: ''.
    """
    places = list(dict.fromkeys(cells))
    count = len(places) if count is None else count
    if count == 0:
        return ""
    for shown in range(len(places), 0, -1):
        text = _told(places[:shown], len(places) - shown, count, language)
        if shown <= 8 and len(text) <= LONGEST_IN_CHAT:
            return text
    return f"{count}件" if language == "ja" else str(count)


def _told(places: Sequence[str], more: int, count: int, language: str) -> str:
    japanese = language == "ja"
    parts = []
    before: str | None = None
    for place in places:
        sheet, mark, cell = place.rpartition("!")
        parts.append(harmless(cell, 30) if mark and sheet == before else _in_chat(sheet, cell))
        before = sheet if mark else None
    text = ("、" if japanese else ", ").join(parts)
    if more:
        text += f" ほか{more}か所" if japanese else f" and {more} more"
    return f"{text}（{count}件）" if japanese else f"{text} ({count})"


def _in_chat(sheet: str, cell: str) -> str:
    return f"{harmless(sheet, 20)}!{harmless(cell, 30)}" if sheet else harmless(cell, 30)
