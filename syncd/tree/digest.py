"""A fingerprint of what lies in a folder, cheap enough to take again and again: names, inodes, sizes, times, stamps.

Owns the answer to "did anything change here since?". Reads no content; a folder that could not be seen whole has no
fingerprint, so it always counts as changed.
"""

from __future__ import annotations

import hashlib

from syncd.tree.confine import Beneath, joined
from syncd.tree.listing import Counts, etag, stamp, walk
from syncd.tree.spelling import encode

UNSEEN = ""
"""Instead of a fingerprint: the folder could not be seen whole."""


def digest(beneath: Beneath, folder: str, counts: Counts) -> str:
    """The fingerprint of `folder` with all that is below it, or UNSEEN. Never raises for what lies there."""
    taken = hashlib.blake2b(digest_size=16)
    try:
        for listed in walk(beneath, folder, counts):
            if not listed.whole:
                return UNSEEN
            for name, inode in sorted(listed.folders.items()):
                taken.update(b"%b/\0%d\0" % (encode(joined(listed.path, name)), inode))
            for name, stats in sorted(listed.files.items()):
                found = f"{etag(stats)} {stamp(stats)}"
                taken.update(b"%b\0%b\0" % (encode(joined(listed.path, name)), found.encode()))
    except OSError:
        return UNSEEN
    return taken.hexdigest()
