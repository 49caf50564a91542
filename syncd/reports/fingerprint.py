"""Whether a page would show anything new, without making it."""

from __future__ import annotations

import hashlib

from syncd.reports.entry import entries_of
from syncd.reports.view import OneOperator, Ward, day_of, open_months, own


def fingerprint(shown: Ward | OneOperator) -> str:
    """Equal while the pages would show the same, but for `made_at`; the order of the lines doesn't count.

    The ward's pages count days while something is late or nearly due, and open other months in a new month: then they
    change from day to day. An operator's page names days only.
    """
    today = day_of(shown.made_at)
    if isinstance(shown, Ward):
        operators, lines = shown.operators, shown.lines
    else:
        operators, lines = (shown.operator,), tuple(one for one in shown.lines if one.operator == shown.operator.id)
    entries = entries_of(lines, operators, today)
    parts: list[object] = [
        shown.language,
        str(shown.made_at.tzinfo),
        sorted((stage.value, name) for stage, name in shown.stages.items()),
        [(each.id, each.name, each.kind, each.code) for each in operators],
        [entry.line for entry in entries],
    ]
    if isinstance(shown, Ward):
        periods = {line.period for line in lines}
        parts += [[entry.pressing for entry in entries], [each for each in open_months(today) if each in periods]]
        parts.append([(each.operator, each.place, each.reason, each.next) for each in shown.waiting])
    return hashlib.sha256(_written(parts)).hexdigest()


def things_to_do(one: OneOperator) -> frozenset[str]:
    """What the operator has to send, correct, agree to or post: a short hash of each thing that its page names."""
    page = own(one)
    asked = (*page.returned, *page.offered, *page.unsent, *page.original)
    parts = [(entry.state, entry.line.document, entry.line.period, entry.title) for entry in asked]
    return frozenset(hashlib.sha256(_written(list(part))).hexdigest()[:12] for part in parts)


def _written(parts: list[object]) -> bytes:
    import msgspec

    try:
        return msgspec.json.encode(parts)
    except UnicodeEncodeError:  # a name with half of a character pair; the slow way takes it
        return repr(parts).encode("utf-8", "backslashreplace")
