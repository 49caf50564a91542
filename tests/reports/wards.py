"""Invented wards, the same each time: a small one named as in the example config, and big ones amid the month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from syncd.model import Operator, Stage
from syncd.reports.view import Language, Ward
from syncd.rulebook.checklist import ChecklistLine, LineState
from syncd.rulebook.period import before

TOKYO: Final = ZoneInfo("Asia/Tokyo")
NOW: Final = datetime(2026, 11, 11, 9, 30, tzinfo=TOKYO)
STAGES: Final = {
    Stage.INBOX: "1_提出",
    Stage.REVIEW: "2_確認中",
    Stage.CORRECTIONS: "3_修正・確認依頼",
    Stage.CONFIRMED: "4_確認済",
}
# (document, title, due day, due in the next month)
TYPES: Final = (
    ("enrolment", "在籍児童数報告書", 5, False),
    ("temporary_care", "一時預かり実績", 7, True),
    ("invoice", "運営費請求書", 10, True),
    ("extended_care", "延長保育実績", 10, True),
    ("disability", "障害児保育加算", 10, True),
    ("additions", "加算調整項目届出書", 16, False),
    ("staff", "職員名簿・雇用状況表", 16, False),
    ("evacuation", "避難訓練実施報告書", 20, False),
    ("meals", "給食実施報告書", 20, False),
    ("health", "健康診断実施報告書", 25, False),
    ("accident", "事故報告書（月次）", 25, False),
    ("application", "交付申請書（押印）", 0, False),
    ("rent", "賃借料補助金請求書", 27, False),
    ("training", "研修受講実績報告書", 27, False),
    ("result", "実績報告書", 28, False),
)
NAMES: Final = (
    "ひまわり", "さくら", "つばさ", "みどり", "あおぞら", "すみれ", "たんぽぽ", "ほしのこ",
    "にじいろ", "こもれび", "わかば", "うみかぜ",
)  # fmt: skip

TURNS: Final = ("第一", "第二", "第三", "第四", "第五", "東", "西", "南", "北")


def operators(count: int) -> tuple[Operator, ...]:
    kinds = ("認可保育所", "認可保育所", "認定こども園", "小規模保育事業")
    endings = ("保育園", "保育園", "こども園", "小規模保育室")
    made = []
    for number in range(count):
        name = NAMES[number % len(NAMES)]
        turn = number // len(NAMES)
        which = 2 if number == 2 else (number * 7) % 4 if number > 2 else 0
        name += TURNS[(turn - 1) % len(TURNS)] if turn else ""
        facility = f"{name}{endings[which]}"
        made.append(Operator(f"op{number:03}", facility, kinds[which], f"{number + 12:03}", facility, facility))
    return tuple(made)


def line(operator: str = "op000", document: str = "invoice", **more: Any) -> ChecklistLine:
    """A line that is missing and not yet due, but for what is said."""
    title = {name: title for name, title, *_ in TYPES}.get(document, document)
    values: dict[str, Any] = {
        "title": title, "period": "2026-10", "due": date(2026, 11, 20), "state": "missing", "late": False,
    }  # fmt: skip
    return ChecklistLine(operator, document, **(values | more))


def at(year: int, month: int, day: int, hour: int = 10) -> float:
    return datetime(year, month, day, hour, tzinfo=TOKYO).timestamp()


def big(count: int = 100, types: int = 12, months: int = 3, language: Language = "ja", quarrel: int = 0) -> Ward:
    """Operators × types × months up to November 2026: what is long past is confirmed, the last two are under way."""
    facilities = operators(count)
    periods = ["2026-11"]
    while len(periods) < months:
        periods.append(before(periods[-1]))
    lines = [
        made
        for age, period in enumerate(periods)
        for place, each in enumerate(facilities)
        for number in range(types)
        for made in _made(each, place, number, period, age, quarrel)
    ]
    return Ward(facilities, tuple(lines), STAGES, NOW, language)


def _made(operator: Operator, place: int, number: int, period: str, age: int, quarrel: int) -> Iterator[ChecklistLine]:
    document, title, day, following = TYPES[number]
    year, month = int(period[:4]), int(period[5:])
    if following:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    due = _working(date(year, month, day)) if day else None
    mixed = (place * 31 + number * 17 + place * number * 7 + quarrel) % 100
    came = min(at(year, month, max(1, day - mixed % 4), 8 + mixed % 9), at(2026, 11, 11 - mixed % 8)) if day else None
    if document == "disability" and place % 3 == 0:
        return
    over = due is not None and due < NOW.date()
    yield _state((operator.id, document, title, period, due), came, mixed, over, age)


def _working(day: date) -> date:
    return day + timedelta(days=8 - day.isoweekday() if day.isoweekday() > 5 else 0)


def _state(
    known: tuple[str, str, str, str, date | None], came: float | None, mixed: int, over: bool, age: int
) -> ChecklistLine:
    def made(state: LineState, late: bool = False, **more: Any) -> ChecklistLine:
        sent = {"arrived_at": came, "since": came, "submissions": 1}
        values = {} if state in ("missing", "not applicable") else sent
        return ChecklistLine(*known, state, late, **(values | more))

    if known[1] == "application":
        if age < 2:
            return made("missing")
        return made("confirmed", original="awaited" if mixed == 7 and age == 2 else "received")
    if age >= 2:
        return made("not applicable") if mixed < 4 else made("confirmed", late=mixed > 95)
    if over:
        if mixed < 5:
            return made("missing", late=True)
        if mixed < 9:
            return made("corrections", late=True, cells=("請求書!F18", "請求書!F22"), submissions=2)
        if mixed < 12:
            return made("corrections", offered=True, cells=("請求書!D7",))
        if mixed < 26:
            return made("review", submissions=1 + mixed % 2)
        return made("inbox", waiting="person") if mixed == 27 else made("confirmed")
    if mixed < 55 + age * 5:
        return made("missing")
    if mixed < 58:
        return made("inbox", waiting="scanner" if mixed == 56 else "")
    return made("review") if mixed < 70 else made("not applicable") if mixed < 75 else made("confirmed")


def example(language: Language = "ja") -> Ward:
    """The ward of the pictures: small, and something of everything in it."""
    ward = big(9, 8, 4, language, quarrel=3)
    first = ward.operators[0].id
    rest = [each for each in ward.lines if each.operator != first or each.period not in ("2026-10", "2026-11")]
    own = [
        line(first, "enrolment", period="2026-11", due=date(2026, 11, 5), state="corrections", late=True,
             cells=("在籍!C14", "在籍!C15", "在籍!F3", "在籍!F9"), submissions=1,
             arrived_at=at(2026, 11, 4), since=at(2026, 11, 4)),
        line(first, "additions", period="2026-11", due=date(2026, 11, 16)),
        line(first, "staff", period="2026-11", due=date(2026, 11, 16), state="corrections", offered=True,
             cells=("職員!G7",), submissions=1, arrived_at=at(2026, 11, 6), since=at(2026, 11, 9)),
        line(first, "invoice", due=date(2026, 11, 10), late=True),
        line(first, "extended_care", due=date(2026, 11, 10), state="review", arrived_at=at(2026, 11, 9),
             since=at(2026, 11, 9), submissions=2),
        line(first, "temporary_care", due=date(2026, 11, 9), state="confirmed",
             arrived_at=at(2026, 11, 5), since=at(2026, 11, 6)),
        line(first, "disability", due=date(2026, 11, 10), state="not applicable"),
        line(first, "request:避難確保計画", title="避難確保計画", period="2026-11", due=None),
    ]  # fmt: skip
    return Ward(ward.operators, (*own, *rest), STAGES, NOW, language)


def every_state() -> tuple[ChecklistLine, ...]:
    """One operator's lines in every state that there is."""
    came = {"arrived_at": at(2026, 11, 4), "since": at(2026, 11, 5), "submissions": 1}
    states: list[dict[str, Any]] = [
        {"state": "missing"}, {"state": "missing", "late": True, "due": date(2026, 11, 5)},
        {"state": "missing", "due": None},
        {"state": "withdrawn"}, {"state": "missing", "closed": True}, {"state": "not applicable"},
        {"state": "inbox", **came}, {"state": "inbox", "waiting": "scanner", **came},
        {"state": "inbox", "waiting": "person", **came}, {"state": "review", **came},
        {"state": "corrections", "cells": ("在籍!C14",), **came}, {"state": "corrections", "offered": True, **came},
        {"state": "confirmed", **came}, {"state": "confirmed", "original": "awaited", **came},
        {"state": "confirmed", "original": "received", **came},
    ]  # fmt: skip
    names = islice(cycle(f"種別{number:02}" for number in range(len(states))), len(states))
    return tuple(line(document=name, title=f"{name}書類", **values) for name, values in zip(names, states, strict=True))
