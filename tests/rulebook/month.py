"""A small ward's month for the checklist and its reminders: six documents, and files as the state has them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from syncd.model import By, Operator, Place, Placement, Role, Stage, TrackedFile
from syncd.rulebook import Rulebook, Snapshot, build, snapshot
from tests.rulebook.conftest import PACKAGED

ZONE = ZoneInfo("Asia/Tokyo")
RULES = {
    "enrolment": "document: enrolment\ntitle: 在籍児童数報告書\nmatch: {name: '{facility}_{period}_在籍*'}\n"
    "required: {kinds: [認可保育所], every: month}\n"
    "due: {month: same, day: 5, remind: [-3, 0, 1, 3]}\n",
    "invoice": "document: invoice\ntitle: 運営費請求書\nmatch: {name: '{facility}_{period}_請求*'}\nfiles: many\n"
    "required: {every: month}\ndue: {month: next, day: 10, remind: [-3, 0, 1, 3]}\n",
    "care": "document: care\ntitle: 一時預かり実績\nmatch: {name: '{facility}_{period}_一時*'}\n"
    "required: {every: month, nil: refused}\ndue: {month: next, day: 10}\n",
    "application": "document: application\ntitle: 交付申請書\nmatch: {name: '{facility}_{period}_交付*'}\n"
    "required: {every: month}\ndue: {after: all_confirmed, business_days: 5, remind: [-2, 0, 1]}\noriginal: true\n",
    "plan": "document: plan\ntitle: 計画書\nmatch: {name: '{facility}_{period}_計画*'}\n"
    "required: {every: fiscal_year, per: corporation}\ndue: {month: 6, day: 30, remind: [-14, 0, 1]}\n",
    "result": "document: result\ntitle: 実績報告書\nmatch: {name: '{facility}_{period}_実績*'}\n"
    "required: {every: quarter}\ndue: {month: same, day: 31}\n",
}


@lru_cache(maxsize=4)
def rulebook(calendar: str = "") -> Rulebook:
    """The rules above, with a `_calendar.yaml`."""
    texts = {**RULES, "_calendar": calendar}
    written = Snapshot("rules", {f"{name}.yaml": text.encode() for name, text in sorted(texts.items())}, frozenset())
    return build(written, snapshot(PACKAGED))


def operator(name: str = "himawari", kind: str = "認可保育所", corporation: str = "") -> Operator:
    return Operator(name, f"{name}保育園", kind, "012", name, name, corporation=corporation)


def moment(text: str) -> datetime:
    """`10-05 09:00` of 2026, or with its year."""
    return datetime.fromisoformat(text if text[4:5] == "-" else f"2026-{text}").replace(tzinfo=ZONE)


def at(text: str) -> float:
    return moment(text).timestamp()


def day(text: str) -> date:
    return moment(f"{text} 00:00").date()


@dataclass
class Files:
    """The files that syncd knows, as people put them there."""

    of: str = "himawari"
    all: list[TrackedFile] = field(default_factory=list)

    def add(
        self,
        document: str | None,
        period: str | None = "2026-10",
        stage: Stage = Stage.REVIEW,
        came: str = "10-02 10:00",
        *,
        entered: str | None = None,
        name: str = "",
        role: Role = Role.DOCUMENT,
        offered: bool = False,
        submission: int = 1,
        line: int = 0,
        folder: str = "",
        by: By = By.OPERATOR,
    ) -> TrackedFile:
        number = len(self.all) + 1 + (1000 if self.of != "himawari" else 0)
        name = name or f"012_{period}_{document}.xlsx"
        placement = Placement(Place(stage, f"{folder}/{name}" if folder else name), str(number), "e", 1, f"sha{number}")
        file = TrackedFile(
            id=number, line=line or number, operator=self.of, role=role, name=name, document=document, period=period,
            cloud=placement, intranet=placement, submitted=placement.sha1,
            offered=placement.sha1 if offered else None, brought_by=by, submission=submission,
            arrived_at=at(came), entered_at=at(entered or came),
        )  # fmt: skip
        self.all.append(file)
        return file

    def move(self, file: TrackedFile, stage: Stage, when: str, **changes: object) -> TrackedFile:
        """The same file in another stage."""
        assert file.intranet is not None
        placement = replace(file.intranet, place=replace(file.intranet.place, stage=stage))
        moved = replace(file, cloud=placement, intranet=placement, entered_at=at(when), **changes)  # type: ignore[arg-type]
        self.all[self.all.index(file)] = moved
        return moved
