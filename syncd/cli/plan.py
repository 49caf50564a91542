"""`syncd plan`: what the next round would do. Changes nothing, not even what syncd remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from syncd.cli.opening import config, config_option, look_at_world
from syncd.cli.shown import say, say_json, shown
from syncd.errors import Unreachable

if TYPE_CHECKING:
    from syncd.model import Effect, Move, Operator, Place
    from syncd.world import World


@click.command(short_help="What the next round would do.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@config_option
def plan(as_json: bool) -> int:
    """Says what the next round would do, and changes nothing.

    What it does first may lead to more: a file that arrives is judged in the round after.

    \b
    Example: syncd plan
    """
    settings = config()
    with look_at_world(settings) as world:
        _require_sides(world)
        found = [_for_operator(world, operator) for operator in settings.operators]
    if as_json:
        say_json([one for one in found if one["moves"] or one["waits"] or one["stopped"] or one["would_hold"]])
    else:
        _print(found)
    return 3 if any(one["held"] for one in found) else 0


def _require_sides(world: World) -> None:
    """Both trees are there and are the ones that the state knows. Like `World.reach`, but writes nothing."""
    from syncd.model import Side

    for side in Side:
        found, known = world.tree(side).reach(), world.ledger.setting(f"marker:{side}")
        if found is None or (known is not None and found != known):
            what = "has no root marker" if found is None else "has the root marker of another tree"
            raise Unreachable(
                f"{side} {world.tree(side).title} {what}",
                "mount the right share, or run `syncd init` for a new ward",
            )


def _for_operator(world: World, operator: Operator) -> dict[str, Any]:
    """One operator's part of the document."""
    from syncd.journey import planned
    from syncd.looking import look

    held = next((hold.reason for hold in world.ledger.holds() if hold.operator in (operator.id, "")), "")
    stopped = world.stopped(operator.id)
    moves = planned(world, operator)
    waits: list[str] = []
    would_hold = ""
    if not moves and not stopped:
        view = look(world, operator, {}, dry=True)
        waits, would_hold = list(view.waiting), view.held
    unfinished = [_move(intent.move) for intent in world.ledger.open_intents(operator.id)]
    return {
        "operator": operator.id,
        "held": bool(held),
        "stopped": f"held: {held}" if held else "paused" if stopped else "",
        "would_hold": would_hold,
        "unfinished": unfinished,
        "moves": [_move(move) for move in moves],
        "waits": waits,
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "gesture": move.gesture,
        "records": [
            {
                "file": record.file,
                "document": record.document,
                "period": record.period,
                "from": record.from_stage,
                "to": record.to_stage,
                "by": record.by,
                "outcome": record.outcome,
                "reason": record.reason,
            }
            for record in move.records
        ],
        "effects": [_effect(effect) for effect in move.effects],
        "tells": [{"room": telling.audience, "message": telling.message} for telling in move.tellings],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "kind": effect.kind,
        "side": effect.side,
        "from": _place(effect.source),
        "to": _place(effect.target),
    }


def _place(place: Place | None) -> str | None:
    return None if place is None else f"{place.stage}/{place.path}" if place.stage else place.path


def _print(found: list[dict[str, Any]]) -> None:
    quiet = True
    for one in found:
        lines = _lines(one)
        if lines:
            quiet = False
            say(f"{one['operator']}:")
            for line in lines:
                say(f"  {shown(line)}")
    if quiet:
        say("nothing to do")


def _lines(one: dict[str, Any]) -> list[str]:
    lines = []
    if one["stopped"]:
        lines.append(f"nothing, it is {one['stopped']}")
    if one["would_hold"]:
        lines.append(f"would be held: {one['would_hold']}")
    lines += [f"finish what was interrupted: {_summary(move)}" for move in one["unfinished"]]
    for move in one["moves"]:
        lines.append(_summary(move))
        lines += [f"    {_effect_line(effect)}" for effect in move["effects"]]
        lines += [f"    tell {telling['room']}: {telling['message']}" for telling in move["tells"]]
    lines += [f"wait for {place}" for place in one["waits"]]
    return lines


def _summary(move: dict[str, Any]) -> str:
    if not move["records"]:
        return f"{move['gesture']}: take note of what people did"
    return "; ".join(f"{move['gesture']}: {_record_line(record)}" for record in move["records"])


def _record_line(record: dict[str, Any]) -> str:
    way = f"{record['from'] or '–'} → {record['to'] or '–'}"
    reason = f" ({record['reason']})" if record["reason"] else ""
    return f"{record['file']}  {way}  {record['outcome']}, by {record['by']}{reason}"


def _effect_line(effect: dict[str, Any]) -> str:
    match effect["kind"]:
        case "place":
            return f"{effect['side']}: put {effect['to']}"
        case "replace":
            return f"{effect['side']}: new content for {effect['to']}"
        case "remove":
            return f"{effect['side']}: take away {effect['from']}"
    return f"{effect['side']}: {effect['from']} → {effect['to']}"
