"""Which samples there are, and what becomes of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final, Literal

from syncd.demo import forms
from syncd.demo.forms.heading import Month, fiscal_year
from syncd.demo.ward import NURSERIES, Nursery

Outcome = Literal["review", "corrections", "hold"]
Extension = Literal["xlsx", "pdf", "csv"]

NURSERY, MONTH = NURSERIES[0], (2026, 10)
"""Of whom and for when the files in rules/samples/ are."""
SUNDAY, HOLIDAY, NEXT_MONTH = date(2026, 10, 25), date(2026, 10, 12), date(2026, 11, 2)
"""Days of that month, the second スポーツの日, and one after it."""

GOOD: Final[Mapping[str, Callable[[Nursery, Month], Any]]] = {
    "invoice": forms.invoice,
    "enrolment": forms.enrolment,
    "additions": forms.additions,
    "staff": forms.staff_list,
    "extended_care": forms.extended_care,
    "disability": forms.disability,
    "temporary_care": forms.temporary_care,
    "treatment_plan": lambda nursery, month: forms.treatment(nursery, fiscal_year(month), done=False),
    "treatment_result": lambda nursery, month: forms.treatment(nursery, fiscal_year(month), done=True),
    "application": forms.application,
    "result": lambda nursery, month: forms.result(nursery, fiscal_year(month), (month[1] - 4) % 12 // 3 + 1),
}
"""The form of each document type as it should be, for a month or for the quarter or fiscal year that it lies in."""
_WRITE: Final[Mapping[Extension, str]] = {"xlsx": "workbook", "pdf": "pdf", "csv": "csv"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A form, good or with one fault.

    Attributes:
        document: its type, the name of a rule.
        fault: the id of the check that finds it, or a word for what is wrong; ok: nothing.
        expect: where it goes from inbox; hold: it stays there, for a person to look at.
        says: a part of the reason that people are given; of what only staff are told, too.
        changes: what is other than in the good form: values, or functions of the good form.
        previous: the file of the sample that is last month's document.
        documents: files of samples that are other documents of the month, by type.
    """

    document: str
    fault: str
    expect: Outcome
    says: str = ""
    extension: Extension = "xlsx"
    changes: Mapping[str, Any] = field(default_factory=dict)
    previous: str = ""
    documents: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """Its name in rules/samples/."""
        return f"{self.document}-{self.fault}.{self.extension}"

    def make(self, nursery: Nursery, month: Month) -> bytes:
        """Its bytes."""
        form = GOOD[self.document](nursery, month)
        changed = replace(form, **{name: new(form) if callable(new) else new for name, new in self.changes.items()})
        content: bytes = getattr(changed, _WRITE[self.extension])()
        return content

    def beside(self, previous: str = "", **documents: str) -> Sample:
        """The same, looked at beside other samples."""
        return replace(self, previous=previous, documents=documents)


def _good(document: str, extension: Extension = "xlsx", fault: str = "ok", **changes: Any) -> Sample:
    return Sample(document, fault, "review", "", extension, changes)


def _returned(document: str, fault: str, says: str, extension: Extension = "xlsx", **changes: Any) -> Sample:
    return Sample(document, fault, "corrections", says, extension, changes)


def _warned(document: str, fault: str, says: str, **changes: Any) -> Sample:
    return Sample(document, fault, "review", says, "xlsx", changes)


def _held(document: str, fault: str, says: str, extension: Extension = "xlsx", **changes: Any) -> Sample:
    return Sample(document, fault, "hold", says, extension, changes)


def _month(form: Any) -> Any:
    return replace(form.heading, when="令和7年4月分")


def _facility(form: Any) -> Any:
    return replace(form.heading, name="べつの保育園")


def _code(form: Any) -> Any:
    return replace(form.heading, code="987")


def _at(name: str, at: int, **changes: Any) -> Callable[[Any], Any]:
    """The rows of `name`, that one with other values: by number of the cell (`_2`), or by name."""

    def change(form: Any) -> Any:
        rows = list(getattr(form, name))
        row = rows[at]
        if isinstance(row, tuple):
            rows[at] = tuple(changes.get(f"_{number}", value) for number, value in enumerate(row))
        else:
            rows[at] = replace(row, **changes)
        return tuple(rows)

    return change


