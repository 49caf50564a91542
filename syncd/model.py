"""The nouns of syncd: frozen data that thought takes in and hands out. No disk, no clock, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Literal


class Side(StrEnum):
    """One of the two trees."""

    CLOUD = "cloud"
    INTRANET = "intranet"


class Stage(StrEnum):
    """The meaning of a folder in an operator's tree, the same on both sides."""

    INBOX = "inbox"
    REVIEW = "review"
    CORRECTIONS = "corrections"
    CONFIRMED = "confirmed"


class By(StrEnum):
    """Who makes a move: a rule, the ward or the nursery."""

    SYNCD = "syncd"
    STAFF = "staff"
    OPERATOR = "operator"


class Role(StrEnum):
    """What a tracked file is to the workflow."""

    DOCUMENT = "document"
    NOTE = "note"  # 理由: travels with files in corrections
    OLD = "old"  # （旧版 n）: beside the newer confirmed one, intranet only
    WITHDRAWN = "withdrawn"  # （取下げ）: the operator deleted it, intranet only
    RECEIPT = "receipt"  # 原本受領: the sealed original has come, intranet only
    REQUEST = "request"  # 依頼: staff ask for something that is on no checklist


REQUEST = "request:"
"""How the document type of what staff asked for begins; its title follows."""


