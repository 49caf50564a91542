"""`syncd why PATH`: everything that syncd can say about one file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from syncd.cli.locating import Located, files_at, is_there, locate
from syncd.cli.opening import config, config_option, look_at_world
from syncd.cli.shown import say, shown, size, table, when
from syncd.errors import SyncdError

if TYPE_CHECKING:
    from syncd.looking import View
    from syncd.mirror.situation import Situation
    from syncd.model import Sighting, TrackedFile
    from syncd.world import World

_ROLES = {
    "note": "a note: it travels with the files in corrections that it is about, and is no document",
    "old": "an earlier confirmed version, kept beside the newer one; on the intranet only",
    "withdrawn": "the operator deleted it; the ward's copy stays, on the intranet only",
    "receipt": "says that the sealed original has come; on the intranet only",
}
_WAITS = {
    "not quiet": "it was changed a moment ago; it is read when it has been quiet for intranet.settle_seconds, and 8 "
    "times as long where nobody can tell whether it is still open (another account's, a mounted share)",
    "open": "somebody has it open; it is taken up when it is closed",
    "default name": "it still has the name that Explorer or Office gave it; it is taken up when it is renamed",
    "empty": "it is empty; it is taken up when something was saved into it",
    "unreadable": "it can't be read; see its permissions",
    "unsafe": "it is no plain file, is linked from elsewhere, or its path is too long; save it as a file of its own",
}


@click.command(short_help="Why a file is where it is.")
@click.argument("path")
@config_option
def why(path: str) -> None:
    """Why the file at PATH is where it is: rules, checks, open moves, what happened so far.

    PATH lies in either tree: absolute, relative to here, or relative to the cloud's or the intranet's root. It need
    not exist any more.

    \b
    Example: syncd why intranet/ひまわり保育園/inbox/報告書.xlsx
    """
    settings = config()
    with look_at_world(settings) as world:
        located = locate(settings, world.ledger, path)
        known = files_at(world.ledger, located)
        live = next((file for file in known if not world.ledger.is_closed(file.id)), None)
        if live is None and not is_there(world.ledger, located) and not known:
            raise SyncdError(f"{path}: there is no such file, and syncd never knew one", _near(world, located))
        for number, section in enumerate(_sections(world, located, live, known)):
            if number:
                say()
            say(section)


def _sections(
    world: World, located: Located, live: TrackedFile | None, known: tuple[TrackedFile, ...]
) -> Iterator[str]:
    from syncd.looking import look

    view = look(world, located.operator, {}, dry=True)
    yield _what(world, located, live, view)
    if live is None and (reason := _left_alone(view.situation, located)):
        yield reason
    elif live is None or live.role == "document":
        name = live.name if live else _own_name(located)
        yield _rules(world, located, name, live.bundle if live else "")
        yield _checks(world, located, live, name)
    if live is not None:
        yield _moves(world, view.situation, located, live)
    else:
        yield from _next(view.situation, located, None)
    yield _history(world, located, live, known)


def _own_name(located: Located) -> str:
    from syncd import names
    from syncd.model import Side

    return located.place.name if located.side is Side.CLOUD else names.from_intranet(located.place.name)


# ── what and where ──


def _what(world: World, located: Located, live: TrackedFile | None, view: View) -> str:
    operator = located.operator
    lines = [shown(live.name if live else located.place.name), f"  of {operator.name} ({operator.id})"]
    lines += [f"  {line}" for line in _stopped(world, operator.id)]
    if view.held:
        lines.append(f"  the next round would hold this operator: {view.held}")
    if live is None:
        seen = "" if is_there(world.ledger, located) else " It is not there any more."
        lines.append(f"  {located.side}: syncd does not track it.{seen}")
    else:
        lines += _tracked(world, live)
    lines += _waiting(view.situation, located, live)
    lines += [f"  {line}" for line in _in_trouble(world, located, live)]
    return "\n".join(lines)


def _tracked(world: World, file: TrackedFile) -> Iterator[str]:
    from syncd.model import Side

    zone = world.config.zone
    if file.role in _ROLES:
        yield f"  {_ROLES[file.role]}"
    yield f"  in {file.stage or 'no stage'} since {when(file.entered_at, zone)}"
    if file.role == "document":
        title = world.rules.title(file.document)
        period = f", {file.period}" if file.period else ""
        yield f"  document: {title} ({file.document}){period}" if title else "  document: of unknown type"
        sent = f", sent {file.submission} times" if file.submission > 1 else ""
        yield f"  brought by {file.brought_by} on {when(file.arrived_at, zone)}{sent}"
        if file.offered:
            yield "  the ward offers its own version; the operator may agree"
        if file.edited and file.submitted and file.stage != "corrections":
            yield "  staff changed what the operator sent; the cloud still has what was sent"
    for side in Side:
        placed = file.on(side)
        if placed is None:
            yield f"  {side}: not there"
        else:
            place = f"{placed.place.stage}/{placed.place.path}" if placed.place.stage else placed.place.path
            yield f"  {side}: {shown(place)}, {size(placed.size)}, SHA-1 {placed.sha1}"


def _stopped(world: World, operator: str) -> Iterator[str]:
    for hold in world.ledger.holds():
        if hold.operator in (operator, ""):
            yield f"HELD, nothing is touched: {shown(hold.reason)} (`syncd release {hold.operator or operator}`)"
    if {operator, ""} & world.ledger.paused():
        yield "paused, nothing is touched (`syncd resume`)"


def _in_trouble(world: World, located: Located, live: TrackedFile | None) -> Iterator[str]:
    """What can't be done with it, be it on this side or the other."""
    from syncd.cli.waiting import described

    own = live.name if live is not None else _own_name(located)
    for trouble in world.troubles.all():
        if located.operator.id not in (trouble.operator, trouble.owner):
            continue
        here = (trouble.side, trouble.place) == (located.side, located.place)
        said = described(world.config, trouble)
        if said is not None and (here or trouble.name == own or (live is not None and trouble.file == live.id)):
            yield f"waits since {said['since'][:19].replace('T', ' ')}: {shown(said['place'])}: {shown(said['reason'])}"
            yield f"  {shown(said['next'])}"