def _on(day: date, children: int = 3) -> Callable[[Any], Any]:
    """The days, and that one."""
    return lambda form: tuple(sorted((*form.days, (day, children))))


WRONG_MONTH: Final = "ファイル名と一致しません"
WRONG_CODE: Final = "施設番号"
WRONG_NAME: Final = "施設名"

SAMPLES: Final[tuple[Sample, ...]] = (
    _good("enrolment"),
    _returned("enrolment", "day", "対象月の1日", day=lambda form: form.day + timedelta(9)),
    _returned("enrolment", "sum", "年齢別の計63人と合計62人", ages=lambda form: (form.ages[0] + 1, *form.ages[1:])),
    _returned("enrolment", "list", "児童名簿の人数61人と合計62人", children=lambda form: form.children[:-1]),
    _returned("enrolment", "sheets", "必要なシート", children=()),
    _returned("enrolment", "uncalculated", "計算値なし", total=None),
    _returned("enrolment", "period", WRONG_MONTH, heading=_month),
    _warned("enrolment", "over", "120%", capacity=lambda form: tuple(count * 3 // 4 for count in form.ages)),
    _warned("enrolment", "change", "先月からの増減0人", joined=2).beside(previous="enrolment-ok.xlsx"),
    _held("enrolment", "facility", WRONG_NAME, heading=_facility),
    _held("enrolment", "facility_code", WRONG_CODE, heading=_code),
    _good("invoice").beside(enrolment="enrolment-ok.xlsx"),
    _good("invoice", "pdf"),
    _good("invoice", fault="unsealed", sealed=False),
    _returned("invoice", "addressee", "新宿区長", addressee="渋谷区長　様"),
    _returned("invoice", "addressee", "新宿区長", "pdf", addressee="渋谷区長　様"),
    _returned("invoice", "creditor", "数字10桁", creditor="01310"),
    _returned("invoice", "amount", "内訳の合計5,524,460円", amount=lambda form: form.amount + 9_000),
    _returned("invoice", "account", "数字7桁", account="12-34"),
    _returned("invoice", "issuer", "代表者と電話番号", sealed=False, telephone=""),
    _returned("invoice", "period", WRONG_MONTH, heading=_month),
    _returned("invoice", "enrolment", "在籍児童数報告書の合計62人", children=61).beside(enrolment="enrolment-ok.xlsx"),
    _held("invoice", "facility_code", WRONG_CODE, heading=_code),
    _held("invoice", "facility_code", WRONG_CODE, "pdf", heading=_code),
    _good("additions").beside(previous="additions-ok.xlsx"),
    _returned("additions", "blank", "空欄", items=_at("items", 4, _1="")),
    _returned("additions", "evidence", "添付書類の記入がありません", items=_at("items", 4, _3="")),
    _returned("additions", "claims", "すべて無", items=_at("items", 4, _1="無", _2="無", _3="")).beside(
        previous="additions-ok.xlsx"
    ),
    _held("additions", "facility_code", WRONG_CODE, heading=_code),
    _good("staff"),
    _returned("staff", "total", "合計15.6", total=lambda form: round(form.total + 0.2, 1)),
    _returned("staff", "qualification", "登録番号が記入されていません", people=_at("people", 4, number="")),
    _returned("staff", "hired", "採用年月日", people=_at("people", 4, hired=date(2030, 4, 1))),
    _warned("staff", "ratio", "配置基準の7人", nurses=5.0),
    _held("staff", "facility_code", WRONG_CODE, heading=_code),
    _good("extended_care"),
    _good("extended_care", "csv"),
    _returned("extended_care", "mean", "平均7.6人", mean=lambda form: round(form.mean + 0.7, 1)),
    _returned("extended_care", "mean", "平均7.6人", "csv", mean=lambda form: round(form.mean + 0.7, 1)),
    _returned(
        "extended_care", "weeks", "週ごとの最大利用児童数の計", mean=lambda form: form.mean + 1,
        weeks=lambda form: tuple(most + 1 for most in form.weeks),
    ),
    _returned("extended_care", "sunday", "日曜日", days=_on(SUNDAY)),
    _returned("extended_care", "holiday", "祝日", days=_on(HOLIDAY)),
    _returned("extended_care", "inside", "対象月以外", days=_on(NEXT_MONTH)),
    _held("extended_care", "facility_code", WRONG_CODE, heading=_code),
    _good("disability").beside(enrolment="enrolment-ok.xlsx"),
    _returned("disability", "count", "一覧の人数2人", count=lambda form: form.count + 1),
    _returned("disability", "expired", "有効期限", children=_at("children", 1, _4=date(2025, 3, 31))),
    _returned(
        "disability", "enrolment", "合計62人を超えています", count=70, children=lambda form: form.children * 35,
    ).beside(enrolment="enrolment-ok.xlsx"),
    _held("disability", "facility_code", WRONG_CODE, heading=_code),
    _good("temporary_care"),
    _good("temporary_care", "csv"),
    _good("temporary_care", fault="none", total=0, users=(), days=lambda form: tuple((day, 0) for day, _ in form.days)),
    _returned("temporary_care", "sum", "合計45人", total=lambda form: form.total + 3),
    _returned("temporary_care", "sum", "合計45人", "csv", total=lambda form: form.total + 3),
    _returned(
        "temporary_care", "inside", "対象月以外", days=_on(NEXT_MONTH), total=lambda form: form.total + 3
    ),
    _held("temporary_care", "facility_code", WRONG_CODE, heading=_code),
    _good("treatment_plan"),
    _returned("treatment_plan", "period", WRONG_MONTH, year=lambda form: form.year - 1),
    _returned("treatment_plan", "addition", "合計7,100,000円", addition=lambda form: form.addition - 100_000),
    _returned("treatment_plan", "raised", "合計7,450,000円", raised=lambda form: form.raised + 100_000),
    _returned(
        "treatment_plan", "enough", "下回っています", facilities=_at("facilities", 0, _3=100_000),
        raised=lambda form: 100_000 + form.facilities[1][3],
    ),
    _held("treatment_plan", "member", WRONG_CODE, facilities=_at("facilities", 0, _0="700")),
    _good("treatment_result"),
    _returned("treatment_result", "period", WRONG_MONTH, year=lambda form: form.year - 1),
    _returned("treatment_result", "addition", "合計7,100,000円", addition=lambda form: form.addition - 100_000),
    _returned("treatment_result", "raised", "合計7,517,000円", raised=lambda form: form.raised + 100_000),
    _returned(
        "treatment_result", "enough", "下回っています", facilities=_at("facilities", 0, _3=100_000),
        raised=lambda form: 100_000 + form.facilities[1][3],
    ),
    _held("treatment_result", "member", WRONG_CODE, facilities=_at("facilities", 0, _0="700")),
    _good("application", "pdf").beside(invoice="invoice-ok.xlsx"),
    _returned("application", "amount", "交付申請額5,533,460円", "pdf", amount=lambda form: form.amount + 9_000),
    _returned(
        "application", "invoice", "請求金額5,524,460円", "pdf", amount=5_000_000, lines=(("基本分単価", 5_000_000),)
    ).beside(invoice="invoice-ok.xlsx"),
    _returned("application", "form", "第12号様式", "pdf", number="第11号様式"),
    _returned("application", "pages", "ページ", "pdf", pages=1),
    _returned("application", "image", "画像", "pdf", sealed=False),
    _returned("application", "period", WRONG_MONTH, "pdf", heading=_month),
    _held("application", "facility_code", WRONG_CODE, "pdf", heading=_code),
    _good("result"),
    _returned("result", "over", "交付決定額800,000円を超えています", granted=800_000, returned=-85_880),
    _returned("result", "remainder", "残り14,120円", returned=lambda form: form.returned + 1_000),
    _returned("result", "evidence", "証拠書類一覧の計470,880円", evidence=lambda form: form.evidence[:-1]),
    _returned("result", "papers", "証拠書類番号のない", evidence=_at("evidence", 1, _4="")),
    _held("result", "facility_code", WRONG_CODE, heading=_code),
)  # fmt: skip
"""Every sample, in the order of the month."""
