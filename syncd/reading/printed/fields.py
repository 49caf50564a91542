"""What was filled into a PDF's fields and written on it as comments, as it reads.

Bytes come from strangers: whatever is damaged is no entry.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from syncd.forms.values import DOUBT
from syncd.reading.limits import Refused

MOST: Final = 5_000
"""Fields and comments of one page."""
_HIDDEN, _NO_VIEW = 1 << 1, 1 << 5
_PASSWORD, _RADIO, _BUTTON, _COMBO = 1 << 13, 1 << 15, 1 << 16, 1 << 17
_DEEP: Final = 20
_MOST_TEXT: Final = 5_000
_DIGIT, _DIGIT_SHOWN = re.compile(r"[0-9]"), re.compile(rb"[0-9]")
_SHOWN: Final = re.compile(rb"\(([^()]{0,500})\)")


class Written(NamedTuple):
    """A text in a rectangle of the page's own units: left, bottom, right, top.

    Attributes:
        mark: it is a box to tick.
        drawn: it is no text: `oval` for one drawn around something, `ink` for what was written by hand.
    """

    text: str
    rectangle: tuple[float, float, float, float]
    mark: bool
    drawn: str = ""


def resolved(thing: object) -> object:
    """What a reference leads to; nothing where that is damaged."""
    if not isinstance(thing, PdfObject):
        return thing
    try:
        return thing.get_object()
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    except Exception as error:
        if type(error).__module__.startswith("pypdf"):
            return None
        raise


def entry(thing: object, name: str) -> object:
    """What a dictionary says of a name; nothing where that is damaged."""
    return resolved(dict.get(thing, name)) if isinstance(thing, DictionaryObject) else None


def written(page: DictionaryObject, switched_off: frozenset[int], *, drawn_anew: bool = False) -> list[Written]:
    """The fields and comments of a page that people see. Raises Refused for too many.

    `drawn_anew`: viewers draw the fields by their values, whatever the file says of how they look.
    """
    annotations = entry(page, "/Annots")
    if not isinstance(annotations, ArrayObject):
        return []
    if len(annotations) > MOST:
        raise Refused("too big", f"more than {MOST} fields or comments stand on one page")
    return [one for each in list(annotations) for one in _one(resolved(each), switched_off, drawn_anew)]


def _one(thing: object, switched_off: frozenset[int], drawn_anew: bool) -> Iterator[Written]:
    rectangle = _rectangle(entry(thing, "/Rect"))
    flags = entry(thing, "/F")
    if rectangle is None or (isinstance(flags, int) and flags & (_HIDDEN | _NO_VIEW)):
        return
    if isinstance(thing, DictionaryObject) and is_off(dict.get(thing, "/OC"), switched_off):
        return
    kind = entry(thing, "/Subtype")
    if kind == "/FreeText":
        if text := _text(entry(thing, "/Contents")):
            yield Written(text, rectangle, False)
    elif kind == "/Circle":
        yield Written("", rectangle, False, "oval")
    elif kind == "/Ink":
        yield Written("", rectangle, False, "ink")
    elif kind == "/Widget":
        yield from _field(thing, rectangle, drawn_anew)


def _field(thing: object, rectangle: tuple[float, float, float, float], drawn_anew: bool) -> Iterator[Written]:
    flags = _inherited(thing, "/Ff")
    flags = flags if isinstance(flags, int) else 0
    kind, value = _inherited(thing, "/FT"), _inherited(thing, "/V")
    if kind == "/Tx" and not flags & _PASSWORD:
        text = _text(value)
        yield Written(text if drawn_anew or _looks_so(thing, text) else text + DOUBT, rectangle, False)
    elif kind == "/Ch":
        yield Written(_chosen(value, _inherited(thing, "/Opt")), rectangle, False)
    elif kind == "/Btn" and not flags & _BUTTON:
        state = entry(thing, "/AS")
        if state is None:
            state = value
        yield Written("☐" if state in (None, "/Off", "Off", "") else "☑", rectangle, True)


def _looks_so(thing: object, text: str) -> bool:
    """Whether the digits that the field shows are those of its value, as far as both can be told."""
    looks = entry(entry(thing, "/AP"), "/N")
    if not isinstance(looks, StreamObject) or not _DIGIT.search(text):
        return True
    try:
        data = looks.get_data()[:_MOST_TEXT]
    except Exception:  # a drawing that can't be read shows nothing else
        return True
    shown = b"".join(_SHOWN.findall(data))
    if b"\\" in shown or not _DIGIT_SHOWN.search(shown):
        return True
    return b"".join(_DIGIT_SHOWN.findall(shown)).decode() == "".join(
        _DIGIT.findall(unicodedata.normalize("NFKC", text))
    )


def _chosen(value: object, options: object) -> str:
    """The words for what was chosen from a list."""
    values = [_text(resolved(each)) for each in value[:50]] if isinstance(value, ArrayObject) else [_text(value)]
    labels: dict[str, str] = {}
    for each in list(options)[:2_000] if isinstance(options, ArrayObject) else ():
        pair = resolved(each)
        if isinstance(pair, ArrayObject) and len(pair) == 2:
            labels[_text(resolved(pair[0]))] = _text(resolved(pair[1]))
    return "、".join(labels.get(each, each) for each in values if each)


def _inherited(thing: object, name: str) -> object:
    for _ in range(_DEEP):
        if (found := entry(thing, name)) is not None:
            return found
        thing = entry(thing, "/Parent")
        if thing is None:
            break
    return None


def _text(value: object) -> str:
    if isinstance(value, StreamObject):
        data = value.get_data()[:_MOST_TEXT]
        value = data.decode("utf-16") if data.startswith((b"\xfe\xff", b"\xff\xfe")) else data.decode("latin-1")
    if isinstance(value, bytes):
        value = value.decode("cp932", "replace")
    return value[:_MOST_TEXT].replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(value, str) else ""


def _rectangle(thing: object) -> tuple[float, float, float, float] | None:
    if not isinstance(thing, ArrayObject) or len(thing) != 4:
        return None
    numbers = [resolved(each) for each in thing]
    try:
        left, bottom, right, top = (float(str(each)) for each in numbers)
    except ValueError:
        return None
    if not all(-1e6 < each < 1e6 for each in (left, bottom, right, top)):
        return None
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def switched_off(root: object) -> frozenset[int]:
    """The numbers of the layers that are not shown when the document is opened."""
    properties = entry(root, "/OCProperties")
    shown = entry(properties, "/D")
    off = set(_numbers(entry(shown, "/OFF")))
    if entry(shown, "/BaseState") == "/OFF":
        off |= set(_numbers(entry(properties, "/OCGs"))) - set(_numbers(entry(shown, "/ON")))
    return frozenset(off)


def _numbers(thing: object) -> list[int]:
    things = list(thing)[:10_000] if isinstance(thing, ArrayObject) else []
    return [each.idnum for each in things if isinstance(each, IndirectObject)]


def is_off(layer: object, off: frozenset[int]) -> bool:
    """Whether what belongs to a layer is not shown."""
    if isinstance(layer, IndirectObject) and layer.idnum in off:
        return True
    group = resolved(layer)
    if not isinstance(group, DictionaryObject):
        return False
    members = dict.get(group, "/OCGs")
    if isinstance(members, IndirectObject) and members.idnum in off:
        return True
    numbers = _numbers(resolved(members))
    return bool(numbers) and all(number in off for number in numbers)