def _waiting(situation: Situation, located: Located, live: TrackedFile | None) -> Iterator[str]:
    """What keeps it from being read, on whichever side."""
    from syncd.cli.explaining import sighted
    from syncd.model import Side

    if live is None:
        seen = [sighted(situation, located.side, located.place)]
    else:
        changes = [situation.change(live.id, side) for side in Side]
        seen = [change.after for change in changes if change is not None]
        for change in changes:
            if change is not None and change.after is None and change.kind == "waiting":
                yield f"  {change.side}: it was not there at the last look; the next ones tell"
            elif change is not None and change.kind != "same" and change.after is not None:
                moved = (
                    f"now at {shown(_shown_place(change.after))}" if change.after.place != change.before.place else ""
                )
                edited = "with other content" if change.edited else ""
                what = " ".join(filter(None, (moved, edited))) or "changed"
                yield f"  {change.side}: {what}; the next round follows"
    for one in seen:
        if one is not None and one.waits is not None:
            yield f"  {one.side}: waits: {_WAITS[one.waits]}"


def _shown_place(seen: Sighting) -> str:
    return f"{seen.place.stage}/{seen.place.path}" if seen.place.stage else seen.place.path


def _left_alone(situation: Situation, located: Located) -> str:
    """Why syncd never touches what lies there; '' when it would."""
    from syncd import names
    from syncd.cli.explaining import sighted
    from syncd.model import Side, Stage

    place = located.place
    if any(part.startswith(".syncd") for part in place.path.split("/")):
        return "It is syncd's own."
    if names.ignored(place.name):
        owner = place.name.startswith(("~$", ".~lock"))
        what = "It only shows that a document is open in Office" if owner else "A program made it for itself"
        return f"{what}: syncd never reads it, moves it or sends it anywhere."
    if place in situation.foreign:
        return "Its content came from another operator: it goes into quarantine before anything travels (S11)."
    if place in situation.strayed:
        return "It is a file of another operator, dragged here by mistake: it is put back there (S11)."
    own = located.side is Side.INTRANET and place.stage in (None, Stage.REVIEW, Stage.CONFIRMED)
    if own and sighted(situation, located.side, place) is not None:
        where = f"in {place.stage}" if place.stage else "loose in the operator's folder"
        record = " It is no part of the record." if place.stage is Stage.CONFIRMED else ""
        return f"It is a file of staff's own, {where}: left alone, never uploaded (S9).{record}"
    return ""


