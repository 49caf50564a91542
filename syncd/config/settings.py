"""What an administrator may set, as frozen data: types and defaults. Does no reading and no checking."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from syncd.errors import Problem
from syncd.model import Layout, Operator, Side, Stage

Watch = Literal["auto", "events", "poll"]
Language = Literal["ja", "en"]


@dataclass(frozen=True, slots=True)
class FolderCloud:
    """The operators' folders lie in any directory; `root` is absolute."""

    root: Path
    kind: Literal["folder"] = "folder"


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """Box's client credentials grant: the app enters as its enterprise's service account or as one user, never both."""

    client_id: str
    client_secret: str = field(repr=False)
    enterprise_id: str | None = None
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Box's JWT: the JSON file that its developer console makes. What it should hold was there when it was read."""

    path: Path


@dataclass(frozen=True, slots=True)
class BaseUrls:
    """Where Box's interface is; none ends in a slash. Others than these are private endpoints."""

    base: str = "https://api.box.com"
    upload: str = "https://upload.box.com/api"
    oauth2: str = "https://account.box.com/api/oauth2"


@dataclass(frozen=True, slots=True)
class BoxCloud:
    """The operators' folders lie in Box. Paths are absolute.

    Attributes:
        root: the id of the folder under which they lie; "0" is everything that the user sees.
        proxy: may hold a password, so it is no part of a repr.
        client_certificate: a PEM file with the certificate and its key, which has no passphrase.
        long_poll: false where Box's realtime host can't be reached; then every `poll_seconds` Box is asked.
        true_up: when, in the ward's time, everything is listed anew each night.
        page_seconds: how often an operator's page is put up at most, unless the operator has something new to do.
        monthly_calls: the enterprise's quota that `status` forecasts against.
        hosts: names, in lower case, that downloads and events may come from beside Box's own and those of `base_urls`.
    """

    auth: ClientCredentials | KeyFile
    root: str = "0"
    base_urls: BaseUrls = BaseUrls()
    proxy: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    client_certificate: Path | None = None
    long_poll: bool = True
    poll_seconds: float = 300.0
    true_up: time = time(3, 0)
    page_seconds: float = 3600.0
    monthly_calls: int = 50_000
    hosts: tuple[str, ...] = ()
    kind: Literal["box"] = "box"


Cloud = FolderCloud | BoxCloud


@dataclass(frozen=True, slots=True)
class Intranet:
    """The staff's tree. `settle_seconds` (how long a file must be quiet) holds for both sides of a folder cloud.

    Attributes:
        audit_log: Samba's full_audit log, which names who did what; None: that is the file's owner.
    """

    root: Path
    watch: Watch = "auto"
    rescan_seconds: float = 300.0
    settle_seconds: float = 2.0
    audit_log: Path | None = None


@dataclass(frozen=True, slots=True)
class Clamd:
    """The virus scanner: a clamd that is asked about every file before it leaves inbox.

    Attributes:
        socket: an absolute path, or host and port.
        timeout_seconds: how long one answer may take in all, the sending included.
        most_bytes: what clamd's StreamMaxLength (and MaxFileSize) allow; larger files wait for a person.
    """

    socket: Path | tuple[str, int]
    timeout_seconds: float = 60.0
    most_bytes: int = 100_000_000

    @property
    def place(self) -> str:
        """The socket as people write it."""
        if isinstance(self.socket, Path):
            return str(self.socket)
        host, port = self.socket
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When chat is silent: from `start` to `end` (maybe past midnight; None: no such hours), and on closed days."""

    start: time | None
    end: time | None
    closed_days: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """Rooms and manners. URLs are apprise's; they are secret and no part of a repr."""

    batch_seconds: float = 20.0
    note_wait_seconds: float = 600.0
    quiet_hours: QuietHours | None = None
    staff: tuple[str, ...] = field(default=(), repr=False)
    administrators: tuple[str, ...] = field(default=(), repr=False)
    note_text: bool = False
    file_names: bool = False


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what nobody sees any more is kept."""

    versions_days: float = 400.0
    quarantine_days: float = 90.0
    history_years: float = 7.0


@dataclass(frozen=True, slots=True)
class Config:
    """Everything an administrator may set. Paths are absolute.

    Attributes:
        file: where it was read.
        timezone: an IANA name that exists.
        stages: the folder name of each stage, the same on both sides.
        scanner: None: nothing is scanned.
        confirmed_subfolder: may hold `{fiscal_year}` and `{period}`; '' for none.
        confirmed_rehash_days: within how many days the bytes of each confirmed file are compared again; 0: always.
        pages: whether the progress page and the operators' own are kept.
        warnings: what works but shouldn't stay so; never shows a secret.
    """

    file: Path
    cloud: Cloud
    intranet: Intranet
    state: Path
    rules: Path
    operators: tuple[Operator, ...]
    language: Language = "ja"
    timezone: str = "Asia/Tokyo"
    stages: Mapping[Stage, str] = field(default_factory=lambda: MappingProxyType({each: each.value for each in Stage}))
    confirmed_subfolder: str = ""
    confirmed_rehash_days: float = 7.0
    pages: bool = True
    chat: Chat = Chat()
    retention: Retention = Retention()
    scanner: Clamd | None = None
    warnings: tuple[Problem, ...] = ()

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The ward's time zone."""
        return zoneinfo.ZoneInfo(self.timezone)

    def operator(self, identifier: str) -> Operator | None:
        """The operator of that id, if there is one."""
        return next((each for each in self.operators if each.id == identifier), None)

    def layout(self, operator: Operator, side: Side) -> Layout:
        """The operator's folders on that side."""
        return Layout(operator.id, operator.folder(side), self.stages)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a config file: `config` is None when there are problems."""

    config: Config | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
