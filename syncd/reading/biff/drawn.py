"""Where something is drawn over the cells of an xls sheet that may mark what stands there.

Only where: which word a shape marks isn't told. Comments, charts, buttons and lists are no marks, frames neither.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from syncd.forms.grid import Area

_ANCHOR: Final = 0xF010
_CONTAINER: Final = 0x0F
_MARKS: Final = frozenset((0x00, 0x01, 0x02, 0x03, 0x04, 0x08, 0x09, 0x0B, 0x0C, 0x1E))
"""Groups, lines, rectangles, ovals, arcs, pictures, polygons, check boxes, option buttons, shapes of any other form."""
_MOST_ROWS, _MOST_COLUMNS = 6, 8
_MOST: Final = 500


class DrawnOver:
    """Takes a sheet's drawings, each before the object that says what it is."""

    def __init__(self) -> None:
        self.areas: list[Area] = []
        self._last: Area | None = None

    def drawing(self, data: bytes) -> None:
        self._last = None
        for area in _anchors(data):
            self._last = area

    def thing(self, data: bytes) -> None:
        """What was drawn last is this."""
        area, self._last = self._last, None
        if area is None or len(data) < 6 or len(self.areas) >= _MOST:
            return
        kind = struct.unpack_from("<H", data, 4)[0]
        if kind in _MARKS and area.bottom - area.top <= _MOST_ROWS and area.right - area.left <= _MOST_COLUMNS:
            self.areas.append(area)


def _anchors(art: bytes) -> Iterator[Area]:
    at = 0
    while at + 8 <= len(art):
        version, kind, size = struct.unpack_from("<HHI", art, at)
        at += 8
        if version & _CONTAINER == _CONTAINER:
            continue  # its children follow
        if kind == _ANCHOR and size >= 18 and at + 18 <= len(art):
            left, from_x, top, from_y, right, to_x, bottom, to_y = struct.unpack_from("<8H", art, at + 2)
            # What merely touches a cell's edge isn't over it; a width counts 1024, a height 256.
            left, top = min(left + (from_x > 920), right), min(top + (from_y > 230), bottom)
            right, bottom = max(right - (to_x < 100), left), max(bottom - (to_y < 25), top)
            yield Area(top + 1, left + 1, bottom + 1, right + 1)
        at += size
