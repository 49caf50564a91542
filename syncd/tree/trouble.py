"""What the operating system's errors mean to syncd: one table, used around every access to a tree."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from syncd.errors import Busy, Changed, ItemTrouble, NameTaken, SyncdError, Unreachable

_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EISDIR})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_IN_USE = frozenset({errno.EAGAIN, errno.ETXTBSY, errno.EBUSY})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


_AWAY = frozenset({errno.ESTALE, errno.ENOTCONN, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ETIMEDOUT, errno.ENODEV})


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turns an OSError into the SyncdError that says what it means for `place`."""
    try:
        yield
    except OSError as error:
        raise meaning(error, place) from error


def meaning(error: OSError, place: str) -> SyncdError:
    """What `error` means for `place` (side and path, for people)."""
    number = error.errno or 0
    if number in _GONE:
        return Changed(f"{place}: is no longer there, or no longer what it was", "syncd looks again by itself")
    if number == errno.EEXIST:
        return NameTaken(f"{place}: something else lies there", "syncd looks again by itself")
    if number in _FULL:
        return Unreachable(f"{place}: the disk is full ({error.strerror})", "free space or raise the quota")
    if number in _IN_USE:
        return Busy(f"{place}: is open", "it is taken up again when it is closed")
    if number == errno.EXDEV:
        return Unreachable(
            f"{place}: lies on another file system than the side's root", "mount the whole tree as one file system"
        )
    if number in _FORBIDDEN:
        return Unreachable(f"{place}: {error.strerror}", "let the account that runs syncd read and write there")
    if number == errno.ENAMETOOLONG:
        return SyncdError(f"{place}: the path is too long", "shorten the names of the file or its folders")
    return Unreachable(f"{place}: {error.strerror}", "see that the share is mounted and the disk is sound")


def meaning_for_one(error: OSError, place: str, sound: Callable[[], bool], reading: bool) -> SyncdError:
    """What `error` means that was met while one file was read or changed.

    Args:
        sound: whether the rest of the side can be worked on; asked only where the error leaves that open.
    """
    number = error.errno or 0
    if number == errno.ENAMETOOLONG:
        return ItemTrouble(
            "name_refused", f"{place}: the path is too long", "shorten the names of the file or its folders"
        )
    if number in _GONE | _FULL | _IN_USE | _AWAY | {errno.EEXIST, errno.EXDEV} or not sound():
        return meaning(error, place)
    said = f"{place}: {error.strerror}"
    if number in _FORBIDDEN:
        kind = "unreadable" if reading else "not_writable" if number == errno.EROFS else "protected"
        return ItemTrouble(kind, said, "let the account that runs syncd read and write there")
    if number in (errno.EINVAL, errno.EILSEQ):
        return ItemTrouble("name_refused", said, "give it a plainer name")
    return ItemTrouble("disk", said, "see that the disk is sound, and put the file there anew")
