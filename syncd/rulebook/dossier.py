"""All files of all operators, found by the document and period that they are for.

Pure. Owns which document's file a file is: also one that names no period, one that another facility of the corporation
sent, a sealed original's receipt, an answer to a request of staff. Refuses to say what that means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from syncd.model import REQUEST, Operator, Role, TrackedFile
from syncd.rulebook.book import NIL, Rulebook
from syncd.rulebook.expected import asked_for
from syncd.rulebook.naming import normalised
from syncd.rulebook.period import current, last_day, spelled
from syncd.rulebook.rule import Rule
from syncd.rulebook.slots import Slot
from syncd.rulebook.standing import Known

_COUNTS: Final = (Role.DOCUMENT, Role.WITHDRAWN)
_Key = tuple[str, str, str]
"""Operator, document, period."""


class Dossier:
    """The files of these operators, sorted.

    Args:
        now: its time zone is the ward's.
    """

    def __init__(self, operators: Sequence[Operator], rules: Rulebook, known: Known, now: datetime) -> None:
        self._rules, self._now = rules, now
        self._operators = {operator.id: operator for operator in operators}
        self._files: dict[_Key, list[TrackedFile]] = {}
        self._receipts: dict[_Key, TrackedFile] = {}
        self._requests: dict[tuple[str, str], TrackedFile] = {}
        self._answers: dict[tuple[str, str], list[TrackedFile]] = {}
        self._corporations: dict[str, list[str]] = {}
        self._periods: dict[tuple[str, date], str] = {}
        for operator in operators:
            if operator.corporation:
                self._corporations.setdefault(operator.corporation, []).append(operator.id)
        originals = [rule for rule in rules.rules.values() if rule.original]
        for file in known.files:
            self._sort_in(file, originals)

    def first_month(self, operator: Operator) -> str | None:
        """The month in which the earliest period ends for which the operator has sent anything; None: nothing."""
        ends = {current("month", last_day(period)) for owner, _, period in self._files if owner == operator.id}
        return min(ends, default=None)

    def files(self, operator: Operator, slot: Slot) -> Sequence[TrackedFile]:
        """The files of a slot's document; where it is the corporation's, those of all its facilities."""
        document, period = slot.rule.document, slot.period
        if slot.required.per == "operator" or not operator.corporation:
            return self._files.get((operator.id, document, period), ())
        members = self._corporations[operator.corporation]
        return [file for member in members for file in self._files.get((member, document, period), ())]

    def receipt(self, operator: Operator, slot: Slot) -> TrackedFile | None:
        """What records that the sealed original has come (S18)."""
        whole = slot.required.per == "corporation" and operator.corporation
        members = self._corporations[operator.corporation] if whole else (operator.id,)
        keys = ((member, slot.rule.document, slot.period) for member in members)
        return next((self._receipts[key] for key in keys if key in self._receipts), None)

    def requests(self, operator: Operator) -> Sequence[TrackedFile]:
        """What staff ask the operator for beside the rules (S19)."""
        return [request for (owner, _), request in self._requests.items() if owner == operator.id]

    def answers(self, request: TrackedFile) -> list[TrackedFile]:
        """The files that were sent for a request; what was confirmed before it was made answered another one."""
        files = self._answers.get((request.operator, request.document or ""), ())
        return [file for file in files if file.entered_at >= request.entered_at]

    def is_nil(self, file: TrackedFile) -> bool:
        """The file says 該当なし, and its document's rule takes that for an answer."""
        if NIL not in file.name or file.operator not in self._operators:
            return False
        rule = self._rules.rules.get(file.document or "")
        if rule is None or rule.required is None or not rule.required.nil:
            return False
        found = self._rules.match(file.name, self._operators[file.operator], self._day(file.arrived_at), file.bundle)
        return any(candidate.nil and candidate.document == file.document for candidate in found.candidates)

    def _sort_in(self, file: TrackedFile, originals: Sequence[Rule]) -> None:
        document = file.document
        if file.role is Role.RECEIPT:
            for key in self._receipt_keys(file, originals):
                self._receipts.setdefault(key, file)
        elif file.role is Role.REQUEST:
            self._requests.setdefault((file.operator, file.document or REQUEST), file)  # asked twice is asked once
        elif document is None or file.stage is None:
            return
        elif document.startswith(REQUEST):
            if file.role in _COUNTS:
                self._answers.setdefault((file.operator, document), []).append(file)
        # An older confirmed one that names no period may be an earlier period's: the newer one took its place by name.
        elif file.role in _COUNTS or (file.role is Role.OLD and file.period is None):
            period = file.period or self._period(document, self._day(file.arrived_at))
            self._files.setdefault((file.operator, document, period), []).append(file)

    def _period(self, document: str, day: date) -> str:
        """The period of a file that came on `day` and names none; '' for a document that nobody is asked for."""
        if (document, day) not in self._periods:
            rule = self._rules.rules.get(document)
            required = rule.required if rule else None
            found = asked_for(required, rule.due, day, self._rules.calendar) if rule and required else ""
            self._periods[document, day] = found
        return self._periods[document, day]

    def _receipt_keys(self, file: TrackedFile, originals: Sequence[Rule]) -> Iterator[_Key]:
        """For which documents a receipt stands: those whose title is in its name, else all with an original.

        The period is the one in its name, else in the folder that it lies in, else the one asked for when it came.
        """
        name, day = normalised(file.name), self._day(file.arrived_at)
        folder = normalised(file.intranet.place.folder) if file.intranet else ""
        named = [rule for rule in originals if normalised(rule.title) in name]
        for rule in named or originals:
            said = spelled(name, rule.every, day) or spelled(folder, rule.every, day)
            for period in {each.value for each in said} or {self._period(rule.document, day)}:
                yield file.operator, rule.document, period

    def _day(self, at: float) -> date:
        return datetime.fromtimestamp(at, self._now.tzinfo).date()
