"""提出状況.pdf: one operator's documents in plain words, for its own folder.

Names days, never how many are left: it lies there for days, and is rewritten only when something changed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from syncd.owner_mark import mark_of
from syncd.reports.entry import Entry
from syncd.reports.plain import plain
from syncd.reports.plain_words import AND_MORE, FIRST_DAY, PAGE, PLAIN, STEPS
from syncd.reports.seal import sealed
from syncd.reports.sheet import Line, Sheet, Step, Table3, Tone, pdf
from syncd.reports.view import OneOperator, OwnPage, own
from syncd.reports.words import Words

MOST_STEPS: Final = 3
MOST_LINES: Final = 60
MOST_DONE: Final = 20
MOST_CELLS: Final = 4


def status_pdf(one: OneOperator) -> bytes:
    """The page as a PDF; the same bytes for the same lines and `made_at`."""
    return sealed(pdf(_Status(one).sheet()))


class _Status:
    """Puts one operator's view into words."""

    def __init__(self, one: OneOperator) -> None:
        self.page: OwnPage = own(one)
        self.words = Words(one.language)
        self.language = one.language
        self.today = one.made_at.date()
        self.zone = one.made_at.tzinfo
        self.folders = {stage.value: plain(name) for stage, name in one.stages.items()}

    def say(self, key: str) -> str:
        return self.fill(PLAIN[key][self.language])

    def fill(self, text: str, **more: str) -> str:
        return text.format(**(self.folders | {"facility": self.page.facility} | more))

    def sheet(self) -> Sheet:
        steps = self.steps()
        waits = self.say("wait") if self.page.checking and not steps else ""
        return Sheet(
            self.language,
            self.page.facility,
            self.say("title"),
            f"{self.say('as of')} {self.words.moment(self.page.one.made_at)}",
            self.say("only yours"),
            PAGE[self.language],
            self.say("to do"),
            steps[:MOST_STEPS],
            (self.say("more") if len(steps) > MOST_STEPS else "") if steps else self.say("nothing") + waits,
            tuple(table for table in self.tables() if table.lines),
            mark_of(self.page.one.operator.id),
        )

    def steps(self) -> tuple[Step, ...]:
        page = self.page
        late = [entry for entry in page.unsent if entry.late]
        ahead = [entry for entry in page.unsent if not entry.late]
        return (
            *self.step("late", len(late), urgent=True),
            *self.step("returned", len(page.returned), urgent=any(entry.late for entry in page.returned)),
            *self.step("offered", len(page.offered)),
            *self.step("original", len(page.original)),
            *self.step("ahead", len(ahead), before=self.first_day(ahead)),
        )

    def step(self, key: str, count: int, urgent: bool = False, before: str = "") -> tuple[Step, ...]:
        if not count:
            return ()
        headline, how = (text[self.language] for text in STEPS[key])
        return (Step(self.fill(headline, n=str(count)), before + self.fill(how), urgent),)

    def first_day(self, entries: list[Entry]) -> str:
        days = [entry.line.due for entry in entries if entry.line.due is not None]
        if not days:
            return ""
        gap = "" if self.language == "ja" else " "
        return FIRST_DAY[self.language].format(day=self.words.day(min(days), self.today)) + gap

    def tables(self) -> tuple[Table3, ...]:
        page = self.page
        where, changed, until = self.say("where"), self.say("changed"), self.say("until")
        came, how_far = self.say("came"), self.say("how far")
        return (
            self.table("returned", "operator", ("", where, until), page.returned),
            self.table("offered", "operator", ("", changed, until), page.offered),
            self.table("unsent", "operator", ("", "", until), page.unsent, (self.say("nil"),)),
            self.table("original", "operator", ("", "", until), page.original),
            self.table("checking", "staff", ("", how_far, came), page.checking),
            self.table("later", "none", ("", "", ""), page.later, (self.say("later why"),)),
            self.table("done", "done", ("", how_far, ""), page.done, most=MOST_DONE),
            self.table("closed", "none", ("", "", ""), page.closed, (self.say("closed why"),)),
        )

    def table(
        self,
        key: str,
        tone: Tone,
        heads: tuple[str, str, str],
        entries: tuple[Entry, ...],
        after: tuple[str, ...] = (),
        most: int = MOST_LINES,
    ) -> Table3:
        if any(entry.late for entry in entries):
            tone = "late"
        more = len(entries) - most
        if more > 0:
            after = (AND_MORE[self.language].format(n=more), *after)
        lines = tuple(self.line(key, entry) for entry in entries[:most])
        heading = (
            f"{self.say(key)}（{len(entries)}件）" if self.language == "ja" else f"{self.say(key)} ({len(entries)})"
        )
        return Table3(heading, tone, (self.say("document"), *heads[1:]), lines, after)

    def line(self, key: str, entry: Entry) -> Line:
        period = self.words.period(entry.line.period)
        if key == "done":
            return Line(f"{entry.title} {period}", "", self.middle(key, entry), self.last(key, entry))
        below = f"{period} {self.say('asked for')}" if entry.asked_for else period
        return Line(entry.title, below, self.middle(key, entry), self.last(key, entry), entry.late)

    def middle(self, key: str, entry: Entry) -> tuple[str, ...]:
        if key in ("returned", "offered"):
            cells = tuple(self.words.cells((cell,)) for cell in entry.line.cells[:MOST_CELLS])
            more = len(entry.line.cells) - len(cells)
            hint = self.say("see note" if key == "returned" else "see file")
            return (*cells, *([self.words.counted("more cells", more).strip()] if more else [])) or (hint,)
        if key == "unsent":
            withdrawn = [self.say("withdrawn")] if entry.state == "withdrawn" else []
            return (*withdrawn, *([self.say("paper too")] if entry.line.original == "awaited" else []))
        return (self.say(entry.state),) if key in ("checking", "done") else ()

    def last(self, key: str, entry: Entry) -> tuple[str, ...]:
        if key in ("checking", "done"):
            return self.day_of(entry.line.arrived_at if key == "checking" else entry.line.since)
        if key in ("later", "closed"):
            return ()
        due = entry.line.due
        day = self.words.day(due, self.today) if due is not None else self.say("no day")
        return (day, self.say("overdue")) if entry.late else (day,)

    def day_of(self, at: float | None) -> tuple[str, ...]:
        return (self.words.day(datetime.fromtimestamp(at, self.zone).date(), self.today),) if at is not None else ()
