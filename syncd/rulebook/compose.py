"""Makes chat messages of tellings: what is to be said to one room becomes as few, as short texts as possible.

Owns grouping, order and length. What one text says is `wording`'s. Pure: no clock, no database; what is not in `Item`
and `Words` can't be said. Order is kept for each document; texts about different documents may change places so that
equal ones can be said together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from syncd.rulebook.wording import Item, Words, distinct, render, said_apart

__all__ = ["Item", "Text", "Words", "compose"]


@dataclass(frozen=True, slots=True)
class Text:
    """One chat message and the ids of the items it tells of."""

    text: str
    items: tuple[int, ...]


@dataclass(slots=True)
class _Group:
    """Items that one text can tell together."""

    key: tuple[object, ...]
    items: list[Item] = field(default_factory=list)


def compose(items: Sequence[Item], words: Words) -> tuple[Text, ...]:
    """The messages for one room, each at most `words.limit` characters.

    Args:
        items: what to tell, oldest first; all of one room.

    Every item's id is in at least one text; in several only when it alone is longer than a message.
    """
    texts: list[Text] = []
    for part in _parts(items, words):
        last = texts[-1] if texts else None
        if last and len(last.text) + 1 + len(part.text) <= words.limit:
            texts[-1] = Text(f"{last.text}\n{part.text}", last.items + part.items)
        else:
            texts.append(part)
    return tuple(texts)


def _groups(items: Sequence[Item], words: Words) -> list[_Group]:
    """Items that are said with the same words, in order of first appearance, no document's items out of order."""
    groups: list[_Group] = []
    latest: dict[object, int] = {}
    for item in items:
        telling = item.telling
        document = (telling.operator, telling.document or telling.name, telling.period)
        subjects: list[object] = [document, telling.file] if telling.file else [document]
        earliest = max(latest.get(subject, 0) for subject in subjects)
        key = said_apart(item, words)
        place = next((at for at in range(earliest, len(groups)) if groups[at].key == key), len(groups))
        if place == len(groups):
            groups.append(_Group(key))
        groups[place].items.append(item)
        latest.update(dict.fromkeys(subjects, place))
    return groups


def _parts(items: Sequence[Item], words: Words) -> Iterator[Text]:
    """Each group as one text, or as several when its list is too long for one."""
    for group in _groups(items, words):
        entries = distinct(group.items, words)
        while entries:
            count = _fitting(entries, words)
            members = [item for entry in entries[:count] for item in entry]
            ids = tuple(item.id for item in members)
            text = render(members, words)
            for piece in _pieces(text, words.limit):
                yield Text(piece, ids)
            entries = entries[count:]


def _fitting(entries: Sequence[Sequence[Item]], words: Words) -> int:
    """How many entries one text can hold; at least one."""
    low, high = 1, len(entries)
    while low < high:
        middle = (low + high + 1) // 2
        if len(render([item for entry in entries[:middle] for item in entry], words)) <= words.limit:
            low = middle
        else:
            high = middle - 1
    return low


def _pieces(text: str, limit: int) -> Iterator[str]:
    """A text that is too long even alone, cut where reading hurts least."""
    while len(text) > limit:
        window = text[:limit]
        cut = max(window.rfind(mark) for mark in ("\n", "。", "、", " ")) + 1
        if cut < limit // 2:
            cut = limit
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text
