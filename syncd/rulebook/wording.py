"""Fills the ward's message templates: what one text says about some files of one operator and month.

Owns the placeholders, how months and days read, and what may never be said: by default no file name of a type with
personal information or of unknown type, no note text, no cell value. Everything but the templates comes from outside
and goes through `harmless` first. A placeholder without a value takes its brackets and particles along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from syncd.model import REQUEST, Stage, Telling
from syncd.rulebook.harmless import harmless


@dataclass(frozen=True, slots=True)
class Item:
    """One telling as it waits: `id` in the outbox, `seq` of its history record (0: none)."""

    id: int
    telling: Telling
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """What texts are made with.

    Attributes:
        messages: name → language → template.
        operators: id → name.
        titles: document type → title.
        personal: document types with personal information.
        stages: names of the stage folders as people see them.
        file_names, note_text: what `chat.file_names` and `chat.note_text` allow.
        missing: what an operator (id) has still to send for a period, each with its day; '' for nothing. Asked when
            a message is made, so that it is true then.
        limit: the longest message, in characters.
    """

    messages: Mapping[str, Mapping[str, str]]
    operators: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()
    stages: Mapping[Stage, str] = field(default_factory=dict)
    language: str = "ja"
    file_names: bool = False
    note_text: bool = False
    missing: Callable[[str, str], str] = lambda operator, period: ""
    limit: int = 900


SPELLINGS: Final[Mapping[str, str]] = {
    "施設": "facility",
    "月": "month",
    "書類": "document",
    "一覧": "list",
    "理由": "reason",
    "代わりに": "instead",
    "番号": "number",
    "件数": "count",
    "日": "day",
    "例": "example",
    "番地": "place",
    "詳細": "detail",
    "ファイル": "file",
    "未提出": "missing",
}
_TOLD_TOGETHER: Final = frozenset({"facility", "month", "document", "list", "number", "count", "id", "file"})
_LENGTHS: Final[Mapping[str, int]] = {
    "list": 2000,
    "missing": 500,
    "detail": 600,
    "reason": 400,
    "instead": 400,
    "place": 400,
}
_MOST_NUMBERS: Final = 5

_PLACEHOLDER: Final = re.compile(r"\{([^{}\n]{1,40})\}")
# While a text is put together, \0 stands for an empty value and \1…\2 wrap a filled one; `harmless` leaves no such
# character in a value, so only the template's own words are tidied.
_EMPTY_BRACKETS: Final = re.compile(
    r"[（(「『【\[][^（）()「」『』【】\[\]\x01\x02]*\x00[^（）()「」『』【】\[\]\x01\x02]*[）)」』】\]]"
)
_TIDYING: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"\x00(?:年度分|月分|分|までに|まで|必着|件|回目)"), "\0"),
    (re.compile(r"\b(?:for|by|of|before|until|on|in|about|to|see|reference|ref\.|No\.) *\x00", re.IGNORECASE), "\0"),
    (re.compile(r" *[:：、,・/／–—-] *\x00"), "\0"),
    (re.compile(r"\x00 *[、,]"), "\0"),
    (re.compile(r"(^|[。\n])[ \u3000]*\x00[ \u3000]*。"), r"\1"),
    (re.compile(r" *\x00+ +(?=[。、.,:：;）)」』]|$)"), ""),
    (re.compile(r"^\x00+ *", re.MULTILINE), ""),
    (re.compile(r" +\x00+ *(?![。、.,:：;）)」』])"), " "),
    (re.compile(r" *\x00+(?=[。、.,:：;）)」』]|$)", re.MULTILINE), ""),
    (re.compile(r"\x00"), ""),
    (re.compile(r" {2,}"), " "),
    (re.compile(r" +$", re.MULTILINE), ""),
)

_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})")
_FISCAL_YEAR: Final = re.compile(r"(?:FY)?([0-9]{4})(?:-?FY|年度)?")
_QUARTER: Final = re.compile(r"(?:FY)?([0-9]{4})(?:FY)?-?Q([1-4])")
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WEEKDAYS: Final = "月火水木金土日"


def month_text(period: str | None, language: str) -> str:
    """A period as people say it: 2026年10月, 2025年度, 2025年度第3四半期; '' for none."""
    if not period:
        return ""
    japanese = language == "ja"
    if found := _MONTH.fullmatch(period):
        return f"{found[1]}年{int(found[2])}月" if japanese else period
    if found := _QUARTER.fullmatch(period):
        return f"{found[1]}年度第{found[2]}四半期" if japanese else f"FY{found[1]} Q{found[2]}"
    if found := _FISCAL_YEAR.fullmatch(period):
        return f"{found[1]}年度" if japanese else f"FY{found[1]}"
    return harmless(period, 40)


def day_text(day: str, language: str) -> str:
    """A day as people say it: 11月5日（木）; anything but an ISO date as it is."""
    found = _DAY.fullmatch(day)
    if not found or language != "ja":
        return harmless(day, 60)
    try:
        meant = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return harmless(day, 60)
    return f"{meant.month}月{meant.day}日（{_WEEKDAYS[meant.weekday()]}）"


def distinct(items: Iterable[Item], words: Words) -> list[list[Item]]:
    """Items that a list shows as one entry, in order of first appearance."""
    entries: dict[str, list[Item]] = {}
    for item in items:
        entries.setdefault(_title(item.telling, words), []).append(item)
    return list(entries.values())


def said_apart(item: Item, words: Words) -> tuple[object, ...]:
    """Equal for items that one text can tell together: same message, operator, period and further words."""
    telling = item.telling
    values = _given(telling)
    used = _used(_template(telling, words), words, values)
    apart = tuple((name, values.get(name, "")) for name in sorted(used - _TOLD_TOGETHER))
    lists = tuple(values[name] for name in ("list", "document", "number") if name in used and name in values)
    return (telling.message, telling.operator, telling.period, apart, lists, values.get("note", ""))


def render(items: Sequence[Item], words: Words) -> str:
    """One text about items that are equal in `said_apart`."""
    telling = items[0].telling
    values = _values(items, words)
    text = _filled(_template(telling, words), values)
    note = harmless(_given(telling).get("note", ""), 400) if words.note_text else ""
    if note:
        text += f"\n理由：{note}" if words.language == "ja" else f"\nReason: {note}"
    return text


def _template(telling: Telling, words: Words) -> str:
    found = _in_language(telling.message, words)
    if found is not None:
        return found
    return f"【{harmless(telling.message, 40)}】{{facility}} {{month}} {{list}} {{reason}} {{detail}}"


def _in_language(name: str, words: Words) -> str | None:
    languages = words.messages.get(name)
    if not languages:
        return None
    return languages.get(words.language) or next(iter(languages.values()))


def _given(telling: Telling) -> dict[str, str]:
    """The telling's own words under their English names."""
    return {SPELLINGS.get(name, name): str(value) for name, value in telling.values.items()}


