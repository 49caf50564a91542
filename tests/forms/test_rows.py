"""Expressions that go through rows: compared with Python's own loops over the same rows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.forms.evaluation import compute
from syncd.forms.fact import Column, Fact
from syncd.forms.language import compile_expression
from syncd.forms.rehearsal import rehearse
from syncd.forms.things import Many, NoAnswer, Thing

KINDS = ("基本", "加算", "調整")
ROWS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(-50, 50), st.integers(0, 9)), max_size=12)
BLANKS = st.lists(st.tuples(st.sampled_from((None, *KINDS)), st.one_of(st.none(), st.integers(-50, 50))), max_size=12)


def table(**columns: list[object]) -> dict[str, Thing]:
    places = {name: tuple(f"{letter}{row}" for row in range(len(items))) for letter, (name, items) in
              zip("ABCDE", columns.items(), strict=False)}  # fmt: skip
    return {f"r.{name}": Many(tuple(items), places[name]) for name, items in columns.items()}  # type: ignore[arg-type]


def holds(text: str, values: dict[str, Thing]) -> bool:
    return compute(compile_expression(text), values.__getitem__, lambda day: True).holds


@given(ROWS, st.integers(-50, 50), st.sampled_from(KINDS))
def test_a_filter_keeps_exactly_the_rows_for_which_all_conditions_hold(
    rows: list[tuple[str, int, int]], bound: int, kind: str
) -> None:
    values = table(kind=[row[0] for row in rows], a=[row[1] for row in rows], n=[row[2] for row in rows])
    values |= {"bound": bound, "kind": kind}
    for condition, wanted in (
        ("r.kind == kind", [row for row in rows if row[0] == kind]),
        ("r.kind == kind, r.a > bound", [row for row in rows if row[0] == kind and row[1] > bound]),
        ("r.kind == kind or r.n * 2 > r.a", [row for row in rows if row[0] == kind or row[2] * 2 > row[1]]),
        ("not (r.kind == kind and r.a < bound)", [row for row in rows if not (row[0] == kind and row[1] < bound)]),
        ("r.kind in ['基本', '加算']", [row for row in rows if row[0] in ("基本", "加算")]),
        ("bound < r.a <= bound + 20", [row for row in rows if bound < row[1] <= bound + 20]),
    ):
        values["sum"], values["count"] = sum(row[1] for row in wanted), len(wanted)
        assert holds(f"sum(only(r.a, {condition})) == sum", values), condition
        assert holds(f"count(only(r.n, {condition})) == count", values), condition
        values["product"] = sum(row[1] * row[2] for row in wanted)
        assert holds(f"sum(only(r.a * r.n, {condition})) == product", values), condition


@given(ROWS, st.integers(-50, 50))
def test_a_choice_in_a_row_is_made_for_each_row(rows: list[tuple[str, int, int]], bound: int) -> None:
    values = table(kind=[row[0] for row in rows], a=[row[1] for row in rows], n=[row[2] for row in rows])
    values |= {"bound": bound, "sum": sum(row[1] if row[0] == "加算" else row[2] for row in rows)}
    assert holds("sum(r.a if r.kind == '加算' else r.n) == sum", values)
    assert holds("r.a <= (50 if r.kind == '加算' else bound)", values) == all(
        row[1] <= (50 if row[0] == "加算" else bound) for row in rows
    )


@given(BLANKS)
def test_where_a_condition_is_blank_beside_a_value_there_is_no_sum(rows: list[tuple[str | None, int | None]]) -> None:
    values = table(kind=[row[0] for row in rows], a=[row[1] for row in rows])
    values["sum"] = sum(row[1] or 0 for row in rows if row[0] == "加算")
    unknown = any(row[0] is None and row[1] is not None for row in rows)
    if unknown:
        with pytest.raises(NoAnswer, match="can't be told"):
            holds("sum(only(r.a, r.kind == '加算')) == sum", values)
    else:
        assert holds("sum(only(r.a, r.kind == '加算')) == sum", values)
    assert holds("sum(only(r.a, given(r.kind) and r.kind == '加算')) == sum", values)


def test_the_cells_of_what_a_filter_left_are_known() -> None:
    values = table(kind=["加算", "基本", "加算"], a=[1, -2, -3])
    outcome = compute(compile_expression("only(r.a, r.kind == '加算') > 0"), values.__getitem__, lambda day: True)
    assert (outcome.holds, outcome.failing) == (False, ("B2",))


def test_what_is_not_as_long_has_no_answer() -> None:
    values: dict[str, Thing] = {"a": Many((1, 2, 3)), "b": Many((True, False))}
    with pytest.raises(NoAnswer, match="as many"):
        holds("sum(only(a, b)) == 1", values)
    with pytest.raises(NoAnswer, match="as many"):
        holds("b and a > 2", values)


TIMES: dict[str, Thing] = {
    "worked": timedelta(hours=7, minutes=30), "opens": timedelta(hours=7, minutes=15), "closes": timedelta(hours=18),
    "held": date(2025, 10, 1), "year": 2025, "late": Many((timedelta(minutes=5), None, timedelta(minutes=40)), ("A1",
    "A2", "A3")),
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["worked == duration('7時間30分')", "worked == '7:30'", "worked <= '8:00'", "hours(worked) == 7.5",
     "minutes(worked) == 450", "closes - opens == '10:45'", "opens >= time('午前7時')", "opens == time(7, 15)",
     "duration(1, 30) * 5 == worked", "worked / duration(1, 30) == 5", "worked / 2 == '3:45'",
     "sum(late) == '0:45'", "max(late) == '0:40'", "sum(only(late, late > '0:30')) == '0:40'",
     "sum(minutes(late)) == 45", "held == date(2025, 10, 1)", "held >= '2025-10-01'", "held == '令和7年10月1日'",
     "held == date(year, 10, 1)", "held in ['2025-10-01', '2025-11-01']",
     "closes - opens > worked", "-worked == duration(0, 0) - worked", "worked != duration('24:00')"],
)  # fmt: skip
def test_fixed_days_and_times_in_expressions(text: str) -> None:
    assert holds(text, TIMES)


@pytest.mark.parametrize(
    "text",
    ["all(lines.amount > 0)", "lines.amount > 0 and lines.kind != 'x'", "lines.amount <= sum(lines.amount) / 2",
     "previous.lines.amount == lines.amount", "lines.kind in others.kind",
     "sum(only(lines.amount, lines.kind in others.kind)) > 0", "runs == lines.amount", "ages == more",
     "sum(only(lines.amount, lines.kind == 'a')) == sum(only(others.amount, others.kind == 'a'))",
     "all(lines.amount > 0) and all(others.amount > 0)", "sum(lines.amount, others.amount) > 0",
     "only(lines.amount, lines.kind == 'a') < only(lines.last, lines.kind == 'a')"],
)  # fmt: skip
def test_what_goes_together_is_taken(text: str) -> None:
    columns = (
        Column("kind", ("区分",), "text"),
        Column("amount", ("金額",), "amount"),
        Column("last", ("前",), "amount"),
    )
    own = {
        "lines": Fact("lines", columns=columns), "others": Fact("others", columns=columns),
        "runs": Fact("runs", "int", ("数",), many=True), "ages": Fact("ages", "int", area="B1:B6"),
        "more": Fact("more", "int", area="C1:D6"),
    }  # fmt: skip
    assert rehearse(compile_expression(text), own, {}) is None
