"""What the checks found in a file, with the values that they saw: for `syncd why`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from syncd.cli.shown import shown, when
from syncd.errors import SyncdError

if TYPE_CHECKING:
    from syncd.judging import Around, Judgement
    from syncd.model import Finding, Operator, TrackedFile
    from syncd.store.judgements import Judgement as Stored
    from syncd.world import World


def checks_of(world: World, operator: Operator, file: TrackedFile) -> str:
    """As they were made when the file was judged; of one that still waits in inbox, as they come out now."""
    from syncd.model import Stage

    stored = None if file.stage is Stage.INBOX else world.ledger.judgement(file.id)
    if stored is not None and stored.sha1 == file.submitted:
        return "\n".join([f"Checks, {_by(world, stored)}", *_findings(stored.findings)])
    if file.submitted is None:
        return "Checks: there is nothing of the operator's to check"
    if not world.versions.has(file.submitted):
        return "Checks: what the operator sent is not kept any more"
    from syncd.examining import surroundings

    around = surroundings(world, operator, file)
    return _now(world, operator, file.name, world.versions.path(file.submitted), file.bundle, around)


def checks_at(world: World, operator: Operator, name: str, path: Path | None) -> str:
    """Of a file that syncd does not track (yet)."""
    from syncd.judging import Around

    if path is None or not path.is_file():
        return "Checks: there is nothing of the operator's to check"
    return _now(world, operator, name, path, "", Around())


def _now(world: World, operator: Operator, name: str, content: Path, bundle: str, around: Around) -> str:
    from syncd.examining import judge

    try:
        judged = judge(world, operator, name, content, bundle, around)
    except SyncdError as error:
        return f"Checks: nobody could look into it: {shown(str(error))}"
    return "\n".join(["Checks, as they come out now", *_findings(judged.findings), _verdict(judged)])


def _verdict(judged: Judgement) -> str:
    from syncd.trying import BECOMES

    state = judged.decision.state
    rule = f" by {judged.decision.rule}" if judged.decision.rule else ""
    return f"  so: {BECOMES.get(state, state)}{rule}"


def _by(world: World, stored: Stored) -> str:
    """When it was judged and by which rule, and where that rule can be read if it is another now."""
    from syncd.store.rules_in_force import past_rule

    said = f"as it was judged on {when(stored.at, world.config.zone)}"
    place, _, version = stored.rule.partition("@")
    if not version:
        return said
    said += f" by {stored.rule}"
    now = world.rules.rules.get(stored.document or "")
    if now is not None and now.version == version:
        return said
    kept = past_rule(world.config.state, place.rpartition(":")[0], version)
    return f"{said}; that rule has changed since" + (f", it is kept in {kept}" if kept is not None else "")


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    for one in findings:
        cells = f" ({', '.join(one.cells)})" if one.cells else ""
        say = f" — {one.say}" if one.say else ""
        yield f"  {one.check}: {one.result}{shown(say + cells)}"
        if one.values:
            yield f"    saw {shown(', '.join(f'{name} = {value}' for name, value in one.values.items()))}"
        if one.found or one.expected:
            yield f"    found {shown(one.found or '–')}, expected {shown(one.expected or '–')}"
        if one.stands:
            yield f"    stands {shown(', '.join(f'{cell} = {value}' for cell, value in one.stands.items()))}"