def _used(template: str, words: Words, values: Mapping[str, str]) -> set[str]:
    names = {SPELLINGS.get(name, name) for name in _PLACEHOLDER.findall(template)}
    if "reason" in names and (reason := _in_language(f"reason_{values.get('reason', '')}", words)) is not None:
        names |= {SPELLINGS.get(name, name) for name in _PLACEHOLDER.findall(reason)}
    return names


def _values(items: Sequence[Item], words: Words) -> dict[str, str]:
    """Every placeholder's text, harmless already."""
    telling = items[0].telling
    given = _given(telling)
    values = {name: harmless(value, _LENGTHS.get(name, 120)) for name, value in given.items()}
    values["detail"] = harmless(" / ".join(given.get("detail", "").splitlines()), _LENGTHS["detail"])
    values["day"] = day_text(given.get("day", ""), words.language)
    values.setdefault("facility", harmless(words.operators.get(telling.operator, telling.operator), 80))
    values.setdefault("id", harmless(telling.operator, 80))
    values.setdefault("month", month_text(telling.period, words.language))
    values.setdefault("number", _numbers(items))
    values["count"] = str(_count(items))
    if "missing" in _used(_template(telling, words), words, given) and telling.period:
        values["missing"] = harmless(words.missing(telling.operator, telling.period), _LENGTHS["missing"])
    values["file"] = _join(filter(None, dict.fromkeys(_name(item.telling, words) for item in items)), words)
    values.setdefault("document", _join((_title(entry[0].telling, words) for entry in distinct(items, words)), words))
    values.setdefault("list", _join((_entry(entry, words) for entry in distinct(items, words)), words))
    for stage in Stage:
        values[stage.value] = harmless(words.stages.get(stage, stage.value), 80)
    reason = _in_language(f"reason_{given.get('reason', '')}", words)
    if reason is not None:
        values["reason"] = _filled(reason, values | {"reason": ""})
    return values


