"""Who can see an operator's folder in Box, held against whom it is for (`cloud_people` in config.yaml).

Pure: takes what Box was asked for elsewhere. Where an operator has no `cloud_people`, those who are there are only
listed; that one of them sees another operator's folder, too, is told in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from syncd.diagnosis import Diagnosis, fault, ok, warning
from syncd.model import Operator

NAMED: Final = 8


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can see a folder, or is invited to.

    Attributes:
        name: a login; of a group its name.
        pending: has not accepted yet.
    """

    name: str
    role: str
    group: bool = False
    pending: bool = False

    @property
    def said(self) -> str:
        """For people."""
        return f"{'the group ' if self.group else ''}{self.name} ({self.role}{', invited' if self.pending else ''})"


class People:
    """Whoever was found so far.

    Args:
        ours: logins that are no business of any operator's: syncd's own, the owner's of the root.
    """

    def __init__(self, ours: frozenset[str]) -> None:
        self._ours = frozenset(folded(each) for each in ours)
        self._everywhere: frozenset[str] = frozenset()
        self._seen: dict[str, dict[str, str]] = {}
        """Folded login → operator id → as people write it."""
        self._insiders: list[tuple[str, str]] = []
        """Entries of `cloud_people`, with whose they are."""

    def root(self, people: list[Person]) -> Iterator[Diagnosis]:
        """Who is in the root: they are in every folder below it, too, and only told of here."""
        self._everywhere = frozenset(folded(each.name) for each in people)
        if people:
            yield ok("cloud", "people", f"who is in the root sees every operator's folder: {some(people)}")

    def operator(self, operator: Operator, folder: str, owner: str, people: list[Person]) -> Iterator[Diagnosis]:
        """Who is in one operator's folder."""
        if owner and folded(owner) not in self._ours:
            people = [Person(owner, "owner"), *people]
        people = [each for each in people if folded(each.name) not in self._everywhere | self._ours]
        for each in people:
            self._seen.setdefault(folded(each.name), {})[operator.id] = each.said
        self._insiders += [(pattern, operator.id) for pattern in operator.cloud_people]
        if not people:
            said = f"{operator.id}: nobody of the operator's sees {folder}"
            yield warning("cloud", "people", said, "invite the operator's people to it in Box", about=operator.id)
        elif not operator.cloud_people:
            said = f"{operator.id}: {some(people)}; not checked, as it has no cloud_people"
            yield ok("cloud", "people", said, about=operator.id)
        else:
            yield from _judged(operator, folder, people)

    def across(self) -> Iterator[Diagnosis]:
        """Who sees the folders of several operators; asked for after all of them."""
        for who in sorted(self._everywhere):
            of = sorted({owner for pattern, owner in self._insiders if meant(pattern, who)})
            if of:
                said = f"{who}, of {', '.join(of)}, is in the root and sees every operator's folder"
                yield fault("cloud", "people", said, "end that collaboration on the root in Box")
        for seen in self._seen.values():
            if len(seen) > 1:
                said = f"{next(iter(seen.values()))} sees the folders of {', '.join(seen)}"
                yield warning("cloud", "people", said, "is that meant? One operator must not see another's files")


def _judged(operator: Operator, folder: str, people: list[Person]) -> Iterator[Diagnosis]:
    def is_meant(person: Person) -> bool:
        return any(meant(pattern, person.name) for pattern in operator.cloud_people)

    strangers = [each for each in people if not each.group and not is_meant(each)]
    groups = [each for each in people if each.group]
    late = [each for each in people if each.pending and not each.group and is_meant(each)]
    if strangers:
        said = f"{operator.id}: {folder} can be seen by {some(strangers)}"
        remedy = "end that collaboration in Box, or add the login to cloud_people"
        yield fault("cloud", "people", said, remedy, about=operator.id)
    if groups:
        said = f"{operator.id}: {folder} can be seen by {some(groups)}, and Box doesn't say who that is"
        yield warning("cloud", "people", said, "invite people by their logins instead", about=operator.id)
    if late:
        said = f"{operator.id}: {some(late)}: not accepted yet"
        yield warning("cloud", "people", said, "they accept it in the mail that Box sent them", about=operator.id)
    if not strangers and not groups and not late:
        yield ok("cloud", "people", f"{operator.id}: {some(people)}, as cloud_people says", about=operator.id)


def meant(pattern: str, login: str) -> bool:
    """Whether an entry of `cloud_people` names that login: itself, or all of a domain (`*@domain`)."""
    wanted, found = folded(pattern), folded(login)
    return found.endswith(wanted[1:]) if wanted.startswith("*@") else found == wanted


def folded(text: str) -> str:
    return text.strip().casefold()


def some(people: list[Person]) -> str:
    more = len(people) - NAMED
    return ", ".join(each.said for each in people[:NAMED]) + (f" and {more} more" if more > 0 else "")
