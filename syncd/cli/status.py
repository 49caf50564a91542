"""`syncd status`: how things stand, read from the state beside a running daemon."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from syncd.cli.opening import config, config_option, ledger_of, look_at_store
from syncd.cli.shown import ago, iso, say, say_json, shown, table, when

if TYPE_CHECKING:
    from syncd.config import Config
    from syncd.store import Store


@click.command(short_help="How things stand.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@config_option
def status(as_json: bool) -> int:
    """Operators, files per stage, holds, waiting notices, how fresh each side is, work under way.

    Exit status 3 when an operator is held.

    \b
    Example: syncd status --json
    """
    settings = config()
    store = look_at_store(settings)
    try:
        found = _collect(settings, store)
    finally:
        store.close()
    if as_json:
        say_json(found)
    else:
        _print(settings, found, store.exists)
    return 3 if found["holds"] else 0


def _collect(settings: Config, store: Store) -> dict[str, Any]:
    """The document that `--json` prints."""
    from syncd.cli.progress import under_way
    from syncd.cli.waiting import described
    from syncd.model import Stage
    from syncd.store.outbox import Outbox
    from syncd.store.troubles import Troubles

    ledger = ledger_of(store)
    pid = store.daemon_pid() if settings.state.is_dir() else None
    with store.transaction():
        counts, paused, holds = ledger.counts(), ledger.paused(), ledger.holds()
        notices, intents = Outbox(store).counts(), ledger.open_intents()
        troubles = Troubles(store).all()
    held = {hold.operator: hold for hold in holds}
    nothing = dict.fromkeys(Stage, 0)
    zone = settings.zone
    return {
        "operators": [
            {
                "id": operator.id,
                "held": operator.id in held or "" in held,
                "files": {stage.value: counts.get(operator.id, nothing)[stage] for stage in Stage},
                "name": operator.name,
                "paused": bool({operator.id, ""} & paused),
            }
            for operator in settings.operators
        ],
        "notices": {"waiting": notices["waiting"], "failed": notices["failed"]},
        "sides": _sides(settings, store, running=pid is not None),
        "scanner": _scanner(settings),
        "holds": [
            {"operator": hold.operator, "reason": hold.reason, "since": iso(hold.at, zone)} for hold in holds
        ],
        "troubles": [one for trouble in troubles if (one := described(settings, trouble)) is not None],
        "running": pid is not None,
        "pid": pid or None,
        "under_way": [
            *(
                {"operator": operator, "work": "reading", "done": read, "of": total}
                for operator, (read, total) in (under_way(settings.state) if pid is not None else {}).items()
            ),
            *(
                {"operator": one.move.operator, "work": one.move.gesture, "since": iso(one.at, zone)}
                for one in intents
            ),
        ],
    }  # fmt: skip


def _sides(settings: Config, store: Store, running: bool) -> dict[str, Any]:
    """What the daemon last saw of each side; while none runs, whether its root can be reached now."""
    from syncd.model import Side
    from syncd.store import freshness

    seen = freshness.read(settings.state)
    sides: dict[str, dict[str, Any]] = {}
    for side in Side:
        reachable, why = bool(seen[side].reachable), seen[side].why
        if not running or seen[side].reachable is None:
            reachable, why = _reach(settings, side, (reachable, why))
        kind = settings.cloud.kind if side is Side.CLOUD else "folder"
        at = iso(seen[side].seen_at, settings.zone)
        sides[side.value] = {"kind": kind, "reachable": reachable, "seen_at": at, "why": "" if reachable else why}
    if settings.cloud.kind == "box":
        sides["cloud"]["calls"] = _calls(settings, store, settings.cloud.monthly_calls)
    return sides


def _scanner(settings: Config) -> dict[str, Any]:
    """What the daemon last heard of the scanner; it isn't asked here, for it may hang."""
    from syncd.store import freshness

    if settings.scanner is None:
        return {"configured": False, "reachable": None, "waiting": 0, "why": ""}
    seen = freshness.read_scanner(settings.state)
    here = {operator.id for operator in settings.operators}
    waiting = sum(count for operator, count in seen.waiting.items() if operator in here)
    return {"configured": True, "reachable": seen.reachable, "waiting": waiting, "why": seen.why}


