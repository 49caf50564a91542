"""The calls of Linux that Python's `os` lacks: openat2, renameat2, statx.

Owns their calling conventions and nothing else; raises OSError as `os` does. Like the functions of `os` they are
announced to Python's audit hooks (`open`, `os.rename`), so that whoever watches a process sees them, too.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from typing import Final

_libc = ctypes.CDLL(None, use_errno=True)

_OPENAT2: Final = 437  # the same on every architecture that Debian's kernels of today run on
_RESOLVE_NO_MAGICLINKS: Final = 0x02
_RESOLVE_NO_SYMLINKS: Final = 0x04
_RESOLVE_BENEATH: Final = 0x08

RENAME_NOREPLACE: Final = 1
RENAME_EXCHANGE: Final = 2

_AT_EMPTY_PATH: Final = 0x1000
_STATX_BTIME: Final = 0x800
_STATX_SIZE: Final = 256
_STATX_BTIME_OFFSET: Final = 80

UNSUPPORTED: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP})
"""How a kernel or a file system says that it lacks a call or a flag."""


class _OpenHow(ctypes.Structure):
    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


def has_openat2() -> bool:
    """Whether this kernel has openat2 and lets this process call it (old container sandboxes don't)."""
    try:
        os.close(openat2(None, b"/", os.O_PATH | os.O_DIRECTORY, 0, resolve=0))
    except OSError:
        return False
    return True


def openat2(
    folder: int | None,
    path: bytes,
    flags: int,
    mode: int,
    resolve: int = _RESOLVE_BENEATH | _RESOLVE_NO_SYMLINKS | _RESOLVE_NO_MAGICLINKS,
) -> int:
    """Opens `path`, which may not leave `folder` nor pass a symbolic link; a file descriptor."""
    sys.audit("open", path, None, flags)
    how = _OpenHow(flags | os.O_CLOEXEC, mode if flags & os.O_CREAT else 0, resolve)
    while True:
        descriptor = _libc.syscall(
            ctypes.c_long(_OPENAT2),
            ctypes.c_int(-100 if folder is None else folder),  # -100: AT_FDCWD
            ctypes.c_char_p(path),
            ctypes.byref(how),
            ctypes.c_size_t(ctypes.sizeof(how)),
        )
        if descriptor >= 0:
            return int(descriptor)
        if (number := ctypes.get_errno()) != errno.EINTR:
            raise OSError(number, os.strerror(number), path)


def renameat2(from_folder: int, source: bytes, to_folder: int, target: bytes, flags: int) -> None:
    """Renames without replacing (RENAME_NOREPLACE) or swaps two names (RENAME_EXCHANGE), atomically."""
    sys.audit("os.rename", source, target, from_folder, to_folder)
    if not hasattr(_libc, "renameat2"):  # musl before 1.2.6
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), source)
    result = _libc.renameat2(
        ctypes.c_int(from_folder),
        ctypes.c_char_p(source),
        ctypes.c_int(to_folder),
        ctypes.c_char_p(target),
        ctypes.c_uint(flags),
    )
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), source, None, target)


def birth(descriptor: int) -> int | None:
    """When the open file or folder was made, in ns since the epoch; None where the file system doesn't say."""
    if not hasattr(_libc, "statx"):
        return None
    buffer = ctypes.create_string_buffer(_STATX_SIZE)
    result = _libc.statx(
        ctypes.c_int(descriptor),
        ctypes.c_char_p(b""),
        ctypes.c_int(_AT_EMPTY_PATH),
        ctypes.c_uint(_STATX_BTIME),
        buffer,
    )
    if result != 0 or not ctypes.c_uint32.from_buffer(buffer).value & _STATX_BTIME:
        return None
    seconds = ctypes.c_int64.from_buffer(buffer, _STATX_BTIME_OFFSET).value
    return seconds * 1_000_000_000 + ctypes.c_uint32.from_buffer(buffer, _STATX_BTIME_OFFSET + 8).value
