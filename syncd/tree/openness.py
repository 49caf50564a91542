"""Whether somebody has a file open for writing.

Owns the question to the kernel: a read lease is only granted while nobody writes. It is given back at once, so nobody
who opens the file then waits longer than for two system calls. Refuses to guess: where the file system or the account
can't tell (the owner's, or one with CAP_LEASE, is asked for), it is None. smbd holds its clients' files open, so it is
asked for them, too.
"""

from __future__ import annotations

import fcntl
import os
import signal
from pathlib import Path

from syncd.tree.confine import Beneath
from syncd.tree.marker import working_folder


def written(descriptor: int) -> bool | None:
    """True while a process has the file, open for reading at `descriptor`, open for writing; None: can't be told."""
    try:
        # A lease is broken by a signal that would end the process; this one is ignored unless somebody asked for it.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return None
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def lease_works(root: Path) -> bool:
    """Whether it can be told that one's own files are open beneath `root`. Raises OSError."""
    with Beneath(root) as beneath:
        working_folder(beneath, str(root))
        path = f".syncd/tmp/part-lease-{os.getpid()}"
        writing = beneath.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        try:
            with beneath.file(path) as reading:
                while_open = written(reading)
                os.close(writing)
                writing = -1
                return while_open is True and written(reading) is False
        finally:
            if writing >= 0:
                os.close(writing)
            beneath.unlink(path)