@dataclass(frozen=True, slots=True)
class Operator:
    """事業者: one nursery facility with one folder on each side and its own chat room(s).

    Attributes:
        kind: e.g. 認可保育所; '' when not given. Rules may ask for it.
        code: the facility code that its file names carry, e.g. "012"; None: any.
        cloud_folder: a path under the cloud's root (Box: a folder id).
        chat: apprise URLs of its room; secret, never printed.
        staff_chat: apprise URLs of the staff in charge; empty: `chat.staff`.
        cloud_people: who may see its folder in Box: logins, or `*@domain`; empty: nobody checks that.
        corporation: 法人: facilities with the same one file some documents together; '': it stands alone.
    """

    id: str
    name: str
    kind: str
    code: str | None
    intranet_folder: str
    cloud_folder: str
    chat: tuple[str, ...] = field(default=(), repr=False)
    staff_chat: tuple[str, ...] = field(default=(), repr=False)
    cloud_people: tuple[str, ...] = ()
    corporation: str = ""

    def folder(self, side: Side) -> str:
        """The operator's folder below that side's root."""
        return self.cloud_folder if side is Side.CLOUD else self.intranet_folder


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one operator on one side: names as they lie below the side's root."""

    operator: str
    folder: str
    stages: Mapping[Stage, str]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a file lies within an operator's folder on one side, in that side's own names.

    `stage` None means loose in the operator's folder. `path` is relative to the stage folder, with `/`.
    """

    stage: Stage | None
    path: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def folder(self) -> str:
        """The subfolder within the stage; '' for none."""
        parent = str(PurePosixPath(self.path).parent)
        return "" if parent == "." else parent


Waits = Literal[
    "not quiet", "open", "default name", "empty", "unreadable", "unsafe", "unscanned", "infected", "half saved",
    "names another facility", "speaks of another facility", "sealed", "page",
    "says what another facility's does",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sighting:
    """A file as one look at one side shows it.

    Attributes:
        identity: what survives a rename: inode number, or the cloud's file id.
        etag: differs whenever the content may have changed (folders: inode, size and mtime_ns); survives a rename.
        modified_at: seconds since the epoch, as the side reports it.
        sha1: hex; None while it has not been read whole.
        waits: why the file can't be used yet; None: it is quiet and whole.
        actor: who put it there, as far as the side knows (cloud user, file owner).
        stamp: what moves with every change of the file and with much else (folders: ctime_ns): a reason to read it
            again, never a change by itself; '' where the side has none.
        read_at: when its bytes were last read whole, seconds since the epoch; 0: not known.
    """

    side: Side
    place: Place
    identity: str
    size: int
    etag: str
    modified_at: float
    sha1: str | None = None
    waits: Waits | None = None
    actor: str = ""
    stamp: str = ""
    read_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one operator's folder on one side.

    Attributes:
        complete: every folder could be listed and the root was the right one; only then may absence mean anything.
        missing_stages: stage folders that are not there.
        owner_files: where Office says that it has a document open, by the names of its own files.
        departed: who took away what lay there before, where that side tells.
    """

    side: Side
    complete: bool
    sightings: tuple[Sighting, ...]
    missing_stages: frozenset[Stage] = frozenset()
    owner_files: frozenset[Place] = frozenset()
    departed: Mapping[Place, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a tracked file lies on one side, and as what, by the last recorded outcome."""

    place: Place
    identity: str
    etag: str
    size: int
    sha1: str


@dataclass(frozen=True, slots=True)
class TrackedFile:
    """A file that syncd knows, with what it was on each side when people and syncd last agreed.

    Attributes:
        id: > 0; a plan gives files that are yet to be recorded ids < 0.
        line: id of the first file of the same document's succession (for `versions` and `why`).
        name: its own name, as the cloud has it, without marks.
        document, period: type and month; None while unknown.
        submitted: SHA-1 of the operator's bytes (or what came by post); None: made by the ward.
        offered: SHA-1 of the ward's bytes the operator may agree to; None: not offered.
        submission: how many times this document has been sent in.
        arrived_at: when it was uploaded, seconds since the epoch.
        entered_at: when it entered its present stage.
        told: what people were already told about it, so that it is said once ("unknown:<name>", …).
        note_for: the files a note belongs to (notes only).
        untyped: staff accepted it without a type.
        bundle: the name of the zip file it came in; '' for none.
    """

    id: int
    line: int
    operator: str
    role: Role
    name: str
    document: str | None
    period: str | None
    cloud: Placement | None
    intranet: Placement | None
    submitted: str | None
    offered: str | None = None
    brought_by: By = By.OPERATOR
    submission: int = 1
    arrived_at: float = 0.0
    entered_at: float = 0.0
    told: tuple[str, ...] = ()
    note_for: tuple[int, ...] = ()
    untyped: bool = False
    bundle: str = ""

    def on(self, side: Side) -> Placement | None:
        return self.cloud if side is Side.CLOUD else self.intranet

    @property
    def stage(self) -> Stage | None:
        """Where the ward has it; else where the cloud has it."""
        placement = self.intranet or self.cloud
        return placement.place.stage if placement else None

    @property
    def edited(self) -> bool:
        """Staff changed the bytes that the operator sent."""
        return self.intranet is not None and self.intranet.sha1 != self.submitted


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one tracked file on one side since the last recorded outcome."""

    file: TrackedFile
    side: Side
    kind: Literal["same", "changed", "gone", "waiting"]
    before: Placement
    after: Sighting | None
    with_folder: bool = False  # gone together with its stage folder: an accident, not a gesture
    taken_by: str = ""  # gone: who took it away, where its side tells

    @property
    def moved(self) -> bool:
        return self.kind == "changed" and self.after is not None and self.after.place.stage != self.before.place.stage

    @property
    def edited(self) -> bool:
        return self.kind == "changed" and self.after is not None and self.after.sha1 != self.before.sha1

    @property
    def emptied(self) -> bool:
        """It had content and has none now: an accident, whoever meant what by it."""
        return self.edited and self.after is not None and not self.after.size and self.before.size > 0

    @property
    def renamed(self) -> bool:
        """Its path within the stage is another."""
        return self.kind == "changed" and self.after is not None and self.after.place.path != self.before.place.path


@dataclass(frozen=True, slots=True)
class Effect:
    """One idempotent step of a move.

    place: put the kept bytes `sha1` at `target`, where nothing lies.
    replace: give the file `identity` at `target`, still `etag`, the kept bytes `sha1`.
    move: take the file `identity` from `source` to `target`, where nothing lies.
    remove: take the file `identity`, still `etag`, away from `source` (`purge`: out of trash and versions, too).
    `before` is the SHA-1 that the file had when it was seen: an etag can be put back, bytes can't. '': not known.
    """

    kind: Literal["place", "replace", "move", "remove"]
    side: Side
    file: int
    source: Place | None = None
    target: Place | None = None
    identity: str = ""
    etag: str = ""
    sha1: str = ""
    size: int = 0
    purge: bool = False
    before: str = ""
    operator: str = ""  # whose folder, when it isn't the move's own operator's


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the history, without what the history itself adds (seq, at, chain)."""

    operator: str
    document: str | None
    period: str | None
    file: str
    from_stage: Stage | None
    to_stage: Stage | None
    by: By
    actor: str
    rule: str
    reason: str
    outcome: str
    sha1: str | None


Audience = Literal["operator", "staff", "administrators"]


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to say in one room; the outbox makes messages of them.

    Attributes:
        message: name of a text in the workflow's `messages`.
        file: id of the tracked file it is about; 0 for none.
        undoes: the (from, to) whose unsent telling about the same file this one makes void, together with itself.
        waits_for_note: hold it back until a note is there or `note_wait_seconds` are over.
        values: further words of the text.
    """

    audience: Audience
    message: str
    operator: str
    file: int
    document: str | None
    period: str | None
    name: str
    from_stage: Stage | None
    to_stage: Stage | None
    undoes: bool = False
    waits_for_note: bool = False
    values: Mapping[str, str] = field(default_factory=dict)


Origin = Literal["operator", "edit", "staff", "syncd"]


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes of a file that were seen whole and stay reachable; `origin` says whose they are."""

    file: int
    sha1: str
    size: int
    side: Side
    name: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Bytes taken out of a folder because they must not travel."""

    operator: str
    name: str
    sha1: str
    size: int
    reason: str


@dataclass(frozen=True, slots=True)
class Retraction:
    """A note of `file` with the bytes `sha1` that is no more; `last`: the file has no other. Nobody is told of it."""

    file: int
    sha1: str
    last: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found in a file.

    Attributes:
        check: its id in the rule, or the name of a check that is always made.
        result: return: back to the operator; hold: a person of the ward has to look; wait: nobody could look yet;
            quarantine: it must not stay in the folders.
        say: the reason, for people; it may hold what stands in the form, so it is for notes, never for chat.
        cells: where, e.g. `在籍!C14`.
        found, expected: what stands in the one cell that is wrong, and what should; '' where several cells don't go
            together and nobody knows which of them is wrong.
        values: what the check saw, by name, for `why`.
        stands: what stands in each cell that the check compared, also in those of other documents (`請求書 表1!B3`).
        private: those of them that hold personal information: what stands there is for the marked cell, not for notes.
    """

    check: str
    result: Literal["passed", "warn", "return", "hold", "wait", "quarantine"]
    say: str = ""
    cells: tuple[str, ...] = ()
    found: str = ""
    expected: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    stands: Mapping[str, str] = field(default_factory=dict)
    private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules said of a file with the bytes `sha1`: the decision's state, its rule with version, the findings.

    `facts` are what was read from it, as `forms.stored` writes them.
    """

    file: int
    sha1: str
    state: str
    rule: str
    findings: tuple[Finding, ...] = ()
    facts: str = "{}"


@dataclass(frozen=True, slots=True)
class Move:
    """The journalled unit: what a gesture or rule leads to, effects first, records at the end.

    `after` holds the files as they are to be afterwards; identities and etags that only the effects can know are
    filled in from their results. `closes` are files that leave the workflow (their bytes stay as versions).
    `texts` are what syncd itself writes (notes); effects name them by the SHA-1 of their UTF-8 bytes. `remarks` are
    keys of what is said only once about files that nobody tracks. `noted` are files that have their note now,
    `retracted` notes that are gone or rewritten. `judged` is what the rules said of files.
    """

    gesture: str
    operator: str
    effects: tuple[Effect, ...] = ()
    after: tuple[TrackedFile, ...] = ()
    closes: tuple[int, ...] = ()
    records: tuple[Record, ...] = ()
    tellings: tuple[Telling, ...] = ()
    kept: tuple[Kept, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    texts: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    noted: tuple[int, ...] = ()
    retracted: tuple[Retraction, ...] = ()
    judged: tuple[Judged, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules say of a file in inbox.

    `state` accept, return and quarantine name the move to make; unknown, ambiguous, hold and wait leave it where it is.
    `findings` are those that decided: on accept, the warnings.
    """

    state: Literal["accept", "return", "unknown", "ambiguous", "hold", "wait", "quarantine"]
    document: str | None = None
    period: str | None = None
    reasons: tuple[str, ...] = ()
    rule: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """Bytes staged on a side under a temporary name, ready to be put in place by one rename."""

    token: str
    identity: str
    sha1: str
    size: int


NoticeState = Literal["waiting", "sending", "sent", "failed", "unaddressed", "unknown"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One outgoing chat message.

    Attributes:
        room: 'administrators', 'staff', 'staff:<operator id>' or an operator's id.
        moves: the history records (seq) that it tells of.
        dedupe_key: the same at every attempt, so that a bridge can tell a repetition.
        created_at, next_at: seconds since the epoch; `next_at`: not tried before.
    """

    id: int
    room: str
    text: str
    state: NoticeState
    attempts: int
    error: str
    created_at: float
    next_at: float
    dedupe_key: str
    moves: tuple[int, ...] = ()
