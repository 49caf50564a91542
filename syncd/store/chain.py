"""The chain that binds the history's records together, and walking along it. Pure: rows in, judgement out."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

NAMES: Final = (
    *("seq", "at", "operator", "document", "period", "file", "from", "to"),
    *("by", "actor", "rule", "reason", "outcome", "sha1", "chain"),
)
"""The names of `syncd history --json`, in their order; also the columns of the table."""

GENESIS: Final = "0" * 64
RESTARTED: Final = "database_restarted"
_CONTINUES: Final = re.compile(r"continues (\d+) ([0-9a-f]{64}) over (\d+) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the history is whole.

    Attributes:
        problems: what can't be explained, oldest first; `ok` is their absence.
        warnings: what a person should know: documented gaps, a head that can't be reached.
        records: how many were looked at.
    """

    ok: bool
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    records: int


@dataclass(frozen=True, slots=True)
class Restart:
    """What a record `database_restarted` says: it goes on after `seq`, while the database ended at `over_seq`."""

    seq: int
    chain: str
    over_seq: int
    over_chain: str

    def rule(self) -> str:
        """As the record's `rule` holds it."""
        return f"continues {self.seq} {self.chain} over {self.over_seq} {self.over_chain}"


def restart_in(rule: str | None, outcome: str | None) -> Restart | None:
    """The restart that a record documents, if it is one."""
    found = _CONTINUES.fullmatch(rule or "") if outcome == RESTARTED else None
    return Restart(int(found[1]), found[2], int(found[3]), found[4]) if found else None


def chained(before: str, row: Sequence[Any]) -> str:
    """The chain value of a record (in the order of `NAMES`, its own chain left out) after the value `before`."""
    record = dict(zip(NAMES, row[:-1], strict=False))
    text = json.dumps(record, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=repr)
    return hashlib.sha256(before.encode() + b"\n" + text.encode()).hexdigest()


@dataclass(slots=True)
class Walk:
    """Going along the chain from the first record to the last."""

    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    records: int = 0
    seq: int = 0
    chain: str = GENESIS

    def along(self, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            self.records += 1
            self._step(row)

    def _step(self, row: Sequence[Any]) -> None:
        seq, chain = row[0], str(row[-1])
        if self._restarts(row):
            missing = f"records {self.seq + 1} to {seq - 1}" if seq - 1 > self.seq else "no records"
            self.warnings.append(f"record {seq}: the database was restarted on {row[1]}; {missing} are lost with it")
        elif seq <= self.seq:
            self.problems.append(f"record {seq} was put in: the history begins with record 1")
            return
        elif seq > self.seq + 1:
            self.problems.append(f"records {self.seq + 1} to {seq - 1} are missing")
        elif chained(self.chain, row) != chain:
            self.problems.append(f"record {seq} does not follow from record {seq - 1}: one of them was changed")
        self.seq, self.chain = seq, chain

    def _restarts(self, row: Sequence[Any]) -> bool:
        restart = restart_in(row[NAMES.index("rule")], row[NAMES.index("outcome")])
        return (
            restart is not None
            and row[0] == restart.seq + 1
            and (restart.over_seq, restart.over_chain) == (self.seq, self.chain)
            and chained(restart.chain, row) == row[-1]
        )
