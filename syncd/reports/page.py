"""進捗状況.html: the whole ward on one page that needs nothing beside itself, no script either.

It lies on a file share, so it may load nothing and run nothing but its own few lines that filter: a policy in the page
allows these by their hash. What a cell says is a word; the colour only repeats it. Tags that HTML lets one leave out
are left out in the months' tables: with 54,000 cells that is half the page.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from syncd.model import REQUEST
from syncd.owner_mark import THE_WARD, mark_of
from syncd.reports.entry import SOON_DAYS, Entry, State, facility_name
from syncd.reports.plain import plain
from syncd.reports.view import Row, Ward, WholeWard, whole
from syncd.reports.words import STATES, Words
from syncd.rulebook.checklist import UNSENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Template
    from markupsafe import Markup

_WEB: Final = Path(__file__).with_name("web")

Tone = str
"""Class of a cell: l late, q due soon, m not sent yet, r the operator's answer, s staff, y system, d done, n nobody."""

_LEGEND: Final[tuple[tuple[State, Tone], ...]] = (
    ("missing", "m"), ("withdrawn", "m"), ("returned", "r"), ("offered", "r"), ("original", "r"), ("person", "s"),
    ("review", "s"), ("scanner", "y"), ("processing", "y"), ("confirmed", "d"), ("not applicable", "n"), ("later", "n"),
)  # fmt: skip


def progress_page(ward: Ward) -> bytes:
    """The page as UTF-8; the same bytes for the same ward."""
    from markupsafe import Markup

    view = whole(ward)
    words = Words(ward.language)
    text = _template().render(
        view=view,
        words=words,
        plain=plain,
        request=REQUEST,
        mark=mark_of(THE_WARD),
        policy=_policy(),
        style=Markup(_part("progress.css")),
        script=Markup(_part("progress.js")),
        legend=_legend(words),
        tone=tone,
        kind=_kinds(view),
        **_shown(ward, words),
        number=lambda count: _number(words, count),
        cells=_cells(words),
        found=words.counted("facilities", 2).replace("2", "{n}"),
    )
    return text.encode("utf-8")


def tone(entry: Entry) -> Tone:
    """What colours the entry: who is waited for, and how urgently."""
    if entry.late:
        return "l"
    if entry.waits_for == "operator":
        if entry.state not in UNSENT:
            return "r"
        return "m" if entry.days is None or not 0 <= entry.days <= SOON_DAYS else "q"
    if entry.waits_for == "nobody":
        return "d" if entry.state == "confirmed" else "n"
    return "s" if entry.waits_for == "staff" else "y"


def _shown(ward: Ward, words: Words) -> dict[str, Callable[..., str]]:
    """What the template says again and again; as functions they cost a tenth of what its macros do."""
    from markupsafe import Markup

    zone, today = ward.made_at.tzinfo, ward.made_at.date()
    coded = Markup('<small class="code">{}</small>{}')

    @functools.cache
    def facility(code: str, name: str) -> Markup:
        return coded.format(code, name) if code else Markup.escape(name)

    def chip(entry: Entry) -> Markup:
        return Markup('<span class="k {}">{}</span>').format(tone(entry), words.state(entry))

    def due(entry: Entry) -> str:
        return words.day(entry.line.due, today) if entry.line.due is not None else words["no due"]

    def arrived(entry: Entry) -> str:
        at = entry.line.arrived_at
        return words.day(datetime.fromtimestamp(at, zone).date(), today) if at is not None else ""

    operators = {operator.id: operator for operator in ward.operators}

    def owner(operator: str) -> Markup:
        found = operators.get(operator)
        return facility(plain(found.code or ""), facility_name(found)) if found is not None else Markup.escape(operator)

    return {"facility": facility, "chip": chip, "due": due, "arrived": arrived, "owner": owner}


def _cells(words: Words) -> Callable[[Row], Markup]:
    """All cells of a row. Most cells of a ward look like another one, so each look is made once."""
    from markupsafe import Markup

    empty = Markup('<td class="x"><span aria-hidden="true">–</span><span class="unseen">{}</span>').format(
        words["not expected"]
    )

    @functools.cache
    def looks(of: Tone, state: str, remark: str) -> Markup:
        return Markup("<td class={}>{}{}").format(
            of, state, Markup("<br><small>{}</small>").format(remark) if remark else ""
        )

    def cell(entries: tuple[Entry, ...]) -> Markup:
        if not entries:
            return empty
        if len(entries) == 1 and not entries[0].asked_for:
            entry = entries[0]
            return looks(tone(entry), words.state(entry), _remark(words, entry))
        lines = [
            Markup("<p class={}>{}<br><small>{} {}</small></p>").format(
                tone(entry), entry.title, words.state(entry), _remark(words, entry)
            )
            for entry in entries
        ]
        return Markup("<td>") + Markup("").join(lines)

    return lambda row: Markup("".join(map(cell, row.cells)))  # each is markup already; Markup.join would look again


def _remark(words: Words, entry: Entry) -> str:
    """The second line of a cell: until when, or how long over."""
    if entry.line.closed and not entry.done:
        return words["closed"]
    if entry.pressing is not None:
        return words.pressing(entry.pressing)
    if entry.late:
        return words["late"]
    return words.short_day(entry.line.due) if entry.waits_for == "operator" and entry.line.due else ""


def _legend(words: Words) -> list[tuple[str, Tone, str]]:
    late = (words["late"], "l", words["late meaning"])
    return [late, *((STATES[state][words.language], of, words.meaning(state)) for state, of in _LEGEND)]


def _kinds(view: WholeWard) -> Callable[[Entry], str]:
    operators = view.ward.operators
    return lambda entry: plain(operators[entry.place].kind) if entry.place < len(operators) else ""


def _number(words: Words, count: int) -> Markup:
    from markupsafe import Markup

    return Markup("{}<small>{}</small>").format(f"{count:,}", "件" if words.language == "ja" else "")


@functools.cache
def _part(name: str) -> str:
    return (_WEB / name).read_text(encoding="utf-8").strip()


@functools.cache
def _policy() -> str:
    def allowed(name: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(_part(name).encode()).digest()).decode() + "'"

    style, script = allowed("progress.css"), allowed("progress.js")
    return f"default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"


@functools.cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_part("progress.html"))
