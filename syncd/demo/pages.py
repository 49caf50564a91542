"""What the pages show at the end of the month, read from the pages themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

from syncd.demo.days import Language
from syncd.demo.hands import Hands
from syncd.demo.ward import NURSERIES, Ward

PROGRESS, STATUS = "進捗状況.html", "提出状況.pdf"
_FIGURE = re.compile(r"<li><a [^>]*><span>([^<]*)</span><b>([^<]*)<small>([^<]*)</small></b>")


def pages(
    ward: Ward, cloud: Hands, wait: Callable[[Callable[[], bool], str], None], language: Language
) -> Iterator[str]:
    """Waits until the pages show what the folders do, and says where they lie and what they count."""
    page = ward.folder / "intranet" / PROGRESS
    in_review = sum(len(list((ward.folder / "intranet" / one.stage("review")).iterdir())) for one in NURSERIES)

    def fresh() -> bool:
        return page.is_file() and next(iter(figures(page.read_text(encoding="utf-8"))), ("", ""))[1].startswith(
            f"{in_review}"
        )

    wait(fresh, PROGRESS)
    yield f"    intranet {PROGRESS}:"
    for name, count in figures(page.read_text(encoding="utf-8")):
        yield f"      {name} {count}"
    wait(lambda: all(STATUS in cloud.names(one.folder) for one in NURSERIES), STATUS)
    for nursery in NURSERIES:
        yield f"    cloud    {nursery.folder}/{STATUS}"


def figures(page: str) -> list[tuple[str, str]]:
    """The figures at the head of the progress page, each with its name."""
    return [
        (unescape(name), unescape(f"{count} {unit}" if unit.startswith("/") else f"{count}{unit}"))
        for name, count, unit in _FIGURE.findall(page)
    ]
