"""The virus scanner: whether it answers, how old its signatures are, and whether it finds what it should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from syncd.clock import Clock
from syncd.config import Clamd, Config
from syncd.diagnosis import Diagnosis, fault, ok, warning
from syncd.scanning import Engine, Scanner, ScannerAway, eicar
from syncd.scanning.eicar import bulky

SECONDS: Final = 8.0
"""How long one answer may take: a share of what a check has."""
OLD_DAYS: Final = 7
TOO_OLD_DAYS: Final = 30
"""New signatures come every day."""


def scanner(config: Config, clock: Clock) -> Iterator[Diagnosis]:
    """Whether it answers, how old its signatures are, and whether it finds the EICAR test text that it is sent."""
    clamd = config.scanner
    if clamd is None:
        remedy = "install clamav-daemon and set scanner.socket in config.yaml, or have the file server scan"
        yield warning("scanner", "scanner", "none is configured: nothing is scanned", remedy)
        return
    asked = _asked(clamd)
    engine = asked.version()
    yield ok("scanner", "scanner", f"{engine.name} answers at {clamd.place}")
    yield _signatures(engine, datetime.fromtimestamp(clock.now(), config.zone).replace(tzinfo=None))
    yield _finds(asked)


def size(clamd: Clamd) -> Diagnosis:
    """Whether it takes and looks into files of the largest size; it is sent one.

    What exceeds clamd's MaxFileSize it calls clean without having looked, unless AlertExceedsMax is set.
    """
    asked, most = _asked(clamd), clamd.most_bytes
    if not asked.takes(most):
        said = f"takes less than scanner.most_bytes ({most}): larger files wait for a person"
        remedy = "set StreamMaxLength in clamd.conf to that many bytes, or scanner.most_bytes to StreamMaxLength"
        return warning("scanner", "size", said, remedy)
    try:
        scan = asked.scan_parts(partial(bulky, most), most)
    except ScannerAway as error:
        said = f"whether it looks into files of scanner.most_bytes ({most}) could not be tried: {error.message}"
        return warning("scanner", "size", said, "try again when it has less to do")
    if scan.result == "infected":
        return ok("scanner", "size", f"looks into files of up to {most / 1e6:.0f} MB")
    if scan.result == "refused":
        said = f"refuses files of scanner.most_bytes ({most}; {scan.detail}): they wait for a person"
        return warning("scanner", "size", said, "raise MaxFileSize and MaxScanSize in clamd.conf")
    said = f"calls a file of scanner.most_bytes ({most}) clean without having looked into it"
    remedy = "raise MaxFileSize and MaxScanSize in clamd.conf to StreamMaxLength, and set AlertExceedsMax yes"
    return fault("scanner", "size", said, remedy)


def _asked(clamd: Clamd) -> Scanner:
    return Scanner(replace(clamd, timeout_seconds=min(SECONDS, clamd.timeout_seconds)))


def _signatures(engine: Engine, now: datetime) -> Diagnosis:
    remedy = "see that freshclam runs (systemctl status clamav-freshclam) and where it may load from"
    if engine.made_at is None:
        return warning("scanner", "signatures", "it doesn't say how old its signatures are", remedy)
    days = (now - engine.made_at).days
    said = f"database {engine.database} of {engine.made_at:%Y-%m-%d}, {max(0, days)} days old"
    if days > TOO_OLD_DAYS:
        return fault("scanner", "signatures", said, remedy)
    return warning("scanner", "signatures", said, remedy) if days > OLD_DAYS else ok("scanner", "signatures", said)


def _finds(asked: Scanner) -> Diagnosis:
    scan = asked.scan_parts(lambda: [eicar()], len(eicar()))
    if scan.result == "infected":
        return ok("scanner", "test text", f"finds the EICAR test text ({scan.detail})")
    said = f"doesn't find the EICAR test text ({scan.detail or scan.result}): it may find nothing at all"
    return fault("scanner", "test text", said, "see which databases clamd has loaded, and its log")
