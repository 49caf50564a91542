"""What in a PDF runs, opens or brings along something: program code, other programs, attached files.

Acrobat's own functions that only format or check what is typed into a field are no program code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pypdf.generic import ArrayObject, DictionaryObject, PdfObject, StreamObject

from syncd.reading.printed.fields import entry, resolved

_MOST_OBJECTS: Final = 20_000
_MOST_NAMES: Final = 20
_RUNS: Final = frozenset({"/Launch", "/ImportData", "/RichMedia"})
_LINKS: Final = frozenset(
    {"/Parent", "/P", "/Prev", "/StructParents", "/StructTreeRoot", "/Resources", "/Contents", "/Dest"}
)
_STRING: Final = r"(?:\"[^\"\\;{}()]*\"|'[^'\\;{}()]*'|\"(?:\\\\u[0-9a-fA-F]{4}|\\u[0-9a-fA-F]{4})*[^\"\\;{}()]*\")"
_FORMATS: Final = re.compile(
    r"\s*(?:AF(?:Number|Percent|Date|Time|Special)_(?:Format|Keystroke)(?:Ex)?|AFRange_Validate)"
    rf"\(\s*(?:(?:{_STRING}|[-0-9.]+|true|false)\s*,?\s*)*\)\s*;?\s*"
)
_MOST_CODE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Brought:
    """Whether there is program code, and the names of attached files as they read."""

    code: bool
    attached: tuple[str, ...]


def brought(root: PdfObject) -> Brought:
    """What the document's root leads to; the pages' drawing is passed over."""
    code = False
    attached: list[str] = []
    for thing in _dictionaries(root):
        names = set(dict.keys(thing))
        code = code or bool(names & _RUNS)
        code = code or any(entry(thing, name) in _RUNS for name in ("/S", "/Subtype"))
        scripted = "/JS" in names or entry(thing, "/S") == "/JavaScript"
        code = code or (scripted and not _only_formats(entry(thing, "/JS")))
        if "/EF" in names or entry(thing, "/Subtype") == "/FileAttachment" or entry(thing, "/Type") == "/EmbeddedFile":
            attached.append(_name(thing))
    named = [name for name in dict.fromkeys(attached) if name]
    return Brought(code, tuple((named or attached)[:_MOST_NAMES]))


def _only_formats(script: object) -> bool:
    if isinstance(script, StreamObject):
        try:
            data = script.get_data()[: _MOST_CODE + 1]
        except Exception:  # what can't be read may do anything
            return False
        script = data.decode("utf-16" if data.startswith((b"\xfe\xff", b"\xff\xfe")) else "latin-1", "replace")
    if not isinstance(script, str) or len(script) > _MOST_CODE:
        return False
    return all(_FORMATS.fullmatch(line) for line in re.split(r"(?<=\))\s*;|\n", script) if line.strip())


def _name(thing: DictionaryObject) -> str:
    for name in ("/UF", "/F", "/Desc"):
        if isinstance(found := entry(thing, name), str) and found:
            return found[-60:]
    return ""


def _dictionaries(root: PdfObject) -> Iterator[DictionaryObject]:
    waiting: list[object] = [root]
    seen: set[int] = set()
    kept: list[object] = []  # so that no id is given twice
    while waiting and len(seen) < _MOST_OBJECTS:
        thing = resolved(waiting.pop())
        if id(thing) in seen or not isinstance(thing, DictionaryObject | ArrayObject):
            continue
        seen.add(id(thing))
        kept.append(thing)
        if isinstance(thing, ArrayObject):
            waiting += list(thing)
            continue
        yield thing
        waiting += [value for name, value in dict.items(thing) if name not in _LINKS]
