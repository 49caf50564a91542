"""Looks into a file's bytes, in a process of its own, and says what is there: kind, trouble, facts, members, changes.

A file that somebody sent is hostile until shown otherwise. Only the confined process opens it (`worker`,
`confinement`); what comes back is frozen data. Owns what a file *is* and what stands in it; refuses to judge, to
execute, to fetch, and to change the file. `reader` is what the others use; `jobs` is all that can be asked.
"""

import atexit
from functools import cache

from syncd.reading.limits import Limits
from syncd.reading.reader import Member, Reader, Unpacked
from syncd.reading.wire import Insides

__all__ = ["Insides", "Limits", "Member", "Reader", "Unpacked", "shared_reader"]


@cache
def shared_reader() -> Reader:
    """The one of this process, closed when it ends: its warm processes serve whoever asks."""
    reader = Reader()
    atexit.register(reader.close)
    return reader
