"""The one gate: whether what lies on the intranet may leave it for an operator's cloud, by whatever gesture.

Asked of everything that staff put, edit, move or rename there, before anything travels. What is known of another
operator, by its bytes, by what is packed in it or by its mark, or is a page of the ward's own, never passes; nor does
what speaks of another operator, or what nobody can look into. Each content is looked into once; whose it is is asked
again every time, because more becomes known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from syncd.errors import SyncdError
from syncd.judging import wanted_texts
from syncd.mirror.whose import (
    Asked,
    Inside,
    Spoken,
    Stopped,
    asked_of_forms,
    bears,
    named_in,
    named_others,
    names_another,
    persons_in,
    shared,
    spoken,
    spoken_of,
    telling_words,
)
from syncd.model import Operator, Role, Sighting, Stage, TrackedFile
from syncd.owner_mark import THE_WARD, mark_of
from syncd.rulebook import Rule
from syncd.rulebook.load import FORMS
from syncd.world import World
from syncd.yamltext import decode

_NO_TEXT: Final = ("%PDF", "{\\rtf", "<", "PK")
_KEPT: Final = 4000
_PAPERS: Final = 60
"""How many papers of an operator are looked through for the words of a note."""


def known_of_another(world: World, operator: Operator, sha1: str) -> Stopped | None:
    """Whether these bytes are known as another operator's, or made of such; costs no reading."""
    if sha1 in world.rules.forms:
        return None
    found = world.ledger.owned(operator.id, sha1)
    if found.own or found.other is None:
        return None
    if found.made:
        return Stopped("ward_page" if found.other == THE_WARD else "made_for_other")
    return Stopped("other_operator")


def copied_note(world: World, operator: Operator, sha1: str, came_at: float) -> Stopped | None:
    """A note of staff's that has gone up to one operator is that operator's, if it tells anything of it.

    Staff write the same few sentences to many; a copy of such is no leak. A note tells of an operator when it names it,
    repeats a word that stands in its papers, but neither in this operator's nor in the rules, or speaks of a person.

    Args:
        came_at: when the copy came into this operator's folder, seconds since the epoch.
    """
    if sha1 in world.rules.forms:
        return None
    note = world.ledger.note_of(operator.id, sha1)
    if note is None:
        return None
    owner = world.config.operator(note[0])
    together = came_at <= note[1] + world.config.chat.batch_seconds
    if owner is not None and not _tells_of(world, owner, operator, sha1, together=together):
        return None
    return Stopped("note_for_other")


def named_in_text(world: World, operator: Operator, sha1: str, name: str) -> Stopped | None:
    """Whether a text that staff wrote has another operator's name in it."""
    if not name.lower().endswith(".txt") or sha1 in world.rules.forms:
        return None
    try:
        text = decode(world.versions.read(sha1))
    except (UnicodeDecodeError, OSError):
        return None
    return Stopped("names_other") if named_in(text, operator, world.config.operators) else None


def _tells_of(world: World, owner: Operator, operator: Operator, sha1: str, *, together: bool) -> bool:
    """Whether a note tells anything of the operator that it was written to; what is no plain text may.

    Args:
        together: it was written to several at once, so it may repeat what stands in the papers of one.
    """
    try:
        text = decode(world.versions.read(sha1))
    except UnicodeDecodeError:
        return not together
    if text.startswith(_NO_TEXT) or "\0" in text:
        return not together  # a PDF may be written in letters alone
    if names_another(text, operator, owner):
        return True
    vocabulary = world.rules.vocabulary
    suspect = frozenset(person for person in persons_in(text) if person not in vocabulary)
    if not together:
        suspect |= _standing(world, owner, telling_words(text) - telling_words(vocabulary))
    return bool(suspect - _standing(world, operator, suspect))


def _standing(world: World, operator: Operator, words: frozenset[str]) -> frozenset[str]:
    """Which of the words stand in the operator's papers, the newest of them."""
    found: frozenset[str] = frozenset()
    papers = [file for file in world.ledger.known(operator.id) if file.role is Role.DOCUMENT]
    for file in sorted(papers, key=lambda each: each.id, reverse=True)[:_PAPERS]:
        content = file.submitted or (file.intranet.sha1 if file.intranet is not None else None)
        left = words - found
        if not left or content is None or not world.versions.has(content):
            continue
        try:
            reading = world.reader.read(world.versions.path(content), file.name, (), tuple(sorted(left)))
        except SyncdError:
            continue  # what nobody can look into repeats nothing that could be told
        found |= reading.texts
    return found


def misnamed(world: World, operator: Operator, path: str, before: Iterable[str] = ()) -> bool:
    """Whether a path carries another operator's code or name, and didn't carry it before.

    003_見積書 may be an enclosure's number: it counts as a code only where a rule takes that name for the other's form.
    """
    everybody, today = world.config.operators, world.local_now().date()
    name = path.rpartition("/")[2]
    plainly = named_others(path, operator, everybody, weak=False)
    perhaps = named_others(path, operator, everybody) - plainly
    forms = (one.id for one in everybody if one.id in perhaps and world.rules.match(name, one, today).candidates)
    others = plainly | frozenset(forms)
    for earlier in before if others else ():
        others -= named_others(earlier, operator, world.config.operators)
    if not others:
        return False
    documents = {candidate.document for candidate in world.rules.match(name, operator, today).candidates}
    return not all(
        any(shared(document, operator, other, world.rules) for document in documents)
        for other in world.config.operators
        if other.id in others
    )


