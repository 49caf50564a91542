"""When a document is expected: the keys `required`, `due`, `closes`, `original`, and the days that follow from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from syncd.model import Operator
from syncd.rulebook import Calendar, Due, Required, Rulebook, load
from syncd.rulebook.expected import Closes, asked_for

Faults = Callable[..., list[str]]
Book = Callable[..., Rulebook]

RULE = "document: a\ntitle: A\nmatch: {name: 'a*'}\n"
OTHER = "document: b\ntitle: B\nmatch: {name: 'b*'}\nrequired: {every: month}\n"
NONE = Calendar()


def due(month: str | int, day: int, year: str = "same") -> Due:
    return Due(month, day, "next_business_day", (), year)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "period", "expected"),
    [
        (due("same", 5), "2026-10", "2026-10-05"),
        (due("next", 10), "2026-09", "2026-10-13"),
        (due("next", 10), "2026-12", "2027-01-12"),
        (due("same", 31), "2026-09", "2026-09-30"),
        (due("same", 31), "2028-02", "2028-02-29"),
        (due("same", 31), "2026-Q3", "2027-01-04"),
        (due("next", 5), "2026-Q4", "2027-04-05"),
        (due(6, 30), "2026", "2026-06-30"),
        (due(3, 31), "2026", "2027-03-31"),
        (due(7, 31, "next"), "2026", "2027-08-02"),
        (due(1, 4, "next"), "2026", "2028-01-04"),
    ],
)
def test_due_days(rule: Due, period: str, expected: str) -> None:
    assert rule.on(period, NONE) == date.fromisoformat(expected)


def test_what_waits_for_the_others_has_no_day_yet() -> None:
    assert replace(due("next", 31), after="all_confirmed").on("2026-10", NONE) is None


def test_reminders_fall_on_business_days_and_the_latest_counts() -> None:
    rule = Due("next", 10, "next_business_day", (-3, -1, 0, 1, 3, 4))
    # Due on Tuesday 13 October, after a long weekend.
    assert rule.steps(date(2026, 10, 13), NONE) == {
        date(2026, 10, 9): -1,
        date(2026, 10, 13): 0,
        date(2026, 10, 14): 1,
        date(2026, 10, 16): 3,
        date(2026, 10, 19): 4,
    }


@pytest.mark.parametrize(
    ("period", "when", "over"),
    [
        ("2026-04", None, "2027-05-31"),
        ("2027-03", date(2027, 4, 12), "2027-05-31"),
        ("2027-04", None, "2028-05-31"),
        ("2026-Q4", None, "2027-05-31"),
        ("2026", date(2026, 6, 30), "2027-05-31"),
        ("2026", date(2027, 8, 2), "2028-05-31"),
    ],
)
def test_a_fiscal_year_closes_at_the_end_of_may_after_it(period: str, when: date | None, over: str) -> None:
    assert Closes().on(period, when) == date.fromisoformat(over)


def test_another_closing_day() -> None:
    assert Closes(4, 30).on("2027-03", None) == date(2027, 4, 30)
    assert Closes(2, 28).on("2027-03", None) == date(2028, 2, 28)


def test_of_whom_and_for_which_periods(operator: Operator) -> None:
    every = Required((), "month")
    assert every.asks(operator) and every.covers("2026-10") and not every.covers("2026") and not every.covers("2026-Q3")
    assert not Required(("認定こども園",), "month").asks(operator)
    assert not Required((), "month", operators=("sakura",)).asks(operator)
    assert Required(("認可保育所",), "month", operators=("himawari",)).asks(operator)
    limited = Required((), "month", "2026-04", "2027-03")
    assert [limited.covers(each) for each in ("2026-03", "2026-04", "2027-03", "2027-04")] == [False, True, True, False]
    year = Required((), "fiscal_year", "2026-04", "2027-03")
    assert [year.covers(each) for each in ("2025", "2026", "2027")] == [False, True, False]
    assert [Required((), "month", months=(4, 10)).covers(f"2026-{month:02}") for month in (4, 5, 10)] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("every", "rule", "day", "period"),
    [
        ("month", due("next", 10), "2026-10-03", "2026-09"),
        ("month", due("next", 10), "2026-10-20", "2026-09"),
        ("month", due("next", 10), "2026-10-31", "2026-09"),
        ("month", due("next", 10), "2026-11-01", "2026-10"),
        ("month", due("same", 5), "2026-09-30", "2026-10"),
        ("month", None, "2026-10-03", "2026-10"),
        ("quarter", due("same", 31), "2027-01-10", "2026-Q3"),
        ("fiscal_year", due(7, 31, "next"), "2026-07-20", "2025"),
        ("fiscal_year", due(6, 30), "2026-06-20", "2026"),
    ],
)
def test_a_file_without_a_period_is_for_the_one_due_nearest(
    every: str, rule: Due | None, day: str, period: str
) -> None:
    required = Required((), every)  # type: ignore[arg-type]
    assert asked_for(required, rule, date.fromisoformat(day), NONE) == period


def test_a_file_without_a_period_is_for_one_that_is_expected() -> None:
    reported = Required((), "month", valid_to="2026-08")
    assert asked_for(reported, due("next", 10), date(2026, 10, 4), NONE) == "2026-08"
    required = Required((), "month", valid_from="2026-11")
    assert asked_for(required, due("same", 5), date(2026, 10, 4), NONE) == "2026-11"


def test_all_keys_are_read(book: Book) -> None:
    found = book(
        a=RULE
        + "required: {kinds: 認可保育所, operators: [x], every: month, months: [10, 4], valid_from: 2026-04, "
        + "valid_to: 2027-03, nil: refused, per: corporation}\n"
        + "due: {after: all_confirmed, business_days: 5, remind: [-2, 0]}\n"
        + "closes: {month: 4, day: 30}\noriginal: true\n",
        b=OTHER,
    ).rules["a"]
    assert found.required == Required(
        ("認可保育所",), "month", "2026-04", "2027-03", False, "corporation", ("x",), (4, 10)
    )
    assert found.due is not None
    assert (found.due.after, found.due.business_days, found.due.remind) == ("all_confirmed", 5, (-2, 0))
    assert (found.closes, found.original) == (Closes(4, 30), True)
    other = book(b=OTHER).rules["b"]
    assert (other.closes, other.original) == (Closes(5, 31), False)
    assert other.required is not None and other.required.nil and other.required.per == "operator"


MONTH = "write a month from 2000-01 to 2099-12, e.g. 2026-04"


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("required: {valid_from: 2026-13}", f"required.valid_from can't be '2026-13' — {MONTH}"),
        ("required: {valid_to: 令和9年3月}", f"required.valid_to can't be '令和9年3月' — {MONTH}"),
        ("required: {valid_from: 2026-04, valid_to: 2026-03}",
         "required.valid_to lies before valid_from — then it is never expected"),
        ("required: {nil: refuse}", "required.nil can't be 'refuse' — did you mean 'refused'?"),
        ("required: {per: company}", "required.per can't be 'company' — did you mean 'corporation'?"),
        ("required: {months: [13]}", "required.months can't be 13 — it must be at least 1 and at most 12"),
        ("required: {every: quarter, months: [4]}",
         "required.months is for documents of every month — remove it; a quarter or fiscal year is expected once"),
        ("required: {opertors: [x]}", "unknown key 'opertors' in required — did you mean 'operators'?"),
        ("required: {}\ndue: {after: all_confirmd, business_days: 5}",
         "due.after can't be 'all_confirmd' — did you mean 'all_confirmed'?"),
        ("required: {}\ndue: {after: all_confirmed}",
         "due.business_days is missing — add `business_days:` with its value"),
        ("required: {}\ndue: {after: all_confirmed, business_days: 5, day: 3}",
         "due.day means nothing beside due.after — remove one of the two"),
        ("due: {after: all_confirmed, business_days: 5}",
         "due.after needs `required`: nobody is asked for this document — add `required:`"),
        ("due: {month: same, day: 5, business_days: 5}",
         "due.business_days is for `after: all_confirmed` — remove it, or add `after`"),
        ("due: {month: same, day: 5, year: next}",
         "due.year is for a month that is given as a number — remove it, or write month: 1–12"),
        ("closes: {month: 4, day: 31}", "closes: there is no 4/31 every year — the last one is 30"),
        ("closes: {month: 13, day: 1}", "closes.month can't be 13 — it must be at least 1 and at most 12"),
        ("closes: {day: 1}", "closes.month is missing — add `month:` with its value"),
        ("original: yes", "original must be true or false, not text — write true or false"),
    ],
)  # fmt: skip
def test_each_fault_has_its_remedy(faults: Faults, more: str, fault: str) -> None:
    line = 3 + more.count("\n") + 1
    assert faults(a=f"{RULE}{more}\n", b=OTHER) == [f"a.yaml:{line}: {fault}"]


def test_waiting_for_the_others_needs_others(faults: Faults) -> None:
    waits = RULE + "required: {every: month}\ndue: {after: all_confirmed, business_days: 5}\n"
    fault = "a.yaml:5: due.after: no other document is required every month — give it a due day, or require the others"
    assert faults(a=waits) == [fault]
    assert faults(a=waits, b=OTHER.replace("month", "quarter")) == [fault]


def test_the_shipped_rules_say_what_the_ward_needs(packaged: Path) -> None:
    rules = load(packaged, packaged).rules
    required = {name: rule.required for name, rule in rules.items() if rule.required}
    assert [name for name, each in required.items() if not each.nil] == ["temporary_care"]
    assert [name for name, each in required.items() if each.per == "corporation"] == [
        "treatment_plan",
        "treatment_result",
    ]
    application, result = rules["application"], rules["treatment_result"]
    assert application.original and application.due is not None and application.due.after == "all_confirmed"
    assert result.due is not None and result.due.on("2025", NONE) == date(2026, 7, 31)
