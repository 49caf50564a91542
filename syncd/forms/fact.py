"""What a rule wants to know of a form (`Fact`), and what was found there (`Value`). Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

Kind = Literal["text", "int", "number", "amount", "date", "time", "duration", "yes_no"]
"""int: a whole number; number: with decimals; amount: whole yen; time: of the day; yes_no: 有/無, ○/×, 1/0 …"""


Path = tuple[tuple[str, ...], ...]
"""Headings one below the other, the outermost first; of each what it may be called."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: found by its heading.

    Attributes:
        labels: what the heading may be called; `heading`: with the headings of its groups above it, () for none.
        row: of records of several rows, in which of them it stands; 0: as its heading stands among the others.
        blank: words that mean blank.
    """

    name: str
    labels: tuple[str, ...]
    kind: Kind
    optional: bool = False
    heading: Path = ()
    row: int = 0
    blank: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return self.heading or (self.labels,)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a rule reads from a form.

    Attributes:
        name: how checks call it.
        kind: of the value, or of each value where there are many.
        labels: what stands beside or above the value, any of these; empty: by address only.
        where: on which side of its label the value is looked for; any: right, then below.
        right, below: so many cells right of (below) the label, whatever stands between; 0: not said.
        row, heading: the value stands where the row with one of these labels meets the column below these headings;
            without `row` many values stand below them.
        sheet: only on this sheet ('' : on any, in their order).
        cell: the address to fall back on, such as C14; '' for none. `prefer_cell`: to look at before the label.
        many: it has many values: those of `area`, else the run of values that begins below (or right of) its label.
        area: an address range such as C8:C13; '' for none. `areas`: several, with their sheets (`4月!C8:C13`, from
            sheet to sheet `4月:6月!C8`).
        columns: for a table: its columns; the rows below the headings until the first empty row (or `until`).
        until: a table or run ends above the row with this label; '' : at the first row without any value.
        nth: which of several such places counts, from 1; 0: there may be only one.
        rows: of a table, how many rows a record has; `skip`: rows with one of these labels are no records.
        blank: words that mean blank.
        optional: it may be blank or missing altogether.
        line, column: where it stands in the rule file.
    """

    name: str
    kind: Kind = "text"
    labels: tuple[str, ...] = ()
    where: Literal["any", "right", "below"] = "any"
    sheet: str = ""
    cell: str = ""
    area: str = ""
    columns: tuple[Column, ...] = ()
    until: str = ""
    optional: bool = False
    line: int = 0
    column: int = 0
    many: bool = False
    right: int = 0
    below: int = 0
    row: tuple[str, ...] = ()
    heading: Path = ()
    prefer_cell: bool = False
    areas: tuple[str, ...] = ()
    nth: int = 0
    rows: int = 1
    skip: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.area or self.areas:
            object.__setattr__(self, "many", True)

    @property
    def table(self) -> bool:
        return bool(self.columns)

    @property
    def words(self) -> tuple[str, ...]:
        """Every label of the form that it names: such a text is nobody's value."""
        paths = (self.heading, *(column.path for column in self.columns))
        names = (name for path in paths for names in path for name in names)
        return (*self.labels, *self.row, *names, *((self.until,) if self.until else ()))

    @property
    def title(self) -> str:
        """What people know it by: its label, else where it stands."""
        if self.labels:
            return self.labels[0]
        crossing = [*self.row[:1], *(names[0] for names in self.heading)]
        return "・".join(crossing) or self.area or "、".join(self.areas) or self.cell or self.name


One = str | int | Decimal | bool | date | timedelta | None
"""A time of day is the timedelta since midnight."""
State = Literal["found", "blank", "missing", "uncalculated", "wrong kind", "ambiguous"]
"""missing: the label was not found (and no address given). uncalculated: a formula without a stored value. ambiguous:
two readings are possible, so there is no value: several places could be meant, or one place can be read in two ways."""


@dataclass(frozen=True, slots=True)
class Value:
    """What was found for one fact.

    Attributes:
        one: the value of a single fact; None unless `state` is found.
        many: the values of a range or run, blank ones as None; of a table nothing.
        rows: the rows of a table, by column name; every row has every column of the fact, in its order.
        places: the address of each of `many` (`C8`, without the sheet); of a table row by row, of each row every
            column in its order.
        cell: where, as people say it: `在籍!C14`, `在籍!C8:C13`, `2ページ` for a PDF, `文書` for
            docx, '' when nowhere.
        shown: what stands there as it reads, at most 60 characters, for notes (never for chat).
        state: of the whole; for many values the worst of their cells, whose address is `worst` (blank ones count in
            required columns of a table only, else when all are blank). Of a table that is missing `shown` names the
            headings that were not found.
        others: of an ambiguous value the further places that could be meant as well as `cell`; empty when that one
            place can be read in two ways.
        through: the label as it stands in the form, where that only contains what the rule asks for.
    """

    state: State
    one: One = None
    many: tuple[One, ...] = ()
    rows: tuple[Mapping[str, One], ...] = ()
    cell: str = ""
    shown: str = ""
    worst: str = ""
    places: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    through: str = ""


FileKind = Literal[
    "xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "pdf", "jpg", "png", "gif", "tif", "heic", "docx", "doc", "pptx",
    "zip", "lzh", "rar", "7z", "gz", "exe", "script", "html", "xml", "text", "empty", "other",
]  # fmt: skip
"""What a file is by its first bytes and parts, whatever its name says."""
Trouble = Literal["", "encrypted", "unreadable", "too big", "too slow", "bomb"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look into a file found.

    Attributes:
        kind: what it really is; `size` in bytes.
        trouble: why it could not be read whole; then nothing below may be relied on. bomb: it would unpack into
            more than the limits allow.
        detail: the trouble in a few English words, for administrators.
        macros: it carries program code (VBA, Excel 4 macro sheets, PDF JavaScript or launch actions).
        sheets: names of a workbook's sheets; `pages`: of a PDF, None otherwise.
        images: how many pictures it has (a seal, a signature).
        text: whether any text is seen in a PDF or docx (a scan has none).
        scan: it is a picture, or one of its pages is: what stands there only a person sees.
        attached: names of files that a PDF brings along, '' for one without a name.
        texts: which of the wanted texts stand in it (compared normalised).
        facts: by name; every fact asked for is there.
        alike: a fingerprint of its values, the same however the form is saved; '' for none.
    """

    kind: FileKind
    size: int
    trouble: Trouble = ""
    detail: str = ""
    macros: bool = False
    sheets: tuple[str, ...] = ()
    pages: int | None = None
    images: int = 0
    text: bool = False
    scan: bool = False
    attached: tuple[str, ...] = ()
    texts: frozenset[str] = frozenset()
    facts: Mapping[str, Value] = field(default_factory=dict)
    alike: str = ""


What = Literal[
    "cell", "comment", "validation", "picture", "object", "text box", "tick", "sheet", "order", "visibility", "name",
    "dates", "macros", "format", "more",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellChange:
    """One thing whose content differs between two versions of a form.

    Attributes:
        sheet, cell: where; '' where it is no cell, or of the whole workbook.
        old, new: how it reads, '' for nothing there. Pictures and objects: how many. more: how many further changes.
        what: cell: value or formula. validation: what may be entered. tick: a ticked box or a list. sheet: one that is
            new, gone or renamed. order: of the sheets. visibility: a hidden sheet. name: what a defined name stands
            for. dates: what day 1 is. macros: program code. format: of the file. more: the last, where there are too
            many to list.
    """

    sheet: str
    cell: str
    old: str
    new: str
    what: What = "cell"
