"""`syncd history`: the names that others build on, the filters, and a broken chain."""

from __future__ import annotations

import csv
import io
import json
import sqlite3

from syncd.store.chain import NAMES
from tests.cli.ward import ENROLMENT, Ward


def played(ward: Ward) -> list[dict[str, object]]:
    ward.drop(ENROLMENT)
    ward.drop("=1+1.xlsx", "formula")
    ward.work()
    return [json.loads(line) for line in ward.run("history", "--json").stdout.splitlines()]


def test_json_is_one_object_a_line_oldest_first(ward: Ward) -> None:
    rows = played(ward)
    assert all(tuple(row) == NAMES for row in rows)
    assert [row["seq"] for row in rows] == sorted(range(1, len(rows) + 1))
    first = next(row for row in rows if row["file"] == ENROLMENT)
    assert (first["from"], first["to"], first["by"], first["outcome"]) == (None, "inbox", "operator", "received")


def test_csv_has_the_same_and_no_formulas(ward: Ward) -> None:
    rows = played(ward)
    found = list(csv.DictReader(io.StringIO(ward.run("history", "--csv").stdout)))
    assert [row["seq"] for row in found] == [str(row["seq"]) for row in rows]
    assert tuple(found[0]) == NAMES
    assert {row["file"] for row in found} == {ENROLMENT, "'=1+1.xlsx"}


def test_one_operator_and_since(ward: Ward) -> None:
    rows = played(ward)
    assert ward.run("history", "--operator", "sakura", "--json").stdout == ""
    assert len(ward.run("history", "--operator", "himawari", "--json").stdout.splitlines()) == len(rows)
    for since, all_of_them in (("1h", True), ("today", True), ("2020-01-01", True), ("2999-01-01T09:00", False)):
        result = ward.run("history", "--since", since, "--json")
        assert (result.exit_code, bool(result.stdout)) == (0, all_of_them), since


def test_an_operator_that_never_was(ward: Ward) -> None:
    result = ward.run("history", "--operator", "himawarri")
    assert (result.exit_code, "did you mean himawari?" in result.stderr) == (2, True)


def test_people_get_a_table_and_no_escape_sequences(ward: Ward) -> None:
    ward.drop("evil\x1b[31m\u202e.xlsx", "evil")
    ward.work()
    text = ward.run("history").stdout
    assert "\x1b" not in text and "\u202e" not in text
    assert "evil" in text


def test_json_and_csv_exclude_each_other(ward: Ward) -> None:
    assert ward.run("history", "--json", "--csv").exit_code == 2


def test_nothing_yet(ward: Ward) -> None:
    assert ward.run("history").stdout == "nothing has happened yet\n"
    assert ward.run("history", "--json").stdout == ""


def test_verify_a_whole_chain(ward: Ward) -> None:
    played(ward)
    result = ward.run("history", "verify")
    assert (result.exit_code, "the history is whole" in result.stdout) == (0, True)


def test_verify_a_changed_record(ward: Ward) -> None:
    played(ward)
    database = sqlite3.connect(ward.folder / "state" / "syncd.db")
    database.execute("DROP TRIGGER history_no_update")
    database.execute("UPDATE history SET actor = 'nobody' WHERE seq = 2")
    database.commit()
    database.close()
    result = ward.run("history", "verify")
    assert result.exit_code == 1
    assert "record 2" in result.stderr
    assert "Traceback" not in result.output


def test_verify_a_history_that_was_shortened(ward: Ward) -> None:
    played(ward)
    database = sqlite3.connect(ward.folder / "state" / "syncd.db")
    database.execute("DROP TRIGGER history_no_delete")
    database.execute("DELETE FROM history WHERE seq = (SELECT max(seq) FROM history)")
    database.commit()
    database.close()
    assert ward.run("history", "verify").exit_code == 1
