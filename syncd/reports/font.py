"""The Japanese font of the PDFs: IPAexGothic, which comes with the package and is parsed once in a process.

Owns what may be set with it: a character that it lacks is shown as 〓. Whoever makes a PDF holds `SETTING`: the parsed
font is one for all and reads its file from where the last reader left off.
"""

from __future__ import annotations

import functools
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from syncd.reports.plain import GETA

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

NAME: Final = "IPAexGothic"
FILE: Final = Path(__file__).with_name("fonts") / "ipaexg.ttf"
SETTING: Final = threading.Lock()


@functools.cache
def font() -> TTFont:
    """The font, known to reportlab under `NAME`."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    made = TTFont(NAME, str(FILE), shapable=False)
    registerFont(made)
    return made


def markup(text: str) -> str:
    """A text, harmless already, as a paragraph's markup: what the font can't show is 〓, what is markup is escaped."""
    known = font().face.charToGlyph
    return escape("".join(each if ord(each) in known else GETA for each in text))
