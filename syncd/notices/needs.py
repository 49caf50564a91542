"""What the sender needs of others: an outbox that keeps what is to be said and what became of it, and a clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from syncd.model import Notice
from syncd.rulebook.compose import Words


class Pending(Protocol):
    """A notice that one address has yet to take; `attempts` and `next_at` are that address's own."""

    @property
    def notice(self) -> Notice: ...
    @property
    def attempts(self) -> int: ...
    @property
    def next_at(self) -> float: ...


class Deliveries(Protocol):
    """What the sender needs to know and to commit of each notice."""

    def recover(self) -> int: ...
    def rooms(self) -> tuple[str, ...]: ...
    def pending(self, room: str, url: str) -> Sequence[Pending]: ...
    def claim(self, notice: Notice, url: str) -> bool: ...
    def settle(self, room: str, urls: Sequence[str], now: float) -> None: ...
    def record(
        self,
        notice: Notice,
        url: str,
        urls: Sequence[str],
        state: Literal["waiting", "sent", "refused"],
        now: float,
        *,
        error: str = "",
        next_at: float = 0.0,
    ) -> None: ...


class Outbox(Protocol):
    """Where notices come from."""

    @property
    def deliveries(self) -> Deliveries: ...
    def next_batch_at(self) -> float | None: ...
    def tell_failing(self, room: str, detail: str, now: float) -> bool: ...
    def make_notices(
        self,
        now: float,
        words: Words,
        *,
        addressed: Callable[[str], bool],
        quiet: Callable[[str], bool],
        at_once: bool = False,
    ) -> int: ...


class Clock(Protocol):
    """Seconds since the epoch."""

    def now(self) -> float: ...
