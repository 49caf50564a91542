"""Of whom names and forms speak."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from syncd.forms.fact import Value
from syncd.mirror.whose import asked_of_forms, bears, named_others, shared, spoken, spoken_of
from syncd.model import Operator
from syncd.rulebook import Rulebook
from syncd.rulebook.load import load


def operator(id: str, name: str, code: str | None, corporation: str = "") -> Operator:
    return Operator(id, name, "認可保育所", code, id, id, (), corporation=corporation)


HIMAWARI = operator("himawari", "ひまわり保育園", "012")
SECOND = operator("second", "第二ひまわり保育園", "014")
BRANCH = operator("branch", "ひまわり保育園分園", "015")
SAKURA = operator("sakura", "さくら保育園", "013")
NOBODY = operator("nobody", "もみじこども園", None)
ALL = (HIMAWARI, SECOND, BRANCH, SAKURA, NOBODY)


@pytest.mark.parametrize(
    ("path", "others"),
    [
        ("012_202610_在籍.xlsx", {"himawari"}),
        ("０１２＿２０２６１０＿在籍.xlsx", {"himawari"}),
        ("済_012_令和8年10月_在籍.xlsx", {"himawari"}),
        ("【確認中】012_R8.10_在籍.xlsx", {"himawari"}),
        ("在籍_202610_012.xlsx", {"himawari"}),
        ("012-連絡.docx", {"himawari"}),
        ("012_ひまわり保育園/連絡.docx", {"himawari"}),
        ("十月/012_202610/連絡.docx", {"himawari"}),
        ("ひまわり保育園の訂正.docx", {"himawari"}),
        ("社会福祉法人青空会ひまわり保育園.docx", {"himawari"}),
        ("第二ひまわり保育園_連絡.docx", {"second"}),
        ("ひまわり保育園分園_連絡.docx", {"branch"}),
        ("もみじこども園_連絡.docx", {"nobody"}),
        ("013_202610_012.xlsx", set()),  # its own code comes first: the other number is none
        ("さくら保育園・ひまわり保育園_合同.docx", set()),  # both are meant
        ("写真_012.jpg", set()),
        ("012.jpg", set()),
        ("第012回.docx", set()),
        ("0123_202610_在籍.xlsx", set()),
        ("202610_在籍.xlsx", set()),
        ("理由.txt", set()),
    ],
)
def test_whom_a_name_speaks_of(path: str, others: set[str]) -> None:
    assert named_others(path, SAKURA, ALL) == others


def test_an_operators_own_name_is_nobody_elses() -> None:
    assert named_others("第二ひまわり保育園_連絡.docx", SECOND, ALL) == set()
    assert named_others("ひまわり保育園分園_連絡.docx", BRANCH, ALL) == set()
    assert named_others("012_202610_在籍.xlsx", HIMAWARI, ALL) == set()


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    from syncd import packaged

    return load(packaged.rules_folder(), packaged.rules_folder())


def found(rules: Rulebook, document: str | None, code: str = "", name: str = "") -> dict[str, Value]:
    """What a form says where it is asked."""
    return {
        each.fact.name: Value("found", code if each.of_code else name)
        for each in asked_of_forms(rules, document)
        if (code if each.of_code else name)
    }


@pytest.mark.parametrize("document", ["enrolment", None])
@pytest.mark.parametrize(
    ("code", "name", "others"),
    [
        ("012", "", {"himawari"}),
        ("12", "ひまわり保育園", {"himawari"}),
        ("013", "さくら保育園", set()),
        ("", "社会福祉法人青空会 第二ひまわり保育園", {"second"}),
        ("999", "どこか保育園", set()),
        ("", "", set()),
    ],
)
def test_whom_a_form_speaks_of(shipped: Rulebook, document: str | None, code: str, name: str, others: set[str]) -> None:
    said = spoken(asked_of_forms(shipped, document), found(shipped, document, code, name))
    assert spoken_of(said, SAKURA, ALL, shipped) == others


def test_addresses_count_in_the_rules_own_form_only(shipped: Rulebook) -> None:
    for each in asked_of_forms(shipped, "enrolment"):
        assert each.document == "enrolment" or (each.fact.labels and not each.fact.cell)


def test_of_a_document_for_a_whole_corporation_nobody_elses(
    shipped: Rulebook, rebuilt: Callable[[Rulebook, str], Rulebook]
) -> None:
    one, other = replace(SAKURA, corporation="青空会"), replace(HIMAWARI, corporation="青空会")
    assert shared("treatment_plan", one, other, shipped)
    assert not shared("enrolment", one, other, shipped)
    assert not shared("treatment_plan", SAKURA, HIMAWARI, shipped)
    assert not shared("treatment_plan", one, replace(other, corporation="緑会"), shipped)
    whole = rebuilt(shipped, "enrolment")
    said = spoken(asked_of_forms(whole, "enrolment"), found(whole, "enrolment", "012"))
    assert spoken_of(said, one, (one, other), whole) == set()
    assert spoken_of(said, SAKURA, (SAKURA, HIMAWARI), whole) == {"himawari"}


@pytest.fixture
def rebuilt() -> Callable[[Rulebook, str], Rulebook]:
    """The same rules, with one document filed for the whole corporation."""

    def rebuilt(rules: Rulebook, document: str) -> Rulebook:
        rule = rules.rules[document]
        assert rule.required is not None
        filed = replace(rule, required=replace(rule.required, per="corporation"))
        return replace(rules, rules={document: filed})

    return rebuilt


def test_what_a_file_bears(shipped: Rulebook) -> None:
    said = spoken(asked_of_forms(shipped, "enrolment"), found(shipped, "enrolment", "012", "ひまわり保育園"))
    assert bears("何か.xlsx", HIMAWARI, said) == (True, True)
    assert bears("012_202610_在籍.xlsx", HIMAWARI, ()) == (True, False)
    assert bears("ひまわり保育園.xlsx", HIMAWARI, ()) == (False, True)
    assert bears("何か.xlsx", SAKURA, said) == (False, False)
