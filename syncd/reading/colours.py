"""Colours of workbooks as red, green and blue, as far as it takes to tell whether a text stands out from its ground."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping, Sequence
from typing import Final

Colour = tuple[int, int, int]

WHITE: Final[Colour] = (255, 255, 255)
BLACK: Final[Colour] = (0, 0, 0)
THEME: Final[tuple[Colour, ...]] = (
    WHITE, BLACK, (231, 230, 230), (68, 84, 106), (68, 114, 196), (237, 125, 49), (165, 165, 165), (255, 192, 0),
    (91, 155, 213), (112, 173, 71), (5, 99, 193), (149, 79, 114),
)  # fmt: skip
"""Office's own theme, by the numbers that cells give."""
_PALETTE = (
    "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 800000 008000 000080 808000 800080 008080 C0C0C0 808080"
    " 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF"
    " 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696"
    " 003366 339966 003300 333300 993300 993366 333399 333333"
)
PALETTE: Final[tuple[Colour, ...]] = tuple(
    (int(each[:2], 16), int(each[2:4], 16), int(each[4:], 16)) for each in _PALETTE.split()
)
"""The 56 colours that old workbooks number from 8."""
_ALIKE: Final = 16
"""So little of each colour nobody sees on paper."""


def written(text: str) -> Colour | None:
    """RRGGBB, with # or two digits for the opacity before it; None for anything else."""
    digits = text.strip().lstrip("#")[-6:]
    try:
        return (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)) if len(digits) == 6 else None
    except ValueError:
        return None


def numbered(index: int, palette: Sequence[Colour] = PALETTE) -> Colour | None:
    """Of an old workbook's number; None: whatever the window's colour is."""
    if index < 8:
        return PALETTE[index] if index >= 0 else None
    return palette[index - 8] if index - 8 < len(palette) else None


def of_attributes(given: Mapping[str, str], theme: Sequence[Colour]) -> Colour | None:
    """Of a colour element in an xlsx workbook."""
    try:
        if "rgb" in given:
            found = written(given["rgb"])
        elif "theme" in given:
            found = theme[int(given["theme"])] if int(given["theme"]) < len(theme) else None
        elif "indexed" in given:
            index = int(given["indexed"])
            found = {64: BLACK, 65: WHITE}.get(index) or numbered(index)
        else:
            return None
        return _tinted(found, float(given.get("tint", 0))) if found else None
    except ValueError:
        return None


def alike(one: Colour, other: Colour) -> bool:
    """A text in the one can't be read on the other."""
    return all(abs(first - second) <= _ALIKE for first, second in zip(one, other, strict=True))


def _tinted(colour: Colour, tint: float) -> Colour:
    """Darker (below 0) or lighter, as Excel does."""
    if not tint:
        return colour
    hue, light, full = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    red, green, blue = colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), full)
    return round(red * 255), round(green * 255), round(blue * 255)
