"""The JSON Schemas (draft 2020-12) of rule files, `_workflow.yaml` and `_calendar.yaml`: editors complete and check.

Owns which keys, words and shapes an editor knows; what it says of each key is in `schema_words`. The readers decide
what is right, and a test holds that both know the same keys. A schema can't say whether a name is that of another key
or document, whether a pattern can match or an expression makes sense, nor compare two keys: `syncd rules check` does.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import Any, Final, get_args

from syncd.forms.check import Otherwise
from syncd.model import Audience, By, Stage
from syncd.rulebook.calendar import Roll
from syncd.rulebook.checks import Expect
from syncd.rulebook.facts import MANY, ONE, RESERVED
from syncd.rulebook.period import Every
from syncd.rulebook.schema_words import WORDS
from syncd.rulebook.workflow import FACTS

Schema = dict[str, Any]

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Final[Schema] = {"type": "string", "pattern": r"\S"}
# Editors read patterns as ECMAScript, where \w is ASCII only: what the reader refuses is named instead.
_ID: Final = r"^[^\s_\-.,:;/\\][^\s.,:;/\\]{0,59}$"
_PATTERN_OF_NAMES: Final = r"^(?:[^{}/\\]|\{(?:facility|period|title)\})+$"
_MONTH_OF_YEAR: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 12}
_DAY_OF_MONTH: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 31}
_YEAR_AND_MONTH: Final[Schema] = {"type": "string", "pattern": r"^20[0-9]{2}-(0[1-9]|1[0-2])$", "examples": ["2026-04"]}
_PERIOD: Final = r"^(19|20)[0-9]{2}(-(Q[1-4]|0[1-9]|1[0-2]))?$"
_NO_LETTERS: Final = r"\s!-/:-@\[-^`{-~０-９Ａ-Ｚａ-ｚ"
_NAME: Final[Schema] = {
    "pattern": rf"^[^{_NO_LETTERS}0-9_][^{_NO_LETTERS}]{{0,39}}$",
    "not": {"enum": [*RESERVED, *keyword.kwlist]},
}
"""What a fact or column may be called."""
_PAGES: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 10_000}
_ADDRESS: Final = r"^\s*\$?[A-Za-z]{1,3}\$?[0-9]{1,7}\s*$"
_RANGE: Final = r"^\s*(?:[^!]+!)?\$?[A-Za-z]{1,3}\$?[0-9]{1,7}\s*:\s*\$?[A-Za-z]{1,3}\$?[0-9]{1,7}\s*$"
_SIZE: Final = r"^\s*[0-9]{1,6}\s*[kKmMgG][iI]?[bB]\s*$"
_BUSINESS_DAYS: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 200}


def rule_schema() -> Schema:
    """Of a file that describes one document type."""
    keys = {
        "document": _key("document", type="string", pattern=_ID, examples=["enrolment"]),
        "title": _key("title", **_TEXT, examples=["在籍児童数報告書"]),
        "match": _match(),
        "files": _key("files", enum=["one", "many"], default="one"),
        "required": _required(),
        "due": _due(),
        "closes": _closes(),
        "original": _key("original", type="boolean", default=False),
        "personal_information": _list("personal_information", _TEXT, examples=[["児童氏名", "生年月日"]]),
        "ward_edits": _key("ward_edits", enum=["refuse", "accept"]),
        "moves": _moves(),
        "facts": _key("facts", type="object", propertyNames=_NAME, additionalProperties=_fact()),
        "checks": _list("checks", _check()),
        "examples": _list("examples", _example()),
    }
    return _file("syncd: a document type（書類種別）", _group("rule", keys, needed=("document", "title", "match")))


def workflow_schema() -> Schema:
    """Of `_workflow.yaml`."""
    text = _key("message.text", **_TEXT, maxLength=900, examples=["【受領】{施設}{月}分 {一覧} を受け取りました。"])
    message = {**_group("message", {"ja": text, "en": text}), "minProperties": 1}
    keys = {"moves": _moves(), "messages": _key("messages", type="object", additionalProperties=message)}
    return _file("syncd: allowed moves and messages（移動の規則と文面）", _group("workflow", keys))


def calendar_schema() -> Schema:
    """Of `_calendar.yaml`."""
    day: Schema = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "examples": ["2026-05-01"]}
    time: Schema = {"type": "string", "pattern": r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$", "examples": ["08:30"]}
    again = ("corrections", "agreements", "originals", "requests", "review")
    remind = {
        **{key: _list(f"remind.{key}", _BUSINESS_DAYS, examples=[[3, 7, 14]]) for key in again},
        "answer_days": _key("remind.answer_days", **_BUSINESS_DAYS),
    }
    hours = {key: _key(f"office_hours.{key}", **time) for key in ("from", "to")}
    keys = {
        "closed": _list("closed", day, single=True),
        "open": _list("open", day, single=True),
        "office_hours": _group("office_hours", hours),
        "remind": _group("remind", remind),
    }
    return _file("syncd: the ward's days（開庁日）", _group("calendar", keys))


# ── the kinds of keys ──


def _file(title: str, whole: Schema) -> Schema:
    return {"$schema": _DRAFT, "title": title, **whole}


def _key(words: str, **schema: Any) -> Schema:
    english, japanese = WORDS[words]
    return {"description": f"{english}\n{japanese}", **schema}


def _group(words: str, keys: Mapping[str, Schema], needed: tuple[str, ...] = ()) -> Schema:
    found = _key(words, type="object", properties=dict(keys), additionalProperties=False)
    return {**found, "required": list(needed)} if needed else found


def _list(words: str, item: Schema, *, single: bool = False, least: int = 0, **more: Any) -> Schema:
    """A list; `single`: a lone value will do."""
    kind: Schema = {"type": "array", "items": item, **({"minItems": least} if least else {})}
    return _key(words, **({"anyOf": [item, kind]} if single else kind), **more)


# ── a document type ──


def _match() -> Schema:
    name = _key("match.name", type="string", pattern=_PATTERN_OF_NAMES, examples=["{facility}_{period}_在籍*"])
    extension = _list("match.extension", _TEXT, single=True, examples=[["xlsx", "xls"], "pdf"])
    return _group("match", {"name": name, "extension": extension}, needed=("name",))


def _required() -> Schema:
    keys = {
        "kinds": _list("required.kinds", _TEXT, single=True, examples=[["認可保育所", "認定こども園"]]),
        "operators": _list("required.operators", _TEXT, single=True),
        "every": _key("required.every", enum=list(get_args(Every)), default="month"),
        "months": _list("required.months", _MONTH_OF_YEAR, examples=[[4, 10]]),
        "valid_from": _key("required.valid_from", **_YEAR_AND_MONTH),
        "valid_to": _key("required.valid_to", **_YEAR_AND_MONTH),
        "nil": _key("required.nil", enum=["allowed", "refused"], default="allowed"),
        "per": _key("required.per", enum=["operator", "corporation"], default="operator"),
    }
    return _group("required", keys)


def _due() -> Schema:
    days: Schema = {"type": "integer", "minimum": -366, "maximum": 366}
    keys = {
        "month": _key("due.month", anyOf=[{"enum": ["same", "next"]}, _MONTH_OF_YEAR]),
        "day": _key("due.day", **_DAY_OF_MONTH),
        "year": _key("due.year", enum=["same", "next"], default="same"),
        "roll": _key("due.roll", enum=list(get_args(Roll)), default="next_business_day"),
        "remind": _list("due.remind", days, examples=[[-3, 0, 1, 3]]),
        "after": _key("due.after", const="all_confirmed"),
        "business_days": _key("due.business_days", **_BUSINESS_DAYS),
    }
    either = [{"required": ["month", "day"]}, {"required": ["after", "business_days"]}]
    return {**_group("due", keys), "oneOf": either}


def _closes() -> Schema:
    keys = {"month": _key("closes.month", **_MONTH_OF_YEAR), "day": _key("closes.day", **_DAY_OF_MONTH)}
    return _group("closes", keys, needed=("month", "day"))


# ── what is read from a form, and checked ──


def _fact() -> Schema:
    words: Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
    names = {"anyOf": [_TEXT, {"type": "array", "items": words, "minItems": 1, "maxItems": 4}]}
    count = {"type": "integer", "minimum": 1, "maximum": 50}
    column = {
        "label": _key("facts.label", **words),
        "heading": _key("facts.heading", **names),
        "row": _key("facts.table.row", type="integer", minimum=1, maximum=5),
        "blank": _key("facts.blank", **words),
        "as": _key("facts.table.as", enum=list(ONE), default="text"),
        "optional": _key("facts.optional", type="boolean", default=False),
    }
    columns = {
        "anyOf": [
            words,
            {**_group("facts.table.column", column), "oneOf": [{"required": ["label"]}, {"required": ["heading"]}]},
        ]
    }
    table = {"type": "object", "propertyNames": _NAME, "additionalProperties": columns}
    keys = {
        "label": _key("facts.label", **words, examples=["合計"]),
        "where": _key("facts.where", enum=["any", "right", "below"], default="any"),
        "right": _key("facts.right", **count),
        "below": _key("facts.below", **count),
        "row": _key("facts.row", **words, examples=["合計"]),
        "column": _key("facts.column", **words, examples=["金額"]),
        "heading": _key("facts.heading", **names, examples=[["前月", "人数"]]),
        "sheet": _key("facts.sheet", **words),
        "cell": _key("facts.cell", type="string", pattern=_ADDRESS, examples=["C14"]),
        "prefer": _key("facts.prefer", enum=["label", "cell"], default="label"),
        "range": _list("facts.range", {"type": "string", "pattern": _RANGE}, single=True, examples=["C8:C13"]),
        "table": _key("facts.table", **table, minProperties=1, maxProperties=30),
        "nth": _key("facts.nth", **count),
        "rows": _key("facts.rows", type="integer", minimum=1, maximum=5, default=1),
        "skip": _key("facts.skip", **words, examples=["小計"]),
        "until": _key("facts.until", **_TEXT, examples=["合計"]),
        "blank": _key("facts.blank", **words, examples=[["休", "該当なし"]]),
        "as": _key("facts.as", enum=[*ONE, *MANY], default="text"),
        "optional": _key("facts.optional", type="boolean", default=False),
    }
    somewhere = [{"required": [key]} for key in ("label", "cell", "range", "table", "row", "heading")]
    apart = [("label", "range"), ("label", "table"), ("range", "table"), ("table", "as"), ("table", "cell")]
    apart += [("row", "label"), ("row", "range"), ("row", "table"), ("heading", "label"), ("heading", "column")]
    apart += [("heading", "range"), ("heading", "table"), ("right", "below"), ("right", "where"), ("below", "where")]
    rules: list[Schema] = [{"not": {"required": [*pair]}} for pair in apart]
    single: Schema = {"properties": {"as": _key("facts.as", enum=list(ONE))}}
    rules += [_unless(key, single) for key in ("row", "right", "below")]
    rules += [_unless("row", {"anyOf": [{"required": ["column"]}, {"required": ["heading"]}]})]
    rules += [{"anyOf": [{"required": ["range"]}, {"properties": {"sheet": _key("facts.sheet", **_TEXT)}}]}]
    needs = {"prefer": ["label", "cell"], "column": ["row"], "right": ["label"], "below": ["label"], "rows": ["table"]}
    return {**_group("facts.fact", keys), "anyOf": somewhere, "allOf": rules, "dependentRequired": needs}


def _unless(key: str, then: Schema) -> Schema:
    """Where the key is given, it has to be so."""
    return {"anyOf": [{"not": {"required": [key]}}, then]}


def _check() -> Schema:
    least_and_most = {
        "least": _key("checks.pages.least", **_PAGES, default=1),
        "most": _key("checks.pages.most", **_PAGES),
    }
    pages = {"anyOf": [_PAGES, _group("checks.pages", least_and_most)]}
    what = {
        "that": _key("checks.that", **_TEXT, examples=["sum(ages) == total"]),
        "size": _key("checks.size", type="string", pattern=_SIZE, examples=["20 MB"]),
        "pages": _key("checks.pages", **pages),
        "sheets": _list("checks.sheets", _TEXT, single=True, least=1),
        "text": _list("checks.text", _TEXT, single=True, least=1),
        "image": _key("checks.image", type="integer", minimum=1, maximum=100),
        "facility": _key("checks.facility", **_TEXT),
        "facility_code": _key("checks.facility_code", **_TEXT),
        "period": _key("checks.period", **_TEXT),
    }
    keys = {
        "id": _key("checks.id", **_TEXT, examples=["sum"]),
        **what,
        "else": _key("checks.else", enum=list(get_args(Otherwise)), default="return"),
        "say": _key(
            "checks.say", type="string", maxLength=1000, examples=["計{sum}人と合計{total}人が違います（{cell}）。"]
        ),
    }
    one = [{"required": [key]} for key in what]
    return {**_group("checks.check", keys), "oneOf": one}


def _example() -> Schema:
    operator = {
        "name": _key("examples.operator.name", **_TEXT),
        "kind": _key("examples.operator.kind", **_TEXT),
        "code": _key("examples.operator.code", type=["string", "integer"]),
    }
    sample: Schema = {"type": "string", "pattern": r"^(?![/\\])(?!.*(^|[/\\])\.\.([/\\]|$))[^:]*\S[^:]*$"}
    period = [{"type": "string", "pattern": _PERIOD}, {"type": "integer", "minimum": 1900, "maximum": 2099}]
    keys = {
        "file": _key("examples.file", **sample, examples=["samples/enrolment-ok.xlsx"]),
        "expect": _key("examples.expect", enum=list(get_args(Expect))),
        "says": _list("examples.says", _TEXT, single=True),
        "period": _key("examples.period", anyOf=period, examples=["2026-10"]),
        "name": _key("examples.name", **_TEXT, examples=["012_202610_在籍児童数報告書.xlsx"]),
        "operator": _group("examples.operator", operator),
        "previous": _key("examples.previous", **sample),
        "documents": _key("examples.documents", type="object", additionalProperties=sample),
    }
    return _group("examples.example", keys, needed=("file", "expect"))


# ── moves ──


def _moves() -> Schema:
    stages = [str(stage) for stage in Stage]
    text: Schema = {"type": "string"}
    audience: Schema = {"enum": list(get_args(Audience))}
    by_audience: Schema = {"type": "object", "propertyNames": audience, "additionalProperties": text}
    line = {
        "from": _key("moves.from", enum=stages),
        "to": _key("moves.to", enum=stages),
        "by": _key("moves.by", enum=[str(by) for by in By]),
        "when": _list("moves.when", {"enum": list(FACTS)}, single=True),
        "tell": _list("moves.tell", audience, single=True),
        "message": _key("moves.message", anyOf=[text, by_audience]),
        "allow": _key("moves.allow", type="boolean", default=True),
        "ward_edits": _key("ward_edits", enum=["refuse", "accept"]),
    }
    return _list("moves", _group("moves.line", line, needed=("from", "to", "by")))
