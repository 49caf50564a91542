"""What becomes of a file in inbox: its match and what the checks found, weighed.

Pure. Refuses to let anything pass that a check could not look at: one finding that says `wait` holds the file back.
"""

from __future__ import annotations

from collections.abc import Sequence

from syncd.model import Decision, Finding
from syncd.rulebook.book import Match


def decide(match: Match, findings: Sequence[Finding]) -> Decision:
    """The decision on one file: unknown and ambiguous stay so; else wait before return, return before accept.

    `reasons` are the match's (unknown, ambiguous), or what the deciding findings say; on accept, the warnings.
    """
    if match.state != "one":
        return Decision(match.state, reasons=match.why)
    candidate = match.candidates[0]
    results = {finding.result for finding in findings}
    if "wait" in results:
        return Decision("wait", candidate.document, candidate.period, _said(findings, "wait"), candidate.rule)
    if "return" in results:
        return Decision("return", candidate.document, candidate.period, _said(findings, "return"), candidate.rule)
    if not results <= {"passed", "warn"}:
        raise ValueError(f"a check gave a result that nobody knows: {sorted(results)}")
    return Decision("accept", candidate.document, candidate.period, _said(findings, "warn"), candidate.rule)


def _said(findings: Sequence[Finding], result: str) -> tuple[str, ...]:
    return tuple(finding.say or finding.check for finding in findings if finding.result == result)
