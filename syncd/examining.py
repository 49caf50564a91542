"""Looking into a file that waits in inbox: scanner, bundle, marks, checks. Gathers what planning needs, moves nothing.

Each content is looked at once: what was found is remembered until the file, the rules or what its checks compare it
with are others. Nothing here says what becomes of a file (`mirror.judge` does), but a file that nobody could look at
always comes out as one that waits.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

from syncd import names
from syncd.checks.kind import KINDS
from syncd.errors import SyncdError
from syncd.forms.fact import CellChange, Value
from syncd.forms.stored import read_facts, write_facts
from syncd.judging import Around, judge_file
from syncd.judging import Judgement as Judged
from syncd.mirror.draft import Content
from syncd.mirror.examined import Examined, Member
from syncd.mirror.gate import UNSEEN
from syncd.model import Decision, Finding, Operator, TrackedFile
from syncd.owner_mark import mark_of
from syncd.rulebook import period
from syncd.scanning import ScannerAway
from syncd.store.judgements import Judgement
from syncd.world import World

SCANNER = "scanner"
"""The check that says that a file waits for the scanner, or that the scanner can't take it."""
WAITS = "the scanner gives no answer"
"""Why a file waits, for administrators: it stands in the log."""
AT_ONCE = 3
"""From how many files on it is worth looking into them side by side."""
SCANNER_RESTS_SECONDS = 10.0
"""How long a scanner that doesn't answer is left alone: one that hangs must not stop everybody's rounds."""
_BUNDLE: Mapping[str, tuple[str, Literal["quarantine", "hold"]]] = {
    "encrypted": ("encrypted", "quarantine"),
    "bomb": ("bomb", "quarantine"),
    "unreadable": ("unreadable", "hold"),
    "too big": ("too_big", "hold"),
    "too slow": ("too_slow", "hold"),
}
"""What a bundle's trouble is as a check, and what follows."""
_KEPT = 4000
"""How many files are remembered; each is a few hundred bytes."""


def examine(world: World, operator: Operator, file: TrackedFile) -> Examined:
    """What is found in a file that waits in inbox. Changes nothing in either tree."""
    if file.submitted is None:
        return Examined()
    when = _document_of(world, operator, file)
    neighbours = () if when is None else _neighbours(world, operator, file, when[1])
    beside = tuple((judged.file, judged.at) for judged in neighbours)
    key = (file.id, file.submitted, file.name, file.bundle, world.rules.version, beside)
    known = world.examined.get(key)
    if known is not None:
        return known
    found = _look_into(world, operator, file, Around() if when is None else around_of(neighbours, *when))
    if not any(finding.result == "wait" for finding in found.findings):
        if len(world.examined) >= _KEPT:
            world.examined.clear()
        world.examined[key] = found
    return found


def examine_ahead(world: World, operator: Operator, files: Sequence[TrackedFile]) -> None:
    """Looks into several files at once, as many as there are processes, so that `examine` finds them looked at."""
    if len(files) < AT_ONCE:
        return
    with ThreadPoolExecutor(world.reader.workers, thread_name_prefix="examining") as threads:
        for _ in threads.map(lambda file: examine(world, operator, file), files):
            pass


def verdict(world: World, operator: Operator, file: TrackedFile) -> Decision:
    """What holds for a file that staff drag out of inbox: nobody but a check that looked at it lets it pass."""
    findings = examine(world, operator, file).findings
    for result in ("quarantine", "wait", "hold"):
        decisive = tuple(finding for finding in findings if finding.result == result)
        if decisive:
            return Decision(result, file.document, file.period, findings=decisive)
    closed = tuple(finding for finding in findings if finding.check in UNSEEN and finding.result != "passed")
    match = world.rules.match(file.name, operator, world.local_now().date(), file.bundle)
    held = bool(closed) or match.misplaced
    return Decision("hold" if held else "accept", file.document, file.period, findings=closed)


def surroundings(world: World, operator: Operator, file: TrackedFile) -> Around:
    """The facts of the month's other documents and of the month before, as far as they were read and accepted."""
    when = _document_of(world, operator, file)
    return Around() if when is None else around_of(_neighbours(world, operator, file, when[1]), *when)


def around_of(judgements: Iterable[Judgement], document: str, when: str) -> Around:
    """What a document of that period is compared with, out of an operator's accepted forms, the oldest first."""
    others: dict[str, dict[str, Value]] = {}
    previous: dict[str, Value] | None = None
    for judged in judgements:
        facts = read_facts(judged.facts)
        if judged.document is None or not says_anything(facts):
            continue
        if judged.period == when and judged.document != document:
            others[judged.document] = facts
        elif judged.period == period.before(when) and judged.document == document:
            previous = facts
    return Around(previous, others)


def says_anything(facts: Mapping[str, Value]) -> bool:
    """Whether there is a form: a photo beside one says nothing."""
    return any(value.state == "found" for value in facts.values())


def _document_of(world: World, operator: Operator, file: TrackedFile) -> tuple[str, str] | None:
    """Which document for which period it is by its name; None: that can't be told."""
    match = world.rules.match(file.name, operator, world.local_now().date(), file.bundle)
    if match.state != "one" or match.candidates[0].period is None:
        return None
    return match.candidates[0].document, match.candidates[0].period


