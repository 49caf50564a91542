"""The rules of the ward, as data: which document a file is, which moves are allowed, what people are told.

A rules folder becomes a frozen `Rulebook` (`load`; one module reads the disk). Its parts: `period` and `naming` read
file names, `rule`, `workflow` and `messages` read rule files, `book` answers questions, `decide` weighs findings;
`calendar`, `expected` and `checklist` know what is due and what is missing, `reminders` asks for it;
`compose`, `wording` and `harmless` make chat messages. Refuses to look at files or to move anything.
"""

from syncd.rulebook.book import NIL, Candidate, Match, Rulebook
from syncd.rulebook.calendar import Calendar
from syncd.rulebook.decide import decide
from syncd.rulebook.expected import Due, Required
from syncd.rulebook.load import Snapshot, build, load, snapshot
from syncd.rulebook.rule import Rule
from syncd.rulebook.workflow import FACTS, Line, Workflow

__all__ = [
    "FACTS",
    "NIL",
    "Calendar",
    "Candidate",
    "Due",
    "Line",
    "Match",
    "Required",
    "Rule",
    "Rulebook",
    "Snapshot",
    "Workflow",
    "build",
    "decide",
    "load",
    "snapshot",
]
