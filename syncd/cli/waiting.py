"""A file that waits because it can't be read, put, moved or taken away, in words for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from syncd.cli.shown import iso, when

if TYPE_CHECKING:
    from syncd.config import Config
    from syncd.store.troubles import Trouble


def described(settings: Config, trouble: Trouble) -> dict[str, Any] | None:
    """An entry of `troubles` in `status --json`; None: its operator is no longer in the config."""
    from syncd.reports.troubles import kind_of

    owner = settings.operator(trouble.owner)
    if owner is None:
        return None
    stage = trouble.place.stage
    parts = (owner.folder(trouble.side), settings.stages[stage] if stage else "", trouble.place.path)
    kind, zone = kind_of(trouble.kind), settings.zone
    tries = "once" if trouble.tries == 1 else f"{trouble.tries} times"
    return {
        "operator": trouble.operator,
        "side": trouble.side.value,
        "place": f"{trouble.side.value} {'/'.join(part for part in parts if part)}",
        "reason": f"{kind.reason['en']} ({trouble.detail})",
        "since": iso(trouble.since, zone),
        "next": f"{kind.next['en']} Tried {tries}, again at {when(trouble.next_at, zone)}.",
        "next_try": iso(trouble.next_at, zone),
        "tries": trouble.tries,
        "kind": trouble.kind,
    }
