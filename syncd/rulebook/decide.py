"""What becomes of a file in inbox: its match and what the checks found, weighed.

Pure. Refuses to let anything pass that a check could not look at: one finding that says `wait` or `hold` holds the file
back, one that says `quarantine` takes it away whatever its name is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from syncd.model import Decision, Finding
from syncd.rulebook.book import Candidate, Match

_Decided = Literal["quarantine", "wait", "hold", "return", "accept"]

_GRAVEST_FIRST: Final[tuple[_Decided, ...]] = ("quarantine", "wait", "hold", "return")
_HARMLESS: Final = frozenset({"passed", "warn"})
MISPLACED: Final = "facility_code"
"""The check that finds the code of another facility, in a name or in a form."""
_ELSEWHERE: Final = Finding(MISPLACED, "hold")
"""Found by the name alone; whose folder would be right is not said."""


def decide(match: Match, findings: Sequence[Finding]) -> Decision:
    """The decision on one file; the gravest finding counts: quarantine, wait, hold, return, accept.

    Where the name fits no document or several, it stays so, unless the file must not stay in the folders at all; where
    it is another facility's, a person has to look. `findings` of the decision are those that decided, on accept the
    warnings; `reasons` are what they say, or the match's own (unknown, ambiguous).

    Raises:
        ValueError: a check gave a result that nobody knows.
    """
    results = {finding.result for finding in findings}
    if not results <= _HARMLESS | set(_GRAVEST_FIRST):
        raise ValueError(f"a check gave a result that nobody knows: {sorted(results)}")
    state: _Decided = next((result for result in _GRAVEST_FIRST if result in results), "accept")
    one = match.candidates[0] if len(match.candidates) == 1 else Candidate("", None)
    if match.state == "misplaced":
        if state in ("quarantine", "wait"):
            return _decided(state, one, findings)
        said = any(finding.check == _ELSEWHERE.check and finding.result == "hold" for finding in findings)
        return _decided("hold", one, findings if said else [_ELSEWHERE, *findings])
    if match.state != "one" and state != "quarantine":
        return Decision(match.state, reasons=match.why)
    return _decided(state, one, findings)


def _decided(state: _Decided, one: Candidate, findings: Sequence[Finding]) -> Decision:
    told = "warn" if state == "accept" else state
    decisive = tuple(finding for finding in findings if finding.result == told)
    reasons = tuple(finding.say or finding.check for finding in decisive)
    return Decision(state, one.document or None, one.period, reasons, one.rule, decisive)