def _name(telling: Telling, words: Words) -> str:
    """A file's own name where it may be said; else ''."""
    public = telling.document in words.titles and telling.document not in words.personal
    return harmless(telling.name, 100) if words.file_names or public else ""


def _title(telling: Telling, words: Words) -> str:
    """What a file is called in chat: its type's title, with its own name when `chat.file_names` wants that."""
    asked = (telling.document or "").removeprefix(REQUEST) if (telling.document or "").startswith(REQUEST) else None
    title = asked or words.titles.get(telling.document or "")
    name = _name(telling, words) if words.file_names else ""
    if title is None:
        unnamed = "書類" if words.language == "ja" else "document"
        return f"「{name}」" if name else unnamed
    return f"{harmless(title, 100)}（{name}）" if name else harmless(title, 100)


def _entry(entry: Sequence[Item], words: Words) -> str:
    count = len(_files(entry))
    title = _title(entry[0].telling, words)
    if count < 2:
        return title
    return f"{title}（{count}件）" if words.language == "ja" else f"{title} ({count})"


def _files(items: Iterable[Item]) -> set[object]:
    return {item.telling.file or item.telling.name or item.id for item in items}


def _count(items: Sequence[Item]) -> int:
    """How many files; where the tellings say how many of what, their sum; of faults, how many lines they are."""
    given = [_given(item.telling) for item in items]
    said = [int(values["count"]) for values in given if values.get("count", "").isdecimal()]
    if said:
        return sum(said)
    if not any(item.telling.file or item.telling.name for item in items):
        return sum(max(1, len(values.get("detail", "").splitlines())) for values in given)
    return len(_files(items))


def _numbers(items: Iterable[Item]) -> str:
    numbers = sorted({item.seq for item in items if item.seq})
    shown = "、".join(map(str, numbers[:_MOST_NUMBERS]))
    return f"{shown}…" if len(numbers) > _MOST_NUMBERS else shown


def _join(parts: Iterable[str], words: Words) -> str:
    return ("、" if words.language == "ja" else ", ").join(parts)


def _filled(template: str, values: Mapping[str, str]) -> str:
    """The template with its values, tidied where one was missing."""

    def value(match: re.Match[str]) -> str:
        found = values.get(SPELLINGS.get(match[1], match[1]), "")
        return f"\x01{found}\x02" if found else "\0"

    text = _PLACEHOLDER.sub(value, template)
    if "\0" in text:
        while (shorter := _EMPTY_BRACKETS.sub("\0", text)) != text:
            text = shorter
        for pattern, replacement in _TIDYING:
            text = pattern.sub(replacement, text)
    text = re.sub(r"([。.])\x02(?=[。.])[。.]", r"\1", text)  # a reason that is a sentence, in a sentence
    return text.replace("\x01", "").replace("\x02", "").strip()
