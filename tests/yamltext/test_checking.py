"""One reader for each group of keys: all faults at once, each with its place and the nearest right name."""

from __future__ import annotations

import pytest

from syncd.errors import Problem
from syncd.yamltext import Reader, collect_text, nearest, suggestion


def reader(text: str) -> Reader:
    problems: list[Problem] = []
    node = collect_text(text, "c.yaml", problems)
    assert node is not None
    return Reader(node, problems)


def said(of: Reader) -> list[str]:
    return [str(problem) for problem in of.problems]


def test_right_values_come_back_as_they_are() -> None:
    it = reader(
        "text: x\nword: b\nyes: true\nn: 3\nf: 0.5\nlist: [a, b]\nlone: a\nnumbers: [-3, 0]\n"
        "code: 12\ngroup: {inner: 1}\nmany:\n  - {a: x}\n  - {a: y}\n"
    )
    assert it.text("text") == "x"
    assert it.word("word", ("a", "b")) == "b"
    assert it.boolean("yes") is True
    assert it.integer("n", least=0, most=9) == 3
    assert it.number("f") == 0.5 and it.number("n") == 3.0
    assert it.texts("list") == ("a", "b") and it.texts("lone", single=True) == ("a",)
    assert it.integers("numbers") == (-3, 0)
    assert it.text("code", digits=True) == "12"
    assert it.group("group").integer("inner") == 1
    assert [each.text("a") for each in it.groups("many")] == ["x", "y"]
    assert it.given()[:2] == ("text", "word")
    it.finish()
    assert not it.problems


def test_what_is_not_given_is_the_default() -> None:
    it = reader("empty:\n")
    assert it.text("a", "x") == "x" and it.text("empty", "x") == "x"
    assert it.optional_text("a") is None and it.optional_text("empty") is None
    assert it.word("a", ("x",), "x") == "x"
    assert it.integer("a", 5) == 5 and it.number("a", 0.5) == 0.5 and it.boolean("a", True) is True
    assert it.texts("a") == () and it.integers("a") == () and it.groups("a") == ()
    assert it.group("a").text("b", "x") == "x"
    it.finish()
    assert not it.problems


def test_all_faults_are_found_in_one_reading() -> None:
    it = reader("titel: x\nn: eins\nword: revew\nmost: 99\nyes: no\nlist: {a: 1}\ngroup: x\ncode: 12\nblank: ' '\n")
    it.text("title")
    it.integer("n")
    it.word("word", ("inbox", "review"))
    it.integer("most", least=1, most=31)
    it.boolean("yes")
    it.texts("list")
    it.group("group").text("inner")
    it.text("code")
    it.text("blank")
    it.finish()
    assert said(it) == [
        "c.yaml:2:4: n must be a whole number, not text — write digits, e.g. 5",
        "c.yaml:3:7: word can't be 'revew' — did you mean 'review'?",
        "c.yaml:4:7: most can't be 99 — it must be at least 1 and at most 31",
        "c.yaml:5:6: yes must be true or false, not text — write true or false",
        "c.yaml:6:7: list must be a list, not a group of keys — write [a, b], or lines that begin with `- `",
        "c.yaml:7:8: group must be a group of keys, not text — write `key: value` in lines of its own, indented",
        "c.yaml:8:7: code must be text, not a number — put it in quotes",
        "c.yaml:9:9: blank is empty — give it a value",
        "c.yaml:1:1: unknown key 'titel' — did you mean 'title'?",
    ]


def test_keys_of_a_group_are_named_with_their_way() -> None:
    it = reader("chat:\n  batch_second: 5\n")
    chat = it.group("chat")
    chat.number("batch_seconds")
    chat.number("note_wait_seconds", 600)
    chat.finish()
    assert said(it) == [
        "c.yaml:2:3: unknown key 'batch_second' in chat — did you mean 'batch_seconds'?",
    ]


def test_a_missing_key_that_nobody_misspelled_is_named() -> None:
    it = reader("chat: {}\nfiles:\n")
    it.group("chat").number("batch_seconds")
    it.text("files")
    it.text("title")
    assert said(it) == [
        "c.yaml:1:7: chat.batch_seconds is missing — add `batch_seconds:` with its value",
        "c.yaml:2:1: files has no value — add `files:` with its value",
        "c.yaml:1:1: title is missing — add `title:` with its value",
    ]


def test_a_key_on_the_wrong_level_is_told_where_it_belongs() -> None:
    it = reader("extension: xlsx\n")
    it.finish({"extension": "match"})
    assert said(it) == ["c.yaml:1:1: unknown key 'extension' — it belongs below `match:`"]


def test_a_fault_in_the_middle_of_a_text_has_its_column() -> None:
    it = reader("that: 'sum(age) == total'\n")
    it.problem("there is no fact 'age'", "did you mean 'ages'?", node=it.node("that"), offset=4)
    assert said(it) == ["c.yaml:1:12: there is no fact 'age' — did you mean 'ages'?"]


@pytest.mark.parametrize("written", ["５", "05", "+5", "＋５"])
def test_a_number_written_otherwise_is_told_how(written: str) -> None:
    it = reader(f"day: {written}\n")
    it.integer("day")
    assert said(it) == [
        "c.yaml:1:6: day must be a whole number, not text — write half-width digits without + or 0 before them, e.g. 5"
    ]


def test_no_fault_repeats_a_value_that_could_be_a_secret() -> None:
    it = reader("chat: json://user:secret@host\nproxy: {secret: 1}\nn: secret\nf: secret\nyes: secret\n")
    it.texts("chat")
    it.text("proxy")
    it.integer("n")
    it.number("f")
    it.boolean("yes")
    it.integers("chat")
    it.group("chat")
    assert len(it.problems) == 7
    assert "secret" not in " ".join(said(it))


def test_one_bound_is_enough() -> None:
    it = reader("a: -1\nb: 1.5\n")
    assert (it.number("a", least=0), it.number("b", 0.5, most=1)) == (0, 0.5)
    assert said(it) == [
        "c.yaml:1:4: a can't be -1 — it must be at least 0",
        "c.yaml:2:4: b can't be 1.5 — it must be at most 1",
    ]


@pytest.mark.parametrize(("yes", "no"), [("true", "integer"), ("1", "boolean")])
def test_true_is_no_number_and_one_is_not_true(yes: str, no: str) -> None:
    it = reader(f"key: {yes}\n")
    getattr(it, no)("key")
    assert len(it.problems) == 1


def test_the_nearest_word_is_found_whatever_its_width_and_case() -> None:
    assert nearest("Ｅｎｒｏｌｌｍｅｎｔ", ("enrolment", "invoice")) == "enrolment"
    assert nearest("一覧と期限", ("一覧", "理由")) == "一覧"
    assert nearest("x" * 100_000, ("enrolment",)) is None
    assert suggestion("zzz", ("b", "a")) == "known here: a, b"
    assert suggestion("zzz", ()) == "remove it"
    assert suggestion("zzz", [f"word{number:02}" for number in range(17)]).endswith("word14, word15 …")


def test_a_word_cut_short_means_the_one_that_begins_so() -> None:
    assert nearest("next", ("none", "next_business_day", "previous_business_day")) == "next_business_day"
    assert nearest("ne", ("none", "next_business_day")) != "next_business_day"
