"""What a failed check says, in Japanese or English: the rule's own text filled in, or a plain sentence.

For notes only, never for chat: what stands in a form is quoted, in one line and shortened. Days read 2025年10月1日
(English: 2025-10-01), times 7:30; amounts, and numbers from 10,000, have separators.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from syncd.forms.clock import shown_time
from syncd.forms.labels import one_line
from syncd.forms.language import Expression, dotted
from syncd.forms.things import Many, NoAnswer, Nothing, Table, Thing

if TYPE_CHECKING:
    from syncd.forms.evaluation import Compared, Outcome

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
WORDS: Final = ("cell", "facility", "month")
SIDES: Final = ("left", "right")
BUILT_IN_WORDS: Final = ("cell", "facility", "month", "found", "expected")
_MOST_CELLS: Final = 10
_MOST_VALUES: Final = 6
_NOTHING: Final = "—"
_NAMES: Final = re.compile(r"'[^']*'|\"[^\"]*\"|(?<![\w.])[^\W\d]\w*(?:\.\w+)*(?!\w)(?!\()")
_PERIOD: Final[Mapping[str, tuple[str, str]]] = {
    "period.first": ("対象期間の初日", "the first day of the period"),
    "period.last": ("対象期間の末日", "the last day of the period"),
    "period.fiscal_first": ("年度の初日", "the first day of the fiscal year"),
    "operator.name": ("施設名", "the facility's name"),
    "operator.kind": ("施設の種別", "the facility's kind"),
    "operator.code": ("施設番号", "the facility's code"),
}

_SILENT: Final = {
    "blank": ("空欄", "blank"),
    "missing": ("欄なし", "no such field"),
    "uncalculated": ("計算値なし", "not calculated"),
    "wrong kind": ("読み取れない値", "unreadable"),
    "ambiguous": ("一つに決められない値", "ambiguous"),
    "absent": ("未提出", "not here yet"),
}
_SENTENCES: Final[Mapping[type[ast.cmpop], tuple[str, str]]] = {
    ast.Eq: ("{left}が{right}と一致しません", "{left} is not equal to {right}"),
    ast.NotEq: ("{left}が{right}と同じです", "{left} is equal to {right}"),
    ast.Lt: ("{left}は{right}より小さくなければなりません", "{left} must be less than {right}"),
    ast.LtE: ("{left}は{right}以下でなければなりません", "{left} must be at most {right}"),
    ast.Gt: ("{left}は{right}より大きくなければなりません", "{left} must be more than {right}"),
    ast.GtE: ("{left}は{right}以上でなければなりません", "{left} must be at least {right}"),
    ast.In: ("{left}は{right}のいずれかでなければなりません", "{left} must be one of {right}"),
    ast.NotIn: ("{left}は{right}であってはなりません", "{left} must be none of {right}"),
}
_DAY_SENTENCES: Final[Mapping[type[ast.cmpop], tuple[str, str]]] = {
    ast.Lt: ("{left}は{right}より前でなければなりません", "{left} must be before {right}"),
    ast.LtE: ("{left}は{right}以前でなければなりません", "{left} must not be after {right}"),
    ast.Gt: ("{left}は{right}より後でなければなりません", "{left} must be after {right}"),
    ast.GtE: ("{left}は{right}以後でなければなりません", "{left} must not be before {right}"),
}
_DAY_SIGNS: Final[Mapping[type[ast.cmpop], tuple[str, str]]] = {
    ast.Lt: ("{}より前", "before {}"),
    ast.LtE: ("{}以前", "not after {}"),
    ast.Gt: ("{}より後", "after {}"),
    ast.GtE: ("{}以後", "not before {}"),
}
_SIGNS: Final[Mapping[type[ast.cmpop], tuple[str, str]]] = {
    ast.NotEq: ("{}以外", "not {}"),
    ast.Lt: ("{}未満", "less than {}"),
    ast.LtE: ("{}以下", "at most {}"),
    ast.Gt: ("{}超", "more than {}"),
    ast.GtE: ("{}以上", "at least {}"),
    ast.In: ("{}のいずれか", "one of {}"),
    ast.NotIn: ("{}以外", "none of {}"),
}


def shown(thing: Thing, language: str, money: bool = False) -> str:
    """A value as people read it."""
    english = language != "ja"
    if isinstance(thing, Nothing):
        return _SILENT[thing.why][english]
    if isinstance(thing, bool):
        return ("yes" if thing else "no") if english else ("はい" if thing else "いいえ")
    if isinstance(thing, date):
        return thing.isoformat()[:10] if english else f"{thing.year}年{thing.month}月{thing.day}日"
    if isinstance(thing, timedelta):
        return shown_time(thing)
    if isinstance(thing, int | Decimal):
        return _number(thing, money)
    if isinstance(thing, Table):
        return f"{thing.rows} rows" if english else f"{thing.rows}行"
    if isinstance(thing, Many):
        blank, first = _SILENT["blank"][english], thing.items[:_MOST_VALUES]
        items = [blank if one is None else shown(one, language, money) for one in first]
        return (", " if english else "、").join(items) + ("…" if len(thing.items) > len(first) else "")
    return one_line(thing)


def silent(nothing: Nothing, language: str) -> str:
    """Why a check was not asked."""
    if language == "ja":
        return f"{_SILENT[nothing.why][0]}のため確認していません"
    return f"{_SILENT[nothing.why][1]}, not asked"


def no_answer(check: str, place: str, reason: NoAnswer, language: str) -> str:
    """Why a check can't be made with what stands in the form."""
    if language == "ja":
        return f"検査「{check}」（{place}）を計算できません: {reason.japanese}。担当者が確認します。"
    return f"the check {check!r} ({place}) can't be computed: {reason.english}. A person has to look."