def _neighbours(world: World, operator: Operator, file: TrackedFile, when: str) -> tuple[Judgement, ...]:
    """What was said of the operator's other accepted files of that period and of the one before."""
    found = world.ledger.accepted_judgements(operator.id, (when, period.before(when)))
    return tuple(judged for judged in found if judged.file != file.id)


def _look_into(world: World, operator: Operator, file: TrackedFile, around: Around) -> Examined:
    assert file.submitted is not None
    scanned = scan(world, file.submitted)
    if scanned is not None:
        return Examined((scanned,))
    content = world.versions.path(file.submitted)
    try:
        if file.name.lower().endswith(".zip"):
            return _open_bundle(world, file, content)
        cleaned = _without_marks(world, file, content)
        if cleaned is not None:
            content = world.versions.path(cleaned.sha1)
        judged = judge(world, operator, file.name, content, file.bundle, around)
        if _is_bundle_by_another_name(file, judged):
            return _open_bundle(world, file, content)
        marked = _marked(world, file, content, judged)
    except SyncdError as error:
        return Examined((Finding("reading", "wait", str(error)),))
    if judged.reading.alike and not world.store.read_only:
        world.ledger.says(judged.reading.alike, operator.id, True, world.clock.now())
    return Examined(judged.findings, cleaned=cleaned, marked=marked, facts=write_facts(judged.facts))


def _is_bundle_by_another_name(file: TrackedFile, judged: Judged) -> bool:
    """A zip without an extension or with a wrong one, which no check has sent back; .odt and the like are documents."""
    extension = names.split(file.name)[1].removeprefix(".").lower()
    passed = all(finding.result in ("passed", "warn") for finding in judged.findings)
    return judged.reading.kind == "zip" and passed and (not extension or extension in KINDS)


def judge(world: World, operator: Operator, name: str, content: Path, bundle: str, around: Around) -> Judged:
    """What the rules in force say of a content under that name now. Raises SyncdError when nobody could look."""
    return judge_file(
        world.readings, world.rules, operator, name, content,
        today=world.local_now().date(), bundle=bundle, around=around, language=world.config.language,
    )  # fmt: skip


def compare(world: World, old: str, new: str, name: str) -> tuple[CellChange, ...] | None:
    """What differs between two contents of a form, by their SHA-1; None: nobody can tell."""
    known, changes = world.ledger.compared(old, new)
    if known:
        return changes
    try:
        changes = world.reader.compare(world.versions.path(old), world.versions.path(new), name)
    except SyncdError:
        return None
    if not world.store.read_only:
        world.ledger.keep_comparison(old, new, changes)
    return changes


# ── scanner ──


def scan(world: World, sha1: str) -> Finding | None:
    """What keeps these bytes from going on; None: they are clean, or there is no scanner."""
    if world.scanner is None:
        return None
    if world.ledger.was_clean(sha1):
        return None
    if time.monotonic() < world.scanner_rests_until:
        return Finding(SCANNER, "wait", WAITS)
    try:
        found = world.scanner.scan(world.versions.path(sha1))
    except ScannerAway as error:
        world.freshness.scanner_away(error.message)
        world.scanner_rests_until = time.monotonic() + SCANNER_RESTS_SECONDS
        return Finding(SCANNER, "wait", WAITS)
    world.freshness.scanner_back()
    if found.result == "clean":
        if not world.store.read_only:
            world.ledger.keep_clean(sha1, world.clock.now())
        return None
    if found.result == "infected":
        return Finding("infected", "quarantine", world.reason("infected"), found=found.detail)
    if found.reason == "encrypted":
        return Finding("encrypted", "quarantine", world.reason("encrypted"), found=found.detail)
    return Finding("unscanned", "hold", world.reason("unscanned"), found=found.detail)


# ── bundles and marks: what a process of its own writes is kept like any other content ──


def _open_bundle(world: World, file: TrackedFile, content: Path) -> Examined:
    with world.versions.workplace() as folder:
        opened = world.reader.unpack(content, file.name, folder)
        if opened.trouble:
            check, result = _BUNDLE[opened.trouble]
            return Examined((Finding(check, result, world.reason(check), found=opened.detail),))
        named = [(names.within_limit(member.name), member.file) for member in opened.members]
        # what only a program has put there would never be seen in a folder either; it stays in the kept bundle
        members = tuple(Member(name, _kept(world, path)) for name, path in named if not names.ignored(name))
    if not members:
        return Examined((Finding("empty", "return", world.reason("empty")),))
    return Examined(members=members)


def _without_marks(world: World, file: TrackedFile, content: Path) -> Content | None:
    """The same form as the operator would have sent it, had syncd never marked it."""
    if not file.name.lower().endswith(".xlsx"):
        return None
    with world.versions.workplace() as folder:
        target = folder / "unmarked"
        if not world.reader.unmark(content, file.name, target):
            return None
        return _kept(world, target)


def _marked(world: World, file: TrackedFile, content: Path, judged: Judged) -> Content | None:
    """A copy in which the cells are marked that the note speaks of, where the file goes back."""
    faults = [finding for finding in judged.decision.findings if finding.cells]
    if judged.decision.state != "return" or not faults or not file.name.lower().endswith(".xlsx"):
        return None
    with world.versions.workplace() as folder:
        target = folder / "marked"
        if not world.reader.mark(content, file.name, faults, target, mark_of(file.operator)):
            return None
        return _kept(world, target)


def _kept(world: World, path: Path) -> Content:
    return Content(*world.versions.put_file(path))
