"""What every command shares: an error is one line with place and remedy, and an exit status; no traceback.

Exit status: 3 something is held (commands return it), else 2 wrong configuration or usage, else 1, else 0.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from syncd.cli.opening import begin, error_log
from syncd.cli.shown import shown
from syncd.errors import Misconfigured, SyncdError


class Top(click.Group):
    """The group of all commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order in which people need them

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs a command line; standalone, it ends the process with the exit status."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, False, **extra)
        sys.exit(self._status(args, prog_name, complete_var, **extra))

    def _status(self, args: Sequence[str] | None, prog_name: str | None, complete_var: str | None, **extra: Any) -> int:
        begin()
        try:
            result = super().main(args, prog_name, complete_var, False, **extra)
        except click.exceptions.NoArgsIsHelpError as help_wanted:
            click.echo(help_wanted.message, err=True)
            return 2
        except click.UsageError as error:
            words = error.ctx.command_path if error.ctx else "syncd"
            return _failed(f"{error.format_message().rstrip('.')} — see `{words} --help`", 2)
        except click.ClickException as error:
            return _failed(error.format_message(), error.exit_code)
        except click.Abort:
            return _failed("interrupted", 1)
        except Misconfigured as faults:
            for problem in faults.problems:
                click.echo(shown(str(problem)), err=True)
            return 2
        except SyncdError as error:
            return _failed(str(error), 1)
        except Exception as error:
            return _unforeseen(error)
        return result if isinstance(result, int) else 0


def _failed(text: str, status: int) -> int:
    click.echo(f"syncd: {shown(' '.join(text.split()))}", err=True)
    return status


def _unforeseen(error: Exception) -> int:
    """A fault of syncd itself: one line, and where the rest is."""
    import traceback

    if os.environ.get("SYNCD_DEBUG") == "1":
        traceback.print_exception(error)
        return 1
    told = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    try:
        log = error_log()
        if log is None:
            return _failed(f"unforeseen error ({told}) — SYNCD_DEBUG=1 shows where", 1)
        with open(log, "a", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(f"syncd {' '.join(sys.argv[1:])}\n")
            traceback.print_exception(error, file=file)
    except OSError:
        return _failed(f"unforeseen error ({told}) — SYNCD_DEBUG=1 shows where", 1)
    return _failed(f"unforeseen error ({told}) — the details are in {log}; SYNCD_DEBUG=1 shows them here", 1)
