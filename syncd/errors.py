"""What can go wrong, said so that a person can act on it.

Every error that reaches a person names the place, what is wrong and what to do, in one line.
"""

from __future__ import annotations

from dataclasses import dataclass


class SyncdError(Exception):
    """Something is wrong that a person can mend.

    Args:
        message: the place and what is wrong, one line.
        remedy: what to do about it, one line; may be empty.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} — {remedy}" if remedy else message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a file that people edit; line and column count from 1, 0 when the whole file or line is meant."""

    file: str
    line: int
    message: str
    remedy: str = ""
    column: int = 0

    @property
    def place(self) -> str:
        """`file:line:column`, as far as they are known; editors jump there."""
        return ":".join([self.file, *(str(each) for each in (self.line, self.column) if self.line and each)])

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f" — {self.remedy}" if self.remedy else "")


class Misconfigured(SyncdError):
    """The configuration or the rules can't be used; all faults at once (exit status 2)."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Unreachable(SyncdError):
    """A side can't be seen whole just now: nothing may be concluded from what is not there.

    Attributes:
        alarming: people are told of it. False for what is known to pass by itself soon.
    """

    alarming = True


class Changed(SyncdError):
    """A file is no longer what was just seen; look again."""


class NameTaken(SyncdError):
    """Something already lies where a file should go; look again."""


class Busy(SyncdError):
    """A file is open for writing; come back later."""


class ItemTrouble(SyncdError):
    """One file can't be read, put, moved or taken away; it waits by itself, everything else goes on.

    Attributes:
        kind: which trouble it is: a key of `syncd.reports.troubles.KINDS`, which has the words for people.
        uncertain: what was tried may have taken effect all the same.
    """

    def __init__(self, kind: str, message: str, remedy: str = "", *, uncertain: bool = False) -> None:
        super().__init__(message, remedy)
        self.kind = kind
        self.uncertain = uncertain


class NeedsPerson(SyncdError):
    """One operator can't go on before a person has looked; it is held, the others go on."""


class FolderConflict(NeedsPerson):
    """An operator's folder can't be matched with what the configuration says."""
