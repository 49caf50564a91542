"""What people read in the paragraphs of a Word document: what was deleted, hidden or is only a prompt is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

_PASSED_OVER: Final = frozenset(
    {
        "del", "moveFrom", "rt", "rubyPr", "instrText", "delText", "delInstrText", "Fallback", "rPr", "pPr", "sdtPr",
        "sdtEndPr", "tblPr", "trPr", "tcPr", "sectPr", "txbxContent", "tbl", "fldData",
    }
)  # fmt: skip
"""What nobody sees, or what is no text of this paragraph."""
_SIGNS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SYMBOLS: Final = {
    "fe": "☑", "52": "☑", "fd": "☒", "54": "☒", "a8": "☐", "6f": "☐", "71": "☐", "72": "☐", "a3": "☐", "2a": "☐",
    "fc": "✓", "50": "✓", "fb": "×", "4f": "×", "a1": "○", "6c": "●", "6e": "■", "9f": "・",
}  # fmt: skip
"""Of the fonts Wingdings and Wingdings 2, by the last two digits of their codes."""
UNREADABLE: Final = "\ufffd"
_SUPERSCRIPT: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_OFF: Final = frozenset({"0", "false", "off", "none"})


def name_of(element: Element) -> str:
    """Its name without the namespace."""
    return element.tag.rpartition(":")[2]


def child(element: Element | None, *names: str) -> Element | None:
    """The first child of that name, and so on downwards."""
    for name in names:
        element = next((each for each in element if name_of(each) == name), None) if element is not None else None
    return element


def value(element: Element | None) -> str | None:
    """What the element's `val` says; None where there is none."""
    if element is None:
        return None
    return next((given for key, given in element.attrib.items() if key.rpartition(":")[2] == "val"), None)


def is_on(element: Element | None) -> bool:
    """A property that is there and not switched off."""
    return element is not None and (value(element) or "1").lower() not in _OFF


class Words:
    """Reads paragraphs; `hidden`: the styles whose text is not shown."""

    def __init__(self, hidden: frozenset[str] = frozenset()) -> None:
        self._hidden = hidden

    def of(self, element: Element, *, shaded: bool = False) -> str:
        """The text of a paragraph, or of a part of one; `shaded`: it stands on a colour."""
        return "".join(self._pieces(element, shaded))

    def _pieces(self, element: Element, shaded: bool) -> Iterator[str]:
        if name_of(element) == "p":
            shaded = shaded or _is_shaded(child(element, "pPr"))
        for each in element:
            name = name_of(each)
            if name in _PASSED_OVER:
                continue
            if name == "t":
                yield each.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "sym":
                yield _symbol(each)
            elif name == "r":
                yield from self._run(each, shaded)
            elif name == "sdt":
                yield from self._control(each, shaded)
            elif name == "fldChar":
                yield _field(child(each, "ffData"))
            elif name == "AlternateContent":
                yield from self._pieces(child(each, "Choice") or Element("none"), shaded)
            else:
                yield from self._pieces(each, shaded)

    def _run(self, run: Element, shaded: bool) -> Iterator[str]:
        properties = child(run, "rPr")
        style = value(child(properties, "rStyle"))
        vanish = child(properties, "vanish")
        if is_on(vanish) or (vanish is None and style in self._hidden):
            return
        white = (value(child(properties, "color")) or "").lower() == "ffffff"
        if white and not shaded and not _is_shaded(properties):
            return
        if value(child(properties, "vertAlign")) == "superscript":
            yield "".join(self._pieces(run, shaded)).translate(_SUPERSCRIPT)
        else:
            yield from self._pieces(run, shaded)

    def _control(self, control: Element, shaded: bool) -> Iterator[str]:
        properties = child(control, "sdtPr")
        box = child(properties, "checkbox")
        if box is not None:
            yield "☑" if is_on(child(box, "checked")) else "☐"
        elif not is_on(child(properties, "showingPlcHdr")):
            content = child(control, "sdtContent")
            if content is not None:
                yield from self._pieces(content, shaded)


def _is_shaded(properties: Element | None) -> bool:
    """Something is behind the text, so that white may be seen."""
    shade = child(properties, "shd")
    if child(properties, "highlight") is not None:
        return True
    if shade is None:
        return False
    fill = next((given for key, given in shade.attrib.items() if key.rpartition(":")[2] == "fill"), "auto")
    return fill.lower() not in ("auto", "ffffff") or (value(shade) or "clear") not in ("clear", "nil")


def is_shaded(properties: Element | None) -> bool:
    """Whether a cell or paragraph has a colour."""
    return _is_shaded(properties)


def _symbol(element: Element) -> str:
    given = {key.rpartition(":")[2]: text for key, text in element.attrib.items()}
    if not given.get("font", "").lower().startswith("wingdings"):
        return UNREADABLE
    return _SYMBOLS.get(given.get("char", "")[-2:].lower(), UNREADABLE)


def _field(data: Element | None) -> str:
    """What an old form's field shows that has no text of its own: a box to tick, a list."""
    box, choice = child(data, "checkBox"), child(data, "ddList")
    if box is not None:
        checked = child(box, "checked")
        return "☑" if is_on(checked if checked is not None else child(box, "default")) else "☐"
    if choice is None:
        return ""
    entries = [value(each) or "" for each in choice if name_of(each) == "listEntry"]
    number = value(child(choice, "result")) or value(child(choice, "default")) or "0"
    return entries[int(number)] if number.isdecimal() and int(number) < len(entries) else ""