def _near(world: World, located: Located) -> str:
    from difflib import get_close_matches

    known = [file.name for file in world.ledger.known(located.operator.id)]
    near = get_close_matches(located.place.name, known, 1, 0.5)
    return f"did you mean {near[0]}?" if near else "see `syncd history` for what there was"


# ── rules, checks, moves, history ──


def _rules(world: World, located: Located, name: str, bundle: str) -> str:
    today = world.local_now().date()
    match = world.rules.match(name, located.operator, today, bundle)
    verdict = {
        "one": "one rule fits",
        "unknown": f"no rule fits; a right name would be {world.rules.example(None, located.operator, today)}",
        "ambiguous": "several rules fit, so none counts",
        "misplaced": "the name carries the code of another facility, so a person has to look",
    }[match.state]
    lines = [_short(world, line) for line in match.why]
    return "\n".join([f"Rules: {shown(verdict)}", *(f"  {shown(line)}" for line in lines)])


def _short(world: World, text: str) -> str:
    """Without the ward's rules folder; other folders (the rules that come with syncd, the last good ones) stay."""
    return text.replace(f"{world.config.rules}/", "")


def _checks(world: World, located: Located, live: TrackedFile | None, name: str) -> str:
    from syncd.cli.verdict import checks_at, checks_of

    if live is not None:
        return checks_of(world, located.operator, live)
    return checks_at(world, located.operator, name, located.path)


def _moves(world: World, situation: Situation, located: Located, live: TrackedFile) -> str:
    from syncd.cli.explaining import ways

    if live.role != "document":
        return "Moves: none by itself"
    rows = [
        (way.by, f"{way.start or 'loose'} → {way.target}", "open" if way.open else "refused", _short(world, way.why))
        for way in ways(situation, live)
    ]
    head = "Moves that are open to whom now"
    body = table(("by", "move", "", "because"), rows) if rows else "none: it has to be quiet and seen on its side first"
    coming = list(_next(situation, located, live))
    return "\n".join([head, *(f"  {line}" for line in body.splitlines()), *coming])


def _next(situation: Situation, located: Located, live: TrackedFile | None) -> Iterator[str]:
    from syncd.cli.explaining import next_moves

    for move in next_moves(situation, located.side, located.place, live):
        for record in move.records:
            way = f"{record.from_stage or '–'} → {record.to_stage or '–'}"
            reason = f" ({record.reason})" if record.reason else ""
            yield f"Next round: {move.gesture}: {shown(record.file)}  {way}  {record.outcome}{shown(reason)}"


def _history(world: World, located: Located, live: TrackedFile | None, known: tuple[TrackedFile, ...]) -> str:
    operator = located.operator.id
    files = {file.line: file for file in known[:1] or ()} | ({live.line: live} if live else {})
    versions = [version for line in files for version in world.ledger.versions_of(operator, line)]
    called = {_own_name(located), *(file.name for file in files.values()), *(version.name for version in versions)}
    contents = {version.sha1 for version in versions}
    rows = [
        (
            row["seq"],
            row["at"][:19].replace("T", " "),
            f"{row['from'] or '–'} → {row['to'] or '–'}",
            row["outcome"],
            row["by"],
            row["reason"] or row["rule"],
        )
        for row in world.history.rows(operator)
        if row["file"] in called or row["sha1"] in contents
    ]
    if not rows:
        return "So far: nothing happened to it"
    text = table(("no.", "at", "move", "outcome", "by", "why"), rows, right=frozenset({0}))
    return "\n".join(["So far", *(f"  {line}" for line in text.splitlines())])
