"""What the process for reading gives up before it opens a file that somebody sent.

Memory, processor time, open files and file sizes are bounded by the kernel; it can start no other process, open no
connection, gain no right, and it ends with syncd. What a machine can't do (other processors than x86-64 and arm64) is
left out; memory and time hold everywhere.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
from typing import Final

_DEATH_SIGNAL, _SECCOMP, _NO_NEW_RIGHTS = 1, 22, 38
_FILTER: Final = 2
_ALLOW, _FORBID = 0x7FFF0000, 0x00050001  # the latter: the call fails with EPERM
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32: Final = 0x40000000
# socket, fork and exec of every kind, ptrace, io_uring_setup; and how the kernel calls the processor.
_FORBIDDEN: Final = {
    "x86_64": (0xC000003E, (41, 56, 57, 58, 59, 101, 310, 311, 322, 425, 435)),
    "aarch64": (0xC00000B7, (117, 198, 220, 221, 270, 271, 281, 425, 435)),
}


def confine(parent: int, memory: int, largest: int) -> None:
    """Confines this process for good. Ends it if `parent`, who started it, is gone already.

    Args:
        parent: the process to live and die with.
        memory: bytes of private memory; more raises MemoryError (and ends libraries that don't know that).
        largest: bytes of a file that it may write.
    """
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
    os.umask(0o077)
    for what, bound in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, memory),  # counts what is private and writable: the part of resident memory that grows
        (resource.RLIMIT_AS, 4 * memory),
        (resource.RLIMIT_FSIZE, largest),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (bound, bound))
    kernel.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0)
    _forbid(kernel)


def _forbid(kernel: ctypes.CDLL) -> None:
    """A seccomp filter: anything but the listed calls; of a foreign call convention, none."""
    if platform.machine() not in _FORBIDDEN:
        return
    convention, calls = _FORBIDDEN[platform.machine()]
    rules = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, convention), (_RETURN, 0, 0, _FORBID), (_LOAD, 0, 0, 0)]
    rules += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _FORBID)]
    for call in calls:
        rules += [(_EQUAL, 0, 1, call), (_RETURN, 0, 0, _FORBID)]
    rules.append((_RETURN, 0, 0, _ALLOW))
    code = b"".join(struct.pack("HBBI", *rule) for rule in rules)
    program = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("HxxxxxxP", len(rules), ctypes.addressof(program))
    kernel.prctl(_SECCOMP, _FILTER, ctypes.c_char_p(head), 0, 0)


def allow(seconds: float) -> None:
    """Time for the next job: processor time on top of what was used, and an alarm in case nobody waits any more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    bound = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (bound, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_REAL, seconds + 5)


def rest() -> None:
    """Until the next job there is no alarm."""
    signal.setitimer(signal.ITIMER_REAL, 0)
