"""`syncd run`: starts the daemon, and says on standard error (systemd: the journal) what it does."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import click

from syncd.cli.opening import config, config_option, config_path, error_log, where_details_are
from syncd.cli.progress import Progress
from syncd.cli.shown import shown

_PRIORITIES = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))


@click.command(short_help="The daemon.")
@click.option("--once", is_flag=True, help="Work until everything left waits for the outside, then stop.")
@config_option
def run(once: bool) -> int:
    """The daemon: keeps both sides the same until it is told to stop (SIGTERM or Ctrl-C).

    It stops cleanly within ten seconds, wherever it is; a second one on the same state is refused. With --once it
    works until nothing is left to do, tries each waiting notice once, and ends.

    \b
    Examples: syncd run -c /etc/syncd/config.yaml
              syncd run --once
    """
    from syncd.daemon import Daemon

    path = config_path()
    settings = config(warn=True)
    progress = Progress(settings.state)
    _log(progress, settings.state)
    try:
        return Daemon(path, settings).run(once=once, progress=progress)
    finally:
        progress.end()


def _log(progress: Progress, state: Path) -> None:
    """One line for each thing that happened; what a fault of syncd itself needs lies in a file beside the state."""
    logger = logging.getLogger("syncd")
    logger.setLevel(logging.DEBUG if os.environ.get("SYNCD_DEBUG") == "1" else logging.INFO)
    logger.handlers = [_Lines(progress), _Details(state)]
    logging.getLogger().addHandler(logging.NullHandler())  # libraries name addresses, and those are secrets
    logging.captureWarnings(os.environ.get("SYNCD_DEBUG") != "1")  # for programmers, not for who reads the journal


class _Lines(logging.Handler):
    """Lines on standard error: with the time on terminals and in files, with a priority for the journal."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._journal = "JOURNAL_STREAM" in os.environ
        self._traces = os.environ.get("SYNCD_DEBUG") == "1"

    def emit(self, record: logging.LogRecord) -> None:
        try:
            lines = [shown(line) for line in record.getMessage().splitlines()] or [""]
            if record.exc_info and self._traces:
                lines += logging.Formatter().formatException(record.exc_info).splitlines()
            elif record.exc_info:
                lines[-1] += f" ({type(record.exc_info[1]).__name__}; {where_details_are()})"
            self._progress.clear()
            for line in lines:
                sys.stderr.write(f"{self._before(record)}{line}\n")
            sys.stderr.flush()
        except OSError:
            self.handleError(record)

    def _before(self, record: logging.LogRecord) -> str:
        if self._journal:
            return f"<{next((number for level, number in _PRIORITIES if record.levelno >= level), 7)}>"
        time = logging.Formatter().formatTime(record, "%Y-%m-%d %H:%M:%S")
        level = f"{record.levelname.lower()}: " if record.levelno >= logging.WARNING else ""
        return f"{time} {level}"


class _Details(logging.Handler):
    """Tracebacks, in the file that `error_log` names; at most a megabyte and the one before."""

    def __init__(self, state: Path) -> None:
        super().__init__(logging.ERROR)
        self._state = state
        self._limit = 1_000_000

    def emit(self, record: logging.LogRecord) -> None:
        if not record.exc_info:
            return
        try:
            log = error_log()
            if log is None:
                return
            if log.exists() and log.stat().st_size > self._limit:
                log.replace(log.with_suffix(".log.1"))
            formatter = logging.Formatter("%(asctime)s %(threadName)s %(message)s")
            with open(log, "a", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                file.write(formatter.format(record) + "\n")
        except OSError:
            return
