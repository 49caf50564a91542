"""What the story is made of, as data: who does what, what lies where afterwards, who hears of it.

Nothing here touches a folder; `player` does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from syncd.demo.days import DayName
from syncd.demo.papers import Paper
from syncd.demo.ward import NURSERIES, Nursery, StageName

SideName = Literal["cloud", "intranet"]
When = Literal["this", "previous"]
"""Of which month a paper is."""

HIMAWARI, SAKURA, TSUBASA = NURSERIES


@dataclass(frozen=True, slots=True)
class Said:
    """Narration, in both languages; `{due}` and the other days of `days` stand for their dates."""

    en: str
    ja: str


# ── what people do ──


@dataclass(frozen=True, slots=True)
class Drop:
    """A nursery puts a paper into its inbox.

    Attributes:
        wrong: with the paper's mistake in it.
        name: another than the guide asks for.
        of: the nursery whose form it is by mistake.
        macros: it was saved with program code.
    """

    nursery: Nursery
    paper: Paper
    wrong: bool = False
    name: str = ""
    of: Nursery | None = None
    macros: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """A nursery puts a zip with these papers of the month before into its inbox."""

    nursery: Nursery
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Mend:
    """A nursery takes the marked copy of what was returned, puts the right number into it and sends that in."""

    nursery: Nursery
    paper: Paper
    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Attach:
    """A nursery sends something that is on no list, under that name."""

    nursery: Nursery
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Rename:
    """The operator gives a file in inbox the name that the guide asks for."""

    nursery: Nursery
    name: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class Drag:
    """A file is dragged to another stage; `into`: of another nursery's folder. Copied instead (by staff): `copy`."""

    side: SideName
    nursery: Nursery
    paper: Paper | str
    start: StageName
    target: StageName
    into: Nursery | None = None
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Confirm:
    """Staff drag everything that a nursery has in review to confirmed, but for this paper."""

    nursery: Nursery
    but: Paper | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Staff open a workbook, change the number beside a label, and save as Excel does."""

    nursery: Nursery
    paper: Paper
    stage: StageName
    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Note:
    """Staff write a text file into corrections."""

    nursery: Nursery
    text: str
    name: str = "理由.txt"


# ── what is to be seen ──


@dataclass(frozen=True, slots=True)
class Lies:
    """The file is (or, `gone`, is no longer) there.

    `mark`: its name carries that mark. `prefix`, `suffix`: not the file, but what syncd put beside it.
    """

    side: SideName
    nursery: Nursery
    paper: Paper | str
    stage: StageName
    mark: str = ""
    gone: bool = False
    prefix: str = ""
    suffix: str = ""
    of: When = "this"


@dataclass(frozen=True, slots=True)
class Took:
    """Says how long it took since the last thing that somebody did."""


@dataclass(frozen=True, slots=True)
class Reads:
    """A nursery opens a text of that beginning in corrections: its lines are printed."""

    nursery: Nursery
    beginning: str


@dataclass(frozen=True, slots=True)
class Unmarked:
    """In review lies a workbook without any comment in it."""

    nursery: Nursery
    paper: Paper


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of that name has come to a room: staff, administrators, or a nursery's; it has (not) these words."""

    room: str
    message: str
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Silence:
    """When all is said, these rooms have heard nothing on that day so far."""

    rooms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Something lies in the state's quarantine."""

    count: int


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages are fresh: what they show is printed."""


Step = (
    Said | Drop | Bundle | Mend | Attach | Rename | Drag | Confirm | Edit | Note
    | Lies | Took | Reads | Unmarked | Heard | Silence | Quarantined | Pages
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """One story of the month."""

    day: DayName
    title: Said
    steps: tuple[Step, ...]


def both(nursery: Nursery, paper: Paper | str, stage: StageName, of: When = "this") -> tuple[Lies, Lies]:
    """It lies there on both sides."""
    return Lies("cloud", nursery, paper, stage, of=of), Lies("intranet", nursery, paper, stage, of=of)
