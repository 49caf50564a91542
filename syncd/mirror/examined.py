"""What was found in one file that waits in inbox, as planning takes it in: looking is the world's, not this room's."""

from __future__ import annotations

from dataclasses import dataclass

from syncd.mirror.draft import Content
from syncd.model import Finding


@dataclass(frozen=True, slots=True)
class Member:
    """A file out of a zip bundle, its bytes kept already."""

    name: str
    content: Content


@dataclass(frozen=True, slots=True)
class Examined:
    """One file, looked at.

    Attributes:
        findings: of scanner, limits and the rule's checks.
        members: what a zip bundle holds; empty for anything else.
        cleaned: the same form without the marks that syncd had made; None when there were none.
        marked: a copy of the form with what is wrong marked; None where there is none to make.
        facts: what was read from it, as `forms.stored` writes it.
    """

    findings: tuple[Finding, ...] = ()
    members: tuple[Member, ...] = ()
    cleaned: Content | None = None
    marked: Content | None = None
    facts: str = "{}"
