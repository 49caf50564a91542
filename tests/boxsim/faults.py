"""What goes wrong: faults for certain requests, or for a share of all, from a seed.

Owns which request suffers what; `handling` makes it happen.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

BEFORE: Final = (
    "429",
    "429-date",
    "500",
    "502",
    "503-before",
    "drop-before",
    "token-expired",
    "202",
    "garbage",
    "error",
)
"""Nothing is done, and the answer says something else; `error` takes `status` and `code`."""
AFTER: Final = ("503-after", "drop-after", "truncate", "slow", "wrong-sha1", "wrong-size", "sha1-null")
"""It is done, but the answer suffers; `sha1-null`: it doesn't say what the content of the file `about` is."""
KINDS: Final = (*BEFORE, *AFTER, "timeout", "expired-position", "lost-new-change")
_ONLY: Final[Mapping[str, tuple[str, ...]]] = {
    "202": ("GET /files/:id/content", "POST /files/upload_sessions/:id/commit"),
    "wrong-sha1": ("DOWNLOAD",),
    "wrong-size": ("DOWNLOAD",),
    "expired-position": ("GET /events",),
    "lost-new-change": ("REALTIME",),
}
"""The only requests that some faults make sense for; the others aren't counted."""
_UNTOKENED: Final = ("DOWNLOAD", "REALTIME", "POST /oauth2/token", "POST /oauth2/revoke")
RANDOM: Final = ("429", "429-date", "500", "502", "503-before", "503-after", "drop-before", "drop-after", "truncate")
"""What `seeded` takes when it isn't told."""


@dataclass(slots=True)
class Fault:
    """`left`: how many matching requests it still lets pass, plus one."""

    kind: str
    left: int
    match: str
    options: dict[str, float | int | str | bool] = field(default_factory=dict)

    def number(self, name: str, default: float) -> float:
        """An option that is a number."""
        value = self.options.get(name, default)
        return float(value) if isinstance(value, (int, float)) else default


@dataclass(frozen=True, slots=True)
class Standing:
    """A fault that stays until it is healed: of requests whose name has `match`, those that speak of `about`."""

    fault: Fault
    about: tuple[bytes, ...]

    def strikes(self, request: str, said: bytes) -> bool:
        """Whether that request suffers it. `said`: its path and its body."""
        kind, match = self.fault.kind, self.fault.match
        return match in request and concerns(kind, request) and any(each in said for each in self.about)


@dataclass(frozen=True, slots=True)
class Happened:
    """A fault that a request suffered."""

    kind: str
    request: str


def concerns(kind: str, request: str) -> bool:
    """Whether a kind of fault makes sense for a request, which is named as in the counts of calls."""
    if kind == "token-expired":
        return request not in _UNTOKENED
    return kind not in _ONLY or request in _ONLY[kind]


class Faults:
    """The plan of what goes wrong, and the list of what did."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._standing: list[Standing] = []
        self._random: random.Random | None = None
        self._rate = 0.0
        self._kinds: tuple[str, ...] = RANDOM
        self.happened: list[Happened] = []

    def add(self, kind: str, *, at: int = 1, match: str = "", **options: float | int | str | bool) -> None:
        """The `at`-th request from now whose name contains `match`, and that the fault makes sense for, suffers it."""
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no fault: {', '.join(KINDS)}")
        if at < 1:
            raise ValueError("`at` counts from 1")
        self._planned.append(Fault(kind, at, match, options))

    def stays(self, kind: str, *, match: str = "", about: str = "", **options: float | int | str | bool) -> None:
        """From now until `heal`, each such request suffers it. `about`: an id or a name that it speaks of; '': any."""
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no fault: {', '.join(KINDS)}")
        spellings = dict.fromkeys((about.encode(), json.dumps(about)[1:-1].encode()))
        self._standing.append(Standing(Fault(kind, 0, match, {**options, "about": about}), tuple(spellings)))

    def heal(self) -> None:
        """What stayed is over."""
        self._standing.clear()

    def seeded(self, seed: int, rate: float, kinds: Iterable[str] | None = None) -> None:
        """Each request suffers one of the kinds with probability `rate`, in a sequence that the seed determines."""
        self._kinds = tuple(kinds) if kinds is not None else RANDOM
        if unknown := set(self._kinds) - set(KINDS):
            raise ValueError(f"no faults: {', '.join(sorted(unknown))}")
        self._random = random.Random(seed)
        self._rate = rate

    def clear(self) -> None:
        """Nothing goes wrong from now on, and nothing did."""
        self._planned.clear()
        self._standing.clear()
        self._random = None
        self.happened.clear()

    def next(self, request: str, said: bytes = b"") -> Fault | None:
        """What this request suffers. `said`: its path and its body."""
        suffered: Fault | None = None
        for fault in list(self._planned):
            if fault.match in request and concerns(fault.kind, request):
                fault.left -= 1
                if fault.left <= 0 and suffered is None:
                    suffered = fault
                    self._planned.remove(fault)
        if suffered is None:
            suffered = next((each.fault for each in self._standing if each.strikes(request, said)), None)
        if suffered is None and self._random is not None and self._random.random() < self._rate:
            kind = self._random.choice(self._kinds)
            suffered = Fault(kind, 0, "") if concerns(kind, request) else None
        if suffered is not None:
            self.happened.append(Happened(suffered.kind, request))
        return suffered
