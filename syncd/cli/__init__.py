"""The command `syncd`: a command family a file. Talks to people and decides nothing.

`top` turns errors into one line and an exit status, `opening` finds the config and what it names, `shown` puts things
into words and columns. What a command needs is imported when it runs, so that `syncd status` starts at once.
"""

from __future__ import annotations

import io
import os
import sys

import click

from syncd import __version__
from syncd.cli.checklist import checklist
from syncd.cli.completion import completion
from syncd.cli.control import pause, release, resume
from syncd.cli.demo import demo
from syncd.cli.doctor import doctor
from syncd.cli.history import history
from syncd.cli.notices import notices
from syncd.cli.opening import config_option
from syncd.cli.plan import plan
from syncd.cli.rules import rules
from syncd.cli.run import run
from syncd.cli.setup import init
from syncd.cli.status import status
from syncd.cli.top import Top
from syncd.cli.versions import recover, versions
from syncd.cli.why import why

__all__ = ["main", "syncd"]


@click.group(cls=Top, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="syncd %(version)s")
@config_option
def syncd() -> None:
    """Keeps a ward's intranet folders and its nurseries' cloud folders the same, and says in chat what moved.

    \b
    See it work:      syncd demo
    Set a ward up:    syncd init, then syncd run
    Look at it:       syncd status, syncd history, syncd why PATH

    The configuration is the file named with -c, else $SYNCD_CONFIG, ./config.yaml or /etc/syncd/config.yaml.

    Exit status: 3 something is held, else 2 wrong configuration or usage, else 1 something failed, else 0.
    """


for command in (
    *(demo, init, doctor, run, plan, status, checklist, history, why, rules, notices),
    *(pause, resume, release, versions, recover, completion),
):
    syncd.add_command(command)


def main() -> None:
    """The entry point of `syncd` and of `python -m syncd`; ends the process."""
    _read_names_as_utf8()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal of another encoding gets codes, not an error
            stream.reconfigure(errors="backslashreplace")
    syncd.main(prog_name="syncd")


def _read_names_as_utf8() -> None:
    """Begins anew where Python takes file names for something else (cron, an old server's locale): they are UTF-8."""
    encoding = sys.getfilesystemencoding().replace("-", "").lower()
    if encoding == "utf8" or sys.flags.utf8_mode or not sys.orig_argv[1:]:
        return
    shown = sys.stdout.encoding if sys.stdout is not None else None
    told = {"PYTHONUTF8": "1", **({"PYTHONIOENCODING": f"{shown}:backslashreplace"} if shown else {})}
    os.execve(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]], {**os.environ, **told})
