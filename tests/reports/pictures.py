"""The two pictures of the documentation, of an invented ward: its page, and one operator's PDF.

    python -m tests.reports.pictures [FOLDER]

Writes progress.png and status.png, by default into docs/images. Needs chromium with fonts-noto-cjk, and pdftoppm.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image

from syncd.reports.page import progress_page
from syncd.reports.status import status_pdf
from tests.reports.programs import chromium, pages_drawn
from tests.reports.wards import example

REPOSITORY = Path(__file__).resolve().parents[2]
COLOURS = 96


def make(folder: Path, scratch: Path) -> tuple[Path, Path]:
    """Both pictures, in `folder`; the documents themselves stay in `scratch`."""
    ward = example()
    page, pdf = scratch / "progress.html", scratch / "status.pdf"
    page.write_bytes(progress_page(ward))
    pdf.write_bytes(status_pdf(ward.only(ward.operators[0])))
    drawn = scratch / "progress.png"
    chromium(scratch, page, "--window-size=1280,1180", f"--screenshot={drawn}")
    made = folder / "progress.png", folder / "status.png"
    for source, target in zip((drawn, pages_drawn(scratch, pdf, 84)[0]), made, strict=True):
        with Image.open(source) as picture:
            picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    return made


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "docs/images"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for picture in make(target, Path(scratch)):
            print(f"{picture} {picture.stat().st_size:,} bytes")