def stopped_inside(
    world: World, operator: Operator, sha1: str, name: str, came_at: float, tracked: TrackedFile | None
) -> Stopped | None:
    """Whether what is packed in a content, or what its forms say, is another's. Raises SyncdError.

    Args:
        came_at: when it came into this operator's folder, seconds since the epoch.
    """
    found = _look_inside(world, operator, sha1, name)
    own = {mark_of(each) for each in (operator.id, *world.ledger.former_ids(operator.id))}
    foreign = set(found.marks) - own
    if foreign:
        return Stopped("ward_page" if foreign == {mark_of(THE_WARD)} else "made_for_other")
    for _, member in found.members:
        if known_of_another(world, operator, member) or copied_note(world, operator, member, came_at):
            return Stopped("other_inside")
    if found.sealed:
        return Stopped("sealed")
    if (tracked is None or tracked.submitted is None) and named_in_text(world, operator, sha1, name):
        return Stopped("names_other")
    if any(misnamed(world, operator, each) for each, _ in found.members if each):
        return Stopped("names_other")
    others = _spoken_of(world, operator, found.said)
    if others and tracked is not None and tracked.submitted is not None and tracked.submitted != sha1:
        # what the operator itself sent spoke of them already
        others -= _spoken_of(world, operator, _look_inside(world, operator, tracked.submitted, tracked.name).said)
    if others:
        return Stopped("says_other")
    if any(_says_the_same(world, operator, each) for each in found.alike if each):
        return Stopped("alike_other")
    if found.alike and found.alike[0] and not world.store.read_only:
        world.ledger.says(found.alike[0], operator.id, tracked is not None and tracked.submitted is not None, came_at)
    return None


def _says_the_same(world: World, operator: Operator, alike: str) -> bool:
    """Another operator's form says this, and no blank form does."""
    if world.ledger.says_the_same(operator.id, alike) is None:
        return False
    blanks = world.config.rules / FORMS
    return not any(
        world.reader.read(path, path.name).alike == alike for path in sorted(blanks.rglob("*")) if path.is_file()
    )


def may_be_handed_over(world: World, operator: Operator, sighting: Sighting, owner: TrackedFile) -> bool:
    """S20: it was held as another facility's in an inbox of this corporation, and bears this one's code and name."""
    source = world.config.operator(owner.operator)
    if source is None or not operator.corporation or source.corporation != operator.corporation:
        return False
    if sighting.place.stage is not Stage.INBOX or owner.stage is not Stage.INBOX or owner.role is not Role.DOCUMENT:
        return False
    if owner.cloud is None or sighting.sha1 is None or sighting.sha1 != owner.submitted:
        return False
    if not any(_held_as_anothers(key) for key in owner.told):
        return False
    try:
        return _bears_both(world, operator, sighting.sha1, owner.name)
    except SyncdError:
        return False


def _held_as_anothers(key: str) -> bool:
    kind, _, rest = key.partition(":")
    return kind == "misplaced" or (kind == "hold" and "facility" in rest)


def _bears_both(world: World, operator: Operator, sha1: str, name: str) -> bool:
    """The operator's code and name stand in the form's fields, or in its name; nobody else's do."""
    found = _look_inside(world, operator, sha1, name)
    if _spoken_of(world, operator, found.said) or named_others(name, operator, world.config.operators):
        return False
    code, spelled = bears(name, operator, found.said)
    if code and not spelled:
        texts = (operator.name,)
        spelled = operator.name in world.reader.read(world.versions.path(sha1), name, (), texts).texts
    return code and spelled


def _spoken_of(world: World, operator: Operator, said: Iterable[Spoken]) -> frozenset[str]:
    return spoken_of(said, operator, world.config.operators, world.rules)


def _look_inside(world: World, operator: Operator, sha1: str, name: str) -> Inside:
    rule = _rule(world, operator, name)
    key = (sha1, rule.document if rule else "", world.rules.version)
    known = world.insides.get(key)
    if known is not None:
        return known
    asked = asked_of_forms(world.rules, rule.document if rule else None)
    content = world.versions.path(sha1)
    with world.versions.workplace() as folder:
        opened = world.reader.inspect(content, name, folder)
        facts = tuple(each.fact for each in asked)
        facts += tuple(fact for fact in (rule.facts if rule else ()) if fact not in facts)
        reading = world.readings.read_ahead(content, name, facts, wanted_texts(rule))
        said, alike = spoken(asked, reading.facts), [reading.alike]
        for member in opened.members:
            if member.file:
                by_label = _by_label(world, operator, member.name)
                facts = tuple(each.fact for each in by_label)
                reading = world.reader.read(folder / member.file, member.name or "1.xlsx", facts)
                said += spoken(by_label, reading.facts)
                alike.append(reading.alike)
    members = tuple((member.name, member.sha1) for member in opened.members)
    found = Inside(opened.marks, members, opened.sealed, said, tuple(alike))
    if len(world.insides) >= _KEPT:
        world.insides.clear()
    world.insides[key] = found
    return found


def _by_label(world: World, operator: Operator, name: str) -> tuple[Asked, ...]:
    rule = _rule(world, operator, name.rpartition("/")[2])
    return asked_of_forms(world.rules, rule.document if rule else None)


def _rule(world: World, operator: Operator, name: str) -> Rule | None:
    """The rule that reads a file of that name."""
    match = world.rules.match(name, operator, world.local_now().date())
    one = match.candidates[0] if match.state == "one" else None
    return world.rules.rules.get(one.document) if one is not None and not one.nil else None
