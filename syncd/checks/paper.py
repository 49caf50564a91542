"""What a check looks at: a file that was read already, the rule for it, and whose folder it lies in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from syncd.forms.check import Surroundings
from syncd.forms.fact import FileKind, Reading
from syncd.model import Operator
from syncd.rulebook.naming import normalised, split_extension
from syncd.rulebook.rule import Rule

WORKBOOKS: Final = frozenset[FileKind](("xlsx", "xlsm", "xls", "xlsb", "ods", "csv"))

_DOCUMENTS: Final = frozenset[FileKind](("docx",))


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to be checked.

    Attributes:
        name: its own name.
        reading: what was found in it.
        rule: of its document type; None while that is unknown: then only what holds for every file is checked.
        operator: whose folder it lies in.
        period: that its name carries; None: none.
        nil: it is an answer 該当なし, which may be empty and of any kind.
        surroundings: what checks may compare with: other documents, earlier months.
        language: of what people read.
        reason: a text of the workflow's messages by the key of its reason, in that language.
    """

    name: str
    reading: Reading
    rule: Rule | None
    operator: Operator
    period: str | None
    nil: bool
    surroundings: Surroundings
    language: Literal["ja", "en"]
    reason: Callable[[str], str]

    @property
    def asked(self) -> bool:
        """Whether the rule wants anything of what stands in the file: then it has to be what it seems, and readable."""
        return self.rule is not None and bool(self.rule.facts or self.rule.checks)

    @property
    def evidence(self) -> bool:
        """It lies beside a form: of a document of many files every other file is evidence.

        The form is a workbook; where the rule takes none, a Word document.
        """
        rule = self.rule
        if rule is None or not rule.many or not rule.facts:
            return False
        forms = WORKBOOKS if not rule.extensions or not rule.extensions.isdisjoint(WORKBOOKS) else _DOCUMENTS
        return self.reading.kind not in forms and (not rule.extensions or not rule.extensions.isdisjoint(forms))

    @property
    def extension(self) -> str:
        """Without dot, normalised; '' for none."""
        return split_extension(normalised(self.name))[1]

    def words(self, japanese: str, english: str) -> str:
        """The one that people read."""
        return japanese if self.language == "ja" else english