def joined_cells(cells: Iterable[str], language: str) -> str:
    """Addresses in one line, the first ten of them; the sheet is said once for several on it."""
    every = list(cells)
    parts: list[str] = []
    sheet = ""
    for cell in every[:_MOST_CELLS]:
        before, mark, spot = cell.rpartition("!")
        parts.append(spot if mark and before == sheet else cell)
        sheet = before
    more = len(every) - _MOST_CELLS
    if more > 0:
        parts.append(f"ほか{more}か所" if language == "ja" else f"and {more} more")
    return ("、" if language == "ja" else ", ").join(parts)


def month_shown(period: str | None, language: str) -> str:
    """A period as people say it: 2026年10月, 2026年度第3四半期, 2026年度; '' for none."""
    year, _, part = (period or "").partition("-")
    if language != "ja" or not year:
        return period or ""
    if part.startswith("Q"):
        return f"{year}年度第{part[1:]}四半期"
    return f"{year}年{int(part)}月" if part.isdigit() else f"{year}年度"


def fill(say: str, words: Mapping[str, str]) -> str:
    """A text with its placeholders filled; brackets around a placeholder without a value go with it."""
    filled = PLACEHOLDER.sub(lambda found: words.get(found[1].strip(), _NOTHING), say)
    return filled.replace("（）", "").replace("()", "")


@dataclass(frozen=True, slots=True)
class Failed:
    """A check that failed: its expression, what it gave, and the words for its text.

    Attributes:
        words: shown values by name. labels: what the form calls them. money: the names that are amounts.
        cells: where to look.
    """

    expression: Expression
    outcome: Outcome
    words: Mapping[str, str]
    labels: Mapping[str, str]
    money: frozenset[str]
    cells: tuple[str, ...]
    facility: str
    period: str | None
    language: str

    def say(self, say: str) -> str:
        """The rule's text, or one made from the expression."""
        if not say:
            return self._sentence()
        words = {"facility": self.facility, "month": month_shown(self.period, self.language), **self.words}
        words |= {name: self._shown(thing, self.expression.tree) for name, thing in self.outcome.calls.items()}
        words["cell"] = joined_cells(self.cells, self.language)
        if compared := self._comparison():
            words["left"] = self._shown(compared.left, compared.left_node)
            words["right"] = self._shown(compared.right, compared.right_node)
        return fill(say, words)

    def found_and_expected(self) -> tuple[str, str]:
        """Both sides of the comparison that decided; '' when there is none."""
        compared = self._comparison()
        if compared is None:
            return "", ""
        left = self._shown(compared.left, compared.left_node)
        right = self._shown(compared.right, compared.right_node)
        pattern = (_DAY_SIGNS if _is_day(compared.right) else {}).get(type(compared.sign)) or _SIGNS.get(
            type(compared.sign)
        )
        return left, pattern[self.language != "ja"].format(right) if pattern else right

    def _comparison(self) -> Compared | None:
        """The outermost comparison that failed, else the outermost."""
        every = sorted(self.outcome.compared, key=lambda one: (one.held, one.depth))
        return every[0] if every else None

    def _sentence(self) -> str:
        japanese = self.language == "ja"
        cells = joined_cells(self.cells, self.language)
        at = "" if not cells else f"（{cells}）" if japanese else f" ({cells})"
        compared = self._comparison()
        if compared is None or compared.held:
            text = self._in_words(self.expression.text)
            said = f"「{text}」が成り立ちません" if japanese else f"this doesn't hold: {text}"
        else:
            sign = type(compared.sign)
            sentences = _DAY_SENTENCES if _is_day(compared.right) and sign in _DAY_SENTENCES else _SENTENCES
            sentence = sentences[sign][not japanese]
            left, right = (
                self._named(compared.left, compared.left_node),
                self._named(compared.right, compared.right_node),
            )
            said = sentence.format(left=left, right=right)
        return said + at + ("。" if japanese else ".")

    def _named(self, thing: Thing, node: ast.expr) -> str:
        """The source of one side with its value; a bare number or text says itself."""
        value = self._shown(thing, node)
        if isinstance(node, ast.Constant | ast.List | ast.Tuple):
            return value
        source = self._in_words(ast.get_source_segment(self.expression.text, node) or "")
        return f"{source}（{value}）" if self.language == "ja" else f"{source} ({value})"

    def _in_words(self, source: str) -> str:
        """A part of the expression with the labels of the form in the place of names."""
        labels = {name: label[self.language != "ja"] for name, label in _PERIOD.items()} | dict(self.labels)
        return one_line(_NAMES.sub(lambda found: labels.get(found.group(), found.group()), source), 120)

    def _shown(self, thing: Thing, node: ast.expr) -> str:
        names = {dotted(part) for part in ast.walk(node) if isinstance(part, ast.Name | ast.Attribute)}
        return shown(thing, self.language, bool(names & self.money))


def _is_day(thing: Thing) -> bool:
    items = thing.items if isinstance(thing, Many) else (thing,)
    return any(isinstance(item, date) for item in items)


def _number(number: int | Decimal, money: bool) -> str:
    found = Decimal(number)
    if not found.is_finite() or abs(found.adjusted()) > 40:
        return one_line(str(found))
    if found != found.to_integral_value():
        found = found.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP) or Decimal(0)
    plain = f"{found:,f}" if money or abs(found) >= 10_000 else f"{found:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