def _calls(settings: Config, store: Store, quota: int) -> dict[str, Any]:
    """What the cloud's calls cost, by kind, and what the month will come to."""
    from datetime import datetime

    from syncd.calls_forecast import since, spent
    from syncd.store.cloud_items import CloudItems

    today = datetime.now(settings.zone).date()
    found = spent(CloudItems(store).calls_since(since(today).isoformat()), today)
    return {"today": found.today, "month": found.month, "forecast": found.forecast, "quota": quota}


def _reach(settings: Config, side: Any, last: tuple[bool, str]) -> tuple[bool, str]:
    """Whether a root can be reached now; of a cloud that is no directory, what was so last: asking costs calls."""
    from syncd.errors import SyncdError
    from syncd.hints import root_of
    from syncd.tree.confine import Beneath
    from syncd.tree.marker import read

    root = root_of(settings, side)
    if root is None:
        return last
    try:
        with Beneath(root) as beneath:
            marked = read(beneath, side.value) is not None
    except (OSError, SyncdError) as error:
        return False, str(getattr(error, "strerror", None) or error)
    return marked, "" if marked else "it has no root marker: `syncd init` makes it"


def _print(settings: Config, found: dict[str, Any], ran_before: bool) -> None:
    if not ran_before:
        say("syncd has not run here yet: `syncd init` makes the folders, `syncd run` starts it.")
    elif found["running"]:
        say(f"syncd is running (process {found['pid']}).")
    else:
        say("syncd is not running; `syncd run` starts it.")
    say()
    for name, side in found["sides"].items():
        state = "reachable" if side["reachable"] else "NOT REACHABLE"
        say(f"{name:<9} {side['kind']}, {state}{_seen(side['seen_at'])}{_because(side['why'])}")
        if "calls" in side:
            calls = side["calls"]
            today, month = sum(calls["today"].values()), sum(calls["month"].values())
            say(f"calls     {today} today, {month} this month; {calls['forecast']} expected, of {calls['quota']}")
    say(f"scanner   {_scanned(found['scanner'])}")
    say(f"notices   {found['notices']['waiting']} waiting, {found['notices']['failed']} failed")
    say()
    say(table(_HEAD, [_row(one, found["holds"]) for one in found["operators"]], right=frozenset({2, 3, 4, 5})))
    for hold in found["holds"]:
        who = hold["operator"] or "everything"
        say(f"\n{who} is held since {hold['since'][:19].replace('T', ' ')}: {shown(hold['reason'])}")
        say(f"Look what happened (`syncd history --operator {who}`), put it right, then: syncd release {who}")
    for trouble in found["troubles"]:
        say(f"\nwaits since {trouble['since'][:19].replace('T', ' ')}: {shown(trouble['place'])}")
        say(f"  {shown(trouble['reason'])} {shown(trouble['next'])}")
    for work in found["under_way"]:
        how_far = f"{work['done']} of {work['of']} files" if "done" in work else f"since {work['since'][:19]}"
        say(f"\nunder way: {work['operator']}: {work['work']}, {how_far}")


_HEAD = ("operator", "name", "inbox", "review", "corrections", "confirmed", "")


def _row(operator: dict[str, Any], holds: list[dict[str, Any]]) -> list[object]:
    state = ["HELD"] if operator["held"] else []
    state += ["paused"] if operator["paused"] else []
    return [operator["id"], operator["name"], *operator["files"].values(), ", ".join(state)]


def _scanned(scanner: dict[str, Any]) -> str:
    if not scanner["configured"]:
        return "none: nothing is scanned"
    state = {True: "reachable", False: "NOT REACHABLE", None: "not asked yet"}[scanner["reachable"]]
    count = scanner["waiting"]
    waits = f"; {count} {'file waits' if count == 1 else 'files wait'} in inbox for it" if count else ""
    return f"{state}{_because(scanner['why'])}{waits}"


def _seen(at: str | None) -> str:
    from datetime import datetime

    if at is None:
        return ", never seen yet"
    moment = datetime.fromisoformat(at)
    stamp = moment.timestamp()
    return f", seen {ago(time.time() - stamp)} ({when(stamp, moment.tzinfo)})" if moment.tzinfo else ""


def _because(why: str) -> str:
    return f" — {shown(why)}" if why else ""
